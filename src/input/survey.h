/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The channels that use recording configurations, from answers of list-channels,
 * batch-get-channel and get-channel that are saved beside the configurations.
 * Gathered before the first configuration is read, and only read afterwards:
 * safe from several threads then.
 */
#ifndef INPUT_SURVEY_H
#define INPUT_SURVEY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "model/resource.h"

struct survey;

/*
 * Looks for channels in the regular files that the paths name, or hold: in those
 * that speak of channels in their first LIMIT_SURVEY_HEAD bytes, and where any are
 * found, in those that do so anywhere. Trouble with a file is no trouble here: the
 * feed meets it as well.
 */
struct survey *survey_new(const char *const *paths, size_t n);
void survey_free(struct survey *s);

/*
 * Fills the channels of a configuration whose ARN is read, where its account and
 * region were listed: a list, flagged VALUE_OPEN where it is not known whether
 * they are all. Else the slot stays. s may be NULL.
 */
void survey_fill(const struct survey *s, struct resource *r, struct arena *arena);

/* Whether the channels in a file of this name, as the feed has it, were looked at. */
bool survey_has_read(const struct survey *s, const char *file);

/* Whether a document that is no recording configuration is one of those, by the
 * name of its first member. */
bool survey_is_of(struct str first_member);
/* Whether a channel has what a list's summaries lack: get-channel or batch-get-channel
 * printed it. */
bool survey_is_whole(const struct value *channel);

#endif
