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
 * told; a syntax error ends the reading).
 */
int yaml_read(struct source *source, struct arena *arena, struct value *root,
	      struct mistakes *mistakes);

#endif
