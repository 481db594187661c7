/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands around recording configurations in saved answers: envelopes, lists and
 * arrays, and what a document without an envelope is.
 */
#include "input/json_reader.h"

#include <string.h>

#include "input/cfn_recognise.h"
#include "input/fetched.h"
#include "input/json_cut.h"
#include "input/json_stray.h"

/* What a list's summaries lack. */
#define NOT_IN_SUMMARY                                                                             \
	(FIELD_BIT(FIELD_THUMBNAIL) | FIELD_BIT(FIELD_RENDITION) |                                 \
	 FIELD_BIT(FIELD_RECONNECT_WINDOW))

void json_make_row(struct json_reader *rd)
{
	rd->row = ARENA_NEW(rd->arena, struct resource);
	rd->mark = arena_mark(rd->arena);
	rd->stale = 0;
}

void json_tell_trouble(struct json_reader *rd, enum trouble kind, const char *at, const char *text)
{
	struct place place = source_place(&rd->segment->source, json_place(&rd->json, at));

	if (kind == TROUBLE_REFUSED && at >= rd->json.end)
		kind = TROUBLE_CUT;
	rd->sink->trouble(rd->sink->to, kind, place.line, place.column, text);
}

/* Which of the fields at the top are there. */
static field_set fields_there(const struct resource *r, field_set among)
{
	field_set there = 0;
	int i;

	for (i = 0; i < N_FIELDS; i++)
		if ((among & FIELD_BIT(i)) != 0 && r->slots[i].kind != VALUE_ABSENT)
			there |= FIELD_BIT(i);
	return there;
}

static bool has_telling_arn(const struct resource *r, bool *other)
{
	static const char part[] = ":recording-configuration/";
	const struct value *arn = &r->slots[FIELD_ARN];
	size_t i;

	*other = false;
	if (arn->kind != VALUE_STRING)
		return false;
	for (i = 0; i + sizeof(part) - 1 <= arn->n; i++)
		if (memcmp(arn->text + i, part, sizeof(part) - 1) == 0)
			return true;
	*other = arn->n != 0;
	return false;
}

/* The name of an object's first member; "" when it has none. Takes nothing. */
static struct str first_member(struct json_reader *rd)
{
	struct json peek = rd->json;
	struct str key = STR("");

	if (json_open(&peek, '{') == -1 || json_member(&peek, true, &key) != 1)
		return STR("");
	return key;
}

/* Whether rules ask for channels that nobody looked at beforehand: what is not said of
 * them would pass for having been judged. */
static bool are_channels_unseen(const struct json_reader *rd)
{
	return rd->wants_channels &&
	       (rd->survey == NULL || !survey_has_read(rd->survey, rd->segment->source.name));
}

static void tell_unseen_at(struct json_reader *rd, const char *at)
{
	json_tell_trouble(rd, TROUBLE_MISSING, at,
			  "channels that rules ask for and that are not seen here: save "
			  "them in a file of their own, named *.json");
}

/* Of the object that the reader stands before. */
static void tell_unseen_channels(struct json_reader *rd)
{
	struct json peek = rd->json;
	struct str key;
	bool first;

	if (!are_channels_unseen(rd) || json_open(&peek, '{') == -1)
		return;
	for (first = true; json_member(&peek, first, &key) == 1; first = false) {
		if (survey_is_of(key)) {
			tell_unseen_at(rd, peek.key_at);
			return;
		}
		if (json_skip(&peek) == -1)
			return;
	}
}

/* What is passed over, and would pass for having been audited: of the value before which
 * the reader stood, under that key. */
static void tell_stray(struct json_reader *rd, const struct json *before, struct str key)
{
	struct json_stray stray = json_find_stray(before, key, rd->channels != NULL);

	if (stray.at != NULL)
		json_tell_trouble(rd, TROUBLE_REFUSED, stray.at, stray.text);
}

/* Templates and plans are read as whole files, by readers of their own. One among other
 * documents would pass for having been judged. */
static bool tell_whole_file(struct json_reader *rd)
{
	struct arena_mark mark = arena_mark(rd->json.arena);
	struct json peek = rd->json;
	bool first, is = false;
	struct str key;

	if (json_open(&peek, '{') == -1)
		return false;
	for (first = true; json_member(&peek, first, &key) == 1; first = false) {
		is = (cfn_is_telling(key) && json_peek(&peek) == '{') ||
		     str_is(key, "AWSTemplateFormatVersion") || str_is(key, "resource_changes") ||
		     str_is(key, "planned_values");
		if (is || json_skip(&peek) == -1)
			break;
	}
	if (is)
		json_tell_trouble(
		    rd, TROUBLE_REFUSED, peek.key_at,
		    "a template or a plan among other documents: save it in a file of "
		    "its own");
	arena_rewind(rd->json.arena, mark);
	return is;
}

