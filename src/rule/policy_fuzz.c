/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a policy: it loads or it has mistakes, which can be printed; what
 * loads can run its own tests.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "rule/policy_inside.h"
#include "rule/rule_test_run.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void take(void *to, const struct rule_test_result *result)
{
	*(size_t *)to += !result->passed;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = ARENA_INIT;
	struct buf text = BUF_INIT(0);
	struct mistakes mistakes;
	struct policy *p;
	struct err err;
	size_t failed = 0;

	mistakes_init(&mistakes, &arena);
	p = policy_load_text("fuzz", (struct str){ (const char *)data, size }, NULL, &mistakes,
			     &err);
	assert((p == NULL) == (mistakes.n != 0));
	if (p != NULL)
		assert(rule_tests_run(p, take, &failed) == failed);
	policy_free(p);
	mistakes_print(&mistakes, &text);
	mistakes_release(&mistakes);
	buf_release(&text);
	arena_release(&arena);
	return 0;
}
