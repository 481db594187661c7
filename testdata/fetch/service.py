# SPDX-License-Identifier: Apache-2.0
"""A loopback service that behaves as IVS, STS and the sources of credentials do.

Every signature is verified by botocore, an implementation that is not ours. A
service knows accounts, their keys and configurations; faults are a function that
is asked at each call. What was called is in `calls`.
"""
import collections
import datetime
import http.server
import json
import re
import socket
import ssl
import threading
import time
import urllib.parse
import uuid

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

REGIONS = ["us-east-1", "us-west-2", "ap-south-1", "ap-northeast-1", "ap-northeast-2",
           "eu-central-1", "eu-west-1"]
ACCOUNT = "123456789012"
SUMMARY = ("arn", "name", "destinationConfiguration", "state", "tags")

Key = collections.namedtuple("Key", "secret token account expired")
Call = collections.namedtuple("Call", "at operation account region arn attempt agent invocation")
# What a fault answers with: an error, or a way to misbehave.
Error = collections.namedtuple("Error", "status code message form headers")
Bad = collections.namedtuple("Bad", "how value")


def error(status, code, message="no", form="header", **headers):
    return Error(status, code, message, form, headers)


def arn(number, region="us-west-2", account=ACCOUNT):
    return f"arn:aws:ivs:{region}:{account}:recording-configuration/Ab{number:06d}"


def configuration(number, region="us-west-2", account=ACCOUNT, **more):
    made = {
        "arn": arn(number, region, account),
        "name": f"acme-prod-{number}",
        "state": "ACTIVE",
        "destinationConfiguration": {"s3": {"bucketName": "acme-prod-ivs-recordings"}},
        "tags": {"Owner": "video-platform", "Environment": "prod"},
        "thumbnailConfiguration": {"recordingMode": "INTERVAL", "targetIntervalSeconds": 30},
        "recordingReconnectWindowSeconds": 60,
        "renditionConfiguration": {"renditionSelection": "ALL"},
    }
    made.update(more)
    return made


