/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Terraform and OpenTofu: `show -json` of a plan or a state. Recognised; not
 * read yet, which is told as a document that holds something else.
 */
#include "input/input.h"

static bool recognise(const struct input_head *head)
{
	return input_head_has(head, "format_version") &&
	       (input_head_has(head, "terraform_version") ||
		input_head_has(head, "planned_values") ||
		input_head_has(head, "resource_changes") || input_head_has(head, "values"));
}

static void read_segment(struct segment *segment, struct inputs *inputs, field_set needs,
			 struct arena *arena, const struct input_sink *sink)
{
	(void)segment;
	(void)inputs;
	(void)needs;
	(void)arena;
	sink->other(sink->to, STR("format_version"));
}

const struct input input_tf = {
	.name = "tf", .takes = INPUT_STREAM, .recognise = recognise, .read = read_segment
};
