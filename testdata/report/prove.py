#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reads a report with parsers that are not ours and holds it to its promises.

usage: prove.py SCHEMA text|json|ndjson|junit FILE [FORMAT FILE]...

Prints what does not hold; exit status 1 then. The JSON schema is checked where
the module jsonschema is installed, and it says so where it is not.
"""
import functools
import json
import sys
import xml.etree.ElementTree as tree

wrong = []


def claim(holds, text):
    if not holds:
        wrong.append(text)


def unique(pairs):
    names = [name for name, _ in pairs]
    claim(len(names) == len(set(names)), "an object has a member twice: %r" % names)
    return dict(pairs)


def parse(text):
    def constant(name):
        raise ValueError("not JSON: " + name)

    return json.loads(text, object_pairs_hook=unique, parse_constant=constant)


@functools.lru_cache
def validator(schema, part):
    """Of the whole schema, or of one of its $defs; None without the module."""
    try:
        import jsonschema
    except ImportError:
        print("skipped: no jsonschema")
        return None
    with open(schema, encoding="utf-8") as f:
        root = json.load(f)
    if part:
        root = {"$schema": root["$schema"], "$ref": "#/$defs/" + part, "$defs": root["$defs"]}
    jsonschema.Draft202012Validator.check_schema(root)
    return jsonschema.Draft202012Validator(root)


def validate(value, schema, part):
    checker = validator(schema, part)
    for e in checker.iter_errors(value) if checker else ():
        claim(False, "schema: %s: %s" % (list(e.absolute_path), e.message[:200]))


def sums(summary, findings, waivers):
    matrix, verdicts = summary["matrix"], summary["verdicts"]
    if "bug" in summary:
        claim(summary["status"] == 3 and not summary["complete"], "a bug is not status 3")
        return
    claim(matrix["verdicts"] == sum(verdicts.values()), "verdicts do not add up")
    if not summary["interrupted"]:
        claim(matrix["resources"] * matrix["rules"] == matrix["verdicts"], "matrix")
    claim(sum(summary["fails"].values()) == verdicts["fail"], "fails by severity")
    for name, n in verdicts.items():
        by_rule = sum(rule[name] for rule in summary["rules"])
        claim(by_rule == n, "%s by rule" % name)
        found = sum(1 for f in findings if f["verdict"] == name)
        if name not in ("pass", "not-applicable") or found:
            claim(found == n, "%d findings are %s, not %d" % (n, name, found))
    claim(sum(w["waived"] for w in waivers) == verdicts["waived"], "waived")


def prove_json(data, schema):
    report = parse(data.decode("utf-8"))
    validate(report, schema, None)
    sums(report["summary"], report["findings"], report["waivers"])


def prove_ndjson(data, schema):
    claim(data.endswith(b"\n"), "no end of line at the end")
    lines = [parse(line) for line in data.decode("utf-8").split("\n")[:-1]]
    for line in lines:
        validate(line, schema, "line")
    claim("summary" in lines[-1], "the last line is not the summary")
    claim(all("summary" not in line for line in lines[:-1]), "a summary amid the lines")
    findings = [line for line in lines if "rule" in line]
    claim(sum("problem" in line for line in lines) == lines[-1]["summary"]["problems"], "problems")
    sums(lines[-1]["summary"], findings, lines[-1]["waivers"])


def prove_junit(data, schema):
    root = tree.fromstring(data)
    suites = list(root)
    claim(root.tag == "testsuites" and not root.attrib, "root")
    claim(suites[-1].get("name") == "ivslint.inventory", "no inventory")
    for number, suite in enumerate(suites):
        cases = suite.findall("testcase")
        claim(suite.get("id") == str(number), "ids are not 0, 1, 2 ...")
        claim(len(cases) != 0, "a suite without a case")
        names = [(case.get("classname"), case.get("name")) for case in cases]
        claim(len(names) == len(set(names)), "two cases of one name")
        claim(not any("." in name for name, _ in names), "a dot in a class")
        for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            claim(int(suite.get(attribute)) == len(suite.findall("testcase/" + tag)), attribute)
        claim(int(suite.get("tests")) == len(cases), "tests")
        for case in cases:
            claim(len(case) <= 1, "a case has two outcomes")
            for outcome in case:
                if outcome.tag != "skipped":
                    claim(outcome.get("type"), "no type")
                    claim(outcome.get("message") in (outcome.text or ""),
                          "the content does not say the message")


def prove_bytes(data):
    """No reader of a terminal or of a CI log is given a command."""
    text = data.decode("utf-8")
    bad = [c for c in text if c != "\n" and (
        ord(c) < 0x20 or 0x7F <= ord(c) <= 0x9F or 0x202A <= ord(c) <= 0x202E
        or 0x2066 <= ord(c) <= 0x2069 or c in "\u2028\u2029\u061C\u200E\u200F")]
    claim(not bad, "characters that got out: %r" % bad)
    claim("##[" not in text, "##[ got out")
    claim(not any(line.lstrip().startswith("::") for line in text.splitlines()), ":: got out")


def prove(form, data, schema):
    prove_bytes(data)
    proofs = {"json": prove_json, "ndjson": prove_ndjson, "junit": prove_junit}
    if form in proofs:
        proofs[form](data, schema)
    if form == "junit":
        claim(b"[[ATTACHMENT|" not in data and b"]]>" not in data, "JUnit's own")
        claim(b"\xef\xbf\xbe" not in data and b"\xef\xbf\xbf" not in data, "not XML 1.0")


def main():
    for form, name in zip(sys.argv[2::2], sys.argv[3::2]):
        with open(name, "rb") as f:
            data = f.read()
        before = len(wrong)
        prove(form, data, sys.argv[1])
        for text in wrong[before:]:
            print("%s: %s: %s" % (name, form, text))
    return 1 if wrong else 0


sys.exit(main())
