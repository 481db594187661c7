/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a template says around the properties of a resource:
 * policies, metadata, condition, and what is known of an ARN that is to come.
 */
#include "input/cfn_resource.h"

#include <string.h>

#include "model/yaml.h"

static void fill_attribute(struct cfn *t, const struct cfn_resource *r, const char *key,
			   struct value *slot)
{
	const struct value *written = cfn_get(r, key);
	struct value v;

	if (written == NULL)
		return;
	v = cfn_eval(t, written, r->named.scope);
	if (v.kind == VALUE_STRING || v.kind == VALUE_UNKNOWN)
		*slot = cfn_plain(t->arena, &v);
}

/* A name, or a list of them. */
static void fill_depends_on(struct cfn *t, const struct cfn_resource *r, struct value *slot)
{
	const struct value *written = cfn_get(r, "DependsOn");
	struct value v, *item;

	if (written == NULL)
		return;
	v = cfn_eval(t, written, r->named.scope);
	if (v.kind == VALUE_STRING) {
		item = ARENA_NEW(t->arena, struct value);
		*item = v;
		v = (struct value){ .kind = VALUE_LIST, .n = 1, .place = v.place, .items = item };
	}
	if (v.kind == VALUE_LIST || v.kind == VALUE_UNKNOWN)
		*slot = cfn_plain(t->arena, &v);
}

static void fill_template(struct cfn *t, const struct cfn_resource *r, enum cfn_truth exists,
			  const char *why, struct resource *row)
{
	const struct value *metadata = cfn_get(r, "Metadata"), *condition = cfn_get(r, "Condition"),
			   *type = cfn_get(r, "Type");
	struct value v, *slots = row->slots;

	fill_attribute(t, r, "DeletionPolicy", &slots[FIELD_TEMPLATE_DELETION]);
	fill_attribute(t, r, "UpdateReplacePolicy", &slots[FIELD_TEMPLATE_REPLACE]);
	fill_depends_on(t, r, &slots[FIELD_TEMPLATE_DEPENDS]);
	slots[FIELD_TEMPLATE_TYPE] = value_of_str(r->type);
	slots[FIELD_TEMPLATE_TYPE].place = type != NULL ? type->place : row->place;
	if (metadata != NULL && metadata->kind == VALUE_MAP) {
		v = cfn_eval(t, metadata, r->named.scope);
		/* nobody's property: its scalars are what YAML has them to be */
		slots[FIELD_TEMPLATE_METADATA] = cfn_plain_with(t->arena, &v, yaml_plain);
	}
	if (condition == NULL)
		return;
	slots[FIELD_TEMPLATE_CONDITION] = *condition;
	if (exists == CFN_UNKNOWN)
		slots[FIELD_TEMPLATE_CONDITION] = value_unknown(why);
	slots[FIELD_TEMPLATE_CONDITION].place = condition->place;
}

/* What is known of the ARN before there is one. */
static void fill_arn(struct cfn *t, const struct cfn_resource *r, struct resource *row)
{
	static const struct {
		int field;
		const char *name;
	} rows[] = { { FIELD_PARTITION, "AWS::Partition" },
		     { FIELD_REGION, "AWS::Region" },
		     { FIELD_ACCOUNT, "AWS::AccountId" } };
	const struct entry entry = { .key = STR("Ref") };
	struct value v, name, ref;
	struct entry *entries;
	size_t i;

	for (i = 0; i <= sizeof(rows) / sizeof(*rows); i++) {
		name = value_of_str(i < sizeof(rows) / sizeof(*rows) ? str_of(rows[i].name)
								     : r->named.name);
		entries = ARENA_NEW(t->arena, struct entry);
		*entries = entry;
		entries->value = name;
		ref = (struct value){
			.kind = VALUE_MAP, .n = 1, .place = row->place, .entries = entries
		};
		v = cfn_eval(t, &ref, NULL);
		row->slots[i < sizeof(rows) / sizeof(*rows) ? rows[i].field : FIELD_ARN] =
		    cfn_plain(t->arena, &v);
	}
}

void cfn_fill_around(struct cfn *t, const struct cfn_resource *r, enum cfn_truth exists,
		     const char *why, struct resource *row)
{
	row->logical_id = r->named.name;
	fill_template(t, r, exists, why, row);
	fill_arn(t, r, row);
}

void cfn_fill(struct cfn *t, struct cfn_resource *r, enum cfn_truth exists, const char *why,
	      struct resource *row)
{
	const struct entry *properties = value_entry(r->named.raw, STR("Properties"));
	struct value written = { 0 };

	cfn_fill_around(t, r, exists, why, row);
	if (properties != NULL)
		written = cfn_eval(t, &properties->value, r->named.scope);
	cfn_fill_properties(t, &written, properties != NULL ? properties->key_place : row->place,
			    row);
}
