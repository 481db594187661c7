/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is wrong with the properties of a recording configuration in a template,
 * gathered for the field that rules ask about: texts and places; and the waivers
 * in its metadata, which are held to the same.
 */
#include "input/cfn_schema.h"

#include <stdarg.h>
#include <string.h>

#include "base/text.h"

void cfn_mistake(struct cfn_filling *f, const char *path, struct place place, const char *format,
		 ...)
{
	struct entry *entries = ARENA_ARRAY(f->t->arena, 2, struct entry);
	struct value *grown;
	struct buf b = BUF_INIT(LIMIT_MESSAGE_SIZE);
	va_list args;

	if (f->n_mistakes == LIMIT_LIST)
		return;
	buf_printf(&b, "%s: ", path);
	va_start(args, format);
	buf_vprintf(&b, format, args);
	va_end(args);
	entries[0] = (struct entry){ STR("property"), place,
				     value_of_str(str_of(arena_strdup(f->t->arena, path))) };
	entries[1] = (struct entry){ STR("text"), place, value_of_str(arena_buf(f->t->arena, &b)) };
	buf_release(&b);
	entries[0].value.place = entries[1].value.place = place;
	if (f->n_mistakes == f->cap_mistakes) {
		f->cap_mistakes = f->cap_mistakes != 0 ? f->cap_mistakes * 2 : 8;
		grown = ARENA_ARRAY(f->t->arena, f->cap_mistakes, struct value);
		if (f->n_mistakes > 0)
			memcpy(grown, f->mistakes, f->n_mistakes * sizeof(*grown));
		f->mistakes = grown;
	}
	f->mistakes[f->n_mistakes++] =
	    (struct value){ .kind = VALUE_MAP, .n = 2, .place = place, .entries = entries };
}

const char *cfn_shown(struct cfn_filling *f, const struct value *v)
{
	struct buf b = BUF_INIT(0);
	const char *text;

	value_show(&b, v, 60);
	text = arena_buf(f->t->arena, &b).data;
	buf_release(&b);
	return text;
}

const char *cfn_guess(struct cfn_filling *f, struct str name, const char *const *names, size_t n)
{
	const char *nearest = text_nearest(name, names, n);

	return nearest != NULL ? arena_printf(f->t->arena, "; did you mean '%s'?", nearest) : "";
}

void cfn_wrong_type(struct cfn_filling *f, size_t i, const char *wanted)
{
	const struct value *v = &f->found[i];

	cfn_mistake(f, cfn_recording_properties[i].path, f->place[i], "it takes %s, and this is %s",
		    wanted, value_kind_name((enum value_kind)v->kind));
}

struct value cfn_useless(struct cfn_filling *f, size_t i)
{
	struct value v =
	    value_unknown(arena_printf(f->t->arena, "what the template says is no value for it: %s",
				       cfn_shown(f, &f->found[i])));

	v.place = f->found[i].place;
	return v;
}

/* ---- waivers ---------------------------------------------------------------------- */

static void check_waiver(struct cfn_filling *f, const struct value *entry)
{
	static const char *const keys[] = { "rule", "reason", "expires", "owner" };
	const char *path = "Metadata.ivslint.waive";
	const struct value *v;
	uint32_t i, k;

	if (entry->kind != VALUE_MAP) {
		cfn_mistake(f, path, entry->place, "a waiver is a map, and this is %s",
			    value_kind_name((enum value_kind)entry->kind));
		return;
	}
	for (i = 0; i < entry->n; i++) {
		for (k = 0; k < 4 && !str_is(entry->entries[i].key, keys[k]); k++)
			;
		if (k == 4)
			cfn_mistake(f, path, entry->entries[i].key_place,
				    "a waiver has no key %s%s",
				    cfn_quoted(f->t->arena, entry->entries[i].key),
				    cfn_guess(f, entry->entries[i].key, keys, 4));
	}
	for (k = 0; k < 3; k++) {
		v = value_get(entry, str_of(keys[k]));
		if (v == NULL || v->kind == VALUE_NULL)
			cfn_mistake(f, path, entry->place, "a waiver without '%s'", keys[k]);
		else if (v->kind != VALUE_UNKNOWN && (v->kind != VALUE_STRING || v->n == 0))
			cfn_mistake(f, path, v->place, "'%s' of a waiver is a text", keys[k]);
	}
	v = value_get(entry, STR("expires"));
	if (v != NULL && v->kind == VALUE_STRING && !text_day(value_str(v), &(int32_t){ 0 }))
		cfn_mistake(f, path, v->place, "'expires' of a waiver is a day such as 2027-03-31");
}

void cfn_check_waivers(struct cfn_filling *f, const struct value *metadata)
{
	const struct value *own = value_get(metadata, STR("ivslint")), *list;
	uint32_t i;

	if (own == NULL)
		return;
	list = value_get(own, STR("waive"));
	if (list == NULL || list->kind != VALUE_LIST) {
		cfn_mistake(f, "Metadata.ivslint", own->place, "it takes {waive: [...]}");
		return;
	}
	for (i = 0; i < list->n; i++)
		check_waiver(f, &list->items[i]);
}
