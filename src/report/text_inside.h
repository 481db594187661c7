/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The inside of the text report, shared by its files. Nobody else includes this.
 */
#ifndef REPORT_TEXT_INSIDE_H
#define REPORT_TEXT_INSIDE_H

#include "report/ranked.h"
#include "report/report.h"
#include "report/spool.h"

#define MESSAGE_INDENT 6
#define LABEL_WIDTH    9  /* of "undecided" */
#define LEAST_WIDTH    40 /* narrower terminals get lines that the terminal wraps */

struct text {
	struct buf line;      /* a text made visible, before it is wrapped */
	struct buf shown;     /* a value */
	struct buf scratch;   /* line_guard's */
	struct buf excerpt;   /* parts of a line of a source, made visible */
	struct buf item;      /* a finding that waits for its group */
	struct buf problems;  /* they come at the end */
	struct buf folder;    /* the present one, for links to files; "" where it is not known */
	struct spool *groups; /* findings by rule or severity; NULL where they come as read */
	uint64_t *sizes;      /* findings of each group */
	struct buf file;      /* of the last heading, by file */
	bool some;            /* something was written: a blank line goes before more */
};

/* ---- text_line.c ---------------------------------------------------------------- */

/* The last thing done to every line, from the start of a line on. */
void line_guard(struct text *t, struct buf *out, size_t from);
/* Made visible, and cut. */
void line_outside(struct buf *b, struct str s);
/* file:line:column, a link to the file where the terminal takes links */
void line_place(const struct report *r, struct buf *b, const char *file, struct place place);
/* The id of a rule, a link to its reference. */
void line_rule(const struct report *r, struct buf *b, const struct rule *rule);

const char *line_severity_color(enum severity s);
const char *line_color(const struct finding *f);
const char *line_label(const struct finding *f);
void line_color_on(const struct report *r, struct buf *b, const char *color);
void line_color_off(const struct report *r, struct buf *b);
void line_blanks(struct buf *b, size_t n);

/* From column `indent` on, where the line stands already. s: visible. */
void line_wrapped_from(const struct report *r, struct buf *out, size_t indent, struct str s);
/* Label and text from column MESSAGE_INDENT on, wrapped under the text. s: visible. */
void line_wrapped(const struct report *r, struct buf *out, const char *label, struct str s);
/* The same with a text from outside; nothing where there is none. */
void line_text(const struct report *r, struct buf *out, const char *label, struct str s);
/* A text that an author may have written over several lines, as one; good until
 * t->shown is used. */
struct str line_fold(struct text *t, struct str s);

/* ---- text_excerpt.c ------------------------------------------------------------- */

/* The line of the source with a caret under the value; nothing where there is none. */
void text_excerpt_put(const struct report *r, struct buf *out, const struct finding *f);

/* ---- text_finding.c ------------------------------------------------------------- */

/* A finding under the heading of its group. */
void text_finding_put(struct report *r, struct buf *out, const struct judgement *j,
		      const struct finding *f);
void text_heading_put(struct report *r, const struct judgement *j);
/* Undecided for one reason: the rules in one line, the reason under them. What
 * a list's output lacks would fill a screen otherwise. */
void text_undecided_put(struct report *r, const struct judgement *j, size_t first);
/* Whether a finding before i says why in the same words, so that it tells of i too. */
bool text_told_before(const struct report *r, const struct judgement *j, size_t i);
/* file:line:col: severity: rule: message */
void text_quiet_put(struct report *r, const struct judgement *j, const struct finding *f);

#endif
