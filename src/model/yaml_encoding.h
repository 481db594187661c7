/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which bytes a file of YAML may be made of, before it is read.
 */
#ifndef MODEL_YAML_ENCODING_H
#define MODEL_YAML_ENCODING_H

#include <stdbool.h>

#include "model/mistake.h"
#include "model/source.h"

/* -1 with a mistake where it is not UTF-8. only_12: nor has it characters that end lines in
 * YAML 1.1 alone. */
int yaml_check_encoding(struct source *source, bool only_12, struct mistakes *mistakes);

#endif
