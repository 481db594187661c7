/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Named formats for texts with gaps, by languages around them and within them:
 * what is in none of the former is not of the format, and what is in one of the
 * latter, and is not barred, is. What lies between is not known. The formats
 * themselves are rule/named_format.c's; a test holds the one against the other.
 */
#include "rule/format_known.h"

#include "rule/known.h"

#define GAP(chars, least, most)                                                                    \
	{                                                                                          \
		{ NULL, 0 }, NULL, (least), (most), (chars)                                        \
	}
#define TEXT(text)                                                                                 \
	{                                                                                          \
		{ (text), sizeof(text) - 1 }, NULL, 0, 0, 0                                        \
	}
#define ANYTHING    GAP(CHARS_ANY, 0, GAP_NO_MOST)
#define PARTS_MOST  12
#define SHAPES_MOST 2

#define BUCKET     (CHARS_LOWER | CHARS_DIGIT | CHARS_HYPHEN)
#define BUCKET_END (CHARS_LOWER | CHARS_DIGIT)
#define TAG_KNOWN  (CHARS_ANY & ~(CHARS_MARK | CHARS_WORLD))
#define NAME       (CHARS_ALNUM | CHARS_HYPHEN | CHARS_UNDERSCORE)

/* Parts up to the first that is empty: no text, and no characters. */
struct shape_of {
	struct partial_part parts[PARTS_MOST];
};

struct known_format {
	const char *name;
	struct shape_of around[SHAPES_MOST], within[SHAPES_MOST];
	uint32_t most;             /* characters; 0: `within` says it */
	const char *const *barred; /* shell patterns that no text of the format fits; NULL */
	const char *barred_first;  /* nor one that is in the first of `within`; NULL */
};

static const char *const reserved[] = { "xn--*",    "sthree-*", "amzn-s3-demo-*", "*-s3alias",
					"*--ol-s3", "*.mrap",   "*--x-s3",        "*--table-s3",
					"*..*",     NULL };

/* Without periods, which could make an address of it, or two in a row. */
#define BUCKET_PLAIN GAP(BUCKET_END, 1, 1), GAP(BUCKET, 1, 61), GAP(BUCKET_END, 1, 1)
/* -ACCOUNT-REGION-an, the region of two words and a number. */
#define BUCKET_REGIONAL                                                                            \
	GAP(BUCKET_END, 1, 1), GAP(BUCKET, 0, 61), TEXT("-"), GAP(CHARS_DIGIT, 12, 12), TEXT("-"), \
	    GAP(CHARS_LOWER, 2, 8), TEXT("-"), GAP(CHARS_LOWER, 1, 10), TEXT("-"),                 \
	    GAP(CHARS_DIGIT, 1, 2), TEXT("-an")

