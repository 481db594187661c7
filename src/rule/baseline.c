/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Baselines. Knows how a finding is held against what was accepted; does not know where
 * findings come from, nor who prints what.
 */
#include "rule/baseline_inside.h"

#include <stdlib.h>

#include "base/digest.h"
#include "base/limit.h"
#include "model/write_json.h"
#include "rule/policy.h"

/* ---- entries ---------------------------------------------------------------- */

static int by_fingerprint(const void *a, const void *b)
{
	const struct accepted *x = *(struct accepted *const *)a, *y = *(struct accepted *const *)b;
	int order = str_compare(x->texts[TEXT_FINGERPRINT], y->texts[TEXT_FINGERPRINT]);

	return order != 0 ? order : str_compare(x->value, y->value);
}

int baseline_by_resource(const void *a, const void *b)
{
	static const int keys[] = { TEXT_RESOURCE, TEXT_RULE, TEXT_FIELD };
	const struct accepted *x = *(struct accepted *const *)a, *y = *(struct accepted *const *)b;
	int order;
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		order = str_compare(x->texts[keys[i]], y->texts[keys[i]]);
		if (order != 0)
			return order;
	}
	return by_fingerprint(a, b);
}

void baseline_sort(struct baseline *b)
{
	size_t i, n = 0;

	if (b->sorted)
		return;
	if (b->n != 0)
		qsort(b->list, b->n, sizeof(*b->list), by_fingerprint);
	for (i = 0; i < b->n; i++)
		if (n == 0 || by_fingerprint(&b->list[n - 1], &b->list[i]) != 0)
			b->list[n++] = b->list[i];
	b->n = n;
	b->sorted = true;
}

struct accepted *baseline_entry(struct baseline *b)
{
	struct accepted *a = ARENA_NEW(&b->arena, struct accepted);
	size_t i;

	if (b->n == b->cap) {
		b->cap = b->cap != 0 ? b->cap * 2 : 64;
		b->list = mem_grow(b->list, b->cap * sizeof(struct accepted *));
	}
	b->list[b->n++] = a;
	b->sorted = false;
	for (i = 0; i < N_TEXTS; i++)
		a->texts[i] = STR("");
	a->value = STR("");
	atomic_init(&a->met, false);
	return a;
}

struct baseline *baseline_new(const char *name)
{
	struct baseline *b = mem_alloc(sizeof(*b));

	*b = (struct baseline){ .name = name, .sorted = true };
	return b;
}

void baseline_free(struct baseline *b)
{
	if (b == NULL)
		return;
	arena_release(&b->arena);
	free(b->list);
	free(b->by_resource);
	free(b);
}

/* ---- values ----------------------------------------------------------------- */

static int by_key(const void *a, const void *b)
{
	return str_compare((*(const struct entry *const *)a)->key,
			   (*(const struct entry *const *)b)->key);
}

/* The value as JSON that is the same for equal values: keys sorted, absent as
 * null. Depth is bounded by that of what was read. */
static void put_canonical(struct write_json *w, const struct value *v)
{
	const struct entry **entries;
	uint32_t i;

	if (value_is_secret(v)) {
		write_json_value(w, v);
		return;
	}
	switch (v->kind) {
	case VALUE_LIST:
		write_json_array(w);
		for (i = 0; i < v->n; i++)
			put_canonical(w, &v->items[i]);
		write_json_array_end(w);
		break;
	case VALUE_MAP:
		entries = mem_alloc((v->n + 1) * sizeof(*entries));
		for (i = 0; i < v->n; i++)
			entries[i] = &v->entries[i];
		qsort(entries, v->n, sizeof(*entries), by_key);
		write_json_object(w);
		for (i = 0; i < v->n; i++) {
			write_json_key_str(w, entries[i]->key);
			put_canonical(w, &entries[i]->value);
		}
		write_json_object_end(w);
		free(entries);
		break;
	default:
		write_json_value(w, v);
	}
}

struct str baseline_value(struct arena *arena, const struct value *v)
{
	struct buf b = BUF_INIT(0);
	struct write_json w;
	char hex[DIGEST_HEX_SIZE];
	struct str text;

	write_json_init(&w, &b, false);
	if (v != NULL)
		put_canonical(&w, v);
	else
		write_json_null(&w);
	if (b.len > LIMIT_REPORT_VALUE) {
		digest_bytes(buf_str(&b), hex);
		text = str_of(arena_printf(arena, "\"sha256:%s\"", hex));
	} else {
		text = arena_buf(arena, &b);
	}
	buf_release(&b);
	return text;
}

/* ---- findings --------------------------------------------------------------- */

static const struct value *observed(const struct finding *f)
{
	return f->observed != NULL ? f->observed : f->actual;
}

