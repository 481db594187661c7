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

/* The digits of four bits each, in the low half of eight bytes: '0' and up, and 39
 * more from ten on. */
static uint64_t hex_digits(uint64_t nibbles)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t letters = ((nibbles + 6 * ones) >> 4) & ones;

	return nibbles + '0' * ones + letters * ('a' - '0' - 10);
}

/* Four bytes at a time: fingerprints are a good part of what is printed. */
void digest_hex(const void *from, size_t n, char *hex)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *bytes = from;
	uint64_t spread;
	size_t i;

	for (i = 0; i < n / 4 * 4; i += 4) {
		/* a byte's high half comes first in memory */
		spread = bytes[i] | (uint64_t)bytes[i + 1] << 16 | (uint64_t)bytes[i + 2] << 32 |
			 (uint64_t)bytes[i + 3] << 48;
		spread = (spread >> 4 & UINT64_C(0x000f000f000f000f)) |
			 (spread & UINT64_C(0x000f000f000f000f)) << 8;
		spread = hex_digits(spread);
		hex[2 * i] = (char)spread;
		hex[2 * i + 1] = (char)(spread >> 8);
		hex[2 * i + 2] = (char)(spread >> 16);
		hex[2 * i + 3] = (char)(spread >> 24);
		hex[2 * i + 4] = (char)(spread >> 32);
		hex[2 * i + 5] = (char)(spread >> 40);
		hex[2 * i + 6] = (char)(spread >> 48);
		hex[2 * i + 7] = (char)(spread >> 56);
	}
	for (; i < n; i++) {
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

/* The highest byte first. Written out: compilers make one store of it. */
static void put_word(unsigned char *to, uint32_t word)
{
	to[0] = (unsigned char)(word >> 24);
	to[1] = (unsigned char)(word >> 16);
	to[2] = (unsigned char)(word >> 8);
	to[3] = (unsigned char)word;
}

static void put_length(unsigned char *to, uint64_t len)
{
	put_word(to, (uint32_t)(len >> 32));
	put_word(to + 4, (uint32_t)len);
}

static void digest_parts_long(const struct str *parts, size_t n, char hex[DIGEST_HEX_SIZE])
{
	unsigned char length[8];
	SHA256_CTX context;
	size_t i;

	SHA256_Init(&context);
	for (i = 0; i < n; i++) {
		put_length(length, parts[i].len);
		SHA256_Update(&context, length, sizeof(length));
		SHA256_Update(&context, parts[i].data, parts[i].len);
	}
	finish(&context, hex);
}

/* What is short, as fingerprints are, is put together here with the padding that ends
 * it, and is hashed in one go. */
void digest_parts(const struct str *parts, size_t n, char hex[DIGEST_HEX_SIZE])
{
	unsigned char bytes[8 * SHA256_CBLOCK], sum[SHA256_DIGEST_LENGTH];
	size_t used = 0, whole, i;
	SHA256_CTX context;

	for (i = 0; i < n; i++) {
		if (parts[i].len > sizeof(bytes) - used ||
		    sizeof(bytes) - used - parts[i].len < 8 + 9) {
			digest_parts_long(parts, n, hex);
			return;
		}
		put_length(bytes + used, parts[i].len);
		memcpy(bytes + used + 8, parts[i].data, parts[i].len);
		used += 8 + parts[i].len;
	}
	/* a bit that is set, zeros, and the number of bits in the last eight bytes */
	whole = (used + 9 + SHA256_CBLOCK - 1) / SHA256_CBLOCK * SHA256_CBLOCK;
	memset(bytes + used, 0, whole - used);
	bytes[used] = 0x80;
	put_length(bytes + whole - 8, (uint64_t)used * 8);
	SHA256_Init(&context);
	for (i = 0; i < whole; i += SHA256_CBLOCK)
		SHA256_Transform(&context, bytes + i);
	for (i = 0; i < 8; i++)
		put_word(sum + 4 * i, context.h[i]);
	digest_hex(sum, sizeof(sum), hex);
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
