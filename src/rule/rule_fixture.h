/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For tests of one rule: a policy that holds no other, and a parameter `n`.
 */
#ifndef RULE_RULE_FIXTURE_H
#define RULE_RULE_FIXTURE_H

#include "rule/policy_inside.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* no pack is needed */
const struct pack pack_table[] = { { "none", "", 0, NULL } };
const size_t pack_n = 0;

/* A policy of a text, which has to stay. */
static inline struct policy *load_text(struct buf *text)
{
	struct arena arena = ARENA_INIT;
	struct mistakes mistakes;
	struct policy *p;
	struct err err;

	mistakes_init(&mistakes, &arena);
	p = policy_load_text("policy.yaml", buf_str(text), NULL, &mistakes, &err);
	if (p == NULL) {
		mistakes_print(&mistakes, text);
		fail_msg("%s", buf_str(text).data);
	}
	mistakes_release(&mistakes);
	arena_release(&arena);
	return p;
}

/* A rule after the head: it is line 8 that comes first. The text has to stay. */
static inline struct policy *load_rule(const char *rule, struct buf *text)
{
	static const char head[] = "version: 1\n"
				   "params:\n"
				   "  n: {type: number, default: 5}\n"
				   "rules:\n"
				   "  - id: r\n"
				   "    title: T\n"
				   "    severity: low\n";

	*text = BUF_INIT(0);
	buf_puts(text, head);
	buf_puts(text, rule);
	return load_text(text);
}

#endif
