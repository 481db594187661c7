/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a template's resources to resources as rules know them. Used by
 * input_cfn.c and its parts alone.
 */
#ifndef INPUT_CFN_RESOURCE_H
#define INPUT_CFN_RESOURCE_H

#include "input/cfn.h"
#include "model/field.h"
#include "model/resource.h"

/* What a bucket of the templates says. */
#define CFN_BUCKET_FIELDS                                                                          \
	(FIELD_BIT(FIELD_BUCKET_REGION) | FIELD_BIT(FIELD_BUCKET_ENCRYPTION) |                     \
	 FIELD_BIT(FIELD_BUCKET_VERSIONING) | FIELD_BIT(FIELD_BUCKET_PUBLIC_ACCESS) |              \
	 FIELD_BIT(FIELD_BUCKET_OWNERSHIP) | FIELD_BIT(FIELD_BUCKET_LIFECYCLE))

/* The templates that are looked at for what is related: of one stack, or of all
 * that the run has. */
struct cfn_set {
	struct cfn **list;
	size_t n;
	struct cfn_relations *relations; /* found out when first asked for */
};

/*
 * The properties of a recording configuration into the slots of row, with the
 * mistakes in template.mistakes. `written`: Properties, evaluated; place: where
 * it is said that one is missing. The shape of waivers in the row's
 * template.Metadata is looked at, too.
 */
void cfn_fill_properties(struct cfn *t, const struct value *written, struct place place,
			 struct resource *row);
/* Fills row, but for resource_complete(). exists: CFN_TRUE, or CFN_UNKNOWN with why. */
void cfn_fill(struct cfn *t, struct cfn_resource *r, enum cfn_truth exists, const char *why,
	      struct resource *row);
/* What stands around the properties, whatever the type: template.*, and what is known
 * of the ARN; cfn_fill does it too. */
void cfn_fill_around(struct cfn *t, const struct cfn_resource *r, enum cfn_truth exists,
		     const char *why, struct resource *row);
/* The channels that use it, and what is said of its bucket. */
void cfn_relate(struct cfn_set *set, struct cfn_resource *r, struct resource *row, field_set needs);

#endif
