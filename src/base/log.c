/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Chatter on standard error. Knows levels, and that text from outside must not
 * steer a terminal; does not know reports, and never writes one.
 */
#include "base/log.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/progress.h"
#include "base/text.h"

#define LINE_SIZE ((size_t)64 << 10)

/* Set once, before there are threads. */
static enum log_level level = LOG_NORMAL;
static struct progress *progress;
static const char *program = "ivslint";

void log_set_name(const char *name)
{
	program = name;
}

void log_set_level(enum log_level to)
{
	level = to;
}

void log_set_progress(struct progress *p)
{
	progress = p;
}

enum log_level log_level_now(void)
{
	return level;
}

static void write_line(const char *from, size_t size)
{
	struct pollfd p = { .fd = STDERR_FILENO, .events = POLLOUT };
	ssize_t put;

	while (size != 0) {
		put = write(STDERR_FILENO, from, size);
		if (put >= 0) {
			from += put;
			size -= (size_t)put;
		} else if (errno == EAGAIN) {
			(void)poll(&p, 1, -1);
		} else if (errno != EINTR) {
			/* there is no one left to tell */
			return;
		}
	}
}

static void print(const char *prefix, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

/* One line in one write, so that lines of several threads do not mix. */
static void print(const char *prefix, const char *format, va_list args)
{
	struct buf raw = BUF_INIT(LINE_SIZE), line = BUF_INIT(0);
	int was = errno;

	buf_vprintf(&raw, format, args);
	buf_printf(&line, "%s: %s", program, prefix);
	if (raw.failed)
		buf_puts(&line, "(a message that is too long)");
	text_put_visible(&line, buf_str(&raw));
	buf_putc(&line, '\n');
	progress_hide(progress);
	write_line(line.data, line.len);
	progress_show(progress);
	buf_release(&raw);
	buf_release(&line);
	errno = was;
}

void log_error(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print("error: ", format, args);
	va_end(args);
}

void log_warning(const char *format, ...)
{
	va_list args;

	if (level < LOG_NORMAL)
		return;
	va_start(args, format);
	print("warning: ", format, args);
	va_end(args);
}

void log_note(const char *format, ...)
{
	va_list args;

	if (level < LOG_NORMAL)
		return;
	va_start(args, format);
	print("note: ", format, args);
	va_end(args);
}

void log_verbose(const char *format, ...)
{
	va_list args;

	if (level < LOG_VERBOSE)
		return;
	va_start(args, format);
	print("", format, args);
	va_end(args);
}
