/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Named formats: hand-written recognisers that say which rule is broken. Knows what AWS
 * and others say of names; does not know where a text comes from.
 */
#include "rule/named_format.h"

#include "base/text.h"
#include "rule/cond.h"

static bool is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_alnum(char c)
{
	return is_lower(c) || is_digit(c) || (c >= 'A' && c <= 'Z');
}

static bool all_digits(struct str s)
{
	size_t i;

	for (i = 0; i < s.len; i++) {
		if (!is_digit(s.data[i]))
			return false;
	}
	return s.len != 0;
}

/* Takes what stands before the separator off `rest`; the whole when there is
 * no separator. */
static struct str take_until(struct str *rest, char separator)
{
	const char *at = memchr(rest->data, separator, rest->len);
	struct str part = *rest;

	if (at != NULL)
		part.len = (size_t)(at - rest->data);
	rest->data += part.len + (at != NULL);
	rest->len -= part.len + (at != NULL);
	return part;
}

/* ---- AWS names ------------------------------------------------------------- */

static const char *account_id(struct str s)
{
	if (s.len != 12)
		return "does not have 12 characters";
	return all_digits(s) ? NULL : "has a character that is no digit";
}

/* Letters, then words, then a number: us-west-2, us-gov-east-1. */
static const char *region(struct str s)
{
	struct str rest = s, part;
	size_t n = 0, i;

	if (s.len > 32)
		return "is too long";
	while (rest.len != 0) {
		part = take_until(&rest, '-');
		if (part.len == 0)
			return "has an empty part";
		if (rest.len == 0)
			return n >= 2 && all_digits(part) && s.data[s.len - 1] != '-'
				   ? NULL
				   : "does not end in a word and a number";
		for (i = 0; i < part.len; i++) {
			if (!is_lower(part.data[i]))
				return "has a part that is not of lower-case letters";
		}
		if (n == 0 && part.len < 2)
			return "begins with a single letter";
		n++;
	}
	return "is empty";
}

/* ivs, 2020-07-14: all in the partition aws. */
static const char *ivs_region(struct str s)
{
	static const char *const regions[] = {
		"us-east-1",      "us-west-2",    "ap-south-1", "ap-northeast-1",
		"ap-northeast-2", "eu-central-1", "eu-west-1",
	};
	size_t i;

	for (i = 0; i < sizeof(regions) / sizeof(*regions); i++) {
		if (str_is(s, regions[i]))
			return NULL;
	}
	return "is no region in which IVS is offered";
}

static const char *arn(struct str s)
{
	struct str rest = s, part[5];
	size_t i, k;

	if (s.len > 2048)
		return "is longer than 2048 bytes";
	for (i = 0; i < 5; i++) {
		if (memchr(rest.data, ':', rest.len) == NULL)
			return "has fewer than six parts";
		part[i] = take_until(&rest, ':');
	}
	if (!str_is(part[0], "arn"))
		return "does not begin with 'arn:'";
	if (part[1].len == 0 || part[2].len == 0)
		return "has an empty partition or service";
	for (i = 1; i <= 3; i++) {
		for (k = 0; k < part[i].len; k++) {
			if (!is_lower(part[i].data[k]) && !is_digit(part[i].data[k]) &&
			    part[i].data[k] != '-')
				return "has a character in partition, service or region that may "
				       "not be there";
		}
	}
	/* AWS's own resources have "aws" for an account. */
	if (part[4].len != 0 && account_id(part[4]) != NULL && !str_is(part[4], "aws"))
		return "has an account that is not twelve digits";
	return rest.len != 0 ? NULL : "has an empty resource";
}

static const char *name_characters(struct str s)
{
	size_t i;

	for (i = 0; i < s.len; i++) {
		if (!is_alnum(s.data[i]) && s.data[i] != '-' && s.data[i] != '_')
			return "has a character other than a-z A-Z 0-9 - _";
	}
	return NULL;
}

static const char *configuration_name(struct str s)
{
	return s.len > 128 ? "is longer than 128 characters" : name_characters(s);
}

static const char *configuration_arn(struct str s)
{
	struct str rest = s;
	const char *why = arn(s);
	size_t i;

	if (why != NULL)
		return why;
	if (s.len > 128)
		return "is longer than 128 characters";
	take_until(&rest, ':');
	if (!str_starts(take_until(&rest, ':'), STR("aws")))
		return "has a partition other than AWS's";
	if (!str_is(take_until(&rest, ':'), "ivs"))
		return "is of another service than ivs";
	if (take_until(&rest, ':').len == 0 || account_id(take_until(&rest, ':')) != NULL)
		return "has no region or account";
	if (!str_is(take_until(&rest, '/'), "recording-configuration"))
		return "is of another resource than a recording configuration";
	for (i = 0; i < rest.len; i++) {
		if (!is_alnum(rest.data[i]) && rest.data[i] != '-')
			return "has an id with a character other than a-z A-Z 0-9 -";
	}
	return rest.len != 0 ? NULL : "has an empty id";
}

