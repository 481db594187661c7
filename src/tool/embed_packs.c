/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Used when the program is built: reads packs and writes them as C, text and
 * tree, so that no run of ivslint reads them again. A mistake in a pack ends
 * the build. What a pack means is not known here, but that the tests of its rules
 * are most of it and that hardly a run wants them: the tree is without.
 *
 *	embed_packs rules/a.yaml rules/b.yaml > packs.c
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/limit.h"
#include "model/mistake.h"
#include "model/yaml.h"

#define CHUNK 76 /* bytes of a line of a string */

/* Arrays of values and entries are numbered as they are written: members
 * before what holds them. */
struct writer {
	struct buf out;
	unsigned n_arrays;
};

static void put_text(struct buf *b, struct str s)
{
	size_t i;

	buf_putc(b, '"');
	for (i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.data[i];

		if (i > 0 && i % CHUNK == 0)
			buf_puts(b, "\"\n\"");
		/* `?` too: two of them may begin a trigraph; three digits always,
		 * so that a digit may follow */
		if (c < 0x20 || c >= 0x7F || c == '"' || c == '\\' || c == '?')
			buf_printf(b, "\\%03o", c);
		else
			buf_putc(b, (char)c);
	}
	buf_putc(b, '"');
}

static void put_str(struct buf *b, struct str s)
{
	buf_puts(b, "{ ");
	put_text(b, s);
	buf_printf(b, ", %zu }", s.len);
}

static void put_place(struct buf *b, const char *name, struct place place)
{
	buf_printf(b, ", .%s = { %" PRIu32 "u, %" PRIu32 "u }", name, place.line, place.column);
}

/* The number of the array that holds v's members, for put_value(). */
static unsigned put_members(struct writer *w, const struct value *v);

/* A value's initialiser; `array` holds its members. */
static void put_value(struct writer *w, const struct value *v, unsigned array)
{
	struct buf *b = &w->out;

	buf_printf(b, "{ .kind = %u, .flags = %u", v->kind, v->flags);
	put_place(b, "place", v->place);
	switch (v->kind) {
	case VALUE_BOOLEAN:
		buf_printf(b, ", .boolean = %d", v->boolean);
		break;
	case VALUE_NUMBER:
		buf_printf(b, ", .exponent = %d, .mantissa = INT64_C(%" PRId64 ")", v->exponent,
			   v->mantissa);
		break;
	case VALUE_STRING:
		buf_printf(b, ", .n = %" PRIu32 "u, .text = ", v->n);
		put_text(b, value_str(v));
		break;
	case VALUE_LIST:
		buf_printf(b, ", .n = %" PRIu32 "u", v->n);
		if (v->n > 0)
			buf_printf(b, ", .items = items_%u", array);
		break;
	case VALUE_MAP:
		buf_printf(b, ", .n = %" PRIu32 "u", v->n);
		if (v->n > 0)
			buf_printf(b, ", .entries = entries_%u", array);
		break;
	}
	buf_puts(b, " }");
}

static unsigned put_items(struct writer *w, const struct value *v)
{
	unsigned *arrays = mem_alloc(v->n * sizeof(arrays[0])), number;
	uint32_t i;

	for (i = 0; i < v->n; i++)
		arrays[i] = put_members(w, &v->items[i]);
	number = w->n_arrays++;
	buf_printf(&w->out, "static const struct value items_%u[] = {\n", number);
	for (i = 0; i < v->n; i++) {
		put_value(w, &v->items[i], arrays[i]);
		buf_puts(&w->out, ",\n");
	}
	buf_puts(&w->out, "};\n");
	free(arrays);
	return number;
}

static unsigned put_entries(struct writer *w, const struct value *v)
{
	unsigned *arrays = mem_alloc(v->n * sizeof(arrays[0])), number;
	uint32_t i;

	for (i = 0; i < v->n; i++)
		arrays[i] = put_members(w, &v->entries[i].value);
	number = w->n_arrays++;
	buf_printf(&w->out, "static const struct entry entries_%u[] = {\n", number);
	for (i = 0; i < v->n; i++) {
		buf_puts(&w->out, "{ .key = ");
		put_str(&w->out, v->entries[i].key);
		put_place(&w->out, "key_place", v->entries[i].key_place);
		buf_puts(&w->out, ", .value = ");
		put_value(w, &v->entries[i].value, arrays[i]);
		buf_puts(&w->out, " },\n");
	}
	buf_puts(&w->out, "};\n");
	free(arrays);
	return number;
}

/* Depth is bounded by LIMIT_YAML_DEPTH. */
static unsigned put_members(struct writer *w, const struct value *v)
{
	if (v->kind == VALUE_LIST && v->n > 0)
		return put_items(w, v);
	if (v->kind == VALUE_MAP && v->n > 0)
		return put_entries(w, v);
	return 0;
}

