/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Verdicts and what is said of them. Knows the logic of `when` and `require`
 * and how a message is made from evidence.
 */
#include "rule/verdict.h"

#include "base/digest.h"
#include "base/limit.h"
#include "model/partial.h"

enum verdict verdict_of_truths(enum truth applies, enum truth holds, const struct judge *j)
{
	if (j->error != NULL)
		return VERDICT_ERROR;
	if (holds == TRUTH_TRUE)
		return VERDICT_PASS;
	if (applies == TRUTH_UNKNOWN || holds == TRUTH_UNKNOWN)
		return VERDICT_UNDECIDED;
	return VERDICT_FAIL;
}

enum verdict verdict_of(const struct compiled *c, const struct resource *r, struct judge *j)
{
	enum truth applies = TRUTH_TRUE, holds;

	if (!c->enabled)
		return VERDICT_NOT_APPLICABLE;
	if (c->error != NULL)
		return VERDICT_ERROR;
	j->error = NULL;
	if (c->when != NULL) {
		applies = cond_judge(c->when, r, j);
		if (j->error != NULL)
			return VERDICT_ERROR;
		if (applies == TRUTH_FALSE)
			return VERDICT_NOT_APPLICABLE;
	}
	holds = cond_judge(c->require, r, j);
	return verdict_of_truths(applies, holds, j);
}

/* ---- texts ----------------------------------------------------------------- */

void explain_init(struct explain *x, struct arena *arena, struct buf *text)
{
	*x = (struct explain){ .arena = arena, .text = text, .judge = { .arena = arena } };
}

/* A longer text is cut before a character, never within one; so is one of which a part did
 * not fit at all. */
struct str explain_take(struct explain *x)
{
	struct str all = buf_str(x->text), text;
	size_t len = all.len < LIMIT_MESSAGE_SIZE - 3 ? all.len : LIMIT_MESSAGE_SIZE - 3;
	char *to;

	if (all.len <= LIMIT_MESSAGE_SIZE && !x->text->failed) {
		text = arena_str(x->arena, all);
	} else {
		while (len > 0 && ((unsigned char)all.data[len] & 0xc0) == 0x80)
			len--;
		to = arena_alloc(x->arena, len + 4);
		memcpy(to, all.data, len);
		memcpy(to + len, "...", 4);
		text = (struct str){ to, len + 3 };
	}
	buf_clear(x->text);
	return text;
}

/* "tags.Owner is absent, expected video; ..." for the leaves that do not hold. What is
 * expected of one field is said of it once: "..., expected a and b". */
static void put_leaves(struct buf *b, const struct evidence *e)
{
	const struct evidence *before = NULL;

	for (; e != NULL && b->len <= LIMIT_MESSAGE_SIZE; before = e, e = e->next) {
		if (before != NULL && e->field.len != 0 && e->actual == before->actual &&
		    str_equal(e->field, before->field)) {
			PUT(b, " and ");
		} else {
			buf_puts(b, before != NULL ? "; " : "");
			if (e->field.len != 0) {
				buf_put_str(b, e->field);
				PUT(b, " is ");
				value_show(b, e->actual, LIMIT_SHOWN_VALUE);
				PUT(b, ", ");
			}
			PUT(b, "expected ");
		}
		buf_put_str(b, e->expected);
		if (e->detail.len != 0) {
			PUT(b, " (");
			buf_put_str(b, e->detail);
			buf_putc(b, ')');
		}
	}
}

void finding_init(struct finding *f, const struct compiled *c, enum verdict verdict)
{
	*f = (struct finding){
		.rule = c->rule,
		.verdict = verdict,
		.severity = c->severity,
		.field = STR(""),
		.expected = STR(""),
		.message = STR(""),
		.reason = STR(""),
	};
}

void finding_fingerprint(struct finding *f, struct str subject)
{
	const struct str parts[] = { f->rule->id, subject, f->field };

	digest_parts(parts, 3, f->fingerprint);
}

static void take_evidence(const struct explain *x, struct finding *f, const struct evidence *e,
			  const struct resource *r)
{
	f->field = e->field;
	f->actual = e->actual;
	f->expected = e->expected;
	f->place = source_place(r->source, e->place);
	/* The line of the whole says nothing of what it lacks, and that of a plan is the
	 * plan, with what is secret in it. */
	if (x->excerpts && e->actual != NULL && e->actual->kind != VALUE_ABSENT &&
	    r->source_kind != SOURCE_TERRAFORM && !value_holds_secret(e->actual))
		source_excerpt(r->source, e->place, &f->excerpt);
}

