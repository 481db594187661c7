/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Regular expressions. Knows PCRE2, its limits and its two ways to search;
 * does not know what is searched for, nor why.
 *
 * PCRE2 counts steps for each place where a match could begin, and does not
 * count what a plain repeat runs over. So a search is bounded here by three
 * things together: the steps for one place shrink as the subject grows, the
 * subject has a ceiling, and depth and heap have theirs.
 *
 * The interpreter and the JIT count differently. A search that one of them
 * gives up is put to the other, so that the answer is the same whether a
 * pattern is warm or not.
 */
#include "base/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/limit.h"
#include "base/pattern_plain.h"

/* A `$` without (?m) is the very end: "prod\n" is not `^prod$`. */
#define COMPILE_OPTIONS (PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C | PCRE2_DOLLAR_ENDONLY)

struct pattern {
	struct pattern_plain *plain; /* NULL: it is not, and PCRE2's */
	pcre2_code *code;
	bool warm;
};

/* What a search needs beside the pattern; one a thread, made by its first search. */
struct scratch {
	pcre2_match_data *data;
	pcre2_match_context *context;
	uint32_t steps; /* the match limit that is set in context */
};

static _Thread_local struct scratch *own_scratch;
static pthread_key_t scratch_key; /* for its destructor alone */
static bool scratch_has_key;
static pthread_once_t scratch_once = PTHREAD_ONCE_INIT;

/* ---- a thread's own -------------------------------------------------------- */

static void *take_memory(size_t size, void *unused)
{
	(void)unused;
	return mem_alloc(size);
}

static void give_memory(void *memory, void *unused)
{
	(void)unused;
	free(memory);
}

static void scratch_free(void *thing)
{
	struct scratch *s = thing;

	own_scratch = NULL;
	pcre2_match_data_free(s->data);
	pcre2_match_context_free(s->context);
	free(s);
}

static void scratch_make_key(void)
{
	/* without a key the memory of a thread that ends is lost, and that is all */
	scratch_has_key = pthread_key_create(&scratch_key, scratch_free) == 0;
}

static struct scratch *scratch_new(void)
{
	/* with our own allocator, running out of memory ends the program in arena.c */
	pcre2_general_context *general =
	    pcre2_general_context_create(take_memory, give_memory, NULL);
	struct scratch *s = mem_alloc(sizeof(*s));

	s->data = pcre2_match_data_create(1, general);
	s->context = pcre2_match_context_create(general);
	s->steps = 0;
	pcre2_set_depth_limit(s->context, LIMIT_PATTERN_DEPTH);
	pcre2_set_heap_limit(s->context, LIMIT_PATTERN_HEAP_KIB);
	pcre2_general_context_free(general);
	pthread_once(&scratch_once, scratch_make_key);
	if (scratch_has_key)
		(void)pthread_setspecific(scratch_key, s);
	own_scratch = s;
	return s;
}

/* ---- compiling ------------------------------------------------------------- */

struct pattern *pattern_new(struct str expression, size_t *offset, const char **why)
{
	static _Thread_local char text[256];
	struct pattern *p;
	pcre2_code *code;
	PCRE2_SIZE at;
	int number;

	if (expression.len > LIMIT_PATTERN_SIZE) {
		*offset = LIMIT_PATTERN_SIZE;
		*why = "the pattern is too long";
		return NULL;
	}
	code = pcre2_compile((PCRE2_SPTR)expression.data, expression.len, COMPILE_OPTIONS, &number,
			     &at, NULL);
	if (code == NULL) {
		pcre2_get_error_message(number, (PCRE2_UCHAR *)text, sizeof(text));
		*offset = at < expression.len ? at : expression.len;
		*why = text;
		return NULL;
	}
	p = mem_alloc(sizeof(*p));
	*p = (struct pattern){ .plain = pattern_plain_new(expression), .code = code };
	return p;
}

void pattern_free(struct pattern *p)
{
	if (p == NULL)
		return;
	pattern_plain_free(p->plain);
	pcre2_code_free(p->code);
	free(p);
}

const struct pattern_plain *pattern_plain_of(const struct pattern *p)
{
	return p->plain;
}

static bool make_fast(pcre2_code *code)
{
	size_t size = 0;

	/* a pattern may say (*NO_JIT); that is no error, and has no size */
	return pcre2_jit_compile(code, PCRE2_JIT_COMPLETE) == 0 &&
	       pcre2_pattern_info(code, PCRE2_INFO_JITSIZE, &size) == 0 && size != 0;
}

