# SPDX-License-Identifier: Apache-2.0
"""What is shown and asked on a terminal: progress, and the code of a second factor."""
import os
import pty
import signal
import subprocess
import termios
import time

from harness import (FAST, KEY, SECONDS, SECRET, Failed, Result, by_role, equal, fetching, some, want)
from service import ACCOUNT, Bad, Service

ARN_MFA, CODE = f"arn:aws:iam::{ACCOUNT}:mfa/auditor", "827364"


class Terminal:
    """A pseudo terminal; a program that is started here has it as its own."""

    def __init__(self, t):
        self.t = t
        self.leader, self.follower = pty.openpty()
        self.seen = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self.leader)
        os.close(self.follower)

    def start(self, *command, stdin=subprocess.DEVNULL):
        def take():
            os.close(os.open(os.ttyname(self.follower), os.O_RDWR))  # a session's first is its own

        self.child = subprocess.Popen(command, cwd=self.t.work, env=self.t.env, stdin=stdin,
                                      stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=take,
                                      start_new_session=True)

    def read(self):
        os.set_blocking(self.leader, False)
        try:
            self.seen += os.read(self.leader, 65536)
        except OSError:
            pass

    def wait_for(self, text):
        end = time.monotonic() + SECONDS
        while text not in self.seen:
            if self.child.poll() is not None or time.monotonic() > end:
                self.child.kill()
                out, err = self.child.communicate()
                raise Failed(f"{text} is not on the terminal: {self.seen} {out} {err}")
            time.sleep(0.01)
            self.read()

    def type(self, text):
        os.write(self.leader, text)

    def echoes(self):
        return bool(termios.tcgetattr(self.follower)[3] & termios.ECHO)

    def finish(self, status):
        out, err = self.child.communicate(timeout=SECONDS)
        self.read()
        self.t.search(out, err, self.seen)
        result = Result(self.child.returncode, out.decode(), err.decode())
        want(result.status == status, f"{result.status}, not {status}: {out} {err}")
        return result


def with_code(t, s):
    """A profile whose role wants a code."""
    role = by_role(t, s)
    s.roles[role] = None
    s.codes[role] = (ARN_MFA, CODE)
    t.file(".aws/config", f"[profile r]\nrole_arn = {role}\nsource_profile = base\nmfa_serial = {ARN_MFA}\n"
           "region = us-west-2\n")
    t.file(".aws/credentials", f"[base]\naws_access_key_id={KEY}\naws_secret_access_key={SECRET}\n")
    t.secrets.add(CODE)
    return role


@fetching
def code(t):
    """It is asked for on the terminal, wherever else input and output are; it is not shown, nor kept."""
    with t.keys(Service()) as s, Terminal(t) as tty:
        with_code(t, s)
        for command in ("fetch", FAST, "-vv"), ("scan", FAST, "-vv", "-p", "ivslint:recommended"):
            tty.seen = b""
            tty.start(t.program, *command, "--profile", "r")
            tty.wait_for(b"MFA code for " + ARN_MFA.encode() + b": ")
            want(not tty.echoes(), "it is shown while it is typed")
            tty.type(CODE.encode() + b"\n")
            result = tty.finish(0)
            want(tty.echoes(), "the terminal stays silent")
            want("Ab000001" in result.out or "2 recording configurations" in result.out, result.out)
            equal(len(s.called("AssumeRole")), 1)
            s.calls.clear()
        for root, _, names in os.walk(t.folder):
            for name in names:
                with open(os.path.join(root, name), "rb") as kept:
                    want(CODE.encode() not in kept.read(), f"it is in {name}")


@fetching
def wrong_code(t):
    """One that is refused, none, and an end instead: each has its reason, and the code is not in it."""
    with t.keys(Service()) as s, Terminal(t) as tty:
        role = with_code(t, s)
        s.codes[role] = (ARN_MFA, "111111")
        for typed, text in (CODE + "\n", "pass code ***"), ("\n", "no code was typed"), ("\x04", "no code was typed"):
            tty.seen = b""
            tty.start(t.program, "fetch", "--profile", "r")
            tty.wait_for(b": ")
            tty.type(typed.encode())
            found = tty.finish(3).trailer["missing"][0]
            want(text in found["message"], str(found))
            want(tty.echoes(), "the terminal stays silent")


@fetching
def no_terminal(t):
    """Nobody can be asked: refused with the reason, and STS is not called."""
    with t.keys(Service()) as s:
        with_code(t, s)
        result = t.finish(t.start(t.program, "fetch", "--profile", "r", start_new_session=True))
        equal(result.status, 3)
        message = result.trailer["missing"][0]["message"]
        want(f"it needs a code of the MFA device '{ARN_MFA}', and there is no terminal to ask on" in message,
             message)
        equal(s.calls, [])


@fetching
def interrupted_code(t):
    """A signal while a code is asked for: it ends at once, and the terminal shows again what is typed."""
    with t.keys(Service()) as s, Terminal(t) as tty:
        with_code(t, s)
        for how in "key", "INT", "TERM", "key", "key", "key":
            tty.seen = b""
            tty.start(t.program, "fetch", "--profile", "r")
            tty.wait_for(b": ")
            number = signal.SIGTERM if how == "TERM" else signal.SIGINT
            tty.type(b"82\x03") if how == "key" else tty.child.send_signal(number)
            result = tty.finish(-number)
            want(tty.echoes(), f"{how}: the terminal stays silent")
            equal(result.trailer["complete"], False)
            equal(s.calls, [])
        for _ in range(3):
            tty.seen = b""
            tty.start(t.program, "scan", "--profile", "r", "-p", "ivslint:recommended")
            tty.wait_for(b": ")
            tty.type(b"\x03")
            want("interrupted by SIGINT" in tty.finish(-signal.SIGINT).out)
            want(tty.echoes(), "scan: the terminal stays silent")


@fetching
def on_a_terminal(t):
    """The progress of a scan is on the terminal while it lasts, and gone when it is over."""
    with t.keys(Service().put(*some(12))) as s:
        s.fault = lambda op, account, region, name, n: Bad("delay", 0.4) if name else None
        t.env["TERM"] = "xterm"
        leader, follower = pty.openpty()
        child = subprocess.Popen([t.program, "scan", FAST, "--concurrency=2", "-p", "ivslint:recommended"],
                                 cwd=t.work, env=t.env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                 stderr=follower)
        os.close(follower)
        seen = b""
        while True:
            try:
                data = os.read(leader, 65536)
            except OSError:
                break
            if not data:
                break
            seen += data
        out = child.stdout.read().decode()
        child.stdout.close()
        os.close(leader)
        equal(child.wait(), 0)
        t.search(seen)
        want(b"\r" in seen and b"12" in seen, repr(seen))
        want("12 recording configurations" in out, out)
