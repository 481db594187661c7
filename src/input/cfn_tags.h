/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tags of the stack, which CloudFormation hands on to the resources that it
 * makes; what a resource says itself wins. Used by the templates' parts alone.
 */
#ifndef INPUT_CFN_TAGS_H
#define INPUT_CFN_TAGS_H

#include "input/cfn.h"

/* {k: v} of [{Key: k, Value: v}], or of {k: v} itself; unknown where it is not written
 * as it has to be. */
struct value cfn_tag_map(struct arena *a, const struct value *v);
/* The tags of the stack: a map, one of several, ABSENT or unknown. */
struct value cfn_stack_tags(struct cfn *t);
/* Own tags, and of the others those whose keys are not among them. Both as
 * cfn_stack_tags gives them. */
struct value cfn_tags_over(struct arena *a, const struct value *own, const struct value *stack);
/* The same with the tags of the stack, which are said to be its and are put at a place. */
struct value cfn_with_stack_tags(struct cfn *t, const struct value *own, struct place place);

#endif
