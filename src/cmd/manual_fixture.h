/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For tests of the manual and the README: their lines, by section. The present folder is
 * that of the sources.
 */
#ifndef CMD_MANUAL_FIXTURE_H
#define CMD_MANUAL_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those four first */
#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

#define PAGE       "man/ivslint.1"
#define RULES      "man/ivslint-rules.5"
#define README     "README.md"
#define MOST_BYTES ((size_t)16 << 20)

/* A text in its lines. */
struct page {
	const char *name;
	struct buf text;
	char **lines;
	size_t n;
};

/* Some lines of a page. */
struct part {
	const struct page *page;
	size_t from, to;
};

static inline void read_whole(struct buf *b, const char *name)
{
	FILE *from = fopen(name, "rb");
	char part[8192];
	size_t n;

	if (from == NULL) {
		perror(name);
		exit(1);
	}
	while ((n = fread(part, 1, sizeof(part), from)) > 0)
		buf_put(b, part, n);
	fclose(from);
	buf_putc(b, '\0');
	b->len--;
}

static inline void page_read(struct page *p, const char *name)
{
	char *at;
	size_t i;

	*p = (struct page){ .name = name, .text = BUF_INIT(MOST_BYTES) };
	read_whole(&p->text, name);
	for (i = 0; i < p->text.len; i++)
		p->n += p->text.data[i] == '\n';
	p->lines = calloc(p->n + 1, sizeof(*p->lines));
	if (p->lines == NULL)
		abort();
	at = p->text.data;
	for (i = 0; i < p->n; i++) {
		p->lines[i] = at;
		at += strcspn(at, "\n");
		*at++ = '\0';
	}
}

static inline void page_release(struct page *p)
{
	buf_release(&p->text);
	free(p->lines);
}

static inline bool starts(const char *line, const char *with)
{
	return strncmp(line, with, strlen(with)) == 0;
}

/* What follows the line `head`, up to the next that begins with `next` or with
 * ".Sh". */
static inline struct part part_of(struct part in, const char *head, const char *next)
{
	size_t i = in.from, k;

	while (i < in.to && strcmp(in.page->lines[i], head) != 0)
		i++;
	if (i == in.to)
		fail_msg("%s has no line '%s'", in.page->name, head);
	for (k = i + 1; k < in.to; k++)
		if (starts(in.page->lines[k], next) || starts(in.page->lines[k], ".Sh "))
			break;
	return (struct part){ in.page, i + 1, k };
}

static inline struct part whole(const struct page *p)
{
	return (struct part){ p, 0, p->n };
}

static inline struct part section(const struct page *p, const char *name)
{
	char head[100];

	snprintf(head, sizeof(head), ".Sh %s", name);
	return part_of(whole(p), head, ".Sh ");
}

static inline struct part subsection(const struct page *p, const char *of, const char *name)
{
	char head[100];

	snprintf(head, sizeof(head), ".Ss %s", name);
	return part_of(section(p, of), head, ".Ss ");
}

/* The line number of a line, or 0. */
static inline size_t find_line(struct part in, const char *line)
{
	size_t i;

	for (i = in.from; i < in.to; i++)
		if (strcmp(in.page->lines[i], line) == 0)
			return i + 1;
	return 0;
}

static inline void need_line(struct part in, const char *line)
{
	if (find_line(in, line) == 0)
		fail_msg("%s:%zu: no line '%s' in this section", in.page->name, in.from, line);
}

static inline size_t count_lines(struct part in, const char *beginning)
{
	size_t i, n = 0;

	for (i = in.from; i < in.to; i++)
		n += starts(in.page->lines[i], beginning);
	return n;
}

/* Holds the items of a part to a list of names, in both directions. */
static inline void need_items(struct part in, const char *macro, const char *const *names, size_t n)
{
	char line[200];
	size_t i;

	for (i = 0; i < n; i++) {
		snprintf(line, sizeof(line), "%s%s", macro, names[i]);
		need_line(in, line);
	}
	if (count_lines(in, macro) != n)
		fail_msg("%s:%zu: %zu items '%s' in this section, and the program has %zu",
			 in.page->name, in.from, count_lines(in, macro), macro, n);
}

#endif
