#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reads a report with parsers that are not ours and holds it to its promises.

usage: prove.py SCHEMA FORMAT FILE [FORMAT FILE]...

Prints what does not hold; exit status 1 then. Schemas are checked where the module
jsonschema and they are there (those of others in the folder that IVSLINT_SCHEMAS
names), Markdown where cmark-gfm is; OCSF and ASFF are held to their definitions
in those folders. It says so where one is not.
"""
import base64
import csv
import functools
import hashlib
import html.parser
import io
import json
import os
import re
import subprocess
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
    claim(sum(line.get("problem", "allowed") != "allowed" for line in lines) == lines[-1]["summary"]["problems"], "problems")
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


SEVERITIES = ("info", "low", "medium", "high", "critical")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def foreign(path):
    """A schema of somebody else's, or None; it says so where it is not there."""
    name = os.path.join(os.environ.get("IVSLINT_SCHEMAS", "../shared/schemas"), path)
    if not os.path.exists(name):
        said("no %s (IVSLINT_SCHEMAS names the folder)" % path)
        return None
    with open(name, encoding="utf-8") as f:
        return json.load(f)


@functools.lru_cache
def said(text):
    print("skipped:", text)


@functools.lru_cache
def foreign_validator(path):
    schema = foreign(path)
    if schema is None:
        return None
    try:
        import jsonschema
    except ImportError:
        said("no jsonschema")
        return None
    return jsonschema.validators.validator_for(schema)(schema)


def validate_foreign(value, path):
    checker = foreign_validator(path)
    for e in checker.iter_errors(value) if checker else ():
        claim(False, "%s: %s: %s" % (path, list(e.absolute_path), e.message[:300]))


def prove_csv(data, schema):
    claim(data.endswith(b"\r\n"), "the last row has no end")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8"), newline=""), strict=True))
    head, rows = rows[0], rows[1:]
    claim(all(len(row) == len(head) for row in rows), "rows of different lengths")
    claim(len(set(head)) == len(head), "two columns of one name")
    rows = [dict(zip(head, row)) for row in rows]
    for row in rows:
        for cell in row.values():
            claim(not cell.lstrip(" \u00a0\u3000").startswith(FORMULA), "a formula: %r" % cell[:40])
    claim([row["record"] for row in rows].count("audit") == 1, "not one audit")
    claim(all(row["record"] in ("finding", "problem", "note", "audit") for row in rows), "record")
    claim(all(row["message"] for row in rows if row["record"] != "finding"), "a row that says nothing")
    claim(rows[-1]["record"] == "audit", "the last row is not the audit")
    claim(rows[-1]["verdict"] in ("pass", "fail", "incomplete"), "verdict of the audit")
    claim(all(row["severity"] in SEVERITIES for row in rows if row["record"] == "finding"),
          "severity")
    # every line break is the end of a row, and every cell is in quotes
    lines = data.decode("utf-8").split("\r\n")[:-1]
    claim(len(lines) == len(rows) + 1, "a line break inside a cell")
    claim(all(line[0] == line[-1] == '"' for line in lines), "a cell without quotes")


