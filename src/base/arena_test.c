/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Region memory: zeroed, aligned, apart from each other, rewound and reset, and
 * what happens when there is none left.
 */
#include "base/arena.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

static void zeroed_and_aligned(void **state)
{
	struct arena a = ARENA_INIT;
	unsigned char *p;
	size_t size, i, round;

	(void)state;
	for (round = 0; round < 3; round++) {
		for (size = 0; size < 3000; size += 7) {
			p = arena_alloc(&a, size);
			assert_non_null(p);
			assert_int_equal((uintptr_t)p % alignof(max_align_t), 0);
			for (i = 0; i < size; i++)
				if (p[i] != 0)
					fail_msg("byte %zu of %zu", i, size);
			memset(p, 0xFF, size);
		}
		arena_reset(&a);
	}
	arena_release(&a);
	arena_release(&a);
	arena_reset(&a);
}

static void large_ones(void **state)
{
	struct arena a = ARENA_INIT;
	char *small, *large;

	(void)state;
	small = arena_strdup(&a, "before");
	large = arena_alloc(&a, 10 << 20);
	memset(large, 'x', 10 << 20);
	assert_string_equal(small, "before");
	assert_string_equal(arena_strdup(&a, "after"), "after");
	assert_int_equal(large[(10 << 20) - 1], 'x');
	arena_release(&a);
}

static void texts(void **state)
{
	struct arena a = ARENA_INIT;
	struct buf b = BUF_INIT(0);
	struct str s = arena_str(&a, STR("a\0b"));
	char was[] = "mine";
	char *copy = arena_strdup(&a, was);

	(void)state;
	assert_true(str_equal(s, STR("a\0b")));
	assert_int_equal(s.data[s.len], 0);
	was[0] = 'x';
	assert_string_equal(copy, "mine");
	assert_int_equal(arena_str(&a, STR("")).len, 0);
	assert_int_equal(arena_buf(&a, &b).len, 0);
	buf_puts(&b, "text");
	s = arena_buf(&a, &b);
	buf_release(&b);
	assert_true(str_is(s, "text"));
	s = arena_join(&a, STR("a\0"), "[*].", STR("b"));
	assert_true(str_equal(s, STR("a\0[*].b")));
	assert_int_equal(s.data[s.len], 0);
	assert_int_equal(arena_join(&a, STR(""), "", STR("")).len, 0);
	assert_string_equal(arena_printf(&a, "%s %d", "n", 7), "n 7");
	assert_string_equal(arena_printf(&a, "%s", ""), "");
	arena_release(&a);
}

static void rewinds(void **state)
{
	struct arena a = ARENA_INIT;
	struct arena_mark empty = arena_mark(&a), mark;
	char *kept, *first;
	size_t i;

	(void)state;
	kept = arena_strdup(&a, "kept");
	mark = arena_mark(&a);
	first = arena_strdup(&a, "first");
	for (i = 0; i < 100; i++)
		memset(arena_alloc(&a, 5000), 'x', 5000);
	arena_rewind(&a, mark);
	assert_string_equal(kept, "kept");
	/* the same place again, and zeroed again */
	assert_ptr_equal(arena_alloc(&a, 6), first);
	assert_int_equal(first[0], 0);
	arena_rewind(&a, empty);
	assert_string_equal(arena_strdup(&a, "from nothing"), "from nothing");
	arena_release(&a);
}

/* What is left of room is given back, and never what came after it. */
static void trims(void **state)
{
	struct arena a = ARENA_INIT;
	char *room = arena_room(&a, 100), *next, *other;

	(void)state;
	arena_trim(&a, room, 100, 20);
	next = arena_room(&a, 50);
	assert_ptr_equal(next, room + 32);
	other = arena_strdup(&a, "other");
	arena_trim(&a, next, 50, 1);
	assert_ptr_not_equal(arena_strdup(&a, "last"), other);
	assert_string_equal(other, "other");
	room = arena_room(&a, 40);
	arena_trim(&a, room, 40, 0);
	assert_ptr_equal(arena_room(&a, 1), room);
	arena_release(&a);
}

static void arrays(void **state)
{
	struct arena a = ARENA_INIT;
	uint64_t *numbers = ARENA_ARRAY(&a, 10, uint64_t);

	(void)state;
	assert_int_equal(numbers[9], 0);
	assert_non_null(arena_array(&a, 0, 8));
	assert_non_null(arena_array(&a, 8, 0));
	arena_release(&a);
}

static void ask_whole(struct arena *a)
{
	arena_alloc(a, SIZE_MAX);
}

static void ask_nearly_whole(struct arena *a)
{
	arena_alloc(a, SIZE_MAX - 20);
}

static void ask_wrapping_array(struct arena *a)
{
	arena_array(a, SIZE_MAX / 8 + 2, 8);
}

/* Too much must end the program, not give a small piece. */
static void out_of_memory(void **state)
{
	static void (*const asks[])(struct arena *) = { ask_whole, ask_nearly_whole,
							ask_wrapping_array };
	struct arena a = ARENA_INIT;
	char words[64];
	int ends[2], status;
	ssize_t got;
	size_t i;
	pid_t child;

	(void)state;
	for (i = 0; i < sizeof(asks) / sizeof(asks[0]); i++) {
		assert_int_equal(pipe(ends), 0);
		child = fork();
		if (child == 0) {
			dup2(ends[1], STDERR_FILENO);
			asks[i](&a);
			_exit(0);
		}
		close(ends[1]);
		got = read(ends[0], words, sizeof(words) - 1);
		close(ends[0]);
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 3);
		assert_true(got > 0);
		words[got] = '\0';
		assert_string_equal(words, "ivslint: out of memory\n");
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(zeroed_and_aligned),
		cmocka_unit_test(large_ones),
		cmocka_unit_test(texts),
		cmocka_unit_test(rewinds),
		cmocka_unit_test(trims),
		cmocka_unit_test(arrays),
		cmocka_unit_test(out_of_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
