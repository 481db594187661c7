/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Scalars of YAML: the core schema of YAML 1.2 (section 10.3) with numbers of
 * JSON's grammar, and the tags that name its types. Used by yaml.c.
 */
#ifndef MODEL_YAML_SCALAR_H
#define MODEL_YAML_SCALAR_H

#include <stdbool.h>

#include "model/value.h"

#define YAML_CORE_TAG "tag:yaml.org,2002:"

/* Gives *v the kind and content of `made`; place and flags stay. */
void yaml_become(struct value *v, struct value made);
bool yaml_is_null(struct str s);
/* Makes of v what a plain scalar is by the core schema. False, and v as it was, for a
 * string. */
bool yaml_resolve_core(struct value *v, struct str s);
/* Makes of v what its tag, a whole URI, says. False where the scalar cannot be that,
 * or the tag is none of the core's. */
bool yaml_resolve_tagged(struct value *v, const char *tag, struct str s);
/* Of a core tag what stands behind YAML_CORE_TAG ("str"), else NULL. */
const char *yaml_core_tag(const char *tag);
/* How to mend a plain scalar that looks like a number and is none that is taken; not
 * empty and terminated. */
const char *yaml_odd_number_hint(struct str s);

#endif
