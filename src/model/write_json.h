/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A streaming JSON writer (RFC 8259): a stack of open arrays and objects,
 * commas and indentation put by itself. Output is ASCII-safe for terminals:
 * controls, DEL, C1, bidi controls, U+2028 and U+2029 are escaped as \uXXXX;
 * other UTF-8 stays as it is.
 */
#ifndef MODEL_WRITE_JSON_H
#define MODEL_WRITE_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"
#include "model/value.h"

/* A value of LIMIT_JSON_DEPTH or LIMIT_YAML_DEPTH inside a report. */
#define WRITE_JSON_DEPTH 96

struct write_json {
	struct buf *out;
	bool indented; /* two spaces a level; otherwise one line without blanks */
	uint8_t depth;
	bool some[WRITE_JSON_DEPTH]; /* the level has a member already */
	bool after_key;
};

void write_json_init(struct write_json *w, struct buf *out, bool indented);

void write_json_object(struct write_json *w);
void write_json_object_end(struct write_json *w);
void write_json_array(struct write_json *w);
void write_json_array_end(struct write_json *w);
/* Names of members are the program's own: not escaped. */
void write_json_key(struct write_json *w, const char *name);
/* A name from outside. */
void write_json_key_str(struct write_json *w, struct str name);
void write_json_str(struct write_json *w, struct str s);
void write_json_text(struct write_json *w, const char *text);
void write_json_int(struct write_json *w, int64_t n);
void write_json_boolean(struct write_json *w, bool b);
void write_json_null(struct write_json *w);
/* Absent and null give null; unknown gives {"unknown": why}; numbers stay exact. */
void write_json_value(struct write_json *w, const struct value *v);

/* A JSON string with its quotes, when it is made of nothing but printable ASCII that
 * needs no escape, as nearly all are; else puts nothing and gives false. */
bool write_json_plain(struct buf *out, struct str s);
/* The same where there is room for s.len + 2 bytes: gives where it ends; NULL, and what is
 * there then is anything. */
char *write_json_plain_at(char *to, struct str s);
/* Only the bytes of a JSON string with its quotes. */
void write_json_escape(struct buf *out, struct str s);

#endif
