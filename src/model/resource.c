/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One resource as a row of slots: what is derived, what is not
 * known, what the API would fill in, and who a finding is about. How inputs
 * fill the row and what rules make of it is not known here.
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
static const char said_unknown[] = "said to be unknown by the test";

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
	size_t size =
	    offsetof(struct resource, slots) + FIELD_FIRST_OF_CHANNELS * sizeof(struct value);

	/* not to be known to the compiler: what it makes of it in line is slower than the
	 * library, here where each configuration comes by */
	__asm__("" : "+r"(size));
	memset(r, 0, size);
	r->source = source;
	r->place = place;
	r->source_kind = source_kind;
	r->logical_id = STR("");
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

static void complete_derived(struct resource *r)
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

static void complete_source(struct resource *r, field_set needs)
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
static void complete_absent(struct resource *r, int field, struct value *v)
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
		*v = (struct value){ .kind = VALUE_NULL,
				     .flags = VALUE_WRITTEN,
				     .place = v->place };
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

void resource_complete(struct resource *r, field_set needs, struct arena *arena)
{
	field_set left;
	int field;

	if (r->kind == KIND_RECORDING_CONFIGURATION) {
		needs &= configuration_fields;
	} else {
		needs &= field_set_of(r->kind);
		for (left = needs & no_empty_fields; left != 0; left &= left - 1)
			drop_empty(&r->slots[__builtin_ctzll(left)], arena);
	}
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

/* A copy of a map with another value behind a key; what is unknown stays. */
static struct value with_entry(struct arena *a, const struct value *map, struct str key,
			       const struct value *v)
{
	uint32_t i, n = map->kind == VALUE_MAP ? map->n : 0;
	struct value copy = *map;
	struct entry *entries;

	if (map->kind == VALUE_UNKNOWN)
		return copy;
	entries = ARENA_ARRAY(a, (size_t)n + 1, struct entry);
	if (n > 0)
		memcpy(entries, map->entries, n * sizeof(entries[0]));
	for (i = 0; i < n && !str_equal(entries[i].key, key); i++)
		;
	if (i == n) {
		entries[n++].key = key;
		entries[i].key_place = map->kind == VALUE_MAP ? map->place : v->place;
	}
	entries[i].value = *v;
	if (map->kind != VALUE_MAP)
		copy = (struct value){ .flags = v->flags, .place = v->place };
	copy.kind = VALUE_MAP;
	copy.n = n;
	copy.entries = entries;
	return copy;
}

/* The same behind a path of a member of the table: as deep as it has dots. */
static struct value with_member(struct arena *a, const struct value *map, struct str path,
				const struct value *v)
{
	static const struct value none = { .kind = VALUE_ABSENT };
	const char *dot = memchr(path.data, '.', path.len);
	const struct value *old;
	struct str name = path;
	struct value inner;

	if (dot == NULL)
		return with_entry(a, map, path, v);
	name.len = (size_t)(dot - path.data);
	old = value_get(map, name);
	path.data += name.len + 1;
	path.len -= name.len + 1;
	inner = with_member(a, old != NULL && old->kind > VALUE_NULL ? old : &none, path, v);
	return with_entry(a, map, name, &inner);
}

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
		whole = with_member(arena, &whole, path, &fallback);
	}
	return whole;
}

/* ---- from a tree -------------------------------------------------------------- */

/* A row being filled from a tree. */
struct filling {
	struct resource *r;
	struct arena *arena;
	struct err *err;
	bool kind_given;
};

static struct str join(struct arena *a, struct str prefix, const char *between, struct str name)
{
	size_t len = strlen(between);
	char *text = arena_alloc(a, prefix.len + len + name.len + 1);

	memcpy(text, prefix.data, prefix.len);
	memcpy(text + prefix.len, between, len);
	memcpy(text + prefix.len + len, name.data, name.len);
	return (struct str){ text, prefix.len + len + name.len };
}

static struct str path_of(struct arena *a, struct str prefix, struct str name)
{
	return prefix.len == 0 ? name : join(a, prefix, ".", name);
}

