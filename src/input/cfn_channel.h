/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Channels of templates: as members of `channels` of the recording configuration
 * that they use, and as resources of their own. Used by input_cfn.c and its parts.
 */
#ifndef INPUT_CFN_CHANNEL_H
#define INPUT_CFN_CHANNEL_H

#include "input/cfn_resource.h"

/* A channel as the API would print it, with the API's defaults where nothing is
 * written. properties: evaluated. */
struct value cfn_channel_object(const struct cfn_resource *channel, const struct value *properties);
/* Fills a row of a channel, but for resource_complete(). exists: CFN_TRUE, or
 * CFN_UNKNOWN with why. */
void cfn_channel_fill(struct cfn_resource *channel, enum cfn_truth exists, const char *why,
		      struct resource *row);

/* Its Properties, evaluated; an empty map where it has none. */
struct value cfn_properties(struct cfn_resource *r);
/* true, false, and the texts that CloudFormation takes for them. */
struct value cfn_as_boolean(struct arena *a, const struct value *v);
/* A text, or what makes that not known; absent stays. */
struct value cfn_as_text(struct arena *a, const struct value *v);
/* Puts nothing where there is none. */
void cfn_put_member(struct entry *entries, uint32_t *n, const char *name, struct place place,
		    struct value v);

#endif
