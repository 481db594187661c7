/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Saved answers of the IVS API, as the AWS CLI and SDKs print them, to
 * resources. Knows the envelopes and the shape of a configuration, which comes
 * from the table of fields; does not know what anybody will ask of it.
 */
#include "input/input.h"

#include <string.h>

#include "base/limit.h"
#include "input/fetched.h"
#include "input/json_channel.h"
#include "input/json_cut.h"
#include "input/json_learned.h"
#include "input/survey.h"
#include "input/json_shape.h"
#include "model/json.h"
#include "model/json_scan.h"

struct reader {
	struct json json;
	const struct json_shape *shape;
	struct json_learned *learned; /* or NULL */
	const struct survey *survey;  /* or NULL */
	bool wants_channels;
	struct json_channels *channels; /* where a rule judges them, or NULL */
	field_set needs;
	struct arena *arena;
	struct arena_mark mark; /* to rewind to when a row is not kept */
	const struct input_sink *sink;
	struct segment *segment;
	struct resource *row;
	field_set stale; /* fields of which the row may hold something from before */
	field_set fills; /* that resource_complete may fill */
	uint32_t index;
	/* The child that came after each node the last time, and as the first of
	 * each node, NULL to begin with: programs print members in an order of
	 * their own, always the same. */
	const struct node *after[N_FIELDS + 1], *first_of[N_FIELDS + 1];
	bool wrong_type; /* the error is a type of a known field's value, not grammar */
};

/* Not to be made part of what calls it, which has little to do for nearly all documents. */
#define SLOW __attribute__((noinline))
/* To be, for all documents come by. */
#define QUICK inline __attribute__((always_inline))

/* What a list's summaries lack. */
#define NOT_IN_SUMMARY                                                                             \
	(FIELD_BIT(FIELD_THUMBNAIL) | FIELD_BIT(FIELD_RENDITION) |                                 \
	 FIELD_BIT(FIELD_RECONNECT_WINDOW))

static void quote_name(struct node *node)
{
	if (node->name.len + 2 > sizeof(node->quoted))
		return; /* found by its name, a little slower */
	node->quoted[0] = '"';
	memcpy(node->quoted + 1, node->name.data, node->name.len);
	node->quoted[node->name.len + 1] = '"';
	node->quoted_len = (uint8_t)(node->name.len + 2);
}

/* Whether the text at p is the name in quotes. Reads up to 48 bytes there. */
static inline bool is_quoted_name(const char *p, const struct node *node)
{
#if defined(__SSE2__)
	unsigned i, same;

	for (i = 0; i < node->quoted_len; i += 16) {
		same = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(
		    _mm_loadu_si128((const __m128i *)(const void *)(p + i)),
		    _mm_loadu_si128((const __m128i *)(const void *)(node->quoted + i))));
		/* bits past the name's end do not count */
		if (node->quoted_len - i < 16)
			same |= ~0u << (node->quoted_len - i);
		if ((same & 0xffff) != 0xffff)
			return false;
	}
	return node->quoted_len != 0;
#else
	return node->quoted_len != 0 && memcmp(p, node->quoted, node->quoted_len) == 0;
#endif
}

static void add_children(struct json_shape *shape, size_t parent, struct str prefix)
{
	size_t first = shape->n, i;
	int field;

	for (field = 0; field < N_FIELDS; field++) {
		struct str path = str_of(field_table[field].path);

		if (field_table[field].origin != ORIGIN_API ||
		    !field_is_of(field, KIND_RECORDING_CONFIGURATION) || path.len <= prefix.len ||
		    !str_starts(path, prefix))
			continue;
		path.data += prefix.len;
		path.len -= prefix.len;
		if (memchr(path.data, '.', path.len) != NULL)
			continue;
		shape->nodes[shape->n] = (struct node){ .name = path,
							.field = field,
							.type = field_table[field].type,
							.index = (uint8_t)shape->n,
							.bit = (uint32_t)1 << (shape->n - first) };
		quote_name(&shape->nodes[shape->n++]);
	}
	shape->nodes[parent].first_child = (uint8_t)first;
	shape->nodes[parent].n_children = (uint8_t)(shape->n - first);
	for (i = first; i < first + shape->nodes[parent].n_children; i++) {
		char below[200];
		size_t len = prefix.len + shape->nodes[i].name.len;

		if (shape->nodes[i].type.base != TYPE_OBJECT || len + 2 > sizeof(below))
			continue;
		memcpy(below, field_table[shape->nodes[i].field].path, len);
		below[len] = '.';
		add_children(shape, i, (struct str){ below, len + 1 });
	}
}

