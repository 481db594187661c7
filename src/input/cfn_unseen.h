/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the deploy would make of a template and is in no file of the run: what
 * macros add, and the templates of stacks that are somewhere else. Used by
 * input_cfn.c; tf_unseen.c asks what a template within a plan could make.
 */
#ifndef INPUT_CFN_UNSEEN_H
#define INPUT_CFN_UNSEEN_H

#include "input/cfn_run.h"

typedef void cfn_unseen_told(void *to, struct place place, const char *text);

/* Tells of each part that may hold a recording configuration, or alter one. needs: what
 * will be asked for: channels and buckets count where they are in it. */
void cfn_unseen(struct cfn *t, const struct cfn_run *run, field_set needs, cfn_unseen_told *tell,
		void *to);

/* Whether resources of the type make others, of a template that is somewhere else. */
bool cfn_type_makes_others(struct str type);
/* Whether the text of a template speaks of nothing that is, or could make, a recording
 * configuration or a channel. */
bool cfn_text_makes_nothing(struct str template);

#endif
