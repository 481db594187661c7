/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which calls of the API a scan under a policy needs: a function for each row of
 * ask/call_list.h, which gives the resource of its IAM statement, or NULL where
 * the call is not needed.
 */
#ifndef CMD_NEEDS_H
#define CMD_NEEDS_H

#include "rule/policy.h"

#define CALL(id, operation, tps) const char *needs_##id(const struct policy *policy);
#include "ask/call_list.h"
#undef CALL

#endif
