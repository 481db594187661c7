/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Failures: kind, place and text, and how a text is cut.
 */
#include "base/err.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

static void sets(void **state)
{
	struct err err;

	(void)state;
	assert_int_equal(err_at(&err, ERR_POLICY, 3, 7, "unknown operator '%s'", "mach"), -1);
	assert_int_equal(err.kind, ERR_POLICY);
	assert_int_equal(err.line, 3);
	assert_int_equal(err.column, 7);
	assert_string_equal(err.text, "unknown operator 'mach'");
	/* a new one keeps nothing of the old */
	assert_int_equal(err_set(&err, ERR_USAGE, "no"), -1);
	assert_int_equal(err.kind, ERR_USAGE);
	assert_int_equal(err.line, 0);
	assert_int_equal(err.column, 0);
	assert_string_equal(err.text, "no");
}

static void wraps(void **state)
{
	struct err err;

	(void)state;
	(void)err_at(&err, ERR_INPUT, 3, 7, "not a number");
	assert_int_equal(err_wrap(&err, "reading '%s'", "x"), -1);
	assert_string_equal(err.text, "reading 'x': not a number");
	assert_int_equal(err.kind, ERR_INPUT);
	assert_int_equal(err.line, 3);
	/* its own text as an argument */
	(void)err_set(&err, ERR_INPUT, "%s, twice %s", err.text, err.text);
	assert_string_equal(err.text, "reading 'x': not a number, twice reading 'x': not a number");
}

static void errnos(void **state)
{
	struct err err = { .line = 5 };

	(void)state;
	assert_int_equal(err_errno(&err, ERR_OUTPUT, EACCES, "cannot write '%s'", "x"), -1);
	assert_string_equal(err.text, "cannot write 'x': Permission denied");
	assert_int_equal(err.kind, ERR_OUTPUT);
	assert_int_equal(err.line, 0);
	(void)err_errno(&err, ERR_OUTPUT, 123456, "x");
	assert_non_null(strstr(err.text, "123456"));
}

static void cuts_between_characters(void **state)
{
	static const char *const characters[] = { "x", "\xC3\xA9", "\xE2\x82\xAC",
						  "\xF0\x9F\x98\x80" };
	char text[1200];
	struct err err;
	size_t i, before, size, at;

	(void)state;
	for (i = 0; i < 4; i++) {
		size = strlen(characters[i]);
		for (before = 0; before < 5; before++) {
			memset(text, 'a', before);
			for (at = before; at + size < sizeof(text); at += size)
				memcpy(text + at, characters[i], size);
			text[at] = '\0';
			(void)err_set(&err, ERR_INPUT, "%s", text);
			assert_true(strlen(err.text) < sizeof(err.text));
			assert_true(strlen(err.text) > sizeof(err.text) - 1 - size);
			assert_int_equal((strlen(err.text) - before) % size, 0);
			(void)err_wrap(&err, "wrapped");
			assert_int_equal((strlen(err.text) - strlen("wrapped: ") - before) % size,
					 0);
		}
	}
	/* what is no UTF-8 is cut somewhere */
	memset(text, 0x80, sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	(void)err_set(&err, ERR_INPUT, "%s", text);
	assert_true(strlen(err.text) > 990);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(sets),
		cmocka_unit_test(wraps),
		cmocka_unit_test(errnos),
		cmocka_unit_test(cuts_between_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
