/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Texts with fields in them, as conditions use them inside; the rest is in
 * rule/cond.h.
 */
#ifndef RULE_FORMAT_H
#define RULE_FORMAT_H

#include "rule/compile.h"

/* NULL after adding a mistake. */
struct format *format_build(const struct compile *c, const struct value *text, bool message);
/* The text as a string value in e->j->arena; absent or unknown when a field
 * is. glob: what the fields hold means itself in a shell pattern. */
const struct value *format_value(const struct format *f, const struct eval *e, bool glob);
/* As written. */
struct str format_text(const struct format *f);

#endif
