# SPDX-License-Identifier: Apache-2.0
"""What is read, beside what the AWS command line reads; which command lines are refused."""
import json
import os
import threading
import time

from harness import (FAST, KEY, OTHER, OTHER_SECRET, SECOND, SECRET, TOKEN, Skipped, equal, fetching, header,
                     same, some, want)
from service import ACCOUNT, REGIONS, SUMMARY, Service, arn, configuration


@fetching
def reads_everything(t):
    """Pages, gets, the order by ARN, the counts; every signature and header is right."""
    made = some(250)
    with t.keys(Service().put(*reversed(made))) as s:
        result = t.fetch(FAST)
        equal(s.wrong, [])
        equal([x["recordingConfiguration"] for x in result.lines[1:-1]], made)
        equal(result.lines[0], json.loads(header()))
        equal(result.trailer["recordingConfigurations"], 250)
        equal(result.trailer["read"], [{"account": ACCOUNT, "region": "us-west-2",
                                        "recordingConfigurations": 250}])
        equal((len(s.called("ListRecordingConfigurations")), len(s.called("GetRecordingConfiguration"))),
              (3, 250))
        want(all(c.agent.startswith("ivslint/") or " ivslint/" in c.agent for c in s.calls),
             s.calls[0].agent)
        want(all("attempt=1" in c.attempt for c in s.calls), s.calls[0].attempt)
        equal(len({c.invocation for c in s.calls}), len(s.calls))
        want(s.connections <= 34, f"{s.connections} connections for {len(s.calls)} calls")
        # a file holds the same bytes, and standard output nothing
        equal(t.fetch(FAST, "-o", "saved.ndjson").out, "")
        with open(os.path.join(t.work, "saved.ndjson")) as saved:
            lines = saved.read().splitlines()
        equal(lines[:-1], result.out.splitlines()[:-1])
        # what is saved is judged as what is live
        live = t.scan(FAST, "-p", "ivslint:recommended", "-f", "ndjson", "--all")
        again = t.run(t.program, "check", "-p", "ivslint:recommended", "-f", "ndjson", "--all",
                      "--allow-empty", "saved.ndjson", status=0)
        same(live.out.replace("<live>", "saved.ndjson"), again.out)


@fetching
def lists_only_what_is_needed(t):
    """Rules that name what a list holds cause no get: a hundred in one call."""
    made = some(100)
    with t.keys(Service().put(*made)) as s:
        t.scan("-p", "ivslint:tags")
        equal([c.operation for c in s.calls if c.region], ["ListRecordingConfigurations"])
        result = t.fetch("--needs", "summary")
        equal(result.arns, [c["arn"] for c in made])
        equal(result.lines[1], {"recordingConfigurations": [{k: made[0][k] for k in SUMMARY}]})


def by_aws(t, s, *arguments):
    """What Debian's command line says, in the same environment."""
    if not os.path.exists("/usr/bin/aws"):
        raise Skipped("no awscli")
    result = t.run("/usr/bin/aws", "ivs", *arguments, "--endpoint-url", s.url, "--output", "json",
                   "--no-cli-pager", status=0)
    return json.loads(result.out)


def holds(ours, theirs):
    """The same, but for what that version of the command line does not know yet."""
    if isinstance(theirs, dict) and isinstance(ours, dict):
        for key in theirs:
            want(key in ours, f"{key} is not in {ours}")
            holds(ours[key], theirs[key])
    else:
        equal(ours, theirs)


ODD = [configuration(1), configuration(2, name="", tags={}),
       configuration(3, name="ünïcödé-\u65e5\u672c", tags={"a/b:c": "x y \u00e9\u2028", "k": "\"\\\n\t"}),
       configuration(4, state="CREATE_FAILED", thumbnailConfiguration={
           "recordingMode": "INTERVAL", "targetIntervalSeconds": 1, "resolution": "HD",
           "storage": ["SEQUENTIAL", "LATEST"]},
           renditionConfiguration={"renditionSelection": "CUSTOM", "renditions": ["HD", "SD"]})]


@fetching
def as_aws_by_environment(t):
    """The same configurations as the AWS command line reads, as data: keys in the environment."""
    with t.keys(Service().put(*ODD, *some(120, "eu-west-1")), token=TOKEN) as s:
        ours = {c["arn"]: c for c in (x["recordingConfiguration"] for x in t.fetch(FAST).lines[1:-1])}
        listed = by_aws(t, s, "list-recording-configurations")["recordingConfigurations"]
        equal(sorted(ours), sorted(c["arn"] for c in listed))
        for c in listed:
            holds(ours[c["arn"]], c)
        for name in (ODD[2]["arn"], ODD[3]["arn"]):
            holds(ours[name], by_aws(t, s, "get-recording-configuration", "--arn", name)
                  ["recordingConfiguration"])
        # pages, and a region by the environment
        t.env["AWS_REGION"] = "eu-west-1"
        equal(t.fetch("--needs=summary").arns,
              [c["arn"] for c in by_aws(t, s, "list-recording-configurations")["recordingConfigurations"]])
        equal(s.wrong, [])


