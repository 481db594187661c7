/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers about channels. Knows their envelopes and what a list lacks; a channel
 * is read as a tree, since there are few of them beside what else is audited.
 */
#include "input/json_channel.h"

#include <string.h>

#include "base/limit.h"
#include "input/json_cut.h"
#include "input/json_stray.h"
#include "input/survey.h"

/* What stands around channels, or before them in their object. */
#define KEYS_LOOKED_AT 64

/* ---- what it is ------------------------------------------------------------------ */

static bool has_channel_arn(struct json *j)
{
	static const char part[] = ":channel/";
	struct str arn;
	size_t i;

	if (json_peek(j) != '"' || json_string(j, &arn) == -1)
		return false;
	for (i = 0; i + sizeof(part) - 1 <= arn.len; i++)
		if (memcmp(arn.data + i, part, sizeof(part) - 1) == 0)
			return true;
	return false;
}

bool json_channels_are_next(const struct json *j)
{
	struct json peek = *j;
	struct str key;
	bool first = true;
	unsigned n;

	if (json_peek(&peek) != '{' || json_open(&peek, '{') == -1)
		return false;
	for (n = 0; n < KEYS_LOOKED_AT && json_member(&peek, first, &key) == 1; n++) {
		first = false;
		if (survey_is_of(key))
			return true;
		if (str_is(key, "arn"))
			return has_channel_arn(&peek);
		if (json_skip(&peek) == -1)
			return false;
	}
	return false;
}

/* ---- one channel ------------------------------------------------------------------ */

/* What the API prints and no rule can name: addresses, and a passphrase. */
static bool is_passed_over(struct str key)
{
	return str_is(key, "ingestEndpoint") || str_is(key, "playbackUrl") || str_is(key, "srt");
}

static void tell(const struct json_channels *c, enum trouble kind, struct place place,
		 const char *text)
{
	place = source_place(&c->segment->source, place);
	c->sink->trouble(c->sink->to, kind, place.line, place.column, text);
}

static const char *expected(enum type_base base)
{
	switch (base) {
	case TYPE_OBJECT:
		return "an object";
	case TYPE_BOOLEAN:
		return "true or false";
	case TYPE_MAP:
		return "a map of strings";
	default:
		return "a string";
	}
}

static bool fits(enum type_base base, const struct value *v)
{
	uint32_t i;

	if (base == TYPE_BOOLEAN)
		return v->kind == VALUE_BOOLEAN;
	if (base != TYPE_OBJECT && base != TYPE_MAP)
		return v->kind == VALUE_STRING;
	for (i = 0; base == TYPE_MAP && v->kind == VALUE_MAP && i < v->n; i++)
		if (v->entries[i].value.kind != VALUE_STRING)
			return false;
	return v->kind == VALUE_MAP;
}

/* The field of a channel that is the member `key` of the object at `above`, or -1. */
static int find_field(struct arena *arena, const char *above, struct str key)
{
	struct str path = key;
	int field;

	if (above[0] != '\0')
		path = str_of(arena_printf(arena, "%s.%.*s", above, STR_ARG(key)));
	field = memchr(key.data, '.', key.len) == NULL ? field_find(path) : -1;
	return field >= 0 && field_is_of(field, KIND_CHANNEL) &&
		       field_table[field].origin == ORIGIN_API
		   ? field
		   : -1;
}

/* The name in the table of a key that is written in another case; or "". */
static struct str find_name(const char *above, struct str key)
{
	size_t len = strlen(above);
	struct str name;
	int i;

	for (i = 0; i < N_FIELDS; i++) {
		name = str_of(field_table[i].path);
		if (!field_is_of(i, KIND_CHANNEL) || field_table[i].origin != ORIGIN_API ||
		    !str_starts(name, str_of(above)))
			continue;
		if (len != 0 && (name.len <= len || name.data[len] != '.'))
			continue;
		name.data += len + (len != 0);
		name.len -= len + (len != 0);
		if (json_key_is_like(key, name))
			return name;
	}
	return STR("");
}

/* Objects are as deep as the table's paths. -1 after telling. */
static int fill(const struct json_channels *c, struct resource *r, const struct value *object,
		const char *above)
{
	struct value *slot;
	enum type_base base;
	struct str name;
	uint32_t i;
	int field;

	for (i = 0; i < object->n; i++) {
		const struct entry *e = &object->entries[i];

		field = find_field(c->arena, above, e->key);
		if (field < 0) {
			name = find_name(above, e->key);
			if (name.len != 0) {
				tell(c, TROUBLE_REFUSED, e->key_place,
				     arena_printf(c->arena,
						  "the key '%.*s', which the API prints as '%.*s'",
						  (int)(e->key.len < 100 ? e->key.len : 100),
						  e->key.data, STR_ARG(name)));
				return -1;
			}
			if (json_key_is_like(e->key, STR("recordingConfiguration")) &&
			    e->value.kind == VALUE_MAP)
				tell(c, TROUBLE_REFUSED, e->value.place, JSON_STRAY);
			if (c->sink->unknown != NULL && !is_passed_over(e->key))
				c->sink->unknown(c->sink->to, above, e->key);
			continue;
		}
		base = (enum type_base)field_table[field].type.base;
		slot = &r->slots[field];
		*slot = e->value;
		if (e->value.kind == VALUE_NULL)
			continue;
		if (!fits(base, &e->value)) {
			tell(c, TROUBLE_REFUSED, e->value.place,
			     arena_printf(c->arena, "%s is not %s, as the API prints it",
					  field_table[field].path, expected(base)));
			return -1;
		}
		if (base != TYPE_OBJECT)
			continue;
		*slot = (struct value){ .kind = VALUE_MAP,
					.flags = VALUE_WRITTEN,
					.place = e->value.place };
		if (fill(c, r, &e->value, field_table[field].path) == -1)
			return -1;
	}
	return 0;
}