/* ---- bucket names ---------------------------------------------------------- */

/* -ACCOUNT-REGION-an at the end, with something before it. */
static bool ends_account_regional(struct str s)
{
	size_t i;

	if (!str_ends(s, STR("-an")))
		return false;
	s.len -= 3;
	/* The region has hyphens itself: look for the account from the left. */
	for (i = 1; i + 14 < s.len; i++) {
		if (s.data[i] == '-' && s.data[i + 13] == '-' &&
		    all_digits((struct str){ s.data + i + 1, 12 }) &&
		    region((struct str){ s.data + i + 14, s.len - i - 14 }) == NULL)
			return true;
	}
	return false;
}

/* Four numbers of one to three digits, whatever their size. */
static bool is_address(struct str s)
{
	struct str rest = s, part;
	int n = 0;

	if (s.len == 0 || s.data[s.len - 1] == '.')
		return false;
	while (rest.len != 0) {
		part = take_until(&rest, '.');
		if (part.len > 3 || !all_digits(part))
			return false;
		n++;
	}
	return n == 4;
}

static const char *bucket_characters(struct str s)
{
	size_t i;

	for (i = 0; i < s.len; i++) {
		if (s.data[i] >= 'A' && s.data[i] <= 'Z')
			return "has a capital letter";
		if (!is_lower(s.data[i]) && !is_digit(s.data[i]) && s.data[i] != '.' &&
		    s.data[i] != '-')
			return "has a character other than a-z 0-9 . -";
		if (i != 0 && s.data[i] == '.' && s.data[i - 1] == '.')
			return "has two periods in a row";
	}
	return NULL;
}

static const char *bucket_ends(struct str s)
{
	static const char *const prefixes[][2] = {
		{ "xn--", "begins with 'xn--', which is reserved" },
		{ "sthree-", "begins with 'sthree-', which is reserved" },
		{ "amzn-s3-demo-", "begins with 'amzn-s3-demo-', which is reserved" },
	};
	static const char *const suffixes[][2] = {
		{ "-s3alias", "ends with '-s3alias', which is reserved" },
		{ "--ol-s3", "ends with '--ol-s3', which is reserved" },
		{ ".mrap", "ends with '.mrap', which is reserved" },
		{ "--x-s3", "ends with '--x-s3', which is for directory buckets" },
		{ "--table-s3", "ends with '--table-s3', which is for table buckets" },
	};
	size_t i;

	for (i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++) {
		if (str_starts(s, str_of(prefixes[i][0])))
			return prefixes[i][1];
	}
	for (i = 0; i < sizeof(suffixes) / sizeof(*suffixes); i++) {
		if (str_ends(s, str_of(suffixes[i][0])))
			return suffixes[i][1];
	}
	return NULL;
}

/* S3 user guide, "General purpose bucket naming rules". */
static const char *bucket_name(struct str s)
{
	const char *why;

	if (s.len < 3)
		return "is shorter than 3 characters";
	if (s.len > 63)
		return "is longer than 63 characters";
	if ((why = bucket_characters(s)) != NULL)
		return why;
	if (s.data[0] == '.' || s.data[0] == '-')
		return s.data[0] == '.' ? "begins with a period" : "begins with a hyphen";
	if (s.data[s.len - 1] == '.' || s.data[s.len - 1] == '-')
		return s.data[s.len - 1] == '.' ? "ends with a period" : "ends with a hyphen";
	if (is_address(s))
		return "has the form of an IP address";
	if ((why = bucket_ends(s)) != NULL)
		return why;
	if (str_ends(s, STR("-an")) && !ends_account_regional(s))
		return "ends with '-an' and not with -ACCOUNT-REGION-an";
	return NULL;
}

static const char *bucket_name_no_periods(struct str s)
{
	const char *why = bucket_name(s);

	if (why != NULL)
		return why;
	return memchr(s.data, '.', s.len) != NULL ? "has a period" : NULL;
}

static const char *account_regional_name(struct str s)
{
	const char *why = bucket_name(s);

	if (why != NULL)
		return why;
	return ends_account_regional(s) ? NULL : "does not end with -ACCOUNT-REGION-an";
}

/* ---- tags ------------------------------------------------------------------ */

