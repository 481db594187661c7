/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Channels of saved answers as resources of their own: the output of get-channel,
 * list-channels and batch-get-channel. Used by the readers of saved answers, and only where
 * a rule judges channels.
 */
#ifndef INPUT_JSON_CHANNEL_H
#define INPUT_JSON_CHANNEL_H

#include "input/input.h"
#include "model/json.h"

/* What reading channels needs of who reads the document. */
struct json_channels {
	struct json *json;
	struct segment *segment;
	struct arena *arena;
	const struct input_sink *sink;
	field_set needs; /* closed */
	uint32_t index;  /* of the next one */
	bool kept;       /* a channel was kept: it stands in the arena */
};

/* Whether the object before which j stands is such an answer, or a channel. Takes
 * nothing. */
bool json_channels_are_next(const struct json *j);
/*
 * Reads it, and gives each channel to the sink. -1 where it is not JSON: a channel
 * with a value of another type than the API prints is told, and the next is read.
 */
int json_channels_read(struct json_channels *c);

#endif
