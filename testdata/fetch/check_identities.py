# SPDX-License-Identifier: Apache-2.0
"""Credentials end to end: each source, roles, several identities."""
import hashlib
import json
import os

from harness import (HIDE, KEY, OTHER, OTHER_SECRET, SECOND, SECRET, TOKEN, by_role, entry, equal,
                     fetching, some, want)
from service import ACCOUNT, Service, arn


@fetching
def assume_role(t):
    with t.keys(Service().put(*some(3))) as s:
        role = by_role(t, s)
        s.roles[role] = "external-7"
        equal(t.fetch("--assume-role", role, "--external-id", "external-7").arns,
              [arn(i, account=SECOND) for i in range(2)])
        result = t.fetch("--assume-role", role, "--external-id", "another", status=3)
        want("AccessDenied" in json.dumps(result.trailer["missing"]), result.trailer)
        want(SECOND in json.dumps(result.trailer["missing"]), result.trailer)
        # a profile does the same
        t.file(".aws/config", f"[profile r]\nrole_arn = {role}\nsource_profile = base\n"
               "external_id = external-7\nregion = us-west-2\n")
        t.file(".aws/credentials", f"[base]\naws_access_key_id={KEY}\naws_secret_access_key={SECRET}\n")
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            del t.env[name]
        equal(len(t.fetch("--profile", "r").arns), 2)
        equal(s.wrong, [])
        t.secrets |= {k.secret for k in s.keys.values()} | {k.token for k in s.keys.values() if k.token}
        t.search(t.fetch("--profile", "r").err.encode())


@fetching
def many_accounts(t):
    """Three accounts by a file, one denied: the others are read, in the order of the file."""
    accounts = ["333333333333", "111111111111", "222222222222"]
    with t.keys(Service()) as s:
        for a in accounts:
            s.put(*some(2, account=a))
            if a != "111111111111":
                s.roles[f"arn:aws:iam::{a}:role/audit"] = None
        listing = t.file("accounts", "# ours\n" + "\n".join(accounts) + "\n")
        result = t.fetch("--accounts", listing, "--role-name", "audit", status=3)
        equal([a.split(":")[4] for a in result.arns], ["333333333333"] * 2 + ["222222222222"] * 2)
        found = entry(result, account="111111111111")
        want("AccessDenied" in found["code"] + found["message"], found)
        report = t.scan("--accounts", listing, "--role-name", "audit", status=3)
        want("111111111111" in report.out and "AccessDenied" in report.out)
        equal(s.wrong, [])


@fetching
def many_profiles(t):
    with t.keys(Service().put(*some(3), *some(2, "eu-west-1", SECOND))) as s:
        s.key(OTHER, OTHER_SECRET, None, SECOND)
        t.file(".aws/config", "[profile one]\nregion = us-west-2\n[profile two]\nregion = eu-west-1\n")
        t.file(".aws/credentials", f"[one]\naws_access_key_id={KEY}\naws_secret_access_key={SECRET}\n"
               f"[two]\naws_access_key_id={OTHER}\naws_secret_access_key={OTHER_SECRET}\n")
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"):
            del t.env[name]
        equal([a.split(":")[4] for a in t.fetch("--profile", "two,one").arns],
              [SECOND] * 2 + [ACCOUNT] * 3)
        # one that is not there stops no other
        result = t.run(t.program, "fetch", "-v", "--profile", "two,none")
        want(result.status in (2, 3), str(result.status))
        want("none" in result.out + result.err)


@fetching
def web_identity(t):
    with t.keys(Service()) as s:
        role = by_role(t, s)
        t.secrets.add("web-identity-token-never-to-be-shown")
        s.web_tokens["web-identity-token-never-to-be-shown"] = SECOND
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            del t.env[name]
        t.env.update(AWS_ROLE_ARN=role, AWS_ROLE_SESSION_NAME="ci", AWS_WEB_IDENTITY_TOKEN_FILE=t.file(
            "token", "web-identity-token-never-to-be-shown"))
        equal(len(t.fetch().arns), 2)
        s.web_tokens.clear()
        want("InvalidIdentityToken" in json.dumps(t.fetch(status=3).trailer["missing"]))


