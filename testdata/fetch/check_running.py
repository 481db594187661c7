# SPDX-License-Identifier: Apache-2.0
"""Signals, and what is said while it runs."""
import json
import os
import signal
import time

from harness import FAST, Failed, entry, equal, fetching, some, want
from service import Bad, Service


def slow(t):
    s = t.keys(Service().put(*some(60)))
    s.fault = lambda op, account, region, name, n: Bad("delay", 0.3) if name else None
    return s


@fetching
def signals(t):
    """At a signal nothing more is called, and what was read is written, whole."""
    for number, name in ((signal.SIGINT, "SIGINT"), (signal.SIGTERM, "SIGTERM")):
        for output in ([], ["-o", "saved.ndjson"]):
            with slow(t) as s:
                child = t.start(t.program, "fetch", FAST, "--concurrency=4", *output)
                while len(s.called("GetRecordingConfiguration")) < 8:
                    time.sleep(0.01)
                child.send_signal(number)
                sent = time.monotonic()
                result = t.finish(child)
                want(time.monotonic() - sent < 3, "it took its time")
                want(result.status in (128 + number, -number), str(result.status))
                if output:
                    equal(result.out, "")
                    with open(os.path.join(t.work, "saved.ndjson")) as saved:
                        result.out = saved.read()
                equal((result.trailer["interrupted"], result.trailer["complete"]), (name, False))
                equal(result.trailer["recordingConfigurations"], len(result.arns))
                want(result.out.endswith("\n") and 0 < len(result.arns) < 60)
                want(len(s.called("GetRecordingConfiguration")) < 20)
                equal([f for f in os.listdir(t.work) if f.startswith(".")], [])


@fetching
def signals_to_scan(t):
    for group in (False, True):
        with slow(t) as s:
            child = t.start(t.program, "scan", FAST, "--concurrency=4", "-p", "ivslint:recommended",
                            "-f", "text", "-f", "json=r.json", start_new_session=True)
            while len(s.called("GetRecordingConfiguration")) < 8:
                time.sleep(0.01)
            os.killpg(child.pid, signal.SIGINT) if group else child.send_signal(signal.SIGINT)
            result = t.finish(child)
            equal(result.status, -signal.SIGINT)
            want("interrupted by SIGINT" in result.out, result.out + result.err)
            with open(os.path.join(t.work, "r.json")) as report:
                report = json.load(report)
            want(0 < report["summary"]["matrix"]["resources"] < 60)
            equal(report["summary"]["complete"], False)


@fetching
def twice(t):
    """A second signal ends it at once."""
    with t.keys(Service().put(*some(4))) as s:
        s.fault = lambda op, account, region, name, n: Bad("hang", 20) if name else None
        child = t.start(t.program, "fetch", FAST, "-o", "saved.ndjson")
        while len(s.called("GetRecordingConfiguration")) < 4:
            time.sleep(0.01)
        child.send_signal(signal.SIGINT)
        child.send_signal(signal.SIGINT)
        begun = time.monotonic()
        t.finish(child)
        want(time.monotonic() - begun < 3)


@fetching
def no_progress_in_logs(t):
    """No progress where standard error is no terminal, and none of the tools of one."""
    with t.keys(Service().put(*some(8))) as s:
        s.fault = lambda op, account, region, name, n: Bad("delay", 0.3) if name else None
        result = t.fetch(FAST, "--concurrency=2", quiet=True)
        want("\r" not in result.err and "\x1b" not in result.err, repr(result.err))


def left(group):
    """Whether anything of a process group still runs; what is dead and not buried does not."""
    for pid in os.listdir("/proc"):
        try:
            with open(f"/proc/{pid}/stat") as stat:
                fields = stat.read().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group and fields[0] != "Z":
            return True
    return False


@fetching
def stops_programs(t):
    """A program that gives credentials ends with us, and with all that it started."""
    t.env["AWS_REGION"] = "us-west-2"
    t.file(".aws/config", f"[default]\ncredential_process = echo $$ > {t.home}/pid; sleep 50; true\n")
    child = t.start(t.program, "fetch")
    path = os.path.join(t.home, "pid")
    while not os.path.exists(path) or os.path.getsize(path) == 0:
        time.sleep(0.01)
    with open(path) as text:
        pid = int(text.read())
    sent = time.monotonic()
    child.send_signal(signal.SIGINT)
    result = t.finish(child)
    want(time.monotonic() - sent < 3, "it took its time")
    equal(result.status, -signal.SIGINT)
    entry(result, code="Interrupted")
    end = time.monotonic() + 2
    while left(pid):
        if time.monotonic() > end:
            os.killpg(pid, signal.SIGKILL)
            raise Failed("it goes on")
        time.sleep(0.01)
