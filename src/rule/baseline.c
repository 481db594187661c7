/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Baselines. Knows the file and how a finding is held against it; does not know
 * where findings come from, nor who prints what.
 */
#include "rule/baseline.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/limit.h"
#include "model/json.h"
#include "model/write_json.h"
#include "rule/policy.h"

/* Texts that say which finding it is, in the order of the file. Only the first
 * is compared; the others are for people, and for the order. */
enum {
	TEXT_FINGERPRINT,
	TEXT_RULE,
	TEXT_SEVERITY,
	TEXT_RESOURCE,
	TEXT_NAME,
	TEXT_FIELD,
	TEXT_MESSAGE,
	TEXT_NOTE,
	N_TEXTS
};

static const char *const text_names[N_TEXTS] = {
	[TEXT_FINGERPRINT] = "fingerprint", [TEXT_RULE] = "rule", [TEXT_SEVERITY] = "severity",
	[TEXT_RESOURCE] = "resource",       [TEXT_NAME] = "name", [TEXT_FIELD] = "field",
	[TEXT_MESSAGE] = "message",         [TEXT_NOTE] = "note",
};

struct accepted {
	struct str texts[N_TEXTS];
	struct str value; /* as JSON; of a large one its digest, a JSON string too */
	atomic_bool met;
};

struct baseline {
	const char *name;
	struct arena arena;
	struct accepted **list;
	struct accepted **by_resource; /* the same by resource and rule; made by read */
	size_t n, cap;
	bool sorted; /* by fingerprint and value: what apply looks for */
};

/* ---- order ------------------------------------------------------------------ */

static int by_fingerprint(const void *a, const void *b)
{
	const struct accepted *x = *(struct accepted *const *)a, *y = *(struct accepted *const *)b;
	int order = str_compare(x->texts[TEXT_FINGERPRINT], y->texts[TEXT_FINGERPRINT]);

	return order != 0 ? order : str_compare(x->value, y->value);
}

static int by_resource(const void *a, const void *b)
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

/* Sorts for searching, and drops what is there twice. */
static void sort(struct baseline *b)
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

static struct accepted *add(struct baseline *b)
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

/* The value as it is compared and written; a large one as its digest. */
static struct str value_text(struct arena *arena, const struct value *v)
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

/* ---- reading ---------------------------------------------------------------- */

static int read_member(struct baseline *b, struct json *j, struct str key, struct accepted *a)
{
	struct value v;
	size_t i;

	if (str_is(key, "value")) {
		if (json_value(j, &v) == -1)
			return -1;
		a->value = value_text(&b->arena, &v);
		return 0;
	}
	for (i = 0; i < N_TEXTS; i++)
		if (str_is(key, text_names[i]))
			return json_string(j, &a->texts[i]);
	return json_fail(j, j->key_at, "a member that entries of a baseline do not have");
}

static bool is_fingerprint(struct str s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (strchr("0123456789abcdef", s.data[i]) == NULL || s.data[i] == '\0')
			return false;
	return s.len == DIGEST_HEX_SIZE - 1;
}

static int read_entry(struct baseline *b, struct json *j)
{
	struct json_keys keys = { .n = 0 };
	struct accepted *a = add(b);
	struct str key;
	const char *at;
	bool first;
	int more;

	json_peek(j);
	at = j->next;
	if (json_open(j, '{') == -1)
		return -1;
	for (first = true; (more = json_member(j, first, &key)) == 1; first = false)
		if (json_keys_add(j, &keys, key, j->key_at) == -1 ||
		    read_member(b, j, key, a) == -1)
			return -1;
	if (more == -1)
		return -1;
	if (!is_fingerprint(a->texts[TEXT_FINGERPRINT]))
		return json_fail(j, at, "an entry needs 'fingerprint', 64 hexadecimal digits");
	if (a->value.len == 0)
		return json_fail(j, at, "an entry needs 'value', the value that is accepted");
	return 0;
}

static int read_entries(struct baseline *b, struct json *j)
{
	bool first;
	int more;

	if (json_open(j, '[') == -1)
		return -1;
	for (first = true; (more = json_item(j, first)) == 1; first = false)
		if (read_entry(b, j) == -1)
			return -1;
	return more;
}

static int read_version(struct json *j)
{
	const char *at;
	struct number n;

	json_peek(j);
	at = j->next;
	if (json_number(j, &n) == -1)
		return -1;
	if (number_compare(n, number_of_int(1)) != 0)
		return json_fail(j, at, "this program reads version 1 of baselines");
	return 0;
}

