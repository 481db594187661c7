/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lifecycle rules. The two providers say the same with other names, and hashicorp's
 * older ones are still met: paths are a table, tried in order.
 */
#include "input/tf_lifecycle.h"

#include "input/tf_channel.h"
#include "input/tf_value.h"
#include "model/resource.h"

#define PATHS 8

struct form {
	const char *narrowing[PATHS], *prefixes[PATHS]; /* NULL behind the last */
	const char *expiration, *noncurrent[2], *abort[2];
	const char *transitions[2], *transition_days;
};

static const struct form forms[] = {
	[TF_LIFECYCLE] = {
		.narrowing = { "tags", "filter.tag", "filter.object_size_greater_than",
			       "filter.object_size_less_than", "filter.and.tags",
			       "filter.and.object_size_greater_than",
			       "filter.and.object_size_less_than" },
		.prefixes = { "filter.and.prefix", "filter.prefix", "prefix" },
		.expiration = "expiration.days",
		.noncurrent = { "noncurrent_version_expiration.noncurrent_days",
				"noncurrent_version_expiration.days" },
		.abort = { "abort_incomplete_multipart_upload.days_after_initiation",
			   "abort_incomplete_multipart_upload_days" },
		.transitions = { "transition", "transition" },
		.transition_days = "days",
	},
	[TF_LIFECYCLE_CC] = {
		.narrowing = { "tag_filters", "object_size_greater_than", "object_size_less_than" },
		.prefixes = { "prefix" },
		.expiration = "expiration_in_days",
		.noncurrent = { "noncurrent_version_expiration.noncurrent_days",
				"noncurrent_version_expiration_in_days" },
		.abort = { "abort_incomplete_multipart_upload.days_after_initiation",
			   "abort_incomplete_multipart_upload.days_after_initiation" },
		.transitions = { "transitions", "transition" },
		.transition_days = "transition_in_days",
	},
};

/* A number of days; 0 is what providers write for none. */
static struct value days_at(const struct value *tree, const char *path)
{
	struct value v = tf_at(tree, path);

	if (v.kind == VALUE_NUMBER && v.mantissa == 0)
		v.kind = VALUE_ABSENT;
	return v.kind <= VALUE_NULL || v.kind == VALUE_NUMBER || v.kind == VALUE_UNKNOWN
		   ? v
		   : tf_odd(v.place);
}

static bool is_nothing(const struct value *v)
{
	return v->kind <= VALUE_NULL ||
	       ((v->kind == VALUE_LIST || v->kind == VALUE_MAP || v->kind == VALUE_STRING) &&
		v->n == 0) ||
	       (v->kind == VALUE_NUMBER && v->mantissa == 0);
}

/* Whether a filter by tags or sizes is there. */
static struct value narrowed(const struct form *f, const struct value *rule)
{
	struct value unknown = { .kind = VALUE_ABSENT }, v;
	size_t i;

	for (i = 0; f->narrowing[i] != NULL; i++) {
		v = tf_at(rule, f->narrowing[i]);
		if (v.kind == VALUE_UNKNOWN) {
			unknown = v;
		} else if (!is_nothing(&v)) {
			struct place place = v.place;

			v = value_of_boolean(true);
			v.place = place;
			return v;
		}
	}
	return unknown;
}

static struct value prefix_of(const struct form *f, const struct value *rule)
{
	struct value unknown = { .kind = VALUE_ABSENT }, v;
	size_t i;

	for (i = 0; f->prefixes[i] != NULL; i++) {
		v = tf_text_at(rule, f->prefixes[i]);
		if (v.kind == VALUE_UNKNOWN)
			unknown = v;
		else if (!is_nothing(&v))
			return v;
	}
	return unknown;
}

/* The first of two paths that has a number of days. */
static struct value either_days(const struct value *rule, const char *const paths[2])
{
	struct value v = days_at(rule, paths[0]);

	return v.kind > VALUE_NULL ? v : days_at(rule, paths[1]);
}

/* The transition that comes first. */
static void put_transition(struct tf_object *o, const struct form *f, const struct value *rule)
{
	struct value list = tf_at(rule, f->transitions[0]), days;
	struct value least = { .kind = VALUE_ABSENT };
	const struct value *items, *first = NULL;
	uint32_t i, n;

	if (is_nothing(&list))
		list = tf_at(rule, f->transitions[1]);
	if (list.kind == VALUE_UNKNOWN)
		tf_object_put(o, "transitionDays", list);
	items = list.kind == VALUE_LIST ? list.items : &list;
	n = list.kind == VALUE_LIST ? list.n : list.kind == VALUE_MAP;
	for (i = 0; i < n; i++) {
		days = tf_at(&items[i], f->transition_days);
		if (days.kind == VALUE_UNKNOWN) {
			least = days;
			first = &items[i];
			break;
		}
		if (days.kind == VALUE_NUMBER &&
		    (first == NULL ||
		     number_compare(value_number(&days), value_number(&least)) < 0)) {
			least = days;
			first = &items[i];
		}
	}
	if (first == NULL)
		return;
	tf_object_put(o, "transitionDays", least);
	tf_object_put(o, "transitionClass", tf_text_at(first, "storage_class"));
}

static struct value status_of(const struct value *rule)
{
	struct value v = tf_text_at(rule, "status"), enabled;

	if (v.kind > VALUE_NULL)
		return v;
	/* of the bucket's own lifecycle_rule */
	enabled = tf_at(rule, "enabled");
	if (enabled.kind != VALUE_BOOLEAN)
		return enabled.kind == VALUE_UNKNOWN ? enabled : v;
	v = value_of_str(str_of(enabled.boolean ? "Enabled" : "Disabled"));
	v.place = enabled.place;
	return v;
}

static struct value lifecycle_rule(const struct form *f, const struct value *rule,
				   struct arena *arena)
{
	struct tf_object o = { .n = 0 };
	struct value whole;

	tf_object_put(&o, "id", tf_text_at(rule, "id"));
	tf_object_put(&o, "status", status_of(rule));
	tf_object_put(&o, "prefix", prefix_of(f, rule));
	tf_object_put(&o, "narrowed", narrowed(f, rule));
	tf_object_put(&o, "expirationDays", days_at(rule, f->expiration));
	tf_object_put(&o, "noncurrentExpirationDays", either_days(rule, f->noncurrent));
	put_transition(&o, f, rule);
	tf_object_put(&o, "abortUploadsDays", either_days(rule, f->abort));
	whole = tf_object_value(&o, rule->place, arena);
	return resource_member(&whole, "bucket.lifecycle[*]", arena);
}

struct value tf_lifecycle_rules(const struct value *tree, const char *path,
				enum tf_lifecycle_form form, struct arena *arena)
{
	struct value rules = tf_at(tree, path), *items;
	struct value none = { .kind = VALUE_ABSENT, .place = tree->place };
	uint32_t i;

	if (rules.kind <= VALUE_NULL || (rules.kind == VALUE_LIST && rules.n == 0))
		return none;
	if (rules.kind == VALUE_UNKNOWN)
		return rules;
	if (rules.kind != VALUE_LIST)
		return tf_odd(rules.place);
	items = ARENA_ARRAY(arena, rules.n, struct value);
	for (i = 0; i < rules.n; i++) {
		if (rules.items[i].kind == VALUE_UNKNOWN)
			return rules.items[i];
		items[i] = lifecycle_rule(&forms[form], &rules.items[i], arena);
	}
	rules.items = items;
	return rules;
}
