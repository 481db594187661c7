/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands to the right of an operator: a literal, a parameter, another
 * field, a text with fields in it.
 */
#ifndef RULE_OPERAND_H
#define RULE_OPERAND_H

#include "rule/compile.h"
#include "rule/path.h"

enum operand_form {
	OPERAND_LITERAL,   /* and parameters: their value is known at load */
	OPERAND_UNBOUNDED, /* the bound that a range does not have */
	OPERAND_PATH,
	OPERAND_FORMAT,
};

struct operand {
	enum operand_form form;
	const struct value *value; /* literal */
	bool from_param;
	struct path path;
	const struct operand *otherwise; /* where the path is absent; or NULL */
	struct format *format;
	struct nature nature;     /* of a path or a format */
	const struct value *node; /* as written, for places */
};

/* Reads any form; literals within lists and maps have their parameters put
 * in. -1 after adding a mistake. */
int operand_compile(const struct compile *c, const struct value *node, struct operand *o);
/* The value where it is known at load, else NULL. */
static inline const struct value *operand_literal(const struct operand *o)
{
	return o->form == OPERAND_LITERAL ? o->value : NULL;
}
const struct value *operand_compute(const struct operand *o, const struct eval *e);
/* Never NULL; not to be called on an unbounded one. */
static inline const struct value *operand_value(const struct operand *o, const struct eval *e)
{
	return o->form == OPERAND_LITERAL ? o->value : operand_compute(o, e);
}
/* For texts: "4 (field recordingReconnectWindowSeconds)"; without e "field x". */
void operand_put(const struct operand *o, const struct eval *e, struct buf *b);

/*
 * Whether the operand can be of the type; of any when its base is TYPE_ANY.
 * what: the operator and the field, for the mistake. values: the enumeration
 * that it, or its members, must be of; NULL. mixed: a string field may stand
 * where a number is wanted, and the other way round (the text of a tag that is
 * a number). -1 after adding a mistake.
 */
int operand_check(const struct compile *c, const struct operand *o, const struct nature *wanted,
		  bool mixed, const char *op, struct str field);

#endif
