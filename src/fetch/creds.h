/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Credentials: the chain of sources in the order of creds_list.h, roles on top
 * of them, and a holder that renews them before they expire.
 */
#ifndef FETCH_CREDS_H
#define FETCH_CREDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limit.h"
#include "base/str.h"
#include "fetch/secret.h"
#include "fetch/session.h"

#define CREDS_NEVER INT64_MAX

struct creds {
	struct secret key_id, key, token; /* no token where they are not temporary */
	int64_t expires;                  /* seconds since 1970, or CREDS_NEVER */
	char account[13];                 /* twelve digits, or empty where it is not known */
	char source[160];                 /* in words; never a secret */
};

#define CREDS_INIT ((struct creds){ .expires = CREDS_NEVER })

/* Wipes and frees; safe on a zeroed one. */
void creds_release(struct creds *c);

/*
 * A source gives CREDS_FOUND; or CREDS_NOTHING, with the reason in err, when it is not
 * set up, so that the next one is asked; or CREDS_FAILED when it is set up and does not
 * work: then none is asked after it, as that might be another identity.
 */
enum { CREDS_FAILED = -1, CREDS_NOTHING = 0, CREDS_FOUND = 1 };

int creds_env(const struct session *s, struct creds *out, struct err *err);
int creds_web(const struct session *s, struct creds *out, struct err *err);
int creds_profile(const struct session *s, struct creds *out, struct err *err);
int creds_container(const struct session *s, struct creds *out, struct err *err);
int creds_imds(const struct session *s, struct creds *out, struct err *err);

/* The whole chain. 0, or -1 with what each source said, in their order. */
int creds_chain(const struct session *s, struct creds *out, struct err *err);

/* ---- roles ----------------------------------------------------------------- */

struct creds_role {
	struct str arn;
	struct str external_id;  /* the rest may be empty */
	struct str session_name; /* "ivslint-" and the time otherwise */
	struct str mfa_serial;   /* a code is asked for on the terminal */
	int duration;            /* seconds; 0 for the service's default */
};

int creds_assume(const struct session *s, const struct creds *base, const struct creds_role *role,
		 struct creds *out, struct err *err);

/* ---- profiles -------------------------------------------------------------- */

enum creds_step_kind {
	STEP_KEYS,    /* of the profile itself */
	STEP_SOURCE,  /* credential_source */
	STEP_WEB,     /* web_identity_token_file */
	STEP_SSO,     /* IAM Identity Center */
	STEP_PROCESS, /* credential_process */
	STEP_ROLE,    /* role_arn, with what the step before gives */
};

struct creds_step {
	enum creds_step_kind kind;
	struct str profile; /* where its settings are */
};

/* From the credentials that it starts with to the role that is wanted. */
struct creds_steps {
	struct creds_step list[LIMIT_ROLE_CHAIN + 1];
	size_t n;
};

/* How a profile comes to its credentials, without asking anybody. */
int creds_profile_steps(const struct profiles *p, struct str profile, struct creds_steps *steps,
			struct err *err);

/* The URL of the container's credentials, checked. */
int creds_container_url(const struct world *world, struct buf *url, struct err *err);

/* ---- keeping them fresh ---------------------------------------------------- */

#define CREDS_RENEW_S 300 /* before they expire */
#define CREDS_AGAIN_S 60  /* between attempts to renew while the old ones are good */

/* One identity's: those of the chain, or a role assumed with those of `base`. */
struct creds_holder {
	const struct session *session;
	struct creds_holder *base;     /* NULL: the chain */
	const struct creds_role *role; /* with base */
	struct creds current;
	bool have;
	int64_t not_before; /* of the next attempt to renew */
};

#define CREDS_HOLDER_INIT(session_, base_, role_)                                                  \
	((struct creds_holder){ .session = (session_), .base = (base_), .role = (role_) })

/* Credentials good for now, borrowed until the next call. */
int creds_holder_get(struct creds_holder *h, const struct creds **creds, struct err *err);
/* A service said that they have expired: the next get asks anew. */
void creds_holder_expire(struct creds_holder *h);
void creds_holder_release(struct creds_holder *h);

#endif