const struct json_shape *json_shape_new(struct arena *arena)
{
	struct json_shape *shape = ARENA_NEW(arena, struct json_shape);

	shape->n = 1;
	shape->nodes[0] = (struct node){ .name = STR(""), .field = -1, .type = { TYPE_OBJECT, 0 } };
	add_children(shape, 0, STR(""));
	return shape;
}

/* "thumbnailConfiguration.storage: expected a list of strings" */
static int fail_type(struct reader *rd, const struct node *node, const char *at,
		     const char *expected)
{
	rd->wrong_type = true;
	return json_fail(&rd->json, at,
			 arena_printf(rd->arena, "%s is not %s, as the API prints it",
				      field_table[node->field].path, expected));
}

/* The string that j stands before, into a value that has its place already. */
static inline int read_string(struct json *j, struct value *v)
{
	struct str s;

	if (json_string_fast(j, &s) == -1)
		return -1;
	v->kind = VALUE_STRING;
	v->text = s.data;
	v->n = (uint32_t)s.len;
	return 0;
}

static int read_list(struct reader *rd, const struct node *node, struct value *slot)
{
	struct json *j = &rd->json;
	struct value items[16], *list = items, *grown;
	size_t n = 0, cap = sizeof(items) / sizeof(*items);
	bool first;
	int more;

	if (json_open(j, '[') == -1)
		return -1;
	for (first = true; (more = json_item_fast(j, first)) == 1; first = false) {
		if (json_peek(j) != '"')
			return fail_type(rd, node, j->next, "a list of strings");
		if (n == LIMIT_LIST)
			return json_fail(
			    j, j->next,
			    arena_printf(rd->arena, "a list of more than %d members", LIMIT_LIST));
		if (n == cap) {
			grown = ARENA_ARRAY(rd->arena, cap * 2, struct value);
			memcpy(grown, list, cap * sizeof(*list));
			list = grown;
			cap *= 2;
		}
		list[n] = (struct value){ .place = json_place(j, j->next) };
		if (read_string(j, &list[n++]) == -1)
			return -1;
	}
	if (more == -1)
		return -1;
	if (list == items && n != 0) {
		list = ARENA_ARRAY(rd->arena, n, struct value);
		memcpy(list, items, n * sizeof(*list));
	}
	slot->kind = VALUE_LIST;
	slot->n = (uint32_t)n;
	slot->items = list;
	return 0;
}

/* For keys within the bytes being read, or of the arena: mostly told apart by
 * their lengths or their last bytes, which the many that begin alike are not by
 * their first. */
static inline bool is_same_key(struct str a, struct str b)
{
	return a.len == b.len && (a.len == 0 || (a.data[a.len - 1] == b.data[b.len - 1] &&
						 memcmp(a.data, b.data, a.len) == 0));
}

