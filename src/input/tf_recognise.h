/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether a file is a plan or a state of Terraform or OpenTofu.
 */
#ifndef INPUT_TF_RECOGNISE_H
#define INPUT_TF_RECOGNISE_H

#include <stdbool.h>

#include "input/input.h"

/*
 * format_version with nothing that others have; or where the beginning does not
 * reach so far, since keys may be in any order, parts that nobody else has.
 */
bool tf_recognise(const struct input_head *head);

#endif