void baseline_add(struct baseline *b, const struct subject *subject, const struct finding *f)
{
	struct accepted *a;

	if (f->verdict != VERDICT_FAIL)
		return;
	a = baseline_entry(b);
	a->texts[TEXT_FINGERPRINT] = arena_str(&b->arena, str_of(f->fingerprint));
	a->texts[TEXT_RULE] = arena_str(&b->arena, f->rule->id);
	a->texts[TEXT_SEVERITY] = str_of(severity_name(f->severity));
	a->texts[TEXT_RESOURCE] = arena_str(&b->arena, subject->id);
	a->texts[TEXT_NAME] = arena_str(&b->arena, subject->name);
	a->texts[TEXT_FIELD] = arena_str(&b->arena, f->field);
	a->texts[TEXT_MESSAGE] = arena_str(&b->arena, f->message);
	a->value = baseline_value(&b->arena, observed(f));
}

size_t baseline_n(const struct baseline *b)
{
	return b->n;
}

/* The first entry whose fingerprint is not below; b->n when there is none. */
static size_t first_of(const struct baseline *b, struct str fingerprint)
{
	size_t low = 0, high = b->n, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (str_compare(b->list[middle]->texts[TEXT_FINGERPRINT], fingerprint) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct str other_reason(const struct baseline *b, struct str accepted, struct arena *arena)
{
	struct buf text = BUF_INIT(0);
	struct str reason;

	buf_printf(&text, "baseline %s accepted ", b->name);
	if (accepted.len > LIMIT_SHOWN_VALUE)
		buf_puts(&text, "another value");
	else
		buf_put_str(&text, accepted);
	reason = arena_buf(arena, &text);
	buf_release(&text);
	return reason;
}

void baseline_apply(struct baseline *b, struct finding *f, struct arena *arena)
{
	struct str fingerprint = str_of(f->fingerprint), value;
	size_t first = first_of(b, fingerprint), i;

	if (first == b->n || !str_equal(b->list[first]->texts[TEXT_FINGERPRINT], fingerprint))
		return;
	value = baseline_value(arena, observed(f));
	for (i = first; i < b->n; i++) {
		if (!str_equal(b->list[i]->texts[TEXT_FINGERPRINT], fingerprint))
			break;
		if (!str_equal(b->list[i]->value, value))
			continue;
		atomic_store_explicit(&b->list[i]->met, true, memory_order_relaxed);
		if (f->verdict != VERDICT_FAIL)
			return; /* a waiver was there first */
		f->verdict = VERDICT_WAIVED;
		f->baselined = true;
		f->waiver = NULL;
		f->reason = str_of(arena_printf(arena, "accepted in baseline %s", b->name));
		return;
	}
	if (f->verdict == VERDICT_FAIL && f->reason.len == 0)
		f->reason = other_reason(b, b->list[first]->value, arena);
}

/* As by_resource: whether an entry stands before those of the rule and resource. */
static int compare_subject(const struct accepted *a, struct str subject, struct str rule)
{
	int order = str_compare(a->texts[TEXT_RESOURCE], subject);

	return order != 0 ? order : str_compare(a->texts[TEXT_RULE], rule);
}

void baseline_unsure(struct baseline *b, struct str subject, const struct finding *f)
{
	size_t low = 0, high = b->n, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (compare_subject(b->by_resource[middle], subject, f->rule->id) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < b->n && compare_subject(b->by_resource[low], subject, f->rule->id) == 0; low++)
		atomic_store_explicit(&b->by_resource[low]->met, true, memory_order_relaxed);
}

/* ---- what is gone ----------------------------------------------------------- */

static bool is_met(const struct accepted *a)
{
	return atomic_load_explicit(&a->met, memory_order_relaxed);
}

size_t baseline_n_met(const struct baseline *b)
{
	size_t i, n = 0;

	for (i = 0; i < b->n; i++)
		n += is_met(b->list[i]);
	return n;
}

bool baseline_next_gone(const struct baseline *b, size_t *at, struct buf *line)
{
	const struct accepted *a;

	while (*at < b->n && is_met(b->list[*at]))
		(*at)++;
	if (*at == b->n)
		return false;
	a = b->list[(*at)++];
	buf_put_str(line, a->texts[TEXT_RULE]);
	buf_puts(line, " of ");
	buf_put_str(line, a->texts[TEXT_RESOURCE]);
	if (a->texts[TEXT_FIELD].len != 0) {
		buf_puts(line, ": ");
		buf_put_str(line, a->texts[TEXT_FIELD]);
		if (a->value.len <= LIMIT_SHOWN_VALUE) {
			buf_puts(line, " is ");
			buf_put_str(line, a->value);
		}
	}
	return true;
}

void baseline_prune(struct baseline *b)
{
	size_t i, n = 0;

	for (i = 0; i < b->n; i++)
		if (is_met(b->list[i]))
			b->list[n++] = b->list[i];
	b->n = n;
}
