#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Lists and gets recording configurations with boto3 and 32 threads, as NDJSON."""
import concurrent.futures
import json
import os
import sys

import boto3
import botocore.config

client = boto3.client("ivs", endpoint_url=os.environ["AWS_ENDPOINT_URL"],
                      config=botocore.config.Config(max_pool_connections=32))


def get(name):
    return client.get_recording_configuration(arn=name)["recordingConfiguration"]


with concurrent.futures.ThreadPoolExecutor(32) as pool:
    # gets begin while listing goes on
    futures = []
    for page in client.get_paginator("list_recording_configurations").paginate(
            PaginationConfig={"PageSize": 100}):
        futures += [pool.submit(get, c["arn"]) for c in page["recordingConfigurations"]]
    for future in futures:
        sys.stdout.write(json.dumps({"recordingConfiguration": future.result()}) + "\n")
