/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decimal numbers as JSON and YAML write them, held exactly: mantissa times a
 * power of ten, up to LIMIT_NUMBER_DIGITS significant digits. No floating
 * point: 0.3 is a multiple of 0.1, and 2^53 + 1 keeps its last digit.
 */
#ifndef MODEL_NUMBER_H
#define MODEL_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

/* Normal form: no trailing zero in the mantissa unless the exponent is 0 or
 * below... kept simple: mantissa 0 has exponent 0; a positive exponent is
 * folded into the mantissa where it fits. number_parse always gives it. */
struct number {
	int64_t mantissa;
	int16_t exponent;
};

/* Reads RFC 8259's grammar, the whole text. False when it is not a number or
 * cannot be held exactly (more digits, or an exponent beyond +-400). */
bool number_parse(struct str text, struct number *n);
/* Whether YAML 1.2's core schema has it as a number that RFC 8259 has not, or
 * that cannot be held: 0x1F, 0o17, .5, 5., .inf, .nan, twenty digits. Leading
 * zeros do not look like one: account ids have them. */
bool number_looks_odd(struct str text);
int number_compare(struct number a, struct number b);
/* Whether a is an integer multiple of step; false for a step of 0. */
bool number_is_multiple(struct number a, struct number step);
/* 60, -1, 0.5; never an exponent unless it is beyond 18 digits. */
void number_put(struct buf *b, struct number n);

static inline struct number number_of_int(int64_t n)
{
	return (struct number){ n, 0 };
}

#endif
