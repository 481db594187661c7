/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words for verdicts and severities, as the rule language and the reports
 * write them.
 */
#include "rule/finding.h"

static const char *const verdict_names[N_VERDICTS] = {
	[VERDICT_PASS] = "pass",           [VERDICT_FAIL] = "fail",
	[VERDICT_WAIVED] = "waived",       [VERDICT_NOT_APPLICABLE] = "not-applicable",
	[VERDICT_UNDECIDED] = "undecided", [VERDICT_ERROR] = "error",
};

static const char *const severity_names[N_SEVERITIES] = {
	[SEVERITY_INFO] = "info", [SEVERITY_LOW] = "low",           [SEVERITY_MEDIUM] = "medium",
	[SEVERITY_HIGH] = "high", [SEVERITY_CRITICAL] = "critical",
};

const char *verdict_name(enum verdict v)
{
	return verdict_names[v];
}

const char *severity_name(enum severity s)
{
	return severity_names[s];
}

bool severity_find(struct str name, enum severity *s)
{
	int i;

	for (i = 0; i < N_SEVERITIES; i++) {
		if (str_is(name, severity_names[i])) {
			*s = (enum severity)i;
			return true;
		}
	}
	return false;
}
