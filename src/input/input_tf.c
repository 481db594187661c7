/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Terraform and OpenTofu: `show -json` of a plan or a state, of any size. It is
 * gone over twice: first for what belongs to the recording configurations, and
 * for where they are; then for the recording configurations, one by one. So the
 * order of its parts does not matter, and memory is that of the largest
 * resource and of what is related.
 */
#include "input/input.h"

#include <errno.h>
#include <string.h>

#include "base/limit.h"
#include "input/json_wide.h"
#include "input/seekable.h"
#include "input/tf_change.h"
#include "input/tf_channel.h"
#include "input/tf_config.h"
#include "input/tf_recognise.h"
#include "input/tf_recording.h"
#include "input/tf_related.h"
#include "input/tf_unseen.h"
#include "model/json.h"

/* Bytes of the window, which grows to the largest resource that is read. */
#ifndef TF_WINDOW /* tests make it small */
#define TF_WINDOW ((size_t)256 << 10)
#endif

/* What holds resources, in either sort of document. */
enum part { PART_CHANGES, PART_DEFERRED, PART_VALUES, PART_PLANNED, PART_CONFIGURATION, N_PARTS };

static const char *const part_names[N_PARTS] = {
	[PART_CHANGES] = "resource_changes",
	[PART_DEFERRED] = "deferred_changes",
	[PART_VALUES] = "values",
	[PART_PLANNED] = "planned_values", /* passed over: the changes say more */
	[PART_CONFIGURATION] = "configuration",
};

struct reader {
	struct json_wide w;
	struct segment *segment;
	field_set needs;
	bool channels; /* are wanted as resources, with these fields */
	field_set channel_needs;
	struct arena *arena;  /* of rows that are kept */
	struct arena scratch; /* of one item */
	struct arena held;    /* of what is related, until the end */
	const struct input_sink *sink;
	bool second; /* the second time over */

	bool version_seen, version_fits, errored, incomplete;
	bool raw; /* a state as Terraform keeps it */
	struct json_wide_spot order[N_PARTS];
	enum part in_order[N_PARTS];
	size_t n_parts;
	bool configured; /* the configuration was read */

	uint64_t there, given; /* what is audited and refusals, by either time */
	uint32_t index[N_KINDS];
	struct tf_config *config;
	struct tf_related *related;
	struct tf_around around;
};

/* ---- telling ------------------------------------------------------------------ */

static void tell(struct reader *rd, enum trouble kind, struct place place, const char *text)
{
	if (place.line == 0)
		place = (struct place){ 1, 1 };
	rd->sink->trouble(rd->sink->to, kind, place.line, place.column, text);
}

static void tell_error(struct reader *rd)
{
	enum trouble kind = rd->w.unreadable ? TROUBLE_UNREADABLE
			    : rd->w.cut      ? TROUBLE_CUT
					     : TROUBLE_REFUSED;

	tell(rd, kind, rd->w.error_place, rd->w.error);
}

static void tell_refusal(struct reader *rd, const struct tf_refusal *refusal)
{
	tell(rd, TROUBLE_REFUSED, refusal->place, refusal->text);
}

/* ---- one resource ------------------------------------------------------------- */

/* Whether resources of the type become rows. */
static bool is_audited(const struct reader *rd, enum tf_type type)
{
	return tf_type_is_recording(type) || (rd->channels && tf_type_is_channel(type));
}

/* What another service makes, and no resource of the document shows. */
static void tell_unseen(struct reader *rd, struct tf_item *item, const struct tf_change *change)
{
	bool channels = rd->channels || (rd->needs & FIELD_BIT(FIELD_CHANNELS)) != 0;
	const char *text = tf_unseen(change, channels, &rd->scratch);

	if (text != NULL)
		tell(rd, TROUBLE_UNSEEN, source_place(&item->source, item->tree.place), text);
}

/* The first time: what is related is kept, the rest counted. */
static void note_item(struct reader *rd, struct tf_item *item, bool state)
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

