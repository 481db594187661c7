/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How configurations are written, learned from those that were read: programs
 * print members in an order of their own, with the same blanks, always.
 *
 * What stands between two values of a configuration is then the same bytes time
 * and again: `", "name": "`; and so is a value of an enumeration, with what stands
 * around it: `", "state": "ACTIVE", "tags": {"Owner": "`. Such a text is remembered
 * for the value that it follows, with what it means, and compared in one step. Only
 * texts of configurations that the strict reader took are learned, and where one may
 * stand depends on nothing but the value before it; so what is read here is
 * what the strict reader would have read. Whatever is not as learned (a key
 * that comes twice, a byte that is another) is left to that reader, from the
 * beginning of the configuration: nothing is ever refused here.
 */
#ifndef INPUT_JSON_LEARNED_H
#define INPUT_JSON_LEARNED_H

#include <stdbool.h>

#include "base/arena.h"
#include "input/input.h"
#include "input/json_shape.h"
#include "model/json.h"
#include "model/resource.h"

/* What makes a bare object a recording configuration, besides its ARN. */
#define JSON_TELLING                                                                               \
	(FIELD_BIT(FIELD_DESTINATION) | FIELD_BIT(FIELD_THUMBNAIL) | FIELD_BIT(FIELD_RENDITION) |  \
	 FIELD_BIT(FIELD_RECONNECT_WINDOW))

/*
 * Reads the configuration that j stands before, without an error: fills the slots of the
 * fields that it sets r->there to, whatever was in them, and no others. What `needs` has
 * not is passed over, but for the ARN, the name and what is telling. False: this is for
 * the strict reader, j is where it was and any slot may hold something.
 */
bool json_learned_read(struct json_learned *l, struct json *j, struct resource *r, field_set needs);
/* Learns from a configuration, `{` to `}`, that the strict reader took after
 * json_learned_read gave it up. */
void json_learned_add(struct json_learned *l, const char *start, const char *end);

/* Registers that it is done with; the widest that the processor has unless told, as
 * tests do. */
enum json_width { JSON_PLAIN, JSON_AVX2, N_JSON_WIDTHS };
/* False: the processor has none of that width. */
bool json_learned_use(struct json_learned *l, enum json_width width);

#endif
