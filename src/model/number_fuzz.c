/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any two texts as numbers, with a line feed between them: what is read is
 * written and read again as the same, and order and multiples agree.
 */
#include <stdint.h>
#include <stdlib.h>

#include "model/number.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool holds)
{
	if (!holds)
		abort();
}

static void check_round_trip(struct number n)
{
	struct buf b = BUF_INIT(0);
	struct number again;

	number_put(&b, n);
	expect(number_parse(buf_str(&b), &again));
	expect(again.mantissa == n.mantissa && again.exponent == n.exponent);
	buf_release(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = { (const char *)data, size };
	const char *feed = size > 0 ? memchr(data, '\n', size) : NULL;
	struct str rest = { text.data + size, 0 };
	struct number a, b;

	if (feed != NULL) {
		text.len = (size_t)(feed - text.data);
		rest = (struct str){ feed + 1, size - text.len - 1 };
	}
	number_looks_odd(text);
	if (!number_parse(text, &a))
		return 0;
	check_round_trip(a);
	expect(number_compare(a, a) == 0);
	expect(number_is_multiple(a, a) == (a.mantissa != 0));
	if (!number_parse(rest, &b))
		return 0;
	expect(number_compare(a, b) == -number_compare(b, a));
	expect((number_compare(a, b) == 0) ==
	       (a.mantissa == b.mantissa && a.exponent == b.exponent));
	/* what is a multiple and not 0 is not nearer to 0 */
	if (a.mantissa > 0 && b.mantissa > 0 && number_is_multiple(a, b))
		expect(number_compare(a, b) >= 0);
	return 0;
}
