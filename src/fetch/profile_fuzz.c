/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shared files, whatever they hold: config up to a line of "---", credentials
 * behind it. Every entry must lie in its text, and be found again by its name.
 */
#include "fetch/profile.h"

#include <stdlib.h>

#include "fetch/creds.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool promise)
{
	if (!promise)
		abort();
}

static bool lies_in(const struct secret *text, struct str s)
{
	return s.len == 0 || (s.data >= text->data && s.data + s.len <= text->data + text->len);
}

static void check(const struct profiles *p)
{
	const struct profile_entry *e;
	struct creds_steps steps;
	struct err err = { 0 };
	struct str value;
	size_t i;

	for (i = 0; i < p->n_entries; i++) {
		e = &p->entries[i];
		must(lies_in(&p->texts[e->file], e->section));
		must(lies_in(&p->texts[e->file], e->key));
		must(lies_in(&p->texts[e->file], e->value));
		if (i >= 50) /* looking up is linear, and is done for a few names */
			continue;
		must(profile_exists(p, e->kind, e->section));
		(void)profile_get_nested(p, e->kind, e->section, "ivs", "endpoint_url", &value);
		if (e->kind == PROFILE_PROFILE && e->key.len == 0 &&
		    creds_profile_steps(p, e->section, &steps, &err) == CREDS_FOUND)
			must(steps.n >= 1 && steps.n <= LIMIT_ROLE_CHAIN + 1);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest = { size != 0 ? (const char *)data : "", size };
	struct profiles p = PROFILES_INIT;
	struct secret text = SECRET_INIT(0);
	struct err err = { 0 };
	size_t cut = 0;

	while (cut + 5 <= rest.len && memcmp(rest.data + cut, "\n---\n", 5) != 0)
		cut++;
	if (cut + 5 > rest.len)
		cut = rest.len;
	secret_put(&text, rest.data, cut);
	if (profiles_parse(&p, PROFILE_CONFIG, &text, &err) == 0) {
		if (cut < rest.len)
			secret_put(&text, rest.data + cut + 5, rest.len - cut - 5);
		if (profiles_parse(&p, PROFILE_CREDENTIALS, &text, &err) == 0)
			check(&p);
	}
	secret_release(&text);
	profiles_release(&p);
	return 0;
}
