/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The inside of a report that is read back, shared by the files that read its
 * parts (saved*.c). Nobody else includes this.
 */
#ifndef REPORT_SAVED_INSIDE_H
#define REPORT_SAVED_INSIDE_H

#include "base/arena.h"
#include "model/source.h"
#include "model/value.h"
#include "report/saved.h"
#include "report/saved_stream.h"

struct saved_inside {
	struct arena arena; /* of what the facts hold */
	int fd;
	struct buf text;   /* of the value being read, padded */
	struct arena item; /* of the judgement being read */
	struct rule *rules;
	struct waiver *waivers;
	size_t n_rules, cap_rules, n_waivers, cap_waivers, cap_problems;
	uint64_t (*by_rule)[N_VERDICTS];
	uint64_t *waived, *expired, *other, *unknown;
	size_t n_by_rule;
	uint64_t seen[N_VERDICTS];
};

/* Where a value came from, for its errors. */
struct reading {
	struct saved *s;
	struct source source;
	struct arena *arena;
	struct err *err;
};

/* Gives -1, with the place of a value. */
int saved_fail(struct reading *x, const struct value *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#define ANY      VALUE_ABSENT
#define OPTIONAL false
#define REQUIRED true

struct member {
	const char *name;
	enum value_kind kind;
	bool required;
};

/* The members of an object by the order of a table; NULL where one is absent. No
 * other may be there: what this version does not know it must not lose. */
int saved_members(struct reading *x, const struct value *map, const struct member *table, size_t n,
		  const struct value **out);
/* The bytes as a tree. Its text is good until the next one is read. */
int saved_parse(struct reading *x, const struct saved_bytes *b, struct value *v);

/* "" for NULL; in x->arena. */
struct str saved_kept(struct reading *x, const struct value *v);
bool saved_is_true(const struct value *v);
/* A digest in hexadecimal, terminated. */
int saved_digest(struct reading *x, const struct value *v, char to[DIGEST_HEX_SIZE]);
int saved_count(struct reading *x, const struct value *v, uint64_t *n);
/* Lines and columns, from 1. */
int saved_place_number(struct reading *x, const struct value *v, uint32_t *n);
int saved_day(struct reading *x, const struct value *v, int32_t *day);
int saved_severity(struct reading *x, const struct value *v, enum severity *severity);
/* NULL: a recording configuration. */
int saved_kind(struct reading *x, const struct value *v, enum kind *kind);
int saved_verdict(struct reading *x, const struct value *v, enum verdict *verdict);
/* A file without a name is NULL, a place without a line PLACE_NONE. */
int saved_place(struct reading *x, const struct value *v, const char **file, struct place *place);

/* ---- saved_rules.c, saved_sums.c: one item each, into x->s ---- */

int saved_take_rule(struct reading *x, const struct value *v);
int saved_take_waiver(struct reading *x, const struct value *v);
int saved_take_problem(struct reading *x, const struct value *v);
int saved_take_summary(struct reading *x, const struct value *v);

#endif
