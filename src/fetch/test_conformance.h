/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For tests: the test data of AWS's own SDKs, which lies beside the checkout
 * and not in it. Where it is absent, its tests are skipped and say so.
 */
#ifndef FETCH_TEST_CONFORMANCE_H
#define FETCH_TEST_CONFORMANCE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <cmocka.h>

#include "base/arena.h"
#include "fetch/answer.h"
#include "fetch/secret.h"

#define CONFORMANCE "../shared/conformance/"

/* Reads a file below the folder; false, with a word about it, when it is not there. */
static inline bool conformance_read(const char *name, struct secret *bytes)
{
	struct arena arena = ARENA_INIT;
	struct err err = { 0 };
	bool there;

	bytes->limit = 4u << 20;
	there = secret_read_file(bytes, arena_printf(&arena, "%s%s", CONFORMANCE, name), NULL,
				 &err) == 0;
	if (!there)
		printf("conformance: %s: skipped, %s\n", name, err.text);
	arena_release(&arena);
	return there;
}

static inline struct answer *conformance_json(const char *name)
{
	struct secret bytes = SECRET_INIT(0);
	struct answer *answer = NULL;
	struct err err = { 0 };

	if (conformance_read(name, &bytes)) {
		answer = answer_parse(secret_str(&bytes), &err);
		if (answer == NULL)
			printf("conformance: %s: skipped, %s\n", name, err.text);
	}
	secret_release(&bytes);
	return answer;
}

/* A member's string, or "" */
static inline struct str json_text(const struct answer_value *v, const char *name)
{
	struct str s = STR("");

	(void)answer_text(v, name, &s);
	return s;
}

static inline bool json_true(const struct answer_value *v, const char *name)
{
	return answer_is_true(answer_member(v, name));
}

/* Runs each case of a file's list (`member` is NULL where the file is one), `total` in all:
 * every one has to be as it should. `what` is what they are of. */
static inline void conformance_run(const char *name, const char *member, const char *what,
				   size_t total,
				   bool (*run)(const void *self, const struct answer_value *one),
				   const void *self)
{
	struct answer *file = conformance_json(name);
	const struct answer_value *list = answer_root(file), *one;
	size_t n = 0, ok = 0;

	if (file == NULL)
		skip();
	if (member != NULL)
		list = answer_member(list, member);
	for (one = answer_first(list); one != NULL; one = answer_next(one), n++)
		ok += run(self, one);
	answer_free(file);
	printf("conformance: %s %zu of %zu\n", what, ok, n);
	assert_int_equal(n, total);
	assert_int_equal(ok, n);
}

/* Whether `text` holds `part`, ASCII case aside: our messages begin with a small letter. */
static inline bool text_holds(const char *text, struct str part)
{
	size_t n = strlen(text), i, j;

	for (i = 0; i + part.len <= n; i++) {
		for (j = 0; j < part.len; j++)
			if ((text[i + j] | 32) != (part.data[j] | 32))
				break;
		if (j == part.len)
			return true;
	}
	return false;
}

#endif