@fetching
def instance(t):
    """The instance metadata service, version 2 alone."""
    with t.keys(Service().put(*some(3))) as s:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_EC2_METADATA_DISABLED"):
            del t.env[name]
        s.key(OTHER, OTHER_SECRET, TOKEN)
        s.credentials = {"AccessKeyId": OTHER, "SecretAccessKey": OTHER_SECRET, "Token": TOKEN,
                         "Expiration": "2099-01-01T00:00:00Z", "Type": "AWS-HMAC",
                         "LastUpdated": "2026-01-01T00:00:00Z"}
        t.env["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = s.url
        equal(len(t.fetch().arns), 3)


@fetching
def sso(t):
    """IAM Identity Center by its token cache; one that has expired names the command."""
    with t.keys(Service().put(*some(3))) as s:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            del t.env[name]
        s.key(OTHER, OTHER_SECRET, TOKEN)
        s.credentials = {"AccessKeyId": OTHER, "SecretAccessKey": OTHER_SECRET, "Token": TOKEN}
        s.container_token = "sso-access-token-never-to-be-shown"
        t.secrets.add(s.container_token)
        t.file(".aws/config", "[default]\nsso_session = main\nsso_account_id = 123456789012\n"
               "sso_role_name = audit\nregion = us-west-2\n[sso-session main]\nsso_region = us-west-2\n"
               "sso_start_url = https://example.awsapps.com/start\n")
        name = hashlib.sha1(b"main").hexdigest()

        def cache(until):
            t.file(f".aws/sso/cache/{name}.json", json.dumps({
                "accessToken": s.container_token, "expiresAt": until, "region": "us-west-2",
                "startUrl": "https://example.awsapps.com/start"}))
        cache("2099-01-01T00:00:00Z")
        equal(len(t.fetch().arns), 3)
        cache("2020-01-01T00:00:00Z")
        result = t.fetch(status=3)
        want("aws sso login" in result.err + result.out, result.err + result.out)


@fetching
def sso_renewed(t):
    """A token that several profiles share is renewed by one of them: it can be renewed but once."""
    with t.keys(Service().put(*some(1))) as s:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            del t.env[name]
        s.key(OTHER, OTHER_SECRET, TOKEN)
        s.credentials = {"AccessKeyId": OTHER, "SecretAccessKey": OTHER_SECRET, "Token": TOKEN}
        s.container_token = HIDE + "sso-access-token"
        s.refresh_token = HIDE + "refresh-token"
        t.secrets |= {s.container_token, s.refresh_token, HIDE + "client-secret"}
        profiles = [f"p{i}" for i in range(6)]
        t.file(".aws/config", "".join(
            f"[profile {p}]\nsso_session = main\nsso_account_id = 123456789012\nsso_role_name = audit\n"
            "region = us-west-2\n" for p in profiles) + "[sso-session main]\nsso_region = us-west-2\n"
            "sso_start_url = https://example.awsapps.com/start\n")
        cache = t.file(f".aws/sso/cache/{hashlib.sha1(b'main').hexdigest()}.json", json.dumps({
            "accessToken": HIDE + "old", "expiresAt": "2020-01-01T00:00:00Z", "clientId": "c",
            "clientSecret": HIDE + "client-secret", "refreshToken": s.refresh_token,
            "registrationExpiresAt": "2099-01-01T00:00:00Z"}))
        equal(t.fetch("--profile", ",".join(profiles)).arns, [arn(0)])
        equal(len(s.called("CreateToken")), 1)
        with open(cache) as kept:
            equal(json.load(kept)["refreshToken"], s.refresh_token)
        equal(os.stat(cache).st_mode & 0o777, 0o600)
        equal(os.listdir(os.path.dirname(cache)), [os.path.basename(cache)])


@fetching
def no_credentials(t):
    """What was tried, in which order, and what each said."""
    with t.keys(Service()) as s:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            del t.env[name]
        result = t.fetch(status=3)
        message = json.dumps(result.trailer["missing"])
        want(result.trailer["missing"])
        text = t.scan(status=3).out
        want("AWS_ACCESS_KEY_ID" in text or "environment" in text, text)
        equal(s.calls, [])
        want(len(message) > 40, message)
