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
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#if defined(__SSE2__)

/* The digits of four bits each: '0' and up, and 39 more from ten on. */
static __m128i hex_digits(__m128i nibbles)
{
	__m128i letters =
	    _mm_and_si128(_mm_cmpgt_epi8(nibbles, _mm_set1_epi8(9)), _mm_set1_epi8('a' - '0' - 10));

	return _mm_add_epi8(_mm_add_epi8(nibbles, _mm_set1_epi8('0')), letters);
}

/* Sixteen bytes at a time: fingerprints are a good part of what is printed. Gives how many
 * bytes that were. */
static size_t hex_blocks(const unsigned char *bytes, size_t n, char *hex)
{
	const __m128i low = _mm_set1_epi8(15);
	__m128i v, first, second;
	size_t i;

	for (i = 0; i + 16 <= n; i += 16) {
		v = _mm_loadu_si128((const __m128i *)(const void *)(bytes + i));
		first = hex_digits(_mm_and_si128(_mm_srli_epi16(v, 4), low));
		second = hex_digits(_mm_and_si128(v, low));
		_mm_storeu_si128((__m128i *)(void *)(hex + 2 * i),
				 _mm_unpacklo_epi8(first, second));
		_mm_storeu_si128((__m128i *)(void *)(hex + 2 * i + 16),
				 _mm_unpackhi_epi8(first, second));
	}
	return i;
}

#else

static size_t hex_blocks(const unsigned char *bytes, size_t n, char *hex)
{
	(void)bytes;
	(void)n;
	(void)hex;
	return 0;
}

#endif

void digest_hex(const void *from, size_t n, char *hex)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *bytes = from, *end = bytes + n;
	size_t done = hex_blocks(bytes, n, hex);

	for (bytes += done, hex += 2 * done; bytes < end; bytes++) {
		*hex++ = digits[*bytes >> 4];
		*hex++ = digits[*bytes & 15];
	}
	*hex = '\0';
}

static void finish(SHA256_CTX *context, char hex[DIGEST_HEX_SIZE])
{
	unsigned char sum[SHA256_DIGEST_LENGTH];

	SHA256_Final(sum, context);
	digest_hex(sum, sizeof(sum), hex);
}

/* The highest byte first. */
static void put_word(unsigned char *to, uint32_t word)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	word = __builtin_bswap32(word);
#endif
	memcpy(to, &word, sizeof(word));
}

static void put_length(unsigned char *to, uint64_t len)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	len = __builtin_bswap64(len);
#endif
	memcpy(to, &len, sizeof(len));
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
		str_put((char *)bytes + used + 8, parts[i].data, parts[i].len);
		used += 8 + parts[i].len;
	}
	/* a bit that is set, zeros, and the number of bits in the last eight bytes */
	whole = (used + 9 + SHA256_CBLOCK - 1) / SHA256_CBLOCK * SHA256_CBLOCK;
	memset(bytes + used, 0, whole - used);
	bytes[used] = 0x80;
	put_length(bytes + whole - 8, (uint64_t)used * 8);
	SHA256_Init(&context);
	/* whole blocks, of which it keeps nothing back */
	SHA256_Update(&context, bytes, whole);
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