static int read_map(struct reader *rd, const struct node *node, struct value *slot)
{
	struct json *j = &rd->json;
	struct entry entries[24], *list = entries, *grown, *entry;
	size_t n = 0, cap = sizeof(entries) / sizeof(*entries), i;
	struct json_keys keys = { 0 };
	struct str s;
	bool first;
	int more;

	if (json_open(j, '{') == -1)
		return -1;
	for (first = true;; first = false) {
		more = json_member_fast(j, first, &s);
		if (more == -1)
			return -1;
		if (more == 0)
			break;
		/* few keys: compared one by one, which needs no memory */
		if (n < cap && list == entries) {
			for (i = 0; i < n; i++)
				if (is_same_key(entries[i].key, s))
					return json_keys_add(
					    j,
					    &(struct json_keys){ .list = &s,
								 .n = 1,
								 .cap = 1,
								 .seen = ~(uint64_t)0 },
					    s, j->key_at);
		} else {
			for (i = keys.n; i < n; i++)
				if (json_keys_add(j, &keys, list[i].key, j->key_at) == -1)
					return -1;
			if (json_keys_add(j, &keys, s, j->key_at) == -1)
				return -1;
		}
		if (n == cap) {
			grown = ARENA_ARRAY(rd->arena, cap * 2, struct entry);
			memcpy(grown, list, cap * sizeof(*list));
			list = grown;
			cap *= 2;
		}
		entry = &list[n++];
		entry->key = s;
		entry->key_place = json_place(j, j->key_at);
		if (json_peek(j) != '"')
			return fail_type(rd, node, j->next, "a map of strings");
		entry->value = (struct value){ .place = json_place(j, j->next) };
		if (read_string(j, &entry->value) == -1)
			return -1;
	}
	if (list == entries && n != 0) {
		list = ARENA_ARRAY(rd->arena, n, struct entry);
		memcpy(list, entries, n * sizeof(*list));
	}
	slot->kind = VALUE_MAP;
	slot->n = (uint32_t)n;
	slot->entries = list;
	return 0;
}

static int read_object(struct reader *rd, const struct node *node);

static int read_field(struct reader *rd, const struct node *node)
{
	struct json *j = &rd->json;
	struct value *slot = &rd->row->slots[node->field];
	char c = json_peek(j);
	struct number number;

	slot->place = json_place(j, j->next);
	if (c == 'n') {
		/* the API leaves out what has no value; some SDKs write null */
		if (!json_null(j))
			return json_skip(j);
		return 0;
	}
	switch (node->type.base) {
	case TYPE_OBJECT:
		if (c != '{')
			return fail_type(rd, node, j->next, "an object");
		slot->kind = VALUE_MAP;
		slot->flags = VALUE_WRITTEN;
		return read_object(rd, node);
	case TYPE_STRING:
		if (c != '"')
			return fail_type(rd, node, j->next, "a string");
		return read_string(j, slot);
	case TYPE_NUMBER:
		if (c != '-' && (c < '0' || c > '9'))
			return fail_type(rd, node, j->next, "a number");
		if (json_number(j, &number) == -1)
			return -1;
		slot->kind = VALUE_NUMBER;
		slot->mantissa = number.mantissa;
		slot->exponent = number.exponent;
		return 0;
	case TYPE_BOOLEAN:
		if (c != 't' && c != 'f')
			return fail_type(rd, node, j->next, "true or false");
		slot->kind = VALUE_BOOLEAN;
		return json_boolean(j, &slot->boolean);
	case TYPE_LIST:
		if (c != '[')
			return fail_type(rd, node, j->next, "a list of strings");
		return (rd->needs & FIELD_BIT(node->field)) != 0 ? read_list(rd, node, slot)
								 : json_skip(j);
	case TYPE_MAP:
		if (c != '{')
			return fail_type(rd, node, j->next, "a map of strings");
		return (rd->needs & FIELD_BIT(node->field)) != 0 ? read_map(rd, node, slot)
								 : json_skip(j);
	default:
		return json_skip(j);
	}
}

/*
 * The next member of an object: 1 with its child, 0 after the closing brace.
 * The child that came here the last time is tried first, without looking for
 * the end of the key.
 */
