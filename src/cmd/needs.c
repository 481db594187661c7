/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From fields to calls: the table of fields says what a list's answer holds.
 */
#include "cmd/needs.h"

#include "model/field.h"
#include "model/resource.h"

bool needs_get(const struct policy *policy)
{
	field_set needs = resource_closure(policy_needs(policy));
	int i;

	for (i = 0; i < N_FIELDS; i++)
		if ((needs & FIELD_BIT(i)) != 0 && field_table[i].origin == ORIGIN_API &&
		    (field_table[i].flags & FIELD_SUMMARY) == 0)
			return true;
	return false;
}
