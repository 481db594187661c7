/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What other services make for a plan. Knows by which attribute each of their
 * resources says what that will be; does not read the templates in them.
 */
#include "input/tf_unseen.h"

#include "input/cfn.h"
#include "input/cfn_unseen.h"
#include "input/tf_value.h"

bool tf_type_is_unseen(enum tf_type type)
{
	switch (type) {
	case TF_STACK:
	case TF_STACK_CC:
	case TF_STACK_SET:
	case TF_STACK_SET_CC:
	case TF_APPLICATION:
	case TF_PRODUCT:
	case TF_PRODUCT_CC:
	case TF_CLOUD_CONTROL:
		return true;
	default:
		return false;
	}
}

/* Whether Cloud Control makes something of a type that matters; a type that is not
 * known may be one. */
static bool makes_what_matters(const struct value *type, bool channels)
{
	struct str name;

	if (type->kind != VALUE_STRING)
		return true;
	name = value_str(type);
	return str_is(name, CFN_CONFIGURATION) || (channels && str_is(name, CFN_CHANNEL)) ||
	       cfn_type_makes_others(name);
}

const char *tf_unseen(const struct tf_change *change, bool channels, struct arena *arena)
{
	const char *address = cfn_quoted(arena, change->address);
	struct value said;

	if (change->type == TF_CLOUD_CONTROL) {
		said = tf_at(&change->tree, "type_name");
		if (!makes_what_matters(&said, channels))
			return NULL;
		return arena_printf(arena, "what %s makes through Cloud Control is not seen",
				    address);
	}
	/* products and applications have none, nor have stacks of a URL */
	said = tf_at(&change->tree, "template_body");
	if (said.kind == VALUE_STRING && cfn_text_makes_nothing(value_str(&said)))
		return NULL;
	return arena_printf(arena, "what %s makes of its template is not seen", address);
}
