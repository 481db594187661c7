# SPDX-License-Identifier: Apache-2.0
"""No secret in anything that is written."""
import hashlib
import os

from harness import (FAST, HIDE, OTHER, OTHER_SECRET, TOKEN, by_role, fetching, some, want)
from service import Service, error


@fetching
def no_secret_by_any_command(t):
    """Every command, as talkative as it gets, with secrets all over its environment and files."""
    with t.keys(Service().put(*some(3)), token=TOKEN) as s:
        t.secrets |= {HIDE + "proxy", HIDE + "container", HIDE + "role"}
        proxy = f"http://user:{HIDE}proxy@127.0.0.1:{s.url.rpartition(':')[2]}"
        t.env.update(HTTPS_PROXY=proxy, https_proxy=proxy, HTTP_PROXY=proxy, http_proxy=proxy,
                     NO_PROXY="127.0.0.1", AWS_CONTAINER_AUTHORIZATION_TOKEN=HIDE + "container")
        t.file(".aws/credentials", f"[default]\naws_access_key_id={OTHER}\n"
               f"aws_secret_access_key={OTHER_SECRET}\naws_session_token={HIDE}role\n")
        t.fetch(FAST, "-o", "saved.ndjson")
        both = ["-p", "ivslint:recommended"]
        for command in (["check", *both, "saved.ndjson"], ["scan", FAST, *both], ["fetch", FAST],
                        ["test", *both], ["rules", *both], ["explain", "tagged", "saved.ndjson"],
                        ["fields"], ["init", "-o", "new.yaml", "saved.ndjson"], ["baseline", "saved.ndjson"],
                        ["diff", "ivslint:recommended", "ivslint:strict", "saved.ndjson"], ["iam-policy"],
                        ["schema", "policy"], ["version"], ["help"], ["help", "scan"]):
            result = t.run(t.program, *command, *(["-v", "-v"] if command[0] not in (
                "rules", "explain", "fields", "iam-policy", "schema", "version", "help") else []))
            want(result.status in (0, 1), f"{command}: {result.status} {result.err}")
        for name in ("text", "json", "ndjson", "junit", "sarif", "github", "gitlab", "markdown", "html", "csv"):
            t.run(t.program, "scan", "-vv", FAST, *both, "-f", name, "--all")


@fetching
def no_secret_in_failures(t):
    """Sources of credentials that give secrets in a form that is not theirs: the complaint has none."""
    secret = HIDE + "source"
    t.secrets |= {secret, secret.upper()}
    with t.keys(Service().put(*some(3))) as s:
        role = by_role(t, s)
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            del t.env[name]
        base = dict(t.env)
        odd = [f'{{"SecretAccessKey":"{secret}"', f'{{"AccessKeyId":"{secret}","SecretAccessKey":3}}',
               f'["{secret}"]', secret, f'{{"{secret}":1,"{secret}":2}}', f'{{"Version":"{secret}"}}',
               f'{{"Version":1,"AccessKeyId":"{secret}","SecretAccessKey":"{secret}","Expiration":"{secret}"}}']
        for text in odd:
            # a process, which also complains itself; that goes to standard error as it is, so it says no secret
            t.file("odd", text)
            t.file(".aws/config", f"[default]\ncredential_process = cat {t.home}/odd\n")
            t.fetch(status=3)
            t.scan(status=3)
            # a container
            t.file(".aws/config", "")
            s.odd = text
            t.env.update(AWS_CONTAINER_CREDENTIALS_FULL_URI=s.url + "/odd",
                         AWS_CONTAINER_AUTHORIZATION_TOKEN=secret)
            t.fetch("--max-attempts=1", status=3)
            t.env = dict(base)
        # files that are not as they should be
        for text in (f"[default\naws_secret_access_key={secret}", f"aws_secret_access_key={secret}\n[default]",
                     f"[default]\n{secret}\n", f"[default]\naws_access_key_id={secret}\n",
                     f"[default]\n  {secret} = \x00\n", f"[{secret}]\naws_access_key_id=a\n[default]\n= {secret}"):
            t.file(".aws/credentials", text)
            want(t.fetch(status=None).status in (2, 3))
        os.unlink(os.path.join(t.home, ".aws/credentials"))
        # a service that says the token back
        t.env.update(AWS_ROLE_ARN=role, AWS_WEB_IDENTITY_TOKEN_FILE=t.file("token", secret))
        s.fault = lambda op, account, region, name, n: error(
            400, "InvalidIdentityToken", f"the token {secret} is not one of ours")
        t.fetch("--max-attempts=1", status=3)
        t.env = dict(base)
        # a wrong secret, where AWS says the canonical request back
        t.keys(s, token=TOKEN)
        t.env["AWS_SECRET_ACCESS_KEY"] = secret
        s.fault = lambda *_: None
        for command in (["fetch"], ["fetch", "--assume-role", role]):
            result = t.run(t.program, *command, "-v", "--max-attempts=1", status=3)
            want("does not match" in result.out and "***" in result.out, result.out)
        t.env = dict(base)
        # Identity Center: a cache that is broken, one that has expired
        t.file(".aws/config", "[default]\nsso_session = main\nsso_account_id = 123456789012\n"
               "sso_role_name = audit\nregion = us-west-2\n[sso-session main]\nsso_region = us-west-2\n"
               "sso_start_url = https://example.awsapps.com/start\n")
        for text in odd + [f'{{"accessToken":"{secret}","expiresAt":"2020-01-01T00:00:00Z","refreshToken":'
                           f'"{secret}","clientId":"c","clientSecret":"{secret}"}}']:
            t.file(f".aws/sso/cache/{hashlib.sha1(b'main').hexdigest()}.json", text)
            t.fetch("--max-attempts=1", status=3)
