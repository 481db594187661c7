/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A strict pull reader of JSON. Knows RFC 8259 and where each byte stands; does
 * not know what the text is about.
 */
#include "model/json.h"

#include <stdlib.h>

#include "base/limit.h"
#include "base/text.h"
#include "model/json_scan.h"

void json_init(struct json *j, struct str bytes, struct arena *arena)
{
	*j = (struct json){
		.next = bytes.data,
		.start = bytes.data,
		.end = bytes.data + bytes.len,
		.arena = arena,
	};
}

int json_fail(struct json *j, const char *at, const char *text)
{
	if (j->error == NULL) {
		j->error = text;
		j->error_at = at;
	}
	return -1;
}

/* What stands where something else was expected. */
static int fail_expected(struct json *j, const char *expected)
{
	const char *p = j->next;
	unsigned char c = (unsigned char)*p;
	size_t step;

	if (p >= j->end)
		return json_fail(j, j->end,
				 arena_printf(j->arena, "unexpected end, expected %s", expected));
	if (c < 0x20 || c == 0x7f)
		return json_fail(j, p,
				 arena_printf(j->arena,
					      "unexpected control character 0x%02x, expected %s", c,
					      expected));
	step = text_utf8_step(p, (size_t)(j->end - p));
	if (step == 0)
		return json_fail(j, p, "not UTF-8");
	return json_fail(
	    j, p, arena_printf(j->arena, "unexpected '%.*s', expected %s", (int)step, p, expected));
}

int json_open(struct json *j, char bracket)
{
	if (j->error != NULL)
		return -1;
	if (json_peek(j) != bracket)
		return fail_expected(j, bracket == '{' ? "an object" : "an array");
	if (j->depth >= LIMIT_JSON_DEPTH)
		return json_fail(
		    j, j->next,
		    arena_printf(j->arena, "nested deeper than the limit of %d", LIMIT_JSON_DEPTH));
	j->depth++;
	j->next++;
	return 0;
}

int json_item(struct json *j, bool first)
{
	char c;

	if (j->error != NULL)
		return -1;
	c = json_peek(j);
	if (c == ']') {
		j->next++;
		j->depth--;
		return 0;
	}
	if (first)
		return 1;
	if (c != ',')
		return fail_expected(j, "',' or ']'");
	j->next++;
	if (json_peek(j) == ']')
		return json_fail(j, j->next, "a comma before ']'");
	return 1;
}

