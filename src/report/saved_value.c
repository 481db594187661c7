/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Values of a report that is read back, each checked for what it is to be. Does
 * not know which part of a report they are of.
 */
#include "report/saved_inside.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "model/json.h"

int saved_fail(struct reading *x, const struct value *at, const char *format, ...)
{
	struct place place = source_place(&x->source, at->place);
	char text[400];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return err_at(x->err, ERR_INPUT, place.line, place.column, "%s", text);
}

/* ---- members ---------------------------------------------------------------- */

/* The members of an object by the order of a table; NULL where one is absent. No
 * other may be there: what this version does not know it must not lose. */
int saved_members(struct reading *x, const struct value *map, const struct member *table, size_t n,
		  const struct value **out)
{
	uint32_t i;
	size_t k;

	if (map->kind != VALUE_MAP)
		return saved_fail(x, map, "an object expected, found %s",
				  value_kind_name((enum value_kind)map->kind));
	memset(out, 0, n * sizeof(*out));
	for (i = 0; i < map->n; i++) {
		for (k = 0; k < n && !str_is(map->entries[i].key, table[k].name); k++)
			;
		if (k == n)
			return saved_fail(x, &map->entries[i].value,
					  "this member is not known: written by another version?");
		out[k] = &map->entries[i].value;
		if (table[k].kind != ANY && out[k]->kind != table[k].kind)
			return saved_fail(x, out[k], "'%s' is not %s", table[k].name,
					  value_kind_name(table[k].kind));
	}
	for (k = 0; k < n; k++)
		if (table[k].required && out[k] == NULL)
			return saved_fail(x, map, "'%s' is missing", table[k].name);
	return 0;
}

struct str saved_kept(struct reading *x, const struct value *v)
{
	return v == NULL ? STR("") : arena_str(x->arena, value_str(v));
}

bool saved_is_true(const struct value *v)
{
	return v != NULL && v->kind == VALUE_BOOLEAN && v->boolean;
}

int saved_digest(struct reading *x, const struct value *v, char to[DIGEST_HEX_SIZE])
{
	uint32_t i;

	if (v->n != DIGEST_HEX_SIZE - 1)
		return saved_fail(x, v, "not a digest");
	for (i = 0; i < v->n; i++)
		if (!(v->text[i] >= '0' && v->text[i] <= '9') &&
		    !(v->text[i] >= 'a' && v->text[i] <= 'f'))
			return saved_fail(x, v, "not a digest");
	memcpy(to, v->text, v->n);
	to[v->n] = '\0';
	return 0;
}

int saved_count(struct reading *x, const struct value *v, uint64_t *n)
{
	if (v->kind != VALUE_NUMBER || v->exponent != 0 || v->mantissa < 0)
		return saved_fail(x, v, "a count expected");
	*n = (uint64_t)v->mantissa;
	return 0;
}

/* Lines and columns, from 1. */
int saved_place_number(struct reading *x, const struct value *v, uint32_t *n)
{
	uint64_t count = 0;

	if (saved_count(x, v, &count) == -1)
		return -1;
	if (count == 0 || count > UINT32_MAX - 1)
		return saved_fail(x, v, "a line or column from 1 on expected");
	*n = (uint32_t)count;
	return 0;
}

int saved_day(struct reading *x, const struct value *v, int32_t *day)
{
	return text_day(value_str(v), day) ? 0
					   : saved_fail(x, v, "a day such as 2027-03-31 expected");
}

int saved_severity(struct reading *x, const struct value *v, enum severity *severity)
{
	return severity_find(value_str(v), severity) ? 0 : saved_fail(x, v, "not a severity");
}

int saved_kind(struct reading *x, const struct value *v, enum kind *kind)
{
	*kind = KIND_RECORDING_CONFIGURATION;
	return v == NULL || kind_find(value_str(v), kind)
		   ? 0
		   : saved_fail(x, v, "not a kind of resource");
}

int saved_verdict(struct reading *x, const struct value *v, enum verdict *verdict)
{
	int i;

	for (i = 0; i < N_VERDICTS; i++) {
		if (str_is(value_str(v), verdict_name((enum verdict)i))) {
			*verdict = (enum verdict)i;
			return 0;
		}
	}
	return saved_fail(x, v, "not a verdict");
}

/* A file without a name is none. */
int saved_place(struct reading *x, const struct value *v, const char **file, struct place *place)
{
	enum { FILE_NAME, LINE, COLUMN, N };
	static const struct member table[N] = { { "file", VALUE_STRING, REQUIRED },
						{ "line", VALUE_NUMBER, OPTIONAL },
						{ "column", VALUE_NUMBER, OPTIONAL } };
	const struct value *m[N];
	struct str name;

	if (saved_members(x, v, table, N, m) == -1)
		return -1;
	if ((m[LINE] == NULL) != (m[COLUMN] == NULL))
		return saved_fail(x, v, "a line goes with a column");
	*place = PLACE_NONE;
	if (m[LINE] != NULL && (saved_place_number(x, m[LINE], &place->line) == -1 ||
				saved_place_number(x, m[COLUMN], &place->column) == -1))
		return -1;
	name = value_str(m[FILE_NAME]);
	if (memchr(name.data, '\0', name.len) != NULL)
		return saved_fail(x, m[FILE_NAME], "a name of a file with a NUL");
	*file = name.len == 0 ? NULL : arena_printf(x->arena, "%.*s", STR_ARG(name));
	return 0;
}

/* The bytes as a tree. Its text is good until the next one is read. */
int saved_parse(struct reading *x, const struct saved_bytes *b, struct value *v)
{
	struct buf *text = &x->s->inside->text;
	struct place place;
	struct json j;

	buf_clear(text);
	buf_put_str(text, b->bytes);
	memset(buf_reserve(text, JSON_PADDING), 0, JSON_PADDING);
	x->source = (struct source){ .name = x->s->path,
				     .bytes = buf_str(text),
				     .first_line = b->line,
				     .first_column = b->column };
	json_init(&j, buf_str(text), x->arena);
	if (json_value(&j, v) == 0 && json_at_end(&j))
		return 0;
	place = source_place(&x->source, json_place(&j, j.error != NULL ? j.error_at : j.next));
	return err_at(x->err, ERR_INPUT, place.line, place.column, "%s",
		      j.error != NULL ? j.error : "something stands behind the value");
}
