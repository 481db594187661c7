/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is read as learned is what the strict reader reads: every value, every
 * place, every refusal, for configurations written in several ways and for all
 * that is nearly one of them.
 */
#include "input/json_learned_fixture.h"

static void learns(void **state)
{
	static struct resource r;
	struct pair p;
	size_t i;

	(void)state;
	pair_init(&p);
	assert_false(is_learned(&p, bare, &r));
	for (i = 0; i < N_WAYS; i++)
		compare_among(&p, ways[i], str_of(ways[i]));
	assert_true(is_learned(&p, bare, &r));
	assert_true(str_is(value_str(&r.slots[FIELD_NAME]), "n"));
	assert_int_equal(r.slots[FIELD_NAME].place.column, 8);
	/* what was learned of several goes together */
	assert_true(is_learned(&p,
			       "{\"name\":\"x\",\"tags\":{\"Team\":\"b\",\"Owner\":\"c\"},\"arn\":"
			       "\"q\",\"renditionConfiguration\":{}}",
			       &r));
	assert_int_equal(r.slots[FIELD_TAGS].n, 2);
	assert_true(str_is(r.slots[FIELD_TAGS].entries[1].key, "Owner"));
	/* but not a key twice */
	assert_false(is_learned(&p,
				"{\"name\":\"x\",\"tags\":{\"Team\":\"b\",\"Owner\":\"c\"},\"arn\":"
				"\"q\",\"name\":\"y\",\"tags\":{}}",
				&r));
	/* with members that the table does not have, never */
	assert_false(is_learned(&p, "{\"arn\":\"q\",\"later\":{\"a\":[1]},\"name\":\"n\"}", &r));
	pair_release(&p);
}

/* Two that are well, so that what follows is tried; and one of which what stands from
 * `at` to `until` is something else. */
static void put_changed(struct buf *b, const char *well, size_t at, const char *other, size_t len,
			size_t until)
{
	buf_printf(b, "%s\n%s\n", well, well);
	buf_put(b, well, at);
	buf_put(b, other, len);
	buf_puts(b, well + until);
	buf_putc(b, '\n');
}

/* Every byte of every way is another, is missing, is there twice, is the last. */
static void nearly(field_set needs)
{
	static const char others[] = "\"\\}, 0e\x80";
	struct buf b = BUF_INIT(0);
	struct pair p;
	size_t w, at, o, len;

	pair_init(&p);
	for (w = 0; w < N_WAYS; w++) {
		len = strlen(ways[w]);
		for (at = 0; at < len; at++) {
			buf_clear(&b);
			for (o = 0; o < sizeof(others); o++)
				put_changed(&b, ways[w], at, &others[o], 1, at + 1);
			put_changed(&b, ways[w], at, "", 0, len);
			put_changed(&b, ways[w], at, "", 0, at + 1);
			put_changed(&b, ways[w], at + 1, "", 0, at);
			compare(&p, buf_str(&b), needs);
		}
	}
	buf_release(&b);
	pair_release(&p);
}

static void near_misses(void **state)
{
	(void)state;
	nearly(everything);
	nearly(resource_closure(FIELD_BIT(FIELD_STATE) | FIELD_BIT(FIELD_THUMBNAIL_STORAGE)));
}

/* What stands between two values is moved to between two others. */
static void mixed_texts(void **state)
{
	struct buf b = BUF_INIT(0);
	unsigned seed = 1, i, n;
	const char *from, *to;
	struct pair p;
	size_t w;

	(void)state;
	pair_init(&p);
	for (i = 0; i < 2000; i++) {
		w = i % N_WAYS;
		buf_clear(&b);
		for (n = 0; n < 3; n++) {
			seed = seed * 1103515245 + 12345;
			from = ways[w] + (seed >> 8) % strlen(ways[w]);
			from = strchr(from, '"') != NULL ? strchr(from, '"') : ways[w];
			seed = seed * 1103515245 + 12345;
			to = ways[w] + (seed >> 8) % strlen(ways[w]);
			to = strchr(to, '"') != NULL ? strchr(to, '"') : ways[w];
			if (n == 0)
				buf_put(&b, ways[w], (size_t)(from - ways[w]));
			buf_put(&b, to, n == 2 ? strlen(to) : strlen(to) / (2 + seed % 5));
		}
		compare_among(&p, ways[w], buf_str(&b));
	}
	buf_release(&b);
	pair_release(&p);
}

