/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Secrets: ceilings, files that only their owner reads, pipes that end or do
 * not. That memory is wiped cannot be seen from outside once it is freed; a
 * cleared one shows it.
 */
#include "fetch/secret.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static void growing(void **state)
{
	struct secret s = SECRET_INIT(200), other = SECRET_INIT(5);
	size_t i;

	(void)state;
	assert_int_equal(secret_str(&s).len, 0);
	for (i = 0; i < 100; i++)
		secret_puts(&s, "ab");
	assert_int_equal(s.len, 200);
	assert_false(s.failed);
	secret_puts(&s, "c");
	assert_true(s.failed);
	assert_int_equal(s.len, 200);
	secret_clear(&s);
	for (i = 0; i < s.cap; i++)
		assert_int_equal(s.data[i], 0);
	secret_put_int(&s, -42);
	assert_string_equal(s.data, "-42");
	secret_move(&other, &s);
	assert_null(s.data);
	assert_string_equal(other.data, "-42");
	assert_int_equal(other.limit, 5);
	secret_release(&other);
	secret_release(&other);
	secret_release(&s);
}

static void files(void **state)
{
	char folder[] = "/tmp/ivslint-secret-XXXXXX", path[64];
	struct secret s = SECRET_INIT(8);
	struct stat st;
	struct err err = { 0 };
	bool missing;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/token", folder);
	assert_int_equal(secret_read_file(&s, path, &missing, &err), -1);
	assert_true(missing);
	assert_int_equal(secret_write_file(STR("12345678"), path, &err), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(secret_read_file(&s, path, NULL, &err), 0);
	assert_true(str_is(secret_str(&s), "12345678"));
	assert_int_equal(secret_write_file(STR("123456789"), path, &err), 0);
	assert_int_equal(secret_read_file(&s, path, &missing, &err), -1);
	assert_false(missing);
	assert_non_null(strstr(err.text, "larger than 8 bytes"));
	assert_int_equal(s.len, 0);
	assert_int_equal(secret_read_file(&s, folder, &missing, &err), -1);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(folder), 0);
	assert_int_equal(secret_write_file(STR("x"), path, &err), -1);
	secret_release(&s);
}

/* What libraries are given: it grows, shrinks, and is zero where it has to be. */
static void for_libraries(void **state)
{
	char *text = secret_strdup("hush"), *zero = secret_calloc(3, 5);
	size_t i;

	(void)state;
	assert_string_equal(text, "hush");
	text = secret_realloc(text, 100);
	assert_string_equal(text, "hush");
	text = secret_realloc(text, 2);
	assert_memory_equal(text, "hu", 2);
	secret_free(text);
	for (i = 0; i < 15; i++)
		assert_int_equal(zero[i], 0);
	secret_free(zero);
	secret_free(secret_realloc(NULL, 7));
	secret_free(secret_malloc(0));
	secret_free(NULL);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(growing),
		cmocka_unit_test(files),
		cmocka_unit_test(for_libraries),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
