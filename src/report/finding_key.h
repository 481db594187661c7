/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The name of a finding for those who keep findings: of the rule and the
 * resource alone, so that a later pass closes what a fail opened, whatever
 * field it was that failed.
 */
#ifndef REPORT_FINDING_KEY_H
#define REPORT_FINDING_KEY_H

#include "base/digest.h"
#include "report/report.h"

void finding_key(const struct judgement *j, const struct finding *f, char hex[DIGEST_HEX_SIZE]);
/* Of what is no finding of a rule: a kind ("problem"), and what tells it from others. */
void finding_key_of(struct str kind, struct str name, char hex[DIGEST_HEX_SIZE]);

/* "aws", "aws-cn" ... of an ARN; "aws" where there is none. */
struct str finding_partition(const struct judgement *j);

#endif
