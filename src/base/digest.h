/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SHA-256, HMAC and wiping: the one door to OpenSSL (FIPS 180-4, FIPS 198-1).
 */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include <stddef.h>

#include "base/str.h"

#define DIGEST_HEX_SIZE 65 /* 64 lower-case hexadecimal digits and a NUL */
#define DIGEST_SIZE 32	   /* of SHA-256, in bytes */
#define DIGEST_SHA1_HEX_SIZE 41

/* SHA-256 over the parts, each preceded by its length as eight bytes, big
 * endian, so that no two lists of parts give the same bytes. */
void digest_parts(const struct str *parts, size_t n, char hex[DIGEST_HEX_SIZE]);
/* SHA-256 of the bytes as they are. */
void digest_bytes(struct str bytes, char hex[DIGEST_HEX_SIZE]);
/* HMAC-SHA-256. The sum may lie where key or bytes do. What it computes from the
 * key on its way is wiped. */
void digest_hmac(struct str key, struct str bytes, unsigned char sum[DIGEST_SIZE]);
/* 2 * n lower-case digits and a NUL. */
void digest_hex(const void *bytes, size_t n, char *hex);
/* SHA-1, for names that others made with it; it protects nothing. */
void digest_sha1(struct str bytes, char hex[DIGEST_SHA1_HEX_SIZE]);
/* Overwrites memory in a way that the compiler keeps. */
void digest_wipe(void *bytes, size_t size);

#endif