def prove_sarif(data, schema):
    log = parse(data.decode("utf-8"))
    validate_foreign(log, "sarif/sarif-schema-2.1.0.json")
    validate_foreign(log, "sarif/codeql-action-sarif-schema-2.1.0.json")
    claim(1 <= len(log["runs"]) <= 20, "number of runs")
    names = [run.get("automationDetails", {"id": ""})["id"] for run in log["runs"]]
    claim(len(names) == len(set(names)) and all(re.fullmatch("(ivslint/.*[^/]/)?", n)
                                                for n in names), "categories %s" % names)
    for run in log["runs"]:
        for version in run.get("versionControlProvenance", ()):
            claim(re.fullmatch(r"https?://[^\s@?#]+", version["repositoryUri"]), "repository")
            claim(re.fullmatch("[0-9a-f]{40}([0-9a-f]{24})?", version.get("revisionId", "0" * 40)), "commit")
            claim(version.get("mappedTo", {}).get("uriBaseId", "%SRCROOT%") in run["originalUriBaseIds"],
                  "mapped to what is not there")
        rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
        claim(rules and len(rules) == len(set(rules)), "ids of rules")
        for rule in run["tool"]["driver"]["rules"]:
            tags = rule["properties"]["tags"]
            claim("security" in tags and len(tags) <= 20, "tags")
            claim(re.fullmatch(r"\d+\.\d", rule["properties"]["security-severity"]), "score")
            claim(rule["help"]["markdown"] and rule["helpUri"].startswith("https://"), "help")
            claim(not re.search(r"(?<!\\)[][`|]|<(?!https://[^<> ]+>)",
                                rule["help"]["markdown"]), "Markdown got out")
        execution = run["invocations"][0]
        whole = execution["exitCode"] in (0, 1)
        notes = execution["toolExecutionNotifications"]
        claim(execution["executionSuccessful"] == whole, "executionSuccessful")
        claim(whole or any(note["level"] == "error" for note in notes), "no notification")
        results = run["results"]
        claim(len(results) <= 25000, "too many results")
        claim(len(results) <= 5000 or notes, "no word of what is not kept")
        order = []
        for result in results:
            claim(result["ruleId"] in rules, "a rule that is not there")
            claim(result["ruleId"] == rules[result["ruleIndex"]], "ruleIndex")
            claim((result["kind"] == "fail") == (result["level"] != "none"), "kind and level")
            claim("](" not in result["message"]["text"], "a link in a message")
            waived = result["properties"]["verdict"] == "waived"
            claim(len(result["suppressions"]) == waived, "suppressions")
            if result["kind"] in ("fail", "open"):
                claim(re.fullmatch("[0-9a-f]{64}", result["partialFingerprints"]["ivslint/v1"]),
                      "fingerprint")
            place = result["locations"][0]["physicalLocation"]
            uri = place["artifactLocation"]["uri"]
            claim(re.fullmatch(r"([A-Za-z0-9._~/-]|%[0-9A-F]{2})+", uri), "URI %r" % uri)
            claim(uri[0] != "/" and "//" not in uri
                  and not {".", ".."} & set(uri.split("/")), "URI %r" % uri)
            claim(place["artifactLocation"]["uriBaseId"] in run["originalUriBaseIds"], "base id")
            claim(place["region"]["startLine"] >= 1 <= place["region"]["startColumn"], "region")
            claim(result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"]
                  == result["properties"]["resource"], "logical location")
            if result["properties"]["verdict"] == "fail":
                order.append(-SEVERITIES.index(result["properties"]["severity"]))
        claim(order == sorted(order), "not the most severe first")


def prove_gitlab(data, schema):
    items = parse(data.decode("utf-8"))
    claim(isinstance(items, list), "not an array")
    prints = [item["fingerprint"] for item in items]
    claim(len(prints) == len(set(prints)), "two findings of one fingerprint")
    ranks = []
    for item in items:
        validate_foreign(item, "gitlab/codeclimate.json")
        path = item["location"]["path"]
        claim(item["severity"] in ("info", "minor", "major", "critical", "blocker"), "severity")
        claim(re.fullmatch("[0-9a-f]{64}", item["fingerprint"]), "fingerprint")
        claim(item["check_name"] and item["description"], "no name or description")
        claim(path and path[0] != "/" and not path.startswith("./"), "path %r" % path)
        claim(".." not in path.split("/"), "a path that climbs: %r" % path)
        claim(item["location"]["lines"]["begin"] >= 1, "line")
        ranks.append(("info", "minor", "major", "critical", "blocker").index(item["severity"]))
    claim(len(items) <= 100002, "too many")


# As the runner reads a line: ActionCommand.TryParseV2, after blanks.
COMMAND = re.compile(r"::([a-z-]+)(?: ((?:[a-z]+=[^:,]*,?)+))?::(.*)")


def unescape(text, property_):
    pairs = [("%0D", "\r"), ("%0A", "\n")] + [("%3A", ":"), ("%2C", ",")] * property_
    for escaped, is_ in pairs + [("%25", "%")]:
        text = text.replace(escaped, is_)
    return text


