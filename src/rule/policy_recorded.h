/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A policy of which no more is known than a report says: its rules and waivers as
 * reports show them. It judges nothing.
 */
#ifndef RULE_POLICY_RECORDED_H
#define RULE_POLICY_RECORDED_H

#include "rule/policy.h"

/* facts: texts, rules and waivers, whose indexes are set here; the first n_judged
 * rules are in force with the severity that they hold. All lives in the arena. */
struct policy *policy_recorded(struct arena *arena, const struct policy *facts, size_t n_judged);

#endif
