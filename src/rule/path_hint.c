/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mistakes in field paths: what was probably meant.
 */
#include "rule/path_inside.h"

const struct kind_row *path_kind_of_scope(const struct parse *p)
{
	int k = 0;

	while (k < N_KINDS - 1 && (p->c->scope->kinds & KIND_BIT(k)) == 0)
		k++;
	return &kind_table[k];
}

/* Whether a field may be named here. */
static bool is_asked_of(const struct parse *p, int field)
{
	return (field_table[field].kinds & p->c->scope->kinds) != 0;
}

/* Names for text_nearest: of fields, of members, and parts of either. */
struct candidates {
	const char *list[2 * N_FIELDS + 64];
	size_t n;
};

static void candidates_add(struct candidates *names, const char *name)
{
	if (names->n < sizeof(names->list) / sizeof(*names->list))
		names->list[names->n++] = name;
}

/* The first dotted part of `rest`, copied. */
static const char *first_part(struct arena *a, const char *rest)
{
	return arena_str(a, (struct str){ rest, strcspn(rest, ".") }).data;
}

static const char *last_part(const char *path)
{
	const char *dot = strrchr(path, '.');

	return dot != NULL ? dot + 1 : path;
}

/* Paths whose last part is `wrong`, or near to it: bucketName alone. */
static bool hint_last_part(const struct parse *p, struct str wrong)
{
	int i;

	for (i = 0; i < N_FIELDS; i++) {
		if (is_asked_of(p, i) &&
		    text_equal_nocase_ascii(str_of(last_part(field_table[i].path)), wrong)) {
			HINT(p, "did you mean '%s'?", field_table[i].path);
			return true;
		}
	}
	return false;
}

/* The sibling nearest to the part that is wrong, below the part that is right. */
static bool hint_sibling(const struct parse *p)
{
	struct arena scratch = ARENA_INIT;
	struct candidates names = { .n = 0 };
	struct str prefix = { p->text.data, 0 }, wrong, all;
	const char *near;
	size_t i, k;
	int f;

	for (k = 0; k < p->n && p->segments[k].form == SEGMENT_NAME; k++) {
		all = (struct str){ p->text.data, p->segments[k].end };
		names.n = 0;
		for (f = 0; f < N_FIELDS; f++) {
			if (is_asked_of(p, f) && str_starts(str_of(field_table[f].path), all) &&
			    field_table[f].path[all.len] == '.')
				candidates_add(&names, first_part(&scratch, field_table[f].path +
										all.len + 1));
		}
		if (names.n == 0)
			break;
		prefix = all;
	}
	if (k == p->n) { /* a group of fields, no field itself */
		HINT(p, "it has members: '%.*s.%s'", STR_ARG(prefix), names.list[0]);
		arena_release(&scratch);
		return true;
	}
	wrong = p->segments[k].text;
	names.n = 0;
	for (f = 0; f < N_FIELDS; f++) {
		if (!is_asked_of(p, f))
			continue;
		if (prefix.len == 0)
			candidates_add(&names, first_part(&scratch, field_table[f].path));
		else if (str_starts(str_of(field_table[f].path), prefix) &&
			 field_table[f].path[prefix.len] == '.')
			candidates_add(&names,
				       first_part(&scratch, field_table[f].path + prefix.len + 1));
	}
	near = text_nearest(wrong, names.list, names.n);
	if (near != NULL) {
		i = p->segments[k].end;
		HINT(p, "did you mean '%.*s%s%s%.*s'?", STR_ARG(prefix), prefix.len != 0 ? "." : "",
		     near, (int)(p->text.len - i), p->text.data + i);
	}
	arena_release(&scratch);
	return near != NULL;
}

void path_hint_field(const struct parse *p)
{
	struct candidates names = { .n = 0 };
	const char *near;
	size_t i;

	for (i = 0; i < N_FIELDS; i++)
		if (is_asked_of(p, (int)i))
			candidates_add(&names, field_table[i].path);
	for (i = 0; i < field_n_members; i++)
		if ((field_list_of(&field_members[i])->kinds & p->c->scope->kinds) != 0)
			candidates_add(&names, field_members[i].path);
	near = text_nearest(p->text, names.list, names.n);
	if (near != NULL)
		HINT(p, "did you mean '%s'?", near);
	else if (!hint_last_part(p, p->segments[p->n - 1].text) && !hint_sibling(p))
		HINT(p, "'ivslint fields' lists the fields");
}

void path_hint_member(const struct parse *p, struct str below, struct str wrong)
{
	struct candidates names = { .n = 0 };
	const char *near;
	size_t i;

	for (i = 0; i < field_n_members; i++) {
		if (str_starts(str_of(field_members[i].path), below))
			candidates_add(&names, field_members[i].path + below.len + 1);
	}
	near = text_nearest(wrong, names.list, names.n);
	if (near != NULL)
		HINT(p, "did you mean '%s'?", near);
	else if (p->c->member != NULL && field_find(p->text) >= 0)
		HINT(p,
		     "paths are the member's here; {field: %.*s} is the resource's, as an "
		     "operand",
		     STR_ARG(p->text));
}

/* What a path would be for another kind of resource, or another path for this one. */
void path_hint_kind(const struct parse *p, const struct field *f)
{
	static const char of[] = "channels[*].";
	struct buf b = BUF_INIT(LIMIT_MESSAGE_SIZE);
	struct str rest = p->text;
	int k = 0, other;

	while ((f->kinds & KIND_BIT(k)) == 0)
		k++;
	rest.data += str_starts(rest, str_of(of)) ? sizeof(of) - 1 : 0;
	rest.len -= (size_t)(rest.data - p->text.data);
	other = rest.len != p->text.len ? field_find(rest) : -1;
	buf_puts(&b, of);
	buf_put_str(&b, p->text);
	if (other >= 0 && is_asked_of(p, other))
		HINT(p, "did you mean '%s'?", field_table[other].path);
	else if (field_find_member(buf_str(&b)) != NULL)
		HINT(p,
		     "'kind: %s' makes it a rule that judges %s; '%s' are those of the channels "
		     "that use a configuration",
		     kind_table[k].name, kind_table[k].many, b.data);
	else
		HINT(p, "rules of 'kind: %s' judge %s, which have it", kind_table[k].name,
		     kind_table[k].many);
	buf_release(&b);
}

void path_unknown_param(const struct parse *p, const struct params *params, struct str name)
{
	struct arena scratch = ARENA_INIT;
	const char **names;
	const char *near;
	size_t i, n = params != NULL ? params->n : 0;

	names = ARENA_ARRAY(&scratch, n, const char *);
	for (i = 0; i < n; i++)
		names[i] = arena_str(&scratch, params->list[i].name).data;
	near = text_nearest(name, names, n);
	if (near == NULL && params != NULL && params->incomplete)
		goto out;
	MISTAKE(p, "unknown parameter '%.*s'", STR_ARG(name));
	if (near != NULL)
		HINT(p, "did you mean '$%s'?", near);
	else if (n == 0)
		HINT(p, "no parameter is declared; a text that begins with a dollar is written "
			"'$$...'");
	else
		HINT(p, "parameters are declared under 'params'; a text that begins with a dollar "
			"is written '$$...'");
out:
	arena_release(&scratch);
}