/* list-channels prints it of every channel, as '' where there is none: what lacks it was
 * picked out by --query, and what else is not there is not known either. */
static void note_picked(struct resource *r, const struct value *object)
{
	int i;

	if (value_get(object, STR("recordingConfigurationArn")) != NULL)
		return;
	for (i = 0; i < N_FIELDS; i++) {
		if (!field_is_of(i, KIND_CHANNEL) || field_table[i].origin != ORIGIN_API ||
		    r->slots[i].kind != VALUE_ABSENT)
			continue;
		r->slots[i] = value_unknown("what was saved of the channel does not have it");
		r->slots[i].place = r->place;
	}
}

/* The channel before which the reader stands. listed: it may be a summary. */
static int read_channel(struct json_channels *c, bool listed)
{
	struct json *j = c->json;
	struct arena_mark mark = arena_mark(c->arena);
	struct resource *r;
	struct value tree;

	if (json_peek(j) != '{')
		return json_fail(j, j->next, "a channel that is not an object");
	if (json_value(j, &tree) == -1)
		return -1;
	r = ARENA_NEW(c->arena, struct resource);
	resource_init_kind(r, KIND_CHANNEL, &c->segment->source, tree.place, SOURCE_JSON);
	r->index = c->index++;
	r->summary = listed && !survey_is_whole(&tree);
	if (fill(c, r, &tree, "") == 0) {
		if (r->summary)
			note_picked(r, &tree);
		resource_complete(r, c->needs, c->arena);
		if (c->sink->resource(c->sink->to, r)) {
			c->kept = true;
			return 0;
		}
	}
	arena_rewind(c->arena, mark);
	return 0;
}

/* ---- answers ------------------------------------------------------------------------ */

static int read_list(struct json_channels *c)
{
	struct json *j = c->json;
	struct json_cut cut;
	const char *start;
	unsigned open;
	bool first;
	int more;

	if (json_open(j, '[') == -1)
		return -1;
	open = j->depth;
	for (first = true; (more = json_item(j, first)) == 1; first = false) {
		start = json_scan_blanks(j->next);
		if (read_channel(c, true) == 0)
			continue;
		/* it is refused; brackets show where the next one begins */
		cut = json_cut_next(start, j->end, JSON_CUT_COMMA);
		if (cut.last == NULL && cut.close == NULL)
			return -1;
		tell(c, TROUBLE_REFUSED, json_place(j, j->error_at), j->error);
		j->next = cut.last != NULL ? cut.last - 1 : cut.close;
		j->error = NULL;
		j->depth = open;
	}
	return more;
}

/* What says that there are more channels than these. */
static int read_rest(struct json_channels *c, struct str key, const char *at)
{
	struct json before = *c->json;
	struct value v;
	struct json_stray stray;

	if (json_value(c->json, &v) == -1)
		return -1;
	stray = json_find_stray(&before, key, true);
	if (stray.at != NULL)
		tell(c, TROUBLE_REFUSED, json_place(c->json, stray.at), stray.text);
	if ((str_is(key, "nextToken") || str_is(key, "NextToken")) && v.kind != VALUE_NULL &&
	    (v.kind != VALUE_STRING || v.n != 0))
		tell(
		    c, TROUBLE_MISSING, json_place(c->json, at),
		    "the list goes on elsewhere: nextToken is set, so this is one page of several");
	else if (str_is(key, "errors") && v.kind == VALUE_LIST && v.n != 0)
		tell(c, TROUBLE_MISSING, json_place(c->json, at),
		     arena_printf(c->arena,
				  "batch-get-channel could not read %u of the channels: see errors",
				  (unsigned)v.n));
	return 0;
}

static int read_answer(struct json_channels *c)
{
	struct json *j = c->json;
	struct json_keys keys = { 0 };
	struct str key;
	const char *at;
	bool first;
	int more, rc;

	if (json_open(j, '{') == -1)
		return -1;
	for (first = true; (more = json_member(j, first, &key)) == 1; first = false) {
		at = j->key_at;
		if (json_keys_add(j, &keys, key, at) == -1)
			rc = -1;
		else if (str_is(key, "channel"))
			rc = read_channel(c, false);
		else if (str_is(key, "channels"))
			rc = read_list(c);
		else if (str_is(key, "recordingConfiguration") ||
			 str_is(key, "recordingConfigurations"))
			rc = json_fail(j, at,
				       "recording configurations beside channels: save each "
				       "answer by itself");
		else
			rc = read_rest(c, key, at);
		if (rc == -1)
			return -1;
	}
	return more;
}

/* An answer, and not a channel by itself: takes nothing. */
static bool is_answer(const struct json *j)
{
	struct json peek = *j;
	struct str key;
	bool first;

	if (json_open(&peek, '{') == -1)
		return false;
	for (first = true; json_member(&peek, first, &key) == 1; first = false)
		if (survey_is_of(key))
			return true;
		else if (str_is(key, "arn") || json_skip(&peek) == -1)
			return false;
	return false;
}

int json_channels_read(struct json_channels *c)
{
	uint32_t before = c->index;
	int rc;

	if (!is_answer(c->json))
		return read_channel(c, true);
	rc = read_answer(c);
	/* an account without channels is something else than one that was not looked at */
	if (rc == 0 && c->index == before)
		c->sink->other(c->sink->to, STR("channels"));
	return rc;
}
