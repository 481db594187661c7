# SPDX-License-Identifier: Apache-2.0
"""The command scan, with a fetcher that is a script."""
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time

from harness import (HERE, SECONDS, SECRET, Failed, Skipped, equal, header, line, same, test, trailer, want)
from service import ACCOUNT, arn, configuration


@test
def stub_arguments(t):
    """What is asked, and how much of it is needed, reaches the fetcher as it was written."""
    program = t.stub(f"printf '%s\\n' \"$@\" > arguments; echo '{header()}'; echo '{trailer(0)}'")

    def words(*arguments):
        t.run(program, "scan", *arguments, status=0)
        with open(os.path.join(t.work, "arguments")) as text:
            return text.read().split("\n")[:-1]

    equal(words("--region", "us-west-2", "--profile=a b", "-p", "ivslint:recommended"),
          ["--region=us-west-2", "--profile=a b"])
    equal(words("-p", "ivslint:tags", "--max-tps=0", "-q"), ["--max-tps=0", "--needs=summary", "--quiet"])
    equal(words("-p", "ivslint:thumbnails", "-v", "--arn", "x", "--arn", "y"),
          ["--arn=x", "--arn=y", "--verbose"])
    equal(words("-p", "ivslint:tags", "--arn", "x"), ["--arn=x"])
    equal(words("-p", "ivslint:recommended", "--rule", "required-tags"), ["--needs=summary"])


@test
def stub_environment(t):
    """The environment goes to the fetcher as it is, and its standard error comes from there."""
    t.env["AWS_SECRET_ACCESS_KEY"] = SECRET
    program = t.stub(f"test \"$AWS_SECRET_ACCESS_KEY\" = '{SECRET}' && echo heard >&2\n"
                     f"echo '{header()}'; echo '{trailer(0)}'")
    result = t.scan(program=program, status=0)
    want("heard" in result.err)


@test
def stub_deaths(t):
    """However the fetcher ends, its end has a name in the report, and the status is 3."""
    one = line(configuration(1))
    cases = [
        ("kill -9 $$", "was ended by SIGKILL (signal 9)"),
        (f"echo '{header()}'; echo '{one}'; kill -SEGV $$", "was ended by SIGSEGV (signal 11)"),
        ("exit 0", "the fetch wrote nothing"),
        ("exit 1", "ended with status 1, and did not say what is missing"),
        ("exit 3", "ended with status 3, and did not say what is missing"),
        (f"echo '{header()}'; echo '{trailer(0)}'; exit 3", "did not say what is missing"),
        (f"echo '{header()}'; echo '{trailer(0)}'; exit 130", "ended with status 130"),
        (f"echo '{header()}'; echo '{one}'", "has no trailer: it is cut"),
        (f"echo '{header()}'; echo '{one}'; echo '{trailer(2)}'", "the file is not whole"),
        (f"echo '{header()}'; printf '%s' '{one[:100]}'", "not closed"),
        ("echo hello", "not what ivslint fetch writes"),
        (f"echo '{one}'; echo '{trailer(1)}'", "a trailer of ivslint fetch without its header"),
        (f"echo '{header()}'; echo '{trailer(0)}'; echo '{one}'", "after the trailer"),
    ]
    for script, text in cases:
        result = t.scan("-f", "json=r.json", "-f", "text", program=t.stub(script), status=3)
        want(text in result.out, f"{script}: no '{text}' in\n{result.out}")
        with open(os.path.join(t.work, "r.json")) as report:
            report = json.load(report)
        want(any(text in p["message"] for p in report["problems"]))
        want(not report["summary"]["complete"])


@test
def stub_absent(t):
    program = t.stub(None)
    result = t.scan(program=program, status=3)
    want("cannot find ivslint-fetch" in result.out)
    want("cannot find ivslint-fetch" in t.run(program, "fetch", status=3).err)
    with open(os.path.join(os.path.dirname(t.stub("exit 0")), "ivslint-fetch"), "w") as out:
        out.write("#!/nowhere/at-all\n")
    want("cannot run" in t.scan(program=program, status=3).out)


@test
def stub_usage(t):
    """A fetcher that refuses its command line: status 2, no report, nothing audited."""
    program = t.stub("echo 'ivslint-fetch: no' >&2; exit 2")
    result = t.scan("-f", "json=r.json", "-f", "text", program=program, status=2)
    equal(os.listdir(t.work), [])
    equal(result.out, "")


@test
def stub_of_the_deaf(t):
    """Who starts us may ignore SIGCHLD: how the fetcher ended is known all the same."""
    deaf = ("import os, signal, sys; signal.signal(signal.SIGCHLD, signal.SIG_IGN); "
            "os.execv(sys.argv[1], sys.argv[1:])")

    def end(script):
        return t.run(sys.executable, "-c", deaf, t.stub(script), "scan")

    equal(end("exit 2").status, 2)
    killed = end("kill -9 $$")
    equal(killed.status, 3)
    want("ended by SIGKILL" in killed.out, killed.out)


