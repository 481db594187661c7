/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reports that nobody wrote: they are refused, or can be read to their end, and
 * what is told of them is within what they say.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "report/saved.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct seen {
	uint64_t findings, problems;
	size_t n_rules;
};

static void expect(bool holds)
{
	if (!holds)
		abort();
}

static bool take_judgement(void *to, const struct judgement *j)
{
	struct seen *seen = to;
	size_t i;

	expect(j->n_findings != 0);
	for (i = 0; i < j->n_findings; i++)
		expect(j->findings[i].rule->index < seen->n_rules &&
		       j->findings[i].verdict < N_VERDICTS);
	seen->findings += j->n_findings;
	return true;
}

static void take_problem(void *to, const struct problem *p)
{
	expect(p->text != NULL);
	((struct seen *)to)->problems++;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct seen seen = { 0, 0, 0 };
	const struct saved_taker taker = { &seen, take_judgement, take_problem };
	struct saved *s;
	struct err err;
	char path[40];
	int fd = file_temporary();

	if (fd == -1 || write(fd, data, size) != (ssize_t)size)
		return 0;
	snprintf(path, sizeof(path), "/dev/fd/%d", fd);
	s = saved_open(path, &err);
	if (s != NULL) {
		seen.n_rules = s->n_judged;
		if (saved_read(s, s->policy, false, true, &taker, &err) == 0 &&
		    saved_read(s, s->policy, true, true, &taker, &err) == 0)
			expect(seen.findings == s->findings && seen.problems == s->n_problems);
		saved_free(s);
	}
	close(fd);
	return 0;
}