static inline int next_child(struct reader *rd, const struct node *node, bool first,
			     const struct node **guess, const struct node **child, struct str *key)
{
	struct json *j = &rd->json;
	const char *p = json_scan_blanks(j->next), *colon;
	int more;

	if (*p == '}') {
		j->next = p + 1;
		j->depth--;
		return 0;
	}
	if (*guess != NULL && (first || *p == ',')) {
		if (!first)
			p = json_scan_blanks(p + 1);
		if (is_quoted_name(p, *guess)) {
			colon = json_scan_blanks(p + (*guess)->quoted_len);
			if (*colon == ':') {
				*child = *guess;
				j->key_at = p;
				j->next = colon + 1;
				return 1;
			}
		}
	}
	more = json_member(j, first, key);
	if (more != 1)
		return more;
	*child = json_shape_child(rd->shape, node, *key);
	if (*child != NULL)
		*guess = *child;
	return 1;
}

/* A member that the table does not have. */
static int pass_unknown(struct reader *rd, const struct node *node, struct json_keys *others,
			struct str key)
{
	struct json *j = &rd->json;

	if (json_keys_add(j, others, key, j->key_at) == -1 || json_skip(j) == -1)
		return -1;
	if (rd->sink->unknown != NULL)
		rd->sink->unknown(rd->sink->to,
				  node->field == -1 ? "" : field_table[node->field].path, key);
	return 0;
}

static int read_object(struct reader *rd, const struct node *node)
{
	struct json *j = &rd->json;
	const struct node **guess = &rd->first_of[node->index], *child, *none = NULL;
	struct json_keys others = { 0 };
	uint32_t seen = 0;
	bool first = true;
	struct str key;
	int more;

	if (json_open(j, '{') == -1)
		return -1;
	for (; (more = next_child(rd, node, first, guess, &child, &key)) == 1; first = false) {
		if (child == NULL) {
			if (pass_unknown(rd, node, &others, key) == -1)
				return -1;
			none = NULL;
			guess = &none;
			continue;
		}
		if ((seen & child->bit) != 0)
			return json_fail(j, j->key_at,
					 arena_printf(rd->arena, "the key '%s' is there twice",
						      child->name.data));
		seen |= child->bit;
		if (read_field(rd, child) == -1)
			return -1;
		guess = &rd->after[child->index];
	}
	return more;
}

SLOW static int read_strictly(struct reader *rd)
{
	const char *start = rd->json.next;

	/* of the row before, or of a try to read along */
	memset(rd->row->slots, 0, FIELD_FIRST_OF_CHANNELS * sizeof(*rd->row->slots));
	rd->stale = resource_fills(~(field_set)0);
	if (read_object(rd, &rd->shape->nodes[0]) == -1)
		return -1;
	if (rd->learned != NULL)
		json_learned_add(rd->learned, start, rd->json.next);
	return 0;
}

