# SPDX-License-Identifier: Apache-2.0
"""TLS, proxies, and what goes over which connection."""
import base64
import importlib.util
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import threading
import time
import warnings

from harness import (FAST, HIDE, KEY, SECOND, SECRET, TOKEN, Skipped, authority, by_role, entry, equal,
                     fetching, some, sometimes, want)
from service import Bad, Service, arn, configuration, error


@fetching
def tls(t):
    """A certificate is verified, always: an authority that is not known, another name."""
    context, ca = authority(t)
    with t.keys(Service(context).put(*some(40))) as s:
        t.env.update(AWS_CA_BUNDLE=ca, SSLKEYLOGFILE=os.path.join(t.work, "keys"))
        equal(len(t.fetch(FAST).arns), 40)
        equal(s.wrong, [])
        equal(os.listdir(t.work), [])  # nobody is given what reads our traffic
        del t.env["AWS_CA_BUNDLE"]
        s.calls.clear()
        result = t.fetch("--max-attempts=1", status=3)
        want("certificate" in json.dumps(result.trailer["missing"]).lower(), result.trailer)
        equal(s.calls, [])
        want("certificate" in t.scan("--max-attempts=1", status=3).out.lower())
    context, ca = authority(t, "ivs.example.com")
    with t.keys(Service(context).put(*some(4))) as s:
        t.env["AWS_CA_BUNDLE"] = ca
        want(t.fetch("--max-attempts=1", status=3).trailer["missing"])
        equal(s.calls, [])


@fetching
def old_tls(t):
    """Nothing below TLS 1.2 is spoken."""
    context, ca = authority(t)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            context.minimum_version = ssl.TLSVersion.TLSv1
            context.maximum_version = ssl.TLSVersion.TLSv1_1
        context.set_ciphers("ALL:@SECLEVEL=0")
    except (ValueError, ssl.SSLError) as why:
        raise Skipped(str(why))
    with t.keys(Service(context).put(*some(4))) as s:
        t.env["AWS_CA_BUNDLE"] = ca
        want(t.fetch("--max-attempts=1", status=3).trailer["missing"])
        equal(s.calls, [])


@fetching
def plain_http(t):
    """Without TLS nothing leaves this machine: no call, no signature."""
    with t.keys(Service().put(*some(1))) as s:
        result = t.run(t.program, "fetch", "-v", "--max-attempts=1", "--endpoint-url",
                       "http://ivs.example.com/")
        want(result.status in (2, 3), str(result.status))
        want("http" in (result.out + result.err).lower())


@fetching
def proxy(t):
    """HTTPS goes through a proxy by CONNECT, but not where NO_PROXY says so."""
    context, ca = authority(t, "ivs.us-west-2.amazonaws.com")
    with t.keys(Service(context).put(*some(4))) as s, Proxy(s) as p:
        del t.env["AWS_ENDPOINT_URL"]
        t.secrets |= {HIDE + "pro%2fxy", HIDE + "pro/xy"}
        t.env.update(AWS_CA_BUNDLE=ca, HTTPS_PROXY=f"http://us%40er:{HIDE}pro%2fxy@127.0.0.1:{p.port}")
        # the account is known by --arn, so that no other service is asked
        equal(t.fetch("--arn", arn(1), "--max-attempts=1").arns, [arn(1)])
        want(p.asked and p.asked[0][0] == "ivs.us-west-2.amazonaws.com:443", str(p.asked))
        kind, _, code = p.asked[0][1].partition(" ")
        equal((kind, base64.b64decode(code).decode()), ("Basic", f"us@er:{HIDE}pro/xy"))
        equal(s.wrong, [])
        # a URL that is none is told without what it holds
        for bad in f"foo://user:{HIDE}pro/xy@127.0.0.1:1", f"http://user:{HIDE}pro/xy@[::1":
            t.env["HTTPS_PROXY"] = bad
            entry(t.fetch("--arn", arn(1), "--max-attempts=1", status=3), arn=arn(1))


