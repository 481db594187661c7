/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The file of a baseline, read and written. Knows its members; what they are compared
 * with is baseline.c's.
 */
#include "rule/baseline_inside.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/limit.h"
#include "model/json.h"
#include "model/write_json.h"

static const char *const text_names[N_TEXTS] = {
	[TEXT_FINGERPRINT] = "fingerprint", [TEXT_RULE] = "rule", [TEXT_SEVERITY] = "severity",
	[TEXT_RESOURCE] = "resource",       [TEXT_NAME] = "name", [TEXT_FIELD] = "field",
	[TEXT_MESSAGE] = "message",         [TEXT_NOTE] = "note",
};

/* ---- reading ---------------------------------------------------------------- */

static int read_member(struct baseline *b, struct json *j, struct str key, struct accepted *a)
{
	struct value v;
	size_t i;

	if (str_is(key, "value")) {
		if (json_value(j, &v) == -1)
			return -1;
		a->value = baseline_value(&b->arena, &v);
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
	struct accepted *a = baseline_entry(b);
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
	baseline_sort(b);
	b->by_resource = mem_alloc((b->n + 1) * sizeof(struct accepted *));
	if (b->n != 0) {
		memcpy(b->by_resource, b->list, b->n * sizeof(struct accepted *));
		qsort(b->by_resource, b->n, sizeof(struct accepted *), baseline_by_resource);
	}
	return b;
bad:
	buf_release(&text);
	baseline_free(b);
	return NULL;
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

	baseline_sort(b);
	if (b->n != 0)
		qsort(b->list, b->n, sizeof(*b->list), baseline_by_resource);
	b->sorted = false;
	buf_puts(out, "{\n  \"ivslintBaseline\": 1,\n  \"about\": \"Accepted findings of ivslint: "
		      "one with another value is new. A 'note' may be added to each.\",\n"
		      "  \"accepted\": [");
	for (i = 0; i < b->n; i++) {
		buf_puts(out, i != 0 ? ",\n" : "\n");
		put_entry(out, b->list[i]);
	}
	buf_puts(out, b->n != 0 ? "\n  ]\n}\n" : "]\n}\n");
	baseline_sort(b);
}
