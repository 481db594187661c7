/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Identities and their workers. Knows which options make which identity, and
 * who may touch what at which time; does not know how a source comes to keys.
 */
#include "fetch/identity.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/limit.h"
#include "base/text.h"
#include "fetch/api.h"
#include "fetch/http.h"
#include "fetch/url.h"

#define MOST_WORKERS 8

struct worker {
	struct identities *ids;
	pthread_t thread;
	struct http *http; /* made at its first use, so that a CA bundle is read once */
};

/* ---- the list -------------------------------------------------------------- */

static bool is_role_arn(struct str arn)
{
	struct str account;
	size_t i;

	if (!str_starts(arn, STR("arn:aws")) || arn.len > 2048)
		return false;
	for (i = 0; i < arn.len; i++)
		if ((unsigned char)arn.data[i] <= ' ' || (unsigned char)arn.data[i] >= 0x7F ||
		    arn.data[i] == '"' || arn.data[i] == '\\')
			return false;
	for (i = 7; i < arn.len && arn.data[i] != ':'; i++)
		;
	if (arn.len < i + 24 || memcmp(arn.data + i, ":iam::", 6) != 0)
		return false;
	account = (struct str){ arn.data + i + 6, 12 };
	for (i = 0; i < 12; i++)
		if (account.data[i] < '0' || account.data[i] > '9')
			return false;
	arn.len -= (size_t)(account.data + 12 - arn.data);
	arn.data = account.data + 12;
	return str_starts(arn, STR(":role/")) && arn.len > 6;
}

/* The account of an ARN that is_role_arn knows. */
static void take_account(struct identity *id, struct str arn)
{
	const char *at = strstr(arn.data, ":iam::");

	memcpy(id->account, at + 6, 12);
	id->account[12] = '\0';
}

static int open_source(struct identities *ids, const struct ask *ask, const char *profile,
		       const char *region, struct err *err)
{
	struct source *s = &ids->sources[ids->n_sources];
	struct session_options options = { .profile = profile,
					   .region = region,
					   .endpoint_url = ask->endpoint_url };
	struct str path;

	if (session_init(&s->session, ids->world, &ids->profiles, &options, err) == -1)
		return -1;
	s->holder = CREDS_HOLDER_INIT(&s->session, NULL, NULL);
	if (session_setting(&s->session, "AWS_CA_BUNDLE", "ca_bundle", &path))
		s->ca_bundle = profile_expand(ids->world, path, &ids->arena);
	pthread_mutex_init(&s->lock, NULL);
	ids->n_sources++;
	return 0;
}

static struct identity *add(struct identities *ids, struct source *source, const char *profile)
{
	struct identity *id = &ids->list[ids->n++];

	*id = (struct identity){ .source = source, .creds = CREDS_INIT, .fresh = CREDS_INIT };
	id->name = profile != NULL ? arena_printf(&ids->arena, "profile '%s'", profile)
				   : "the default credentials";
	return id;
}

static int add_role(struct identities *ids, struct source *source, const char *profile,
		    const char *arn, const struct ask *ask, struct err *err)
{
	struct identity *id;
	struct buf shown = BUF_INIT(0);

	if (!is_role_arn(str_of(arn))) {
		text_put_quoted(&shown, str_of(arn), 200);
		err_set(err, ERR_USAGE, "%s is no ARN of a role", shown.data);
		buf_release(&shown);
		return -1;
	}
	id = add(ids, source, profile);
	id->has_role = true;
	id->role =
	    (struct creds_role){ .arn = str_of(arn),
				 .external_id = str_of(ask->external_id ? ask->external_id : ""),
				 .session_name = STR(""),
				 .mfa_serial = STR("") };
	id->name = profile != NULL
		       ? arena_printf(&ids->arena, "profile '%s', role %s", profile, arn)
		       : arena_printf(&ids->arena, "role %s", arn);
	take_account(id, str_of(arn));
	return 0;
}

