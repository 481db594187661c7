/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Partial knowledge: what is known of a value that is not known as a whole.
 * Inputs make such values of templates and plans, rules decide by them what
 * can be decided, everybody else may take them for plain unknown values: `kind`
 * is VALUE_UNKNOWN and `why` is the reason, as ever.
 *
 * Three forms:
 *	text	  a string with gaps: acme-prod-ivs-{AWS::AccountId}
 *	one of	  a few whole values, such as a parameter's AllowedValues, or both
 *		  sides of a condition; a value may be VALUE_ABSENT, or be partial
 *	number	  a number between two bounds
 *
 * What is said must be true: an operator holds only where it holds for every
 * value that remains, and fails only where it fails for all of them. Where more
 * remain than were said, a wrong verdict follows. When in doubt say less:
 * CHARS_ANY, no bounds, or value_unknown(why).
 *
 * And a list or a map that is flagged VALUE_OPEN has the members that it shows,
 * and may have others that are not known.
 *
 * Inputs do this:
 *
 *	account = value_gap(a, "AWS::AccountId", "it is known after the deploy",
 *			    CHARS_DIGIT, 12, 12);
 *	stage	= value_one_of(a, "the parameter Stage has no value", allowed, n);
 *	name	= value_concat(a, (struct value[]){ value_of_str(STR("acme-")),
 *				    stage, value_of_str(STR("-")), account }, 4);
 *
 * Places are the caller's to set, as with other makers.
 */
#ifndef MODEL_PARTIAL_H
#define MODEL_PARTIAL_H

#include "model/value.h"

/* Which characters a gap may hold. */
enum {
	CHARS_LOWER = 1 << 0,	   /* a-z */
	CHARS_UPPER = 1 << 1,	   /* A-Z */
	CHARS_DIGIT = 1 << 2,	   /* 0-9 */
	CHARS_HYPHEN = 1 << 3,	   /* - */
	CHARS_PERIOD = 1 << 4,	   /* . */
	CHARS_UNDERSCORE = 1 << 5, /* _ */
	CHARS_SIGN = 1 << 6,	   /* a space and : / = + @ */
	CHARS_MARK = 1 << 7,	   /* what else is ASCII, controls as well */
	CHARS_WORLD = 1 << 8,	   /* beyond ASCII */
	CHARS_ANY = (1 << 9) - 1,
};
#define CHARS_ALNUM (CHARS_LOWER | CHARS_UPPER | CHARS_DIGIT)

/* A gap that has no upper bound. */
#define GAP_NO_MOST UINT32_MAX

struct partial_part {
	struct str text;      /* what is known; data NULL: a gap */
	const char *name;     /* of a gap, for reports: "AWS::AccountId" */
	uint32_t least, most; /* characters of a gap */
	uint16_t chars;	      /* CHARS_*, of a gap; not 0 */
};

enum partial_form { PARTIAL_TEXT, PARTIAL_ONE_OF, PARTIAL_NUMBER };

struct partial {
	enum partial_form form;
	uint32_t n;
	union {
		const struct partial_part *parts; /* n of a text, at least one a gap */
		const struct value *items;	  /* n of one of, at least two, no two equal */
		struct {
			struct number least, most;
			bool has_least, has_most;
		};
	};
	char why[]; /* what value.why points at */
};

/* NULL where nothing is known of it, or it is known. */
const struct partial *value_partial(const struct value *v);

/*
 * A text of which nothing is written: a gap alone. name: what a report calls
 * the gap; why: "no capital, no full stop", the whole reason, such as
 * "AWS::AccountId is known after the deploy". Both are copied.
 */
struct value value_gap(struct arena *a, const char *name, const char *why, unsigned chars,
		       uint32_t least, uint32_t most);
/*
 * One of n values, which are copied (not deep). A member of a list or of a map
 * must not be one of values of which one is absent: say so of the whole list.
 * Equal ones count once; of one
 * alone the value itself is given. Values that are partial themselves are taken
 * apart. Past LIMIT_CANDIDATES nothing is known but why.
 */
struct value value_one_of(struct arena *a, const char *why, const struct value *items, size_t n);
/* A number within inclusive bounds, of which each may be NULL. */
struct value value_between(struct arena *a, const char *why, const struct number *least,
			   const struct number *most);
/*
 * Texts one behind the other, as Fn::Join and Fn::Sub put them: strings, and
 * unknowns of any form. A string when all are. Where one is one of a few, the
 * result is, up to LIMIT_CANDIDATES; past that it becomes a gap. A piece that is
 * no string and not unknown makes the whole plainly unknown. Its reason is that
 * of the first piece that is not known. Of a sensitive piece all is sensitive.
 */
struct value value_concat(struct arena *a, const struct value *pieces, size_t n);

/* What value_copy does for a partial value: copied deep. */
struct value partial_copy(struct arena *a, const struct value *v);
/* How many characters a text has, at least and at most. */
void partial_length(const struct partial *p, uint64_t *least, uint64_t *most);
/* The class of a character, one of CHARS_*. */
unsigned chars_of(uint32_t point);

#endif
