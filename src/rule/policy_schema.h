/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The JSON Schema (draft-07) of a policy file, made from the tables: keys,
 * fields, operators, formats, types of parameters. For editors, and for
 * validators that are not ours.
 */
#ifndef RULE_POLICY_SCHEMA_H
#define RULE_POLICY_SCHEMA_H

#include <stddef.h>

#include "base/buf.h"

/* packs: names without "ivslint:" that `extends` may hold. */
void policy_schema_put(struct buf *out, const char *const *packs, size_t n);

#endif
