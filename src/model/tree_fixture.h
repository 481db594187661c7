/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For tests: a text of YAML as a tree.
 */
#ifndef MODEL_TREE_FIXTURE_H
#define MODEL_TREE_FIXTURE_H

#include "model/mistake.h"
#include "model/yaml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

/* The document in `text`, of a source named `name`; what is wrong in it fails the test. */
static struct value read_tree(struct arena *arena, const char *name, const char *text)
{
	struct source *s = ARENA_NEW(arena, struct source);
	struct mistakes m;
	struct value v;

	source_init(s, name, str_of(text));
	mistakes_init(&m, arena);
	if (yaml_read(s, arena, &v, &m) == -1)
		fail_msg("'%s': %s", text, m.list[0].text);
	mistakes_release(&m);
	return v;
}

#endif