/* More keys, members and ways than there is room for, and then again few. */
static void more_than_room(void **state)
{
	struct buf b = BUF_INIT(0);
	static struct resource r;
	struct pair p;
	unsigned i, k;

	(void)state;
	pair_init(&p);
	for (i = 0; i < 1500; i++) {
		buf_clear(&b);
		for (k = 0; k < i % 7; k++)
			buf_putc(&b, ' ');
		buf_printf(&b, "{\"arn\":\"arn:aws:ivs:r:1:recording-configuration/%u\",\"tags\":{",
			   i);
		for (k = 0; k < i % 40; k++)
			buf_printf(&b, "%s\"key-%u-%u\":\"%u\"", k != 0 ? "," : "", i, k, k);
		buf_printf(&b, "},%*s\"name\":\"n\"", (int)(i % 300), "");
		if (i % 3 == 0) {
			PUT(&b, ",\"renditionConfiguration\":{\"renditions\":[");
			for (k = 0; k < i % 50; k++)
				buf_puts(&b, k != 0 ? ", \"HD\"" : "\"HD\"");
			PUT(&b, "]}");
		}
		buf_putc(&b, '}');
		compare(&p, buf_str(&b), everything);
	}
	for (i = 0; i < 1200; i++)
		compare(&p, str_of(bare), everything);
	assert_true(is_learned(&p, bare, &r));
	buf_release(&b);
	pair_release(&p);
}

/* Lists and maps that nobody asked for are passed over, but not unseen. */
static void not_needed(void **state)
{
	field_set few = resource_closure(FIELD_BIT(FIELD_NAME));
	struct pair p;
	size_t i, n;

	(void)state;
	pair_init(&p);
	for (n = 0; n < 3; n++)
		for (i = 0; i < N_WAYS; i++)
			compare(&p, str_of(ways[i]), few);
	for (i = 0; i < 3; i++)
		compare(&p,
			STR("{\"name\":\"n\",\"tags\":{\"Team\":\"b\",\"Team\":\"c\"},\"arn\":"
			    "\"arn:aws:ivs:r:1:recording-configuration/q\"}"),
			few);
	pair_release(&p);
}

/* Strings of every length about that of a block or two, with what ends one at every
 * place, before the quote or behind it. */
static void lengths(void **state)
{
	static const char *const others[] = { "x", "\\n", "\\", "\x01", "\xC3\xA9", "\x80", "\"" };
	struct buf b = BUF_INIT(0);
	struct pair p;
	size_t len, at, o, i;

	(void)state;
	pair_init(&p);
	compare_among(&p, bare, str_of(bare));
	for (len = 0; len < 140; len += len < 70 ? 1 : 7) {
		buf_clear(&b);
		for (o = 0; o < sizeof(others) / sizeof(*others); o++)
			for (at = 0; at <= len; at++) {
				PUT(&b, "{\"name\":\"");
				for (i = 0; i < len; i++)
					buf_puts(&b, i == at ? others[o] : "y");
				buf_puts(&b, bare + sizeof("{\"name\":\"n") - 1);
				buf_putc(&b, '\n');
				compare(&p, buf_str(&b), everything);
				buf_clear(&b);
			}
	}
	buf_release(&b);
	pair_release(&p);
}

