/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The properties of a recording configuration in a template: into slots of a
 * resource, in the order of their table, with every mistake on the way.
 */
#include "input/cfn_schema.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "input/cfn_tags.h"
#include "model/number.h"
#include "model/partial.h"

static const char *last_name(const char *path)
{
	const char *dot = strrchr(path, '.');

	return dot != NULL ? dot + 1 : path;
}

/* Members that no row has. */
static void find_strangers(struct cfn_filling *f, const struct value *map, int parent)
{
	const char *prefix = parent >= 0 ? cfn_recording_properties[parent].path : "";
	const char *names[CFN_N_RECORDING_PROPERTIES];
	size_t i, n = 0;
	uint32_t k;

	for (i = 0; i < CFN_N_RECORDING_PROPERTIES; i++)
		if (cfn_recording_properties[i].parent == parent &&
		    (cfn_recording_properties[i].flags & P_READ_ONLY) == 0)
			names[n++] = last_name(cfn_recording_properties[i].path);
	for (k = 0; map->kind == VALUE_MAP && k < map->n; k++) {
		const struct entry *e = &map->entries[k];
		struct buf path = BUF_INIT(LIMIT_MESSAGE_SIZE);

		for (i = 0; i < CFN_N_RECORDING_PROPERTIES; i++)
			if (cfn_recording_properties[i].parent == parent &&
			    str_is(e->key, last_name(cfn_recording_properties[i].path)))
				break;
		if (i < CFN_N_RECORDING_PROPERTIES)
			continue;
		buf_printf(&path, "%s%s", prefix, *prefix != '\0' ? "." : "");
		text_put_visible(&path,
				 (struct str){ e->key.data, e->key.len < 80 ? e->key.len : 80 });
		cfn_mistake(f, path.data, e->key_place, "there is no property %s%s",
			    cfn_quoted(f->t->arena, e->key), cfn_guess(f, e->key, names, n));
		buf_release(&path);
	}
}

/* What rules see of a value that may be absent: the API's default then. */
static struct value with_default(struct cfn_filling *f, size_t i)
{
	const struct cfn_unknown *u = cfn_unknown_of(&f->found[i]);
	const struct value *fallback = field_fallback(cfn_recording_properties[i].field);
	struct value *may, made;
	struct str ignored;
	uint32_t k, n = 0;

	if (u == NULL || u->n_may == 0 || fallback == NULL)
		return f->found[i];
	may = ARENA_ARRAY(f->t->arena, (size_t)u->n_may + 1, struct value);
	for (k = 0; k < u->n_may; k++) {
		if (u->may[k].kind != VALUE_ABSENT) {
			may[n++] = u->may[k];
			continue;
		}
		may[n++] = *fallback;
		/* where the default depends on another field it may be absent, too */
		if (field_only_if(cfn_recording_properties[i].field, &ignored) >= 0)
			may[n++] = u->may[k];
	}
	made = cfn_one_of(f->t->arena, may, n, f->found[i].why);
	made.place = f->found[i].place;
	return made;
}

/* A bound that CloudFormation holds the parameter to; NULL where it has none. */
static const struct number *number_bound(struct arena *a, const struct value *parameter,
					 const char *key, struct number *n)
{
	const struct value *v = value_get(parameter, str_of(key));
	struct str s;

	return v != NULL && cfn_text(a, v, &s) && number_parse(s, n) ? n : NULL;
}

/* A parameter of Type Number, and nothing else, between its bounds. */
static struct value take_range(struct cfn_filling *f, size_t i, const struct cfn_unknown *u)
{
	const struct value *parameter = u->n_parts == 1 ? u->parts[0].number : NULL;
	const struct number *least, *most;
	struct number low, high;
	struct value made;

	if (parameter == NULL)
		return f->found[i];
	least = number_bound(f->t->arena, parameter, "MinValue", &low);
	most = number_bound(f->t->arena, parameter, "MaxValue", &high);
	if ((least == NULL && most == NULL) ||
	    (least != NULL && most != NULL && number_compare(low, high) > 0))
		return f->found[i];
	made = value_between(f->t->arena, u->why, least, most);
	made.place = f->found[i].place;
	return made;
}

/* One of several values, each as the type has it; without a word of mistakes. */
static struct value take_each(struct cfn_filling *f, size_t i)
{
	const struct cfn_unknown *u = cfn_unknown_of(&f->found[i]), *one;
	struct value *may, made, whole = f->found[i];
	size_t before = f->n_mistakes;
	uint32_t k;

