/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Endpoints. Knows how AWS forms host names in each partition; does not know
 * where region and options were set.
 */
#include "fetch/endpoint.h"

#include <stdio.h>

#include "base/buf.h"
#include "base/text.h"
#include "fetch/url.h"

/* Longer areas do not clash with shorter ones: an area is followed by a word and a number. */
static const struct partition partitions[] = {
	{ "aws", "us|eu|ap|sa|ca|me|af|il|mx", "amazonaws.com", "api.aws", "us-east-1" },
	{ "aws-cn", "cn", "amazonaws.com.cn", "api.amazonwebservices.com.cn", "cn-northwest-1" },
	{ "aws-us-gov", "us-gov", "amazonaws.com", "api.aws", "us-gov-west-1" },
	{ "aws-eusc", "eusc-de", "amazonaws.eu", "api.amazonwebservices.eu", "eusc-de-east-1" },
	{ "aws-iso", "us-iso", "c2s.ic.gov", "api.aws.ic.gov", "us-iso-east-1" },
	{ "aws-iso-b", "us-isob", "sc2s.sgov.gov", "api.aws.scloud", "us-isob-east-1" },
	{ "aws-iso-e", "eu-isoe", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk", "eu-isoe-west-1" },
	{ "aws-iso-f", "us-isof", "csp.hci.ic.gov", "api.aws.hci.ic.gov", "us-isof-south-1" },
};

#define N_PARTITIONS (sizeof(partitions) / sizeof(partitions[0]))

const struct endpoint_service endpoint_ivs = { "ivs", "ivs", "IVS", false };
const struct endpoint_service endpoint_sts = { "sts", "sts", "STS", true };
const struct endpoint_service endpoint_sso = { "awsssoportal", "portal.sso", "SSO", false };
const struct endpoint_service endpoint_sso_oidc = { "sso-oauth", "oidc", "SSO_OIDC", false };

const char *const endpoint_ivs_regions[] = {
	"ap-northeast-1", "ap-northeast-2", "ap-south-1", "eu-central-1",
	"eu-west-1",      "us-east-1",      "us-west-2",  NULL,
};

/* ---- regions --------------------------------------------------------------- */

static bool is_lower_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool endpoint_is_region(struct str region)
{
	bool letters = false;
	size_t i;

	if (region.len == 0 || region.len >= ENDPOINT_REGION_SIZE || region.data[0] == '-' ||
	    region.data[region.len - 1] == '-')
		return false;
	for (i = 0; i < region.len; i++) {
		if (!is_lower_or_digit(region.data[i]) && region.data[i] != '-' &&
		    !(region.data[i] >= 'A' && region.data[i] <= 'Z'))
			return false;
		letters = letters || region.data[i] < '0' || region.data[i] > '9';
	}
	return letters;
}

/* "-word-number" */
static bool is_tail(struct str s)
{
	size_t i = 1, digits;

	if (s.len == 0 || s.data[0] != '-')
		return false;
	while (i < s.len && s.data[i] != '-')
		i++;
	if (i == 1 || i == s.len)
		return false;
	for (digits = i + 1; digits < s.len; digits++)
		if (s.data[digits] < '0' || s.data[digits] > '9')
			return false;
	return digits > i + 1;
}

static bool is_area(const char *areas, struct str area)
{
	const char *end;
	size_t n;

	for (;; areas = end + 1) {
		end = strchr(areas, '|');
		n = end != NULL ? (size_t)(end - areas) : strlen(areas);
		if (area.len == n && memcmp(area.data, areas, n) == 0)
			return true;
		if (end == NULL)
			return false;
	}
}

/* "aws-global", "aws-cn-global" and so on. */
static bool is_global_of(struct str region, const struct partition *p)
{
	size_t n = strlen(p->name);

	return region.len == n + 7 && memcmp(region.data, p->name, n) == 0 &&
	       memcmp(region.data + n, "-global", 7) == 0;
}

const struct partition *endpoint_partition(struct str region)
{
	struct str area = { region.data, 0 };
	size_t i;

	for (i = 0; i < N_PARTITIONS; i++)
		if (is_global_of(region, &partitions[i]))
			return &partitions[i];
	for (; area.len < region.len; area.len++) {
		if (!is_tail((struct str){ region.data + area.len, region.len - area.len }))
			continue;
		for (i = 0; i < N_PARTITIONS; i++)
			if (is_area(partitions[i].areas, area))
				return &partitions[i];
	}
	return &partitions[0];
}

int endpoint_check_ivs_region(struct str region, struct err *err)
{
	struct buf names = BUF_INIT(0), shown = BUF_INIT(0);
	const char *const *name;
	int rc = 0;

	for (name = endpoint_ivs_regions; *name != NULL; name++)
		if (str_is(region, *name))
			goto out;
	for (name = endpoint_ivs_regions; *name != NULL; name++)
		buf_printf(&names, "%s%s", name == endpoint_ivs_regions ? "" : ", ", *name);
	text_put_quoted(&shown, region, ENDPOINT_REGION_SIZE);
	rc = err_set(err, ERR_USAGE, "IVS is not in the region %s; it is in %s", shown.data,
		     names.data);
out:
	buf_release(&names);
	buf_release(&shown);
	return rc;
}

/* ---- URLs ------------------------------------------------------------------ */

/* Those that STS was in before regional endpoints were the default. */
static bool is_sts_global(struct str region)
{
	static const char *const names[] = {
		"ap-northeast-1", "ap-south-1",   "ap-southeast-1", "ap-southeast-2",
		"aws-global",     "ca-central-1", "eu-central-1",   "eu-north-1",
		"eu-west-1",      "eu-west-2",    "eu-west-3",      "sa-east-1",
		"us-east-1",      "us-east-2",    "us-west-1",      "us-west-2",
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_is(region, names[i]))
			return true;
	return false;
}

static void set_signing_region(struct endpoint *to, struct str region)
{
	/* what has no region of its own is signed for the partition's first */
	if (region.len == 0 || is_global_of(region, to->partition))
		region = str_of(to->partition->global_region);
	snprintf(to->signing_region, sizeof(to->signing_region), "%.*s", STR_ARG(region));
}

static int use_custom(const struct endpoint_want *want, struct endpoint *to, struct err *err)
{
	struct str custom = want->custom;
	struct url url;

	if (want->fips)
		return err_set(err, ERR_USAGE,
			       "invalid configuration: FIPS and custom endpoint are not supported");
	if (want->dual_stack)
		return err_set(
		    err, ERR_USAGE,
		    "invalid configuration: dualstack and custom endpoint are not supported");
	if (url_parse(custom, &url, err) == -1)
		return err_wrap(err, "the endpoint URL of %s", want->service->settings);
	/* one that is empty too: what follows would be the query */
	if (memchr(custom.data, '?', custom.len) != NULL)
		return err_set(err, ERR_USAGE, "the endpoint URL of %s has a query",
			       want->service->settings);
	while (custom.data[custom.len - 1] == '/')
		custom.len--;
	snprintf(to->url, sizeof(to->url), "%.*s", STR_ARG(custom));
	return 0;
}

static void form(const struct endpoint_want *want, struct endpoint *to)
{
	const struct endpoint_service *service = want->service;
	const struct partition *p = to->partition;
	bool fips_name = want->fips && !(service->is_sts && !want->dual_stack &&
					 str_is(str_of(p->name), "aws-us-gov"));
	bool global = service->is_sts && !want->fips && !want->dual_stack &&
		      (str_is(want->region, "aws-global") ||
		       (want->sts_global && is_sts_global(want->region)));

	if (global) {
		snprintf(to->url, sizeof(to->url), "https://sts.amazonaws.com");
		snprintf(to->signing_region, sizeof(to->signing_region), "us-east-1");
		return;
	}
	snprintf(to->url, sizeof(to->url), "https://%s%s.%.*s.%s", service->host,
		 fips_name ? "-fips" : "", STR_ARG(want->region),
		 want->dual_stack ? p->dual_stack_dns : p->dns);
}

int endpoint_resolve(const struct endpoint_want *want, struct endpoint *to, struct err *err)
{
	if (want->region.len != 0 && !endpoint_is_region(want->region))
		return err_set(err, ERR_USAGE, "the region is no name of a region");
	to->partition = endpoint_partition(want->region);
	to->signing_name = want->service->signing_name;
	set_signing_region(to, want->region);
	if (want->custom.len != 0)
		return use_custom(want, to, err);
	if (want->region.len == 0)
		return err_set(err, ERR_USAGE, "invalid configuration: missing region");
	form(want, to);
	return 0;
}
