/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The spool and the ranks over it: what was put comes back, whole, in order,
 * from memory and from the file; and a full disk is told.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <signal.h>
/* after those that it needs */
#include <cmocka.h>

#include "base/arena.h"
#include "base/limit.h"
#include "report/ranked.h"
#include "report/spool.h"

/* Item i of a stream: length and bytes follow from both. */
static struct str make_item(char *to, size_t stream, uint64_t i)
{
	size_t len = (size_t)(i * 7919 + stream * 31) % 5000, k;

	for (k = 0; k < len; k++)
		to[k] = (char)(i + k * (stream + 1));
	return (struct str){ to, len };
}

struct check {
	size_t stream;
	uint64_t next;
};

static void check_item(void *to, struct str item)
{
	struct check *c = to;
	char bytes[5000];

	assert_true(str_equal(item, make_item(bytes, c->stream, c->next)));
	c->next++;
}

static void test_streams(void **state)
{
	/* nothing, little, and far more than memory holds */
	static const uint64_t counts[] = { 0, 1, 3, 400, 2000, 7 };
	enum { N = sizeof(counts) / sizeof(counts[0]) };
	struct spool *s = spool_new(N);
	struct check check;
	char bytes[5000];
	struct err err;
	uint64_t i;
	size_t k, again;

	(void)state;
	for (i = 0; i < 2000; i++)
		for (k = 0; k < N; k++)
			if (i < counts[k])
				spool_put(s, k, make_item(bytes, k, i));
	for (again = 0; again < 2; again++)
		for (k = N; k-- > 0;) {
			assert_int_equal(spool_count(s, k), counts[k]);
			check = (struct check){ .stream = k };
			assert_int_equal(spool_read(s, k, UINT64_MAX, check_item, &check, &err), 0);
			assert_int_equal(check.next, counts[k]);
			check = (struct check){ .stream = k };
			assert_int_equal(spool_read(s, k, 2, check_item, &check, &err), 0);
			assert_int_equal(check.next, counts[k] < 2 ? counts[k] : 2);
		}
	spool_free(s);
	spool_free(NULL);
}

static void gather(void *to, struct str item)
{
	buf_put_str(to, item);
}

/* Items that end where a block ends. */
static void test_edges(void **state)
{
	enum { BLOCK = (16 << 10) - 8 };
	char *bytes = mem_alloc(2 * BLOCK);
	size_t len;
	struct spool *s;
	struct buf got = BUF_INIT(0);
	struct err err;
	int i;

	(void)state;
	memset(bytes, 'a', 2 * BLOCK);
	for (len = BLOCK - 9; len < BLOCK + 9; len++) {
		s = spool_new(1);
		for (i = 0; i < 5; i++)
			spool_put(s, 0, (struct str){ bytes, len });
		buf_clear(&got);
		assert_int_equal(spool_read(s, 0, 5, gather, &got, &err), 0);
		assert_int_equal(got.len, 5 * len);
		spool_free(s);
	}
	buf_release(&got);
	free(bytes);
}

static void take_none(void *to, struct str item)
{
	(void)to;
	(void)item;
}

/* No folder, no room on the disk, an item beyond the limit: told, not lost. */
static void test_failures(void **state)
{
	struct rlimit was, little = { 20000, 20000 };
	char *bytes = mem_alloc(LIMIT_SPOOL_ITEM + 1);
	struct spool *s;
	struct err err;
	int way;

	(void)state;
	memset(bytes, 'x', LIMIT_SPOOL_ITEM + 1);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
	little.rlim_max = was.rlim_max;
	signal(SIGXFSZ, SIG_IGN);
	for (way = 0; way < 3; way++) {
		s = spool_new(1);
		if (way == 0)
			setenv("TMPDIR", "/nonexistent/folder", 1);
		if (way == 1)
			setrlimit(RLIMIT_FSIZE, &little);
		spool_put(s, 0, (struct str){ bytes, way == 2 ? LIMIT_SPOOL_ITEM + 1 : 100000 });
		assert_int_equal(spool_read(s, 0, 1, take_none, NULL, &err), -1);
		assert_int_equal(err.kind, ERR_OUTPUT);
		spool_free(s);
		unsetenv("TMPDIR");
		setrlimit(RLIMIT_FSIZE, &was);
	}
	free(bytes);
}

static void test_ranks(void **state)
{
	static const enum rank ranks[] = { RANK_LOW,      RANK_CRITICAL, RANK_LOW, RANK_ERROR,
					   RANK_CRITICAL, RANK_WAIVED,   RANK_LOW, RANK_HIGH };
	enum { N = sizeof(ranks) / sizeof(ranks[0]) };
	/* what a reader of `most` gets, by the order above */
	static const char *const want[] = { "",      "3",      "31",      "314",      "3147",
					    "31470", "314702", "3147026", "31470265", "31470265" };
	struct report r = { 0 };
	struct ranked *k;
	struct buf got = BUF_INIT(0);
	uint64_t most;
	char digit;
	size_t i;

	(void)state;
	for (most = 0; most < sizeof(want) / sizeof(want[0]); most++) {
		k = ranked_new(2, most);
		for (i = 0; i < N; i++) {
			digit = (char)('0' + i);
			if (ranked_wants(k, 1, ranks[i]))
				ranked_put(k, 1, ranks[i], (struct str){ &digit, 1 });
		}
		buf_clear(&got);
		ranked_each(k, &r, 1, gather, &got);
		assert_int_equal(r.err.kind, ERR_NONE);
		assert_true(str_is(buf_str(&got), want[most]));
		assert_int_equal(ranked_offered(k, 1), N);
		assert_int_equal(ranked_offered(k, 0), 0);
		assert_int_equal(ranked_left_out(k, 1), N > most ? N - most : 0);
		ranked_free(k);
	}
	ranked_free(NULL);
	buf_release(&got);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_streams),
		cmocka_unit_test(test_edges),
		cmocka_unit_test(test_failures),
		cmocka_unit_test(test_ranks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
