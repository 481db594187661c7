/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From fields to calls: the table of fields says what a list's answer holds.
 */
#include "cmd/needs.h"

#include "model/field.h"
#include "model/resource.h"

/* Where there is anything to judge, it has to be found first. */
const char *needs_list_recording_configurations(const struct policy *policy)
{
	(void)policy;
	return "*";
}

/* Whether anything that is judged or told needs more than a list's answer holds. */
const char *needs_get_recording_configuration(const struct policy *policy)
{
	field_set needs = resource_closure(policy_needs(policy));
	int i;

	for (i = 0; i < N_FIELDS; i++)
		if ((needs & FIELD_BIT(i)) != 0 && field_table[i].origin == ORIGIN_API &&
		    (field_table[i].flags & FIELD_SUMMARY) == 0)
			return "arn:aws:ivs:*:*:recording-configuration/*";
	return NULL;
}
