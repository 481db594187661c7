/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Places within a scalar of a document: the caret under the very character of
 * a pattern or a path that is wrong.
 */
#ifndef RULE_PLACE_H
#define RULE_PLACE_H

#include <stddef.h>

#include "model/source.h"
#include "model/value.h"

/* The place of the byte `offset` of a string, where the string stands in one
 * line as it is (plain, or quoted without escapes); else the string's place. */
struct place place_inside(struct source *source, const struct value *string, size_t offset);
/* Characters to underline for a scalar, quotes included; 1 for anything else. */
size_t place_span(const struct value *v);

#endif