/* An object without an envelope: a configuration, or something else. */
static int read_bare(struct json_reader *rd)
{
	struct json *j = &rd->json;
	struct json before = *j;
	field_set there;
	bool other_arn;
	int rc;

	json_new_row(rd, SOURCE_JSON);
	rc = json_read_row(rd);
	there = fields_there(rd->row, JSON_TELLING);
	if (!has_telling_arn(rd->row, &other_arn) && ((there == 0) || other_arn)) {
		if (rc == -1 && !rd->not_as_printed)
			return -1;
		if (rc == -1 && json_is_named_as_bare(&before))
			return -1;
		/* its members mean something else: read on for the grammar alone */
		*j = before;
		rd->not_as_printed = false;
		if (json_skip(j) == -1)
			return -1;
		if (j->next > rd->line_end)
			return json_fail_past_line(rd);
		rd->json = before;
		tell_unseen_channels(rd);
		if (!tell_whole_file(rd))
			tell_stray(rd, &before, STR(""));
		rd->sink->other(rd->sink->to, first_member(rd));
		return json_skip(&rd->json);
	}
	if (rc == -1)
		return -1;
	rd->row->index = rd->index++;
	/* printed by a list's --query: no get would leave all of these out */
	rd->row->summary = (there & NOT_IN_SUMMARY) == 0;
	json_give(rd);
	return 0;
}

/*
 * The members of a list up to its bracket (in_list) or to the end of the
 * segment. One that is refused is told, the next ones are read.
 */
static int read_members(struct json_reader *rd, bool list, unsigned depth)
{
	struct json *j = &rd->json;
	unsigned open = j->depth;
	struct json_cut cut;
	const char *start;
	bool first;
	int more;

	for (first = true; (more = json_item(j, first)) == 1; first = false) {
		start = json_scan_blanks(j->next);
		if ((list ? json_read_configuration(rd, true)
			  : json_read_document(rd, depth + 1)) == 0)
			continue;
		/* the member is refused; brackets show where the next one begins */
		cut = json_cut_next(start, j->end, JSON_CUT_COMMA);
		if (cut.last == NULL && cut.close == NULL)
			return -1;
		json_tell_trouble(rd, TROUBLE_REFUSED, j->error_at, j->error);
		j->next = cut.last != NULL ? cut.last - 1 : cut.close;
		j->error = NULL;
		j->depth = open;
		rd->not_as_printed = false;
	}
	return more;
}

int json_fail_past_line(struct json_reader *rd)
{
	return json_fail(&rd->json, rd->line_end, "a document that does not end on its line");
}

static int read_token(struct json_reader *rd, const char *at)
{
	struct json *j = &rd->json;
	struct str token = STR("of another type");

	if (json_null(j))
		return 0;
	if ((json_peek(j) == '"' ? json_string(j, &token) : json_skip(j)) == -1)
		return -1;
	if (token.len != 0)
		json_tell_trouble(
		    rd, TROUBLE_MISSING, at,
		    "the list goes on elsewhere: nextToken is set, so this is one page of "
		    "several");
	return 0;
}

/* A member of an envelope that is not its configurations. */
static int pass_beside(struct json_reader *rd, struct str key, const char *at)
{
	struct json *j = &rd->json, before;
	char c = json_peek(j);

	if (survey_is_of(key) && rd->channels != NULL)
		return json_fail(j, at,
				 "channels beside recording configurations: save each "
				 "answer by itself");
	if (survey_is_of(key) && are_channels_unseen(rd))
		tell_unseen_at(rd, at);
	/* which of a million answers may have */
	if ((c == '{' || c == '[') && !str_is(key, "ResponseMetadata") &&
	    !str_is(key, "$metadata")) {
		before = *j;
		if (json_skip(j) == -1)
			return -1;
		tell_stray(rd, &before, key);
		return 0;
	}
	return json_skip(j);
}

