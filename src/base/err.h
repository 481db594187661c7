/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Why something failed. A function that can fail returns 0 or -1 and takes a
 * struct err last; the caller owns it, on its stack. Setting one cannot fail
 * and gives -1, so that a failure is one line:
 *
 *	return err_set(err, ERR_INPUT, "...");
 *
 * Callers act on the kind, never on the text. Modules do not print; commands do.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdint.h>

enum err_kind {
	ERR_NONE,
	ERR_USAGE,	 /* the command line: exit status 2 */
	ERR_POLICY,	 /* the policy: exit status 2 */
	ERR_INPUT,	 /* something to audit could not be read: exit status 3 */
	ERR_OUTPUT,	 /* a report could not be written: exit status 3 */
	ERR_SYSTEM,	 /* the machine: exit status 3 */
	ERR_INTERRUPTED, /* a signal asked to stop */
};

struct err {
	enum err_kind kind;
	uint32_t line, column; /* 1-based; 0 when there is none */
	char text[1000];       /* "no capital, no full stop", without the place */
};

/* Sets kind and text, gives -1. The arguments may point into err->text. What is too
 * long is cut between two characters. */
int err_set(struct err *err, enum err_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The same with a place in the document being read. */
int err_at(struct err *err, enum err_kind kind, uint32_t line, uint32_t column, const char *format,
	   ...) __attribute__((format(printf, 5, 6)));
/* Puts "context: " before the text, gives -1. */
int err_wrap(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Text and strerror(errno_value): "cannot open 'x': Permission denied"; gives -1. */
int err_errno(struct err *err, enum err_kind kind, int errno_value, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
