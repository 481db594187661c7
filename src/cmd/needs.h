/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which calls of the API a policy needs.
 */
#ifndef CMD_NEEDS_H
#define CMD_NEEDS_H

#include <stdbool.h>

#include "rule/policy.h"

/* Whether anything that is judged or told needs more than the answer of
 * ListRecordingConfigurations holds: then each configuration is got. */
bool needs_get(const struct policy *policy);

#endif
