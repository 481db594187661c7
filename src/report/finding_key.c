/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names of findings, and the partition that an ARN is in. Does not know who
 * keeps them.
 */
#include "report/finding_key.h"

#include <stdio.h>

#include "report/seen.h"

uint64_t finding_looks(struct seen *seen, const struct judgement *j)
{
	const struct str parts[] = { j->subject.id, j->is_group ? STR("group") : STR("") };
	char hex[DIGEST_HEX_SIZE];

	digest_parts(parts, 2, hex);
	return seen_times(seen, str_of(hex));
}

void finding_key(const struct judgement *j, const struct finding *f, uint64_t looks,
		 char hex[DIGEST_HEX_SIZE])
{
	char salt[24];
	struct str parts[] = { STR("ivslint/finding/v1"), f->rule->id, j->subject.id, STR("") };

	snprintf(salt, sizeof(salt), "%llu", (unsigned long long)looks);
	parts[3] = str_of(salt);
	digest_parts(parts, looks == 0 ? 3 : 4, hex);
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