class Service:
    """Started by `with`; `url` is where it is."""

    def __init__(self, tls=None):
        self.configurations = {}  # (account, region) -> list
        self.keys = {}  # access key id -> Key
        self.roles = {}  # role ARN -> external id or None, of those that may be assumed
        self.codes = {}  # role ARN -> (serial, code) of a second factor
        self.web_tokens = {}  # token -> account
        self.container_token = None
        self.credentials = None  # what container and instance give, a JSON object
        self.page = 100
        self.latency = 0.0
        self.quota = None  # calls a second of an operation, account and region
        self.skew = 0  # seconds by which our clock is ahead
        self.fault = lambda operation, account, region, name, times: None
        self.calls = []
        self.wrong = []  # signatures and headers that were not right
        self.connections = 0
        self.streams = None  # most at one time of a connection by HTTP/2
        self.by_http2 = 0  # calls that came over it
        self.times = collections.Counter()
        self.refresh_token = None  # of IAM Identity Center: good once, then it is another
        self.buckets = {}
        self.lock = threading.Lock()
        self.tls = tls
        self.listen()

    def key(self, key_id, secret, token=None, account=ACCOUNT, expired=False):
        self.keys[key_id] = Key(secret, token, account, expired)
        return self

    def put(self, *configurations):
        for c in configurations:
            parts = c["arn"].split(":")
            self.configurations.setdefault((parts[4], parts[3]), []).append(c)
        return self

    # ---- running -------------------------------------------------------------

    def listen(self):
        service = self

        class Handler(_Handler):
            pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, request, address):
                pass  # clients that go away

            def finish_request(self, request, address):
                with service.lock:
                    service.connections += 1
                if service.tls is not None:
                    request = service.tls.wrap_socket(request, server_side=True)
                    if request.selected_alpn_protocol() == "h2":
                        import http2  # needs python3-h2, where it is agreed on alone
                        return http2.serve(service, request, Handler)
                return super().finish_request(request, address)

        Handler.service = service
        self.server = Server(("127.0.0.1", 0), Handler)
        scheme = "http" if self.tls is None else "https"
        self.url = f"{scheme}://127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    # ---- telling -------------------------------------------------------------

    def called(self, operation, region=None):
        return [c for c in self.calls
                if c.operation == operation and (region is None or c.region == region)]

    def now(self):
        return datetime.datetime.utcnow() + datetime.timedelta(seconds=self.skew)

    # ---- what it checks ------------------------------------------------------

    def authenticate(self, method, target, headers, body, service):
        """(account, region, None), or (None, None, Error)."""
        header = headers.get("Authorization", "")
        match = re.fullmatch(r"AWS4-HMAC-SHA256 Credential=([^/,]+)/(\d{8})/([a-z0-9-]+)/([a-z]+)"
                             r"/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})",
                             header)
        if match is None:
            return None, None, error(403, "MissingAuthenticationToken", "no signature", "type")
        key_id, day, region, name, signed, signature = match.groups()
        key = self.keys.get(key_id)
        if key is None:
            return None, None, error(403, "UnrecognizedClientException",
                                     "The security token included in the request is invalid.")
        signed = signed.split(";")
        stamp = headers.get("X-Amz-Date", "")
        wrong = None
        if name != service:
            wrong = f"signed for {name}, not {service}"
        for must in ("host", "x-amz-date"):
            if must not in signed:
                wrong = f"{must} is not signed"
        if not stamp.startswith(day):
            wrong = "the scope has another day"
        if headers.get("X-Amz-Security-Token") is not None and "x-amz-security-token" not in signed:
            wrong = "the token is not signed"
        if wrong is None:
            request = AWSRequest(method=method, url=f"http://{headers['Host']}{target}", data=body)
            for h in signed:
                request.headers[h] = headers.get(h, "")
            request.context["timestamp"] = stamp
            auth = SigV4Auth(Credentials(key_id, key.secret, key.token), name, region)
            text = auth.string_to_sign(request, auth.canonical_request(request))
            if auth.signature(text, request) != signature:
                # as AWS does, which says the token back
                wrong = ("The request signature we calculated does not match the signature you provided. "
                         "The Canonical String for this request should have been\n'"
                         f"{auth.canonical_request(request)}'")
        if wrong is not None:
            self.wrong.append(wrong)
            return None, None, error(403, "InvalidSignatureException", wrong)
        when = datetime.datetime.strptime(stamp, "%Y%m%dT%H%M%SZ")
        if abs((when - self.now()).total_seconds()) > 300:
            return None, None, error(403, "InvalidSignatureException",
                                     "Signature expired: the clock is skewed", "type")
        if headers.get("X-Amz-Security-Token") != key.token:
            return None, None, error(403, "UnrecognizedClientException", "another session token")
        if key.expired:
            return None, None, error(403, "ExpiredTokenException",
                                     "The security token included in the request is expired")
        return key.account, region, None

    def throttled(self, operation, account, region):
        """Whether a call passes the quota: a bucket of one second, filled all the time."""
        if self.quota is None:
            return False
        now = time.monotonic()
        with self.lock:
            left, at = self.buckets.get((operation, account, region), (self.quota, now))
            left = min(self.quota, left + (now - at) * self.quota)
            # a service forgives a little, as clocks and networks are not exact
            passes = left >= 0.9
            self.buckets[operation, account, region] = (left - 1 if passes else left, now)
        return not passes

    # ---- what it answers -----------------------------------------------------

    def ivs(self, operation, account, region, request):
        mine = self.configurations.get((account, region), [])
        if operation == "ListRecordingConfigurations":
            start = 0
            if request.get("nextToken"):
                start = int(request["nextToken"].partition("-")[2])
            most = min(request.get("maxResults", 100), self.page)
            answer = {"recordingConfigurations": [
                {k: c[k] for k in SUMMARY if k in c} for c in mine[start:start + most]]}
            if start + most < len(mine):
                answer["nextToken"] = f"page-{start + most}"
            return answer
        for c in mine:
            if c["arn"] == request.get("arn"):
                return {"recordingConfiguration": c}
        return error(404, "ResourceNotFoundException", "there is no such recording configuration",
                     "header")

    def sts(self, action, account, values):
        if action == "GetCallerIdentity":
            return (f"<GetCallerIdentityResult><Arn>arn:aws:iam::{account}:user/test</Arn>"
                    f"<UserId>AIDATEST</UserId><Account>{account}</Account>"
                    "</GetCallerIdentityResult>")
        role = values.get("RoleArn", "")
        if action == "AssumeRole":
            if role not in self.roles:
                return error(403, "AccessDenied", f"not authorized to perform sts:AssumeRole on {role}")
            if self.roles[role] is not None and values.get("ExternalId") != self.roles[role]:
                return error(403, "AccessDenied", "another external id")
            if role in self.codes and (values.get("SerialNumber"), values.get("TokenCode")) != self.codes[role]:
                return error(403, "AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time "
                             f"pass code {values.get('TokenCode')}")
        elif values.get("WebIdentityToken") not in self.web_tokens:
            return error(400, "InvalidIdentityToken", "the token is not one of ours")
        account = role.split(":")[4]
        key_id = "ASIA" + uuid.uuid4().hex[:16].upper()
        self.key(key_id, "assumed-secret-" + uuid.uuid4().hex, "assumed-token-" + uuid.uuid4().hex,
                 account)
        until = (self.now() + datetime.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
        return (f"<{action}Result><AssumedRoleUser><Arn>arn:aws:sts::{account}:assumed-role/x/s</Arn>"
                "<AssumedRoleId>AROATEST:s</AssumedRoleId></AssumedRoleUser><Credentials>"
                f"<AccessKeyId>{key_id}</AccessKeyId>"
                f"<SecretAccessKey>{self.keys[key_id].secret}</SecretAccessKey>"
                f"<SessionToken>{self.keys[key_id].token}</SessionToken>"
                f"<Expiration>{until}</Expiration></Credentials></{action}Result>")


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    service = None

    def log_message(self, *_):
        pass

    # ---- sending -------------------------------------------------------------

    def respond(self, status, body, kind, **headers):
        if isinstance(body, str):
            body = body.encode()
        self.send_response_only(status)
        self.send_header("Date", self.service.now().strftime("%a, %d %b %Y %H:%M:%S GMT"))
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("x-amzn-RequestId", self.request_id)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def respond_error(self, e):
        """In one of the forms that rest-json has."""
        headers, body = dict(e.headers), {}
        if e.form == "header":
            headers["x_amzn_ErrorType"] = f"{e.code}:http://internal.amazon.com/coral/"
            body["exceptionMessage"] = e.message
        elif e.form == "type":
            body["__type"] = f"com.amazonaws.ivs#{e.code}"
            body["Message"] = e.message
        elif e.form == "code":
            body["code"] = f"aws.ivs#{e.code}:http://internal.amazon.com/"
            body["message"] = e.message
        elif e.form == "bare":
            headers["x_amzn_errortype"] = e.code
            body["message"] = e.message
        elif e.form == "html":
            self.respond(e.status, f"<html>{e.message}</html>", "text/html", **headers)
            return
        self.respond(e.status, json.dumps(body), "application/json", **headers)

    def misbehave(self, bad, whole):
        """A bad answer instead of the whole one, which is JSON."""
        data = json.dumps(whole).encode() if not isinstance(whole, Error) else b"{}"
        if bad.how == "close":
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
        elif bad.how == "hang":
            deadline = time.monotonic() + bad.value
            while time.monotonic() < deadline and not self.service.stopping:
                time.sleep(0.05)
            self.close_connection = True
        elif bad.how == "cut":
            self.send_response_only(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data[:len(data) // 2])
            self.wfile.flush()
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
        elif bad.how == "drip":
            self.send_response_only(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            for i in range(len(data)):
                self.wfile.write(data[i:i + 1])
                self.wfile.flush()
                time.sleep(1 if bad.value is None else bad.value)
        elif bad.how == "raw":  # bytes of the connection, made of the whole answer's
            self.wfile.write(bad.value(data))
            self.wfile.flush()
            self.close_connection = True
        elif bad.how == "body":
            self.respond(200, bad.value, "application/json")
        elif bad.how == "redirect":
            self.respond(302, "", "text/plain", Location=bad.value)
        elif bad.how == "large":
            self.send_response_only(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.close_connection = True
            for _ in range(bad.value):
                self.wfile.write(b" " * (1 << 20))
        elif bad.how == "delay":
            time.sleep(bad.value)
            self.respond(200, data, "application/json")

    # ---- taking --------------------------------------------------------------

    def do_GET(self):
        self.request_id = str(uuid.uuid4())
        service = self.service
        path = urllib.parse.urlsplit(self.path).path
        if path == "/container":
            if self.headers.get("Authorization") != service.container_token:
                return self.respond(401, "no", "text/plain")
            return self.respond(200, json.dumps(service.credentials), "application/json")
        if path == "/odd":
            return self.respond(200, service.odd, "application/json")
        if path.startswith("/latest/"):
            if self.headers.get("X-aws-ec2-metadata-token") != "imds-session":
                return self.respond(401, "", "text/plain")
            if path.endswith("/security-credentials/"):
                return self.respond(200, "test-role", "text/plain")
            if path.endswith("/security-credentials/test-role"):
                return self.respond(200, json.dumps(dict(service.credentials, Code="Success")),
                                    "application/json")
            if path.endswith("/placement/region"):
                return self.respond(200, "us-west-2", "text/plain")
        if path == "/federation/credentials":
            if self.headers.get("x-amz-sso_bearer_token") != service.container_token:
                return self.respond(401, json.dumps({"message": "Session token not found or invalid"}),
                                    "application/json", x_amzn_ErrorType="UnauthorizedException")
            c = service.credentials
            return self.respond(200, json.dumps({"roleCredentials": {
                "accessKeyId": c["AccessKeyId"], "secretAccessKey": c["SecretAccessKey"],
                "sessionToken": c["Token"], "expiration": int((time.time() + 3600) * 1000)}}),
                "application/json")
        return self.respond(404, "", "text/plain")

    def do_PUT(self):
        self.request_id = str(uuid.uuid4())
        if self.path == "/latest/api/token":
            return self.respond(200, "imds-session", "text/plain",
                                x_aws_ec2_metadata_token_ttl_seconds="21600")
        return self.respond(404, "", "text/plain")

    def do_POST(self):
        self.request_id = str(uuid.uuid4())
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if self.path == "/token":
            self.post_token(json.loads(body))
        elif self.path == "/" and b"Action=" in body:
            self.post_sts(body)
        else:
            self.post_ivs(body)

    def note(self, operation, account, region, name):
        service = self.service
        call = Call(time.monotonic(), operation, account, region, name,
                    self.headers.get("amz-sdk-request", ""), self.headers.get("User-Agent", ""),
                    self.headers.get("amz-sdk-invocation-id", ""))
        with service.lock:
            service.by_http2 += hasattr(self, "h2")
            service.calls.append(call)
            service.times[operation, account, region, name] += 1
            return service.times[operation, account, region, name]

    def post_token(self, request):
        """A new token of Identity Center for a refresh token, which is spent by that."""
        service = self.service
        self.note("CreateToken", None, None, None)
        with service.lock:
            good = request.get("refreshToken") == service.refresh_token
            if good:
                service.refresh_token += "-again"
        time.sleep(0.2)
        if not good:
            return self.respond(400, json.dumps({"error": "invalid_grant"}), "application/json")
        return self.respond(200, json.dumps({"accessToken": service.container_token, "expiresIn": 3600,
                                             "refreshToken": service.refresh_token}), "application/json")

    def post_sts(self, body):
        service = self.service
        values = dict(urllib.parse.parse_qsl(body.decode()))
        action = values.get("Action")
        account, region, wrong = None, None, None
        if action != "AssumeRoleWithWebIdentity":
            account, region, wrong = service.authenticate("POST", self.path, self.headers, body, "sts")
        times = self.note(action, account, region, values.get("RoleArn"))
        wrong = wrong or service.fault(action, account, region, values.get("RoleArn"), times)
        answer = wrong or service.sts(action, account, values)
        if isinstance(answer, Bad):
            return self.misbehave(answer, {})
        if isinstance(answer, Error):
            return self.respond(answer.status, (
                '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error>'
                f"<Type>Sender</Type><Code>{answer.code}</Code><Message>{answer.message}</Message>"
                f"</Error><RequestId>{self.request_id}</RequestId></ErrorResponse>"), "text/xml")
        return self.respond(200, (
            f'<{action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/">{answer}'
            f"<ResponseMetadata><RequestId>{self.request_id}</RequestId></ResponseMetadata>"
            f"</{action}Response>"), "text/xml")

    def post_ivs(self, body):
        service = self.service
        operation = self.path.rpartition("/")[2]  # an endpoint URL may have a path
        try:
            request = json.loads(body or b"{}")
        except ValueError:
            service.wrong.append("a body that is not JSON")
            return self.respond_error(error(400, "ValidationException", "not JSON"))
        account, region, wrong = service.authenticate("POST", self.path, self.headers, body, "ivs")
        if service.latency:
            time.sleep(service.latency)
        if wrong is not None:
            self.note(operation, account, region, None)
            return self.respond_error(wrong)
        times = self.note(operation, account, region, request.get("arn"))
        answer = service.fault(operation, account, region, request.get("arn"), times)
        if answer is None and service.throttled(operation, account, region):
            answer = error(429, "ThrottlingException", "Rate exceeded", "type")
        if isinstance(answer, Bad):
            return self.misbehave(answer, service.ivs(operation, account, region, request))
        if answer is None:
            answer = service.ivs(operation, account, region, request)
        if isinstance(answer, Error):
            return self.respond_error(answer)
        return self.respond(200, json.dumps(answer), "application/json")


Service.stopping = False
