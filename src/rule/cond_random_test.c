/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Conditions and configurations by chance: what is judged, explained and told step by
 * step is the same.
 */
#include "rule/cond_fixture.h"

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

static void put_random(struct buf *b, uint32_t *seed, int depth)
{
	static const char *const leaves[] = {
		"name: a",
		"name: {starts_with: a}",
		"tags: {has_keys: [A, B]}",
		"tags.A: {in: [x, y]}",
		"tags: {each: {in: [x, y]}}",
		"tags: {count: {where: {value: x}, max: 1}}",
		"recordingReconnectWindowSeconds: {min: 5, max: {field: tags.A, else: 60}}",
		"renditionConfiguration.renditions: {some: {equals: HD}}",
		"renditionConfiguration.renditions: {contains_all: [HD, SD]}",
		"renditionConfiguration.renditionSelection: ALL",
		"channels: {no: {type: BASIC, name: {equals: {field: name}}}}",
		"channels: {each: {any: [{type: BASIC}, {not: {tags.A: x}}]}}",
		"'channels[*].type': {contains: BASIC}",
		"tags: {allowed_values: {A: [x], B: ['y*']}}",
		"name: {ends_with: {format: '{tags.A}'}}",
		"tags: {keys: {matches: '^[AB]$'}}",
		"thumbnailConfiguration.targetIntervalSeconds: {not_equals: 60}",
		"tags: {only_keys: [A]}",
		"tags.B: {exists: false}",
		"name: {not_in: [a, b]}",
	};
	static const char *const words[] = { "all", "any", "none" };
	uint32_t i, n;

	buf_putc(b, '{');
	if (depth == 0 || next_random(seed) % 4 == 0) {
		buf_puts(b, leaves[next_random(seed) % (sizeof(leaves) / sizeof(*leaves))]);
	} else if (next_random(seed) % 4 == 0) {
		buf_puts(b, "not: ");
		put_random(b, seed, depth - 1);
	} else {
		n = 1 + next_random(seed) % 3;
		buf_printf(b, "%s: [", words[next_random(seed) % 3]);
		for (i = 0; i < n; i++) {
			buf_puts(b, i != 0 ? ", " : "");
			put_random(b, seed, depth - 1);
		}
		buf_putc(b, ']');
	}
	buf_putc(b, '}');
}

static void put_random_resource(struct buf *b, uint32_t *seed)
{
	static const char *const parts[][3] = {
		{ "name: a\n", "name: abx\n", "" },
		{ "tags: {A: x, B: y}\n", "tags: {A: '30', C: x}\n", "" },
		{ "recordingReconnectWindowSeconds: 5\n", "recordingReconnectWindowSeconds: 70\n",
		  "" },
		{ "renditionConfiguration: {renditions: [HD, SD]}\n",
		  "renditionConfiguration: {renditionSelection: NONE, renditions: []}\n", "" },
		{ "channels: [{type: BASIC, name: a}, {tags: {A: x}}]\n", "channels: []\n",
		  "channels: [{type: STANDARD}]\n" },
	};
	size_t i;

	buf_puts(b, "state: ACTIVE\n");
	for (i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		buf_puts(b, parts[i][next_random(seed) % 3]);
}

struct steps {
	enum truth root;
	bool wrong;
};

static void take_step(void *to, int depth, struct str description, enum truth truth,
		      struct place place, const struct evidence *leaf)
{
	struct steps *s = to;

	if (depth == 0)
		s->root = truth;
	if (description.len == 0 || place.column == UINT32_MAX ||
	    (leaf != NULL && leaf->truth != truth))
		s->wrong = true;
}

static void agree(struct fixture *f, const char *text, const char *given)
{
	struct cond *c = fixture_cond(f, text), *contrary;
	enum truth truth = cond_judge(c, &f->resource, &f->judge);
	struct arena arena = ARENA_INIT;
	struct steps steps = { TRUTH_FALSE, false };
	struct evidence ev;
	const struct evidence *next;

	cond_explain(c, &f->resource, &f->judge, &arena, &ev);
	cond_trace(c, &f->resource, &f->judge, &arena, take_step, &steps);
	contrary = fixture_cond(f, arena_printf(&arena, "not: %s", text));
	if (ev.truth != truth || steps.root != truth || steps.wrong || ev.actual == NULL ||
	    ev.expected.len == 0 || (ev.why != NULL) != (truth == TRUTH_UNKNOWN) ||
	    cond_judge(contrary, &f->resource, &f->judge) != TRUTH_TRUE - truth)
		fail_msg("judge: %s, explain: %s, trace: %s: %s\n%s", truth_name(truth),
			 truth_name(ev.truth), truth_name(steps.root), text, given);
	for (next = ev.next; next != NULL; next = next->next)
		assert_int_equal(next->truth, TRUTH_FALSE);
	cond_explain(contrary, &f->resource, &f->judge, &arena, &ev);
	assert_int_equal(ev.truth, TRUTH_TRUE - truth);
	arena_release(&arena);
	cond_release(c);
	cond_release(contrary);
}

static void test_random(void **state)
{
	static const char *const unknown[] = { NULL,   "tags",     "tags.A",
					       "name", "channels", "renditionConfiguration" };
	struct buf text = BUF_INIT(0), given = BUF_INIT(0);
	struct fixture f;
	uint32_t seed = 7;
	int i;

	(void)state;
	for (i = 0; i < 3000; i++) {
		buf_clear(&text);
		buf_clear(&given);
		put_random(&text, &seed, 3);
		put_random_resource(&given, &seed);
		fixture_init(&f);
		fixture_give(&f, given.data, unknown[next_random(&seed) % 6]);
		agree(&f, text.data, given.data);
		fixture_release(&f);
	}
	buf_release(&text);
	buf_release(&given);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests_name("cond_random", tests, NULL, NULL);
}
