/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SHA-256 (FIPS 180-4), HMAC (FIPS 198-1) and wiping. Knows OpenSSL; does not know
 * what is digested, or what a digest is compared with.
 *
 * This uses the low-level SHA256_ functions, which OpenSSL 3 calls deprecated but keeps.
 * EVP fetches the algorithm from a provider at the first use, and that set-up takes a
 * process about a millisecond: more than all else that a small run does. Were they
 * ever removed, this file alone would change.
 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "base/digest.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <stdint.h>

void digest_hex(const void *from, size_t n, char *hex)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *bytes = from;
	size_t i;

	for (i = 0; i < n; i++) {
		hex[2 * i] = digits[bytes[i] >> 4];
		hex[2 * i + 1] = digits[bytes[i] & 15];
	}
	hex[2 * n] = '\0';
}

static void finish(SHA256_CTX *context, char hex[DIGEST_HEX_SIZE])
{
	unsigned char sum[SHA256_DIGEST_LENGTH];

	SHA256_Final(sum, context);
	digest_hex(sum, sizeof(sum), hex);
}

void digest_parts(const struct str *parts, size_t n, char hex[DIGEST_HEX_SIZE])
{
	SHA256_CTX context;
	unsigned char length[8];
	uint64_t len;
	size_t i, j;

	SHA256_Init(&context);
	for (i = 0; i < n; i++) {
		len = parts[i].len;
		for (j = 0; j < sizeof(length); j++)
			length[j] = (unsigned char)(len >> (56 - 8 * j));
		SHA256_Update(&context, length, sizeof(length));
		SHA256_Update(&context, parts[i].data, parts[i].len);
	}
	finish(&context, hex);
}

void digest_bytes(struct str bytes, char hex[DIGEST_HEX_SIZE])
{
	SHA256_CTX context;

	SHA256_Init(&context);
	SHA256_Update(&context, bytes.data, bytes.len);
	finish(&context, hex);
}

/* The hash of the key in one block, masked, and of the bytes after it. */
static void keyed(const unsigned char block[SHA256_CBLOCK], unsigned char mask, const void *bytes,
		  size_t size, unsigned char sum[DIGEST_SIZE])
{
	unsigned char masked[SHA256_CBLOCK];
	SHA256_CTX context;
	size_t i;

	for (i = 0; i < sizeof(masked); i++)
		masked[i] = block[i] ^ mask;
	SHA256_Init(&context);
	SHA256_Update(&context, masked, sizeof(masked));
	SHA256_Update(&context, bytes, size);
	SHA256_Final(sum, &context);
	OPENSSL_cleanse(masked, sizeof(masked));
	OPENSSL_cleanse(&context, sizeof(context));
}

void digest_hmac(struct str key, struct str bytes, unsigned char sum[DIGEST_SIZE])
{
	unsigned char block[SHA256_CBLOCK] = { 0 }, inner[DIGEST_SIZE];
	SHA256_CTX context;

	if (key.len <= sizeof(block)) {
		memcpy(block, key.data, key.len);
	} else {
		SHA256_Init(&context);
		SHA256_Update(&context, key.data, key.len);
		SHA256_Final(block, &context);
		OPENSSL_cleanse(&context, sizeof(context));
	}
	keyed(block, 0x36, bytes.data, bytes.len, inner);
	keyed(block, 0x5c, inner, sizeof(inner), sum);
	OPENSSL_cleanse(block, sizeof(block));
	OPENSSL_cleanse(inner, sizeof(inner));
}

void digest_sha1(struct str bytes, char hex[DIGEST_SHA1_HEX_SIZE])
{
	unsigned char sum[SHA_DIGEST_LENGTH];
	SHA_CTX context;

	SHA1_Init(&context);
	SHA1_Update(&context, bytes.data, bytes.len);
	SHA1_Final(sum, &context);
	digest_hex(sum, sizeof(sum), hex);
}

void digest_wipe(void *bytes, size_t size)
{
	OPENSSL_cleanse(bytes, size);
}
