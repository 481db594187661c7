/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The inside of the reader of JSON of any size, shared by its files: json_wide_window.c
 * moves the window, json_wide.c reads in it. Nobody else includes this.
 */
#ifndef INPUT_JSON_WIDE_INSIDE_H
#define INPUT_JSON_WIDE_INSIDE_H

#include "input/json_wide.h"

/* Reads more bytes behind the window; false when there are none. */
bool json_wide_more(struct json_wide *w);

#endif