/* Numbers as they are, and nearly. */
static void numbers(void **state)
{
	static const char *const values[] = { "0",
					      "1",
					      "12",
					      "123",
					      "1234",
					      "12345",
					      "123456",
					      "00",
					      "01",
					      "-1",
					      "1.5",
					      "1e2",
					      "1E2",
					      "0.0",
					      "-",
					      "1x",
					      " 7",
					      "7 ",
					      "",
					      "1\"",
					      "99999",
					      "100000",
					      "10000000000000000000000",
					      "+1",
					      "0x1",
					      "9]",
					      "null" };
	struct buf b = BUF_INIT(0);
	struct pair p;
	size_t i, way;

	(void)state;
	pair_init(&p);
	for (way = 0; way < 2; way++)
		for (i = 0; i < sizeof(values) / sizeof(*values); i++) {
			buf_clear(&b);
			buf_printf(&b,
				   "{\"arn\":\"arn:aws:ivs:r:1:recording-configuration/q\","
				   "\"recordingReconnectWindowSeconds\":%s%s",
				   values[i], way == 0 ? "}" : ",\"name\":\"n\"}");
			compare_among(&p, ways[0], buf_str(&b));
			compare_among(&p, bare, buf_str(&b));
		}
	buf_release(&b);
	pair_release(&p);
}

/* Texts one of which is the beginning of another, in every order. */
static void beginnings(void **state)
{
	static const char *const states[] = { "\"ACTIVE\"",
					      "\"ACTIVATED\"",
					      "\"\"",
					      "\"CREATING\"",
					      "\"CREATE_FAILED\"",
					      "\"C\"",
					      "null",
					      "\"CREATING\",\"tags\":{}",
					      "\"CREATING\" ,\"tags\":{\"a\":\"b\"}",
					      "\"CREATING\\u0020\"" };
	const size_t n = sizeof(states) / sizeof(*states);
	struct buf b = BUF_INIT(0);
	unsigned seed = 7, i, k;
	struct pair p;

	(void)state;
	for (i = 0; i < 60; i++) {
		pair_init(&p);
		for (k = 0; k < 40; k++) {
			seed = seed * 1103515245 + 12345;
			buf_clear(&b);
			buf_printf(
			    &b,
			    "{\"arn\":\"arn:aws:ivs:r:1:recording-configuration/q\",\"state\""
			    ":%s}",
			    states[(seed >> 8) % n]);
			compare(&p, buf_str(&b), everything);
		}
		pair_release(&p);
	}
	buf_release(&b);
}

/* Limits hold as ever. */
static void limits(void **state)
{
	struct buf b = BUF_INIT(0);
	struct pair p;
	size_t i, n;

	(void)state;
	pair_init(&p);
	for (i = 0; i < 4; i++)
		compare(&p, str_of(bare), everything);
	for (n = LIMIT_STRING_SIZE - 2; n <= LIMIT_STRING_SIZE + 1; n++) {
		buf_clear(&b);
		PUT(&b, "{\"name\":\"");
		for (i = 0; i < n; i++)
			buf_putc(&b, 'x');
		buf_puts(&b, bare + sizeof("{\"name\":\"n") - 1);
		compare(&p, buf_str(&b), everything);
	}
	for (n = LIMIT_JSON_DEPTH - 12; n <= LIMIT_JSON_DEPTH; n++) {
		buf_clear(&b);
		for (i = 0; i < n; i++)
			buf_putc(&b, '[');
		buf_puts(&b, bare);
		for (i = 0; i < n; i++)
			buf_putc(&b, ']');
		compare(&p, buf_str(&b), everything);
	}
	buf_release(&b);
	pair_release(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(learns),      cmocka_unit_test(near_misses),
		cmocka_unit_test(mixed_texts), cmocka_unit_test(more_than_room),
		cmocka_unit_test(not_needed),  cmocka_unit_test(lengths),
		cmocka_unit_test(numbers),     cmocka_unit_test(beginnings),
		cmocka_unit_test(limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
