/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers of IVS, whatever they hold: what is taken is one line when it is made
 * compact, is the same made compact again, and cJSON reads it as well.
 */
#include "fetch/raw.h"

#include <stdlib.h>

#include "fetch/answer.h"
#include "fetch/api.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool promise)
{
	if (!promise)
		abort();
}

static bool is_part(struct str part, struct str of)
{
	return part.data >= of.data && part.data + part.len <= of.data + of.len && part.len != 0;
}

static void check_compact(struct str value)
{
	struct buf once = BUF_INIT(0), twice = BUF_INIT(0);
	struct err err;

	raw_put_compact(&once, value);
	must(once.len != 0 && once.len <= value.len);
	must(memchr(once.data, '\n', once.len) == NULL);
	must(raw_check(buf_str(&once), &err) == 0);
	raw_put_compact(&twice, buf_str(&once));
	must(str_equal(buf_str(&once), buf_str(&twice)));
	buf_release(&once);
	buf_release(&twice);
}

static void check_page(struct str bytes)
{
	struct api_ivs_page page;
	struct str summary, arn, region, account;
	struct err err;
	size_t at = 0;

	if (api_ivs_page(bytes, &page, &err) == -1)
		return;
	must(page.token.len == 0 || is_part(page.token, bytes));
	while (raw_next(page.list, &at, &summary)) {
		must(is_part(summary, page.list));
		check_compact(summary);
		if (api_ivs_arn_of(summary, &arn, &err) == -1)
			continue;
		must(is_part(arn, summary) && api_ivs_arn(arn, &region, &account));
		must(is_part(region, arn) && account.len == 12);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str bytes = { (const char *)data, size }, part;
	struct answer *tree;
	struct err err;

	if (raw_check(bytes, &err) == -1) {
		must(api_ivs_configuration(bytes, STR("x"), &part, &err) == -1);
		return 0;
	}
	check_compact(bytes);
	check_page(bytes);
	/* what a tree holds of it is for others; that it is one is not in doubt, but for
	 * NULs and half surrogates, which that reader refuses */
	tree = answer_parse(bytes, &err);
	answer_free(tree);
	return 0;
}
