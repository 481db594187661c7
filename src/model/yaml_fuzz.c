/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as YAML: the tree, if there is one, can be walked, shown, copied
 * and compared, and every mistake can be printed.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/limit.h"
#include "model/resource.h"
#include "model/write_json.h"
#include "model/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool holds)
{
	if (!holds)
		abort();
}

/* Places are counted. */
static void walk(const struct value *v, int depth)
{
	uint32_t i;

	expect(depth <= LIMIT_YAML_DEPTH && v->place.line >= 1 && v->place.column >= 1);
	for (i = 0; v->kind == VALUE_LIST && i < v->n; i++)
		walk(&v->items[i], depth + 1);
	for (i = 0; v->kind == VALUE_MAP && i < v->n; i++) {
		expect(v->entries[i].key_place.line >= 1);
		walk(&v->entries[i].value, depth + 1);
	}
}

static void use(const struct value *root, struct source *source, struct arena *arena, struct buf *b)
{
	struct value copy = value_copy(arena, root);
	struct write_json w;
	struct resource r;
	struct err err;

	walk(root, 0);
	expect(value_equal(root, &copy) && value_compare(root, &copy) == 0);
	value_show(b, root, LIMIT_SHOWN_VALUE);
	write_json_init(&w, b, true);
	write_json_value(&w, root);
	expect(!b->failed);
	resource_init(&r, source, root->place, SOURCE_JSON);
	resource_from_value(&r, root, NULL, 0, arena, &err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = ARENA_INIT;
	struct buf b = BUF_INIT(0);
	struct mistakes mistakes;
	struct source source;
	struct value root;

	source_init(&source, "fuzz", (struct str){ (const char *)data, size });
	mistakes_init(&mistakes, &arena);
	if (yaml_read(&source, &arena, &root, &mistakes) == 0)
		use(&root, &source, &arena, &b);
	else
		expect(mistakes.n > 0);
	mistakes_print(&mistakes, &b);
	mistakes_release(&mistakes);
	buf_release(&b);
	arena_release(&arena);
	return 0;
}
