/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Why something failed: fixed-size texts, cut rather than lost.
 */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int err_set(struct err *err, enum err_kind kind, const char *format, ...)
{
	va_list args;

	err->kind = kind;
	err->line = 0;
	err->column = 0;
	va_start(args, format);
	vsnprintf(err->text, sizeof(err->text), format, args);
	va_end(args);
	return -1;
}

int err_at(struct err *err, enum err_kind kind, uint32_t line, uint32_t column, const char *format,
	   ...)
{
	va_list args;

	err->kind = kind;
	err->line = line;
	err->column = column;
	va_start(args, format);
	vsnprintf(err->text, sizeof(err->text), format, args);
	va_end(args);
	return -1;
}

int err_wrap(struct err *err, const char *format, ...)
{
	char was[sizeof(err->text)];
	va_list args;
	size_t len;

	memcpy(was, err->text, sizeof(was));
	va_start(args, format);
	vsnprintf(err->text, sizeof(err->text), format, args);
	va_end(args);
	len = strlen(err->text);
	snprintf(err->text + len, sizeof(err->text) - len, ": %s", was);
	return -1;
}

int err_errno(struct err *err, enum err_kind kind, int errno_value, const char *format, ...)
{
	va_list args;
	size_t len;

	err->kind = kind;
	err->line = 0;
	err->column = 0;
	va_start(args, format);
	vsnprintf(err->text, sizeof(err->text), format, args);
	va_end(args);
	len = strlen(err->text);
	snprintf(err->text + len, sizeof(err->text) - len, ": %s", strerror(errno_value));
	return -1;
}
