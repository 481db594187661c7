/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts of a plan or a state that hold resources, gone over either time: the
 * first time what is related is kept and the rest counted, the second time the
 * recording configurations, and the channels, become rows.
 */
#include "input/tf_reader.h"

#include "input/tf_change.h"
#include "input/tf_channel.h"
#include "input/tf_recording.h"
#include "input/tf_unseen.h"

/* ---- telling ------------------------------------------------------------------ */

void tf_tell(struct tf_reader *rd, enum trouble kind, struct place place, const char *text)
{
	if (place.line == 0)
		place = (struct place){ 1, 1 };
	rd->sink->trouble(rd->sink->to, kind, place.line, place.column, text);
}

static void tell_refusal(struct tf_reader *rd, const struct tf_refusal *refusal)
{
	tf_tell(rd, TROUBLE_REFUSED, refusal->place, refusal->text);
}

/* ---- one resource ------------------------------------------------------------- */

/* Whether resources of the type become rows. */
static bool is_audited(const struct tf_reader *rd, enum tf_type type)
{
	return tf_type_is_recording(type) || (rd->channels && tf_type_is_channel(type));
}

/* What another service makes, and no resource of the document shows. */
static void tell_unseen(struct tf_reader *rd, struct tf_item *item, const struct tf_change *change)
{
	bool channels = rd->channels || (rd->needs & FIELD_BIT(FIELD_CHANNELS)) != 0;
	const char *text = tf_unseen(change, channels, &rd->scratch);

	if (text != NULL)
		tf_tell(rd, TROUBLE_UNSEEN, source_place(&item->source, item->tree.place), text);
}

/* The first time: what is related is kept, the rest counted. */
static void note_item(struct tf_reader *rd, struct tf_item *item, bool state)
{
	struct tf_refusal refusal;
	struct tf_change change;

	rd->there += is_audited(rd, item->type);
	if (tf_type_is_recording(item->type) ||
	    (!tf_type_is_unseen(item->type) && !tf_related_wants(rd->related, item->type)))
		return;
	switch (tf_change_read(item, state, &rd->scratch, &change, &refusal)) {
	case TF_BAD:
		/* as a row it is told of the second time */
		if (!is_audited(rd, item->type))
			tell_refusal(rd, &refusal);
		break;
	case TF_FOUND:
		if (tf_type_is_unseen(item->type))
			tell_unseen(rd, item, &change);
		else
			tf_related_add(rd->related, &change, &item->source);
		break;
	case TF_LEFT_OUT:
		break;
	}
}

static int fill(struct tf_reader *rd, struct resource *r, const struct tf_change *change,
		struct place *at, const char **wrong)
{
	if (r->kind == KIND_CHANNEL) {
		tf_channel_fill(r, change, &rd->around, rd->arena);
		resource_complete(r, rd->channel_needs, rd->arena);
		return 0;
	}
	if (tf_recording_fill(r, change, &rd->around, rd->arena, at, wrong) == -1)
		return -1;
	tf_related_fill(rd->related, r, change, rd->arena);
	resource_complete(r, rd->needs, rd->arena);
	return 0;
}

/* The second time: a recording configuration, or a channel, becomes a row. Gives true
 * when it is kept, with all that was taken. */
static bool give_item(struct tf_reader *rd, struct tf_item *item, bool state)
{
	struct tf_refusal refusal;
	struct tf_change change;
	struct resource *r;
	struct source *source;
	struct place at;

	switch (tf_change_read(item, state, rd->arena, &change, &refusal)) {
	case TF_BAD:
		tell_refusal(rd, &refusal);
		return false;
	case TF_LEFT_OUT:
		return false;
	case TF_FOUND:
		break;
	}
	source = ARENA_NEW(rd->arena, struct source);
	*source = item->source;
	source->name = rd->segment->source.name;
	source->secret = change.secret;
	r = ARENA_NEW(rd->arena, struct resource);
	resource_init_kind(
	    r, tf_type_is_channel(item->type) ? KIND_CHANNEL : KIND_RECORDING_CONFIGURATION, source,
	    item->tree.place, SOURCE_TERRAFORM);
	r->index = ++rd->index[r->kind];
	if (fill(rd, r, &change, &at, &refusal.text) == -1) {
		refusal.place = source_place(source, at);
		tell_refusal(rd, &refusal);
		return false;
	}
	return rd->sink->resource(rd->sink->to, r);
}

