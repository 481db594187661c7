/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Telling a plan or a state of Terraform by the first keys in it.
 */
#include "input/tf_recognise.h"

/* A key at the top of a plan or a state, whatever else has it. */
static bool is_ours(struct str key)
{
	static const char *const keys[] = {
		"format_version",
		"terraform_version",
		"variables",
		"planned_values",
		"resource_drift",
		"resource_changes",
		"values",
		"output_changes",
		"prior_state",
		"configuration",
		"checks",
		"relevant_attributes",
		"timestamp",
		"applyable",
		"complete",
		"errored",
		"deferred_changes",
		"proposed_unknown",
		"action_invocations",
		"deferred_action_invocations",
	};
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (str_is(key, keys[i]))
			return true;
	return false;
}

bool tf_recognise(const struct input_head *head)
{
	bool telling = input_head_has(head, "resource_changes") ||
		       input_head_has(head, "planned_values") ||
		       input_head_has(head, "prior_state");
	size_t i;

	if (head->first != '{' || head->lines || head->n_keys == 0)
		return false;
	/* a state as Terraform keeps it is refused, and not passed over */
	if (input_head_has(head, "lineage") && input_head_has(head, "terraform_version") &&
	    input_head_has(head, "serial"))
		return true;
	/* what later versions add is none of its readers' business */
	if (input_head_has(head, "format_version") &&
	    (telling || input_head_has(head, "terraform_version")))
		return true;
	for (i = 0; i < head->n_keys; i++)
		if (!is_ours(head->keys[i]))
			return false;
	if (input_head_has(head, "format_version"))
		return true;
	return telling || (input_head_has(head, "configuration") && !head->whole);
}