static int wrong(struct filling *f, struct place place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static int wrong(struct filling *f, struct place place, const char *format, ...)
{
	struct buf b = BUF_INIT(0);
	va_list args;

	if (f->r->source != NULL)
		place = source_place(f->r->source, place);
	if (place.line == 0)
		place.column = 0;
	va_start(args, format);
	buf_vprintf(&b, format, args);
	va_end(args);
	err_at(f->err, ERR_POLICY, place.line, place.column, "%s", b.data);
	buf_release(&b);
	return -1;
}

/* "; did you mean 'x'?", or nothing. */
static const char *guess(struct arena *a, const char *nearest)
{
	return nearest != NULL ? arena_printf(a, "; did you mean '%s'?", nearest) : "";
}

static const char *visible(struct arena *a, struct str s)
{
	struct buf b = BUF_INIT(0);
	const char *text;

	text_put_quoted(&b, s, 80);
	text = arena_buf(a, &b).data;
	buf_release(&b);
	return text;
}

static int unknown_field(struct filling *f, struct place place, struct str path)
{
	const char *names[N_FIELDS];
	size_t n = 0;
	int i;

	for (i = 0; i < N_FIELDS; i++)
		if (field_is_of(i, f->r->kind))
			names[n++] = field_table[i].path;
	i = field_find(path);
	if (i >= 0 && !field_is_of(i, f->r->kind))
		return wrong(f, place, "%s is no field of a %s", visible(f->arena, path),
			     kind_table[f->r->kind].one);
	return wrong(f, place, "there is no field %s%s", visible(f->arena, path),
		     guess(f->arena, text_nearest(path, names, n)));
}

static int unknown_member(struct filling *f, struct place place, struct str path)
{
	const char **names = ARENA_ARRAY(f->arena, field_n_members, const char *);
	size_t i;

	for (i = 0; i < field_n_members; i++)
		names[i] = field_members[i].path;
	return wrong(f, place, "there is no field %s%s", visible(f->arena, path),
		     guess(f->arena, text_nearest(path, names, field_n_members)));
}

/* An enumeration's value that is not one of them. */
static int unknown_value(struct filling *f, struct place place, struct str path, const char *values,
			 struct str given)
{
	const char *names[16];
	char *list = arena_strdup(f->arena, values), *bar, *p = list;
	size_t n = 0;

	while (n < sizeof(names) / sizeof(names[0])) {
		names[n++] = p;
		if ((bar = strchr(p, '|')) == NULL)
			break;
		*bar = '\0';
		p = bar + 1;
	}
	return wrong(f, place, "%s is not a value of '%.*s', which has %s%s",
		     visible(f->arena, given), STR_ARG(path), values,
		     guess(f->arena, text_nearest(given, names, n)));
}

static enum value_kind kind_of(enum type_base base)
{
	switch (base) {
	case TYPE_NUMBER:
		return VALUE_NUMBER;
	case TYPE_BOOLEAN:
		return VALUE_BOOLEAN;
	case TYPE_LIST:
		return VALUE_LIST;
	case TYPE_MAP:
	case TYPE_OBJECT:
		return VALUE_MAP;
	default:
		return VALUE_STRING;
	}
}

static int wrong_type(struct filling *f, const struct value *v, struct str path,
		      enum value_kind wanted)
{
	bool unquoted = wanted == VALUE_STRING && (v->flags & VALUE_PLAIN) != 0 &&
			(v->kind == VALUE_NUMBER || v->kind == VALUE_BOOLEAN);
	struct buf b = BUF_INIT(0);

	value_show(&b, v, 40);
	wrong(f, v->place, "%s takes %s, and this is %s%s%s%s", visible(f->arena, path),
	      value_kind_name(wanted), value_kind_name((enum value_kind)v->kind),
	      unquoted ? ": quote it ('" : "", unquoted ? b.data : "", unquoted ? "')" : "");
	buf_release(&b);
	return -1;
}

/* A scalar, or a list or map whose members are scalars or anything. */
static int check_type(struct filling *f, const struct value *v, struct str path, struct type type,
		      const char *values)
{
	struct type element = { type.element, TYPE_NONE };
	enum value_kind wanted = kind_of((enum type_base)type.base);
	uint32_t i;

	if (type.base == TYPE_ANY || v->kind == VALUE_NULL || v->kind == VALUE_UNKNOWN)
		return 0;
	if (v->kind != wanted)
		return wrong_type(f, v, path, wanted);
	if (wanted == VALUE_STRING && !field_allows(values, value_str(v)))
		return unknown_value(f, v->place, path, values, value_str(v));
	for (i = 0; wanted == VALUE_LIST && i < v->n; i++)
		if (check_type(f, &v->items[i], join(f->arena, path, "[*]", STR("")), element,
			       values) == -1)
			return -1;
	for (i = 0; wanted == VALUE_MAP && type.base == TYPE_MAP && i < v->n; i++)
		if (check_type(f, &v->entries[i].value, path_of(f->arena, path, v->entries[i].key),
			       element, values) == -1)
			return -1;
	return 0;
}

/* Whether paths go on behind this one. */
static bool is_prefix(struct str path, const char *of)
{
	return strncmp(of, path.data, path.len) == 0 && of[path.len] == '.';
}

static bool is_group(const struct filling *f, struct str path)
{
	int i;

	if (memchr(path.data, '\0', path.len) != NULL)
		return false;
	for (i = 0; i < N_FIELDS; i++)
		if (field_is_of(i, f->r->kind) && is_prefix(path, field_table[i].path))
			return true;
	return false;
}

static bool is_member_group(struct str path)
{
	size_t i;

	if (memchr(path.data, '\0', path.len) != NULL)
		return false;
	for (i = 0; i < field_n_members; i++)
		if (is_prefix(path, field_members[i].path))
			return true;
	return false;
}

/* A member of a list of objects; depth is bounded by the table's paths. */
static int check_member(struct filling *f, const struct value *v, struct str prefix)
{
	const struct field_member *member;
	struct str path;
	uint32_t i;
	int rc;

	if (v->kind != VALUE_MAP)
		return wrong_type(f, v, prefix, VALUE_MAP);
	for (i = 0; i < v->n; i++) {
		const struct entry *e = &v->entries[i];

		path = path_of(f->arena, prefix, e->key);
		if ((member = field_find_member(path)) != NULL)
			rc = check_type(f, &e->value, path, member->type, member->values);
		else if (is_member_group(path))
			rc = check_member(f, &e->value, path);
		else
			rc = unknown_member(f, e->key_place, path);
		if (rc == -1)
			return -1;
	}
	return 0;
}

/* A list of objects into its slot, with the defaults of their members. */
static int fill_list_of_objects(struct filling *f, const struct value *v, struct str path,
				struct value *slot)
{
	struct str of = join(f->arena, path, "[*]", STR(""));
	struct value *items;
	uint32_t i;

	*slot = *v;
	if (v->kind == VALUE_NULL)
		return 0;
	if (v->kind != VALUE_LIST)
		return wrong_type(f, v, path, VALUE_LIST);
	items = ARENA_ARRAY(f->arena, v->n, struct value);
	for (i = 0; i < v->n; i++) {
		if (check_member(f, &v->items[i], of) == -1)
			return -1;
		items[i] = resource_member(&v->items[i], of.data, f->arena);
	}
	slot->items = items;
	return 0;
}

static void note_kind(struct filling *f, int field, const struct value *v)
{
	int k;

	if (field == FIELD_SOURCE_KIND && v->kind == VALUE_STRING) {
		f->kind_given = true;
		for (k = SOURCE_API; k <= SOURCE_TERRAFORM; k++)
			if (str_is(value_str(v), source_kind_name((enum source_kind)k)))
				f->r->source_kind = (enum source_kind)k;
	} else if (field_table[field].origin == ORIGIN_TEMPLATE && !f->kind_given &&
		   f->r->source_kind <= SOURCE_JSON) {
		/* what has a template's fields was read from one */
		f->r->source_kind =
		    field == FIELD_TEMPLATE_ACTION ? SOURCE_TERRAFORM : SOURCE_CLOUDFORMATION;
	}
}

static int fill_members(struct filling *f, const struct value *map, struct str prefix);

static int fill_field(struct filling *f, int field, const struct value *v)
{
	const struct field *row = &field_table[field];
	struct str path = str_of(row->path);
	struct value *slot = &f->r->slots[field];

	note_kind(f, field, v);
	if (row->type.base == TYPE_LIST && row->type.element == TYPE_OBJECT)
		return fill_list_of_objects(f, v, path, slot);
	if (((row->flags & FIELD_NO_EMPTY) == 0 || v->kind != VALUE_STRING || v->n != 0) &&
	    check_type(f, v, path, row->type, row->values) == -1)
		return -1;
	*slot = *v;
	if (row->type.base != TYPE_OBJECT || v->kind != VALUE_MAP)
		return 0;
	*slot = (struct value){ .kind = VALUE_MAP, .flags = VALUE_WRITTEN, .place = v->place };
	return fill_members(f, v, path);
}

/* Depth is bounded by the table: only what goes on behind a path is entered. */
static int fill_members(struct filling *f, const struct value *map, struct str prefix)
{
	struct str path;
	uint32_t i;
	int field, rc;

	for (i = 0; i < map->n; i++) {
		const struct entry *e = &map->entries[i];

		/* as the CLI prints it, in an envelope */
		if (prefix.len == 0 && map->n == 1 && e->value.kind == VALUE_MAP &&
		    str_is(e->key, kind_table[f->r->kind].envelope))
			return fill_members(f, &e->value, STR(""));
		path = path_of(f->arena, prefix, e->key);
		/* a dotted name is no path here: the API prints none */
		field = memchr(e->key.data, '.', e->key.len) == NULL ? field_find(path) : -1;
		if (field >= 0 && !field_is_of(field, f->r->kind))
			field = -1;
		if (field >= 0)
			rc = fill_field(f, field, &e->value);
		else if (is_group(f, path) && e->value.kind == VALUE_MAP)
			rc = fill_members(f, &e->value, path);
		else if (is_group(f, path) && e->value.kind != VALUE_NULL)
			rc = wrong_type(f, &e->value, path, VALUE_MAP);
		else
			rc = is_group(f, path) ? 0 : unknown_field(f, e->key_place, path);
		if (rc == -1)
			return -1;
	}
	return 0;
}

/* ---- what a test says is unknown ---------------------------------------------- */

/* The key in a path into a map: tags.Owner, tags['a.b']; false when it is none. */
static bool map_key(struct str path, struct str map, struct str *key)
{
	if (!str_starts(path, map) || path.len < map.len + 2)
		return false;
	key->data = path.data + map.len;
	key->len = path.len - map.len;
	if (key->data[0] == '.') {
		key->data++;
		key->len--;
		return true;
	}
	if (key->len < 5 || !str_starts(*key, STR("['")) || !str_ends(*key, STR("']")))
		return false;
	key->data += 2;
	key->len -= 4;
	return true;
}

/* Whether what is said of a value fits its type: it may be partial, or plainly unknown. */
static int check_part(struct filling *f, const struct value *v, struct str path, struct type type,
		      const char *values)
{
	const struct partial *p = value_partial(v);
	enum value_kind wanted = kind_of((enum type_base)type.base);
	uint32_t i;

	if (p == NULL)
		return check_type(f, v, path, type, values);
	if (p->form == PARTIAL_TEXT && wanted != VALUE_STRING)
		return wrong(f, v->place, "%s takes %s, and this is a text with gaps",
			     visible(f->arena, path), value_kind_name(wanted));
	if (p->form == PARTIAL_NUMBER && wanted != VALUE_NUMBER)
		return wrong(f, v->place, "%s takes %s, and this is a range of numbers",
			     visible(f->arena, path), value_kind_name(wanted));
	for (i = 0; p->form == PARTIAL_ONE_OF && i < p->n; i++)
		if (check_type(f, &p->items[i], path, type, values) == -1)
			return -1;
	return 0;
}

/* channels[*].type: the member of every object that is given. 0 when it is none, -1
 * when what is said does not fit. */
static int say_of_members(struct filling *f, int field, struct str path, const struct value *v)
{
	const struct field_member *m = field_find_member(path);
	struct value *slot = &f->r->slots[field], *items;
	struct str of = str_of(field_table[field].path);
	uint32_t i;

	if (field_table[field].type.element != TYPE_OBJECT || !str_starts(path, of) ||
	    (m == NULL && !is_member_group(path)))
		return 0;
	if (m != NULL && check_part(f, v, path, m->type, m->values) == -1)
		return -1;
	if (slot->kind != VALUE_LIST)
		return 1;
	path.data += of.len + sizeof("[*]");
	path.len -= of.len + sizeof("[*]");
	items = ARENA_ARRAY(f->arena, slot->n, struct value);
	for (i = 0; i < slot->n; i++)
		items[i] = with_member(f->arena, &slot->items[i], path, v);
	slot->items = items;
	return 1;
}

static int say(struct filling *f, struct str path, const struct value *v, struct place place)
{
	const struct field *field;
	struct str key;
	bool found = false;
	int i, rc;

	for (i = 0; i < N_FIELDS; i++) {
		struct value *slot = &f->r->slots[i];

		field = &field_table[i];
		if (!field_is_of(i, f->r->kind))
			continue;
		if (str_is(path, field->path)) {
			if (check_part(f, v, path, field->type, field->values) == -1)
				return -1;
			*slot = *v;
			found = true;
		} else if (is_prefix(path, field->path)) {
			*slot = value_unknown(v->why);
			slot->place = v->place;
			found = true;
		} else if (field->type.base == TYPE_MAP &&
			   map_key(path, str_of(field->path), &key)) {
			if (check_part(f, v, path, (struct type){ field->type.element, TYPE_NONE },
				       NULL) == -1)
				return -1;
			*slot = with_entry(f->arena, slot, key, v);
			found = true;
		} else if ((rc = say_of_members(f, i, path, v)) != 0) {
			if (rc == -1)
				return -1;
			found = true;
		}
	}
	return found ? 0 : unknown_field(f, place, path);
}

int resource_from_parts(struct resource *r, const struct value *tree, const struct str *unknown,
			size_t n_unknown, const struct resource_part *parts, size_t n_parts,
			struct arena *arena, struct err *err)
{
	struct filling f = { .r = r, .arena = arena, .err = err };
	struct value nothing = value_unknown(said_unknown);
	size_t i;

	nothing.place = r->place;
	if (tree->kind != VALUE_MAP && tree->kind != VALUE_NULL)
		return wrong(&f, tree->place, "a %s is a map, and this is %s",
			     r->kind == KIND_RECORDING_CONFIGURATION ? "configuration"
								     : kind_table[r->kind].one,
			     value_kind_name((enum value_kind)tree->kind));
	if (tree->kind == VALUE_MAP && fill_members(&f, tree, STR("")) == -1)
		return -1;
	for (i = 0; i < n_unknown; i++)
		if (say(&f, unknown[i], &nothing, PLACE_NONE) == -1)
			return -1;
	for (i = 0; i < n_parts; i++)
		if (say(&f, parts[i].path, &parts[i].value, parts[i].value.place) == -1)
			return -1;
	resource_complete(r, field_set_of(r->kind), arena);
	return 0;
}

int resource_from_value(struct resource *r, const struct value *tree, const struct str *unknown,
			size_t n_unknown, struct arena *arena, struct err *err)
{
	return resource_from_parts(r, tree, unknown, n_unknown, NULL, 0, arena, err);
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
	s->id = join(arena, str_of(s->file), "#", name);
}
