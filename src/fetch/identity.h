/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who reads: the identities that options and files name, and their
 * credentials, which workers get and renew while calls go on. One thread, the
 * one that makes the calls, uses this.
 */
#ifndef FETCH_IDENTITY_H
#define FETCH_IDENTITY_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "ask/ask.h"
#include "base/arena.h"
#include "base/err.h"
#include "fetch/creds.h"
#include "fetch/profile.h"
#include "fetch/session.h"
#include "fetch/world.h"

/* What STS answered to the call that gave no credentials; empty where it was not STS. */
struct refusal {
	char operation[40], code[100], request_id[100];
};

/* A profile, or the chain without one: what roles are assumed with. */
struct source {
	struct session session;
	const char *ca_bundle; /* or NULL */
	pthread_mutex_t lock;  /* of the following, which workers use */
	struct creds_holder holder;
	bool failed; /* then it is not asked for each of its roles */
	struct err why;
	struct refusal refusal;
};

enum identity_state {
	IDENTITY_NEW, /* no credentials that are good */
	IDENTITY_READY,
	IDENTITY_FAILED, /* for good */
};

struct identity {
	const char *name; /* for messages: "profile 'x', role arn:..." */
	struct source *source;
	bool has_role;
	struct creds_role role;
	char account[13]; /* empty where it is not known */
	enum identity_state state;
	struct err why; /* of FAILED */
	struct refusal refusal;
	/* identity.c's, and the workers' */
	struct creds creds;
	unsigned generation;
	bool busy; /* a worker is at it: the following are the worker's then */
	bool want_account, only_account, expire;
	bool asked_account;
	int64_t again; /* no renewal before */
	struct creds fresh;
	char fresh_account[13];
	struct err fresh_err, account_err;
	struct refusal fresh_refusal;
	int rc;
	struct identity *next;
};

struct worker;
struct api_told;

struct identities {
	const struct world *world;
	struct profiles profiles;
	struct arena arena;
	struct source *sources;
	size_t n_sources;
	struct identity *list;
	size_t n;
	/* identity.c's */
	struct worker *workers;
	size_t n_workers;
	pthread_mutex_t lock;
	pthread_cond_t more;
	struct identity *wanted, **wanted_end, *finished;
	size_t n_busy;
	bool quit;
	const atomic_int *stop;
	int stop_fd;
	void (*wake)(void *to);
	void *wake_to;
	/* each exchange that a worker made, in the worker's thread; may be NULL */
	void (*tell)(void *to, const struct api_told *told);
	void *tell_to;
};

/*
 * Reads the shared files and forms the list. Nobody is asked yet. `world`'s transport
 * is used by the workers; one without a send is given libcurl. -1 with ERR_USAGE, or
 * ERR_INPUT for a file that cannot be read. release in both cases.
 */
int identities_init(struct identities *ids, const struct ask *ask, const struct world *world,
		    struct err *err);
/* Before the first ask: what stops workers, and how they say that they are done. */
void identities_connect(struct identities *ids, const atomic_int *stop, int stop_fd,
			void (*wake)(void *to), void *wake_to);
/* False when a worker is still at something, and the process has to end with it. */
bool identities_release(struct identities *ids);

/* Asks for credentials, unless that is under way. */
void identity_ask(struct identities *ids, struct identity *id);
/* Asks whose account it is; it is in `account` some time later, or asked_account is set
 * and it is not. */
void identity_ask_account(struct identities *ids, struct identity *id);
/* Takes in what workers have done; true when something has changed. */
bool identities_collect(struct identities *ids);
/* 0 and credentials for now, borrowed until the next collect; 1 when they are being asked
 * for; -1 with err when there are none. */
int identity_creds(struct identities *ids, struct identity *id, const struct creds **creds,
		   struct err *err);
/* A service said that those of this generation have expired. */
void identity_expire(struct identity *id, unsigned generation);

#endif
