/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a rule said of a resource: the verdict and its evidence.
 */
#ifndef RULE_FINDING_H
#define RULE_FINDING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/str.h"
#include "model/resource.h"
#include "model/value.h"

enum verdict {
	VERDICT_PASS,
	VERDICT_FAIL,
	VERDICT_WAIVED,
	VERDICT_NOT_APPLICABLE,
	VERDICT_UNDECIDED,
	VERDICT_ERROR,
	N_VERDICTS
};

/* From the least to the most severe, so that >= compares with a threshold. */
enum severity {
	SEVERITY_INFO,
	SEVERITY_LOW,
	SEVERITY_MEDIUM,
	SEVERITY_HIGH,
	SEVERITY_CRITICAL,
	N_SEVERITIES
};

struct rule;
struct waiver;

struct finding {
	const struct rule *rule;
	enum verdict verdict;
	enum severity severity; /* in force, after configure and overrides */
	/* The rest is filled for fail, waived, undecided and error; texts are
	 * never NULL, "" where there is nothing to say. */
	struct str field;           /* path that decided, or "" */
	const struct value *actual; /* NULL where no one value decided */
	/* Of a finding from a report, where `actual` alone would not be shown as it was
	 * found, with what was not known or secret in it; else empty, and data may be NULL. */
	struct str actual_shown;
	/* Of a fail: NULL, or where several values fail, the list of them all. */
	const struct value *observed;
	struct str expected;
	struct str message; /* one sentence that stands alone, no full stop */
	struct str reason;  /* not-applicable, undecided, error, waived: why */
	struct place place; /* counted; of the value, in the subject's file */
	const struct waiver
	    *waiver; /* waived; also on a fail whose waiver did not apply (see reason) */
	struct excerpt excerpt;            /* of the source around it, where it was asked for */
	bool baselined;                    /* waived by the baseline, not by a waiver */
	int32_t waiver_days_left;          /* of a waived finding: 0 is the last day */
	char fingerprint[DIGEST_HEX_SIZE]; /* of rule id, subject id and field */
};

/* A resource with what the rules said of it. */
struct judgement {
	struct subject subject;         /* filled when there are findings */
	const struct finding *findings; /* in the order of the policy's rules */
	size_t n_findings;              /* every rule's, or only those that are neither pass
					   nor not-applicable, as the engine was asked */
	uint32_t counts[N_VERDICTS]; /* of all rules, whatever was asked; the sum is the number of
					rules judged */
	bool is_group;               /* the verdicts of group rules, at the end of the audit */
	const struct group_fact *facts; /* the engine's own: what group rules remember */
};

/* "pass", "fail", "waived", "not-applicable", "undecided", "error" */
const char *verdict_name(enum verdict v);
const char *severity_name(enum severity s);
bool severity_find(struct str name, enum severity *s);

#endif
