/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON that services, token caches and credential programs give: small
 * documents, read into a tree. The one door to cJSON. What is audited does not
 * come through here in one piece, and keeps no places here.
 */
#ifndef FETCH_ANSWER_H
#define FETCH_ANSWER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "fetch/secret.h"
#include "fetch/transport.h"

struct answer;       /* a document; its memory is wiped when it goes */
struct answer_value; /* a place in one, borrowed */

enum answer_kind {
	ANSWER_NULL,
	ANSWER_BOOLEAN,
	ANSWER_NUMBER,
	ANSWER_STRING,
	ANSWER_LIST,
	ANSWER_OBJECT,
};

/* NULL when the bytes are not one JSON value and nothing else, or hold a NUL, plain
 * or escaped, which would end a string early. The error repeats none of them. */
struct answer *answer_parse(struct str bytes, struct err *err);
void answer_free(struct answer *answer);

const struct answer_value *answer_root(const struct answer *answer);
enum answer_kind answer_kind(const struct answer_value *v);
/* The member of this very name. NULL when v is NULL or no object, when there is none,
 * and when there are two, which two readers would read in two ways. */
const struct answer_value *answer_member(const struct answer_value *v, const char *name);
/* The members of a list or an object in their order; NULL at the end. */
const struct answer_value *answer_first(const struct answer_value *v);
const struct answer_value *answer_next(const struct answer_value *v);
struct str answer_name(const struct answer_value *v);
/* The string that v is; false when it is NULL or something else. */
bool answer_string(const struct answer_value *v, struct str *s);
/* The string that this member is. */
bool answer_text(const struct answer_value *v, const char *name, struct str *s);
/* A whole number that a double holds exactly. */
bool answer_number(const struct answer_value *v, int64_t *n);
bool answer_is_true(const struct answer_value *v);
/* Sets a member of the root, which is an object, instead of one of that name. */
void answer_set_text(struct answer *answer, const char *name, struct str text);
/* Puts v as JSON in one line. */
void answer_put(const struct answer_value *v, struct secret *to);

/* What a service says of a failure; texts are visible characters, perhaps cut. */
struct answer_error {
	char code[100];       /* without namespace and URI; "HTTP 503" where none is given */
	char message[400];    /* may be empty */
	char request_id[100]; /* may be empty */
};

/* Of an answer in rest-json: x-amzn-ErrorType, code, __type; message in its spellings. */
void answer_error(const struct http_answer *answer, struct answer_error *error);
/* The request id alone, of any answer; the rest is empty. */
void answer_request_id(const struct http_answer *answer, struct answer_error *error);
/* The same of the query protocol's XML. */
void answer_error_xml(const struct http_answer *answer, struct answer_error *error);
/* Takes what was sent as a secret out of the texts, pieces of it too where it is a long
 * one: services say back what they were sent, as when a signature is another than they
 * expected. One of less than four bytes is none. */
void answer_hide(struct answer_error *error, struct str secret);
/* Puts `text` into `to`, made visible and cut to fit. */
void answer_show(struct str text, char *to, size_t size);

#endif