/* ASCII alone; other characters are the pattern's. */
static const char *tag_characters(struct str s)
{
	size_t i;

	for (i = 0; i < s.len; i++) {
		if ((unsigned char)s.data[i] < 0x80 && !is_alnum(s.data[i]) &&
		    (s.data[i] == '\0' || strchr(" _.:/=+-@", s.data[i]) == NULL))
			return "has a character other than letters, digits, spaces and "
			       "_ . : / = + - @";
	}
	return NULL;
}

static const char *tag_key(struct str s)
{
	if (s.len == 0)
		return "is empty";
	if (s.len > 128 && text_length(s) > 128)
		return "is longer than 128 characters";
	return tag_characters(s);
}

static const char *tag_value(struct str s)
{
	if (s.len > 256 && text_length(s) > 256)
		return "is longer than 256 characters";
	return tag_characters(s);
}

/* ---- others ---------------------------------------------------------------- */

static const char *date(struct str s)
{
	int32_t day;

	return text_day(s, &day) ? NULL : "is no day that exists, YYYY-MM-DD";
}

/* A dotted name of letters, digits and hyphens. */
static const char *domain(struct str s)
{
	struct str rest = s, part;
	size_t n = 0, i;

	if (s.len == 0 || s.data[s.len - 1] == '.')
		return "has no domain";
	while (rest.len != 0) {
		part = take_until(&rest, '.');
		if (part.len == 0 || part.len > 63 || part.data[0] == '-' ||
		    part.data[part.len - 1] == '-')
			return "has a domain with a part that may not be there";
		for (i = 0; i < part.len; i++) {
			if (!is_alnum(part.data[i]) && part.data[i] != '-' &&
			    (unsigned char)part.data[i] < 0x80)
				return "has a domain with a character that may not be there";
		}
		n++;
	}
	return n >= 2 ? NULL : "has a domain of one part";
}

/* The forms that people use (RFC 5321, without quoted names). */
static const char *email_address(struct str s)
{
	struct str rest = s, name;
	size_t i;

	if (s.len > 254 || memchr(s.data, '@', s.len) == NULL)
		return s.len > 254 ? "is longer than 254 bytes" : "has no '@'";
	name = take_until(&rest, '@');
	if (name.len == 0 || name.len > 64)
		return "has no name before '@', or a long one";
	if (name.data[0] == '.' || name.data[name.len - 1] == '.')
		return "has a name that begins or ends with a period";
	for (i = 0; i < name.len; i++) {
		if (!is_alnum(name.data[i]) && (unsigned char)name.data[i] < 0x80 &&
		    (name.data[i] == '\0' || strchr(".!#$%&'*+-/=?^_`{|}~", name.data[i]) == NULL))
			return "has a name with a character that may not be there";
		if (i != 0 && name.data[i] == '.' && name.data[i - 1] == '.')
			return "has two periods in a row";
	}
	return domain(rest);
}

/* AKIA or ASIA and sixteen more of A-Z 2-7, as a word of its own. */
static const char *access_key_id(struct str s)
{
	size_t i, k;

	for (i = 0; i + 20 <= s.len; i++) {
		if (s.data[i] != 'A' || (i != 0 && is_alnum(s.data[i - 1])) ||
		    (memcmp(s.data + i, "AKIA", 4) != 0 && memcmp(s.data + i, "ASIA", 4) != 0))
			continue;
		for (k = 4; k < 20; k++) {
			if (!((s.data[i + k] >= 'A' && s.data[i + k] <= 'Z') ||
			      (s.data[i + k] >= '2' && s.data[i + k] <= '7')))
				break;
		}
		if (k == 20 && (i + 20 == s.len || !is_alnum(s.data[i + 20])))
			return NULL;
	}
	return "holds no access key id";
}

/* -----BEGIN ... PRIVATE KEY (RFC 7468, and the older forms of OpenSSL) */
static const char *private_key(struct str s)
{
	static const char begin[] = "-----BEGIN ", key[] = "PRIVATE KEY";
	size_t i, k;

	for (i = 0; i + sizeof(begin) - 1 <= s.len; i++) {
		if (memcmp(s.data + i, begin, sizeof(begin) - 1) != 0)
			continue;
		/* The kind of key is a few words. */
		for (k = i + sizeof(begin) - 1; k < i + 48 && k + sizeof(key) - 1 <= s.len; k++) {
			if (memcmp(s.data + k, key, sizeof(key) - 1) == 0)
				return NULL;
		}
	}
	return "holds no private key";
}

/* ---- the tables ------------------------------------------------------------ */

const struct named_format named_formats[] = {
#define FORMAT(name, check, points, text) { name, check, points },
#include "rule/format_list.h"
#undef FORMAT
};

const struct format_row format_rows[] = {
#define FORMAT(name, check, points, text) { name, text },
#include "rule/format_list.h"
#undef FORMAT
};
const size_t format_n_rows = sizeof(format_rows) / sizeof(*format_rows);
