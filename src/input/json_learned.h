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

/*
 * Reads the configuration that j stands before into slots that are empty; lists and
 * maps that `needs` has not are passed over, and so are values of enumerations. False:
 * this is for the strict reader, j is where it was and the slots are empty again.
 */
bool json_learned_read(struct json_learned *l, struct json *j, struct resource *r, field_set needs);
/* Learns from a configuration, `{` to `}`, that the strict reader took after
 * json_learned_read gave it up. */
void json_learned_add(struct json_learned *l, const char *start, const char *end);

#endif