class Proxy:
    """Takes CONNECT to anywhere, and connects to the service."""

    def __init__(self, service):
        self.to = ("127.0.0.1", int(service.url.rpartition(":")[2]))
        self.asked = []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]

    def __enter__(self):
        threading.Thread(target=self.take, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.socket.close()

    def take(self):
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        head = b""
        while b"\r\n\r\n" not in head:
            more = client.recv(4096)
            if not more:
                return
            head += more
        words = head.decode().split("\r\n")
        credentials = [w.partition(": ")[2] for w in words if w.lower().startswith("proxy-authorization:")]
        self.asked.append((words[0].split()[1], (credentials or [""])[0]))
        client.sendall(b"HTTP/1.1 200 ok\r\n\r\n")
        server = socket.create_connection(self.to)

        def pump(a, b):
            try:
                while True:
                    data = a.recv(65536)
                    if not data:
                        break
                    b.sendall(data)
            except OSError:
                pass
            for end in (a, b):
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
        threading.Thread(target=pump, args=(server, client), daemon=True).start()
        pump(client, server)


# ---- HTTP/2 -------------------------------------------------------------------------


def over_http2(t, *configurations):
    """A service that speaks both versions, and says which it prefers."""
    if importlib.util.find_spec("h2") is None:
        raise Skipped("needs python3-h2")
    context, t.env["AWS_CA_BUNDLE"] = authority(t)
    context.set_alpn_protocols(["h2", "http/1.1"])
    return t.keys(Service(context).put(*configurations), token=TOKEN)


@fetching
def http2(t):
    """Where it is offered: the same bytes, every signature right, and one connection for all."""
    large = [configuration(i, tags={f"k{k}": "v" * 250 for k in range(50)}) for i in range(40)]
    with over_http2(t, *some(60, "eu-west-1"), *large) as s:
        result = t.fetch(FAST, "--region", "eu-west-1,us-west-2")
        equal(s.wrong, [])
        equal([x["recordingConfiguration"] for x in result.lines[1:-1]], some(60, "eu-west-1") + large)
        equal((s.by_http2, s.connections), (len(s.calls), 1))
        equal(len({c.invocation for c in s.calls}), len(s.calls))
        # no more streams than a connection may have: others wait, or have one of their own
        s.streams, s.calls[:] = 2, []
        equal(len(t.fetch(FAST).arns), 40)
        equal(len(s.calls), 41)
        # errors as ever
        s.fault = lambda op, account, region, name, n: error(
            403, "AccessDeniedException", "not this one") if name == arn(2) else None
        found = entry(t.fetch(FAST, status=3), arn=arn(2), code="AccessDeniedException", message="not this one")
        want(found["requestId"])
        # and STS
        s.fault = lambda *_: None
        role = by_role(t, s)
        s.roles[role], s.by_http2, s.calls[:] = None, 0, []
        equal(len(t.fetch(FAST, "--assume-role", role).arns), 2)
        equal((s.by_http2, len(s.called("AssumeRole"))), (len(s.calls), 1))
        equal(s.wrong, [])


@fetching
def http2_faults(t):
    """A stream that is reset, refused or ends early, a connection that goes: asked again, none lost."""
    streams = {arn(i): bad for i, bad in enumerate((Bad("cut", 0), Bad("reset", 0), Bad("refuse", 0),
                                                    Bad("short", 0), Bad("short", 1)))}
    made = [c["arn"] for c in some(30)]
    with over_http2(t, *some(30)) as s:
        s.fault = lambda op, account, region, name, n: streams.get(name) if n == 1 else None
        equal(t.fetch(FAST).arns, made)
        # those that stay are told, and not taken for an answer; what was refused libcurl asks again by itself
        s.fault = lambda op, account, region, name, n: streams.get(name) if name != arn(2) else None
        s.times.clear()
        result = t.fetch(FAST, "--max-attempts=1", status=3)
        equal(len(result.arns), 26)
        for name in (arn(0), arn(1), arn(3), arn(4)):
            entry(result, arn=name, operation="GetRecordingConfiguration")
        equal(s.wrong, [])
    for bad in Bad("goaway", 0), Bad("close", 0):
        with over_http2(t, *some(30)) as s:
            s.fault = sometimes(bad)
            equal((bad, t.fetch(FAST).arns), (bad, made))
            want(s.connections >= 2 and s.by_http2 == len(s.calls), f"{bad}: {s.connections}")
            equal(s.wrong, [])


@fetching
def http2_silence(t):
    """A connection behind which nobody is any more takes no call down with it a second time."""
    with over_http2(t, *some(12)) as s:
        s.fault = sometimes(Bad("stall", 0))
        result = t.fetch(FAST, "--timeout=2", "--max-attempts=3")
        equal(len(result.arns), 12)
        want(s.connections >= 2, str(s.connections))


# ---- names --------------------------------------------------------------------------

# The C library's question for a name, which for some of them gets no answer: what a name
# server does that hangs. All else of the program, and of libcurl, is as it is.
RESOLVER = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netdb.h>
#include <string.h>
#include <unistd.h>

int getaddrinfo(const char *name, const char *port, const struct addrinfo *hints, struct addrinfo **list)
{
	int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **);

	while (name != NULL && strstr(name, "hang.example") != NULL)
		pause();
	*(void **)&real = dlsym(RTLD_NEXT, "getaddrinfo");
	return real(name, port, hints, list);
}
"""


def hanging_names(t):
    """A name server that hangs for hang.example, for what is run from here on."""
    if shutil.which("cc") is None:
        raise Skipped("no cc")
    source, library = t.file("resolver.c", RESOLVER), os.path.join(t.home, "resolver.so")
    made = subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source, "-ldl"], capture_output=True, text=True)
    want(made.returncode == 0, made.stderr)
    t.env["LD_PRELOAD"] = library
    t.env["ASAN_OPTIONS"] = t.env.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"


@fetching
def name_server_hangs(t):
    """The timeout is kept and told, others do not wait for it, and neither does the end."""
    with t.keys(Service().put(*some(3)), token=TOKEN) as s:
        hanging_names(t)
        t.file(".aws/config", "".join(
            f"[profile {name}]\nregion = us-west-2\naws_access_key_id = {KEY}\n"
            f"aws_secret_access_key = {SECRET}\naws_session_token = {TOKEN}\nendpoint_url = {url}\n"
            for name, url in (("hangs", "https://ivs.hang.example"), ("good", s.url))))
        del t.env["AWS_ENDPOINT_URL"]
        t.env["AWS_ENDPOINT_URL_STS"] = s.url
        begun = time.monotonic()
        result = t.fetch(FAST, "--profile", "hangs,good", "--timeout=2", "--max-attempts=1", status=3)
        took = time.monotonic() - begun
        equal(result.arns, [arn(i) for i in range(3)])
        found = entry(result, code="Timeout", operation="ListRecordingConfigurations", region="us-west-2")
        want("no answer in time: Resolving timed out" in found["message"], found)
        want(2 <= took < 8, f"{took} s")
        want("Resolving timed out" in t.scan(FAST, "--profile", "hangs", "--timeout=1", "--max-attempts=1",
                                             status=3).out)


@fetching
def name_server_hangs_for_sts(t):
    """The same where credentials are asked for: a signal does not wait for the name."""
    with t.keys(Service().put(*some(3))) as s:
        hanging_names(t)
        t.env["AWS_ENDPOINT_URL_STS"] = "https://sts.hang.example"
        child = t.start(t.program, "fetch", "--assume-role", by_role(t, s))
        time.sleep(0.5)
        sent = time.monotonic()
        child.send_signal(signal.SIGINT)
        result = t.finish(child)
        want(time.monotonic() - sent < 3, "it took its time")
        equal(result.status, -signal.SIGINT)
        entry(result, account=SECOND, code="Interrupted")
