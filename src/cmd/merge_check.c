/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What reports must have in common to be merged: the policy and its rules, the program,
 * the day, the threshold.
 */
#include "cmd/merge_inside.h"

#include <string.h>

#include "base/log.h"
#include "base/text.h"

static int differ(const struct merge *m, size_t i, const char *what, struct str first,
		  struct str other)
{
	log_error("'%s' and '%s' cannot be merged: %s: %.*s and %.*s", m->saved[0]->path,
		  m->saved[i]->path, what, STR_ARG(first), STR_ARG(other));
	return -1;
}

static int check_rules(const struct merge *m, size_t i)
{
	const struct policy *a = m->saved[0]->policy, *b = m->saved[i]->policy;
	bool same = m->saved[0]->n_judged == m->saved[i]->n_judged && a->n_rules == b->n_rules &&
		    a->n_waivers == b->n_waivers;
	size_t k;

	for (k = 0; same && k < a->n_rules; k++)
		same = str_equal(a->rules[k].id, b->rules[k].id) &&
		       a->rules[k].severity == b->rules[k].severity;
	for (k = 0; same && k < a->n_waivers; k++)
		same = a->waivers[k].rule->index == b->waivers[k].rule->index &&
		       a->waivers[k].expires == b->waivers[k].expires;
	if (same)
		return 0;
	log_error("'%s' and '%s' cannot be merged: other rules were judged (--rule, --skip)",
		  m->saved[0]->path, m->saved[i]->path);
	return -1;
}

static int check_days(const struct merge *m, size_t i)
{
	struct buf b = BUF_INIT(0);
	int rc;

	text_day_put(&b, m->saved[0]->as_of);
	text_day_put(&b, m->saved[i]->as_of);
	rc = differ(m, i, "waivers were judged as of different days", (struct str){ b.data, 10 },
		    (struct str){ b.data + 10, 10 });
	buf_release(&b);
	return rc;
}

static int check_same(const struct merge *m, size_t i)
{
	const struct saved *a = m->saved[0], *b = m->saved[i];

	if (strcmp(policy_digest(a->policy), policy_digest(b->policy)) != 0)
		return differ(m, i, "the policies differ, their digests are",
			      str_of(policy_digest(a->policy)), str_of(policy_digest(b->policy)));
	if (!str_equal(a->tool, b->tool))
		return differ(m, i, "versions of ivslint", a->tool, b->tool);
	if (a->as_of != b->as_of)
		return check_days(m, i);
	if (a->fail_on != b->fail_on && !m->settings->fail_on_set)
		return differ(m, i, "thresholds of --fail-on, which may be given here",
			      str_of(severity_name(a->fail_on)), str_of(severity_name(b->fail_on)));
	return check_rules(m, i);
}

int merge_check(const struct merge *m, size_t i)
{
	const struct saved *s = m->saved[i];

	if (s->bug != NULL) {
		log_error("%s: %s", s->path, s->bug);
		return -1;
	}
	if (m->all && !s->all) {
		log_error("%s: written without --all, and a format that was asked for needs passes "
			  "as well",
			  s->path);
		return -1;
	}
	return i == 0 ? 0 : check_same(m, i);
}
