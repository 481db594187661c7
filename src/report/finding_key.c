/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names of findings, and the partition that an ARN is in. Does not know who
 * keeps them.
 */
#include "report/finding_key.h"

void finding_key(const struct judgement *j, const struct finding *f, char hex[DIGEST_HEX_SIZE])
{
	const struct str parts[] = { STR("ivslint/finding/v1"), f->rule->id, j->subject.id };

	digest_parts(parts, 3, hex);
}

void finding_key_of(struct str kind, struct str name, char hex[DIGEST_HEX_SIZE])
{
	const struct str parts[] = { STR("ivslint/other/v1"), kind, name };

	digest_parts(parts, 3, hex);
}

struct str finding_partition(const struct judgement *j)
{
	static const char *const known[] = { "aws", "aws-cn", "aws-us-gov", "aws-us-iso",
					     "aws-us-iso-b" };
	struct str arn = j->subject.arn, part;
	size_t i, len;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		part = str_of(known[i]);
		len = sizeof("arn:") - 1;
		if (str_starts(arn, STR("arn:")) && arn.len > len + part.len &&
		    memcmp(arn.data + len, part.data, part.len) == 0 &&
		    arn.data[len + part.len] == ':')
			return part;
	}
	return STR("aws");
}
