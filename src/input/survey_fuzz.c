/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a file that may hold channels, beside one that does, as long ones are
 * read only then: no crash, no hang, and a recording configuration gets the channels
 * that name it, each once.
 */
#include "input/survey.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limit.h"
#include "model/field.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A file with these bytes that has a path as long as it is open: -1, or its descriptor. */
static int file_of(const void *data, size_t size, char path[32])
{
	int fd = file_temporary();

	if (fd != -1 && size != 0 && write(fd, data, size) != (ssize_t)size) {
		close(fd);
		fd = -1;
	}
	snprintf(path, 32, "/dev/fd/%d", fd);
	return fd;
}

static struct str text_of(const struct value *object, const char *key)
{
	const struct value *v = value_get(object, str_of(key));

	if (v == NULL || v->kind != VALUE_STRING)
		abort();
	return value_str(v);
}

static void check(const struct survey *s, struct str arn)
{
	struct arena arena = ARENA_INIT;
	struct buf b = BUF_INIT(0);
	struct resource r;
	const struct value *list = &r.slots[FIELD_CHANNELS];
	uint32_t i;

	resource_init(&r, NULL, PLACE_NONE, SOURCE_JSON);
	r.slots[FIELD_ARN] = value_of_str(arn);
	survey_fill(s, &r, &arena);
	resource_complete(&r, ~(field_set)0 >> (64 - N_FIELDS), &arena);
	for (i = 0; list->kind == VALUE_LIST && i < list->n; i++) {
		if (!str_equal(text_of(&list->items[i], "recordingConfigurationArn"), arn))
			abort();
		if (i > 0 && str_compare(text_of(&list->items[i - 1], "arn"),
					 text_of(&list->items[i], "arn")) >= 0)
			abort();
	}
	value_show(&b, list, 1000);
	buf_release(&b);
	arena_release(&arena);
}

/* The same bytes behind what hides them from a first look. */
static int hidden(const void *data, size_t size, char path[32])
{
	struct buf b = BUF_INIT(0);
	char blanks[1024];
	size_t i;
	int fd;

	memset(blanks, ' ', sizeof(blanks));
	for (i = 0; i < LIMIT_SURVEY_HEAD / sizeof(blanks); i++)
		buf_put(&b, blanks, sizeof(blanks));
	buf_put(&b, data, size);
	fd = file_of(b.data, b.len, path);
	buf_release(&b);
	return fd;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char known[] =
	    "{\"channels\":[{\"arn\":\"arn:aws:ivs:us-west-2:123456789012:channel/A\"}]}";
	char alone[32], other[32], behind[32] = "-";
	const char *const paths[] = { alone, behind, other };
	struct str text = { (const char *)data, size };
	struct survey *s;
	unsigned arns = 0;
	size_t i, k;
	int fds[3] = { -1, -1, -1 };

	fds[0] = file_of(data, size, alone);
	fds[1] = file_of(known, sizeof(known) - 1, other);
	/* seldom, as it is slow */
	if (size % 8 == 0)
		fds[2] = hidden(data, size, behind);
	if (fds[0] != -1 && fds[1] != -1) {
		s = survey_new(paths, 3);
		if (!survey_has_read(s, other) ||
		    (fds[2] != -1 && survey_has_read(s, alone) != survey_has_read(s, behind)))
			abort();
		/* whatever looks like an ARN in it */
		for (i = 0; i < size && arns < 16; i++) {
			for (k = i; k < size && data[k] != '"'; k++)
				;
			if (!str_starts((struct str){ text.data + i, k - i }, STR("arn:")))
				continue;
			arns++;
			check(s, (struct str){ text.data + i, k - i });
		}
		check(s, STR(""));
		survey_free(s);
	}
	for (i = 0; i < 3; i++)
		if (fds[i] != -1)
			close(fds[i]);
	return 0;
}
