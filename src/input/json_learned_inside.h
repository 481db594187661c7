/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is learned of how configurations are written. Inside input/json_learned.c,
 * json_along.c and json_lesson.c only.
 */
#ifndef INPUT_JSON_LEARNED_INSIDE_H
#define INPUT_JSON_LEARNED_INSIDE_H

#include "input/json_learned.h"

#define TEXT_SIZE    384 /* of the longest text that is learned */
#define TEXT_LEFT    128 /* that must be left for what follows a word in it */
#define STEPS        20  /* of each sort that one text can mean beside its value */
#define EDGES        192 /* texts in all */
#define FOLLOWERS    12  /* texts that can follow one value */
#define NODES        24  /* of the shape */
#define KEYS         40  /* keys of maps, in all */
#define KEY_TEXT     4096
#define MEMBERS_SIZE 2304 /* of all lists and maps of one; more is the strict reader's */
#define LINE_SIZE    64   /* of the processor's memory; no block that is read is wider */

_Static_assert(TEXT_SIZE % LINE_SIZE == 0, "whole blocks");
_Static_assert(TEXT_SIZE + LINE_SIZE <= JSON_PADDING, "a text is looked for without asking where "
						      "the bytes end");
_Static_assert(NODES + KEYS <= 64, "a bit for each");

/*
 * A value that is known but for where it stands: an object, or a word, which is
 * a value of an enumeration: few, the same time and again, and so a part of the text.
 */
struct put {
	uint64_t head; /* what struct value begins with, up to its place */
	uint32_t at;   /* where it begins in the text */
	uint32_t slot; /* that it is put into, in bytes; of words in lists nothing */
};
_Static_assert(offsetof(struct value, place) == sizeof(((struct put *)NULL)->head),
	       "a head is what stands before the place");

/* What else stands in a text on the way to its value. */
enum step_kind {
	STEP_LIST,     /* a list begins, with words; there may be no more in it */
	STEP_WORDS,    /* more of them */
	STEP_LIST_END, /* of one that has more */
	STEP_MAP,
	STEP_MAP_END
};

struct step {
	uint8_t kind;     /* enum step_kind */
	uint8_t first, n; /* words */
	uint16_t at;      /* where the list or map begins in the text */
	uint16_t slot;    /* as in a put */
};

/* The value behind a text: a string, whose quote is the text's last byte, or a number;
 * what nobody asks for is passed over. */
enum goal {
	GOAL_STRING,
	GOAL_ENTRY,
	GOAL_LAST_COMMON = GOAL_ENTRY,
	GOAL_ITEM,
	GOAL_PASSED_STRING,
	GOAL_NUMBER,
	GOAL_PASSED_NUMBER,
	GOAL_END,
	GOAL_NONE, /* of what stands where nothing was learned */
	GOAL_FORK  /* it is no edge but a fork */
};

/* What comes next: the beginning of an edge or of a fork. */
struct next {
	uint8_t goal; /* enum goal */
};

struct point;

/* A text from the end of one value to the beginning of another. */
struct edge {
	struct next as;
	bool plain;       /* no puts and no steps */
	bool last_resort; /* its value may be a word of a longer text */
	uint8_t n_puts, n_steps, n_words;
	uint16_t slot;   /* of its value, in bytes */
	uint16_t len;    /* of the text */
	uint16_t key_at; /* of an entry: its key's quote */
	uint8_t key_len;
	const struct next *next; /* after its value: the first of `to` */
	struct point *to;        /* the end of its value */
	uint64_t names;          /* a bit for each field, object and key that is named in it */
	field_set there;         /* fields that have a value when its value is read */
	struct {
		uint32_t at, mask; /* a bit for each byte that counts */
	} last[N_JSON_WIDTHS];     /* the last block of the text, of each width */
	_Alignas(LINE_SIZE) char text[TEXT_SIZE];
	struct put puts[STEPS];
	struct step steps[STEPS];
	struct put words[STEPS];
};

/* Texts that can follow one value are told apart by a byte here and there. */
struct fork {
	struct next as;
	char byte;
	uint16_t at;
	const struct next *same, *other;
};

/* The end of a value: which texts came after it. */
struct point {
	const struct next *first;
	size_t n;                     /* edges; forks are one less */
	struct fork forks[FOLLOWERS]; /* the first is not used */
	struct edge *edges[FOLLOWERS];
};

struct key {
	uint8_t node, len;
	uint16_t text; /* in key_text */
};

/* Where the members of lists and maps go, one after the other: lists and maps of strings
 * are never in one another. */
struct room {
	char *start; /* MEMBERS_SIZE bytes */
	char *next;
};

/* How json_along.c reads in one width. */
typedef bool json_along(struct json_learned *l, struct json *j, struct resource *r);

struct json_learned {
	const struct json_shape *shape;
	json_along *along; /* that of the width in use */
	field_set needs;   /* what others have is passed over */
	size_t n_edges, n_keys, key_text_used;
	unsigned trouble;    /* grows with what is not as learned, shrinks with what is */
	unsigned rest;       /* configurations to be left alone */
	bool full;           /* something could not be learned for lack of room */
	struct room room;    /* of the configuration at hand */
	struct value passed; /* what is not needed goes here */
	struct key keys[KEYS];
	struct edge nothing;
	/* The first is the beginning; then one for each node, and for each key of a map. */
	struct point points[NODES + KEYS];
	char key_text[KEY_TEXT];
	struct edge edges[EDGES];
};

/*
 * Reads along what was learned, as json_learned_read does; l->room is there, where it
 * ends is noted in it. False: it is not as learned; slots may hold something. NULL where
 * the processor has no registers of the width.
 */
json_along *json_along_of(enum json_width width);

/* Learns from a configuration that is well. False: there is no room for it. */
bool json_lesson(struct json_learned *l, const char *start, const char *end);

#endif
