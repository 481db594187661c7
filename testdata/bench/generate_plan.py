#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A Terraform plan for the benchmark: `generate_plan.py N` writes a plan of N
resources that are none of ours, and a recording configuration for every hundred
of them, in the form and order of `terraform show -json`. N = 37500 is 50 MB."""
import json
import sys

AWS = "registry.terraform.io/hashicorp/aws"


def change(address, kind, after, unknown):
    return {"address": address, "mode": "managed", "type": kind, "name": "this",
            "provider_name": AWS,
            "change": {"actions": ["create"], "before": None, "after": after,
                       "after_unknown": unknown, "before_sensitive": False,
                       "after_sensitive": {"tags": {}}}}


def instance(i):
    after = {"ami": "ami-0123456789abcdef0", "instance_type": "t3.micro",
             "tags": {"Owner": "video", "Index": str(i)},
             "user_data": "#!/bin/sh\necho \"hello\" > /etc/motd\n" * 5,
             "ebs_block_device": [{"device_name": "/dev/sdb", "volume_size": 20}],
             "network_interface": [], "timeouts": None}
    return change(f"module.web[{i}].aws_instance.this", "aws_instance", after,
                  {"arn": True, "id": True, "ebs_block_device": [{"volume_id": True}]})


def recording(i):
    after = {"name": f"acme-prod-{i}", "tags": {"Owner": "video"},
             "destination_configuration": [{"s3": [{"bucket_name": f"acme-prod-ivs-{i}"}]}],
             "tags_all": {"Owner": "video", "Environment": "prod"},
             "thumbnail_configuration": [{"recording_mode": "INTERVAL",
                                          "target_interval_seconds": 5 + i % 60}]}
    return change(f"aws_ivs_recording_configuration.this[{i}]", "aws_ivs_recording_configuration",
                  after, {"arn": True, "id": True, "state": True,
                          "recording_reconnect_window_seconds": True,
                          "destination_configuration": [{"s3": [{}]}]})


def main():
    n, out = int(sys.argv[1]), sys.stdout

    def put(value):
        json.dump(value, out, separators=(",", ":"))

    out.write('{"format_version":"1.2","terraform_version":"1.9.8",'
              '"planned_values":{"root_module":{"resources":[')
    for i in range(n):
        out.write("," if i else "")
        put({"address": f"module.web[{i}].aws_instance.this", "mode": "managed",
             "type": "aws_instance", "name": "this", "provider_name": AWS,
             "values": instance(i)["change"]["after"], "sensitive_values": {"tags": {}}})
    out.write(']}},"resource_changes":[')
    for i in range(n):
        out.write("," if i else "")
        put(instance(i))
        if i % 100 == 0:
            out.write(",")
            put(recording(i // 100))
    out.write('],"configuration":{"provider_config":{},"root_module":{}},"errored":false}\n')


main()