/* The item of an array of resources before which w stands. */
static int read_item(struct tf_reader *rd, bool state)
{
	struct arena *arena = rd->second ? rd->arena : &rd->scratch;
	struct arena_mark mark = arena_mark(arena);
	struct tf_refusal refusal;
	struct tf_item item;
	enum tf_taken taken = tf_item_take(&rd->w, false, arena, &item, &refusal);

	if (taken == TF_REFUSED && refusal.related != rd->second)
		tell_refusal(rd, &refusal);
	if (taken == TF_REFUSED && !refusal.related)
		rd->there += !rd->second;
	if (rd->second && ((taken == TF_REFUSED && !refusal.related) ||
			   (taken == TF_TAKEN && is_audited(rd, item.type)))) {
		rd->given++;
		if (taken == TF_TAKEN && give_item(rd, &item, state))
			return 0;
	}
	if (taken == TF_TAKEN && !rd->second)
		note_item(rd, &item, state);
	arena_rewind(arena, mark);
	return taken == TF_FAILED ? -1 : 0;
}

/* The second time ends with the last recording configuration. */
bool tf_is_done(const struct tf_reader *rd)
{
	return rd->second && rd->given >= rd->there;
}

/* ---- parts -------------------------------------------------------------------- */

static int read_items(struct tf_reader *rd, bool state)
{
	bool first;
	int more;

	if (json_wide_peek(&rd->w) == 'n')
		return json_wide_skip(&rd->w);
	if (json_wide_open(&rd->w, '[') == -1)
		return -1;
	for (first = true; (more = json_wide_item(&rd->w, first)) == 1; first = false)
		if (read_item(rd, state) == -1 || tf_is_done(rd))
			return tf_is_done(rd) ? 0 : -1;
	return more;
}

/* [{"reason": ..., "resource_change": {...}}] */
static int read_deferred(struct tf_reader *rd)
{
	struct json_wide *w = &rd->w;
	bool first, first_key;
	int more, more_keys;
	struct str key;

	if (json_wide_peek(w) == 'n')
		return json_wide_skip(w);
	if (json_wide_open(w, '[') == -1)
		return -1;
	for (first = true; (more = json_wide_item(w, first)) == 1; first = false) {
		if (json_wide_open(w, '{') == -1)
			return -1;
		for (first_key = true; (more_keys = json_wide_member(w, first_key, &key)) == 1;
		     first_key = false) {
			if ((str_is(key, "resource_change") ? read_item(rd, false)
							    : json_wide_skip(w)) == -1)
				return -1;
			if (tf_is_done(rd))
				return 0;
		}
		if (more_keys == -1)
			return -1;
	}
	return more;
}

/* A module of a state: modules nest as deep as JSON may. */
static int read_module(struct tf_reader *rd)
{
	struct json_wide *w = &rd->w;
	bool first, first_child;
	struct str key;
	int more, rc;

	if (json_wide_open(w, '{') == -1)
		return -1;
	for (first = true; (more = json_wide_member(w, first, &key)) == 1; first = false) {
		if (str_is(key, "resources")) {
			rc = read_items(rd, true);
		} else if (str_is(key, "child_modules") && json_wide_peek(w) == '[') {
			rc = json_wide_open(w, '[');
			for (first_child = true;
			     rc == 0 && (rc = json_wide_item(w, first_child)) == 1;
			     first_child = false) {
				rc = read_module(rd);
				if (tf_is_done(rd))
					return 0;
			}
		} else {
			rc = json_wide_skip(w);
		}
		if (rc == -1 || tf_is_done(rd))
			return rc;
	}
	return more;
}

int tf_read_values(struct tf_reader *rd)
{
	struct json_wide *w = &rd->w;
	struct str key;
	bool first;
	int more, rc;

	if (json_wide_peek(w) == 'n')
		return json_wide_skip(w);
	if (json_wide_open(w, '{') == -1)
		return -1;
	for (first = true; (more = json_wide_member(w, first, &key)) == 1; first = false) {
		rc = str_is(key, "root_module") ? read_module(rd) : json_wide_skip(w);
		if (rc == -1 || tf_is_done(rd))
			return rc;
	}
	return more;
}

int tf_read_part(struct tf_reader *rd, enum tf_part part)
{
	switch (part) {
	case TF_PART_CHANGES:
		return read_items(rd, false);
	case TF_PART_DEFERRED:
		return read_deferred(rd);
	case TF_PART_VALUES:
		return tf_read_values(rd);
	case TF_PART_PLANNED:
		return json_wide_skip(&rd->w);
	default:
		return tf_config_read(rd->config, &rd->w);
	}
}
