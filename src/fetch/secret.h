/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bytes that must not outlive their use: keys, tokens, and whatever holds
 * them. Growing moves to new memory and wipes the old; release wipes. Nothing
 * here prints, and nothing of a secret goes into an error text.
 */
#ifndef FETCH_SECRET_H
#define FETCH_SECRET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

/* `data` is NULL until something is put, and then data[len] is NUL. A put past
 * `limit` (0: none) changes nothing and sets `failed`, as with struct buf. */
struct secret {
	char *data;
	size_t len;
	size_t cap;
	size_t limit;
	bool failed;
};

#define SECRET_INIT(ceiling) ((struct secret){ .limit = (ceiling) })

/* Wipes and frees; safe on a zeroed or released one. The limit stays. */
void secret_release(struct secret *s);
/* Wipes the bytes and forgets the failure, keeps the memory. */
void secret_clear(struct secret *s);
/* Room for `more` bytes and a NUL past len, or NULL when that would pass the limit. */
char *secret_reserve(struct secret *s, size_t more);
void secret_put(struct secret *s, const void *bytes, size_t len);
void secret_puts(struct secret *s, const char *text);
void secret_put_str(struct secret *s, struct str bytes);
void secret_put_int(struct secret *s, int64_t n);
/* Instead of what it held. `bytes` must not lie in s. */
void secret_set(struct secret *s, struct str bytes);
/* Gives the bytes of `from` to `to`, whose own are wiped; `from` is empty after it. */
void secret_move(struct secret *to, struct secret *from);
/* The bytes, borrowed until the next put. */
struct str secret_str(const struct secret *s);

/* As malloc, free and so on, for libraries that hold secrets and free what they held as
 * it is: freed is wiped here. They end the program where there is no memory. */
void *secret_malloc(size_t size);
void *secret_calloc(size_t n, size_t size);
void *secret_realloc(void *bytes, size_t size);
char *secret_strdup(const char *text);
void secret_free(void *bytes);

/* Reads a file whole, up to the limit, which is required. -1 with ERR_INPUT; when
 * there is no such file *missing is true (it may be NULL). */
int secret_read_file(struct secret *s, const char *path, bool *missing, struct err *err);
/* Writes a file for its owner alone, whole or not at all. */
int secret_write_file(struct str bytes, const char *path, struct err *err);
int64_t secret_clock_ms(void);

#endif