/* The configuration that j stands before into the row: as learned, or else strictly. */
static inline int read_row(struct reader *rd)
{
	if (rd->learned == NULL || !json_learned_read(rd->learned, &rd->json, rd->row, rd->needs))
		return read_strictly(rd);
	resource_empty(rd->row, rd->stale & ~rd->row->there);
	rd->stale = rd->row->there | rd->fills;
	return 0;
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

SLOW static void make_row(struct reader *rd)
{
	rd->row = ARENA_NEW(rd->arena, struct resource);
	rd->mark = arena_mark(rd->arena);
	rd->stale = 0;
}

/* A row for what j stands before. */
static inline void new_row(struct reader *rd, enum source_kind kind)
{
	if (rd->row == NULL)
		make_row(rd);
	resource_begin(rd->row, &rd->segment->source, json_place(&rd->json, rd->json.next), kind);
}

static void tell_trouble(struct reader *rd, enum trouble kind, const char *at, const char *text)
{
	struct place place = source_place(&rd->segment->source, json_place(&rd->json, at));

	if (kind == TROUBLE_REFUSED && at >= rd->json.end)
		kind = TROUBLE_CUT;
	rd->sink->trouble(rd->sink->to, kind, place.line, place.column, text);
}

static inline void give(struct reader *rd)
{
	if (rd->survey != NULL)
		survey_fill(rd->survey, rd->row, rd->arena);
	resource_complete(rd->row, rd->needs, rd->arena);
	if (rd->sink->resource(rd->sink->to, rd->row))
		rd->row = NULL;
	else
		arena_rewind(rd->arena, rd->mark);
}

/* An object that an envelope calls a recording configuration. */
QUICK static int read_configuration(struct reader *rd, bool summary)
{
	struct json *j = &rd->json;

	if (json_peek(j) != '{')
		return json_fail(j, j->next, "a recording configuration that is not an object");
	new_row(rd, rd->segment->fetched ? SOURCE_API : SOURCE_JSON);
	rd->row->index = rd->index++;
	rd->row->summary = summary;
	if (read_row(rd) == -1)
		return -1;
	give(rd);
	return 0;
}

/* The name of an object's first member; "" when it has none. Takes nothing. */
static struct str first_member(struct reader *rd)
{
	struct json peek = rd->json;
	struct str key = STR("");

	if (json_open(&peek, '{') == -1 || json_member(&peek, true, &key) != 1)
		return STR("");
	return key;
}

/* Channels that rules ask for, where nobody looked at them beforehand: what is not said
 * of them would pass for having been judged. */
static void tell_unseen_channels(struct reader *rd)
{
	struct json peek = rd->json;
	struct str key;
	bool first;

	if (!rd->wants_channels ||
	    (rd->survey != NULL && survey_has_read(rd->survey, rd->segment->source.name)))
		return;
	if (json_open(&peek, '{') == -1)
		return;
	for (first = true; json_member(&peek, first, &key) == 1; first = false) {
		if (survey_is_of(key)) {
			tell_trouble(rd, TROUBLE_MISSING, peek.key_at,
				     "channels that rules ask for and that are not seen here: save "
				     "them in a file of their own, named *.json");
			return;
		}
		if (json_skip(&peek) == -1)
			return;
	}
}

/* An object without an envelope: a configuration, or something else. */
static int read_bare(struct reader *rd)
{
	struct json *j = &rd->json;
	struct json before = *j;
	field_set there;
	bool other_arn;
	int rc;

	new_row(rd, SOURCE_JSON);
	rc = read_row(rd);
	there = fields_there(rd->row, JSON_TELLING);
	if (!has_telling_arn(rd->row, &other_arn) && ((there == 0) || other_arn)) {
		if (rc == -1 && !rd->wrong_type)
			return -1;
		/* its members mean something else: read on for the grammar alone */
		*j = before;
		rd->wrong_type = false;
		if (json_skip(j) == -1)
			return -1;
		before.error = NULL;
		rd->json = before;
		tell_unseen_channels(rd);
		rd->sink->other(rd->sink->to, first_member(rd));
		return json_skip(&rd->json);
	}
	if (rc == -1)
		return -1;
	rd->row->index = rd->index++;
	/* printed by a list's --query: no get would leave all of these out */
	rd->row->summary = (there & NOT_IN_SUMMARY) == 0;
	give(rd);
	return 0;
}

/* Goes on after a value that was refused; false when nothing shows where. */
static bool recover(struct reader *rd, const char *start, enum json_cut_at at, bool whole_lines)
{
	struct json *j = &rd->json;
	const char *next;

	if (whole_lines) {
		next = memchr(j->error_at, '\n', (size_t)(j->end - j->error_at));
		next = next != NULL ? next + 1 : j->end;
	} else {
		next = json_cut_next(start, j->end, at).last;
	}
	if (next == NULL || next <= start)
		return false;
	j->next = next;
	j->error = NULL;
	j->depth = 0;
	rd->wrong_type = false;
	return true;
}

static inline int read_document(struct reader *rd, unsigned depth);

/*
 * The members of a list up to its bracket (in_list) or to the end of the
 * segment. One that is refused is told, the next ones are read.
 */
static int read_members(struct reader *rd, bool list, unsigned depth)
{
	struct json *j = &rd->json;
	unsigned open = j->depth;
	struct json_cut cut;
	const char *start;
	bool first;
	int more;

	for (first = true; (more = json_item(j, first)) == 1; first = false) {
		start = json_scan_blanks(j->next);
		if ((list ? read_configuration(rd, true) : read_document(rd, depth + 1)) == 0)
			continue;
		/* the member is refused; brackets show where the next one begins */
		cut = json_cut_next(start, j->end, JSON_CUT_COMMA);
		if (cut.last == NULL && cut.close == NULL)
			return -1;
		tell_trouble(rd, TROUBLE_REFUSED, j->error_at, j->error);
		j->next = cut.last != NULL ? cut.last - 1 : cut.close;
		j->error = NULL;
		j->depth = open;
		rd->wrong_type = false;
	}
	return more;
}

static int read_token(struct reader *rd, const char *at)
{
	struct json *j = &rd->json;
	struct str token;

	if (json_peek(j) != '"')
		return json_skip(j);
	if (json_string(j, &token) == -1)
		return -1;
	if (token.len != 0)
		tell_trouble(rd, TROUBLE_MISSING, at,
			     "the list goes on elsewhere: nextToken is set, so this is one page of "
			     "several");
	return 0;
}

/* {"recordingConfiguration": {...}}, {"recordingConfigurations": [...], "nextToken": ...}.
 * one: the first of these is read already. */
SLOW static int read_envelope(struct reader *rd, unsigned depth, bool one)
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
			rc = read_configuration(rd, false);
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
			rc = json_skip(j);
		}
		if (rc == -1)
			return -1;
	}
	return more;
}