@test
def stub_empty(t):
    """An account without recording configurations is no failure unless it is to be one."""
    program = t.stub(f"echo '{header()}'; echo '{trailer(0)}'")
    want("NOTHING WAS AUDITED" in t.scan(program=program, status=0).out)
    t.scan("--fail-on-empty", program=program, status=3)


@test
def stub_findings(t):
    """Findings are 1, what is missing outranks them, and both are in the report."""
    bad = line(configuration(1, name="x y"))
    t.stub(f"echo '{header()}'; echo '{bad}'; echo '{trailer(1)}'")
    program = t.stub(None)
    t.scan("-p", "ivslint:names", program=program, status=1)
    # a line a finding says which configuration it is about
    out = t.run(program, "scan", "-q", "-p", "ivslint:names", status=1).out
    want(out.startswith(f"{arn(1)}: low: configuration-name-pattern: "), out)
    denied = {"account": ACCOUNT, "region": "us-east-1", "operation": "ListRecordingConfigurations",
              "code": "AccessDeniedException", "message": "User is not authorized", "requestId": "r-1"}
    t.stub(f"echo '{header()}'; echo '{bad}'; echo '{trailer(1, [denied])}'; exit 3")
    result = t.scan("-p", "ivslint:names", "-f", "text", "-f", "junit=r.xml", "-f", "sarif=r.sarif",
                    program=program, status=3)
    for text in (ACCOUNT, "us-east-1", "ListRecordingConfigurations", "AccessDeniedException",
                 "User is not authorized", "r-1", "Ab000001"):
        want(text in result.out, text)
        with open(os.path.join(t.work, "r.xml")) as report:
            want(text in report.read(), text)


@test
def stub_all_formats(t):
    """Live configurations in every format, and the same bytes again."""
    lines = [header()] + [line(configuration(i, name=f"n {i}")) for i in range(50)] + [trailer(50)]
    path = t.file("stream", "\n".join(lines) + "\n")
    program = t.stub(f"cat '{path}'")
    for name in ("text", "json", "ndjson", "junit", "sarif", "github", "gitlab", "markdown", "csv"):
        first = t.scan("-f", name, "-j", "1", program=program, status=1)
        want(first.out == t.scan("-f", name, "-j", "8", program=program, status=1).out, name)


@test
def stub_snapshot(t):
    """What was read is kept, findings are at its lines, and check finds the same in it."""
    lines = [header()] + [line(configuration(i, name=f"n {i}" if i % 2 else f"n-{i}"))
                          for i in range(2000)] + [trailer(2000)]
    path = t.file("stream", "\n".join(lines) + "\n")
    program = t.stub(f"cat '{path}'")
    t.scan("-p", "ivslint:names", "-f", "sarif=live.sarif", "-f", "ndjson=live.out", program=program,
           status=1)
    os.makedirs(os.path.join(t.work, "kept"))
    for name in ("kept/a b.ndjson", "a.yaml"):  # what it is called does not say what it is
        made = {}
        for jobs in "1", "8":
            for end in "sarif", "gitlab", "quiet":
                form = ["-f", end] if end != "quiet" else ["-q"]
                form += ["-p", "ivslint:names", "-j", jobs]
                made[end] = t.run(program, "scan", *form, "--snapshot", name, status=1).out
                with open(os.path.join(t.work, name)) as kept, open(path) as was:
                    want(kept.read() == was.read(), "the snapshot is not what was read")
                same(t.run(t.program, "check", *form, name, status=1).out, made[end])
        results = [r for run in json.loads(made["sarif"])["runs"] for r in run["results"]]
        equal(len(results), 1000)
        for r in results:
            place = r["locations"][0]["physicalLocation"]
            equal(place["artifactLocation"], {"uri": name.replace(" ", "%20"), "uriBaseId": "%SRCROOT%"})
            want(r["properties"]["resource"] in lines[place["region"]["startLine"] - 1], str(r))
        for finding in json.loads(made["gitlab"]):
            equal(finding["location"]["path"], name)
        want(made["quiet"].startswith(f"{name}:3:"), made["quiet"][:200])
        # without it they are at the policy, and are the same to whom keeps them
        with open(os.path.join(t.work, "live.sarif")) as text:
            live = [r for run in json.load(text)["runs"] for r in run["results"]]
        equal({r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in live},
              {".ivslint.yaml"})
        equal([r["partialFingerprints"] for r in live], [r["partialFingerprints"] for r in results])
    with open(os.path.join(t.work, "live.sarif"), "w") as text:
        text.write(made["sarif"])
    proof = subprocess.run(
        ["/usr/bin/python3", os.path.join(HERE, "../report/prove.py"),
         os.path.join(HERE, "../../man/ivslint-report.schema.json"), "sarif",
         os.path.join(t.work, "live.sarif")], cwd=os.path.join(HERE, "../.."),
        capture_output=True, text=True)
    want(proof.returncode == 0, proof.stdout + proof.stderr)


