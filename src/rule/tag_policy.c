/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tag policies. Knows their syntax and what of it concerns recording
 * configurations; does not know where the text comes from.
 */
#include "rule/tag_policy.h"

#include <inttypes.h>

#include "base/limit.h"
#include "base/text.h"
#include "model/json.h"
#include "rule/tag_policy_inside.h"

#define RESOURCE_TYPE "ivs:recording-configuration"
#define SERVICE_TYPE  "ivs:ALL_SUPPORTED"

static void leave(struct import *m, struct str tag, const char *text)
{
	buf_puts(m->left, "tag ");
	text_put_quoted(m->left, tag, LIMIT_SHOWN_VALUE);
	buf_puts(m->left, ": ");
	buf_puts(m->left, text);
	buf_putc(m->left, '\n');
}

/* ---- reading ---------------------------------------------------------------- */

/* The value that an operator sets, or the plain one of an effective policy. NULL
 * where it is not written, or not known from this policy alone. */
static const struct value *setting(struct import *m, struct str tag, const struct value *part,
				   const char *key, bool *unknown)
{
	const struct value *v = value_get(part, str_of(key)), *set;
	uint32_t i;

	*unknown = false;
	if (v == NULL || v->kind != VALUE_MAP)
		return v;
	set = value_get(v, STR("@@assign"));
	for (i = 0; i < v->n; i++) {
		if (str_is(v->entries[i].key, "@@append") ||
		    str_is(v->entries[i].key, "@@remove")) {
			leave(m, tag,
			      arena_printf(&m->arena,
					   "%s adds to or takes from what other policies say: "
					   "import the effective policy",
					   key));
			*unknown = true;
			return NULL;
		}
		if (str_starts(v->entries[i].key, STR("@@operators_allowed")))
			leave(m, tag,
			      arena_printf(&m->arena,
					   "%s: what other policies may change is not for a rule",
					   key));
	}
	return set;
}

static bool is_list_of_strings(const struct value *v)
{
	uint32_t i;

	if (v->kind != VALUE_LIST)
		return false;
	for (i = 0; i < v->n; i++)
		if (v->items[i].kind != VALUE_STRING)
			return false;
	return true;
}

static int refuse(struct err *err, const char *name, struct str tag, const char *text)
{
	struct buf b = BUF_INIT(2 * LIMIT_SHOWN_VALUE + 100);

	text_put_quoted(&b, tag, LIMIT_SHOWN_VALUE);
	err_set(err, ERR_INPUT, "%s: tag %s: %s", name, buf_str(&b).data, text);
	buf_release(&b);
	return -1;
}

static bool names_us(const struct value *types)
{
	uint32_t i;

	for (i = 0; i < types->n; i++)
		if (str_is(value_str(&types->items[i]), RESOURCE_TYPE) ||
		    str_is(value_str(&types->items[i]), SERVICE_TYPE))
			return true;
	return false;
}

static int read_key(struct import *m, const struct value *part, const char *name, struct tag *tag,
		    struct err *err)
{
	const struct value *key;
	bool unknown;
	size_t i;
	char *low;

	key = setting(m, tag->name, part, "tag_key", &unknown);
	if (key != NULL && key->kind != VALUE_STRING)
		return refuse(err, name, tag->name, "'tag_key' must be a string");
	if (unknown)
		return 0;
	if (key != NULL) {
		tag->key = value_str(key);
	} else { /* AWS takes small letters where nothing is said */
		low = arena_alloc(&m->arena, tag->name.len + 1);
		for (i = 0; i < tag->name.len; i++)
			low[i] = (char)text_fold((unsigned char)tag->name.data[i]);
		tag->key = (struct str){ low, tag->name.len };
	}
	if (tag->key.len == 0 || text_length(tag->key) > 128)
		return refuse(err, name, tag->name, "a key has 1 to 128 characters");
	return 0;
}

static int read_values(struct import *m, const struct value *part, const char *name,
		       struct tag *tag, struct err *err)
{
	const struct value *values;
	struct str text;
	const char *star;
	bool unknown;
	uint32_t i;

	values = setting(m, tag->name, part, "tag_value", &unknown);
	if (values == NULL)
		return 0;
	if (!is_list_of_strings(values))
		return refuse(err, name, tag->name, "'tag_value' must be a list of strings");
	for (i = 0; i < values->n; i++) {
		text = value_str(&values->items[i]);
		star = memchr(text.data, '*', text.len);
		if (star != NULL &&
		    memchr(star + 1, '*', text.len - (size_t)(star + 1 - text.data)) != NULL)
			return refuse(err, name, tag->name, "a value has more than one '*'");
	}
	tag->values = values;
	return 0;
}

static int read_types(struct import *m, const struct value *part, const char *name, struct tag *tag,
		      struct err *err)
{
	const struct value *types;
	bool unknown;

	types = setting(m, tag->name, part, "report_required_tag_for", &unknown);
	if (types != NULL && !is_list_of_strings(types))
		return refuse(err, name, tag->name,
			      "'report_required_tag_for' must be a list of strings");
	tag->required = types != NULL && names_us(types);
	types = setting(m, tag->name, part, "enforced_for", &unknown);
	if (types != NULL && !is_list_of_strings(types))
		return refuse(err, name, tag->name, "'enforced_for' must be a list of strings");
	if (types != NULL && names_us(types))
		leave(m, tag->name,
		      "enforced_for: AWS refuses other tags when they are set; rules only report");
	return 0;
}

