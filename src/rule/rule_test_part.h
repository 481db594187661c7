/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a rule's test knows of a field in part: `partial: {PATH: ...}`.
 */
#ifndef RULE_RULE_TEST_PART_H
#define RULE_RULE_TEST_PART_H

#include "model/resource.h"
#include "rule/shape.h"

/*
 * Reads the mapping; what is written wrong is a mistake and left out. *parts is the
 * arena's.
 */
size_t rule_test_parts(const struct shape *shape, const struct value *partial, struct arena *arena,
		       const struct resource_part **parts);

#endif