@test
def stub_sarif_limits(t):
    """More regions and results than a SARIF file holds: the most severe are kept, and the rest told."""
    t.file("p.yaml", "version: 1\nrules:\n"
                     "  - {id: low, title: a, severity: low, require: {name: zz}}\n"
                     "  - {id: high, title: a, severity: high, require: {state: CREATING}}\n")
    regions, each = 21, 2600
    path = os.path.join(t.home, "many.ndjson")
    with open(path, "w") as out:
        for i in range(regions * each):
            out.write('{"recordingConfiguration":{"arn":"%s","name":"a","state":"ACTIVE"}}\n'
                      % arn(i, f"xx-east-{i % regions}"))
    t.run(t.program, "check", "-p", os.path.join(t.home, "p.yaml"), "-f", "sarif=r.sarif", path, status=1)
    with open(os.path.join(t.work, "r.sarif")) as text:
        runs = json.load(text)["runs"]
    equal(len(runs), 20)
    for n, run in enumerate(runs):
        met = 2 * each * (1 if n < 19 else 2)
        rules = [r["ruleId"] for r in run["results"]]
        equal(len(rules), 5000)
        equal(rules, sorted(rules))
        equal(rules.count("high"), min(met // 2, 5000))
        notes = [m["message"]["text"] for m in run["invocations"][0]["toolExecutionNotifications"]]
        want(f"{met - 5000} of {met} results are left out, the least severe: a run holds 5000" in notes,
             str(notes))


@test
def stub_snapshot_incomplete(t):
    """A part is kept and told as one; nothing keeps an older one; one that fails counts."""
    kept = os.path.join(t.work, "s.ndjson")
    denied = {"account": ACCOUNT, "region": "us-east-1", "operation": "ListRecordingConfigurations",
              "code": "AccessDeniedException", "message": "no", "requestId": "r-1"}
    one = line(configuration(1))
    for end, text in ((f"echo '{trailer(1, [denied])}'; exit 3", "AccessDeniedException"),
                      ("kill -9 $$", "has no trailer: it is cut")):
        program = t.stub(f"echo '{header()}'; echo '{one}'; {end}")
        want(text in t.scan("--snapshot", kept, program=program, status=3).out)
        want(text in t.run(t.program, "check", kept, status=3).out, end)
    with open(kept) as text:
        before = text.read()
    for script, status in (("exit 0", 3), ("exit 2", 2)):
        t.scan("--snapshot", kept, program=t.stub(script), status=status)
        with open(kept) as text:
            equal(text.read(), before)
    program = t.stub(f"echo '{header()}'; echo '{one}'; echo '{trailer(1)}'")
    if os.path.exists("/dev/full"):
        result = t.scan("--snapshot", "/dev/full", program=program, status=3)
        want("the snapshot: " in result.out, result.out)
    t.scan("--snapshot", "none/s.ndjson", program=program, status=3)
    for words in (["-"], [""], ["./r.json", "-f", "json=r.json"], ["b", "--baseline", "b"]):
        t.scan("--snapshot", *words, program=program, status=2)
    equal(os.listdir(t.work), ["s.ndjson"])


@test
def stub_signals(t):
    """One that came to us alone is passed on; what was read is reported as incomplete."""
    for number, name in ((signal.SIGINT, "SIGINT"), (signal.SIGTERM, "SIGTERM")):
        # the script ends as ivslint-fetch does
        program = t.stub(
            f"stop() {{ echo \"$1\" >> got; echo '{trailer(1, complete=False, interrupted=name)}'; exit $2; }}\n"
            "trap 'stop INT 130' INT; trap 'stop TERM 143' TERM\n"
            f"echo '{header()}'; echo '{line(configuration(1))}'; : > ready\n"
            "while :; do sleep 0.05; done")
        for group in (False, True):
            for path in ("ready", "got"):
                if os.path.exists(os.path.join(t.work, path)):
                    os.unlink(os.path.join(t.work, path))
            child = t.start(program, "scan", "-f", "json=r.json", "-f", "text", start_new_session=True)
            while not os.path.exists(os.path.join(t.work, "ready")):
                time.sleep(0.01)
            if group:
                os.killpg(child.pid, number)
            else:
                os.kill(child.pid, number)
            result = t.finish(child)
            equal(result.status, -number)
            want(f"interrupted by {name}" in result.out, result.out)
            want("interrupted" in result.err)
            with open(os.path.join(t.work, "got")) as got:
                want(len(got.read().split()) == 1, "the fetcher got more than one signal")
            with open(os.path.join(t.work, "r.json")) as report:
                report = json.load(report)
            equal(report["summary"]["complete"], False)
            equal(report["summary"]["matrix"]["resources"], 1)
            equal(sorted(f for f in os.listdir(t.work) if f.startswith(".")), [])


@test
def stub_does_not_outlive(t):
    """The fetcher ends with us, whatever ends us."""
    program = t.stub("echo $$ > pid; exec sleep 30")
    child = t.start(program, "scan")
    path = os.path.join(t.work, "pid")
    while not os.path.exists(path) or os.path.getsize(path) == 0:
        time.sleep(0.01)
    with open(path) as text:
        pid = int(text.read())
    child.kill()
    t.finish(child)
    for _ in range(200):
        try:
            with open(f"/proc/{pid}/stat") as stat:
                if stat.read().rpartition(")")[2].split()[0] == "Z":
                    return
        except OSError:
            return
        time.sleep(0.02)
    os.kill(pid, signal.SIGKILL)
    raise Failed("it goes on")


@test
def stub_reader_goes_away(t):
    """Where nobody reads the report, the fetcher is ended, and the status is 3."""
    program = t.stub(f"echo '{header()}'; while :; do echo '{line(configuration(1, name='x y'))}'; done")
    child = t.start(program, "scan", "-f", "ndjson")
    child.stdout.read(10)
    child.stdout.close()
    child.stdout = None
    child.wait(timeout=SECONDS)
    equal(child.returncode, 3)
    child.stderr.close()


@test
def workers_alike(t):
    """A long stream with several fetches in it, one cut: the same bytes with one worker and eight."""
    lines = []
    for part in range(6):
        lines.append(header())
        n = 700 + part
        lines += [line(configuration(part * 1000 + i, name=f"x {i}" if i % 50 == 0 else f"n-{i}"))
                  for i in range(n)]
        if part == 2:
            lines.insert(-5, "not JSON")
        if part == 3:
            continue
        missing = [{"account": ACCOUNT, "code": f"C{i}"} for i in range(part * 30)]
        lines.append(trailer(n if part != 2 else n + 1, missing, deleted=["arn:x"]))
    path = os.path.join(t.work, "many.ndjson")
    with open(path, "w") as out:
        out.write("\n".join(lines) + "\n")
    for name in ("text", "ndjson"):
        first = t.run(t.program, "check", "-p", "ivslint:names", "-j1", "-f", name, path, status=3)
        second = t.run(t.program, "check", "-p", "ivslint:names", "-j8", "-f", name, path, status=3)
        want(first.out == second.out, f"{name} differs")
        equal(first.err, second.err)
    want(first.out.count("not fetched") == (1 + 2 + 4 + 5) * 30)
    want("has no trailer" in first.out)


@test
def no_network_library(t):
    """ivslint is not linked with curl, nor with what only the fetcher needs."""
    if shutil.which("readelf") is None:
        raise Skipped("no readelf")
    linked = t.run("readelf", "-d", t.program, status=0).out
    names = re.findall(r"\(NEEDED\).*\[(.*)\]", linked)
    want(not any("curl" in n or "cjson" in n for n in names), str(names))
    if not names:  # linked with all that it needs: what libcurl says of itself is not in it
        with open(t.program, "rb") as program:
            want(b"libcurl/" not in program.read(), "libcurl is in the program")


@test
def gives_up(t):
    """While the fetch runs, what judges has neither network nor other programs left."""
    program = t.stub("echo $PPID > parent; sleep 1; echo \"$0\" > /dev/null; exit 1")
    child = t.start(program, "scan")
    path = os.path.join(t.work, "parent")
    while not os.path.exists(path) or os.path.getsize(path) == 0:
        time.sleep(0.01)
    time.sleep(0.2)
    with open(f"/proc/{child.pid}/status") as status:
        status = dict(row.split(":\t", 1) for row in status.read().splitlines() if ":\t" in row)
    t.finish(child)
    if status.get("Seccomp", "0").strip() != "2":
        raise Skipped("no seccomp here")
    equal(status["NoNewPrivs"].strip(), "1")
    want(int(status.get("Seccomp_filters", "2")) >= 2, str(status))


@test
def policy_first(t):
    """A policy with a mistake: 2, and the fetch is not even started."""
    program = t.stub(": > started")
    t.file("bad.yaml", "version: 1\nrules: 3\n")
    t.scan("-p", os.path.join(t.home, "bad.yaml"), program=program, status=2)
    t.scan("-f", "json=/nowhere/at/all", program=program, status=3)
    equal(os.listdir(t.work), [])
