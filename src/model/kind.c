/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of kinds, made from kind_list.h.
 */
#include "model/kind.h"

const struct kind_row kind_table[N_KINDS] = {
#define KIND(id, name, one, many, type, arn, envelope, beyond)                                     \
	[KIND_##id] = { name, one, many, type, { arn, sizeof(arn) - 1 }, envelope, beyond },
#include "model/kind_list.h"
#undef KIND
};

bool kind_find(struct str name, enum kind *kind)
{
	int k;

	for (k = 0; k < N_KINDS; k++) {
		if (!str_is(name, kind_table[k].name))
			continue;
		*kind = (enum kind)k;
		return true;
	}
	return false;
}
