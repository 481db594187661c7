/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which reader a file is for, told from its beginning and never from its name
 * alone. What the readers make of it is not known here.
 */
#include "input/input.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/text.h"
#include "input/cfn_run.h"
#include "input/survey.h"
#include "model/json.h"

static const struct input *const table[] = {
#define INPUT(name) &input_##name,
#include "input/input_list.h"
#undef INPUT
};

struct inputs {
	struct arena arena;
	const struct json_shape *json_shape;
	struct input_options options;
	struct cfn_run *cfn_run;
	struct survey *survey; /* NULL: no channels were found, or nobody asks for any */
};

struct inputs *inputs_new(const struct input_options *options)
{
	struct inputs *inputs = mem_alloc(sizeof(*inputs));

	*inputs = (struct inputs){ .arena = ARENA_INIT };
	if (options != NULL)
		inputs->options = *options;
	inputs->cfn_run =
	    cfn_run_new(inputs->options.paths, inputs->options.n_paths, inputs->options.given);
	inputs->json_shape = json_shape_new(&inputs->arena);
	if ((inputs->options.needs & FIELD_BIT(FIELD_CHANNELS)) != 0)
		inputs->survey = survey_new(inputs->options.paths, inputs->options.n_paths);
	return inputs;
}

void inputs_free(struct inputs *inputs)
{
	if (inputs == NULL)
		return;
	cfn_run_free(inputs->cfn_run);
	survey_free(inputs->survey);
	arena_release(&inputs->arena);
	free(inputs);
}

const struct json_shape *inputs_json_shape(const struct inputs *inputs)
{
	return inputs->json_shape;
}

struct cfn_run *inputs_cfn_run(const struct inputs *inputs)
{
	return inputs->cfn_run;
}

bool inputs_want_channels(const struct inputs *inputs, field_set *needs)
{
	*needs = inputs != NULL ? inputs->options.channel_needs : 0;
	return inputs != NULL && inputs->options.channels;
}

const struct survey *inputs_survey(const struct inputs *inputs)
{
	return inputs->survey;
}

/* ---- recognising ------------------------------------------------------------ */

bool input_head_has(const struct input_head *head, const char *key)
{
	size_t i;

	for (i = 0; i < head->n_keys; i++)
		if (str_is(head->keys[i], key))
			return true;
	return false;
}

static bool ends_so(struct str name, struct str ending)
{
	return name.len >= ending.len &&
	       text_equal_nocase_ascii(
		   (struct str){ name.data + name.len - ending.len, ending.len }, ending);
}

bool input_named(const char *name, const char *const *endings)
{
	for (; *endings != NULL; endings++)
		if (ends_so(str_of(name), str_of(*endings)))
			return true;
	return false;
}

/* What nearly all saved answers begin with: not looked at any further. */
static bool is_answer(struct str key)
{
	static const char *const keys[] = { "recordingConfiguration", "recordingConfigurations",
					    "arn", "ivslintFetch" };
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (str_is(key, keys[i]))
			return true;
	return false;
}

/* The names of an object's members, as far as the beginning shows them. */
static void find_keys(struct input_head *head, struct arena *arena)
{
	struct json j;
	bool first;

	json_init(&j, head->text, arena);
	if (head->first != '{' || head->lines || json_open(&j, '{') == -1)
		return;
	for (first = true; head->n_keys < INPUT_HEAD_KEYS; first = false) {
		if (json_member(&j, first, &head->keys[head->n_keys]) != 1)
			return;
		if (is_answer(head->keys[head->n_keys++]) || json_skip(&j) == -1)
			return;
	}
}

const struct input *input_recognise(struct input_head *head, struct arena *arena)
{
	size_t i;

	find_keys(head, arena);
	for (i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (table[i]->recognise(head))
			return table[i];
	return NULL;
}

/* ---- reading ---------------------------------------------------------------- */

/* Waits for a pipe or a terminal: false when told to stop waiting. */
static bool wait_readable(const struct segment *g)
{
	struct pollfd fds[] = { { .fd = g->fd, .events = POLLIN },
				{ .fd = g->wake_fd, .events = POLLIN } };

	if (g->regular || g->wake_fd == -1)
		return true;
	while (poll(fds, 2, -1) == -1 && errno == EINTR)
		;
	return fds[1].revents == 0;
}

ssize_t segment_read(struct segment *segment, char *to, size_t size)
{
	ssize_t got;

	if (segment->fd == -1)
		return 0;
	do {
		if (!wait_readable(segment))
			return 0;
		got = read(segment->fd, to, size);
	} while (got == -1 && errno == EINTR);
	return got;
}

void input_read(struct segment *segment, struct inputs *inputs, field_set needs,
		struct arena *arena, const struct input_sink *sink)
{
	segment->input->read(segment, inputs, needs, arena, sink);
}
