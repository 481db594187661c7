/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Members of the report's JSON objects, for the files that write those.
 */
#ifndef REPORT_JSON_INSIDE_H
#define REPORT_JSON_INSIDE_H

#include "base/limit.h"
#include "model/write_json.h"
#include "report/json_parts.h"
#include "report/report_part.h"

/* A string from outside: cut, and of well-formed UTF-8 whatever it was (the
 * name of a file may be any bytes). */
void json_put_odd_string(struct json_parts *p, struct buf *out, struct str s);

/* Nearly all are short and need no escapes. */
static inline void json_put_string(struct json_parts *p, struct buf *out, struct str s)
{
	if (s.len > LIMIT_REPORT_TEXT || !write_json_plain(out, s))
		json_put_odd_string(p, out, s);
}

/* name: a literal, the program's own, with what stands around it: `,"file":` */
#define PUT_MEMBER(p, out, name, s)                                                                \
	do {                                                                                       \
		PUT(out, name);                                                                    \
		json_put_string(p, out, s);                                                        \
	} while (0)

/* Nothing where there is nothing to say. */
#define PUT_SOME(p, out, name, s)                                                                  \
	do {                                                                                       \
		if ((s).len != 0)                                                                  \
			PUT_MEMBER(p, out, name, s);                                               \
	} while (0)

/* name: as PUT_MEMBER's */
void json_put_number(struct buf *out, const char *name, uint64_t n);
void json_put_day(struct buf *out, const char *name, int32_t day);
void json_put_place(struct json_parts *p, struct buf *out, const char *file, struct place place);
void json_put_value(struct buf *out, const struct value *v);
void json_put_controls(struct buf *out, const struct rule *rule);

/* What every finding of a rule repeats. */
void json_prepare_rule(struct json_parts *p, struct buf *b, const struct rule *rule);
/* And all of them. */
void json_prepare_names(struct json_parts *p, struct buf *b);

#endif