/* The rest of an envelope whose first member is a configuration; inside: behind its
 * colon. */
QUICK static int read_inside(struct reader *rd, unsigned depth, const char *inside)
{
	struct json *j = &rd->json;
	const char *p;

	j->next = inside;
	j->depth++;
	if (read_configuration(rd, false) == -1)
		return -1;
	p = json_scan_blanks(j->next);
	if (*p != '}')
		return read_envelope(rd, depth, true);
	j->next = p + 1;
	j->depth--;
	return 0;
}

/* Behind `{"recordingConfiguration":`, which is what nearly all documents begin with;
 * else NULL. */
static const char *open_envelope(const struct json *j)
{
	static const char name[] = "\"recordingConfiguration\"";
	const char *p = j->next;

	_Static_assert(sizeof(name) - 1 == 24, "compared as twice 16 bytes");
	if (*p != '{' || j->error != NULL || j->depth >= LIMIT_JSON_DEPTH)
		return NULL;
	p = json_scan_blanks(p + 1);
	/* a comparison of constant length needs no call, and there is padding */
	if (!str_same(p, name, 16) || !str_same(p + 8, name + 8, 16))
		return NULL;
	p = json_scan_blanks(p + sizeof(name) - 1);
	return *p == ':' ? p + 1 : NULL;
}

/* What SDKs and the CLI print around a recording configuration, or a list. */
static bool is_envelope(struct reader *rd)
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
		if (!str_is(key, "nextToken") && !str_is(key, "NextToken") &&
		    !str_is(key, "ResponseMetadata") && !str_is(key, "$metadata"))
			return false;
		if (json_skip(&peek) == -1)
			return false;
	}
	return false;
}

/* A header or trailer of fetch output; what else stands in such a file is a
 * configuration in its envelope, or was not written by a fetch. */
static int read_fetched(struct reader *rd, unsigned depth)
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
		return read_envelope(rd, depth, false);
	return json_fail(j, j->next,
			 "not what ivslint fetch writes between its header and its trailer");
}

/* What is not a configuration in an envelope of its own. */
SLOW static int read_other(struct reader *rd, unsigned depth)
{
	struct json *j = &rd->json;
	int rc;

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
		return is_envelope(rd) ? read_envelope(rd, depth, false) : read_bare(rd);
	case '[':
		if (json_open(j, '[') == -1)
			return -1;
		return read_members(rd, false, depth);
	default:
		if (json_skip(j) == -1)
			return -1;
		rd->sink->other(rd->sink->to, STR(""));
		return 0;
	}
}

