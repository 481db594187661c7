/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The chain of sources and the holder. Knows their order and their answers'
 * three kinds; does not know how any of them comes to credentials.
 */
#include "fetch/creds.h"

#include <stdarg.h>
#include <stdio.h>

#include "fetch/creds_inside.h"
#include "fetch/when.h"

void creds_release(struct creds *c)
{
	secret_release(&c->key_id);
	secret_release(&c->key);
	secret_release(&c->token);
	*c = CREDS_INIT;
}

void creds_name(struct creds *c, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(c->source, sizeof(c->source), format, args);
	va_end(args);
}

void creds_set_account(struct creds *c, struct str account)
{
	size_t i;

	if (account.len != 12)
		return;
	for (i = 0; i < 12; i++)
		if (account.data[i] < '0' || account.data[i] > '9')
			return;
	memcpy(c->account, account.data, 12);
	c->account[12] = '\0';
}

void creds_set_account_of(struct creds *c, struct str arn)
{
	size_t at = 0, colons = 0, end;

	while (at < arn.len && colons < 4)
		colons += arn.data[at++] == ':';
	for (end = at; end < arn.len && arn.data[end] != ':'; end++)
		;
	creds_set_account(c, (struct str){ arn.data + at, end - at });
}

static bool can_be_sent(struct str s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if ((unsigned char)s.data[i] <= ' ' || (unsigned char)s.data[i] >= 0x7F)
			return false;
	return true;
}

int creds_check(const struct creds *c, struct err *err)
{
	if (c->key_id.len == 0 || c->key.len == 0)
		return err_set(err, ERR_INPUT,
			       "the access key id or the secret access key is missing");
	if (!can_be_sent(secret_str(&c->key_id)) || !can_be_sent(secret_str(&c->token)))
		return err_set(
		    err, ERR_INPUT,
		    "the access key id or the session token holds a character that cannot "
		    "be sent");
	return 0;
}

int creds_read(const struct answer_value *document, const char *token_name, struct creds *out,
	       struct err *err)
{
	struct str text;

	if (answer_text(document, "AccessKeyId", &text))
		secret_set(&out->key_id, text);
	if (answer_text(document, "SecretAccessKey", &text))
		secret_set(&out->key, text);
	if (answer_text(document, token_name, &text))
		secret_set(&out->token, text);
	if (answer_text(document, "AccountId", &text))
		creds_set_account(out, text);
	if (answer_text(document, "Expiration", &text) && text.len != 0 &&
	    !when_parse_iso(text, &out->expires))
		return err_set(err, ERR_INPUT, "its Expiration is no time");
	return creds_check(out, err);
}

/* ---- the chain ------------------------------------------------------------- */

struct source {
	const char *words;
	int (*get)(const struct session *s, struct creds *out, struct err *err);
	bool behind_profile;
};

static const struct source sources[] = {
#define CREDS(function, words, behind_profile) { words, creds_##function, behind_profile },
#include "fetch/creds_list.h"
#undef CREDS
};

#define N_SOURCES (sizeof(sources) / sizeof(sources[0]))

static void note(struct buf *tried, const char *words, const char *reason)
{
	buf_printf(tried, "%s%s (%s)", tried->len != 0 ? "; " : "", words, reason);
}

int creds_chain(const struct session *s, struct creds *out, struct err *err)
{
	struct buf tried = BUF_INIT(0);
	const struct source *source;
	int rc = CREDS_NOTHING;

	for (source = sources; source < sources + N_SOURCES; source++) {
		if (s->options.profile != NULL && source->behind_profile) {
			note(&tried, source->words, "not asked, as a profile was chosen");
			continue;
		}
		creds_release(out);
		*err = (struct err){ 0 };
		rc = source->get(s, out, err);
		if (rc != CREDS_NOTHING)
			break;
		note(&tried, source->words, err->text);
	}
	if (rc == CREDS_FOUND) {
		rc = 0;
	} else if (rc == CREDS_NOTHING) {
		rc = err_set(err, ERR_INPUT, "no credentials; asked in this order: %s", tried.data);
	} else {
		err_wrap(err, "credentials from %s", source->words);
		if (tried.len != 0)
			err_set(err, err->kind, "%s; asked before: %s", err->text, tried.data);
	}
	if (rc != 0)
		creds_release(out);
	buf_release(&tried);
	return rc;
}

/* ---- the holder ------------------------------------------------------------ */

static int ask(struct creds_holder *h, struct creds *fresh, struct err *err)
{
	const struct creds *base;

	if (h->base == NULL)
		return creds_chain(h->session, fresh, err);
	if (creds_holder_get(h->base, &base, err) == -1)
		return -1;
	return creds_assume(h->session, base, h->role, fresh, err);
}

int creds_holder_get(struct creds_holder *h, const struct creds **creds, struct err *err)
{
	int64_t now = world_now(h->session->world);
	struct creds fresh = CREDS_INIT;

	*creds = &h->current;
	if (h->have && (h->current.expires == CREDS_NEVER ||
			h->current.expires - now > CREDS_RENEW_S || now < h->not_before))
		return 0;
	if (ask(h, &fresh, err) == 0) {
		creds_release(&h->current);
		h->current = fresh;
		h->have = true;
		/* those that are given with little life left are not asked for at each call */
		h->not_before = now + CREDS_AGAIN_S;
		if (fresh.expires <= now)
			return err_set(err, ERR_INPUT, "credentials from %s have expired",
				       h->current.source);
		if (h->not_before > fresh.expires)
			h->not_before = fresh.expires;
		return 0;
	}
	creds_release(&fresh);
	if (!h->have || h->current.expires <= now || err->kind == ERR_INTERRUPTED)
		return -1;
	h->not_before = now + CREDS_AGAIN_S;
	if (h->not_before > h->current.expires)
		h->not_before = h->current.expires;
	return 0;
}

void creds_holder_expire(struct creds_holder *h)
{
	h->have = false;
	if (h->base != NULL)
		creds_holder_expire(h->base);
}

void creds_holder_release(struct creds_holder *h)
{
	creds_release(&h->current);
	h->have = false;
}