/* A line an account: twelve digits; blank lines and what follows # say nothing. */
static int read_accounts(struct identities *ids, const char *path, const char ***accounts,
			 size_t *n, struct err *err)
{
	struct buf text = BUF_INIT(LIMIT_ACCOUNTS_SIZE);
	struct str line;
	char *at, *end;
	size_t number = 0, i;
	int rc = file_read(&text, path, err);

	*n = 0;
	if (rc == 0)
		*accounts = ARENA_ARRAY(&ids->arena, LIMIT_ACCOUNTS, const char *);
	for (at = text.data; rc == 0 && at != NULL && at < text.data + text.len; at = end + 1) {
		end = memchr(at, '\n', text.len - (size_t)(at - text.data));
		if (end == NULL)
			end = text.data + text.len;
		number++;
		line = (struct str){ at, (size_t)(end - at) };
		for (i = 0; i < line.len && line.data[i] != '#'; i++)
			;
		line.len = i;
		while (line.len != 0 && strchr(" \t\r", line.data[line.len - 1]) != NULL)
			line.len--;
		while (line.len != 0 && (*line.data == ' ' || *line.data == '\t')) {
			line.data++;
			line.len--;
		}
		if (line.len == 0)
			continue;
		for (i = 0; i < line.len && line.data[i] >= '0' && line.data[i] <= '9'; i++)
			;
		if (line.len != 12 || i != 12)
			rc = err_set(err, ERR_USAGE,
				     "'%s', line %zu: no account's number, which has "
				     "twelve digits",
				     path, number);
		else if (*n == LIMIT_ACCOUNTS)
			rc = err_set(err, ERR_USAGE, "'%s': more than %d accounts", path,
				     LIMIT_ACCOUNTS);
		else
			(*accounts)[(*n)++] = arena_str(&ids->arena, line).data;
	}
	if (rc == 0 && *n == 0)
		rc = err_set(err, ERR_USAGE, "'%s' names no account", path);
	if (rc == -1)
		err->kind = ERR_USAGE;
	buf_release(&text);
	return rc;
}