static void put_pack(struct writer *w, size_t index, struct str text, const struct value *root)
{
	unsigned array = put_members(w, root);

	buf_printf(&w->out, "static const struct value tree_%zu =\n", index);
	put_value(w, root, array);
	buf_printf(&w->out, ";\nstatic const char text_%zu[] =\n", index);
	put_text(&w->out, text);
	buf_puts(&w->out, ";\n\n");
}

/* The file's name without folder and .yaml. */
static struct str pack_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	struct str name = str_of(slash != NULL ? slash + 1 : path);

	if (str_ends(name, STR(".yaml")))
		name.len -= sizeof(".yaml") - 1;
	return name;
}

static void put_table(struct writer *w, char **paths, size_t n)
{
	size_t i;

	buf_puts(&w->out, "const struct pack pack_table[] = {\n");
	for (i = 0; i < n; i++) {
		buf_puts(&w->out, "{ ");
		put_text(&w->out, pack_name(paths[i]));
		buf_printf(&w->out, ", text_%zu, sizeof(text_%zu) - 1, &tree_%zu },\n", i, i, i);
	}
	if (n == 0) /* C has no empty arrays */
		buf_puts(&w->out, "{ \"\", \"\", 0, NULL },\n");
	buf_printf(&w->out, "};\n\nconst size_t pack_n = %zu;\n", n);
}

static void print_mistakes(struct mistakes *mistakes)
{
	struct buf b = BUF_INIT(0);

	mistakes_print(mistakes, &b);
	fwrite(b.data, 1, b.len, stderr);
	buf_release(&b);
}

/* A map without one of its keys. */
static void leave_out(struct value *map, struct str key, struct arena *arena)
{
	struct entry *kept = ARENA_ARRAY(arena, map->n, struct entry);
	uint32_t i, n = 0;

	for (i = 0; i < map->n; i++)
		if (!str_equal(map->entries[i].key, key))
			kept[n++] = map->entries[i];
	map->entries = kept;
	map->n = n;
}

static void leave_out_tests(struct value *root, struct arena *arena)
{
	struct entry *keys;
	struct value *rules, *kept;
	uint32_t i, k;

	if (root->kind != VALUE_MAP)
		return;
	keys = ARENA_ARRAY(arena, root->n, struct entry);
	for (i = 0; i < root->n; i++) {
		keys[i] = root->entries[i];
		rules = &keys[i].value;
		if (!str_is(keys[i].key, "rules") || rules->kind != VALUE_LIST)
			continue;
		kept = ARENA_ARRAY(arena, rules->n, struct value);
		for (k = 0; k < rules->n; k++) {
			kept[k] = rules->items[k];
			if (kept[k].kind == VALUE_MAP)
				leave_out(&kept[k], STR("tests"), arena);
		}
		rules->items = kept;
	}
	root->entries = keys;
}

static int embed(struct writer *w, const char *path, size_t index)
{
	struct buf text = BUF_INIT(LIMIT_POLICY_SIZE);
	struct arena arena = ARENA_INIT;
	struct mistakes mistakes;
	struct source source;
	struct value root;
	struct err err;
	int rc = -1;

	mistakes_init(&mistakes, &arena);
	if (file_read(&text, path, &err) == -1) {
		fprintf(stderr, "embed_packs: %s\n", err.text);
		goto out;
	}
	source_init(&source, path, buf_str(&text));
	if (yaml_read(&source, &arena, &root, &mistakes) == -1) {
		print_mistakes(&mistakes);
		goto out;
	}
	leave_out_tests(&root, &arena);
	put_pack(w, index, buf_str(&text), &root);
	rc = 0;
out:
	mistakes_release(&mistakes);
	arena_release(&arena);
	buf_release(&text);
	return rc;
}

int main(int argc, char **argv)
{
	struct writer w = { .out = BUF_INIT(0) };
	size_t i, n = argc > 1 ? (size_t)argc - 1 : 0;
	int status = 0;

	buf_puts(&w.out, "/* Made by embed_packs from the packs in rules/. */\n"
			 "#include <stddef.h>\n#include <stdint.h>\n\n"
			 "#include \"rule/policy.h\"\n\n");
	for (i = 0; i < n; i++)
		if (embed(&w, argv[i + 1], i) == -1)
			status = 1;
	put_table(&w, argv + 1, n);
	if (status == 0 &&
	    (fwrite(w.out.data, 1, w.out.len, stdout) != w.out.len || fflush(stdout) != 0)) {
		fprintf(stderr, "embed_packs: cannot write\n");
		status = 1;
	}
	buf_release(&w.out);
	return status;
}
