/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What IVS answers. Knows the shapes as far as they are needed to go on;
 * what is audited is not looked at here.
 */
#include "fetch/api.h"

#include "fetch/raw.h"

/* Past a part of `s` of characters of `set` and then a colon; 0 when it is none. */
static size_t take_part(struct str s, size_t at, const char *set, struct str *part)
{
	size_t end = at;

	while (end < s.len && s.data[end] != '\0' && strchr(set, s.data[end]) != NULL)
		end++;
	if (end == at || end == s.len || s.data[end] != ':')
		return 0;
	*part = (struct str){ s.data + at, end - at };
	return end + 1;
}

bool api_ivs_arn(struct str arn, struct str *region, struct str *account)
{
	static const struct str kind = STR("recording-configuration/");
	static const char lower[] = "abcdefghijklmnopqrstuvwxyz-0123456789";
	struct str partition, service, r, a;
	size_t at, i;

	if (arn.len > 256 || !str_starts(arn, STR("arn:aws")))
		return false;
	if ((at = take_part(arn, 4, lower, &partition)) == 0 ||
	    (at = take_part(arn, at, lower, &service)) == 0 || !str_is(service, "ivs") ||
	    (at = take_part(arn, at, lower, &r)) == 0 || !endpoint_is_region(r) ||
	    (at = take_part(arn, at, "0123456789", &a)) == 0 || a.len != 12)
		return false;
	arn = (struct str){ arn.data + at, arn.len - at };
	if (!str_starts(arn, kind) || arn.len == kind.len)
		return false;
	for (i = kind.len; i < arn.len; i++)
		if (!((arn.data[i] >= 'a' && arn.data[i] <= 'z') ||
		      (arn.data[i] >= 'A' && arn.data[i] <= 'Z') ||
		      (arn.data[i] >= '0' && arn.data[i] <= '9') || arn.data[i] == '-'))
			return false;
	if (region != NULL)
		*region = r;
	if (account != NULL)
		*account = a;
	return true;
}

int api_ivs_page(struct str body, struct api_ivs_page *page, struct err *err)
{
	size_t tokens;

	if (raw_check(body, err) == -1)
		return -1;
	if (!raw_member(body, "recordingConfigurations", &page->list) || *page->list.data != '[')
		return err_set(err, ERR_INPUT, "it has no recordingConfigurations");
	tokens = raw_find(body, "nextToken", &page->token);
	/* of two, one reader takes the first and goes on, another the last and is done */
	if (tokens > 1)
		return err_set(err, ERR_INPUT, "it has more than one nextToken");
	if (tokens == 0 || str_is(page->token, "null") || str_is(page->token, "\"\""))
		page->token = STR("");
	else if (*page->token.data != '"')
		return err_set(err, ERR_INPUT, "its nextToken is no string");
	if (page->token.len > LIMIT_PAGE_TOKEN)
		return err_set(err, ERR_INPUT, "its nextToken is longer than %d bytes",
			       LIMIT_PAGE_TOKEN);
	return 0;
}

int api_ivs_arn_of(struct str object, struct str *arn, struct err *err)
{
	struct str raw;

	/* a name with escapes is no ARN that we would send: they hold nothing to escape */
	if (!raw_member(object, "arn", &raw) || *raw.data != '"')
		return err_set(err, ERR_INPUT, "a recording configuration has no arn");
	*arn = (struct str){ raw.data + 1, raw.len - 2 };
	if (!api_ivs_arn(*arn, NULL, NULL))
		return err_set(err, ERR_INPUT,
			       "the arn of a recording configuration is not the ARN of one");
	return 0;
}

int api_ivs_configuration(struct str body, struct str arn, struct str *configuration,
			  struct err *err)
{
	struct str own;

	if (raw_check(body, err) == -1)
		return -1;
	if (!raw_member(body, "recordingConfiguration", configuration) ||
	    *configuration->data != '{')
		return err_set(err, ERR_INPUT, "it has no recordingConfiguration");
	if (api_ivs_arn_of(*configuration, &own, err) == -1)
		return -1;
	if (!str_equal(own, arn))
		return err_set(err, ERR_INPUT, "it is of another recording configuration");
	return 0;
}