def prove_github(data, schema):
    claim(data.endswith(b"\n"), "no end of line at the end")
    number = {"error": 0, "warning": 0, "notice": 0}
    for line in data.decode("utf-8").split("\n")[:-1]:
        if not line.lstrip().startswith("::"):
            claim(line.startswith("ivslint: "), "another line: %r" % line[:60])
            continue
        command = COMMAND.fullmatch(line)
        if not command or command[1] not in number:
            claim(False, "another command: %r" % line[:60])
            continue
        number[command[1]] += 1
        values = dict(pair.split("=", 1) for pair in command[2].split(","))
        claim(set(values) <= {"file", "line", "col", "title"}, "properties %s" % set(values))
        claim("title" in values, "no title")
        if "file" in values:
            path = unescape(values["file"], True)
            claim(path and path[0] != "/" and not path.startswith("./"), "path %r" % path)
            claim(int(values["line"]) >= 1 and int(values["col"]) >= 1, "line")
        for text in (unescape(values["title"], True), unescape(command[3], False)):
            lines = text.split("\n")
            claim("\r" not in text, "a return")
            for more in lines[1:]:
                claim(re.match("(resource|actual|expected|fix): ", more)
                      or len(lines) < 8, "a line that is not ours: %r" % more[:60])
    claim(all(n <= 10 for n in number.values()), "more than a step shows: %s" % number)


class Rendered(html.parser.HTMLParser):
    """What a renderer made of Markdown: our elements, and text of others in <code> alone."""

    OURS = {"h2", "p", "strong", "table", "thead", "tbody", "tr", "th", "td", "details",
            "summary", "ul", "li", "code"}

    def __init__(self):
        super().__init__()
        self.open = []

    def handle_starttag(self, tag, attributes):
        claim(tag in self.OURS, "an element got out: %s" % tag)
        claim(all(name == "align" for name, _ in attributes), "an attribute got out: %s" % attributes)
        claim("code" not in self.open, "an element inside code")
        self.open.append(tag)

    def handle_endtag(self, tag):
        claim(self.open and self.open[-1] == tag, "not nested: %s in %s" % (tag, self.open))
        if self.open:
            self.open.pop()

    def handle_data(self, data):
        if "code" not in self.open:
            claim(not re.search(r"[@#`<>\[\]|*_~\\]|://|www\.", data), "text got out: %r" % data[:80])

    def handle_comment(self, data):
        claim(False, "a comment got out")


def prove_markdown(data, schema):
    claim(len(data.decode("utf-8")) <= 65536, "longer than a comment")
    text = data.decode("utf-8")
    claim(re.match(r"## ivslint: (passed|failed|incomplete)\n\n\*\*", text), "no verdict first")
    try:
        made = subprocess.run(["cmark-gfm", "--unsafe", "-e", "table", "-e", "autolink",
                               "-e", "strikethrough", "-e", "tasklist"],
                              input=data, stdout=subprocess.PIPE, check=True).stdout
    except FileNotFoundError:
        said("no cmark-gfm")
        return
    page = Rendered()
    page.feed(made.decode("utf-8"))
    page.close()
    claim(not page.open, "left open: %s" % page.open)


