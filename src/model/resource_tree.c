/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A row of slots from a tree of values, as the tests of rules write one: checked
 * against the table of fields, and with what the test says is not known.
 */
#include "model/resource.h"

#include <stdarg.h>
#include <string.h>

#include "base/err.h"
#include "base/text.h"
#include "model/partial.h"

static const char said_unknown[] = "said to be unknown by the test";

/* A row being filled from a tree. */
struct filling {
	struct resource *r;
	struct arena *arena;
	struct err *err;
	bool kind_given;
};

static struct str path_of(struct arena *a, struct str prefix, struct str name)
{
	return prefix.len == 0 ? name : arena_join(a, prefix, ".", name);
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
		if (check_type(f, &v->items[i], arena_join(f->arena, path, "[*]", STR("")), element,
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
	struct str of = arena_join(f->arena, path, "[*]", STR(""));
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
		items[i] = value_with_member(f->arena, &slot->items[i], path, v);
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
			*slot = value_with_entry(f->arena, slot, key, v);
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
