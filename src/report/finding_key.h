/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The name of a finding for those who keep findings: of the rule and the
 * resource alone, so that a later pass closes what a fail opened, whatever
 * field it was that failed. A resource that is in an audit twice is told apart by
 * how often it was there before, so that the one look closes nothing of the other.
 */
#ifndef REPORT_FINDING_KEY_H
#define REPORT_FINDING_KEY_H

#include "base/digest.h"
#include "report/report.h"

struct seen;

/* How often this resource was judged before; of rules of groups apart. */
uint64_t finding_looks(struct seen *seen, const struct judgement *j);
void finding_key(const struct judgement *j, const struct finding *f, uint64_t looks,
		 char hex[DIGEST_HEX_SIZE]);
/* Of what is no finding of a rule: a kind ("problem"), and what tells it from others. */
void finding_key_of(struct str kind, struct str name, char hex[DIGEST_HEX_SIZE]);

/* "aws", "aws-cn" ... of an ARN; "aws" where there is none. */
struct str finding_partition(const struct judgement *j);

#endif
