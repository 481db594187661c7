/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How the beginning of a file shows that it is a template. Used by input_cfn.c, and by
 * json_answer.c for documents among others.
 */
#ifndef INPUT_CFN_RECOGNISE_H
#define INPUT_CFN_RECOGNISE_H

#include <stdbool.h>

#include "base/str.h"
#include "input/input.h"

/* Whether the file is to be read as a template. One of a folder only where it looks like
 * one; one that was named also by its name. */
bool cfn_recognise(const struct input_head *head);
/* Whether a key is one that templates have at their top. */
bool cfn_is_telling(struct str key);

#endif
