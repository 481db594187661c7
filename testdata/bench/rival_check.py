# SPDX-License-Identifier: Apache-2.0
"""The ten checks of bench.yaml with Python's standard library.

rival_check.py FILE OUT: NDJSON in, findings as NDJSON out.
"""
import json
import re
import sys

BUCKET = re.compile(r"^acme-(dev|stage|prod)-ivs-[a-z0-9-]+$").search
NAME = re.compile(r"^[a-z][a-z0-9-]{2,60}$").search


def judge(c, fail):
    tags = c.get("tags") or {}
    environment = tags.get("Environment")
    bucket = c["destinationConfiguration"]["s3"]["bucketName"]
    interval = c["thumbnailConfiguration"]["targetIntervalSeconds"]
    if "Owner" not in tags or environment is None:
        fail("required-tags", "tags", tags)
    if environment is not None and environment not in ("dev", "stage", "prod"):
        fail("environment-values", "tags", tags)
    if not BUCKET(bucket):
        fail("bucket-pattern", "destinationConfiguration.s3.bucketName", bucket)
    if not NAME(c["name"]):
        fail("name-pattern", "name", c["name"])
    if not 5 <= interval <= 60:
        fail("interval-bounds", "thumbnailConfiguration.targetIntervalSeconds", interval)
    if not 30 <= c["recordingReconnectWindowSeconds"] <= 300:
        fail("window-bounds", "recordingReconnectWindowSeconds",
             c["recordingReconnectWindowSeconds"])
    if interval % 5:
        fail("interval-multiple", "thumbnailConfiguration.targetIntervalSeconds", interval)
    if c["state"] != "ACTIVE":
        fail("state-active", "state", c["state"])
    if "FULL_HD" not in c["renditionConfiguration"]["renditions"]:
        fail("full-hd", "renditionConfiguration.renditions",
             c["renditionConfiguration"]["renditions"])
    if environment is None or environment not in bucket:
        fail("bucket-environment", "destinationConfiguration.s3.bucketName", bucket)


def main():
    with open(sys.argv[1], encoding="utf-8") as lines, open(sys.argv[2], "w") as out:
        for number, line in enumerate(lines, 1):
            c = json.loads(line)["recordingConfiguration"]

            def fail(rule, field, actual):
                out.write(json.dumps({"rule": rule, "verdict": "fail", "resource": c["arn"],
                                      "field": field, "actual": actual, "line": number}) + "\n")

            judge(c, fail)


main()
