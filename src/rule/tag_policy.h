/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules from a tag policy of AWS Organizations: how keys are written, which
 * values they may have, which are required. What the rules cannot say is said.
 */
#ifndef RULE_TAG_POLICY_H
#define RULE_TAG_POLICY_H

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

/*
 * Reads a tag policy: the policy itself, the effective policy, or the answers of
 * `aws organizations describe-policy` and describe-effective-policy, which hold
 * it as a string. Puts a policy of ours with tests, and a line for each thing
 * that it does not express in `left`. -1 with err where it is no tag policy, or
 * nothing of it can be expressed. name: for mistakes and comments.
 */
int tag_policy_import(struct str text, const char *name, struct buf *out, struct buf *left,
		      struct err *err);

#endif