static void leave_others(struct import *m, struct str tag, const struct value *part)
{
	static const char *const known[] = { "tag_key", "tag_value", "enforced_for",
					     "report_required_tag_for" };
	struct buf b = BUF_INIT(0);
	uint32_t i;
	size_t k;

	for (i = 0; i < part->n; i++) {
		for (k = 0; k < 4 && !str_is(part->entries[i].key, known[k]); k++)
			;
		if (k < 4)
			continue;
		buf_clear(&b);
		text_put_quoted(&b, part->entries[i].key, LIMIT_SHOWN_VALUE);
		buf_puts(&b, " is not known and was passed over");
		leave(m, tag, b.data);
	}
	buf_release(&b);
}

/* ---- the whole -------------------------------------------------------------- */

static int import_tag(struct import *m, const struct entry *e, const char *name, struct err *err)
{
	struct tag tag = { .name = e->key, .key = STR("") };

	if (e->value.kind != VALUE_MAP)
		return refuse(err, name, e->key, "it must be an object");
	if (read_key(m, &e->value, name, &tag, err) == -1 ||
	    read_values(m, &e->value, name, &tag, err) == -1 ||
	    read_types(m, &e->value, name, &tag, err) == -1)
		return -1;
	leave_others(m, e->key, &e->value);
	if (tag.key.len == 0)
		return 0;
	if (tag.key.data[0] == '$') {
		leave(m, e->key, "keys that begin with a dollar name parameters in rules");
		return 0;
	}
	tag_policy_put_case(m, &tag);
	if (tag.values != NULL)
		tag_policy_put_values(m, &tag);
	if (tag.required)
		tag_policy_put_required(m, &tag);
	return 0;
}

static int parse(struct import *m, struct str text, const char *name, struct value *v,
		 struct err *err)
{
	char *copy = arena_alloc(&m->arena, text.len + JSON_PADDING);
	struct source source;
	struct place place;
	struct json j;

	if (text.len != 0)
		memcpy(copy, text.data, text.len);
	json_init(&j, (struct str){ copy, text.len }, &m->arena);
	if (json_value(&j, v) == 0) {
		if (json_at_end(&j))
			return 0;
		json_fail(&j, j.next, "something stands behind the policy");
	}
	source_init(&source, name, (struct str){ copy, text.len });
	place = source_place(&source, json_place(&j, j.error_at));
	return err_at(err, ERR_INPUT, place.line, place.column, "%s:%" PRIu32 ":%" PRIu32 ": %s",
		      name, place.line, place.column, j.error);
}

/* The policy within the CLI's answers, which hold it as a string. */
static int unwrap(struct import *m, const char *name, struct value *v, struct err *err)
{
	static const char *const paths[][2] = {
		{ "EffectivePolicy", "PolicyContent" },
		{ "Policy", "Content" },
	};
	const struct value *outer, *inner;
	size_t i;

	for (i = 0; i < 2 && v->kind == VALUE_MAP; i++) {
		outer = value_get(v, str_of(paths[i][0]));
		inner = outer != NULL && outer->kind == VALUE_MAP
			    ? value_get(outer, str_of(paths[i][1]))
			    : NULL;
		if (inner != NULL && inner->kind == VALUE_STRING)
			return parse(m, value_str(inner), name, v, err);
	}
	return 0;
}

int tag_policy_import(struct str text, const char *name, struct buf *out, struct buf *left,
		      struct err *err)
{
	struct import m = { .arena = ARENA_INIT, .out = out, .left = left };
	const struct value *tags = NULL;
	struct value v;
	int rc = -1;
	uint32_t i;

	names_init(&m.ids, &m.arena);
	if (parse(&m, text, name, &v, err) == -1 || unwrap(&m, name, &v, err) == -1)
		goto out;
	if (v.kind == VALUE_MAP)
		tags = value_get(&v, STR("tags"));
	if (tags == NULL || tags->kind != VALUE_MAP) {
		err_set(err, ERR_INPUT, "%s: no tag policy: it has no object 'tags'", name);
		goto out;
	}
	buf_puts(out,
		 "# Rules made from a tag policy of AWS Organizations. To use them, extend this\n"
		 "# file: extends: [ivslint:recommended, ./THIS-FILE.yaml]\n"
		 "version: 1\n\nrules:\n");
	for (i = 0; i < tags->n; i++) {
		if (str_starts(tags->entries[i].key, STR("@@")))
			leave(&m, tags->entries[i].key,
			      "what other policies may change is not for a rule");
		else if (import_tag(&m, &tags->entries[i], name, err) == -1)
			goto out;
	}
	if (m.rules == 0) {
		err_set(err, ERR_INPUT, "%s: nothing in it can be said by a rule", name);
		goto out;
	}
	out->len--; /* the blank line at the end */
	out->data[out->len] = '\0';
	rc = 0;
out:
	arena_release(&m.arena);
	return rc;
}
