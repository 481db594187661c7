/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ivslint fields: the table of fields that a rule can name.
 */
#include "cmd/cmd.h"
#include "model/field.h"
#include "model/write_json.h"

static int take_kind(void *to, const char *value, struct err *err)
{
	struct settings *s = to;
	enum kind kind;

	if (!kind_find(str_of(value), &kind))
		return err_set(err, ERR_USAGE, "'%s' is not %s or %s", value, kind_table[0].name,
			       kind_table[1].name);
	s->kinds |= KIND_BIT(kind);
	return 0;
}

_Static_assert(N_KINDS == 2, "the message names them all");

const struct opt cmd_field_opts[] = {
	{ "kind", 0, "KIND", "only those of recording-configuration or channel; repeatable",
	  take_kind },
	OPT_END,
};

static const struct opt *const tables[] = { cmd_field_opts, cmd_json_opts, NULL };

struct row {
	unsigned kinds;
	const char *path;
	struct type type;
	const char *values, *fallback, *origin, *text;
	bool in_list;
};

static struct row row_of(size_t i)
{
	if (i < N_FIELDS) {
		const struct field *f = &field_table[i];

		return (struct row){ f->kinds,    f->path,
				     f->type,     f->values,
				     f->fallback, origin_name(f->origin),
				     f->text,     (f->flags & FIELD_SUMMARY) != 0 };
	}
	const struct field_member *m = &field_members[i - N_FIELDS];
	const struct field *list = field_list_of(m);

	return (struct row){
		list->kinds, m->path, m->type, m->values, m->fallback, origin_name(list->origin),
		m->text,     false,
	};
}

static void put_text(struct buf *b, const struct row *r)
{
	const char *v;

	buf_printf(b, "%s\n    %s; %s", r->path, type_name(r->type), r->text);
	if (r->values != NULL) {
		buf_puts(b, "\n    one of ");
		for (v = r->values; *v != '\0'; v++)
			buf_puts(b, *v == '|' ? ", " : (const char[]){ *v, '\0' });
	}
	if (r->fallback != NULL)
		buf_printf(b, "\n    default %s", r->fallback);
	if (!r->in_list && strcmp(r->origin, "api") == 0)
		buf_printf(b, "\n    not in the output of list-%s",
			   r->kinds == KINDS_CHANNEL ? "channels" : "recording-configurations");
	if (r->kinds != KINDS_RECORDING_CONFIGURATION)
		buf_puts(b,
			 r->kinds == KINDS_CHANNEL ? "\n    of channels" : "\n    of every kind");
	buf_puts(b, "\n");
}

static void put_json(struct write_json *w, const struct row *r)
{
	const char *v, *end;
	int k;

	write_json_object(w);
	write_json_key(w, "path");
	write_json_text(w, r->path);
	write_json_key(w, "type");
	write_json_text(w, type_name(r->type));
	write_json_key(w, "kinds");
	write_json_array(w);
	for (k = 0; k < N_KINDS; k++)
		if ((r->kinds & KIND_BIT(k)) != 0)
			write_json_text(w, kind_table[k].name);
	write_json_array_end(w);
	write_json_key(w, "origin");
	write_json_text(w, r->origin);
	if (r->values != NULL) {
		write_json_key(w, "values");
		write_json_array(w);
		for (v = r->values; v != NULL; v = *end != '\0' ? end + 1 : NULL) {
			for (end = v; *end != '\0' && *end != '|'; end++)
				;
			write_json_str(w, (struct str){ v, (size_t)(end - v) });
		}
		write_json_array_end(w);
	}
	if (r->fallback != NULL) {
		write_json_key(w, "default");
		write_json_text(w, r->fallback);
	}
	write_json_key(w, "inList");
	write_json_boolean(w, r->in_list);
	write_json_key(w, "text");
	write_json_text(w, r->text);
	write_json_object_end(w);
}

static int run_fields(int argc, char **argv)
{
	struct buf b = BUF_INIT(0);
	struct write_json w;
	struct settings s;
	struct row row;
	int status, n;
	size_t i;

	n = settings_parse(&s, &cmd_fields, argc, argv, &status);
	if (n == -1)
		return status;
	write_json_init(&w, &b, true);
	if (s.json)
		write_json_array(&w);
	for (i = 0; i < N_FIELDS + field_n_members; i++) {
		row = row_of(i);
		if (s.kinds != 0 && (row.kinds & s.kinds) == 0)
			continue;
		if (s.json)
			put_json(&w, &row);
		else
			put_text(&b, &row);
	}
	if (s.json) {
		write_json_array_end(&w);
		buf_putc(&b, '\n');
	}
	status = cmd_print(&b);
	buf_release(&b);
	return status;
}

const struct cmd cmd_fields = {
	.name = "fields",
	.operands = "",
	.text = "Lists the fields that a rule can name",
	.opts = tables,
	.run = run_fields,
};
