/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers, whatever they hold, as JSON and as XML: what is read must be what is
 * written again, and what is shown must be visible.
 */
#include "fetch/answer.h"

#include <stdlib.h>

#include "base/text.h"
#include "fetch/creds_inside.h"
#include "fetch/xml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool promise)
{
	if (!promise)
		abort();
}

static void check_shown(const char *text, size_t size)
{
	struct str s = str_of(text);
	size_t i;

	must(s.len < size && text_utf8_valid(s) == s.len);
	for (i = 0; i < s.len; i++)
		must((unsigned char)text[i] >= 0x20 && text[i] != 0x7F);
}

static void check_error(struct str bytes)
{
	struct http_answer http = HTTP_ANSWER_INIT;
	struct answer_error error;

	http.status = 400;
	secret_put_str(&http.body, bytes);
	secret_put_str(&http.headers, bytes);
	answer_error(&http, &error);
	check_shown(error.code, sizeof(error.code));
	check_shown(error.message, sizeof(error.message));
	check_shown(error.request_id, sizeof(error.request_id));
	answer_error_xml(&http, &error);
	check_shown(error.code, sizeof(error.code));
	check_shown(error.message, sizeof(error.message));
	http_answer_release(&http);
}

static void check_json(struct str bytes)
{
	struct err err = { 0 };
	struct answer *a = answer_parse(bytes, &err), *again;
	struct secret text = SECRET_INIT(0);
	struct creds creds = CREDS_INIT;

	if (a == NULL)
		return;
	(void)creds_read(answer_root(a), "Token", &creds, &err);
	creds_release(&creds);
	answer_put(answer_root(a), &text);
	again = answer_parse(secret_str(&text), &err);
	must(again != NULL);
	/* a number beyond a double's is written as null */
	if (answer_kind(answer_root(a)) != ANSWER_NUMBER)
		must(answer_kind(answer_root(a)) == answer_kind(answer_root(again)));
	answer_free(again);
	answer_free(a);
	secret_release(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str bytes = { size != 0 ? (const char *)data : "", size };
	struct secret text = SECRET_INIT(1024);
	struct err err = { 0 };

	check_json(bytes);
	check_error(bytes);
	if (xml_text(bytes, "a/b", &text, &err) == 0)
		must(!text.failed);
	secret_release(&text);
	return 0;
}
