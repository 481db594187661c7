/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The inside of the JSON reader, shared by its files. Nobody else includes this.
 */
#ifndef MODEL_JSON_INSIDE_H
#define MODEL_JSON_INSIDE_H

#include "model/json.h"

/* Says what stands where something else was expected, gives -1. */
int json_fail_expected(struct json *j, const char *expected);
/* Passes over the string that begins at j->next, checked. */
int json_skip_string(struct json *j);

#endif
