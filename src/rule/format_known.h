/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether a text that is partly known is of a named format. Inside rule/ only.
 */
#ifndef RULE_FORMAT_KNOWN_H
#define RULE_FORMAT_KNOWN_H

#include "model/partial.h"
#include "rule/cond.h"

/* name: one of rule/format_list.h. */
enum truth format_known(struct str name, const struct partial *text);

#endif
