/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one door to libyaml: a YAML document as a value with places.
 *
 * Strict: the core schema of YAML 1.2 (`no`, `on`, `off`, 1:30 and dates are
 * strings; null, ~, true, false and numbers of JSON's grammar with an optional
 * leading + are not), duplicate keys, keys that are no strings, tags other than
 * the core ones, a second document, directives other than %YAML 1.1 and 1.2,
 * ill-formed UTF-8 and what passes LIMIT_YAML_DEPTH or LIMIT_YAML_NODES are
 * mistakes. Anchors, aliases and merge keys (`<<`) work.
 */
#ifndef MODEL_YAML_H
#define MODEL_YAML_H

#include "base/arena.h"
#include "model/mistake.h"
#include "model/source.h"
#include "model/value.h"

/*
 * Reads source->bytes. The tree is the arena's; its strings are copies. Every
 * value has a counted place (line >= 1). An empty document is VALUE_NULL with
 * place 1:1. -1 when anything was added to `mistakes` (all duplicate keys are
 * told; a syntax error ends the reading). Where duplicate keys are all that is
 * wrong the tree is there even so, with the first of each: its other mistakes
 * can be told too. Otherwise it is VALUE_NULL then.
 */
int yaml_read(struct source *source, struct arena *arena, struct value *root,
	      struct mistakes *mistakes);

/* YAML with tags of its own, such as CloudFormation's. */
struct yaml_dialect {
	/* The key that a tag such as `!Ref` is short for: the node becomes a map of
	 * that one key. NULL for a tag that is not known. In the arena. */
	const char *(*long_form)(struct arena *arena, const char *tag);
};

/*
 * The same in a dialect. Plain scalars are null or strings with VALUE_PLAIN, so
 * that nothing is lost before somebody knows what type is wanted: yaml_plain()
 * makes of one what the core schema does. Keys may be any scalar but null; a
 * lone `!` is taken.
 */
int yaml_read_dialect(struct source *source, struct arena *arena,
		      const struct yaml_dialect *dialect, struct value *root,
		      struct mistakes *mistakes);
/* A string with VALUE_PLAIN as the core schema has it; anything else stays. */
struct value yaml_plain(struct value v);

#endif
