/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which bytes a file of YAML may be made of, before it is read.
 */
#ifndef MODEL_YAML_ENCODING_H
#define MODEL_YAML_ENCODING_H

#include <stdbool.h>

#include "model/mistake.h"
#include "model/source.h"

/* -1 with a mistake where it is not UTF-8. as_seen: nor has it characters for which a person
 * sees something else than is read: ends of lines of YAML 1.1 alone, and other directions. */
int yaml_check_encoding(struct source *source, bool as_seen, struct mistakes *mistakes);

#endif
