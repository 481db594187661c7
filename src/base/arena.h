/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Region memory: what is allocated together is let go together. A function
 * that allocates is handed the arena it may use; that argument is the
 * lifetime. Nothing is freed alone. Out of memory ends the program here.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

#include "base/buf.h"
#include "base/str.h"

struct arena_block;

struct arena {
	struct arena_block *block; /* the one in use; older ones hang behind it */
	char *next, *end;          /* free space of the block in use */
};

/* A point to rewind to. */
struct arena_mark {
	struct arena_block *block;
	char *next;
};

#define ARENA_ALIGNMENT   16
#define ARENA_ROUND(size) (((size) + ARENA_ALIGNMENT - 1) / ARENA_ALIGNMENT * ARENA_ALIGNMENT)
#define ARENA_INIT        ((struct arena){ 0 })

/* Frees all memory; safe on a zeroed arena. */
void arena_release(struct arena *a);
/* Forgets everything, keeps one block for use again. */
void arena_reset(struct arena *a);
static inline struct arena_mark arena_mark(const struct arena *a)
{
	return (struct arena_mark){ a->block, a->next };
}
/* arena_rewind's slow half: to a mark in another block. */
void arena_rewind_blocks(struct arena *a, struct arena_mark mark);
/* Forgets what was allocated since the mark. */
static inline void arena_rewind(struct arena *a, struct arena_mark mark)
{
	if (a->block != mark.block)
		arena_rewind_blocks(a, mark);
	else
		a->next = mark.next;
}

/* Zeroed memory, aligned for any type. Never NULL. size 0 gives a valid pointer. */
void *arena_alloc(struct arena *a, size_t size);
/* arena_room's slow half: in a block of its own, or of the next ones. */
void *arena_room_anew(struct arena *a, size_t size);
/* The same as arena_alloc, not zeroed: for bytes that are written at once. */
static inline void *arena_room(struct arena *a, size_t size)
{
	size_t left = (size_t)(a->end - a->next) / ARENA_ALIGNMENT * ARENA_ALIGNMENT;
	char *p = a->next;

	/* what is left is whole once rounded: so is what is taken */
	if (size > left || p == NULL)
		return arena_room_anew(a, size);
	a->next = p + ARENA_ROUND(size);
	return p;
}
/* Gives back what is behind `used` of room of `size` bytes; not when something was
 * allocated after it. */
static inline void arena_trim(struct arena *a, void *room, size_t size, size_t used)
{
	if (a->next == (char *)room + ARENA_ROUND(size))
		a->next = (char *)room + ARENA_ROUND(used);
}
/* count * size with a check for overflow. */
void *arena_array(struct arena *a, size_t count, size_t size);
/* A copy; also terminated with a NUL that is not counted. */
struct str arena_str(struct arena *a, struct str s);
char *arena_strdup(struct arena *a, const char *text);
/* Two texts with one between, terminated. */
struct str arena_join(struct arena *a, struct str first, const char *between, struct str second);
/* A copy of what a buf holds, terminated. */
struct str arena_buf(struct arena *a, const struct buf *b);
char *arena_printf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* malloc and realloc that end the program when memory runs out. */
void *mem_alloc(size_t size);
void *mem_grow(void *old, size_t size);

#define ARENA_NEW(a, type)          ((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, count, type) ((type *)arena_array((a), (count), sizeof(type)))

#endif
