/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of credentials share this: a world whose network is a table of scenes,
 * and whose clock is set. Header for tests alone.
 */
#ifndef FETCH_TEST_CREDS_H
#define FETCH_TEST_CREDS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "fetch/creds.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))

#define NOW 1700000000 /* 2023-11-14T22:13:20Z */

/* ---- a world --------------------------------------------------------------- */

/* One exchange: what has to be asked, and what is answered. */
struct scene {
	const char *method, *url;
	const char *want[3]; /* each somewhere in headers or body */
	int status;
	enum transport_end end;
	const char *body;
	const char *headers;
};

struct stage {
	struct world world;
	const char *environment[16];
	struct profiles profiles;
	struct session session;
	int64_t now, paused_ms;
	const struct scene *scenes;
	size_t n_scenes, at;
	char folder[64];
};

static inline int64_t now_of(void *self)
{
	return ((struct stage *)self)->now;
}

static inline void random_of(void *self, void *bytes, size_t size)
{
	(void)self;
	memset(bytes, 0x5a, size);
}

static inline bool pause_of(void *self, int64_t ms)
{
	((struct stage *)self)->paused_ms += ms;
	return true;
}

static inline int ask_of(void *self, const char *prompt, struct secret *answer, struct err *err)
{
	(void)self;
	(void)err;
	assert_string_equal(prompt, "MFA code for arn:aws:iam::123456789012:mfa/auditor: ");
	secret_puts(answer, "123456");
	return 0;
}

static inline void send_of(void *self, const struct http_request *request,
			   struct http_answer *answer)
{
	struct stage *st = self;
	const struct scene *scene;
	struct secret all = SECRET_INIT(0);
	size_t i;

	assert_true(st->at < st->n_scenes);
	scene = &st->scenes[st->at++];
	assert_string_equal(request->method, scene->method);
	if (!str_is(request->url, scene->url))
		fail_msg("asked %.*s, not %s", STR_ARG(request->url), scene->url);
	assert_true(request->answer_limit != 0 && request->deadline_ms > 0);
	for (i = 0; i < request->n_headers; i++) {
		secret_put_str(&all, request->headers[i].name);
		secret_puts(&all, ": ");
		secret_put_str(&all, request->headers[i].value);
		secret_puts(&all, "\n");
	}
	secret_put_str(&all, request->body);
	for (i = 0; i < 3 && scene->want[i] != NULL; i++)
		if (strstr(all.data, scene->want[i]) == NULL)
			fail_msg("'%s' is not in:\n%s", scene->want[i], all.data);
	secret_release(&all);
	answer->end = scene->end;
	answer->status = scene->status;
	if (scene->body != NULL)
		secret_puts(&answer->body, scene->body);
	if (scene->headers != NULL)
		secret_puts(&answer->headers, scene->headers);
}

static inline void open_stage(struct stage *st, const char *config, const char *profile,
			      const struct scene *scenes, size_t n)
{
	struct session_options options = { .profile = profile };
	struct secret text = SECRET_INIT(0);
	struct err err = { 0 };

	st->world = (struct world){ .environment = st->environment,
				    .home = st->folder,
				    .transport = { send_of, st },
				    .now = now_of,
				    .random = random_of,
				    .pause = pause_of,
				    .ask = ask_of,
				    .self = st,
				    .process_ms = 5000 };
	st->profiles = PROFILES_INIT;
	st->now = NOW;
	st->scenes = scenes;
	st->n_scenes = n;
	st->at = 0;
	st->paused_ms = 0;
	secret_puts(&text, config);
	assert_int_equal(profiles_parse(&st->profiles, PROFILE_CONFIG, &text, &err), 0);
	assert_int_equal(session_init(&st->session, &st->world, &st->profiles, &options, &err), 0);
}

static inline void close_stage(struct stage *st)
{
	assert_int_equal(st->at, st->n_scenes);
	profiles_release(&st->profiles);
}

static inline void is_keys(const struct creds *c, const char *id, const char *key,
			   const char *token)
{
	assert_true(str_is(secret_str(&c->key_id), id));
	assert_true(str_is(secret_str(&c->key), key));
	assert_true(str_is(secret_str(&c->token), token));
}

/* What comes of the chain: an error that holds all of these, in this order. */
static inline void fails(struct stage *st, const char *const *parts, size_t n)
{
	struct creds c = CREDS_INIT;
	struct err err = { 0 };
	const char *at = err.text;
	size_t i;

	assert_int_equal(creds_chain(&st->session, &c, &err), -1);
	assert_null(c.key.data);
	assert_null(strstr(err.text, "HUSH"));
	for (i = 0; i < n; i++) {
		const char *found = strstr(at, parts[i]);

		if (found == NULL)
			fail_msg("'%s' is not in: %s", parts[i], err.text);
		at = found;
	}
}

#define FAILS(st, ...)                                                                             \
	fails((st), (const char *const[]){ __VA_ARGS__ },                                          \
	      sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *))

#define OFF "AWS_EC2_METADATA_DISABLED=true"

#define STS "https://sts.eu-west-1.amazonaws.com/"

#define ASSUMED(action, id)                                                                        \
	"<" action "Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><" action         \
	"Result>"                                                                                  \
	"<AssumedRoleUser><Arn>arn:aws:sts::210987654321:assumed-role/R/s</Arn></AssumedRoleUser>" \
	"<Credentials><AccessKeyId>" id "</AccessKeyId><SecretAccessKey>HUSH-" id                  \
	"</SecretAccessKey><SessionToken>TOKEN-" id "</SessionToken>"                              \
	"<Expiration>2023-11-14T23:13:20Z</Expiration></Credentials></" action "Result></" action  \
	"Response>"

/* What a container and an instance answer. */
#define DOCUMENT                                                                                   \
	"{\"AccessKeyId\":\"IDM\",\"SecretAccessKey\":\"HUSH\",\"Token\":\"TOKEN\","               \
	"\"Expiration\":\"2023-11-14T23:13:20Z\",\"AccountId\":\"123456789012\",\"Code\":"         \
	"\"Success\"}"

static inline void make_folder(struct stage *st)
{
	snprintf(st->folder, sizeof(st->folder), "/tmp/ivslint-creds-XXXXXX");
	assert_non_null(mkdtemp(st->folder));
}

static inline void put_file(const char *path, const char *text)
{
	struct err err = { 0 };

	assert_int_equal(secret_write_file(str_of(text), path, &err), 0);
}

#endif