static inline int read_document(struct reader *rd, unsigned depth)
{
	struct json *j = &rd->json;
	const char *inside;

	json_peek(j);
	if (!rd->segment->fetched && (inside = open_envelope(j)) != NULL)
		return read_inside(rd, depth, inside);
	return read_other(rd, depth);
}

static void read_documents(struct reader *rd, bool lines)
{
	struct json *j = &rd->json;
	const char *start, *line_end;

	while (!json_at_end(j)) {
		start = j->next;
		if (read_document(rd, 0) == 0)
			continue;
		if (lines) {
			/* what follows on the next line is another document's */
			line_end = memchr(start, '\n', (size_t)(j->end - start));
			if (line_end != NULL && j->error_at > line_end) {
				j->error = "a document that does not end on its line";
				j->error_at = line_end;
			}
		}
		tell_trouble(rd, TROUBLE_REFUSED, j->error_at, j->error);
		if (!recover(rd, start, JSON_CUT_VALUE, lines))
			return;
	}
}

/* Members without their list's brackets, which the feed has seen. */
static void read_bare_members(struct reader *rd)
{
	struct segment *s = rd->segment;
	struct json *j = &rd->json;
	const char *start;
	bool first = true;
	int rc;

	for (;; first = false) {
		if (!first) {
			if (json_at_end(j))
				break;
			if (*j->next != ',') {
				json_skip(j); /* for what it says of a stray character */
				json_fail(j, j->next, "expected ',' or ']'");
				tell_trouble(rd, TROUBLE_REFUSED, j->error_at, j->error);
				return;
			}
			j->next++;
		}
		if (json_at_end(j)) {
			if (first || s->comma_after)
				return;
			tell_trouble(rd, TROUBLE_REFUSED, j->next, "a comma before ']'");
			return;
		}
		start = j->next;
		rc = s->list ? read_configuration(rd, true) : read_document(rd, 1);
		if (rc == 0)
			continue;
		tell_trouble(rd, TROUBLE_REFUSED, j->error_at, j->error);
		if (!recover(rd, start, JSON_CUT_COMMA, false))
			return;
		j->next--; /* to the comma */
	}
	if (s->comma_after)
		tell_trouble(rd, TROUBLE_REFUSED, j->end, "expected ','");
}

static bool recognise(const struct input_head *head)
{
	static const char *const endings[] = { ".json", ".ndjson", ".jsonl", NULL };

	return head->json || head->asked_for || input_named(head->name, endings);
}

static void read_segment(struct segment *segment, struct inputs *inputs, field_set needs,
			 struct arena *arena, const struct input_sink *sink)
{
	struct reader rd = {
		.shape = inputs_json_shape(inputs),
		.learned = sink->learned,
		.survey = (needs & FIELD_BIT(FIELD_CHANNELS)) != 0 ? inputs_survey(inputs) : NULL,
		.wants_channels = (needs & FIELD_BIT(FIELD_CHANNELS)) != 0,
		.needs = needs,
		.fills = resource_fills(needs),
		.arena = arena,
		.sink = sink,
		.segment = segment,
		.index = segment->first_index,
	};

	struct json_channels channels = { .json = &rd.json,
					  .segment = segment,
					  .arena = arena,
					  .sink = sink,
					  .index = segment->first_index };

	if (inputs_want_channels(inputs, &channels.needs))
		rd.channels = &channels;
	json_init(&rd.json, segment->source.bytes, arena);
	switch (segment->kind) {
	case SEGMENT_LINES:
	case SEGMENT_DOCUMENTS:
		read_documents(&rd, segment->kind == SEGMENT_LINES);
		return;
	case SEGMENT_MEMBERS:
		read_bare_members(&rd);
		return;
	default:
		return;
	}
}

const struct input input_json = {
	.name = "json", .takes = INPUT_CUT, .recognise = recognise, .read = read_segment
};