class Ocsf:
    """Holds an event to a class of OCSF's schema in its source form: what is required is there,
    what is there is known and of its type, and numbers are of their enumeration."""

    def __init__(self, folder):
        self.folder = folder
        self.dictionary = self.read("dictionary.json")
        self.version = self.read("version.json")["version"]

    @functools.lru_cache(maxsize=None)
    def read(self, name):
        with open(os.path.join(self.folder, name), encoding="utf-8") as f:
            return json.load(f)

    def profile(self, name):
        return os.path.basename(name).removesuffix(".json")

    def merge(self, into, attributes, profiles):
        for name, about in attributes.items():
            if name == "$include":
                for include in about:
                    if self.profile(include) in profiles:
                        self.merge(into, self.read(include)["attributes"], profiles)
                continue
            if about.get("profile") and about["profile"] not in profiles:
                continue
            before = into.get(name, {})
            enum = {**before.get("enum", {}), **about.get("enum", {})}
            into[name] = {**before, **about, **({"enum": enum} if enum else {})}

    @functools.lru_cache(maxsize=None)
    def attributes(self, kind, name, profiles):
        """Those of an object, or of a class of events, with what it extends."""
        one = self.read("events/findings/%s.json" % name if kind == "event" and name != "base_event"
                        else "events/base_event.json" if kind == "event" else "objects/%s.json" % name)
        into, constraints = {}, {}
        if one.get("extends") and one["extends"] != "object":
            into, constraints = self.attributes(kind, one["extends"], profiles)
            into, constraints = dict(into), dict(constraints)
        self.merge(into, one["attributes"], profiles)
        constraints.update(one.get("constraints", {}))
        return into, constraints

    def number(self, name):
        """What the schema's compiler makes of the class's number and category."""
        one = self.read("events/findings/%s.json" % name)
        category = self.read("events/findings/finding.json")["category"]
        category = self.read("categories.json")["attributes"][category]["uid"]
        return {"category_uid": category, "class_uid": 1000 * category + one["uid"]}

    def scalar(self, where, type_, value, enum):
        if type_ == "json_t":
            return
        if type_ in ("integer_t", "long_t", "timestamp_t", "port_t"):
            claim(type(value) is int, "%s: %r is no integer" % (where, value))
        elif type_ == "boolean_t":
            claim(type(value) is bool, "%s: %r is no boolean" % (where, value))
        elif type_ == "float_t":
            claim(isinstance(value, (int, float)), "%s: no number" % where)
        else:
            claim(type(value) is str, "%s: %r is no string (%s)" % (where, value, type_))
        if type_ == "timestamp_t":
            claim(value > 10 ** 12, "%s: not in milliseconds" % where)
        if enum and type_ in ("integer_t", "long_t"):
            claim(str(value) in enum, "%s: %r is not of %s" % (where, value, list(enum)))

    def check(self, where, kind, name, value, profiles):
        if not isinstance(value, dict):
            claim(False, "%s is no object" % where)
            return
        known, constraints = self.attributes(kind, name, profiles)
        if name == "object":
            return  # anything, by definition
        for key, about in known.items():
            claim(about.get("requirement") != "required" or key in value, "%s lacks %s" % (where, key))
        for rule, keys in constraints.items():
            n = sum(key in value for key in keys)
            claim(n >= 1 if rule == "at_least_one" else n == 1, "%s: %s of %s" % (where, rule, keys))
        for key, inner in value.items():
            place = where + "." + key
            if key not in known:
                claim(False, "%s is not known" % place)
                continue
            claim("@deprecated" not in known[key], "%s is deprecated" % place)
            general = self.dictionary["attributes"][key]
            enum = known[key].get("enum") or general.get("enum")
            if known[key].get("enum"):
                enum = {**general.get("enum", {}), **known[key]["enum"]}
            items = inner if general.get("is_array") else [inner]
            claim(isinstance(items, list) and items, "%s is no list, or an empty one" % place)
            for item in items:
                if general["type"] not in self.dictionary["types"]["attributes"]:
                    self.check(place, "object", general["type"], item, profiles)
                elif key in ("class_uid", "category_uid"):
                    claim(item == self.number(name)[key], "%s is %r" % (place, item))
                else:
                    self.scalar(place, general["type"], item, enum)
            sibling = key.removesuffix("_id")
            if sibling != key and sibling in value and enum and str(inner) in enum:
                claim(value[sibling] == enum[str(inner)]["caption"],
                      "%s is %r, and its name %r" % (place, inner, value[sibling]))


@functools.lru_cache
def ocsf():
    folder = os.path.join(os.environ.get("IVSLINT_SCHEMAS", "../shared/schemas"), "ocsf-1.8.0")
    if not os.path.isdir(folder):
        said("no ocsf-1.8.0 (IVSLINT_SCHEMAS names the folder)")
        return None
    return Ocsf(folder)


OCSF_OF = {"pass": (3, 4, 1), "fail": (1, 1, 3), "waived": (1, 3, 3), "not-applicable": (3, 4, None),
           "undecided": (1, 1, 2), "error": (1, 1, 2)}


