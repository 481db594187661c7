/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Findings by account and region. Counts; does not know how they are drawn.
 */
#include "base/limit.h"
#include "report/html_inside.h"

static bool is_scope(const struct html_scope *scope, const struct subject *s)
{
	return str_equal(scope->account, s->account) && str_equal(scope->region, s->region);
}

static struct html_scope *scope_new(struct html *h, const struct subject *s)
{
	struct html_scope *scope = &h->scopes[h->last_scope];

	*scope = (struct html_scope){ .account = arena_str(&h->arena, s->account),
				      .region = arena_str(&h->arena, s->region) };
	return scope;
}

/* The one of the judgement before is the likeliest. */
static struct html_scope *scope_of(struct html *h, const struct subject *s)
{
	struct names *names = &h->scope_names;
	struct str key;
	bool is_new;
	size_t at;

	if (names->n != 0 && is_scope(&h->scopes[h->last_scope], s))
		return &h->scopes[h->last_scope];
	buf_clear(&h->shown);
	buf_put_str(&h->shown, s->account);
	buf_putc(&h->shown, '\0');
	buf_put_str(&h->shown, s->region);
	key = buf_str(&h->shown);
	at = names_find(names, key);
	if (at == NAMES_NONE && names->n == LIMIT_HTML_ROWS) {
		buf_clear(&h->shown);
		return &h->more;
	}
	at = names_add(names, key, &is_new);
	buf_clear(&h->shown);
	if (names->n > h->scopes_cap) {
		h->scopes_cap = h->scopes_cap == 0 ? 16 : 2 * h->scopes_cap;
		h->scopes = mem_grow(h->scopes, h->scopes_cap * sizeof(*h->scopes));
	}
	h->last_scope = at;
	return is_new ? scope_new(h, s) : &h->scopes[at];
}

void html_scope_count(struct html *h, const struct judgement *j)
{
	struct html_scope *scope = NULL;
	enum verdict verdict;
	size_t i;

	for (i = 0; i < j->n_findings; i++) {
		verdict = j->findings[i].verdict;
		if (verdict == VERDICT_PASS || verdict == VERDICT_NOT_APPLICABLE)
			continue;
		if (scope == NULL)
			scope = scope_of(h, &j->subject);
		scope->counts[verdict]++;
	}
}