@fetching
def as_aws_by_files(t):
    """The same by shared files: profile, region, credential_process, container."""
    with t.keys(Service().put(*ODD, *some(2, "eu-west-1", SECOND))) as s:
        s.key(OTHER, OTHER_SECRET, TOKEN, SECOND)
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"):
            del t.env[name]
        answer = t.file("answer", json.dumps({"Version": 1, "AccessKeyId": OTHER,
                                              "SecretAccessKey": OTHER_SECRET, "SessionToken": TOKEN}))
        t.file(".aws/credentials", f"[default]\naws_access_key_id = {KEY}\n"
               f"aws_secret_access_key = {SECRET}\n")
        t.file(".aws/config", "[default]\nregion = us-west-2\n"
               f"[profile other]\nregion = eu-west-1\ncredential_process = cat '{answer}'\n")
        for profile, n in ((None, 4), ("other", 2)):
            if profile is not None:
                t.env["AWS_PROFILE"] = profile
            listed = by_aws(t, s, "list-recording-configurations")["recordingConfigurations"]
            equal(len(listed), n)
            equal(t.fetch("--needs=summary").arns, [c["arn"] for c in listed])
        del t.env["AWS_PROFILE"]
        os.unlink(os.path.join(t.home, ".aws/credentials"))
        s.container_token, s.credentials = TOKEN, {"AccessKeyId": OTHER, "Token": TOKEN,
                                                   "SecretAccessKey": OTHER_SECRET,
                                                   "Expiration": "2099-01-01T00:00:00Z"}
        t.env.update(AWS_CONTAINER_CREDENTIALS_FULL_URI=s.url + "/container",
                     AWS_CONTAINER_AUTHORIZATION_TOKEN=TOKEN, AWS_REGION="eu-west-1")
        equal(t.fetch("--needs=summary").arns,
              [c["arn"] for c in by_aws(t, s, "list-recording-configurations")["recordingConfigurations"]])
        equal(s.wrong, [])


@fetching
def usage(t):
    """A command line that is wrong: 2, and nothing is called."""
    with t.keys(Service().put(*some(1))) as s:
        for arguments in (["--region="], ["--concurrency=0"], ["--regoin", "x"], ["--accounts", "x"],
                          ["--profile", "a,,b"], ["operand"], ["--endpoint-url", "ftp://x/"]):
            result = t.run(t.program, "fetch", *arguments)
            want(result.status == 2, f"{arguments}: {result.status} {result.err}")
            equal(result.out, "")
            result = t.run(t.program, "scan", *arguments)
            want(result.status == 2, f"scan {arguments}: {result.status} {result.err}{result.out}")
        equal(s.calls, [])


@fetching
def regions(t):
    """All is where IVS is; another region is an error that names those."""
    with t.keys(Service().put(*[configuration(1, r) for r in REGIONS])) as s:
        result = t.fetch("--region=all", FAST)
        equal(sorted(a.split(":")[3] for a in result.arns), sorted(REGIONS))
        result = t.run(t.program, "fetch", "-v", "--region", "us-east-2,us-west-2")
        want(result.status in (2, 3))
        want(all(r in result.out + result.err for r in REGIONS), result.out + result.err)
        del t.env["AWS_REGION"]
        result = t.run(t.program, "fetch")
        want(result.status in (2, 3) and "region" in result.err + result.out)


@fetching
def few_at_one_time(t):
    """No more requests at one time than are asked for."""
    with t.keys(Service().put(*some(20))) as s:
        most, now, lock = [0], [0], threading.Lock()
        whole = s.ivs

        def ivs(*arguments):
            with lock:
                now[0] += 1
                most[0] = max(most[0], now[0])
            time.sleep(0.05)
            with lock:
                now[0] -= 1
            return whole(*arguments)
        s.ivs = ivs
        t.fetch(FAST, "--concurrency=3")
        want(1 < most[0] <= 3, str(most[0]))


@fetching
def endpoint_paths(t):
    """An endpoint URL may have a path, however odd: it is sent as it is, and signed as AWS reads it."""
    with t.keys(Service().put(*some(1)), token=TOKEN) as s:
        for path in ("/", "//", "/v1/", "/a%20b", "/a%2Fb", "/a/./b/../c", "/a//b//", "/~x_-.+", "/%7e/%e4",
                     "/a=b&c;d,e@f!g$h(i)*'", "/../.."):
            equal((path, t.fetch(FAST, "--max-attempts=1", "--endpoint-url", s.url + path).arns), (path, [arn(0)]))
        # the host as it is written is the host that is signed
        t.fetch(FAST, "--max-attempts=1", "--endpoint-url", s.url.replace("http://127.0.0.1", "HTTP://LocalHost"))
        equal(s.wrong, [])
