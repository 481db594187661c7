# SPDX-License-Identifier: Apache-2.0
"""Faults of the service, one by one: each is an entry, and nothing of it is passed."""
import gzip
import json
import os
import time

from harness import (FAST, KEY, OTHER, OTHER_SECRET, SECRET, TOKEN, entry, equal, fetching, some, sometimes,
                     want)
from service import ACCOUNT, Bad, Service, arn, configuration, error


def both(t, s, text, *arguments, made=4, **members):
    """Fetch and scan with a fault: the entry, the status, and the words of the report."""
    result = t.fetch(FAST, *arguments, status=3)
    found = entry(result, **members)
    equal(len(result.arns), made)
    report = t.scan(FAST, "-p", "ivslint:recommended", "-f", "text", *arguments, status=3)
    for part in (*members.values(), text):
        want(part in report.out, f"no '{part}' in\n{report.out}")
    want("INCOMPLETE" in report.out)
    equal(s.wrong, [])
    return found


@fetching
def denied_region(t):
    with t.keys(Service().put(*some(4), *some(3, "eu-west-1"))) as s:
        s.fault = lambda op, account, region, name, n: error(
            403, "AccessDeniedException", "User is not authorized") if region == "us-east-1" else None
        found = both(t, s, "User is not authorized", "--region", "eu-west-1,us-east-1,us-west-2",
                     made=7, account=ACCOUNT, region="us-east-1", code="AccessDeniedException",
                     operation="ListRecordingConfigurations")
        want(found["requestId"] and found["message"] == "User is not authorized")
        # it is no reason to ask again
        equal(len(s.called("ListRecordingConfigurations", "us-east-1")), 2)


@fetching
def denied_get(t):
    with t.keys(Service().put(*some(4))) as s:
        s.fault = lambda op, account, region, name, n: error(
            403, "AccessDeniedException", "not this one") if name == arn(2) else None
        found = both(t, s, "not this one", made=3, arn=arn(2), operation="GetRecordingConfiguration",
                     code="AccessDeniedException", account=ACCOUNT, region="us-west-2")
        want(found["requestId"])


@fetching
def every_form_of_error(t):
    """The code and the message of an error, in each form that rest-json has."""
    forms = ["header", "type", "code", "bare", "html"]
    with t.keys(Service().put(*some(len(forms)))) as s:
        s.fault = lambda op, account, region, name, n: error(
            400, "ValidationException", "wrong & odd", forms[int(name[-1])]) if name else None
        missing = t.fetch(FAST, status=3).trailer["missing"]
        equal(len(missing), len(forms))
        for form, found in zip(forms, missing):
            want(found["requestId"], form)
            equal(found["arn"][-1], str(forms.index(form)))
            if form != "html":
                equal((form, found["code"], found["message"]), (form, "ValidationException", "wrong & odd"))


@fetching
def deleted_between(t):
    """Deleted between list and get: said, and no error."""
    with t.keys(Service().put(*some(4))) as s:
        s.fault = lambda op, account, region, name, n: error(
            404, "ResourceNotFoundException", "gone") if name == arn(1) else None
        result = t.fetch(FAST)
        equal(result.trailer["deleted"], [arn(1)])
        equal((len(result.arns), result.trailer["complete"]), (3, True))
        want(f"{arn(1)} was deleted" in t.scan(FAST, "-p", "ivslint:recommended").err)


@fetching
def arn_alone(t):
    with t.keys(Service().put(*some(4), *some(2, "eu-west-1"))) as s:
        result = t.fetch("--arn", arn(2), "--arn", arn(1, "eu-west-1"))
        equal(sorted(result.arns), sorted([arn(2), arn(1, "eu-west-1")]))
        equal(s.called("ListRecordingConfigurations"), [])
        # one that was asked for and is not there is missing, not deleted
        found = entry(t.fetch("--arn", arn(9), status=3), arn=arn(9), code="ResourceNotFoundException")
        equal(found["operation"], "GetRecordingConfiguration")


