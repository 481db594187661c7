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

#include "input/seekable.h"
#include "input/tf_reader.h"
#include "input/tf_recognise.h"

/* Bytes of the window, which grows to the largest resource that is read. */
#ifndef TF_WINDOW /* tests make it small */
#define TF_WINDOW ((size_t)256 << 10)
#endif

static const char *const part_names[TF_N_PARTS] = {
	[TF_PART_CHANGES] = "resource_changes",
	[TF_PART_DEFERRED] = "deferred_changes",
	[TF_PART_VALUES] = "values",
	[TF_PART_PLANNED] = "planned_values", /* passed over: the changes say more */
	[TF_PART_CONFIGURATION] = "configuration",
};

static void tell_error(struct tf_reader *rd)
{
	enum trouble kind = rd->w.unreadable ? TROUBLE_UNREADABLE
			    : rd->w.cut      ? TROUBLE_CUT
					     : TROUBLE_REFUSED;

	tf_tell(rd, kind, rd->w.error_place, rd->w.error);
}

/* ---- the document ------------------------------------------------------------- */

/* "1.2": any 1.x, as the format promises; another major may mean anything else. */
static int read_version(struct tf_reader *rd)
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
		tf_tell(rd, TROUBLE_REFUSED, place,
			arena_printf(&rd->held,
				     "the format version is %.*s; this program reads 1.x%s",
				     (int)(bytes.len < 40 ? bytes.len : 40), bytes.data,
				     bytes.len > 3 && memcmp(bytes.data, "\"0.", 3) == 0
					 ? ", which Terraform prints from 1.1 on, and OpenTofu"
					 : ""));
	return 0;
}

/* A member that is true or false: whether it is `wanted`. */
static int read_flag(struct tf_reader *rd, bool wanted, bool *is)
{
	char c = json_wide_peek(&rd->w);

	*is = c == (wanted ? 't' : 'f');
	return json_wide_skip(&rd->w);
}

static int read_member(struct tf_reader *rd, struct str key, unsigned *seen)
{
	struct json_wide *w = &rd->w;
	unsigned part, bit;

	for (part = 0; part < TF_N_PARTS; part++)
		if (str_is(key, part_names[part]))
			break;
	bit = part < TF_N_PARTS ? 1u << part : str_is(key, "format_version") ? 1u << TF_N_PARTS : 0;
	if (bit != 0 && (*seen & bit) != 0)
		return json_wide_fail(
		    w, w->next,
		    arena_printf(&rd->held, "the key '%.*s' is there twice", STR_ARG(key)));
	*seen |= bit;
	if (bit == 1u << TF_N_PARTS)
		return read_version(rd);
	if (part < TF_N_PARTS) {
		json_wide_peek(w);
		rd->order[rd->n_parts] = json_wide_spot(w);
		rd->in_order[rd->n_parts++] = (enum tf_part)part;
		if (tf_read_part(rd, (enum tf_part)part) == -1)
			return -1;
		rd->configured |= part == TF_PART_CONFIGURATION;
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

static int read_first(struct tf_reader *rd)
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
static void read_second(struct tf_reader *rd, bool failed)
{
	size_t i;

	rd->second = true;
	for (i = 0; i < rd->n_parts && !tf_is_done(rd); i++) {
		if (rd->in_order[i] == TF_PART_CONFIGURATION || rd->in_order[i] == TF_PART_PLANNED)
			continue;
		json_wide_seek(&rd->w, &rd->order[i]);
		if (tf_read_part(rd, rd->in_order[i]) == -1) {
			/* the first time told it already */
			if (!failed)
				tell_error(rd);
			return;
		}
	}
	if (rd->given < rd->there && !failed)
		tf_tell(rd, TROUBLE_REFUSED, PLACE_NONE, "it changed while it was read");
}

/* A plan that somebody has taken the changes out of: what is planned says neither what is
 * known of it nor what is done. One that changes nothing plans no resource either. */
static void tell_planned(struct tf_reader *rd)
{
	const struct json_wide_spot *planned = NULL;
	uint64_t before = rd->there;
	size_t i;

	for (i = 0; i < rd->n_parts; i++) {
		if (rd->in_order[i] == TF_PART_CHANGES)
			return;
		if (rd->in_order[i] == TF_PART_PLANNED)
			planned = &rd->order[i];
	}
	if (planned == NULL)
		return;
	json_wide_seek(&rd->w, planned);
	if (tf_read_values(rd) == 0 && rd->there != before)
		tf_tell(rd, TROUBLE_MISSING, PLACE_NONE,
			"resources are planned, and no 'resource_changes' say what is done");
	rd->there = before;
}

static void read_document(struct tf_reader *rd)
{
	bool failed = read_first(rd) == -1;

	if (failed)
		tell_error(rd);
	if (!rd->version_fits) {
		if (!rd->version_seen && !failed)
			tf_tell(rd, TROUBLE_REFUSED, PLACE_NONE,
				rd->raw
				    ? "a state as Terraform keeps it; what 'terraform show -json' "
				      "prints of it is read"
				    : "no format_version: it is not what 'show -json' prints");
		return;
	}
	if (rd->errored)
		tf_tell(rd, TROUBLE_MISSING, PLACE_NONE,
			"planning failed, so that the plan is incomplete: 'errored' is true");
	else if (rd->incomplete)
		tf_tell(rd, TROUBLE_MISSING, PLACE_NONE,
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
	struct tf_reader rd = { .segment = segment, .needs = needs, .arena = arena, .sink = sink };
	struct seekable bytes;

	rd.channels = inputs_want_channels(inputs, &rd.channel_needs);
	if (seekable_open(&bytes, segment) == -1) {
		tf_tell(&rd, TROUBLE_UNREADABLE, PLACE_NONE,
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
