/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Guessed policies: what is guessed from what, and that each loads.
 */
#include "rule/guess.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those four first */
#include <cmocka.h>

#include "model/yaml.h"
#include "rule/policy_inside.h"

static const struct policy_options none = { .n_set = 0 };

static void take(struct guess *g, struct arena *arena, const char *yaml)
{
	struct resource r;
	struct mistakes mistakes;
	struct source source;
	struct value tree;
	struct err err;

	mistakes_init(&mistakes, arena);
	source_init(&source, "test", str_of(yaml));
	assert_int_equal(yaml_read(&source, arena, &tree, &mistakes), 0);
	resource_init(&r, &source, (struct place){ 1, 1 }, SOURCE_JSON);
	if (resource_from_value(&r, &tree, NULL, 0, arena, &err) == -1)
		fail_msg("%s", err.text);
	resource_complete(&r, resource_closure(guess_needs()), arena);
	guess_take(g, &r);
	mistakes_release(&mistakes);
}

static void loads(struct arena *arena, const struct buf *text)
{
	struct mistakes mistakes;
	struct buf told = BUF_INIT(0);
	struct err err = { 0 };
	struct policy *p;

	mistakes_init(&mistakes, arena);
	p = policy_load_text("guessed", buf_str(text), &none, &mistakes, &err);
	mistakes_print(&mistakes, &told);
	if (p == NULL)
		fail_msg("%s%s\n%s", err.text, buf_str(&told).data, text->data);
	policy_free(p);
	mistakes_release(&mistakes);
	buf_release(&told);
}

static void test_guesses(void **state)
{
	static const struct {
		const char *given[3], *want[3], *not_want;
	} cases[] = {
		{ { NULL }, { "# required_tags: [", "# bucket_name_pattern: " }, "Guessed" },
		{ { "tags: {Owner: a, 'aws:x': y}", "tags: {Owner: b, Rare: c}", "tags: {}" },
		  { "  required_tags: [Owner]\n", "Owner: 2 of 3" },
		  "Rare" },
		{ { "tags: {'a \"b': x, 'true': y, team: z, '1': 2x}" },
		  { "[\"a \\\"b\", \"true\", \"team\", \"1\"]" },
		  NULL },
		{ { "destinationConfiguration: {s3: {bucketName: acme-prod-a}}",
		    "destinationConfiguration: {s3: {bucketName: acme-prod-b}}",
		    "destinationConfiguration: {s3: {bucketName: acme-dev}}" },
		  { "  bucket_name_pattern: '^acme-'\n" },
		  NULL },
		{ { "destinationConfiguration: {s3: {bucketName: a.b.x}}",
		    "destinationConfiguration: {s3: {bucketName: a.b.y}}" },
		  { "  bucket_name_pattern: '^a\\.b\\.'\n" },
		  NULL },
		{ { "{name: acme-prod-a}", "{name: acme-prod-b}", "{name: test_x}" },
		  { "names of 2 of 3 recording", "  name_pattern: '^acme-prod-'\n" },
		  NULL },
		{ { "recordingReconnectWindowSeconds: 10" }, { "  # reconnect_window: " }, NULL },
		{ { "{name: acme-live-1}" }, { "  name_pattern: '^acme-'\n" }, NULL },
		{ { "{name: acme}", "{name: other}" }, { "  # name_pattern: " }, NULL },
		{ { "{name: \"a'-\\n- x\"}" }, { "  # name_pattern: " }, NULL },
		{ { "thumbnailConfiguration: {recordingMode: INTERVAL, targetIntervalSeconds: 10}",
		    "thumbnailConfiguration: {targetIntervalSeconds: 5}", "{name: x}" },
		  { "  thumbnail_interval: {min: 5, max: 10}\n" },
		  NULL },
		{ { "recordingReconnectWindowSeconds: 0", "recordingReconnectWindowSeconds: 60" },
		  { "  reconnect_window: {min: 60, max: 60}\n" },
		  NULL },
	};
	struct arena arena = ARENA_INIT;
	struct buf text = BUF_INIT(0);
	struct mistakes mistakes;
	struct policy *base;
	struct guess *g;
	struct err err;
	size_t i, k;

	(void)state;
	mistakes_init(&mistakes, &arena);
	base = policy_load("ivslint:recommended", &none, &mistakes, &err);
	assert_non_null(base);
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		g = guess_new();
		for (k = 0; k < 3 && cases[i].given[k] != NULL; k++)
			take(g, &arena, cases[i].given[k]);
		buf_clear(&text);
		guess_put(g, "ivslint:recommended", base, &text);
		loads(&arena, &text);
		for (k = 0; k < 3 && cases[i].want[k] != NULL; k++)
			if (strstr(text.data, cases[i].want[k]) == NULL)
				fail_msg("case %zu lacks '%s':\n%s", i, cases[i].want[k],
					 text.data);
		if (cases[i].not_want != NULL && strstr(text.data, cases[i].not_want) != NULL)
			fail_msg("case %zu holds '%s':\n%s", i, cases[i].not_want, text.data);
		guess_free(g);
	}
	policy_free(base);
	mistakes_release(&mistakes);
	buf_release(&text);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_guesses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