void pattern_warm(struct pattern *p)
{
	if (!p->warm && p->plain == NULL)
		p->warm = make_fast(p->code);
}

/* ---- searching ------------------------------------------------------------- */

static uint32_t steps_for(size_t len)
{
	size_t steps = LIMIT_PATTERN_WORK / (len + 1);

	if (steps > LIMIT_PATTERN_STEPS)
		return LIMIT_PATTERN_STEPS;
	return steps < LIMIT_PATTERN_STEPS_LEAST ? LIMIT_PATTERN_STEPS_LEAST : (uint32_t)steps;
}

static int search_jit(const pcre2_code *code, struct str subject, const struct scratch *s)
{
	return pcre2_jit_match(code, (PCRE2_SPTR)subject.data, subject.len, 0, 0, s->data,
			       s->context);
}

static int search_plain(const pcre2_code *code, struct str subject, const struct scratch *s)
{
	return pcre2_match(code, (PCRE2_SPTR)subject.data, subject.len, 0,
			   PCRE2_NO_UTF_CHECK | PCRE2_NO_JIT, s->data, s->context);
}

/* The JIT's word on a pattern that is not warm, through a copy: p is shared. */
static int search_copy(const pcre2_code *code, struct str subject, const struct scratch *s)
{
	pcre2_code *copy = pcre2_code_copy(code);
	int rc = PCRE2_ERROR_MATCHLIMIT;

	if (copy != NULL && make_fast(copy))
		rc = search_jit(copy, subject, s);
	pcre2_code_free(copy);
	return rc;
}

static bool gave_up(int rc)
{
	return rc < 0 && rc != PCRE2_ERROR_NOMATCH;
}

static struct scratch *scratch_for(size_t len)
{
	struct scratch *s = own_scratch;
	uint32_t steps;

	if (s == NULL)
		s = scratch_new();
	steps = steps_for(len);
	if (s->steps != steps) {
		pcre2_set_match_limit(s->context, steps);
		s->steps = steps;
	}
	return s;
}

/* Apart, so that plain patterns do not pay for what it needs. */
__attribute__((noinline)) static enum pattern_result search(const struct pattern *p,
							    struct str subject)
{
	struct scratch *s = scratch_for(subject.len);
	int rc;

	rc = p->warm ? search_jit(p->code, subject, s) : search_plain(p->code, subject, s);
	if (gave_up(rc))
		rc = p->warm ? search_plain(p->code, subject, s) : search_copy(p->code, subject, s);
	if (gave_up(rc))
		return PATTERN_LIMIT;
	return rc == PCRE2_ERROR_NOMATCH ? PATTERN_NO : PATTERN_YES;
}

enum pattern_result pattern_search(const struct pattern *p, struct str subject)
{
	if (subject.len > LIMIT_PATTERN_SUBJECT)
		return PATTERN_LIMIT;
	if (p->plain != NULL)
		return pattern_plain_matches(p->plain, subject) ? PATTERN_YES : PATTERN_NO;
	return search(p, subject);
}

static bool is_anchored(const pcre2_code *code)
{
	uint32_t options = 0;

	return pcre2_pattern_info(code, PCRE2_INFO_ALLOPTIONS, &options) == 0 &&
	       (options & PCRE2_ANCHORED) != 0;
}

/* PCRE2's hard partial matching: a match is told only where nothing beyond the
 * end of the subject was asked for, and so is "no match". */
enum pattern_result pattern_search_beginning(const struct pattern *p, struct str beginning)
{
	struct scratch *s;
	int rc;

	if (beginning.len == 0 || beginning.len > LIMIT_PATTERN_SUBJECT)
		return PATTERN_LIMIT;
	s = scratch_for(beginning.len);
	rc = pcre2_match(p->code, (PCRE2_SPTR)beginning.data, beginning.len, 0,
			 PCRE2_NO_UTF_CHECK | PCRE2_NO_JIT | PCRE2_PARTIAL_HARD, s->data,
			 s->context);
	if (rc >= 0)
		return PATTERN_YES;
	return rc == PCRE2_ERROR_NOMATCH && is_anchored(p->code) ? PATTERN_NO : PATTERN_LIMIT;
}
