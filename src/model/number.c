/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Exact decimal numbers: a mantissa of at most LIMIT_NUMBER_DIGITS digits and a
 * power of ten. Integer arithmetic only; no locale and no rounding anywhere.
 */
#include "model/number.h"

#include <stddef.h>

#include "base/limit.h"

#define EXPONENT_MOST    400
/* What an exponent as written is counted up to: far beyond what digits could
 * bring back; ten times it still fits. */
#define EXPONENT_CEILING (INT32_C(1) << 27)

_Static_assert(LIMIT_NUMBER_DIGITS <= 18, "a mantissa fits int64_t");

/* A number as it is being read. */
struct reading {
	uint64_t mantissa; /* without the zeros in `zeros` */
	int digits;        /* significant ones in mantissa */
	int32_t zeros;     /* seen since the last other digit: they count when one follows */
	int32_t scale;     /* digits after the point */
	bool too_long;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static void take_digit(struct reading *r, int digit)
{
	if (digit == 0) {
		if (r->mantissa != 0 && r->zeros < EXPONENT_CEILING)
			r->zeros++;
		return;
	}
	if (r->digits + r->zeros + 1 > LIMIT_NUMBER_DIGITS) {
		r->too_long = true;
		return;
	}
	for (; r->zeros > 0; r->zeros--, r->digits++)
		r->mantissa *= 10;
	r->mantissa = r->mantissa * 10 + (uint64_t)digit;
	r->digits++;
}

/* The digits of a fraction or an exponent: at least one. */
static const char *skip_digits(const char *p, const char *end)
{
	const char *from = p;

	while (p < end && is_digit(*p))
		p++;
	return p > from ? p : NULL;
}

/* The grammar of RFC 8259, section 6, over the whole text. */
static bool scan(const char *p, const char *end, struct reading *r, int32_t *exponent)
{
	const char *from, *stop;
	bool negative;

	if (p < end && *p == '-')
		p++;
	if (p == end || !is_digit(*p))
		return false;
	if (*p == '0')
		p++;
	else
		for (; p < end && is_digit(*p); p++)
			take_digit(r, *p - '0');
	if (p < end && *p == '.') {
		from = ++p;
		if ((stop = skip_digits(p, end)) == NULL)
			return false;
		for (; p < stop; p++)
			take_digit(r, *p - '0');
		r->scale =
		    stop - from < EXPONENT_CEILING ? (int32_t)(stop - from) : EXPONENT_CEILING;
	}
	if (p < end && (*p == 'e' || *p == 'E')) {
		p++;
		negative = p < end && *p == '-';
		if (p < end && (*p == '-' || *p == '+'))
			p++;
		if ((stop = skip_digits(p, end)) == NULL)
			return false;
		for (; p < stop; p++)
			if (*exponent < EXPONENT_CEILING)
				*exponent = *exponent * 10 + (*p - '0');
		if (negative)
			*exponent = -*exponent;
	}
	return p == end;
}

bool number_parse(struct str text, struct number *n)
{
	struct reading r = { 0 };
	int32_t exponent = 0;
	int64_t power;

	if (!scan(text.data, text.data + text.len, &r, &exponent) || r.too_long)
		return false;
	if (r.mantissa == 0) {
		*n = number_of_int(0);
		return true;
	}
	power = (int64_t)exponent - r.scale + r.zeros;
	if (power < -EXPONENT_MOST || power > EXPONENT_MOST)
		return false;
	for (; power > 0 && r.digits < LIMIT_NUMBER_DIGITS; power--, r.digits++)
		r.mantissa *= 10;
	n->mantissa = text.data[0] == '-' ? -(int64_t)r.mantissa : (int64_t)r.mantissa;
	n->exponent = (int16_t)power;
	return true;
}

static bool all_of(const char *p, const char *end, const char *digits)
{
	if (p == end)
		return false;
	for (; p < end; p++)
		if (*p == '\0' || strchr(digits, *p) == NULL)
			return false;
	return true;
}

/* .5 and 5. and 5.e3: digits on one side of the point only. */
static bool is_half_fraction(const char *p, const char *end)
{
	const char *point = memchr(p, '.', (size_t)(end - p));
	const char *rest;

	if (point == NULL)
		return false;
	rest = point + 1;
	if (point == p) {
		if ((rest = skip_digits(rest, end)) == NULL)
			return false;
	} else if (skip_digits(p, point) != point || (rest < end && is_digit(*rest))) {
		return false;
	}
	if (rest == end)
		return true;
	if (*rest != 'e' && *rest != 'E')
		return false;
	rest++;
	if (rest < end && (*rest == '-' || *rest == '+'))
		rest++;
	return skip_digits(rest, end) == end;
}

static bool is_word(const char *p, const char *end, const char *const *words)
{
	struct str text = { p, (size_t)(end - p) };

	for (; *words != NULL; words++)
		if (str_is(text, *words))
			return true;
	return false;
}

bool number_looks_odd(struct str text)
{
	static const char *const infinities[] = { ".inf", ".Inf", ".INF", NULL };
	static const char *const nans[] = { ".nan", ".NaN", ".NAN", NULL };
	const char *p = text.data, *end = text.data + text.len;
	struct reading r = { 0 };
	struct number n;
	int32_t exponent = 0;

	if (is_word(p, end, nans))
		return true;
	if (text.len > 2 && p[0] == '0' && p[1] == 'x')
		return all_of(p + 2, end, "0123456789abcdefABCDEF");
	if (text.len > 2 && p[0] == '0' && p[1] == 'o')
		return all_of(p + 2, end, "01234567");
	if (p < end && *p == '+')
		p++;
	if (p < end && is_digit(*p) && scan(p, end, &r, &exponent))
		return !number_parse((struct str){ p, (size_t)(end - p) }, &n);
	if (p == text.data && p < end && *p == '-') {
		if (scan(p, end, &r, &exponent))
			return !number_parse(text, &n);
		p++;
	}
	return is_word(p, end, infinities) || (p < end && is_half_fraction(p, end));
}

static uint64_t magnitude(int64_t n)
{
	return n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
}

static int count_digits(uint64_t n)
{
	int digits = 1;

	for (; n >= 10; n /= 10)
		digits++;
	return digits;
}

/* Of two that are not 0, without their signs. */
static int compare_magnitudes(struct number a, struct number b)
{
	uint64_t left = magnitude(a.mantissa), right = magnitude(b.mantissa);
	int left_digits = count_digits(left), right_digits = count_digits(right);
	int order = left_digits + a.exponent - (right_digits + b.exponent);

	if (order != 0)
		return order < 0 ? -1 : 1;
	/* The first digits are at one power: at most 19 digits on either side
	 * after filling up, which an uint64_t holds. */
	for (; left_digits < right_digits; left_digits++)
		left *= 10;
	for (; right_digits < left_digits; right_digits++)
		right *= 10;
	return left < right ? -1 : left > right;
}

int number_compare(struct number a, struct number b)
{
	int left = a.mantissa < 0 ? -1 : a.mantissa > 0;
	int right = b.mantissa < 0 ? -1 : b.mantissa > 0;

	if (left != right)
		return left < right ? -1 : 1;
	if (left == 0)
		return 0;
	if (a.exponent == b.exponent)
		return a.mantissa < b.mantissa ? -1 : a.mantissa > b.mantissa;
	return left * compare_magnitudes(a, b);
}

/* (a + b) % m, for a and b below m, which is at most 2^63. */
static uint64_t add_modulo(uint64_t a, uint64_t b, uint64_t m)
{
	return (a + b) % m;
}

bool number_is_multiple(struct number a, struct number step)
{
	uint64_t n = magnitude(a.mantissa), m = magnitude(step.mantissa), twice;
	int32_t power = (int32_t)a.exponent - step.exponent;

	if (m == 0)
		return false;
	if (n == 0)
		return true;
	for (; power < 0; power++) {
		if (n % 10 != 0)
			return false;
		n /= 10;
	}
	n %= m;
	for (; power > 0 && n != 0; power--) {
		/* times ten, by doubling, so that nothing overflows */
		twice = add_modulo(n, n, m);
		n = add_modulo(twice, twice, m);
		n = add_modulo(n, twice, m);
		n = add_modulo(n, add_modulo(twice, twice, m), m);
	}
	return n == 0;
}

static void put_zeros(struct buf *b, int n)
{
	for (; n > 0; n--)
		buf_putc(b, '0');
}

void number_put(struct buf *b, struct number n)
{
	char digits[24];
	uint64_t left = magnitude(n.mantissa);
	int len, point, i, power = n.exponent;

	for (; power != 0 && left != 0 && left % 10 == 0; power++)
		left /= 10;
	len = count_digits(left);
	for (i = len; i > 0; left /= 10)
		digits[--i] = (char)('0' + left % 10);
	if (n.mantissa < 0)
		buf_putc(b, '-');
	point = len + power; /* digits before the point */
	if (power > 0 && point <= LIMIT_NUMBER_DIGITS) {
		buf_put(b, digits, (size_t)len);
		put_zeros(b, power);
	} else if (power == 0) {
		buf_put(b, digits, (size_t)len);
	} else if (power < 0 && point > 0) {
		buf_put(b, digits, (size_t)point);
		buf_putc(b, '.');
		buf_put(b, digits + point, (size_t)(len - point));
	} else if (power < 0 && -power <= LIMIT_NUMBER_DIGITS) {
		buf_puts(b, "0.");
		put_zeros(b, -point);
		buf_put(b, digits, (size_t)len);
	} else {
		buf_putc(b, digits[0]);
		if (len > 1)
			buf_putc(b, '.');
		buf_put(b, digits + 1, (size_t)(len - 1));
		buf_putc(b, 'e');
		buf_put_int(b, point - 1);
	}
}
