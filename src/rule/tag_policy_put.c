/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules for a tag, with their tests, as YAML. Knows how our rules say what a tag policy
 * says.
 */
#include "rule/tag_policy_inside.h"

#include "base/text.h"
#include "model/write_json.h"

static void put_string(struct import *m, struct str s)
{
	write_json_escape(m->out, s);
}

/* What cannot stand in an id is left out; only where two would be the same a
 * number follows, so that an id stays when other tags come and go. */
static void put_id(struct import *m, const char *what, struct str key)
{
	struct buf b = BUF_INIT(0);
	bool is_new;
	size_t i, len, n;
	char c;

	buf_printf(&b, "tag-policy-%s", what);
	for (i = 0, n = 0; i < key.len && n < 60; i++) {
		c = (char)text_fold((unsigned char)key.data[i]);
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')))
			continue;
		if (n++ == 0)
			buf_putc(&b, '-');
		buf_putc(&b, c);
	}
	len = b.len;
	names_add(&m->ids, buf_str(&b), &is_new);
	for (n = 2; !is_new; n++) {
		b.len = len;
		buf_printf(&b, "-%zu", n);
		names_add(&m->ids, buf_str(&b), &is_new);
	}
	buf_puts(m->out, "  - id: ");
	buf_put_str(m->out, buf_str(&b));
	buf_putc(m->out, '\n');
	m->rules++;
	buf_release(&b);
}

static void put_head(struct import *m, const char *what, const struct tag *tag, const char *title,
		     const char *severity)
{
	struct buf b = BUF_INIT(0);

	put_id(m, what, tag->key);
	buf_puts(&b, "Tag ");
	buf_put_str(&b, tag->key);
	buf_puts(&b, title);
	buf_puts(m->out, "    title: ");
	put_string(m, buf_str(&b));
	buf_printf(m->out, "\n    severity: %s\n    category: tags\n", severity);
	buf_puts(m->out, "    rationale: The organization's tag policy says so.\n"
			 "    remediation: Set the tag with TagResource; tags change in place.\n");
	buf_release(&b);
}

static void put_test(struct import *m, const char *name, struct str key, struct str value,
		     const char *expect)
{
	buf_printf(m->out, "      - name: %s\n        given: {tags: {", name);
	put_string(m, key);
	buf_puts(m->out, ": ");
	put_string(m, value);
	buf_printf(m->out, "}}\n        expect: %s\n", expect);
}

/* The last test of a rule. */
static void put_test_without(struct import *m, const char *expect)
{
	buf_printf(m->out,
		   "      - name: without the tag\n        given: {tags: {}}\n"
		   "        expect: %s\n\n",
		   expect);
}

/* Quoted for a pattern: what is no letter, digit or other character of more
 * than one byte. */