static bool is_role_name(const char *name)
{
	size_t len = strlen(name);

	return len >= 1 && len <= 512 &&
	       strspn(name,
		      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+=,.@-/") ==
		   len;
}

/* The ARNs of all roles: those of the option, or those of the accounts' file. */
static int form_roles(struct identities *ids, const struct ask *ask, const char ***roles, size_t *n,
		      struct err *err)
{
	const char **accounts = NULL;
	size_t i;

	if (ask->accounts == NULL) {
		if (ask_split(ask->roles, LIMIT_ACCOUNTS, &ids->arena, roles, n, err) == -1)
			return err_wrap(err, "option '--assume-role'");
		return 0;
	}
	if (!is_role_name(ask->role_name))
		return err_set(err, ERR_USAGE, "option '--role-name': it is no name of a role");
	if (read_accounts(ids, ask->accounts, &accounts, n, err) == -1)
		return err_wrap(err, "option '--accounts'");
	*roles = ARENA_ARRAY(&ids->arena, *n, const char *);
	for (i = 0; i < *n; i++)
		(*roles)[i] = arena_printf(&ids->arena, "arn:%s:iam::%s:role/%s",
					   endpoint_partition(ids->sources[0].session.region)->name,
					   accounts[i], ask->role_name);
	return 0;
}

static int form_list(struct identities *ids, const struct ask *ask, const char **profiles,
		     size_t n_profiles, struct err *err)
{
	const char **roles, *profile;
	size_t n_roles, i, k;

	if (form_roles(ids, ask, &roles, &n_roles, err) == -1)
		return -1;
	if (ids->n_sources * (n_roles + 1) > LIMIT_ACCOUNTS + LIMIT_PROFILES)
		return err_set(err, ERR_USAGE, "more than %d identities", LIMIT_ACCOUNTS);
	ids->list = ARENA_ARRAY(&ids->arena, ids->n_sources * (n_roles + 1), struct identity);
	for (i = 0; i < ids->n_sources; i++) {
		profile = n_profiles != 0 ? profiles[i] : NULL;
		if (n_roles == 0)
			add(ids, &ids->sources[i], profile);
		for (k = 0; k < n_roles; k++)
			if (add_role(ids, &ids->sources[i], profile, roles[k], ask, err) == -1)
				return -1;
	}
	for (i = 0; i < ids->n; i++)
		ids->list[i].want_account = ids->n > 1 && ids->list[i].account[0] == '\0';
	return 0;
}

int identities_init(struct identities *ids, const struct ask *ask, const struct world *world,
		    struct err *err)
{
	const char **profiles, *region = NULL, **regions;
	size_t n_profiles, n_regions, i;

	*ids = (struct identities){ .world = world, .profiles = PROFILES_INIT, .stop_fd = -1 };
	ids->wanted_end = &ids->wanted;
	pthread_mutex_init(&ids->lock, NULL);
	pthread_cond_init(&ids->more, NULL);
	if (ask_split(ask->profiles, LIMIT_PROFILES, &ids->arena, &profiles, &n_profiles, err) ==
	    -1)
		return err_wrap(err, "option '--profile'");
	/* STS is asked in the first region that is read */
	if (ask->regions != NULL && strcmp(ask->regions, "all") != 0) {
		if (ask_split(ask->regions, LIMIT_REGIONS, &ids->arena, &regions, &n_regions,
			      err) == -1)
			return err_wrap(err, "option '--region'");
		region = regions[0];
	}
	if (profiles_read(&ids->profiles, world, err) == -1)
		return -1;
	ids->sources = ARENA_ARRAY(&ids->arena, n_profiles != 0 ? n_profiles : 1, struct source);
	for (i = 0; i < (n_profiles != 0 ? n_profiles : 1); i++)
		if (open_source(ids, ask, n_profiles != 0 ? profiles[i] : NULL, region, err) == -1)
			return -1;
	return form_list(ids, ask, profiles, n_profiles, err);
}

void identities_connect(struct identities *ids, const atomic_int *stop, int stop_fd,
			void (*wake)(void *to), void *wake_to)
{
	ids->stop = stop;
	ids->stop_fd = stop_fd;
	ids->wake = wake;
	ids->wake_to = wake_to;
}

/* ---- a worker -------------------------------------------------------------- */

static void copy_creds(struct creds *to, const struct creds *from)
{
	creds_release(to);
	secret_put_str(&to->key_id, secret_str(&from->key_id));
	secret_put_str(&to->key, secret_str(&from->key));
	secret_put_str(&to->token, secret_str(&from->token));
	to->expires = from->expires;
	memcpy(to->account, from->account, sizeof(to->account));
	memcpy(to->source, from->source, sizeof(to->source));
}

/* Those of the profile or chain, which roles share. */
static int get_base(struct identity *id, const struct session *session, bool expire,
		    struct creds *to, struct err *err)
{
	struct source *source = id->source;
	const struct creds *creds;
	int rc = -1;

	pthread_mutex_lock(&source->lock);
	if (expire)
		creds_holder_expire(&source->holder);
	if (source->failed && !expire) {
		*err = source->why;
		id->fresh_refusal = source->refusal;
	} else {
		source->holder.session = session;
		rc = creds_holder_get(&source->holder, &creds, err);
		source->holder.session = &source->session;
		source->failed = rc == -1;
		source->refusal = id->fresh_refusal;
		if (rc == -1)
			source->why = *err;
		else
			copy_creds(to, creds);
	}
	pthread_mutex_unlock(&source->lock);
	return rc;
}

static int get_creds(struct identity *id, const struct session *session, struct err *err)
{
	struct creds base = CREDS_INIT;
	int rc;

	if (!id->has_role)
		return get_base(id, session, id->expire, &id->fresh, err);
	rc = get_base(id, session, false, &base, err);
	if (rc == 0)
		rc = creds_assume(session, &base, &id->role, &id->fresh, err);
	creds_release(&base);
	return rc;
}

static void get_account(struct identity *id, const struct session *session,
			const struct creds *creds)
{
	id->fresh_account[0] = '\0';
	if (creds->account[0] != '\0')
		memcpy(id->fresh_account, creds->account, sizeof(creds->account));
	else if (id->want_account)
		(void)api_sts_account(session, creds, id->fresh_account, &id->account_err);
}

/* A worker's way to the network, which says what went over it. */
struct way {
	struct transport inner;
	struct identities *ids;
	struct identity *id;
};

/* "AssumeRole" of a form, or "GET 169.254.169.254": never a path, which may hold more. */
static void put_operation(const struct http_request *request, char *to, size_t size)
{
	static const struct str action = STR("Action=");
	struct url url;
	struct err ignored;
	size_t len = 0;

	if (str_starts(request->body, action)) {
		for (len = action.len; len < request->body.len && request->body.data[len] != '&';)
			len++;
		snprintf(to, size, "%.*s", (int)(len - action.len),
			 request->body.data + action.len);
	} else if (url_parse(request->url, &url, &ignored) == 0) {
		snprintf(to, size, "%s %.*s", request->method, STR_ARG(url.host));
	} else {
		snprintf(to, size, "%s", request->method);
	}
}

static int attempt_of(const struct http_request *request)
{
	static const struct str before = STR("attempt=");
	struct str value;
	size_t i, at;

	for (i = 0; i < request->n_headers; i++) {
		value = request->headers[i].value;
		if (!str_is(request->headers[i].name, "amz-sdk-request"))
			continue;
		for (at = 0; at + before.len < value.len; at++)
			if (memcmp(value.data + at, before.data, before.len) == 0)
				return value.data[at + before.len] - '0';
	}
	return 1;
}

static void tell(const struct way *way, const char *operation, const struct http_request *request,
		 const struct http_answer *answer, int64_t begun_us)
{
	struct answer_error error;
	struct api_told told = { .operation = operation, .region = "", .code = "" };

	answer_request_id(answer, &error);
	told.account = way->id->has_role ? way->id->account : "";
	told.attempt = attempt_of(request);
	told.end = answer->end;
	told.status = answer->status;
	told.ms = (http_now_us() - begun_us) / 1000;
	told.request_id = error.request_id;
	way->ids->tell(way->ids->tell_to, &told);
}

/* The last word of STS is why there are no credentials, if there are none. */
static void note_refusal(struct refusal *r, const char *operation,
			 const struct http_request *request, const struct http_answer *answer)
{
	struct answer_error error;

	*r = (struct refusal){ 0 };
	if (!str_starts(request->body, STR("Action=")) || answer->end != TRANSPORT_ANSWERED ||
	    answer->status == 200)
		return;
	answer_error_xml(answer, &error);
	snprintf(r->operation, sizeof(r->operation), "%s", operation);
	snprintf(r->code, sizeof(r->code), "%s", error.code);
	snprintf(r->request_id, sizeof(r->request_id), "%s", error.request_id);
}

static void send_and_tell(void *self, const struct http_request *request,
			  struct http_answer *answer)
{
	struct way *way = self;
	int64_t begun_us = http_now_us();
	char operation[40];

	way->inner.send(way->inner.self, request, answer);
	put_operation(request, operation, sizeof(operation));
	if (!way->id->only_account)
		note_refusal(&way->id->fresh_refusal, operation, request, answer);
	if (way->ids->tell != NULL)
		tell(way, operation, request, answer, begun_us);
}

/* What was asked for an identity, with this worker's own way to the network. */
static void work(struct worker *w, struct identity *id)
{
	struct world world = *w->ids->world;
	struct session session = id->source->session;
	struct http_client client = { w->http, id->source->ca_bundle };
	struct way way = { world.transport, w->ids, id };

	if (way.inner.send == NULL)
		way.inner = (struct transport){ http_send, &client };
	world.transport = (struct transport){ send_and_tell, &way };
	session.world = &world;
	id->fresh_err = id->account_err = (struct err){ 0 };
	id->fresh_refusal = (struct refusal){ 0 };
	id->rc = 0;
	if (!id->only_account)
		id->rc = get_creds(id, &session, &id->fresh_err);
	if (id->rc == 0)
		get_account(id, &session, id->only_account ? &id->creds : &id->fresh);
}

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
		work(w, id);
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
