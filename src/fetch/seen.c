/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Seen texts. Knows hashing; does not know what the texts are.
 */
#include "fetch/seen.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/digest.h"

struct seen_entry {
	char digest[DIGEST_HEX_SIZE]; /* empty where there is none */
};

/* The place of a digest: where it is, or where it belongs. */
static struct seen_entry *place(const struct seen *s, const char *digest)
{
	size_t at = 0, i;

	for (i = 0; i < 16; i++)
		at = 31 * at + (unsigned char)digest[i];
	at %= s->size;
	while (s->entries[at].digest[0] != '\0' &&
	       memcmp(s->entries[at].digest, digest, DIGEST_HEX_SIZE) != 0)
		at = (at + 1) % s->size;
	return &s->entries[at];
}

static void grow(struct seen *s)
{
	struct seen old = *s;
	size_t i;

	s->size = old.size != 0 ? 4 * old.size : 256;
	s->entries = mem_alloc(s->size * sizeof(*s->entries));
	memset(s->entries, 0, s->size * sizeof(*s->entries));
	for (i = 0; i < old.size; i++)
		if (old.entries[i].digest[0] != '\0')
			*place(s, old.entries[i].digest) = old.entries[i];
	free(old.entries);
}

bool seen_add(struct seen *s, struct str text)
{
	char digest[DIGEST_HEX_SIZE];
	struct seen_entry *entry;

	if (2 * (s->n + 1) > s->size)
		grow(s);
	digest_bytes(text, digest);
	entry = place(s, digest);
	if (entry->digest[0] != '\0')
		return true;
	memcpy(entry->digest, digest, sizeof(digest));
	s->n++;
	return false;
}

void seen_release(struct seen *s)
{
	free(s->entries);
	*s = (struct seen){ 0 };
}
