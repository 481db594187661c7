/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One resource as a row of slots: what is derived, what is not
 * known, what the API would fill in, and who a finding is about. How inputs
 * fill the row and what rules make of it is not known here; rows from trees are
 * resource_tree.c's.
 */
#include "model/resource.h"

#include <stddef.h>
#include <string.h>

#include "base/text.h"
#include "model/partial.h"

/* ---- sets of fields, made from the table when the program is compiled -------- */

#define FIELD_0 0
#define FIELD(id, path, kind, base, element, origin, flags, ...)                                   \
	| (ORIGIN_##origin == SET_ORIGIN ? FIELD_BIT(FIELD_##id) : 0)
#define MEMBER(...)

static const field_set derived_fields = 0
#define SET_ORIGIN ORIGIN_DERIVED
#include "model/field_list.h"
#undef SET_ORIGIN
    ;
static const field_set source_fields = 0
#define SET_ORIGIN ORIGIN_SOURCE
#include "model/field_list.h"
#undef SET_ORIGIN
    ;
#undef FIELD
#define FIELD(id, path, kind, base, element, origin, flags, ...)                                   \
	| ((FIELD_##flags & SET_FLAG) != 0 ? FIELD_BIT(FIELD_##id) : 0)
static const field_set summary_fields = 0
#define SET_FLAG FIELD_SUMMARY
#include "model/field_list.h"
#undef SET_FLAG
    ;
static const field_set no_empty_fields = 0
#define SET_FLAG FIELD_NO_EMPTY
#include "model/field_list.h"
#undef SET_FLAG
    ;
#undef FIELD
#undef MEMBER

static const field_set configuration_fields = FIELD_BIT(FIELD_FIRST_OF_CHANNELS) - 1;
static const field_set all_fields = N_FIELDS < 64 ? FIELD_BIT(N_FIELDS % 64) - 1 : ~(field_set)0;

static const char not_in_api[] = "only a template or a plan has it";
static const char no_channels[] = "channels were not gathered";
static const char no_stream[] = "streams were not measured";
static const char no_bucket[] = "the bucket was not looked at";

const char *source_kind_name(enum source_kind k)
{
	switch (k) {
	case SOURCE_API:
		return "api";
	case SOURCE_JSON:
		return "json";
	case SOURCE_CLOUDFORMATION:
		return "cloudformation";
	case SOURCE_TERRAFORM:
		return "terraform";
	}
	return "json";
}

void resource_init(struct resource *r, struct source *source, struct place place,
		   enum source_kind source_kind)
{
	memset(r->slots, 0, FIELD_FIRST_OF_CHANNELS * sizeof(*r->slots));
	resource_begin(r, source, place, source_kind);
}

field_set resource_fills(field_set needs)
{
	if ((needs & derived_fields) != 0)
		needs |= derived_fields; /* they are filled together */
	return needs & configuration_fields;
}

_Static_assert(KIND_RECORDING_CONFIGURATION == 0, "what an emptied row is of");

void resource_init_kind(struct resource *r, enum kind kind, struct source *source,
			struct place place, enum source_kind source_kind)
{
	*r = (struct resource){ .source = source,
				.place = place,
				.kind = kind,
				.source_kind = source_kind,
				.logical_id = STR("") };
}

/* ---- derived fields ----------------------------------------------------------- */

/* The parts of an ARN; len 0 where there is none. */
struct arn {
	struct str partition, region, account, id;
};

/* Takes what stands before the next colon off the front of s. */
static struct str next_part(struct str *s)
{
	const char *colon = memchr(s->data, ':', s->len);
	struct str part = *s;

	if (colon != NULL)
		part.len = (size_t)(colon - s->data);
	s->data += part.len + (colon != NULL);
	s->len -= part.len + (colon != NULL);
	return part;
}

/* arn:PARTITION:ivs:REGION:ACCOUNT:recording-configuration/ID */
static struct arn parse_arn(struct str s, enum kind kind)
{
	const struct str before = kind_table[kind].arn;
	struct arn arn = { STR(""), STR(""), STR(""), STR("") };

	if (!str_starts(s, STR("arn:")))
		return arn;
	next_part(&s);
	arn.partition = next_part(&s);
	next_part(&s);
	arn.region = next_part(&s);
	arn.account = next_part(&s);
	if (str_starts(s, before)) {
		arn.id.data = s.data + before.len;
		arn.id.len = s.len - before.len;
	}
	return arn;
}

static void fill_part(struct resource *r, int field, struct str part)
{
	struct value *v = &r->slots[field];

	if (v->kind > VALUE_NULL)
		return; /* given by itself */
	v->kind = VALUE_ABSENT;
	if (part.len == 0)
		return;
	*v = value_of_str(part);
	v->flags = r->slots[FIELD_ARN].flags & VALUE_SENSITIVE;
	v->place = r->slots[FIELD_ARN].place;
}

static void fill_unknown(struct value *v, const char *why, struct place place)
{
	if (v->kind > VALUE_NULL)
		return;
	*v = value_unknown(why);
	v->place = place;
}

__attribute__((noinline)) static void complete_derived(struct resource *r)
{
	const struct value *v = &r->slots[FIELD_ARN];
	struct arn arn = { STR(""), STR(""), STR(""), STR("") };
	int i;

	if (v->kind == VALUE_UNKNOWN) {
		for (i = FIELD_PARTITION; i <= FIELD_ID; i++)
			fill_unknown(&r->slots[i], v->why, v->place);
		return;
	}
	if (v->kind == VALUE_STRING)
		arn = parse_arn(value_str(v), r->kind);
	fill_part(r, FIELD_PARTITION, arn.partition);
	fill_part(r, FIELD_REGION, arn.region);
	fill_part(r, FIELD_ACCOUNT, arn.account);
	fill_part(r, FIELD_ID, arn.id);
}

_Static_assert(FIELD_ID - FIELD_PARTITION == 3, "the four parts stand together");

/* ---- where it was read -------------------------------------------------------- */

static void fill_source(struct resource *r, int field, struct value made)
{
	if (r->slots[field].kind > VALUE_NULL)
		return;
	made.place = r->place;
	r->slots[field] = made;
}

/* Whether an input that looked for what is related knows anything of it. */
static bool knows_any(const struct resource *r, enum origin origin)
{
	int i;

	/* what is related is a recording configuration's */
	for (i = 0; i < FIELD_FIRST_OF_CHANNELS; i++)
		if (field_table[i].origin == origin && r->slots[i].kind != VALUE_ABSENT &&
		    r->slots[i].kind != VALUE_UNKNOWN)
			return true;
	return false;
}

__attribute__((noinline)) static void complete_source(struct resource *r, field_set needs)
{
	uint32_t line;

	if ((needs & FIELD_BIT(FIELD_SOURCE_HAS_CHANNELS)) != 0)
		fill_source(r, FIELD_SOURCE_HAS_CHANNELS,
			    value_of_boolean(knows_any(r, ORIGIN_CHANNELS)));
	if ((needs & FIELD_BIT(FIELD_SOURCE_HAS_BUCKET)) != 0)
		fill_source(r, FIELD_SOURCE_HAS_BUCKET,
			    value_of_boolean(knows_any(r, ORIGIN_BUCKET)));
	if ((needs & FIELD_BIT(FIELD_SOURCE_KIND)) != 0)
		fill_source(r, FIELD_SOURCE_KIND,
			    value_of_str(str_of(source_kind_name(r->source_kind))));
	if (r->source == NULL)
		return;
	if ((needs & FIELD_BIT(FIELD_SOURCE_FILE)) != 0)
		fill_source(r, FIELD_SOURCE_FILE, value_of_str(str_of(r->source->name)));
	if ((needs & FIELD_BIT(FIELD_SOURCE_LINE)) != 0) {
		line = source_place(r->source, r->place).line;
		if (line != 0)
			fill_source(r, FIELD_SOURCE_LINE, value_of_number(number_of_int(line)));
	}
}

/* ---- what is absent ----------------------------------------------------------- */

/* Why an absent field is not known, or NULL when absent is what it is. */
static const char *why_unknown(const struct resource *r, int field, bool was_null)
{
	if (r->summary && (summary_fields & FIELD_BIT(field)) == 0 &&
	    field_table[field].origin == ORIGIN_API)
		return kind_table[r->kind].beyond;
	if (was_null)
		return NULL; /* looked for, and there is none */
	switch (field_table[field].origin) {
	case ORIGIN_TEMPLATE:
		return r->source_kind <= SOURCE_JSON ? not_in_api : NULL;
	case ORIGIN_CHANNELS:
		return no_channels;
	case ORIGIN_STREAM:
		return no_stream;
	case ORIGIN_BUCKET:
		return no_bucket;
	default:
		return NULL;
	}
}

_Static_assert(SOURCE_API < SOURCE_JSON && SOURCE_JSON < SOURCE_CLOUDFORMATION,
	       "what the API printed comes first");

static void fill_fallback(const struct resource *r, int field, struct value *v)
{
	const struct value *fallback = field_fallback(field), *other;
	struct place place = v->place;
	struct str wanted;
	int only_if;

	if (fallback == NULL)
		return;
	only_if = field_only_if(field, &wanted);
	if (only_if >= 0) {
		other = &r->slots[only_if];
		if (other->kind <= VALUE_NULL)
			other = field_fallback(only_if);
		if (other != NULL && other->kind == VALUE_UNKNOWN) {
			*v = value_unknown(other->why);
			v->place = place;
			return;
		}
		if (other == NULL || other->kind != VALUE_STRING ||
		    !str_equal(value_str(other), wanted))
			return;
	}
	*v = *fallback;
	v->place = place;
}

/* A field that was not given: it stands where its nearest parent does. */
__attribute__((noinline)) static void complete_absent(struct resource *r, int field,
						      struct value *v)
{
	bool was_null = v->kind == VALUE_NULL;
	struct place place = r->place;
	const char *why = NULL;
	int parent = field_parent(field);

	for (; parent >= 0 && r->slots[parent].kind <= VALUE_NULL; parent = field_parent(parent))
		;
	if (parent >= 0) {
		place = r->slots[parent].place;
		if (r->slots[parent].kind == VALUE_UNKNOWN)
			why = r->slots[parent].why;
	}
	if (was_null)
		place = v->place;
	if (why == NULL)
		why = why_unknown(r, field, was_null);
	*v = (struct value){ .kind = VALUE_ABSENT,
			     .flags = v->flags & VALUE_WRITTEN,
			     .place = place };
	if (why != NULL)
		fill_unknown(v, why, place);
	else
		fill_fallback(r, field, v);
}

/* Whether a text that is known in part may be ''. */
static bool may_be_empty(const struct value *v)
{
	const struct partial *p = v->kind == VALUE_UNKNOWN ? value_partial(v) : NULL;
	uint64_t least, most;

	if (p == NULL || p->form != PARTIAL_TEXT)
		return false;
	partial_length(p, &least, &most);
	return least == 0;
}

/* '' is what the API prints for none: no text, and no value that it may be. */
static void drop_empty(struct value *v, struct arena *arena)
{
	const struct partial *p = v->kind == VALUE_UNKNOWN ? value_partial(v) : NULL;
	const struct value *from = v;
	uint32_t i, n = 1;
	struct value *items, one;
	bool some = false;

	if (v->kind == VALUE_STRING && v->n == 0)
		*v =
		    (struct value){ .kind = VALUE_NULL, .flags = VALUE_WRITTEN, .place = v->place };
	if (p != NULL && p->form == PARTIAL_ONE_OF) {
		from = p->items;
		n = p->n;
	}
	items = p != NULL ? ARENA_ARRAY(arena, n + 1, struct value) : NULL;
	for (i = 0; p != NULL && i < n; i++) {
		items[i] = from[i];
		some |= may_be_empty(&items[i]);
		if (items[i].kind == VALUE_STRING && items[i].n == 0) {
			items[i].kind = VALUE_ABSENT;
			some = true;
		}
	}
	if (!some)
		return;
	items[n] = (struct value){ .kind = VALUE_ABSENT, .place = v->place };
	one = value_one_of(arena, v->why, items, n + 1);
	one.place = v->place;
	one.flags |= v->flags & VALUE_SENSITIVE;
	*v = one;
}

/* '' in the fields of a channel; gives which of `needs` are a channel's. */
__attribute__((noinline)) static field_set complete_channel(struct resource *r, field_set needs,
							    struct arena *arena)
{
	field_set left;

	needs &= field_set_of(r->kind);
	for (left = needs & no_empty_fields; left != 0; left &= left - 1)
		drop_empty(&r->slots[__builtin_ctzll(left)], arena);
	return needs;
}

/* What is seldom done is no part of it: for most configurations there is nothing to do. */
void resource_complete(struct resource *r, field_set needs, struct arena *arena)
{
	field_set left;
	int field;

	if (r->kind == KIND_RECORDING_CONFIGURATION)
		needs &= configuration_fields;
	else
		needs = complete_channel(r, needs, arena);
	if ((needs & derived_fields) != 0)
		complete_derived(r);
	if ((needs & source_fields) != 0)
		complete_source(r, needs);
	for (left = needs & ~r->there; left != 0; left &= left - 1) {
		field = __builtin_ctzll(left);
		if (r->slots[field].kind <= VALUE_NULL)
			complete_absent(r, field, &r->slots[field]);
	}
}

field_set resource_closure(field_set needs)
{
	struct str value;
	int field, other;

	needs &= all_fields;
	if ((needs & derived_fields) != 0)
		needs |= FIELD_BIT(FIELD_ARN);
	if ((needs & FIELD_BIT(FIELD_SOURCE_HAS_CHANNELS)) != 0)
		needs |= FIELD_BIT(FIELD_CHANNELS);
	if ((needs & FIELD_BIT(FIELD_SOURCE_HAS_BUCKET)) != 0)
		needs |= FIELD_BIT(FIELD_BUCKET_REGION);
	if ((needs & FIELD_BIT(FIELD_CHANNELS)) != 0)
		needs |= FIELD_BIT(FIELD_ARN); /* which channels name */
	/* What a field needs has a lower number. */
	for (field = N_FIELDS - 1; field >= 0; field--) {
		if ((needs & FIELD_BIT(field)) == 0)
			continue;
		if ((other = field_parent(field)) >= 0)
			needs |= FIELD_BIT(other);
		if ((other = field_only_if(field, &value)) >= 0)
			needs |= FIELD_BIT(other);
	}
	return needs;
}

/* ---- objects in lists --------------------------------------------------------- */

/* What stands behind the path, or NULL; what is unknown above it is. */
static const struct value *member_at(const struct value *map, struct str path)
{
	const char *dot = memchr(path.data, '.', path.len);
	struct str name = path;

	if (map == NULL || map->kind == VALUE_UNKNOWN || dot == NULL)
		return map != NULL && map->kind == VALUE_UNKNOWN ? map : value_get(map, path);
	name.len = (size_t)(dot - path.data);
	path.data += name.len + 1;
	path.len -= name.len + 1;
	return member_at(value_get(map, name), path);
}

struct value resource_member(const struct value *object, const char *list, struct arena *arena)
{
	struct value whole = *object, fallback;
	const struct value *there;
	size_t i, len = strlen(list);

	for (i = 0; i < field_n_members; i++) {
		struct str path = str_of(field_members[i].path);

		if (field_members[i].fallback == NULL || !str_starts(path, str_of(list)))
			continue;
		path.data += len + 1;
		path.len -= len + 1;
		there = member_at(&whole, path);
		if (there != NULL && there->kind > VALUE_NULL)
			continue;
		fallback = field_member_fallback(&field_members[i]);
		whole = value_with_member(arena, &whole, path, &fallback);
	}
	return whole;
}

/* ---- who a finding is about --------------------------------------------------- */

/* A secret is nobody's id and name. */
static struct str text_of(const struct value *v)
{
	if (value_is_secret(v))
		return STR("");
	return v->kind == VALUE_STRING ? value_str(v) : STR("");
}

static struct str number_text(struct arena *a, uint32_t n)
{
	return str_of(arena_printf(a, "%u", (unsigned)n));
}

void resource_subject(struct resource *r, struct arena *arena, struct subject *s)
{
	struct str name = text_of(&r->slots[FIELD_NAME]);
	struct arn arn;

	s->kind = r->kind;
	s->arn = text_of(&r->slots[FIELD_ARN]);
	s->name = name;
	s->file = r->source != NULL ? r->source->name : "";
	s->place = r->place;
	if (r->source != NULL)
		s->place = source_place(r->source, r->place);
	arn = parse_arn(s->arn, r->kind);
	/* of the ARN also where no rule needs them; given ones come first */
	s->account = text_of(&r->slots[FIELD_ACCOUNT]);
	if (s->account.len == 0)
		s->account = arn.account;
	s->region = text_of(&r->slots[FIELD_REGION]);
	if (s->region.len == 0)
		s->region = arn.region;

	s->id = s->arn;
	if (s->id.len > 0)
		return;
	if (r->logical_id.len > 0)
		name = r->logical_id;
	else if (name.len == 0)
		name = number_text(arena, r->index);
	s->id = arena_join(arena, str_of(s->file), "#", name);
}
