/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the sources of credentials share, and the steps of a profile. Not for
 * others: they ask creds.h.
 */
#ifndef FETCH_CREDS_INSIDE_H
#define FETCH_CREDS_INSIDE_H

#include "fetch/answer.h"
#include "fetch/creds.h"
#include "fetch/exchange.h"

/* Says where they come from. */
void creds_name(struct creds *c, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Takes an account's number where it is one. */
void creds_set_account(struct creds *c, struct str account);
/* The account of an ARN. */
void creds_set_account_of(struct creds *c, struct str arn);
/* -1 unless key id and key are there, and all of it can be sent. */
int creds_check(const struct creds *c, struct err *err);
/* From a document with AccessKeyId, SecretAccessKey, Expiration, AccountId, and the token
 * under this name. */
int creds_read(const struct answer_value *document, const char *token_name, struct creds *out,
	       struct err *err);

/* A call of STS that gives credentials in its answer. `keys` is NULL for one that is not
 * signed. `form` begins with Action=, and ends with the secret that is sent, where
 * there is one. */
int creds_sts(const struct session *s, const char *action, const struct secret *form,
	      struct str secret, const struct creds *keys, struct creds *out, struct err *err);
/* "&Name=value", encoded; nothing for an empty one. */
void creds_form(struct secret *form, const char *name, struct str value);
/* The name that was set, or one of our own. */
void creds_form_session(const struct session *s, struct secret *form, struct str name);

int creds_web_role(const struct session *s, struct str token_file, struct str role_arn,
		   struct str session_name, struct creds *out, struct err *err);
int creds_sso(const struct session *s, struct str profile, struct creds *out, struct err *err);
int creds_process(const struct session *s, struct str command, struct str profile,
		  struct creds *out, struct err *err);

#endif