static const struct known_format formats[] = {
	{ .name = "s3-bucket-name",
	  .around = { { { GAP(BUCKET_END, 1, 1), GAP(BUCKET | CHARS_PERIOD, 1, 61),
			  GAP(BUCKET_END, 1, 1) } } },
	  .within = { { { BUCKET_PLAIN } }, { { BUCKET_REGIONAL } } },
	  .most = 63,
	  .barred = reserved,
	  .barred_first = "*-an" },
	{ .name = "s3-bucket-name-without-periods",
	  .around = { { { BUCKET_PLAIN } } },
	  .within = { { { BUCKET_PLAIN } }, { { BUCKET_REGIONAL } } },
	  .most = 63,
	  .barred = reserved,
	  .barred_first = "*-an" },
	{ .name = "account-regional-bucket-name",
	  .around = { { { GAP(BUCKET_END, 1, 1), GAP(BUCKET | CHARS_PERIOD, 0, 61), TEXT("-"),
			  GAP(CHARS_DIGIT, 12, 12), TEXT("-"), GAP(BUCKET, 1, 32),
			  TEXT("-an") } } },
	  .within = { { { BUCKET_REGIONAL } } },
	  .most = 63,
	  .barred = reserved },
	{ .name = "arn", .around = { { { TEXT("arn:"), ANYTHING } } } },
	{ .name = "region",
	  .around = { { { GAP(CHARS_LOWER, 2, 32), TEXT("-"), GAP(BUCKET, 1, 32) } } },
	  .within = { { { GAP(CHARS_LOWER, 2, 10), TEXT("-"), GAP(CHARS_LOWER, 1, 10), TEXT("-"),
			  GAP(CHARS_DIGIT, 1, 2) } } } },
	{ .name = "ivs-region",
	  .around = { { { GAP(CHARS_LOWER, 2, 2), TEXT("-"), GAP(CHARS_LOWER, 4, 9), TEXT("-"),
			  GAP(CHARS_DIGIT, 1, 1) } } } },
	{ .name = "account-id",
	  .around = { { { GAP(CHARS_DIGIT, 12, 12) } } },
	  .within = { { { GAP(CHARS_DIGIT, 12, 12) } } } },
	{ .name = "recording-configuration-name",
	  .around = { { { GAP(NAME, 0, 128) } } },
	  .within = { { { GAP(NAME, 0, 128) } } } },
	{ .name = "recording-configuration-arn",
	  .around = { { { TEXT("arn:aws"), ANYTHING, TEXT(":recording-configuration/"),
			  GAP(CHARS_ALNUM | CHARS_HYPHEN, 1, 128) } } } },
	{ .name = "tag-key",
	  .around = { { { GAP(TAG_KNOWN | CHARS_WORLD, 1, 128) } } },
	  .within = { { { GAP(TAG_KNOWN, 1, 128) } } } },
	{ .name = "tag-value",
	  .around = { { { GAP(TAG_KNOWN | CHARS_WORLD, 0, 256) } } },
	  .within = { { { GAP(TAG_KNOWN, 0, 256) } } } },
	{ .name = "date",
	  .around = { { { GAP(CHARS_DIGIT, 4, 4), TEXT("-"), GAP(CHARS_DIGIT, 2, 2), TEXT("-"),
			  GAP(CHARS_DIGIT, 2, 2) } } } },
	{ .name = "email-address", .around = { { { ANYTHING, TEXT("@"), ANYTHING } } } },
	{ .name = "aws-access-key-id",
	  .around = { { { ANYTHING, TEXT("AKIA"), GAP(CHARS_UPPER | CHARS_DIGIT, 16, 16),
			  ANYTHING } },
		      { { ANYTHING, TEXT("ASIA"), GAP(CHARS_UPPER | CHARS_DIGIT, 16, 16),
			  ANYTHING } } } },
	{ .name = "private-key",
	  .around = { { { ANYTHING, TEXT("-----BEGIN "), ANYTHING, TEXT("PRIVATE KEY"),
			  ANYTHING } } } },
};

static size_t count_parts(const struct shape_of *shape)
{
	size_t n = 0;

	while (n < PARTS_MOST && (shape->parts[n].text.data != NULL || shape->parts[n].chars != 0))
		n++;
	return n;
}

/* Whether it is in one of the shapes; each by itself. The first is not for what
 * fits a pattern. */
static enum truth in_shapes(const struct shape_of *shapes, const char *barred,
			    const struct partial *text)
{
	enum truth any = TRUTH_FALSE, one;
	size_t i, n;

	for (i = 0; i < SHAPES_MOST && any != TRUTH_TRUE; i++) {
		n = count_parts(&shapes[i]);
		if (n == 0)
			break;
		one = known_shape(text, shapes[i].parts, n);
		if (i == 0 && barred != NULL && known_glob(text, str_of(barred)) != TRUTH_FALSE)
			one = TRUTH_UNKNOWN;
		if (one > any)
			any = one;
	}
	return any;
}

/* Whether none of them is in any of the shapes around. */
static bool is_outside(const struct shape_of *shapes, const struct partial *text)
{
	size_t i, n;

	for (i = 0; i < SHAPES_MOST; i++) {
		n = count_parts(&shapes[i]);
		if (n == 0)
			break;
		if (!known_not_shape(text, shapes[i].parts, n))
			return false;
	}
	return true;
}

static enum truth is_barred(const struct known_format *f, const struct partial *text)
{
	enum truth any = TRUTH_FALSE, one;
	const char *const *glob;

	for (glob = f->barred; glob != NULL && *glob != NULL && any != TRUTH_TRUE; glob++) {
		one = known_glob(text, str_of(*glob));
		if (one > any)
			any = one;
	}
	return any;
}

enum truth format_known(struct str name, const struct partial *text)
{
	const struct known_format *f = NULL;
	enum truth barred;
	size_t i;

	for (i = 0; i < sizeof(formats) / sizeof(*formats) && f == NULL; i++)
		if (str_is(name, formats[i].name))
			f = &formats[i];
	if (f == NULL)
		return TRUTH_UNKNOWN;
	barred = is_barred(f, text);
	if (barred == TRUTH_TRUE || is_outside(f->around, text))
		return TRUTH_FALSE;
	if (f->most != 0 && known_length(text, f->most, false) != TRUTH_TRUE)
		return known_length(text, f->most, false) == TRUTH_FALSE ? TRUTH_FALSE
									 : TRUTH_UNKNOWN;
	if (barred == TRUTH_FALSE && in_shapes(f->within, f->barred_first, text) == TRUTH_TRUE)
		return TRUTH_TRUE;
	return TRUTH_UNKNOWN;
}
