#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A CloudFormation template, as YAML or JSON, of as many resources as are asked for.

    generate_template.py yaml|json N [partial]

Of ten resources two are recording configurations, two buckets, two channels, and
four something else. "partial": bucket names and a tag of each hold what only the
deploy will tell. The same arguments make the same bytes.
"""
import json
import sys


def resources(n, partial):
    owner = {"Fn::Sub": "${AWS::StackName}-video"} if partial else {"Ref": "Owner"}
    middle = "${AWS::AccountId}" if partial else "ivs"
    for i in range(0, n, 10):
        for k in (0, 1):
            yield f"Bucket{i + k}", {
                "Type": "AWS::S3::Bucket", "DeletionPolicy": "Retain",
                "Properties": {
                    "BucketName": {"Fn::Sub": f"acme-${{Stage}}-{middle}-{i + k}"},
                    "PublicAccessBlockConfiguration": {
                        "BlockPublicAcls": True, "BlockPublicPolicy": True,
                        "IgnorePublicAcls": True, "RestrictPublicBuckets": True},
                    "LifecycleConfiguration": {
                        "Rules": [{"Id": "old", "Status": "Enabled", "ExpirationInDays": 90}]}}}
            yield f"Recording{i + k}", {
                "Type": "AWS::IVS::RecordingConfiguration", "DeletionPolicy": "Retain",
                "Properties": {
                    "Name": {"Fn::Join": ["-", ["acme", {"Ref": "Stage"}, str(i + k)]]},
                    "DestinationConfiguration": {"S3": {"BucketName": {"Ref": f"Bucket{i + k}"}}},
                    "RecordingReconnectWindowSeconds": 60,
                    "ThumbnailConfiguration": {
                        "RecordingMode": "INTERVAL",
                        "TargetIntervalSeconds": {"Fn::If": ["IsProd", 10 + k * 40, 60]},
                        "Storage": ["SEQUENTIAL"]},
                    "RenditionConfiguration": {"RenditionSelection": "ALL"},
                    "Tags": [{"Key": "Owner", "Value": owner},
                             {"Key": "Environment", "Value": {"Ref": "Stage"}}]}}
            yield f"Channel{i + k}", {
                "Type": "AWS::IVS::Channel",
                "Properties": {
                    "Name": f"channel-{i + k}", "Type": "STANDARD",
                    "RecordingConfigurationArn": {"Fn::GetAtt": [f"Recording{i + k}", "Arn"]}}}
        for k in range(4):
            yield f"Function{i + k}", {
                "Type": "AWS::Lambda::Function",
                "Properties": {
                    "Handler": "index.handler", "Runtime": "nodejs22.x", "Timeout": 30,
                    "Role": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/x"},
                    "Environment": {"Variables": {"BUCKET": {"Ref": f"Bucket{i}"},
                                                  "REGION": {"Ref": "AWS::Region"}}},
                    "Code": {"ZipFile": "exports.handler = async () => ({statusCode: 200});"}}}


def template(n, partial):
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Parameters": {"Stage": {"Type": "String", "Default": "prod",
                                 "AllowedValues": ["dev", "prod"]},
                       "Owner": {"Type": "String", "Default": "video-platform"}},
        "Conditions": {"IsProd": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}},
        "Resources": dict(resources(n, partial)),
    }


def put(value, indent, out):
    """Block YAML; scalars are as JSON writes them, which is YAML too."""
    pad = "  " * indent
    if isinstance(value, dict) and value:
        for key, member in value.items():
            nested = isinstance(member, (dict, list)) and member
            out.write(f"{pad}{json.dumps(key)}:" + ("\n" if nested else " "))
            put(member, indent + 1, out)
    elif isinstance(value, list) and value:
        for member in value:
            if isinstance(member, (dict, list)) and member:
                out.write(f"{pad}-\n")
                put(member, indent + 1, out)
            else:
                out.write(f"{pad}- {json.dumps(member)}\n")
    else:
        out.write(json.dumps(value) + "\n")


def main():
    form, n = sys.argv[1], int(sys.argv[2])
    partial = sys.argv[3:] == ["partial"]
    if form == "json":
        json.dump(template(n, partial), sys.stdout, indent=1)
    else:
        put(template(n, partial), 0, sys.stdout)


main()
