# SPDX-License-Identifier: Apache-2.0
"""The section of the benchmark that fetches: ivslint-fetch against serve.c."""
import os
import subprocess
import sys

N, CONNECTIONS, LATENCY = 1000, 32, 0.050


class Server:
    """serve.c at work; `counts` after its end: lists, gets, throttled, connections."""

    def __init__(self, program, n, latency_ms, quota, *tls):
        self.process = subprocess.Popen([program, str(n), str(latency_ms), str(quota), *tls],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        scheme = "https" if tls else "http"
        self.url = f"{scheme}://127.0.0.1:{self.process.stdout.readline().strip()}"

    def __enter__(self):
        os.environ["AWS_ENDPOINT_URL"] = self.url
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.counts = [int(n) for n in self.process.stdout.read().split()]
        self.process.wait()


def authority(folder):
    """A CA with a certificate for this machine, and a bundle as large as real ones."""
    folder = os.path.abspath(os.path.join(folder, "tls"))
    os.makedirs(folder, exist_ok=True)

    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    with open(os.path.join(folder, "ext"), "w") as out:
        out.write("subjectAltName=IP:127.0.0.1\n")
    openssl("req", "-x509", *curve, "-days", "2", "-subj", "/CN=bench CA", "-keyout", "ca.key",
            "-out", "ca.pem")
    openssl("req", *curve, "-subj", "/CN=x", "-keyout", "key.pem", "-out", "csr.pem")
    openssl("x509", "-req", "-in", "csr.pem", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
            "-days", "2", "-extfile", "ext", "-out", "cert.pem")
    bundle = os.path.join(folder, "bundle.pem")
    with open(bundle, "w") as out:
        for path in ("/etc/ssl/certs/ca-certificates.crt", os.path.join(folder, "ca.pem")):
            if os.path.exists(path):
                with open(path) as text:
                    out.write(text.read())
    return os.path.join(folder, "cert.pem"), os.path.join(folder, "key.pem"), bundle


def measure(bench, folder):
    fetcher = os.path.join(os.path.dirname(bench.program), "ivslint-fetch")
    serve = bench.compile("serve", "-lssl", "-lcrypto", "-pthread")
    if not os.path.exists(fetcher) or serve is None:
        bench.say("ivslint-fetch or its server is not built, left out")
        return
    for name in list(os.environ):
        if name.startswith("AWS_") or name.lower().endswith("_proxy"):
            del os.environ[name]
    os.environ.update(AWS_ACCESS_KEY_ID="AKIDBENCH", AWS_SECRET_ACCESS_KEY="bench",
                      AWS_REGION="us-west-2", AWS_DEFAULT_REGION="us-west-2", AWS_EC2_METADATA_DISABLED="true", HOME=folder)
    times = 3 if bench.quick else 7
    fast = [fetcher, "--max-tps=0", f"--concurrency={CONNECTIONS}", "-q"]
    rival = ["/usr/bin/python3", os.path.join(os.path.dirname(__file__), "rival_boto3.py")]

    bench.head(f"{N} recording configurations, {CONNECTIONS} connections, {LATENCY * 1000:.0f} ms latency")
    with Server(serve, N, int(LATENCY * 1000), 0) as server:
        commands = {"ivslint": (fast, {0}, 1)}
        if subprocess.run([rival[0], "-c", "import boto3"], stderr=subprocess.DEVNULL).returncode == 0:
            commands["boto3"] = (rival, {0}, 3)
        else:
            bench.say("python3-boto3 is not installed, left out")
        measured = bench.interleaved(commands, times)
    ideal = LATENCY + N / CONNECTIONS * LATENCY
    wall, cpu = bench.least(measured["ivslint"], 0), bench.least(measured["ivslint"], 1)
    if wall is None:
        return
    bench.row("time, beside the ideal", wall, ideal, wall / ideal, "<= 1.10", wall / ideal <= 1.10)
    if "boto3" in measured and bench.least(measured["boto3"], 1):
        bench.faster("CPU time, beside boto3 with 32 threads", cpu, bench.least(measured["boto3"], 1), 12)
        bench.say(f"boto3 took {bench.least(measured['boto3'], 0):.2f} s")
    runs = len(measured["ivslint"]) + len(measured.get("boto3", []))
    if server.counts[:3] != [runs * N // 100, runs * N, 0]:
        bench.say(f"not what was to be asked: {server.counts}")
        bench.broken += 1

    certificate, key, bundle = authority(folder)
    os.environ["AWS_CA_BUNDLE"] = bundle
    with Server(serve, N, 5, 0, certificate, key) as server:
        tls = bench.interleaved({"tls": (fast, {0}, 1)}, times)["tls"]
    del os.environ["AWS_CA_BUNDLE"]
    with Server(serve, N, 5, 0) as server:
        plain = bench.interleaved({"plain": (fast, {0}, 1)}, times)["plain"]
    if bench.least(tls, 1) and bench.least(plain, 1):
        a_request = (bench.least(tls, 1) - bench.least(plain, 1)) / (N + N / 100)
        bench.row("TLS: CPU time of a request, beside 300 us", a_request, 300e-6, a_request / 300e-6,
                  "<= 1.00", a_request <= 300e-6, "us")

    with Server(serve, 100, 0, 0) as server:
        bench.run([bench.program, "scan", "-q", "-p", "ivslint:tags"], {0, 1})
    good = server.counts[:2] == [1, 0]
    bench.row(f"rules on list fields: {sum(server.counts[:2])} call for 100", None, None, None, "1 call", good)

    n = 9 if bench.quick else 24
    with Server(serve, n, 20, 3) as server:
        paced = bench.run([fetcher, "-q", "--region=us-west-2,eu-west-1,us-east-1"], {0})
    if paced:
        ideal = n / 3
        bench.row(f"quota of 3 a second: {n} gets, beside calls / 3", paced[0], ideal, paced[0] / ideal,
                  "<= 1.05", paced[0] / ideal <= 1.05)
        bench.row(f"throttled calls: {server.counts[2]}", None, None, None, "0", server.counts[2] == 0)
