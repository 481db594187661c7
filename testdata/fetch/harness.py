# SPDX-License-Identifier: Apache-2.0
"""What the tests of fetching share: a folder and an environment for each, and questions."""
import json
import os
import shutil
import ssl
import subprocess
import tempfile

from service import ACCOUNT, arn, configuration

HERE = os.path.dirname(os.path.abspath(__file__))

KEY, SECRET = "AKIDEXAMPLEKEY000001", "sEcReT/never+to/be+shown/0123456789abcde"
OTHER, OTHER_SECRET = "AKIDEXAMPLEKEY000002", "aNoThEr/never+to/be+shown/0123456789abcd"
TOKEN = "session-token-never-to-be-shown-FwoGZXIvYXdzEBY"
SECOND = "210987654321"
HIDE = "never-to-be-shown-"
SECONDS = 60  # most for one command

TESTS = []


def test(function):
    TESTS.append(function)
    return function


class Failed(Exception):
    pass


class Skipped(Exception):
    pass


class Result:
    def __init__(self, status, out, err):
        self.status, self.out, self.err = status, out, err

    @property
    def lines(self):
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def trailer(self):
        return self.lines[-1]["ivslintFetch"]

    @property
    def arns(self):
        found = []
        for line in self.lines[1:-1]:
            one = line.get("recordingConfiguration")
            found += [c["arn"] for c in ([one] if one else line["recordingConfigurations"])]
        return found


class T:
    """What one test works with."""

    def __init__(self, program, name):
        self.program, self.name = program, name
        self.fetcher = os.path.join(os.path.dirname(program), "ivslint-fetch")
        self.folder = tempfile.mkdtemp(prefix="ivslint-fetch-test-")
        self.home = os.path.join(self.folder, "home")
        os.makedirs(os.path.join(self.home, ".aws"))
        self.work = os.path.join(self.folder, "work")
        os.makedirs(self.work)
        self.secrets = {SECRET, OTHER_SECRET, TOKEN}
        self.env = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": self.home, "TERM": "dumb",
                    "AWS_EC2_METADATA_DISABLED": "true", "SOURCE_DATE_EPOCH": "1795132800"}
        for name in os.environ:
            if name.startswith(("ASAN_", "UBSAN_", "LSAN_", "TSAN_")):
                self.env[name] = os.environ[name]

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    # ---- setting up ----------------------------------------------------------

    def keys(self, service, key=KEY, secret=SECRET, token=None, account=ACCOUNT):
        """Credentials in the environment, which the service knows."""
        service.key(key, secret, token, account)
        self.env.update(AWS_ACCESS_KEY_ID=key, AWS_SECRET_ACCESS_KEY=secret, AWS_REGION="us-west-2",
                        AWS_ENDPOINT_URL=service.url)
        if token is not None:
            self.env["AWS_SESSION_TOKEN"] = token
        return service

    def file(self, path, text, mode=0o600):
        path = os.path.join(self.home, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as out:
            out.write(text)
        os.chmod(path, mode)
        return path

    def stub(self, script):
        """ivslint with a fetcher beside it that is a shell script."""
        folder = os.path.join(self.folder, "bin")
        os.makedirs(folder, exist_ok=True)
        program = os.path.join(folder, "ivslint")
        if not os.path.exists(program):
            shutil.copy(self.program, program)
        if script is not None:
            path = os.path.join(folder, "ivslint-fetch")
            with open(path, "w") as out:
                out.write("#!/bin/sh\n" + script + "\n")
            os.chmod(path, 0o755)
        return program

    # ---- running -------------------------------------------------------------

    def start(self, *command, **more):
        return subprocess.Popen(command, cwd=self.work, env=self.env, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)

    def finish(self, child):
        try:
            out, err = child.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.communicate()
            raise Failed(f"it did not end within {SECONDS} s: {child.args}")
        result = Result(child.returncode, out.decode(), err.decode())
        self.search(out, err)
        if b"Sanitizer: " in err or b"runtime error" in err:
            raise Failed(result.err)
        return result

    def run(self, *command, status=None):
        result = self.finish(self.start(*command))
        if status is not None:
            want(result.status == status,
                 f"status {result.status}, not {status}: {' '.join(command[1:])}\n"
                 f"{result.out[-1500:]}\n{result.err[-3000:]}")
        return result

    def fetch(self, *arguments, status=0, quiet=False):
        return self.run(self.program, "fetch", *([] if quiet else ["-v"]), *arguments, status=status)

    def scan(self, *arguments, status=0, program=None):
        return self.run(program or self.program, "scan", "-v", *arguments, status=status)

    def search(self, *texts):
        """No secret in what was written, nor in a file that a program made."""
        for root, _, names in os.walk(self.work):
            for name in names:
                with open(os.path.join(root, name), "rb") as made:
                    texts += (made.read(),)
        for text in texts:
            for secret in self.secrets:
                if secret.encode() in text:
                    at = text.index(secret.encode())
                    raise Failed(f"a secret was written: {text[max(0, at - 300):at + 40]!r}")


def want(condition, text="not as it should be"):
    if not condition:
        raise Failed(text)


def equal(got, wanted):
    want(got == wanted, f"got    {got!r}\nwanted {wanted!r}")


def same(got, wanted):
    """Of long texts, the first line that differs."""
    for a, b in zip(got.splitlines(), wanted.splitlines()):
        equal(a, b)
    equal(len(got), len(wanted))


def entry(result, **members):
    """The one entry of `missing` that has these members; each must have the others too."""
    found = [m for m in result.trailer["missing"]
             if all(m.get(k) == v for k, v in members.items())]
    want(len(found) == 1, f"no single entry {members} in {result.trailer['missing']}")
    want(not result.trailer["complete"], "complete, and something is missing")
    return found[0]


def header():
    return '{"ivslintFetch":{"format":1,"version":"0.1.0"}}'


def line(c):
    return json.dumps({"recordingConfiguration": c})


def trailer(n, missing=(), **more):
    return json.dumps({"ivslintFetch": dict({
        "format": 1, "complete": not missing, "recordingConfigurations": n, "read": [],
        "missing": list(missing), "deleted": [], "calls": {}}, **more)})


def fetching(function):
    """A test that needs ivslint-fetch."""
    def run(t):
        if not os.path.exists(t.fetcher):
            raise Skipped("no ivslint-fetch beside ivslint")
        function(t)
    run.__name__ = function.__name__
    TESTS.append(run)
    return run


def some(n, region="us-west-2", account=ACCOUNT):
    return [configuration(i, region, account) for i in range(n)]


FAST = "--max-tps=0"


def authority(t, name="127.0.0.1"):
    """A CA and a certificate of it, made now."""
    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], cwd=t.home, check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
    kind = "IP" if name[0].isdigit() else "DNS"
    t.file("ext", f"subjectAltName={kind}:{name}\n")
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
            "-subj", "/CN=ivslint test CA", "-keyout", "ca.key", "-out", "ca.pem")
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=x",
            "-keyout", "s.key", "-out", "s.csr")
    openssl("x509", "-req", "-in", "s.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
            "-days", "2", "-extfile", "ext", "-out", "s.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(os.path.join(t.home, "s.pem"), os.path.join(t.home, "s.key"))
    return context, os.path.join(t.home, "ca.pem")


def by_role(t, s):
    s.put(*some(2, account=SECOND))
    return f"arn:aws:iam::{SECOND}:role/audit"


def sometimes(bad, times=1):
    """A fault of the first calls of one configuration."""
    return lambda op, account, region, name, n: bad if name == arn(2) and n <= times else None
