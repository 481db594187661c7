/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON as it was written: checked strictly, taken apart and made compact
 * without a change to a number or a string. What is audited passes through
 * here untouched, where a tree would round and reorder.
 */
#ifndef FETCH_RAW_H
#define FETCH_RAW_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

/* -1 unless the bytes are one JSON value (RFC 8259) in UTF-8 and nothing else. */
int raw_check(struct str bytes, struct err *err);

/* The following want bytes that passed raw_check, or parts of such. */

/* How many members of this name there are, of letters alone, however they are escaped;
 * *value is the last one's. 0 too when it is no object. */
size_t raw_find(struct str object, const char *name, struct str *value);
/* The only member of this name; false when there is none, or two. */
bool raw_member(struct str object, const char *name, struct str *value);
/* The elements of a list, one by one: *at is 0 at first. False at the end, and at once
 * when it is no list. */
bool raw_next(struct str list, size_t *at, struct str *element);
/* Puts the value without blanks between its parts. */
void raw_put_compact(struct buf *to, struct str value);

#endif
