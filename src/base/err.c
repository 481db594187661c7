/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Why something failed: fixed-size texts, cut rather than lost.
 */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define TEXT_SIZE sizeof(((struct err *)0)->text)

/* A text that was cut may end within a UTF-8 sequence: reports must not. */
static void trim_cut(char text[TEXT_SIZE])
{
	size_t len = strlen(text), lead = len, need;
	unsigned char first;

	if (len < TEXT_SIZE - 1)
		return;
	while (lead > 0 && len - lead < 4 && ((unsigned char)text[lead - 1] & 0xC0) == 0x80)
		lead--;
	if (lead == 0)
		return;
	first = (unsigned char)text[lead - 1];
	need = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
	if (need > len - lead + 1)
		text[lead - 1] = '\0';
}

static void append(char text[TEXT_SIZE], size_t len, const char *after)
{
	(void)snprintf(text + len, TEXT_SIZE - len, ": %s", after);
}

/* The arguments may point into the text that is replaced. */
static void set_text(struct err *err, const char *after, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));

static void set_text(struct err *err, const char *after, const char *format, va_list args)
{
	char text[TEXT_SIZE];

	if (vsnprintf(text, sizeof(text), format, args) < 0)
		text[0] = '\0';
	if (after != NULL)
		append(text, strlen(text), after);
	trim_cut(text);
	memcpy(err->text, text, sizeof(text));
}

static void set_kind(struct err *err, enum err_kind kind, uint32_t line, uint32_t column)
{
	err->kind = kind;
	err->line = line;
	err->column = column;
}

int err_set(struct err *err, enum err_kind kind, const char *format, ...)
{
	va_list args;

	set_kind(err, kind, 0, 0);
	va_start(args, format);
	set_text(err, NULL, format, args);
	va_end(args);
	return -1;
}

int err_at(struct err *err, enum err_kind kind, uint32_t line, uint32_t column, const char *format,
	   ...)
{
	va_list args;

	set_kind(err, kind, line, column);
	va_start(args, format);
	set_text(err, NULL, format, args);
	va_end(args);
	return -1;
}

int err_wrap(struct err *err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	set_text(err, err->text, format, args);
	va_end(args);
	return -1;
}

int err_errno(struct err *err, enum err_kind kind, int errno_value, const char *format, ...)
{
	char why[128];
	va_list args;

	/* strerror may share its answer between threads */
	if (strerror_r(errno_value, why, sizeof(why)) != 0)
		snprintf(why, sizeof(why), "error %d", errno_value);
	set_kind(err, kind, 0, 0);
	va_start(args, format);
	set_text(err, why, format, args);
	va_end(args);
	return -1;
}
