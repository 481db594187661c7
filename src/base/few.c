/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sets of short texts. Knows how places are found: by trying one factor after another,
 * until no two texts come to the same place.
 */
#include "base/few.h"

#include "base/arena.h"

#define BITS_MOST 8 /* places, at most, are two to this */
#define TRIES     200

static bool place_all(struct few_set *set, const struct str *texts, size_t n, size_t n_places)
{
	struct few_place *place;
	struct few f;
	size_t i;

	for (i = 0; i < n_places; i++)
		set->places[i] = (struct few_place){ .size = UINT32_MAX };
	for (i = 0; i < n; i++) {
		f = few_of(texts[i].data, texts[i].len);
		place = &set->places[few_place(set, f, texts[i].len)];
		if (place->size != UINT32_MAX &&
		    (place->size != texts[i].len || place->text.low != f.low ||
		     place->text.high != f.high))
			return false;
		*place = (struct few_place){ f, (uint32_t)texts[i].len };
	}
	return true;
}

struct few_set *few_set_new(const struct str *texts, size_t n, struct arena *arena)
{
	uint64_t random = UINT64_C(0x9E3779B97F4A7C15);
	size_t size = sizeof(struct few_set) + (sizeof(struct few_place) << BITS_MOST), i;
	struct few_set *set;
	uint32_t bits = 1;

	for (i = 0; i < n; i++)
		if (texts[i].len > FEW)
			return NULL;
	/* in twice as many places as there are texts, and more where that does not do */
	while (bits < BITS_MOST && (size_t)1 << bits < 2 * n)
		bits++;
	set = arena_room(arena, size);
	for (; bits <= BITS_MOST && n <= (size_t)1 << bits; bits++)
		for (i = 0; i < TRIES; i++) {
			random = random * UINT64_C(6364136223846793005) + 1442695040888963407;
			set->factor = random | 1;
			set->shift = 64 - bits;
			if (!place_all(set, texts, n, (size_t)1 << bits))
				continue;
			arena_trim(arena, set, size,
				   sizeof(*set) + (sizeof(set->places[0]) << bits));
			return set;
		}
	arena_trim(arena, set, size, 0);
	return NULL;
}