@fetching
def repeating_token(t):
    with t.keys(Service().put(*some(30))) as s:
        s.page = 10
        whole = s.ivs

        def ivs(operation, account, region, request):
            answer = whole(operation, account, region, request)
            if operation == "ListRecordingConfigurations" and request.get("nextToken"):
                answer["nextToken"] = request["nextToken"]
            return answer
        s.ivs = ivs
        result = t.fetch("--needs=summary", status=3)
        found = entry(result, operation="ListRecordingConfigurations")
        want("token" in json.dumps(found).lower(), found)
        want(len(s.calls) < 10, f"{len(s.calls)} calls")
        want("token" in t.scan("-p", "ivslint:tags", status=3).out.lower())


@fetching
def expired_token(t):
    """Static credentials that have expired are named; those of a process are renewed."""
    with t.keys(Service().put(*some(4)), token=TOKEN) as s:
        s.key(KEY, SECRET, TOKEN, expired=True)
        result = t.fetch(status=3)
        want("Expired" in json.dumps(result.trailer["missing"]), result.trailer)
        want("xpired" in t.scan(status=3).out)
    with t.keys(Service().put(*some(4))) as s:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
            t.env.pop(name, None)
        s.key(OTHER, OTHER_SECRET, TOKEN)
        stale = json.dumps({"Version": 1, "AccessKeyId": OTHER, "SecretAccessKey": OTHER_SECRET,
                            "SessionToken": TOKEN})
        fresh = json.dumps({"Version": 1, "AccessKeyId": KEY, "SecretAccessKey": SECRET})
        t.file("stale", stale)
        t.file("fresh", fresh)
        t.file("give", "#!/bin/sh\ncd \"$HOME\"; if test -e seen; then cat fresh; else : > seen; cat stale; fi\n",
               0o755)
        t.file(".aws/config", f"[default]\ncredential_process = {t.home}/give\n")
        # in the middle of the run
        s.fault = lambda op, account, region, name, n: error(
            403, "ExpiredTokenException", "expired") if s.keys[OTHER].expired else None

        def ivs(operation, account, region, request, whole=s.ivs):
            if operation == "ListRecordingConfigurations":
                s.key(OTHER, OTHER_SECRET, TOKEN, expired=True)
                s.fault = lambda *_: None
            return whole(operation, account, region, request)
        s.ivs = ivs
        equal(len(t.fetch(FAST).arns), 4)
        want(os.path.exists(os.path.join(t.home, "seen")))


@fetching
def tried_again(t):
    """What passes by: a cut answer, a closed connection, a fault of the service."""
    for bad in (Bad("cut", 0), Bad("close", 0), error(500, "InternalServerException"),
                error(503, "ServiceUnavailable", form="html"), Bad("body", "{\"recording")):
        with t.keys(Service().put(*some(4))) as s:
            s.fault = sometimes(bad)
            result = t.run(t.program, "fetch", "-v", FAST)
            if bad == Bad("body", "{\"recording"):
                continue  # may be tried again or not; what is said of it is tested below
            want(result.status == 0, f"{bad}: {result.err}")
            gets = [c for c in s.calls if c.arn == arn(2)]
            equal((len(gets), len({c.invocation for c in gets})), (2, 1))
            # curl asks once more by itself where a connection that it used before is closed
            by_curl = bad == Bad("close", 0) and result.trailer["calls"]["retried"] == 0
            equal((len(result.arns), result.trailer["calls"]["retried"]), (4, 0 if by_curl else 1))
            want(by_curl or "attempt=2" in gets[1].attempt, gets[1].attempt)
            equal(s.wrong, [])