def prove_ocsf(data, schema):
    claim(data.endswith(b"\n"), "no end of line at the end")
    events = [parse(line) for line in data.decode("utf-8").split("\n")[:-1]]
    for event in events:
        profiles = tuple(event["metadata"]["profiles"])
        if ocsf():
            ocsf().check("event", "event", "compliance_finding", event, profiles)
            claim(event["metadata"]["version"] == ocsf().version, "version")
        claim(event["type_uid"] == 200300 + event["activity_id"], "type_uid")
        claim(event["type_name"] == "Compliance Finding: " + event["activity_name"], "type_name")
        claim(re.fullmatch("[0-9a-f]{64}", event["finding_info"]["uid"]), "uid")
        if "resources" in event:
            wanted = OCSF_OF[event["status_code"]]
            got = (event["activity_id"], event["status_id"], event["compliance"].get("status_id"))
            claim(got == wanted, "%s is %s" % (event["status_code"], got))
    controls = [event["compliance"]["control"] for event in events]
    claim(controls.count("ivslint-audit") == 1 and controls[-1] == "ivslint-audit", "the audit")
    problems = controls.count("ivslint-incomplete")
    claim(events[-1]["unmapped"]["problems"] >= problems, "problems")
    claim(not problems or events[-1]["compliance"]["status_id"] == 2
          or "bug: " in events[-1]["message"], "an audit with problems is not whole")


class Asff:
    """Holds findings to the shapes of Security Hub's API."""

    def __init__(self, shapes):
        self.shapes = shapes

    def check(self, where, name, value):
        shape = self.shapes[name]
        kind = shape["type"]
        types = {"structure": dict, "map": dict, "list": list, "string": str, "boolean": bool,
                 "integer": int, "long": int, "double": (int, float), "timestamp": str}
        if not isinstance(value, types[kind]):
            claim(False, "%s: %r is no %s" % (where, value, kind))
            return
        if kind == "structure":
            for key in shape.get("required", ()):
                claim(key in value, "%s lacks %s" % (where, key))
            for key, inner in value.items():
                member = shape["members"].get(key)
                claim(member, "%s.%s is not known" % (where, key))
                if member:
                    self.check(where + "." + key, member["shape"], inner)
        elif kind == "map":
            for key, inner in value.items():
                self.check(where, shape["key"]["shape"], key)
                self.check(where + "." + key, shape["value"]["shape"], inner)
        elif kind == "list":
            claim(shape.get("min", 0) <= len(value) <= shape.get("max", 10 ** 9), "%s: length" % where)
            for inner in value:
                self.check(where, shape["member"]["shape"], inner)
        elif kind == "string":
            claim(value in shape.get("enum", (value,)), "%s: %r" % (where, value))
            claim(re.search(shape.get("pattern", ""), value, re.ASCII), "%s: pattern: %r" % (where, value))
        elif kind == "integer":
            claim(shape.get("min", value) <= value <= shape.get("max", value), "%s: %r" % (where, value))


@functools.lru_cache
def asff():
    model = foreign("asff/securityhub-2018-10-26-service-2.json")
    return Asff(model["shapes"]) if model else None


ASFF_OF = {"pass": ("PASSED", "RESOLVED", "ACTIVE"), "fail": ("FAILED", "NEW", "ACTIVE"),
           "waived": ("FAILED", "SUPPRESSED", "ACTIVE"),
           "not-applicable": ("NOT_AVAILABLE", "RESOLVED", "ARCHIVED"),
           "undecided": ("NOT_AVAILABLE", "NEW", "ACTIVE"), "error": ("NOT_AVAILABLE", "NEW", "ACTIVE")}


