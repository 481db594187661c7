/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An open hash table of names. Knows nothing of what they name.
 */
#include "rule/names.h"

#include "base/text.h"

void names_init(struct names *names, struct arena *arena)
{
	/* A key that input cannot know, so that it cannot aim at one slot. Only
	 * the order of slots depends on it, never a number. */
	*names = (struct names){
		.arena = arena,
		.key = { (uint64_t)(uintptr_t)names * UINT64_C(0x9e3779b97f4a7c15),
			 (uint64_t)(uintptr_t)arena_alloc(arena, 16) *
			     UINT64_C(0xbf58476d1ce4e5b9) },
	};
}

static uint64_t rotate(uint64_t x, int by)
{
	return x << by | x >> (64 - by);
}

static void sip_round(uint64_t v[4])
{
	v[0] += v[1];
	v[1] = rotate(v[1], 13) ^ v[0];
	v[0] = rotate(v[0], 32);
	v[2] += v[3];
	v[3] = rotate(v[3], 16) ^ v[2];
	v[0] += v[3];
	v[3] = rotate(v[3], 21) ^ v[0];
	v[2] += v[1];
	v[1] = rotate(v[1], 17) ^ v[2];
	v[2] = rotate(v[2], 32);
}

/* SipHash-1-3 (Aumasson, Bernstein: SipHash, a fast short-input PRF). */
static uint64_t hash(const uint64_t key[2], struct str s)
{
	uint64_t v[4] = { key[0] ^ UINT64_C(0x736f6d6570736575),
			  key[1] ^ UINT64_C(0x646f72616e646f6d),
			  key[0] ^ UINT64_C(0x6c7967656e657261),
			  key[1] ^ UINT64_C(0x7465646279746573) };
	uint64_t word = 0;
	size_t i;

	for (i = 0; i < s.len; i++) {
		word |= (uint64_t)(unsigned char)s.data[i] << (i % 8 * 8);
		if (i % 8 != 7)
			continue;
		v[3] ^= word;
		sip_round(v);
		v[0] ^= word;
		word = 0;
	}
	word |= (uint64_t)s.len << 56;
	v[3] ^= word;
	sip_round(v);
	v[0] ^= word;
	v[2] ^= 0xff;
	for (i = 0; i < 3; i++)
		sip_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

/* The slot that holds the name, or the empty one where it belongs. */
static uint32_t *slot_of(const struct names *names, struct str name)
{
	size_t i = hash(names->key, name) & (names->n_slots - 1);

	while (names->slots[i] != 0 && !str_equal(name, names_str(names, names->slots[i] - 1)))
		i = (i + 1) & (names->n_slots - 1);
	return &names->slots[i];
}

static void grow(struct names *names)
{
	size_t cap = names->cap == 0 ? 32 : names->cap * 2, i;
	const char **list = ARENA_ARRAY(names->arena, cap, const char *);
	size_t *lens = ARENA_ARRAY(names->arena, cap, size_t);

	for (i = 0; i < names->n; i++) {
		list[i] = names->list[i];
		lens[i] = names->lens[i];
	}
	names->cap = cap;
	names->list = list;
	names->lens = lens;
	names->n_slots = cap * 2;
	names->slots = ARENA_ARRAY(names->arena, names->n_slots, uint32_t);
	for (i = 0; i < names->n; i++)
		*slot_of(names, names_str(names, i)) = (uint32_t)i + 1;
}

size_t names_find(const struct names *names, struct str name)
{
	uint32_t slot;

	if (names->n == 0)
		return NAMES_NONE;
	slot = *slot_of(names, name);
	return slot == 0 ? NAMES_NONE : slot - 1;
}

size_t names_add(struct names *names, struct str name, bool *is_new)
{
	uint32_t *slot;

	if (names->n == names->cap)
		grow(names);
	slot = slot_of(names, name);
	if (is_new != NULL)
		*is_new = *slot == 0;
	if (*slot == 0) {
		names->list[names->n] = arena_str(names->arena, name).data;
		names->lens[names->n] = name.len;
		*slot = (uint32_t)++names->n;
	}
	return *slot - 1;
}

const char *names_nearest(const struct names *names, struct str name)
{
	return text_nearest(name, names->list, names->n);
}
