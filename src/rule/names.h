/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names of a kind (rules, parameters, values of groups) with their numbers:
 * found by hash, and the nearest one when somebody wrote another. Any bytes are
 * a name; who chooses them cannot make the table slow.
 */
#ifndef RULE_NAMES_H
#define RULE_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

struct names {
	struct arena *arena;
	const char **list; /* terminated copies, in the order added */
	size_t *lens;
	size_t n, cap;
	uint32_t *slots; /* number + 1, by hash */
	size_t n_slots;
	uint64_t key[2]; /* of the hash */
};

#define NAMES_NONE ((size_t)-1)

/* No name yet. What is added is copied into the arena, which must outlive it. */
void names_init(struct names *names, struct arena *arena);
/* The number that the name has or gets: numbers count from 0. *is_new may be NULL. */
size_t names_add(struct names *names, struct str name, bool *is_new);
/* NAMES_NONE when it is not there. */
size_t names_find(const struct names *names, struct str name);
static inline struct str names_str(const struct names *names, size_t i)
{
	return (struct str){ names->list[i], names->lens[i] };
}
/* NULL when none is near. Costs a comparison with every name. */
const char *names_nearest(const struct names *names, struct str name);

#endif
