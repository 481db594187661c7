/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What `ivslint help TOPIC` says beside the commands: a screen each, from the tables
 * where there is one.
 */
#ifndef CMD_HELP_TOPIC_H
#define CMD_HELP_TOPIC_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/* The name of a topic by its number, NULL behind the last. */
const char *help_topic(size_t i);
/* False when there is no such topic. */
bool help_topic_put(struct buf *b, const char *name);

#endif
