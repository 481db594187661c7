/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SHA-256, HMAC and SHA-1 against published vectors, and that lists of parts do not run together.
 */
#include "base/digest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define N(array) (sizeof(array) / sizeof((array)[0]))

static void vectors(void **state)
{
	/* FIPS 180-4's examples */
	static const struct {
		struct str bytes;
		const char *hex;
	} cases[] = {
		{ STR(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
		{ STR("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
		{ STR("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
		  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
	};
	char hex[DIGEST_HEX_SIZE], *million;
	size_t i;

	(void)state;
	for (i = 0; i < N(cases); i++) {
		digest_bytes(cases[i].bytes, hex);
		assert_string_equal(hex, cases[i].hex);
	}
	million = malloc(1000000);
	assert_non_null(million);
	memset(million, 'a', 1000000);
	digest_bytes((struct str){ million, 1000000 }, hex);
	free(million);
	assert_string_equal(hex,
			    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

static void parts(void **state)
{
	static const struct str lists[][3] = {
		{ STR("ab"), STR("c"), STR("") },   { STR("a"), STR("bc"), STR("") },
		{ STR("abc"), STR(""), STR("") },   { STR(""), STR("abc"), STR("") },
		{ STR("ab\0c"), STR(""), STR("") },
	};
	char all[2 * N(lists) + 1][DIGEST_HEX_SIZE], direct[DIGEST_HEX_SIZE];
	size_t i, j, n = 0;

	(void)state;
	for (i = 0; i < N(lists); i++) {
		digest_parts(lists[i], 3, all[n++]);
		digest_parts(lists[i], 2, all[n++]);
	}
	digest_parts(lists[0], 0, all[n++]);
	for (i = 0; i < n; i++)
		for (j = 0; j < i; j++)
			assert_string_not_equal(all[i], all[j]);
	/* the bytes are as the header says: fingerprints outlive releases */
	digest_bytes(STR("\0\0\0\0\0\0\0\x02"
			 "ab\0\0\0\0\0\0\0\x01"
			 "c"),
		     direct);
	assert_string_equal(all[1], direct);
}

static void hmac(void **state)
{
	/* RFC 4231, test cases 1, 2, 3, 6 and 7 */
	static const char twenty_b[] =
	    "\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b"
	    "\x0b\x0b\x0b\x0b\x0b";
	char many[131], fifty[50], hex[DIGEST_HEX_SIZE];
	unsigned char sum[DIGEST_SIZE];
	const struct {
		struct str key, bytes;
		const char *hex;
	} cases[] = {
		{ { twenty_b, 20 },
		  STR("Hi There"),
		  "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7" },
		{ STR("Jefe"), STR("what do ya want for nothing?"),
		  "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843" },
		{ { many, 20 },
		  { fifty, 50 },
		  "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe" },
		{ { many, 131 },
		  STR("Test Using Larger Than Block-Size Key - Hash Key First"),
		  "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54" },
	};
	size_t i;

	(void)state;
	memset(many, 0xaa, sizeof(many));
	memset(fifty, 0xdd, sizeof(fifty));
	for (i = 0; i < N(cases); i++) {
		digest_hmac(cases[i].key, cases[i].bytes, sum);
		digest_hex(sum, sizeof(sum), hex);
		assert_string_equal(hex, cases[i].hex);
	}
	/* a chain of sums in one place, as a signing key is derived */
	digest_hmac(STR("Jefe"), STR("what do ya want for nothing?"), sum);
	digest_hmac((struct str){ (const char *)sum, sizeof(sum) }, STR("next"), sum);
	digest_hex(sum, sizeof(sum), hex);
	assert_string_not_equal(hex, cases[1].hex);
}

static void sha1(void **state)
{
	char hex[DIGEST_SHA1_HEX_SIZE];

	(void)state;
	digest_sha1(STR("abc"), hex);
	assert_string_equal(hex, "a9993e364706816aba3e25717850c26c9cd0d89d");
	digest_sha1(STR(""), hex);
	assert_string_equal(hex, "da39a3ee5e6b4b0d3255bfef95601890afd80709");
}

/* Every length, every byte, against what the library prints. */
static void hex_of_all_bytes(void **state)
{
	unsigned char bytes[70];
	char hex[2 * sizeof(bytes) + 1], digits[3];
	size_t n, i, from;

	(void)state;
	for (n = 0; n <= sizeof(bytes); n++) {
		for (from = 0; from < 256; from += 31) {
			for (i = 0; i < n; i++)
				bytes[i] = (unsigned char)(from + i * 5);
			digest_hex(bytes, n, hex);
			assert_int_equal(strlen(hex), 2 * n);
			for (i = 0; i < n; i++) {
				snprintf(digits, sizeof(digits), "%02x", bytes[i]);
				assert_memory_equal(hex + 2 * i, digits, 2);
			}
		}
	}
}

static void wipe(void **state)
{
	char secret[32];
	size_t i;

	(void)state;
	memset(secret, 's', sizeof(secret));
	digest_wipe(secret, sizeof(secret));
	for (i = 0; i < sizeof(secret); i++)
		assert_int_equal(secret[i], 0);
	digest_wipe(secret, 0);
}

/* Parts of every length about the ends of blocks, and of the way that is taken for
 * short ones, are the bytes one would write down by hand. */
static void parts_of_all_lengths(void **state)
{
	char bytes[700], one[DIGEST_HEX_SIZE], all[DIGEST_HEX_SIZE];
	struct str parts[2];
	size_t len, i;

	(void)state;
	for (len = 0; len < 600; len++) {
		memset(bytes, 0, sizeof(bytes));
		bytes[6] = (char)(len >> 8);
		bytes[7] = (char)len;
		for (i = 0; i < len; i++)
			bytes[8 + i] = (char)(i * 7);
		bytes[8 + len + 7] = 2;
		bytes[8 + len + 8] = 'x';
		bytes[8 + len + 9] = '\xFF';
		parts[0] = (struct str){ bytes + 8, len };
		parts[1] = STR("x\xFF");
		digest_parts(parts, 2, all);
		digest_bytes((struct str){ bytes, 8 + len + 10 }, one);
		assert_string_equal(all, one);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(vectors),
		cmocka_unit_test(parts),
		cmocka_unit_test(parts_of_all_lengths),
		cmocka_unit_test(hmac),
		cmocka_unit_test(sha1),
		cmocka_unit_test(hex_of_all_bytes),
		cmocka_unit_test(wipe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