int json_member(struct json *j, bool first, struct str *key)
{
	char c;

	if (j->error != NULL)
		return -1;
	c = json_peek(j);
	if (c == '}') {
		j->next++;
		j->depth--;
		return 0;
	}
	if (!first) {
		if (c != ',')
			return fail_expected(j, "',' or '}'");
		j->next++;
		if (json_peek(j) == '}')
			return json_fail(j, j->next, "a comma before '}'");
	}
	if (*j->next != '"')
		return fail_expected(j, "a key in double quotes");
	j->key_at = j->next;
	if (json_string_fast(j, key) == -1)
		return -1;
	if (json_peek(j) != ':')
		return fail_expected(j, "':'");
	j->next++;
	return 1;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* The four digits after \u at p, or -1. The NUL at the end is no digit. */
static int32_t hex4(const char *p)
{
	int32_t n = 0;
	int i, digit;

	for (i = 0; i < 4; i++) {
		digit = hex_digit(p[i]);
		if (digit == -1)
			return -1;
		n = n * 16 + digit;
	}
	return n;
}

/* Decodes the escape at p (a backslash) to `to`, gives the bytes taken or 0. */
static size_t unescape(struct json *j, const char *p, char **to)
{
	static const char names[] = "\"\\/bfnrt", bytes[] = "\"\\/\b\f\n\r\t";
	const char *found;
	int32_t unit, low;

	if (p[1] == 'u') {
		unit = hex4(p + 2);
		if (unit == -1) {
			json_fail(j, p, "\\u is not followed by four hexadecimal digits");
			return 0;
		}
		if (unit >= 0xdc00 && unit <= 0xdfff) {
			json_fail(j, p, "a lone low surrogate");
			return 0;
		}
		if (unit < 0xd800 || unit > 0xdbff) {
			*to += text_utf8_put(*to, (uint32_t)unit);
			return 6;
		}
		low = p[6] == '\\' && p[7] == 'u' ? hex4(p + 8) : -1;
		if (low < 0xdc00 || low > 0xdfff) {
			json_fail(j, p, "a lone high surrogate");
			return 0;
		}
		*to += text_utf8_put(*to, 0x10000 + (((uint32_t)unit & 0x3ff) << 10) +
					      ((uint32_t)low & 0x3ff));
		return 12;
	}
	found = p[1] != '\0' ? strchr(names, p[1]) : NULL;
	if (found == NULL) {
		json_fail(j, p, "an escape that JSON does not have");
		return 0;
	}
	*(*to)++ = bytes[found - names];
	return 2;
}

/* What stopped a string's loop and is none of its ends: -1, or past the
 * well-formed character at p. */
static const char *pass_character(struct json *j, const char *p, const char *open)
{
	size_t step;

	if (p >= j->end) {
		json_fail(j, open, "a string that is not closed");
		return NULL;
	}
	if ((unsigned char)*p < 0x20) {
		json_fail(j, p,
			  *p == '\n' || *p == '\r'
			      ? "a line end in a string (is its closing quote missing?)"
			      : "a raw control character in a string");
		return NULL;
	}
	step = text_utf8_step(p, (size_t)(j->end - p));
	if (step == 0) {
		json_fail(j, p, "not UTF-8");
		return NULL;
	}
	return p + step;
}

/* The closing quote of the string that begins after `open`, or NULL; *escaped
 * says whether there is anything to decode. */
static const char *string_end(struct json *j, const char *open, bool *escaped)
{
	const char *p = open + 1;

	*escaped = false;
	for (;;) {
		p = json_scan_string(p);
		if (*p == '"')
			break;
		if (*p == '\\') {
			*escaped = true;
			/* which escape it is, decode() asks */
			p++;
			if ((unsigned char)*p >= 0x20) {
				p++;
				continue;
			}
		}
		p = pass_character(j, p, open);
		if (p == NULL)
			return NULL;
	}
	if ((size_t)(p - open) > LIMIT_STRING_SIZE) {
		json_fail(j, open,
			  arena_printf(j->arena, "a string longer than the limit of %u bytes",
				       LIMIT_STRING_SIZE));
		return NULL;
	}
	return p;
}

static int decode(struct json *j, const char *p, const char *end, struct str *s)
{
	char *to = arena_alloc(j->arena, (size_t)(end - p) + 1);
	char *start = to;
	const char *stop;
	size_t took;

	while (p < end) {
		stop = memchr(p, '\\', (size_t)(end - p));
		if (stop == NULL)
			stop = end;
		memcpy(to, p, (size_t)(stop - p));
		to += stop - p;
		p = stop;
		if (p == end)
			break;
		took = unescape(j, p, &to);
		if (took == 0)
			return -1;
		p += took;
	}
	*s = (struct str){ start, (size_t)(to - start) };
	return 0;
}

int json_string(struct json *j, struct str *s)
{
	const char *open, *end;
	bool escaped;

	if (j->error != NULL)
		return -1;
	if (json_peek(j) != '"')
		return fail_expected(j, "a string");
	open = j->next;
	end = string_end(j, open, &escaped);
	if (end == NULL)
		return -1;
	if (escaped) {
		if (decode(j, open + 1, end, s) == -1)
			return -1;
	} else {
		*s = (struct str){ open + 1, (size_t)(end - open - 1) };
	}
	j->next = end + 1;
	return 0;
}

static inline bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The end of the number at p by RFC 8259's grammar, or NULL. */
static const char *number_end(struct json *j, const char *p)
{
	const char *start = p;

	if (*p == '-')
		p++;
	if (!is_digit(*p)) {
		json_fail(j, start, "a number without digits");
		return NULL;
	}
	if (*p == '0' && is_digit(p[1])) {
		json_fail(j, start, "a number with a leading zero");
		return NULL;
	}
	while (is_digit(*p))
		p++;
	if (*p == '.') {
		p++;
		if (!is_digit(*p)) {
			json_fail(j, start, "a number that ends with its point");
			return NULL;
		}
		while (is_digit(*p))
			p++;
	}
	if (*p == 'e' || *p == 'E') {
		p++;
		if (*p == '+' || *p == '-')
			p++;
		if (!is_digit(*p)) {
			json_fail(j, start, "a number whose exponent has no digits");
			return NULL;
		}
		while (is_digit(*p))
			p++;
	}
	return p;
}

int json_number(struct json *j, struct number *n)
{
	const char *p, *end;
	int64_t small = 0;

	if (j->error != NULL)
		return -1;
	p = j->next = json_scan_blanks(j->next);
	if (*p != '-' && !is_digit(*p))
		return fail_expected(j, "a number");
	end = number_end(j, p);
	if (end == NULL)
		return -1;
	/* nearly every number of a configuration is one or two digits */
	if (end - p <= 3 && *p != '-') {
		const char *q;

		for (q = p; q < end && is_digit(*q); q++)
			small = small * 10 + (*q - '0');
		if (q == end) {
			*n = number_of_int(small);
			j->next = end;
			return 0;
		}
	}
	if (!number_parse((struct str){ p, (size_t)(end - p) }, n))
		return json_fail(j, p,
				 arena_printf(j->arena,
					      "a number of more than %d digits, or out of range, "
					      "which cannot be held exactly",
					      LIMIT_NUMBER_DIGITS));
	j->next = end;
	return 0;
}

static bool take_word(struct json *j, const char *word, size_t len)
{
	const char *p = json_scan_blanks(j->next);
	char after;

	if (strncmp(p, word, len) != 0)
		return false;
	after = p[len];
	if ((after >= 'a' && after <= 'z') || (after >= 'A' && after <= 'Z') || is_digit(after) ||
	    after == '_')
		return false;
	j->next = p + len;
	return true;
}

bool json_null(struct json *j)
{
	return j->error == NULL && take_word(j, "null", 4);
}

int json_boolean(struct json *j, bool *b)
{
	if (j->error != NULL)
		return -1;
	if (take_word(j, "true", 4)) {
		*b = true;
		return 0;
	}
	if (take_word(j, "false", 5)) {
		*b = false;
		return 0;
	}
	j->next = json_scan_blanks(j->next);
	return fail_expected(j, "true or false");
}

static int compare_strs(const void *a, const void *b)
{
	return str_compare(*(const struct str *)a, *(const struct str *)b);
}

/* Few keys are compared one by one; from here on they are kept sorted in
 * doubling steps, so that a hostile object costs n log n. */
#define KEYS_FEW 24

static bool keys_has(const struct json_keys *keys, struct str key)
{
	size_t i;

	for (i = 0; i < keys->n; i++)
		if (str_equal(keys->list[i], key))
			return true;
	return false;
}

/* Inserts into the sorted list; false when it is there. */
static bool keys_insert(struct json_keys *keys, struct str key)
{
	size_t low = 0, high = keys->n, middle;
	int order;

	while (low < high) {
		middle = low + (high - low) / 2;
		order = str_compare(keys->list[middle], key);
		if (order == 0)
			return false;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	memmove(keys->list + low + 1, keys->list + low, (keys->n - low) * sizeof(*keys->list));
	keys->list[low] = key;
	keys->n++;
	return true;
}

int json_keys_add(struct json *j, struct json_keys *keys, struct str key, const char *at)
{
	unsigned first = key.len != 0 ? (unsigned char)key.data[0] : 0;
	unsigned last = key.len != 0 ? (unsigned char)key.data[key.len - 1] : 0;
	uint64_t class = (uint64_t)1 << ((key.len * 7 + first * 3 + last) % 64);
	struct str *grown;

	if (keys->n >= LIMIT_TAGS)
		return json_fail(
		    j, at, arena_printf(j->arena, "an object of more than %d members", LIMIT_TAGS));
	if (keys->n == keys->cap) {
		keys->cap = keys->cap != 0 ? keys->cap * 2 : 8;
		grown = ARENA_ARRAY(j->arena, keys->cap, struct str);
		if (keys->n != 0)
			memcpy(grown, keys->list, keys->n * sizeof(*grown));
		keys->list = grown;
	}
	if (!keys->sorted && keys->n >= KEYS_FEW) {
		qsort(keys->list, keys->n, sizeof(*keys->list), compare_strs);
		keys->sorted = true;
	}
	if (keys->sorted) {
		if (keys_insert(keys, key))
			return 0;
	} else if ((keys->seen & class) == 0 || !keys_has(keys, key)) {
		keys->seen |= class;
		keys->list[keys->n++] = key;
		return 0;
	}
	return json_fail(j, at,
			 arena_printf(j->arena, "the key '%.*s' is there twice",
				      (int)(key.len < 100 ? key.len : 100), key.data));
}

static int skip_string(struct json *j)
{
	const char *end;
	struct str s;
	bool escaped;

	end = string_end(j, j->next, &escaped);
	if (end == NULL)
		return -1;
	if (escaped) {
		struct arena_mark mark = arena_mark(j->arena);
		int rc = decode(j, j->next + 1, end, &s);

		if (rc == -1)
			return -1;
		arena_rewind(j->arena, mark);
	}
	j->next = end + 1;
	return 0;
}

static int skip_object(struct json *j)
{
	struct json_keys keys = { 0 };
	struct str key;
	bool first;
	int more;

	if (json_open(j, '{') == -1)
		return -1;
	for (first = true;; first = false) {
		more = json_member_fast(j, first, &key);
		if (more != 1)
			return more;
		if (json_keys_add(j, &keys, key, j->key_at) == -1 || json_skip(j) == -1)
			return -1;
	}
}

static int skip_array(struct json *j)
{
	const char *end;
	bool first;
	int more;

	if (json_open(j, '[') == -1)
		return -1;
	for (first = true; (more = json_item_fast(j, first)) == 1; first = false) {
		if (*j->next == '"' && (end = json_plain_end(j->next)) != NULL)
			j->next = end + 1;
		else if (json_skip(j) == -1)
			return -1;
	}
	return more;
}

int json_skip(struct json *j)
{
	const char *end;
	bool b;

	if (j->error != NULL)
		return -1;
	switch (json_peek(j)) {
	case '"':
		return skip_string(j);
	case '{':
		return skip_object(j);
	case '[':
		return skip_array(j);
	case 't':
	case 'f':
		return json_boolean(j, &b);
	case 'n':
		return json_null(j) ? 0 : fail_expected(j, "a value");
	case '-':
	case '0':
	case '1':
	case '2':
	case '3':
	case '4':
	case '5':
	case '6':
	case '7':
	case '8':
	case '9':
		end = number_end(j, j->next);
		if (end == NULL)
			return -1;
		j->next = end;
		return 0;
	default:
		return fail_expected(j, "a value");
	}
}

/* Members of a list or a map while their number is not known. */
struct gathered {
	void *list;
	size_t n, cap;
};

static void *gather(struct json *j, struct gathered *g, size_t size)
{
	void *grown;

	if (g->n == g->cap) {
		g->cap = g->cap != 0 ? g->cap * 2 : 8;
		grown = arena_array(j->arena, g->cap, size);
		if (g->n != 0)
			memcpy(grown, g->list, g->n * size);
		g->list = grown;
	}
	return (char *)g->list + g->n++ * size;
}

static int value_of_object(struct json *j, struct value *v)
{
	struct gathered entries = { 0 };
	struct json_keys keys = { 0 };
	struct entry entry, *to;
	bool first;
	int more;

	if (json_open(j, '{') == -1)
		return -1;
	for (first = true;; first = false) {
		entry = (struct entry){ 0 };
		more = json_member(j, first, &entry.key);
		if (more == -1)
			return -1;
		if (more == 0)
			break;
		entry.key_place = json_place(j, j->key_at);
		if (json_keys_add(j, &keys, entry.key, j->key_at) == -1 ||
		    json_value(j, &entry.value) == -1)
			return -1;
		to = gather(j, &entries, sizeof(entry));
		*to = entry;
	}
	v->kind = VALUE_MAP;
	v->n = (uint32_t)entries.n;
	v->entries = entries.list;
	return 0;
}

static int value_of_array(struct json *j, struct value *v)
{
	struct gathered items = { 0 };
	struct value item, *to;
	bool first;
	int more;

	if (json_open(j, '[') == -1)
		return -1;
	for (first = true; (more = json_item(j, first)) == 1; first = false) {
		if (json_value(j, &item) == -1)
			return -1;
		to = gather(j, &items, sizeof(item));
		*to = item;
	}
	if (more == -1)
		return -1;
	v->kind = VALUE_LIST;
	v->n = (uint32_t)items.n;
	v->items = items.list;
	return 0;
}

int json_value(struct json *j, struct value *v)
{
	struct number n;
	struct str s;

	if (j->error != NULL)
		return -1;
	*v = (struct value){ 0 };
	v->kind = VALUE_NULL;
	json_peek(j);
	v->place = json_place(j, j->next);
	switch (*j->next) {
	case '"':
		if (json_string(j, &s) == -1)
			return -1;
		v->kind = VALUE_STRING;
		v->n = (uint32_t)s.len;
		v->text = s.data;
		return 0;
	case '{':
		return value_of_object(j, v);
	case '[':
		return value_of_array(j, v);
	case 't':
	case 'f':
		v->kind = VALUE_BOOLEAN;
		return json_boolean(j, &v->boolean);
	case 'n':
		return json_null(j) ? 0 : fail_expected(j, "a value");
	default:
		if (*j->next != '-' && !is_digit(*j->next))
			return fail_expected(j, "a value");
		if (json_number(j, &n) == -1)
			return -1;
		v->kind = VALUE_NUMBER;
		v->mantissa = n.mantissa;
		v->exponent = n.exponent;
		return 0;
	}
}
