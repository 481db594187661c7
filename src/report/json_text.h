/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Strings of the JSON formats whose readers show them to people (SARIF, Code
 * Quality, OCSF, ASFF): made visible, cut, and escaped. The JSON report keeps
 * what it was given; these say it.
 */
#ifndef REPORT_JSON_TEXT_H
#define REPORT_JSON_TEXT_H

#include "base/buf.h"
#include "base/str.h"

struct json_text {
	struct buf visible;
	struct buf shown; /* for callers that put a text together */
	struct buf other; /* cut */
};

void json_text_release(struct json_text *t);

/* A string in quotes. `most` bytes, 0 for no bound of its own. */
void json_text_put(struct json_text *t, struct buf *out, struct str s, size_t most);
/* name: the program's own, with what stands around it: `,"file":` */
void json_text_member(struct json_text *t, struct buf *out, const char *name, struct str s);
/* Nothing where there is nothing to say. */
void json_text_some(struct json_text *t, struct buf *out, const char *name, struct str s);
/* What t->shown holds, which is cleared. */
void json_text_shown(struct json_text *t, struct buf *out, const char *name);
void json_text_some_shown(struct json_text *t, struct buf *out, const char *name);
/* A text of several lines, whose line ends are kept and which was escaped for
 * what it is (Markdown): JSON's escapes alone. */
void json_text_raw(struct json_text *t, struct buf *out, const char *name, struct str s);

#endif