def prove_asff(data, schema):
    audits, scopes, problems, ids = [], set(), set(), set()
    claim(not data or data.endswith(b"\n"), "no end of line at the end")
    for line in data.decode("utf-8").split("\n")[:-1]:
        batch = parse(line)
        claim(isinstance(batch, list) and 1 <= len(batch) <= 100, "a batch of another length")
        claim(len(line.encode()) <= 6 * 1024 * 1024, "a batch that is too long")
        if asff():
            asff().check("request", "BatchImportFindingsRequest", {"Findings": batch})
        claim(len({(f["AwsAccountId"], f["Region"]) for f in batch}) == 1, "a batch of several accounts")
        for f in batch:
            account, region = f["AwsAccountId"], f["Region"]
            partition = f["Resources"][0]["Partition"]
            scopes.add((account, region))
            claim(len(json.dumps(f, ensure_ascii=False).encode()) <= 240 * 1000, "a finding of more than 240 KB")
            claim(re.fullmatch(r"\d{12}", account) and re.fullmatch("[a-z0-9-]+", region), "scope")
            claim(f["SchemaVersion"] == "2018-10-08", "SchemaVersion")
            claim(f["ProductArn"] == "arn:%s:securityhub:%s:%s:product/%s/default"
                  % (partition, region, account, account), "ProductArn %s" % f["ProductArn"])
            claim(f["Id"].startswith("%s/%s/ivslint/" % (region, account)), "Id")
            claim(f["Id"] not in ids, "two findings of one Id, of which one is kept")
            ids.add(f["Id"])
            for name, most in (("Title", 256), ("Description", 1024), ("Id", 512), ("GeneratorId", 512)):
                claim(len(f[name]) <= most, "%s is too long" % name)
            for name in ("CreatedAt", "UpdatedAt"):
                claim(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", f[name]), name)
            claim(len(f["Compliance"].get("RelatedRequirements", ())) <= 32, "requirements")
            claim(len(f["ProductFields"]) <= 50 and all(len(k) <= 128 and len(v) <= 2048 for k, v in
                                                        f["ProductFields"].items()), "ProductFields")
            claim(len(f.get("Note", {}).get("Text", "")) <= 512, "Note")
            claim(len(f.get("Remediation", {}).get("Recommendation", {}).get("Text", "")) <= 512, "advice")
            if f["GeneratorId"] == "ivslint/audit":
                audits.append((account, region))
                problems.add(f["ProductFields"].get("ivslint/Problems"))
                claim("ivslint/Problems" not in f["ProductFields"] or "bug: " in f["Description"]
                      or f["Compliance"]["Status"] == "NOT_AVAILABLE", "an audit with problems is not whole")
                continue
            verdict = f["ProductFields"]["ivslint/Verdict"]
            got = (f["Compliance"]["Status"], f["Workflow"]["Status"], f["RecordState"])
            claim(got == ASFF_OF[verdict], "%s is %s" % (verdict, got))
            claim((verdict == "waived") == ("Note" in f) == ("ivslint/Waiver" in f["ProductFields"]), "waiver")
            claim(all(len(v) <= 1024 for v in f["Resources"][0]["Details"]["Other"].values()), "details")
    claim(sorted(audits) == sorted(scopes), "an account and region without its audit")
    claim(len(problems) <= 1, "problems differ")


class Page(html.parser.HTMLParser):
    """The HTML report as a browser without scripts takes it."""

    VOID = {"meta", "br", "input", "rect"}
    ATTRIBUTES = set("""lang charset http-equiv content name class id href rel aria-labelledby
        aria-label aria-hidden aria-sort aria-pressed focusable viewbox preserveaspectratio x width
        height scope role tabindex hidden autocomplete for type spellcheck data-sort""".split())

    def __init__(self):
        super().__init__()
        self.open, self.ids, self.texts, self.scripts, self.styles = [], [], {}, [], []
        self.policy = None
        self.numbers = []
        self.tags = set()

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        values = dict(attributes)
        claim(len(values) == len(attributes), "an attribute twice in %s" % tag)
        claim(set(values) <= self.ATTRIBUTES, "attributes of %s: %s" % (tag, sorted(values)))
        claim("src" not in values, "a source")
        if "id" in values:
            self.ids.append(values["id"])
        if "href" in values:
            claim(re.fullmatch(r"#[A-Za-z0-9._~/%&=-]+|https://[A-Za-z0-9._~:/?=%+-]+", values["href"]),
                  "a link: %r" % values["href"])
            claim(values["href"][0] == "#" or values.get("rel") == "noopener noreferrer", "rel")
        if values.get("http-equiv") == "Content-Security-Policy":
            claim(self.tags == {"html", "head", "meta"}, "the policy comes late")
            self.policy = values["content"]
        if tag not in self.VOID:
            self.open.append((tag, values))

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)

    def handle_endtag(self, tag):
        claim(self.open and self.open[-1][0] == tag, "not nested: %s in %s" % (tag, self.open))
        if self.open:
            self.open.pop()

    def handle_data(self, data):
        tag, values = self.open[-1] if self.open else (None, {})
        if tag == "style":
            self.styles.append(data)
        elif tag == "script" and "type" not in values:
            self.scripts.append(data)
        elif tag == "script":
            claim(values["type"] == "application/json", "a script of another type")
            claim("<" not in data, "a < in a script's data")
            self.texts[values["id"]] = self.texts.get(values["id"], "") + data
        elif tag == "dd" and any("sums" in (v.get("class") or "") for _, v in self.open):
            self.numbers.append(int(data.replace(",", "")))

    def handle_comment(self, data):
        claim("SPDX" in data, "a comment got out: %r" % data[:40])


