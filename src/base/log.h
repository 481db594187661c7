/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Chatter on standard error, by level: one function prints it, and what came
 * from outside is made visible before it gets there. Reports never go here.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

enum log_level {
	LOG_QUIET = -1, /* errors only */
	LOG_NORMAL = 0, /* and notes and warnings */
	LOG_VERBOSE = 1, /* -v: what was skipped and why */
	LOG_DEBUG = 2,	/* -vv */
};

/* Set once by main, before threads. The name, a literal, is "ivslint" otherwise. */
void log_set_name(const char *name);
void log_set_level(enum log_level level);
enum log_level log_level_now(void);
/* Hidden while a line is written; NULL for none. Set while there is one thread. */
struct progress;
void log_set_progress(struct progress *p);

/* "ivslint: error: ..." and so on; a newline is added. Safe from any thread;
 * a line is written whole. Control characters become visible escapes. */
void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_note(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_verbose(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
