/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SHA-256 and wiping: the one door to OpenSSL (FIPS 180-4).
 */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include <stddef.h>

#include "base/str.h"

#define DIGEST_HEX_SIZE 65 /* 64 lower-case hexadecimal digits and a NUL */

/* SHA-256 over the parts, each preceded by its length as eight bytes, big
 * endian, so that no two lists of parts give the same bytes. */
void digest_parts(const struct str *parts, size_t n, char hex[DIGEST_HEX_SIZE]);
/* SHA-256 of the bytes as they are. */
void digest_bytes(struct str bytes, char hex[DIGEST_HEX_SIZE]);
/* Overwrites memory in a way that the compiler keeps. */
void digest_wipe(void *bytes, size_t size);

#endif
