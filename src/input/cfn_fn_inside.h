/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The inside of functions of templates, shared by their files. Nobody else
 * includes this.
 */
#ifndef INPUT_CFN_FN_INSIDE_H
#define INPUT_CFN_FN_INSIDE_H

#include "input/cfn.h"

typedef const struct cfn_scope scope_t;

/* ---- cfn_fn.c ------------------------------------------------------------------- */

__attribute__((format(printf, 2, 3))) struct value cfn_fn_unknown(struct cfn *t, const char *format,
								  ...);
/* Of a function that is not written as it has to be. */
struct value cfn_fn_wrong(struct cfn *t, const char *name);

/* ---- cfn_name.c ----------------------------------------------------------------- */

/* What gaps may hold: a row for each kind. */
enum gap_kind { GAP_ANY, GAP_ACCOUNT, GAP_REGION, GAP_STACK, GAP_DOMAIN, GAP_BUCKET, GAP_ID };
struct value cfn_fn_gap(struct cfn *t, enum gap_kind kind, const char *name,
			const struct cfn_resource *of, const char *why);
/* A name that Ref or ${} has: of a loop, a parameter, a resource. */
struct value cfn_fn_named(struct cfn *t, struct str name, scope_t *scope);
struct value cfn_fn_named_attribute(struct cfn *t, struct str id, struct str name);

/* ---- cfn_fn_text.c -------------------------------------------------------------- */

/* A text as it stands: loop variables and dynamic references are replaced. */
struct value cfn_fn_text(struct cfn *t, const struct value *v, scope_t *scope);

static inline size_t cfn_fn_count(struct str s, char byte)
{
	size_t i, n = 0;

	for (i = 0; i < s.len; i++)
		n += s.data[i] == byte;
	return n;
}

/* ---- functions: fn is the name, v what stands behind it --------------------------- */

#define CFN_FN(name)                                                                               \
	struct value cfn_fn_##name(struct cfn *t, const char *fn, const struct value *v,           \
				   scope_t *scope)
CFN_FN(sub);
CFN_FN(join);
CFN_FN(split);
CFN_FN(base64);
CFN_FN(select);
CFN_FN(find_in_map);
CFN_FN(if);
CFN_FN(condition);
CFN_FN(equals);
CFN_FN(and);
CFN_FN(or);
CFN_FN(not );

#endif