static int fill(struct reader *rd, struct resource *r, const struct tf_change *change,
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
static bool give_item(struct reader *rd, struct tf_item *item, bool state)
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
static int read_item(struct reader *rd, bool state)
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
static bool is_done(const struct reader *rd)
{
	return rd->second && rd->given >= rd->there;
}

/* ---- parts -------------------------------------------------------------------- */

static int read_items(struct reader *rd, bool state)
{
	bool first;
	int more;

	if (json_wide_peek(&rd->w) == 'n')
		return json_wide_skip(&rd->w);
	if (json_wide_open(&rd->w, '[') == -1)
		return -1;
	for (first = true; (more = json_wide_item(&rd->w, first)) == 1; first = false)
		if (read_item(rd, state) == -1 || is_done(rd))
			return is_done(rd) ? 0 : -1;
	return more;
}

/* [{"reason": ..., "resource_change": {...}}] */
static int read_deferred(struct reader *rd)
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
			if (is_done(rd))
				return 0;
		}
		if (more_keys == -1)
			return -1;
	}
	return more;
}

/* A module of a state: modules nest as deep as JSON may. */
static int read_module(struct reader *rd)
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
				if (is_done(rd))
					return 0;
			}
		} else {
			rc = json_wide_skip(w);
		}
		if (rc == -1 || is_done(rd))
			return rc;
	}
	return more;
}

static int read_values(struct reader *rd)
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
		if (rc == -1 || is_done(rd))
			return rc;
	}
	return more;
}

static int read_part(struct reader *rd, enum part part)
{
	switch (part) {
	case PART_CHANGES:
		return read_items(rd, false);
	case PART_DEFERRED:
		return read_deferred(rd);
	case PART_VALUES:
		return read_values(rd);
	case PART_PLANNED:
		return json_wide_skip(&rd->w);
	default:
		return tf_config_read(rd->config, &rd->w);
	}
}

/* ---- the document ------------------------------------------------------------- */

/* "1.2": any 1.x, as the format promises; another major may mean anything else. */
static int read_version(struct reader *rd)
{
	struct json_wide *w = &rd->w;
	struct place place;
	struct str bytes;
	int rc;

	json_wide_peek(w);
	place = json_wide_place(w, w->next);
	rc = json_wide_whole(w, &bytes);
	if (rc == -1)
		return -1;
	rd->version_seen = true;
	rd->version_fits = rc == 0 && bytes.len > 4 && memcmp(bytes.data, "\"1.", 3) == 0;
	if (!rd->version_fits)
		tell(rd, TROUBLE_REFUSED, place,
		     arena_printf(&rd->held, "the format version is %.*s; this program reads 1.x%s",
				  (int)(bytes.len < 40 ? bytes.len : 40), bytes.data,
				  bytes.len > 3 && memcmp(bytes.data, "\"0.", 3) == 0
				      ? ", which Terraform prints from 1.1 on, and OpenTofu"
				      : ""));
	return 0;
}

/* A member that is true or false: whether it is `wanted`. */
static int read_flag(struct reader *rd, bool wanted, bool *is)
{
	char c = json_wide_peek(&rd->w);

	*is = c == (wanted ? 't' : 'f');
	return json_wide_skip(&rd->w);
}

static int read_member(struct reader *rd, struct str key, unsigned *seen)
{
	struct json_wide *w = &rd->w;
	unsigned part, bit;

	for (part = 0; part < N_PARTS; part++)
		if (str_is(key, part_names[part]))
			break;
	bit = part < N_PARTS ? 1u << part : str_is(key, "format_version") ? 1u << N_PARTS : 0;
	if (bit != 0 && (*seen & bit) != 0)
		return json_wide_fail(
		    w, w->next,
		    arena_printf(&rd->held, "the key '%.*s' is there twice", STR_ARG(key)));
	*seen |= bit;
	if (bit == 1u << N_PARTS)
		return read_version(rd);
	if (part < N_PARTS) {
		json_wide_peek(w);
		rd->order[rd->n_parts] = json_wide_spot(w);
		rd->in_order[rd->n_parts++] = (enum part)part;
		if (read_part(rd, (enum part)part) == -1)
			return -1;
		rd->configured |= part == PART_CONFIGURATION;
		return 0;
	}
	if (str_is(key, "recordingConfiguration") || str_is(key, "recordingConfigurations"))
		return json_wide_fail(w, w->next,
				      "a saved answer beside a plan: save each by itself");
	rd->raw |= str_is(key, "lineage");
	if (str_is(key, "errored"))
		return read_flag(rd, true, &rd->errored);
	if (str_is(key, "complete"))
		return read_flag(rd, false, &rd->incomplete);
	return json_wide_skip(w);
}