int json_read_envelope(struct json_reader *rd, unsigned depth, bool one)
{
	struct json *j = &rd->json;
	struct json_keys others = { 0 };
	bool list = false, first;
	const char *at;
	struct str key;
	int more, rc;

	if (!one && json_open(j, '{') == -1)
		return -1;
	for (first = !one; (more = json_member(j, first, &key)) == 1; first = false) {
		at = j->key_at;
		if (str_equal(key, STR("recordingConfiguration")) && !one) {
			one = true;
			rc = json_read_configuration(rd, false);
		} else if (str_equal(key, STR("recordingConfigurations")) && !list) {
			list = true;
			rc = json_open(j, '[') == -1 ? -1 : read_members(rd, true, depth);
		} else if (str_is(key, "recordingConfiguration") ||
			   str_is(key, "recordingConfigurations")) {
			rc = json_fail(
			    j, at,
			    arena_printf(rd->arena, "the key '%.*s' is there twice", STR_ARG(key)));
		} else if (json_keys_add(j, &others, key, at) == -1) {
			rc = -1;
		} else if (str_is(key, "nextToken") || str_is(key, "NextToken")) {
			rc = read_token(rd, at);
		} else {
			rc = pass_beside(rd, key, at);
		}
		if (rc == -1)
			return -1;
	}
	return more;
}

/* What SDKs and the CLI print around a recording configuration, or a list. */
static bool is_envelope(struct json_reader *rd)
{
	static const char one[] = "\"recordingConfiguration";
	struct json peek = rd->json;
	const char *p;
	struct str key;
	bool first;

	p = json_scan_blanks(peek.next + 1);
	if (strncmp(p, one, sizeof(one) - 1) == 0) {
		p += sizeof(one) - 1;
		if (*p == '"' || (*p == 's' && p[1] == '"'))
			return true;
	}
	/* what stands before is little; anything else ends the look */
	if (json_open(&peek, '{') == -1)
		return false;
	for (first = true; json_member(&peek, first, &key) == 1; first = false) {
		if (str_is(key, "recordingConfiguration") || str_is(key, "recordingConfigurations"))
			return true;
		if (!json_may_stand_before(key) || json_skip(&peek) == -1)
			return false;
	}
	return false;
}

/* A header or trailer of fetch output; what else stands in such a file is a
 * configuration in its envelope, or was not written by a fetch. */
static int read_fetched(struct json_reader *rd, unsigned depth)
{
	struct json *j = &rd->json;
	char c = json_peek(j);

	if (fetched_begins(j->next)) {
		if (!rd->segment->fetched || depth != 0)
			return json_fail(j, j->next,
					 "a line of ivslint fetch in a file that does not begin "
					 "with its header: it is cut, or not as it was written");
		return fetched_read(j, &rd->segment->source, rd->sink);
	}
	if (c == '{' && is_envelope(rd))
		return json_read_envelope(rd, depth, false);
	return json_fail(j, j->next,
			 "not what ivslint fetch writes between its header and its trailer");
}

/* Whether brackets show that the document ends on its line, where it has one. What they
 * close before is what the grammar would, or refuse. */
static bool ends_on_line(const struct json_reader *rd)
{
	const char *p = rd->json.next;

	return rd->line_end == rd->json.end || (*p != '{' && *p != '[') ||
	       json_cut_next(p, rd->line_end, JSON_CUT_VALUE).last != NULL;
}

int json_read_other(struct json_reader *rd, unsigned depth)
{
	struct json *j = &rd->json;
	int rc;

	if (!ends_on_line(rd))
		return json_skip(j) == -1 ? -1 : json_fail_past_line(rd);
	if (rd->segment->fetched || fetched_begins(j->next))
		return read_fetched(rd, depth);
	if (rd->channels != NULL && json_channels_are_next(j)) {
		tell_unseen_channels(rd);
		rc = json_channels_read(rd->channels);
		if (rd->channels->kept)
			rd->row = NULL; /* what is kept stands behind it */
		rd->channels->kept = false;
		return rc;
	}
	switch (json_peek(j)) {
	case '{':
		return is_envelope(rd) ? json_read_envelope(rd, depth, false) : read_bare(rd);
	case '[':
		if (json_open(j, '[') == -1)
			return -1;
		return read_members(rd, false, depth);
	default:
		if (json_skip(j) == -1)
			return -1;
		if (j->next > rd->line_end)
			return json_fail_past_line(rd);
		rd->sink->other(rd->sink->to, STR(""));
		return 0;
	}
}
