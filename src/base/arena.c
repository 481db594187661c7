/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Region memory, and the one place where running out of memory ends the program.
 */
#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define BLOCK_SIZE ((size_t)32 << 10)
_Static_assert(ARENA_ALIGNMENT % alignof(max_align_t) == 0, "memory fits any type");

struct arena_block {
	struct arena_block *older;
	char *end;
	max_align_t bytes[];
};

static void out_of_memory(void)
{
	static const char text[] = "ivslint: out of memory\n";

	/* stdio may need memory itself */
	if (write(STDERR_FILENO, text, sizeof(text) - 1) < 0)
		_exit(3); /* with or without the words */
	_exit(3);
}

void *mem_grow(void *old, size_t size)
{
	void *grown = realloc(old, size != 0 ? size : 1);

	if (grown == NULL)
		out_of_memory();
	return grown;
}

void *mem_alloc(size_t size)
{
	return mem_grow(NULL, size);
}

static void free_blocks(struct arena_block *b, const struct arena_block *until)
{
	struct arena_block *older;

	for (; b != until; b = older) {
		older = b->older;
		free(b);
	}
}

void arena_release(struct arena *a)
{
	free_blocks(a->block, NULL);
	*a = ARENA_INIT;
}

void arena_rewind_blocks(struct arena *a, struct arena_mark mark)
{
	free_blocks(a->block, mark.block);
	a->block = mark.block;
	a->end = mark.block != NULL ? mark.block->end : NULL;
	a->next = mark.next;
}

void arena_reset(struct arena *a)
{
	struct arena_block *b = a->block;

	if (b == NULL)
		return;
	if (b->older != NULL)
		free_blocks(b->older, NULL);
	b->older = NULL;
	a->next = (char *)b->bytes;
}

static void add_block(struct arena *a, size_t size)
{
	struct arena_block *b;

	if (size < BLOCK_SIZE)
		size = BLOCK_SIZE;
	b = mem_alloc(sizeof(*b) + size);
	b->older = a->block;
	b->end = (char *)b->bytes + size;
	a->block = b;
	a->next = (char *)b->bytes;
	a->end = b->end;
}

void *arena_room_anew(struct arena *a, size_t size)
{
	char *p;

	/* before it is rounded up, which could wrap around to a small size */
	if (size > SIZE_MAX / 2)
		out_of_memory();
	size = ARENA_ROUND(size);
	add_block(a, size);
	p = a->next;
	a->next += size;
	return p;
}

void *arena_alloc(struct arena *a, size_t size)
{
	return memset(arena_room(a, size), 0, size);
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
	if (size != 0 && count > SIZE_MAX / 2 / size)
		out_of_memory();
	return arena_alloc(a, count * size);
}

struct str arena_str(struct arena *a, struct str s)
{
	char *copy = arena_room(a, s.len + 1);

	memcpy(copy, s.data, s.len);
	copy[s.len] = '\0';
	return (struct str){ copy, s.len };
}

char *arena_strdup(struct arena *a, const char *text)
{
	return (char *)arena_str(a, str_of(text)).data;
}

struct str arena_join(struct arena *a, struct str first, const char *between, struct str second)
{
	size_t len = strlen(between);
	char *text = arena_room(a, first.len + len + second.len + 1);

	memcpy(text, first.data, first.len);
	memcpy(text + first.len, between, len);
	memcpy(text + first.len + len, second.data, second.len);
	text[first.len + len + second.len] = '\0';
	return (struct str){ text, first.len + len + second.len };
}

struct str arena_buf(struct arena *a, const struct buf *b)
{
	return arena_str(a, buf_str(b));
}

char *arena_printf(struct arena *a, const char *format, ...)
{
	va_list args, again;
	char *text;
	int len;

	va_start(args, format);
	va_copy(again, args);
	len = vsnprintf(NULL, 0, format, args);
	if (len < 0)
		len = 0;
	text = arena_alloc(a, (size_t)len + 1);
	vsnprintf(text, (size_t)len + 1, format, again);
	va_end(again);
	va_end(args);
	return text;
}
