/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A strict pull reader of JSON (RFC 8259) over bytes in memory. It makes no
 * tree unless asked: callers walk the text and take what they want; the rest is
 * checked for grammar and passed over.
 *
 * Strict: ill-formed UTF-8, raw control characters, lone surrogates, numbers
 * outside the grammar, duplicate keys, trailing commas and nesting beyond
 * LIMIT_JSON_DEPTH are refused, with the place. \u0000 is a character.
 *
 * The bytes must be followed by JSON_PADDING readable bytes, the first of them
 * NUL: the reader looks at blocks and needs no test for the end in its loops.
 *
 * Every function that can fail gives -1 once `error` is set; the reader then
 * stays where it is.
 */
#ifndef MODEL_JSON_H
#define MODEL_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/limit.h"
#include "base/str.h"
#include "model/json_scan.h"
#include "model/source.h"
#include "model/value.h"

#define JSON_PADDING 512 /* more than any text that input/json_learned.h looks for */

struct json {
	const char *next;     /* the byte to read next */
	const char *start;    /* offsets count from here */
	const char *end;      /* *end is NUL */
	struct arena *arena;  /* decoded strings, trees */
	const char *error;    /* NULL, or what is wrong: "no capital, no full stop" */
	const char *error_at; /* in the bytes */
	const char *key_at;   /* the quote that opens the key json_member gave last */
	unsigned depth;
};

/* Borrows the bytes and the arena. */
void json_init(struct json *j, struct str bytes, struct arena *arena);
/* Sets the error, gives -1. The text is static or the arena's. */
int json_fail(struct json *j, const char *at, const char *text);
/* The offset of a byte as a place that is not counted yet (model/source.h). */
static inline struct place json_place(const struct json *j, const char *at)
{
	return (struct place){ 0, (uint32_t)(at - j->start) };
}

/* Passes over blanks and gives the next byte without taking it; NUL at the end. */
static inline char json_peek(struct json *j)
{
	j->next = json_scan_blanks(j->next);
	return *j->next;
}

/* Whether nothing but blanks is left. */
static inline bool json_at_end(struct json *j)
{
	return json_peek(j) == '\0' && j->next >= j->end;
}

/*
 * Objects and arrays:
 *
 *	if (json_open(j, '{') == -1) return -1;
 *	for (first = true; (more = json_member(j, first, &key)) == 1; first = false)
 *		... read or skip exactly one value ...
 *	if (more == -1) return -1;
 *
 * json_member gives 1 with the decoded key and stands before the value, 0 after
 * the closing brace. It does not look for duplicates: callers that know the
 * names do it with a bit each, others with json_keys. json_item is the same for
 * arrays.
 */
int json_open(struct json *j, char bracket);
int json_member(struct json *j, bool first, struct str *key);
int json_item(struct json *j, bool first);

/* Takes a value of the kind, -1 when it is another. */
int json_string(struct json *j, struct str *s);

/*
 * The same without a call for what nearly every document holds: strings that
 * are as they stand, with what the grammar asks for around them. Anything else
 * is left to the functions above, which begin again at the same byte.
 */

/* The closing quote of the string that p opens, or NULL for one to be looked at
 * closely. */
static inline const char *json_plain_end(const char *p)
{
	const char *end = json_scan_string(p + 1);

	return *end == '"' && (size_t)(end - p) <= LIMIT_STRING_SIZE ? end : NULL;
}

static inline int json_string_fast(struct json *j, struct str *s)
{
	const char *p = json_scan_blanks(j->next), *end;

	if (*p == '"' && j->error == NULL && (end = json_plain_end(p)) != NULL) {
		*s = (struct str){ p + 1, (size_t)(end - p - 1) };
		j->next = end + 1;
		return 0;
	}
	return json_string(j, s);
}

static inline int json_member_fast(struct json *j, bool first, struct str *key)
{
	const char *p = json_scan_blanks(j->next), *end, *colon;

	if (!first) {
		if (*p != ',')
			return json_member(j, first, key);
		p = json_scan_blanks(p + 1);
	}
	if (*p == '"' && j->error == NULL && (end = json_plain_end(p)) != NULL) {
		colon = json_scan_blanks(end + 1);
		if (*colon == ':') {
			*key = (struct str){ p + 1, (size_t)(end - p - 1) };
			j->key_at = p;
			j->next = colon + 1;
			return 1;
		}
	}
	return json_member(j, first, key);
}

/* Stands before the item when it is a string. */
static inline int json_item_fast(struct json *j, bool first)
{
	const char *p = json_scan_blanks(j->next);

	if (!first) {
		if (*p != ',')
			return json_item(j, first);
		p = json_scan_blanks(p + 1);
	}
	if (*p != '"' || j->error != NULL)
		return json_item(j, first);
	j->next = p;
	return 1;
}

int json_number(struct json *j, struct number *n);
int json_boolean(struct json *j, bool *b);
/* Takes null and gives true; otherwise takes nothing and gives false. */
bool json_null(struct json *j);
/* Passes over one value of any kind, checked, duplicate keys too. */
int json_skip(struct json *j);
/* Reads one value of any kind as a tree with places that are not counted yet. */
int json_value(struct json *j, struct value *v);

/* The keys of one object so far, to find one that comes twice. */
struct json_keys {
	struct str *list; /* of many keys: and as much room behind them */
	size_t n, cap;
	uint64_t seen; /* a bit for each of 64 classes of keys, to rule most out */
	bool sorted;   /* many keys: kept in sorted stretches */
};

/* -1 when the key is there already. `at` is where it stands, for the error. */
int json_keys_add(struct json *j, struct json_keys *keys, struct str key, const char *at);
/* Its error, for who found it otherwise. Gives -1. */
int json_fail_twice(struct json *j, struct str key, const char *at);

#endif