@fetching
def bad_answers(t):
    """What does not pass by: cut, closed, malformed, wrong, slow, hanging, large, elsewhere."""
    bads = {"cut": Bad("cut", 0), "close": Bad("close", 0), "not JSON": Bad("body", "{\"recording"),
            "not an object": Bad("body", "[]"), "without it": Bad("body", "{}"),
            "a byte a second": Bad("drip", 1), "hang": Bad("hang", 20), "large": Bad("large", 64),
            "redirect": Bad("redirect", "http://127.0.0.1:9/")}
    for name, bad in bads.items():
        with t.keys(Service().put(*some(4))) as s:
            s.fault = sometimes(bad, 99)
            begun = time.monotonic()
            # short where time is what ends it: else a slow machine is a fault of its own
            timeout = "--timeout=1" if bad.how in ("drip", "hang") else "--timeout=30"
            found = both(t, s, "", timeout, "--max-attempts=1", made=3, arn=arn(2),
                         operation="GetRecordingConfiguration", account=ACCOUNT, region="us-west-2")
            want(found.get("message") or found.get("code"), f"{name}: {found}")
            want(time.monotonic() - begun < 10, name)
            # curl asks once more by itself where a connection that it used before is closed
            asked = len([c for c in s.calls if c.arn == arn(2)])
            want(asked == 2 or (name == "close" and asked <= 4), f"{name}: asked {asked} times")


@fetching
def bad_lists(t):
    """The same of a list: nothing is taken for an empty account."""
    for bad in (Bad("body", "{}"), Bad("body", "{\"recordingConfigurations\":3}"), Bad("body", ""),
                Bad("body", "{\"recordingConfigurations\":[3]}"), Bad("cut", 0), Bad("close", 0)):
        with t.keys(Service().put(*some(4))) as s:
            s.fault = lambda op, account, region, name, n: bad if name is None and region else None
            result = t.fetch("--max-attempts=1", FAST, status=3)
            want(not result.trailer["complete"] and result.trailer["missing"], str(bad))
            t.scan("--max-attempts=1", FAST, status=3)


OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
# Bytes on the wire, and whether they are the whole answer by all readings of HTTP that count.
RAW = [
    (True, lambda d: OK + b"Connection: close\r\n\r\n" + d),
    (True, lambda d: b"HTTP/1.0 200 OK\r\n\r\n" + d),
    (True, lambda d: OK + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n"
     % (len(d), d)),
    (True, lambda d: b"HTTP/1.1 100 Continue\r\n\r\n" * 500 + OK + b"Content-Length: %d\r\n\r\n%b" % (len(d), d)),
    (False, lambda d: OK + b"Connection: close\r\n\r\n" + d[:-1]),
    (False, lambda d: OK + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n" % (len(d), d)),
    (False, lambda d: OK + b"Content-Length: %d\r\n\r\n%b" % (len(d) - 1, d)),
    (False, lambda d: OK + b"Content-Length: %d\r\nContent-Length: 5\r\n\r\n%b" % (len(d), d)),
    (False, lambda d: OK + b"Content-Length: -1\r\n\r\n" + d),
    (False, lambda d: OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%b"
     % (len(gzip.compress(d)), gzip.compress(d))),
    (False, lambda d: OK + b"X: a\0b\r\nContent-Length: %d\r\n\r\n%b" % (len(d), d)),
    (False, lambda d: OK + b"Content-Length: %d\r\n\r\n%bx" % (len(d) + 1, d)),
    (False, lambda d: OK + b"Content-Length: %d\r\n\r\n%b%b" % (2 * len(d), d, d)),
    (False, lambda d: OK + b"Connection: close\r\n\r\n\xef\xbb\xbf" + d),
    (False, lambda d: OK + b"Connection: close\r\n\r\n" + d[:-1] + b"," + d[1:]),  # a member twice
    (False, lambda d: d),
    (False, lambda d: b"HTTP/1.1 206 Partial\r\nContent-Length: %d\r\n\r\n%b" % (len(d), d)),
    (False, lambda d: b"HTTP/1.1 204 None\r\n\r\n"),
    (False, lambda d: b"HTTP/1.1 101 Switching\r\nUpgrade: h2c\r\n\r\n" + d),
    (False, lambda d: b"HTTP/1.1 99999 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(d), d)),
]


@fetching
def raw_answers(t):
    """What is not a whole answer, however it comes, is an entry; what is one, is read."""
    with t.keys(Service().put(*some(len(RAW)))) as s:
        s.fault = lambda op, account, region, name, n: Bad("raw", RAW[int(name[-6:])][1]) if name else None
        result = t.fetch(FAST, "--max-attempts=1", status=3)
        equal(result.arns, [arn(i) for i, (good, _) in enumerate(RAW) if good])
        equal([m["arn"] for m in result.trailer["missing"]], [arn(i) for i, (good, _) in enumerate(RAW) if not good])
        want(all(m["code"] in ("MalformedAnswer", "CutAnswer", "HTTP 206", "HTTP 204", "HTTP 101")
                 for m in result.trailer["missing"]), str(result.trailer["missing"]))


@fetching
def fails_for_good(t):
    """An error of the service that stays: as many attempts as are asked for, and no more."""
    with t.keys(Service().put(*some(4))) as s:
        s.fault = sometimes(error(500, "InternalServerException", "sorry"), 99)
        result = t.fetch(FAST, "--max-attempts", "2", status=3)
        entry(result, arn=arn(2), code="InternalServerException", message="sorry")
        equal(len([c for c in s.calls if c.arn == arn(2)]), 2)
        t.env["AWS_MAX_ATTEMPTS"] = "1"
        s.calls.clear()
        t.fetch(FAST, status=3)
        equal(len([c for c in s.calls if c.arn == arn(2)]), 1)


@fetching
def throttled(t):
    with t.keys(Service().put(*some(4))) as s:
        s.fault = sometimes(error(429, "ThrottlingException", "Rate exceeded", "type", Retry_After="1"))
        result = t.fetch(FAST)
        equal((len(result.arns), result.trailer["calls"]["throttled"]), (4, 1))
        s.fault = sometimes(error(429, "ThrottlingException", "Rate exceeded"), 99)
        s.times.clear()
        entry(t.fetch(FAST, "--max-attempts=1", status=3), arn=arn(2), code="ThrottlingException")


@fetching
def quota(t):
    """With the quota of the service in force no call is throttled; regions do not wait for each other."""
    with t.keys(Service().put(*some(6), *some(6, "eu-west-1"))) as s:
        s.quota = 3
        result = t.fetch("--region", "us-west-2,eu-west-1")
        equal((len(result.arns), result.trailer["calls"]["throttled"], result.trailer["calls"]["made"]),
              (12, 0, 14 + len(s.called("GetCallerIdentity"))))
        gets = s.called("GetRecordingConfiguration")
        want(gets[-1].at - gets[0].at < 3, "regions wait for each other")


@fetching
def skewed_clock(t):
    """A clock that is wrong is corrected by the server's, in both directions."""
    for skew in (3600, -7200):
        with t.keys(Service().put(*some(4))) as s:
            s.skew = skew
            equal(len(t.fetch(FAST).arns), 4)
            equal(s.wrong, [])


@fetching
def nobody_there(t):
    with t.keys(Service().put(*some(1))) as s:
        pass
    want(t.fetch("--max-attempts=1", status=3).trailer["missing"], "nothing is missing")
    t.scan("--max-attempts=1", status=3)


@fetching
def hostile_names(t):
    """What an account holds does nothing to a terminal, nor to a report."""
    bad = configuration(1, name="\x1b[31m\u202e::error::x", tags={"\x00k": "]]><script>"})
    with t.keys(Service().put(bad)) as s:
        s.fault = lambda op, account, region, name, n: error(
            403, "AccessDeniedException", "\x1b]0;x\x07::error::\u202e") if region != "us-west-2" else None
        result = t.scan("--region=us-west-2,us-east-1", "-p", "ivslint:recommended", status=3)
        for text in (result.out, result.err):
            want("\x1b" not in text and "\u202e" not in text and "\x07" not in text, repr(text))
