/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether the values of a template's parameters are such as it takes: what is
 * not, CloudFormation refuses to deploy. Used by input_cfn.c alone.
 */
#ifndef INPUT_CFN_PARAMETER_H
#define INPUT_CFN_PARAMETER_H

#include "input/cfn.h"

typedef void cfn_parameter_told(void *to, struct place place, const char *text);

/* Tells of each parameter whose value, given or its Default, breaks its type or one of
 * AllowedValues, AllowedPattern, MinLength, MaxLength, MinValue and MaxValue: at the
 * Default, or at the parameter with the place of what was given in the text. */
void cfn_check_parameters(struct cfn *t, cfn_parameter_told *tell, void *to);

#endif