static int read_document(struct baseline *b, struct json *j)
{
	bool first, version = false, entries = false;
	struct json_keys keys = { .n = 0 };
	struct str key;
	int more;

	if (json_open(j, '{') == -1)
		return -1;
	for (first = true; (more = json_member(j, first, &key)) == 1; first = false) {
		if (json_keys_add(j, &keys, key, j->key_at) == -1)
			return -1;
		if (str_is(key, "ivslintBaseline")) {
			version = true;
			more = read_version(j);
		} else if (str_is(key, "accepted")) {
			entries = true;
			more = read_entries(b, j);
		} else if (str_is(key, "about")) {
			more = json_skip(j);
		} else {
			more = json_fail(j, j->key_at, "a member that baselines do not have");
		}
		if (more == -1)
			return -1;
	}
	if (more == -1)
		return -1;
	if (!version || !entries)
		return json_fail(j, j->next,
				 "no baseline: it lacks 'ivslintBaseline' or 'accepted'");
	if (!json_at_end(j))
		return json_fail(j, j->next, "something stands behind the baseline");
	return 0;
}

struct baseline *baseline_read(const char *path, struct err *err)
{
	struct buf text = BUF_INIT(LIMIT_BASELINE_SIZE + JSON_PADDING);
	struct baseline *b = baseline_new(path);
	struct source source;
	struct place place;
	struct str bytes;
	struct json j;
	char *copy;
	size_t len;

	if (file_read(&text, path, err) == -1) {
		err->kind = ERR_POLICY;
		goto bad;
	}
	len = text.len;
	if (len > LIMIT_BASELINE_SIZE) {
		err_set(err, ERR_POLICY, "'%s' is larger than the limit of %u bytes", path,
			LIMIT_BASELINE_SIZE);
		goto bad;
	}
	/* texts of entries point into it */
	bytes = (struct str){ copy = arena_alloc(&b->arena, len + JSON_PADDING), len };
	if (len != 0)
		memcpy(copy, text.data, len);
	json_init(&j, bytes, &b->arena);
	source_init(&source, path, bytes);
	if (read_document(b, &j) == -1) {
		place = source_place(&source, json_place(&j, j.error_at));
		err_at(err, ERR_POLICY, place.line, place.column, "%s:%u:%u: %s", path, place.line,
		       place.column, j.error);
		goto bad;
	}
	buf_release(&text);
	sort(b);
	b->by_resource = mem_alloc((b->n + 1) * sizeof(struct accepted *));
	if (b->n != 0) {
		memcpy(b->by_resource, b->list, b->n * sizeof(struct accepted *));
		qsort(b->by_resource, b->n, sizeof(struct accepted *), by_resource);
	}
	return b;
bad:
	buf_release(&text);
	baseline_free(b);
	return NULL;
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
	a = add(b);
	a->texts[TEXT_FINGERPRINT] = arena_str(&b->arena, str_of(f->fingerprint));
	a->texts[TEXT_RULE] = arena_str(&b->arena, f->rule->id);
	a->texts[TEXT_SEVERITY] = str_of(severity_name(f->severity));
	a->texts[TEXT_RESOURCE] = arena_str(&b->arena, subject->id);
	a->texts[TEXT_NAME] = arena_str(&b->arena, subject->name);
	a->texts[TEXT_FIELD] = arena_str(&b->arena, f->field);
	a->texts[TEXT_MESSAGE] = arena_str(&b->arena, f->message);
	a->value = value_text(&b->arena, observed(f));
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
	value = value_text(arena, observed(f));
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

/* ---- writing ---------------------------------------------------------------- */

static void put_entry(struct buf *out, const struct accepted *a)
{
	size_t i;

	buf_puts(out, "    {");
	for (i = 0; i < N_TEXTS; i++) {
		if (i == TEXT_MESSAGE) {
			buf_puts(out, ",\n      \"value\": ");
			buf_put_str(out, a->value);
		}
		if (i != TEXT_FINGERPRINT && a->texts[i].len == 0)
			continue;
		buf_printf(out, "%s\n      \"%s\": ", i != 0 ? "," : "", text_names[i]);
		write_json_escape(out, a->texts[i]);
	}
	buf_puts(out, "\n    }");
}

void baseline_put(struct baseline *b, struct buf *out)
{
	size_t i;

	sort(b);
	if (b->n != 0)
		qsort(b->list, b->n, sizeof(*b->list), by_resource);
	b->sorted = false;
	buf_puts(out, "{\n  \"ivslintBaseline\": 1,\n  \"about\": \"Accepted findings of ivslint: "
		      "one with another value is new. A 'note' may be added to each.\",\n"
		      "  \"accepted\": [");
	for (i = 0; i < b->n; i++) {
		buf_puts(out, i != 0 ? ",\n" : "\n");
		put_entry(out, b->list[i]);
	}
	buf_puts(out, b->n != 0 ? "\n  ]\n}\n" : "]\n}\n");
	sort(b);
}
