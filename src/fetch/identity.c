/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Identities and their workers. Knows who may touch what at which time; does
 * not know which options made an identity, nor how a source comes to keys.
 */
#include "fetch/identity.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "fetch/http.h"
#include "fetch/identity_inside.h"

#define MOST_WORKERS 8

struct worker {
	struct identities *ids;
	pthread_t thread;
	struct http *http; /* its own, so that a CA bundle is read once */
};

void identities_connect(struct identities *ids, const atomic_int *stop, int stop_fd,
			void (*wake)(void *to), void *wake_to)
{
	ids->stop = stop;
	ids->stop_fd = stop_fd;
	ids->wake = wake;
	ids->wake_to = wake_to;
}

/* ---- workers --------------------------------------------------------------- */

static void *run_worker(void *self)
{
	struct worker *w = self;
	struct identities *ids = w->ids;
	struct http_options options = { .world = ids->world,
					.most = 1,
					.most_per_host = 1,
					.stop = ids->stop,
					.stop_fd = ids->stop_fd };
	struct identity *id;

	w->http = http_new(&options);
	pthread_mutex_lock(&ids->lock);
	while (!ids->quit) {
		id = ids->wanted;
		if (id == NULL) {
			pthread_cond_wait(&ids->more, &ids->lock);
			continue;
		}
		ids->wanted = id->next;
		if (ids->wanted == NULL)
			ids->wanted_end = &ids->wanted;
		pthread_mutex_unlock(&ids->lock);
		identity_work(ids, w->http, id);
		pthread_mutex_lock(&ids->lock);
		id->next = ids->finished;
		ids->finished = id;
		if (ids->wake != NULL)
			ids->wake(ids->wake_to);
	}
	pthread_mutex_unlock(&ids->lock);
	http_free(w->http);
	return NULL;
}

/* As many as there is work for. Signals are the first thread's. */
static void start_worker(struct identities *ids)
{
	struct worker *w;
	sigset_t all, before;

	if (ids->workers == NULL)
		ids->workers = ARENA_ARRAY(&ids->arena, MOST_WORKERS, struct worker);
	if (ids->n_workers == MOST_WORKERS || ids->n_workers >= ids->n_busy)
		return;
	w = &ids->workers[ids->n_workers];
	w->ids = ids;
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	if (pthread_create(&w->thread, NULL, run_worker, w) == 0)
		ids->n_workers++;
	else if (ids->n_workers == 0)
		abort();
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void want(struct identities *ids, struct identity *id, bool only_account)
{
	id->busy = true;
	ids->n_busy++;
	id->only_account = only_account;
	start_worker(ids);
	pthread_mutex_lock(&ids->lock);
	id->next = NULL;
	*ids->wanted_end = id;
	ids->wanted_end = &id->next;
	pthread_cond_signal(&ids->more);
	pthread_mutex_unlock(&ids->lock);
}

/* ---- the first thread ------------------------------------------------------ */

void identity_ask(struct identities *ids, struct identity *id)
{
	if (!id->busy)
		want(ids, id, false);
}

void identity_ask_account(struct identities *ids, struct identity *id)
{
	if (id->busy || id->asked_account)
		return;
	id->want_account = true;
	want(ids, id, true);
}

static void take_creds(struct identities *ids, struct identity *id)
{
	int64_t now = world_now(ids->world);

	id->again = now + CREDS_AGAIN_S;
	if (id->rc == 0 && id->fresh.expires > now) {
		creds_release(&id->creds);
		id->creds = id->fresh;
		id->fresh = CREDS_INIT;
		id->generation++;
		id->state = IDENTITY_READY;
		id->expire = false;
		return;
	}
	if (id->rc == 0)
		err_set(&id->fresh_err, ERR_INPUT, "credentials from %s have expired",
			id->fresh.source);
	creds_release(&id->fresh);
	/* old ones that are good are used to their end */
	if (id->state == IDENTITY_READY && id->creds.expires > now)
		return;
	id->state = IDENTITY_FAILED;
	id->why = id->fresh_err;
	id->refusal = id->fresh_refusal;
}

bool identities_collect(struct identities *ids)
{
	struct identity *id, *next;

	pthread_mutex_lock(&ids->lock);
	id = ids->finished;
	ids->finished = NULL;
	pthread_mutex_unlock(&ids->lock);
	if (id == NULL)
		return false;
	for (; id != NULL; id = next) {
		next = id->next;
		id->busy = false;
		ids->n_busy--;
		if (id->account[0] == '\0' && id->rc == 0)
			memcpy(id->account, id->fresh_account, sizeof(id->account));
		id->asked_account = id->asked_account || id->want_account;
		id->want_account = false;
		if (!id->only_account)
			take_creds(ids, id);
	}
	return true;
}

int identity_creds(struct identities *ids, struct identity *id, const struct creds **creds,
		   struct err *err)
{
	int64_t now = world_now(ids->world);

	*creds = &id->creds;
	if (id->state == IDENTITY_FAILED) {
		*err = id->why;
		return -1;
	}
	if (id->state == IDENTITY_READY) {
		if (id->creds.expires == CREDS_NEVER || id->creds.expires - now > CREDS_RENEW_S)
			return 0;
		if (now >= id->again)
			identity_ask(ids, id);
		if (id->creds.expires > now)
			return 0;
	}
	identity_ask(ids, id);
	return 1;
}

void identity_expire(struct identity *id, unsigned generation)
{
	if (id->generation != generation || id->state != IDENTITY_READY)
		return;
	id->state = IDENTITY_NEW;
	/* a worker that is at it already brings new ones anyway */
	if (!id->busy)
		id->expire = true;
}

bool identities_release(struct identities *ids)
{
	size_t i;

	(void)identities_collect(ids);
	if (ids->n_busy != 0)
		return false;
	pthread_mutex_lock(&ids->lock);
	ids->quit = true;
	pthread_cond_broadcast(&ids->more);
	pthread_mutex_unlock(&ids->lock);
	for (i = 0; i < ids->n_workers; i++)
		pthread_join(ids->workers[i].thread, NULL);
	for (i = 0; i < ids->n; i++) {
		creds_release(&ids->list[i].creds);
		creds_release(&ids->list[i].fresh);
	}
	for (i = 0; i < ids->n_sources; i++) {
		creds_holder_release(&ids->sources[i].holder);
		pthread_mutex_destroy(&ids->sources[i].lock);
	}
	pthread_mutex_destroy(&ids->lock);
	pthread_cond_destroy(&ids->more);
	profiles_release(&ids->profiles);
	arena_release(&ids->arena);
	*ids = (struct identities){ .stop_fd = -1 };
	return true;
}
