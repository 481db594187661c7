/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Credentials of an EC2 instance by its metadata service, version 2: a token
 * first, then with it the role's name and its keys. Version 1 is asked only
 * where the configuration says that it may be.
 */
#include "fetch/creds.h"

#include "base/arena.h"
#include "base/text.h"
#include "fetch/creds_inside.h"
#include "fetch/url.h"

#define ROLE_PATH     "latest/meta-data/iam/security-credentials/"
#define TOKEN_SECONDS "21600"
#define EXTENDED_S    900 /* what expired ones are good for while the service is in trouble */

struct imds {
	const struct session *session;
	struct arena arena;
	const char *base; /* its URL, ended by a slash */
	int64_t deadline_ms;
	int attempts;
	struct secret token;
};

static int number(const struct session *s, const char *variable, const char *key, int otherwise)
{
	struct str text;
	int n = 0;
	size_t i;

	if (!session_setting(s, variable, key, &text) || text.len > 3)
		return otherwise;
	for (i = 0; i < text.len; i++) {
		if (text.data[i] < '0' || text.data[i] > '9')
			return otherwise;
		n = 10 * n + (text.data[i] - '0');
	}
	return n > 0 ? n : otherwise;
}

static int choose_base(struct imds *m, struct err *err)
{
	const struct session *s = m->session;
	struct str text;
	struct url url;

	if (session_setting(s, "AWS_EC2_METADATA_SERVICE_ENDPOINT", "ec2_metadata_service_endpoint",
			    &text)) {
		if (url_parse(text, &url, err) == -1)
			return err_wrap(err, "AWS_EC2_METADATA_SERVICE_ENDPOINT");
		if (!url.tls && !url_may_be_plain(&url))
			return err_set(err, ERR_INPUT,
				       "AWS_EC2_METADATA_SERVICE_ENDPOINT is neither https nor an "
				       "address of this machine or its link");
		m->base = arena_printf(&m->arena, "%.*s%s", STR_ARG(text),
				       text.data[text.len - 1] == '/' ? "" : "/");
		return 0;
	}
	m->base = "http://169.254.169.254/";
	if (session_setting(s, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
			    "ec2_metadata_service_endpoint_mode", &text) &&
	    text_equal_nocase_ascii(text, STR("ipv6")))
		m->base = "http://[fd00:ec2::254]/";
	return 0;
}

static int ask(struct imds *m, const char *method, const char *path, struct http_answer *answer,
	       struct err *err)
{
	static const struct http_header lifetime = { STR("x-aws-ec2-metadata-token-ttl-seconds"),
						     STR(TOKEN_SECONDS) };
	struct http_header token = { STR("x-aws-ec2-metadata-token"), secret_str(&m->token) };
	bool put = strcmp(method, "PUT") == 0;
	struct answer_error error;
	struct exchange x = { .session = m->session,
			      .whom = "the instance metadata service",
			      .method = method,
			      .url = str_of(arena_printf(&m->arena, "%s%s", m->base, path)),
			      .headers = put ? &lifetime : &token,
			      .n_headers = put || m->token.len != 0 ? 1 : 0,
			      .body = STR(""),
			      .attempts = m->attempts,
			      .connect_ms = m->deadline_ms,
			      .deadline_ms = m->deadline_ms,
			      .direct = true };

	return exchange_run(&x, answer, &error, err);
}

static struct str first_line(struct str s)
{
	size_t i;

	for (i = 0; i < s.len && s.data[i] != '\n' && s.data[i] != '\r'; i++)
		;
	return (struct str){ s.data, i };
}

static bool v1_is_allowed(const struct session *s)
{
	struct str text;

	return session_setting(s, "AWS_EC2_METADATA_V1_DISABLED", "ec2_metadata_v1_disabled",
			       &text) &&
	       text_equal_nocase_ascii(text, STR("false"));
}

static int take_token(struct imds *m, struct err *err)
{
	struct http_answer answer = HTTP_ANSWER_INIT;
	int rc = ask(m, "PUT", "latest/api/token", &answer, err);

	if (rc == 0) {
		secret_set(&m->token, first_line(secret_str(&answer.body)));
		/* without one, what follows would be version 1 */
		if (m->token.len == 0)
			rc = err_set(err, ERR_INPUT, "the instance metadata service gave no token");
	} else if (answer.end == TRANSPORT_ANSWERED && v1_is_allowed(m->session)) {
		rc = 0; /* a service that knows no tokens */
	}
	http_answer_release(&answer);
	return rc;
}

static int read_keys(struct imds *m, const struct http_answer *answer, struct creds *out,
		     struct err *err)
{
	struct answer *document = answer_parse(secret_str(&answer->body), err);
	int64_t now = world_now(m->session->world);
	struct str code;
	char shown[100];
	int rc = -1;

	if (document == NULL)
		goto out;
	if (answer_text(answer_root(document), "Code", &code) && !str_is(code, "Success")) {
		answer_show(code, shown, sizeof(shown));
		err_set(err, ERR_INPUT, "its code is %s", shown);
		goto out;
	}
	rc = creds_read(answer_root(document), "Token", out, err);
	/* while the service cannot renew them they are good for longer than they say */
	if (rc == 0 && out->expires <= now + CREDS_RENEW_S)
		out->expires = now + EXTENDED_S;
out:
	answer_free(document);
	return rc == 0 ? 0 : err_wrap(err, "the answer of the instance metadata service");
}

static int take_keys(struct imds *m, struct creds *out, struct err *err)
{
	struct http_answer answer = HTTP_ANSWER_INIT;
	struct secret path = SECRET_INIT(1024);
	struct str role;
	int rc = ask(m, "GET", ROLE_PATH, &answer, err);

	if (rc == 0) {
		role = first_line(secret_str(&answer.body));
		if (role.len == 0)
			rc = err_set(err, ERR_INPUT, "the instance has no role");
		secret_puts(&path, ROLE_PATH);
		url_put_encoded(&path, role, false);
		if (path.failed)
			rc = err_set(err, ERR_INPUT, "the name of the instance's role is too long");
	}
	if (rc == 0)
		rc = ask(m, "GET", path.data, &answer, err);
	if (rc == 0)
		rc = read_keys(m, &answer, out, err);
	http_answer_release(&answer);
	secret_release(&path);
	return rc;
}

/* That nobody answers is how a machine says that it is no instance. */
int creds_imds(const struct session *s, struct creds *out, struct err *err)
{
	struct imds m = { .session = s };
	int rc = CREDS_NOTHING;

	if (session_flag(s, "AWS_EC2_METADATA_DISABLED", NULL, false)) {
		err_set(err, ERR_INPUT, "disabled by AWS_EC2_METADATA_DISABLED");
		return CREDS_NOTHING;
	}
	m.deadline_ms = 1000 * (int64_t)number(s, "AWS_METADATA_SERVICE_TIMEOUT",
					       "metadata_service_timeout", 1);
	m.attempts =
	    number(s, "AWS_METADATA_SERVICE_NUM_ATTEMPTS", "metadata_service_num_attempts", 1);
	if (choose_base(&m, err) == -1) {
		rc = CREDS_FAILED;
	} else if (take_token(&m, err) == 0 && take_keys(&m, out, err) == 0) {
		creds_name(out, "the instance metadata service");
		rc = CREDS_FOUND;
	} else if (err->kind == ERR_INTERRUPTED) {
		rc = CREDS_FAILED;
	}
	secret_release(&m.token);
	arena_release(&m.arena);
	return rc;
}