const struct value *evidence_values(const struct evidence *e, struct arena *arena)
{
	const struct evidence *first, *one;
	struct value *list, *items;
	uint32_t n = 0;

	for (first = e; first != NULL; first = first->next)
		for (one = first; one != NULL; one = one->also)
			n++;
	if (n == 1)
		return NULL;
	list = ARENA_NEW(arena, struct value);
	items = ARENA_ARRAY(arena, n, struct value);
	list->kind = VALUE_LIST;
	list->n = n;
	list->items = items;
	for (first = e; first != NULL; first = first->next)
		for (one = first; one != NULL; one = one->also)
			*items++ = *one->actual;
	return list;
}

void explain_reason(struct explain *x, struct finding *f)
{
	f->reason = explain_take(x);
	f->message = str_of(arena_printf(x->arena, "%.*s %s", STR_ARG(f->rule->id),
					 f->verdict == VERDICT_ERROR ? "could not be evaluated"
								     : "cannot be decided"));
}

const char *explain_not_known(struct arena *arena, struct str field, const struct value *v,
			      const char *why)
{
	struct buf b = BUF_INIT(LIMIT_MESSAGE_SIZE);
	const char *text;

	if (value_partial(v) == NULL && (v->flags & VALUE_OPEN) == 0)
		return arena_printf(arena, "%.*s is unknown: %s", STR_ARG(field), why);
	value_show(&b, v, LIMIT_SHOWN_VALUE);
	text = arena_printf(arena, "%.*s is %.*s: %s", STR_ARG(field), STR_ARG(buf_str(&b)), why);
	buf_release(&b);
	return text;
}

const char *explain_unknown(struct explain *x, const struct cond *c, const struct resource *r,
			    struct evidence *e)
{
	x->judge.error = NULL;
	cond_explain(c, r, &x->judge, x->arena, e);
	if (x->judge.error != NULL)
		return x->judge.error;
	if (e->why == NULL)
		return "its value is not known";
	if (e->field.len == 0 || str_starts(str_of(e->why), e->field))
		return e->why;
	return explain_not_known(x->arena, e->field, e->actual, e->why);
}

static void explain_fail(struct explain *x, const struct compiled *c, const struct resource *r,
			 struct finding *f, struct evidence *e)
{
	x->judge.error = NULL;
	cond_explain(c->require, r, &x->judge, x->arena, e);
	take_evidence(x, f, e, r);
	if (c->message != NULL)
		format_put(c->message, r, e, x->text);
	else
		put_leaves(x->text, e);
	f->message = explain_take(x);
}

static void explain_undecided(struct explain *x, const struct compiled *c, const struct resource *r,
			      struct finding *f)
{
	struct evidence e;
	const char *why;

	x->judge.error = NULL;
	if (c->when != NULL && cond_judge(c->when, r, &x->judge) == TRUTH_UNKNOWN) {
		why = explain_unknown(x, c->when, r, &e);
		buf_puts(x->text, "whether the rule applies is not known: ");
	} else {
		why = explain_unknown(x, c->require, r, &e);
	}
	take_evidence(x, f, &e, r);
	buf_puts(x->text, why);
	explain_reason(x, f);
}

static void explain_error(struct explain *x, const struct compiled *c, const struct resource *r,
			  struct finding *f)
{
	const char *why = c->error;

	f->place = source_place(r->source, r->place);
	if (why == NULL) {
		verdict_of(c, r, &x->judge);
		why = x->judge.error;
	}
	buf_puts(x->text, why != NULL ? why : "the rule could not be evaluated");
	explain_reason(x, f);
}

static void explain_not_applicable(struct explain *x, const struct compiled *c,
				   const struct resource *r, struct finding *f)
{
	struct evidence e;

	if (!c->enabled) {
		f->reason = STR("an override disables the rule here");
		return;
	}
	x->judge.error = NULL;
	cond_explain(c->when, r, &x->judge, x->arena, &e);
	buf_puts(x->text, "'when' does not hold: ");
	put_leaves(x->text, &e);
	f->reason = explain_take(x);
}

void explain_verdict(struct explain *x, const struct compiled *c, enum verdict verdict,
		     const struct resource *r, struct finding *f, struct evidence *e)
{
	finding_init(f, c, verdict);
	buf_clear(x->text);
	switch (verdict) {
	case VERDICT_FAIL:
		explain_fail(x, c, r, f, e);
		break;
	case VERDICT_UNDECIDED:
		explain_undecided(x, c, r, f);
		break;
	case VERDICT_ERROR:
		explain_error(x, c, r, f);
		break;
	case VERDICT_NOT_APPLICABLE:
		explain_not_applicable(x, c, r, f);
		break;
	default:
		break;
	}
}