def digest_source(text):
    return "'sha256-%s'" % base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def prove_html(data, schema):
    text = data.decode("utf-8")
    claim(text.startswith("<!doctype html>\n<html lang=\"en\">\n"), "doctype")
    page = Page()
    page.feed(text)
    page.close()
    claim(not page.open, "left open: %s" % page.open)
    claim(len(page.ids) == len(set(page.ids)), "an id twice")
    claim(len(page.styles) == len(page.scripts) == 1, "styles and scripts")
    claim(page.policy == "default-src 'none'; script-src %s; style-src %s; base-uri 'none'; "
          "form-action 'none'" % (digest_source(page.scripts[0]), digest_source(page.styles[0])),
          "Content-Security-Policy: %s" % page.policy)
    claim(not page.tags & {"img", "link", "iframe", "object", "embed", "base", "audio", "video",
                           "image", "use", "foreignobject", "template"}, "tags: %s" % page.tags)
    claim(not re.search(r"@import|url\(", page.styles[0]), "the style asks for something")
    claim(not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|eval|fetch\(|Function|"
                        r"XMLHttp|import\(|WebSocket", page.scripts[0]), "the script")
    rules = parse(page.texts["data-rules"])
    findings = parse(page.texts["data-findings"])
    claim(len(findings) <= 10000, "too many findings")
    for f in findings:
        claim(rules[f["rule"]]["id"], "a rule that is not there")
        claim(f["severity"] in SEVERITIES and f["message"] is not None, "a finding")
    claim(len(page.numbers) == 7, "the sums: %s" % page.numbers)
    product = re.search(r"<p class=\"product\"><b>([\d,]+)</b>.*<b>([\d,]+)</b> rules?(?: = |: )"
                        r"<b>([\d,]+)</b>", text)
    sums = [int(n.replace(",", "")) for n in product.groups()]
    claim(sum(page.numbers[:6]) == sums[2], "the verdicts do not add up")
    if "bug: " not in text and "interrupted" not in text:
        claim(sums[0] * sums[1] == sums[2], "resources x rules")
    due = page.numbers[1] + page.numbers[2] + page.numbers[4] + page.numbers[5]
    claim("left out of this list" in text or len(findings) >= due, "findings are missing")
    claim(page.numbers[6] == 0 or "id=\"problems\"" in text, "problems")


def prove_bytes(data, form):
    """No reader of a terminal or of a CI log is given a command."""
    text = data.decode("utf-8")
    if form == "csv":
        text = text.replace("\r\n", "\n")
    if form == "html":
        # of ours; a script of data has a type
        text = re.sub(r"<(style|script)>.*?</\1>", "", text, flags=re.DOTALL)
    bad = [c for c in text if c != "\n" and (
        ord(c) < 0x20 or 0x7F <= ord(c) <= 0x9F or 0x202A <= ord(c) <= 0x202E
        or 0x2066 <= ord(c) <= 0x2069 or c in "\u2028\u2029\u061C\u200E\u200F")]
    claim(not bad, "characters that got out: %r" % bad)
    claim("##[" not in text, "##[ got out")
    if form != "github":
        claim(not any(line.lstrip().startswith("::") for line in text.splitlines()), ":: got out")


def prove(form, data, schema):
    prove_bytes(data, form)
    if form != "text":
        globals()["prove_" + form](data, schema)
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
