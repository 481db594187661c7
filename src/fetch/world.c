/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The replaceable outside. Knows how it is asked; does not know who answers.
 */
#include "fetch/world.h"

#include <string.h>

const char *world_env(const struct world *world, const char *name)
{
	const char *const *entry;
	size_t n = strlen(name);

	for (entry = world->environment; entry != NULL && *entry != NULL; entry++)
		if (strncmp(*entry, name, n) == 0 && (*entry)[n] == '=')
			return (*entry)[n + 1] != '\0' ? *entry + n + 1 : NULL;
	return NULL;
}

int64_t world_now(const struct world *world)
{
	return world->now(world->self);
}

uint32_t world_chance(const struct world *world)
{
	uint32_t chance = 0;

	world->random(world->self, &chance, sizeof(chance));
	return chance;
}

bool world_is_to_end(const struct world *world)
{
	return world->await != NULL && !world->await(world->self, -1, 0);
}