static int read_first(struct reader *rd)
{
	struct json_wide *w = &rd->w;
	unsigned seen = 0;
	struct str key;
	bool first;
	int more;

	if (json_wide_open(w, '{') == -1)
		return -1;
	for (first = true; (more = json_wide_member(w, first, &key)) == 1; first = false) {
		if (read_member(rd, key, &seen) == -1)
			return -1;
		if (rd->version_seen && !rd->version_fits)
			return 0;
	}
	return more == -1 ? -1 : json_wide_end(w);
}

/* From where the parts are, in the order of the document. */
static void read_second(struct reader *rd, bool failed)
{
	size_t i;

	rd->second = true;
	for (i = 0; i < rd->n_parts && !is_done(rd); i++) {
		if (rd->in_order[i] == PART_CONFIGURATION || rd->in_order[i] == PART_PLANNED)
			continue;
		json_wide_seek(&rd->w, &rd->order[i]);
		if (read_part(rd, rd->in_order[i]) == -1) {
			/* the first time told it already */
			if (!failed)
				tell_error(rd);
			return;
		}
	}
	if (rd->given < rd->there && !failed)
		tell(rd, TROUBLE_REFUSED, PLACE_NONE, "it changed while it was read");
}

/* A plan that somebody has taken the changes out of: what is planned says neither what is
 * known of it nor what is done. One that changes nothing plans no resource either. */
static void tell_planned(struct reader *rd)
{
	const struct json_wide_spot *planned = NULL;
	uint64_t before = rd->there;
	size_t i;

	for (i = 0; i < rd->n_parts; i++) {
		if (rd->in_order[i] == PART_CHANGES)
			return;
		if (rd->in_order[i] == PART_PLANNED)
			planned = &rd->order[i];
	}
	if (planned == NULL)
		return;
	json_wide_seek(&rd->w, planned);
	if (read_values(rd) == 0 && rd->there != before)
		tell(rd, TROUBLE_MISSING, PLACE_NONE,
		     "resources are planned, and no 'resource_changes' say what is done");
	rd->there = before;
}

static void read_document(struct reader *rd)
{
	bool failed = read_first(rd) == -1;

	if (failed)
		tell_error(rd);
	if (!rd->version_fits) {
		if (!rd->version_seen && !failed)
			tell(rd, TROUBLE_REFUSED, PLACE_NONE,
			     rd->raw ? "a state as Terraform keeps it; what 'terraform show -json' "
				       "prints of it is read"
				     : "no format_version: it is not what 'show -json' prints");
		return;
	}
	if (rd->errored)
		tell(rd, TROUBLE_MISSING, PLACE_NONE,
		     "planning failed, so that the plan is incomplete: 'errored' is true");
	else if (rd->incomplete)
		tell(rd, TROUBLE_MISSING, PLACE_NONE,
		     "the plan does not plan everything: 'complete' is false");
	if (!failed)
		tell_planned(rd);
	tf_config_finish(rd->config);
	rd->around = (struct tf_around){
		.config = rd->configured ? rd->config : NULL,
		.lost = failed && !rd->configured,
	};
	if (rd->there == 0)
		return;
	tf_related_finish(rd->related, &rd->around);
	read_second(rd, failed);
}

static void read_segment(struct segment *segment, struct inputs *inputs, field_set needs,
			 struct arena *arena, const struct input_sink *sink)
{
	struct reader rd = { .segment = segment, .needs = needs, .arena = arena, .sink = sink };
	struct seekable bytes;

	rd.channels = inputs_want_channels(inputs, &rd.channel_needs);
	if (seekable_open(&bytes, segment) == -1) {
		tell(&rd, TROUBLE_UNREADABLE, PLACE_NONE,
		     arena_printf(arena, "cannot read: %s", strerror(errno)));
		seekable_close(&bytes);
		return;
	}
	if (bytes.memory.data != NULL)
		json_wide_memory(&rd.w, bytes.memory, &rd.held);
	else
		json_wide_stream(&rd.w, seekable_read, &bytes, TF_WINDOW, &rd.held);
	rd.config = tf_config_new(&rd.held);
	rd.related = tf_related_new(needs, &rd.held);
	read_document(&rd);
	tf_related_free(rd.related);
	tf_config_free(rd.config);
	json_wide_release(&rd.w);
	arena_release(&rd.scratch);
	arena_release(&rd.held);
	seekable_close(&bytes);
}

const struct input input_tf = {
	.name = "tf", .takes = INPUT_STREAM, .recognise = tf_recognise, .read = read_segment
};
