/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether two values of a template are equal texts, as far as that is known before the
 * deploy. Of an unquoted scalar of YAML it is not always known which text it is.
 */
#include "input/cfn.h"

#include <stddef.h>
#include <string.h>

/* ---- unquoted scalars ------------------------------------------------------------- */

static bool is_word(struct str s)
{
	static const char *const words[] = { "yes", "Yes", "YES", "no",  "No",  "NO",
					     "on",  "On",  "ON",  "off", "Off", "OFF" };
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (str_is(s, words[i]))
			return true;
	return false;
}

/* A whole number as everybody writes it: YAML 1.1 and 1.2 read the same in it. */
static bool is_whole(struct str s)
{
	size_t i = s.len > 0 && s.data[0] == '-' ? 1 : 0;

	if (i == s.len || (s.data[i] == '0' && s.len > 1))
		return false;
	for (; i < s.len; i++)
		if (s.data[i] < '0' || s.data[i] > '9')
			return false;
	return true;
}

/* What may be a number to somebody: 010, 0x1f, 1_000, 1.50, 1e3, 1:30. */
static bool is_like_number(struct str s)
{
	size_t i, points = 0, digits = 0;

	for (i = 0; i < s.len; i++) {
		char c = s.data[i];

		if ((c == '-' || c == '+') && i > 0 && (s.data[i - 1] | 0x20) != 'e')
			return false;
		if (strchr("0123456789abcdefABCDEFxXoO_.:+-", c) == NULL)
			return false;
		digits += c >= '0' && c <= '9';
		points += c == '.';
	}
	return digits > 0 && points <= 1 && strchr("0123456789+-.", s.data[0]) != NULL;
}

/*
 * YAML 1.1 has truths and numbers that 1.2 has not, and numbers are written anew: what
 * CloudFormation makes of `yes` or of 1.50 as a text nobody has said.
 */
static bool is_unsure(const struct value *v)
{
	struct str s = value_str(v);

	return v->kind == VALUE_STRING && (v->flags & VALUE_PLAIN) != 0 &&
	       (is_word(s) || (!is_whole(s) && is_like_number(s)));
}

/* Of two texts that differ in their bytes, or in that one is quoted: whether they may be
 * the same where one, `x`, is not sure. */
static bool may_be_same(struct str x, struct str y)
{
	struct number n, m;

	if (is_word(x))
		return str_equal(x, y) || is_word(y) || str_is(y, "true") || str_is(y, "false");
	if (!is_like_number(y))
		return false;
	return !number_parse(x, &n) || !number_parse(y, &m) || number_compare(n, m) == 0;
}

/* ---- values ----------------------------------------------------------------------- */

/* Whether a text could be what a text with gaps comes to. */
static bool could_be(const struct cfn_unknown *u, struct str text)
{
	const struct cfn_part *first = &u->parts[0], *last = &u->parts[u->n_parts - 1];
	size_t least = 0;
	uint32_t i;

	for (i = 0; i < u->n_parts; i++)
		least += u->parts[i].text.len;
	if (text.len < least)
		return false;
	return (first->gap != NULL || str_starts(text, first->text)) &&
	       (last->gap != NULL || str_ends(text, last->text));
}

static enum cfn_truth equal_one(struct arena *a, const struct value *x, const struct value *y)
{
	const struct cfn_unknown *u = cfn_unknown_of(x), *w = cfn_unknown_of(y);
	struct str left, right;
	bool known_left = cfn_text(a, x, &left), known_right = cfn_text(a, y, &right);

	if (known_left && known_right && (is_unsure(x) || is_unsure(y)) &&
	    !(str_equal(left, right) && (x->flags & y->flags & VALUE_PLAIN) != 0))
		return may_be_same(is_unsure(x) ? left : right, is_unsure(x) ? right : left)
			   ? CFN_UNKNOWN
			   : CFN_FALSE;
	if (known_left && known_right)
		return str_equal(left, right) ? CFN_TRUE : CFN_FALSE;
	if (known_left && w != NULL && w->n_parts > 0)
		return could_be(w, left) ? CFN_UNKNOWN : CFN_FALSE;
	if (known_right && u != NULL && u->n_parts > 0)
		return could_be(u, right) ? CFN_UNKNOWN : CFN_FALSE;
	if (u != NULL && w != NULL && cfn_same_parts(u, w))
		return CFN_TRUE; /* whatever the gaps are, they are the same */
	if (x->kind != VALUE_UNKNOWN && y->kind != VALUE_UNKNOWN)
		return value_equal(x, y) ? CFN_TRUE : CFN_FALSE;
	return CFN_UNKNOWN;
}

enum cfn_truth cfn_equal(struct arena *a, const struct value *x, const struct value *y)
{
	const struct cfn_unknown *u = cfn_choices(x), *w = cfn_choices(y);
	uint32_t i, k, n = u != NULL ? u->n_may : 1, m = w != NULL ? w->n_may : 1;
	enum cfn_truth all = CFN_UNKNOWN, one;

	for (i = 0; i < n; i++)
		for (k = 0; k < m; k++) {
			one = equal_one(a, u != NULL ? &u->may[i] : x, w != NULL ? &w->may[k] : y);
			if (one == CFN_UNKNOWN || (i + k > 0 && one != all))
				return CFN_UNKNOWN;
			all = one;
		}
	return all;
}
