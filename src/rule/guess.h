/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A policy to begin with: commented, its parameters guessed from recording
 * configurations that there are. What is guessed, nobody has decided: the policy
 * says from what each guess was made.
 */
#ifndef RULE_GUESS_H
#define RULE_GUESS_H

#include "base/buf.h"
#include "model/resource.h"
#include "rule/policy.h"

struct guess;

/* Of nothing so far; never NULL. */
struct guess *guess_new(void);
/* Accepts NULL. */
void guess_free(struct guess *g);
/* The fields that it looks at. */
field_set guess_needs(void);
/* Looks at a configuration, of which nothing is borrowed. */
void guess_take(struct guess *g, const struct resource *r);
/* The policy. base: the pack that it extends, `extends` its name with the
 * version; only parameters that it declares are set. */
void guess_put(const struct guess *g, const char *extends, const struct policy *base,
	       struct buf *out);

#endif