	if (u == NULL || u->n_may == 0)
		return u != NULL && cfn_recording_properties[i].type == P_NUMBER
			   ? take_range(f, i, u)
			   : whole;
	may = ARENA_ARRAY(f->t->arena, u->n_may, struct value);
	for (k = 0; k < u->n_may; k++) {
		may[k] = u->may[k];
		if (may[k].kind == VALUE_ABSENT)
			continue;
		f->found[i] = may[k];
		if (may[k].kind == VALUE_UNKNOWN) {
			one = cfn_unknown_of(&may[k]);
			if (one != NULL && cfn_recording_properties[i].type == P_NUMBER)
				may[k] = take_range(f, i, one);
			continue;
		}
		may[k] = cfn_take(f, i);
	}
	f->n_mistakes = before;
	made = cfn_one_of(f->t->arena, may, u->n_may, whole.why);
	made.place = whole.place;
	f->found[i] = made;
	made = with_default(f, i);
	f->found[i] = whole;
	return made;
}

static void fill_one(struct cfn_filling *f, size_t i)
{
	const struct cfn_property *p = &cfn_recording_properties[i];
	struct value *v = &f->found[i], *slot = &f->row->slots[p->field];

	if (v->kind == VALUE_ABSENT) {
		if ((p->flags & P_REQUIRED) != 0 &&
		    (p->parent < 0 || f->found[p->parent].kind == VALUE_MAP))
			cfn_mistake(f, p->path, f->place[i], "it is required, and is not there");
		return;
	}
	if ((p->flags & P_READ_ONLY) != 0) {
		cfn_mistake(f, p->path, f->place[i], "it is made by IVS and cannot be set");
		return;
	}
	if (v->kind == VALUE_NULL) {
		cfn_mistake(f, p->path, f->place[i], "null is no value in a template");
		return;
	}
	if (v->kind == VALUE_UNKNOWN) {
		*slot = take_each(f, i);
		return;
	}
	if (p->type != P_OBJECT) {
		*slot = cfn_take(f, i);
		return;
	}
	if (v->kind != VALUE_MAP) {
		cfn_wrong_type(f, i, "a map");
		*slot = cfn_useless(f, i);
		f->found[i] = *slot;
		return;
	}
	find_strangers(f, v, (int)i);
	*slot = (struct value){ .kind = VALUE_MAP, .flags = VALUE_WRITTEN, .place = v->place };
}

static int compare_places(const void *a, const void *b)
{
	const struct place *left = &((const struct value *)a)->place,
			   *right = &((const struct value *)b)->place;

	if (left->line != right->line)
		return left->line < right->line ? -1 : 1;
	return left->column < right->column ? -1 : left->column > right->column;
}

void cfn_fill_properties(struct cfn *t, const struct value *written, struct place place,
			 struct resource *row)
{
	struct cfn_filling f = { .t = t, .row = row };
	const struct value *from;
	const struct entry *entry;
	size_t i;

	if (written->kind == VALUE_MAP)
		find_strangers(&f, written, -1);
	else if (written->kind != VALUE_UNKNOWN && written->kind != VALUE_ABSENT)
		cfn_mistake(&f, "Properties", place, "it takes a map, and this is %s",
			    value_kind_name((enum value_kind)written->kind));
	for (i = 0; i < CFN_N_RECORDING_PROPERTIES; i++) {
		int parent = cfn_recording_properties[i].parent;

		from = parent >= 0 ? &f.found[parent] : written;
		f.place[i] = parent >= 0 ? f.place[parent] : place;
		f.found[i] =
		    cfn_member(t->arena, from, last_name(cfn_recording_properties[i].path));
		entry = value_entry(from, str_of(last_name(cfn_recording_properties[i].path)));
		if (entry != NULL)
			f.place[i] = entry->key_place;
		fill_one(&f, i);
	}
	cfn_check_waivers(&f, &row->slots[FIELD_TEMPLATE_METADATA]);
	row->slots[FIELD_TAGS] = cfn_with_stack_tags(t, &row->slots[FIELD_TAGS], row->place);
	for (i = 0; i < CFN_N_RECORDING_PROPERTIES; i++)
		row->slots[cfn_recording_properties[i].field] =
		    cfn_plain(t->arena, &row->slots[cfn_recording_properties[i].field]);
	if (f.n_mistakes > 1)
		qsort(f.mistakes, f.n_mistakes, sizeof(*f.mistakes), compare_places);
	row->slots[FIELD_TEMPLATE_MISTAKES] =
	    (struct value){ .kind = VALUE_LIST,
			    .n = (uint32_t)f.n_mistakes,
			    .place = f.n_mistakes > 0 ? f.mistakes[0].place : row->place,
			    .items = f.mistakes };
}
