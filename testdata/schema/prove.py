#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds policies against the schema that `ivslint schema policy` prints.

    prove.py BUNDLE

BUNDLE is what src/rule/policy_schema_test.c writes: the schema, policies that
the loader takes, some that it refuses, and the names of those among the latter
that no schema can refuse. Exits with 77 where python3-jsonschema is missing.
"""
import json
import sys

try:
    import jsonschema
except ImportError:
    print("skipped: no python3-jsonschema")
    sys.exit(77)

with open(sys.argv[1], encoding="utf-8") as f:
    bundle = json.load(f)

validator = jsonschema.Draft7Validator
validator.check_schema(bundle["schema"])
check = validator(bundle["schema"])
untold = set(bundle["untold"])
wrong = 0


def complain(text):
    global wrong
    print(text)
    wrong += 1


def deepest(error):
    """The error furthest down among alternatives: the one that helps."""
    while error.context:
        error = max(error.context, key=lambda e: len(e.absolute_path))
    return error


for name, document in bundle["good"].items():
    for error in check.iter_errors(document):
        error = deepest(error)
        where = "/".join(str(part) for part in error.absolute_path)
        complain(f"{name}: the loader takes it, the schema refuses {where}: {error.message[:200]}")
for name, document in bundle["bad"].items():
    valid = check.is_valid(document)
    if valid and name not in untold:
        complain(f"{name}: the loader refuses it, the schema takes it")
    elif not valid and name in untold:
        complain(f"{name}: the schema refuses it: take it off the list of what none can tell")
for name in untold - bundle["bad"].keys():
    complain(f"{name}: on the list of what no schema can tell, and not there")
print(f"{len(bundle['good'])} good, {len(bundle['bad'])} bad, {len(untold)} of them untold")
sys.exit(1 if wrong else 0)
