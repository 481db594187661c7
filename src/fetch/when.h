/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Points in time as services write them, in seconds since 1970, UTC. No time
 * zone of the machine, no locale.
 */
#ifndef FETCH_WHEN_H
#define FETCH_WHEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

#define WHEN_BASIC_SIZE 17 /* YYYYMMDDThhmmssZ and a NUL */

/* YYYY-MM-DDThh:mm:ss, perhaps with a fraction (dropped), then Z, UTC, +hh:mm or +hhmm. */
bool when_parse_iso(struct str s, int64_t *seconds);
/* Sun, 06 Nov 1994 08:49:37 GMT, which is all that servers may send (RFC 9110, 5.6.7). */
bool when_parse_http(struct str s, int64_t *seconds);
/* YYYYMMDDThhmmssZ. Years 0001 to 9999; others give the nearest. */
void when_basic(int64_t seconds, char text[WHEN_BASIC_SIZE]);
/* YYYY-MM-DDThh:mm:ssZ; the text is 21 bytes with its NUL. */
void when_iso(int64_t seconds, char text[21]);

#endif