static void put_pattern_text(struct buf *b, struct str s)
{
	size_t i;
	unsigned char c;

	for (i = 0; i < s.len; i++) {
		c = (unsigned char)s.data[i];
		if (c == '\0') {
			buf_puts(b, "\\x00");
			continue;
		}
		if (c < 0x80 &&
		    !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')))
			buf_putc(b, '\\');
		buf_putc(b, (char)c);
	}
}

/* The same with another case, in `to`; false where it has no letter. */
static bool other_case(struct import *m, struct str key, struct str *to)
{
	char *copy = arena_alloc(&m->arena, key.len + 1);
	bool changed = false;
	size_t i;

	for (i = 0; i < key.len; i++) {
		copy[i] = key.data[i];
		if (changed)
			continue;
		if (copy[i] >= 'a' && copy[i] <= 'z') {
			copy[i] = (char)(copy[i] - 32);
			changed = true;
		} else if (copy[i] >= 'A' && copy[i] <= 'Z') {
			copy[i] = (char)(copy[i] + 32);
			changed = true;
		}
	}
	*to = (struct str){ copy, key.len };
	return changed;
}

void tag_policy_put_case(struct import *m, const struct tag *tag)
{
	struct buf b = BUF_INIT(0);
	struct str other;

	if (!other_case(m, tag->key, &other))
		return; /* it is written in one way alone */
	put_head(m, "case", tag, " is written so, capitals and all", "medium");
	buf_puts(&b, "^(?!");
	put_pattern_text(&b, tag->key);
	buf_puts(&b, "$)(?i:");
	put_pattern_text(&b, tag->key);
	buf_puts(&b, ")$");
	buf_puts(m->out, "    require: {tags: {keys: {not_matches: ");
	put_string(m, buf_str(&b));
	buf_puts(m->out, "}}}\n    tests:\n");
	put_test(m, "as it must be written", tag->key, STR("x"), "pass");
	put_test(m, "with another capital", other, STR("x"), "fail");
	put_test_without(m, "pass");
	buf_release(&b);
}

/* As allowed_values takes it: a text, or where it has `*`, `?` or `[` a shell
 * pattern, `*` alone being special. A dollar would name a parameter. */
static struct str shell_pattern(struct import *m, struct str value)
{
	struct buf b = BUF_INIT(0);
	struct str text;
	bool glob = false;
	size_t i;

	for (i = 0; i < value.len; i++)
		glob = glob || memchr("*?[", value.data[i], 3) != NULL;
	if (str_starts(value, STR("$")))
		buf_putc(&b, '$');
	for (i = 0; i < value.len; i++) {
		if (glob && memchr("?[]\\", value.data[i], 4) != NULL)
			buf_putc(&b, '\\');
		buf_putc(&b, value.data[i]);
	}
	text = arena_buf(&m->arena, &b);
	buf_release(&b);
	return text;
}

/* A value that the list allows: its first, the `*` as nothing. */
static struct str allowed_example(struct import *m, struct str value)
{
	struct buf b = BUF_INIT(0);
	struct str text;
	size_t i;

	for (i = 0; i < value.len; i++)
		if (value.data[i] != '*')
			buf_putc(&b, value.data[i]);
	text = arena_buf(&m->arena, &b);
	buf_release(&b);
	return text;
}

static bool is_allowed(struct import *m, const struct value *values, struct str text)
{
	struct str value;
	uint32_t i;

	for (i = 0; i < values->n; i++) {
		value = value_str(&values->items[i]);
		if (str_equal(value, text) || (memchr(value.data, '*', value.len) != NULL &&
					       text_glob(shell_pattern(m, value), text)))
			return true;
	}
	return false;
}

void tag_policy_put_values(struct import *m, const struct tag *tag)
{
	const struct str other = STR("no value of the tag policy");
	uint32_t i;

	if (tag->values->n == 0) {
		put_head(m, "none", tag, " is not used: no value is allowed", "medium");
		buf_puts(m->out, "    require: {tags: {lacks_keys: [");
		put_string(m, tag->key);
		buf_puts(m->out, "]}}\n    tests:\n");
		put_test(m, "with the tag", tag->key, STR("x"), "fail");
		put_test_without(m, "pass");
		return;
	}
	put_head(m, "values", tag, " has a value that the tag policy allows", "medium");
	buf_puts(m->out, "    require: {tags: {allowed_values: {");
	put_string(m, tag->key);
	buf_puts(m->out, ": [");
	for (i = 0; i < tag->values->n; i++) {
		buf_puts(m->out, i != 0 ? ", " : "");
		put_string(m, shell_pattern(m, value_str(&tag->values->items[i])));
	}
	buf_puts(m->out, "]}}}\n    tests:\n");
	put_test(m, "an allowed value", tag->key,
		 allowed_example(m, value_str(&tag->values->items[0])), "pass");
	if (!is_allowed(m, tag->values, other))
		put_test(m, "another value", tag->key, other, "fail");
	put_test_without(m, "pass");
}

void tag_policy_put_required(struct import *m, const struct tag *tag)
{
	put_head(m, "required", tag, " is required", "high");
	buf_puts(m->out, "    require: {tags: {has_keys: [");
	put_string(m, tag->key);
	buf_puts(m->out, "]}}\n    tests:\n");
	put_test(m, "with the tag", tag->key, STR("x"), "pass");
	put_test_without(m, "fail");
}
