/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A run. Knows who is begun when and written when; does not know how a region
 * is read, nor how credentials come.
 */
#include "fetch/fetch.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "fetch/http.h"
#include "fetch/identity.h"
#include "fetch/pace.h"
#include "fetch/region.h"
#include "fetch/seen.h"
#include "fetch/stream.h"
#include "fetch/url.h"

#define ACTIVE  64  /* identities at one time */
#define TURN_MS 250 /* most of a wait, so that progress is shown */

enum party_state {
	PARTY_WAITING, /* for credentials */
	PARTY_READING,
	PARTY_OVER,
	PARTY_WRITTEN,
};

/* An identity and its regions. */
struct party {
	struct identity *identity;
	enum party_state state;
	const char **regions; /* until it is begun: those that it is to read */
	size_t n_regions;
	struct region_read *reads;
	size_t n_reads;
	struct err why; /* why there are no reads */
};

/* One --arn. */
struct wanted {
	struct str arn, region, account;
	bool taken; /* by an identity */
};

struct fetch {
	struct fetch_options options;
	struct arena arena;
	struct identities identities;
	struct http *http;
	struct pace_table *paces;
	struct region_shared shared;
	struct api_stats stats;
	struct party *parties;
	size_t n_parties, n_written;
	struct wanted *wanted;
	size_t n_wanted;
	struct seen seen; /* ARNs that are written, where two identities may be one account */
	struct stream stream;
	size_t n_regions, n_regions_done;
};

/* ---- before anything is asked ---------------------------------------------- */

static int take_arns(struct fetch *f, struct err *err)
{
	const struct ask *ask = f->options.ask;
	struct buf shown = BUF_INIT(0);
	struct wanted *w;
	size_t i;
	int rc = 0;

	f->wanted = ARENA_ARRAY(&f->arena, ask->n_arns + 1, struct wanted);
	for (i = 0; i < ask->n_arns && rc == 0; i++) {
		w = &f->wanted[f->n_wanted++];
		w->arn = str_of(ask->arns[i]);
		if (api_ivs_arn(w->arn, &w->region, &w->account)) {
			rc = endpoint_check_ivs_region(w->region, err);
			continue;
		}
		text_put_quoted(&shown, w->arn, 200);
		rc = err_set(err, ERR_USAGE,
			     "option '--arn': %s is no ARN of a recording configuration",
			     shown.data);
		buf_release(&shown);
	}
	return rc;
}

static size_t n_ivs_regions(void)
{
	size_t n = 0;

	while (endpoint_ivs_regions[n] != NULL)
		n++;
	return n;
}

/* The regions that the command line names; none where it names none. */
static int take_regions(struct fetch *f, const char ***regions, size_t *n, struct err *err)
{
	const char *text = f->options.ask->regions;
	size_t i, k;

	*n = 0;
	if (text != NULL && strcmp(text, "all") == 0) {
		*n = n_ivs_regions();
		*regions = ARENA_ARRAY(&f->arena, *n, const char *);
		memcpy(*regions, endpoint_ivs_regions, *n * sizeof(**regions));
		return 0;
	}
	if (ask_split(text, LIMIT_REGIONS, &f->arena, regions, n, err) == -1)
		return err_wrap(err, "option '--region'");
	for (i = 0; i < *n; i++) {
		if (endpoint_check_ivs_region(str_of((*regions)[i]), err) == -1)
			return -1;
		for (k = 0; k < i; k++)
			if (strcmp((*regions)[i], (*regions)[k]) == 0)
				return err_set(err, ERR_USAGE,
					       "option '--region': %s is named twice",
					       (*regions)[i]);
	}
	return 0;
}

/* The region of an identity's own settings. */
static int own_region(struct fetch *f, struct party *p, struct err *err)
{
	struct str region = p->identity->source->session.region;

	if (region.len == 0)
		return err_set(err, ERR_USAGE,
			       "no region is set for %s: use --region, AWS_REGION, or region in "
			       "the profile",
			       p->identity->name);
	if (endpoint_check_ivs_region(region, err) == -1)
		return -1;
	p->regions = ARENA_ARRAY(&f->arena, 1, const char *);
	p->regions[0] = arena_str(&f->arena, region).data;
	p->n_regions = 1;
	return 0;
}

/* Whether its endpoints can be formed at all: known before the first call. */
static int try_endpoints(const struct party *p, struct err *err)
{
	struct endpoint endpoint;
	struct url url;
	size_t i;

	for (i = 0; i < p->n_regions; i++) {
		if (session_endpoint(&p->identity->source->session, &endpoint_ivs,
				     str_of(p->regions[i]), &endpoint, err) == -1 ||
		    url_parse(str_of(endpoint.url), &url, err) == -1)
			return -1;
		if (!url.tls && !url_may_be_plain(&url))
			return err_set(err, ERR_USAGE,
				       "the endpoint URL of IVS is not https, and its host is not "
				       "this machine");
	}
	return 0;
}

static int form_parties(struct fetch *f, struct err *err)
{
	const char **regions;
	size_t n_regions, i;
	struct party *p;

	if (take_arns(f, err) == -1 || take_regions(f, &regions, &n_regions, err) == -1)
		return -1;
	f->n_parties = f->identities.n;
	f->parties = ARENA_ARRAY(&f->arena, f->n_parties, struct party);
	for (i = 0; i < f->n_parties; i++) {
		p = &f->parties[i];
		p->identity = &f->identities.list[i];
		p->regions = regions;
		p->n_regions = n_regions;
		if (f->n_wanted == 0 && n_regions == 0 && own_region(f, p, err) == -1)
			return -1;
		if (try_endpoints(p, err) == -1) {
			err->kind = ERR_USAGE;
			return -1;
		}
		f->n_regions += p->n_regions;
	}
	return 0;
}

static void wake(void *to)
{
	http_wake(to);
}

struct fetch *fetch_open(const struct fetch_options *options, struct err *err)
{
	struct fetch *f = mem_alloc(sizeof(*f));
	struct http_options http = { .world = options->world,
				     .most = options->ask->concurrency,
				     .most_per_host = options->ask->concurrency,
				     .stop = options->stop,
				     .stop_fd = options->stop_fd };

	*f = (struct fetch){ .options = *options, .arena = ARENA_INIT };
	if (identities_init(&f->identities, options->ask, options->world, err) == -1 ||
	    form_parties(f, err) == -1) {
		fetch_free(f);
		return NULL;
	}
	f->http = http_new(&http);
	f->paces = pace_table_new();
	f->shared = (struct region_shared){ .http = f->http,
					    .paces = f->paces,
					    .max_tps = options->ask->max_tps,
					    .summary = options->ask->summary };
	identities_connect(&f->identities, options->stop, options->stop_fd, wake, f->http);
	f->identities.tell = options->tell;
	f->identities.tell_to = options->to;
	return f;
}

void fetch_free(struct fetch *f)
{
	size_t i, k;

	if (f == NULL || !identities_release(&f->identities))
		return;
	for (i = 0; i < f->n_parties; i++)
		for (k = 0; k < f->parties[i].n_reads; k++)
			region_release(&f->parties[i].reads[k]);
	http_free(f->http);
	pace_table_free(f->paces);
	seen_release(&f->seen);
	arena_release(&f->arena);
	free(f);
}

/* ---- beginning ------------------------------------------------------------- */

static int open_region(struct fetch *f, struct party *p, const char *region, struct err *err)
{
	struct region_read *r = &p->reads[p->n_reads];

	r->place = (struct api_place){ .http = f->http,
				       .world = f->options.world,
				       .identities = &f->identities,
				       .identity = p->identity,
				       .timeout_ms = (int64_t)f->options.ask->timeout_s * 1000,
				       .stats = &f->stats,
				       .tell = f->options.tell,
				       .tell_to = f->options.to };
	if (api_place_init(&r->place, &p->identity->source->session, region,
			   f->options.ask->attempts, err) == -1 ||
	    region_init(r, &f->shared, err) == -1)
		return -1;
	p->n_reads++;
	return 0;
}

static struct region_read *read_of(struct party *p, struct str region)
{
	size_t i;

	for (i = 0; i < p->n_reads; i++)
		if (str_is(region, p->reads[i].place.region))
			return &p->reads[i];
	return NULL;
}

/* The ARNs that this identity is to read: those of its account, or all for the only one. */
static int begin_arns(struct fetch *f, struct party *p, struct err *err)
{
	struct region_read *r;
	struct wanted *w;
	size_t i;

	p->reads = ARENA_ARRAY(&f->arena, n_ivs_regions(), struct region_read);
	for (i = 0; i < f->n_wanted; i++) {
		w = &f->wanted[i];
		if (f->n_parties > 1 && !str_is(w->account, p->identity->account))
			continue;
		r = read_of(p, w->region);
		if (r == NULL) {
			if (open_region(f, p, arena_str(&f->arena, w->region).data, err) == -1)
				return -1;
			r = &p->reads[p->n_reads - 1];
			f->n_regions++;
		}
		w->taken = true;
		region_add(r, w->arn);
	}
	return 0;
}

static int begin_regions(struct fetch *f, struct party *p, struct err *err)
{
	size_t i;

	p->reads = ARENA_ARRAY(&f->arena, p->n_regions, struct region_read);
	for (i = 0; i < p->n_regions; i++) {
		if (open_region(f, p, p->regions[i], err) == -1)
			return -1;
		region_list(&p->reads[i]);
	}
	return 0;
}

static void begin(struct fetch *f, struct party *p)
{
	struct identity *id = p->identity;

	if (id->state == IDENTITY_NEW) {
		identity_ask(&f->identities, id);
		return;
	}
	if (id->state == IDENTITY_FAILED) {
		p->why = id->why;
		p->state = PARTY_OVER;
		return;
	}
	p->state = PARTY_READING;
	/* what is open already goes on, whatever becomes of the rest */
	if ((f->n_wanted != 0 ? begin_arns(f, p, &p->why) : begin_regions(f, p, &p->why)) == -1)
		err_wrap(&p->why, "%s", id->name);
}

/* ---- ending ---------------------------------------------------------------- */

static bool reads_are_over(const struct party *p)
{
	size_t i;

	for (i = 0; i < p->n_reads; i++)
		if (!region_over(&p->reads[i]))
			return false;
	return true;
}

/* Whose account it was, as far as anything says so; false while it is being asked. */
static bool settle_account(struct fetch *f, struct party *p)
{
	struct identity *id = p->identity;
	size_t i;

	for (i = 0; i < p->n_reads && id->account[0] == '\0'; i++)
		memcpy(id->account, p->reads[i].account, sizeof(id->account));
	if (id->account[0] != '\0' || id->asked_account || id->state != IDENTITY_READY ||
	    f->n_wanted != 0)
		return true;
	identity_ask_account(&f->identities, id);
	return false;
}

/* True when the ARN was written before; notes it otherwise. */
static bool was_written(void *self, struct str arn)
{
	return seen_add(&((struct fetch *)self)->seen, arn);
}

static void write_failure(struct fetch *f, const struct party *p)
{
	struct missing m = MISSING_INIT;
	bool interrupted = p->why.kind == ERR_INTERRUPTED;
	struct buf text = BUF_INIT(0);

	/* a role that cannot be assumed names itself */
	if (!str_starts(str_of(p->why.text), STR("the role ")))
		buf_printf(&text, "%s: ", p->identity->name);
	buf_puts(&text, p->why.text);
	m.account = str_of(p->identity->account);
	m.code = interrupted ? STR("Interrupted") : STR("NoCredentials");
	m.message = buf_str(&text);
	if (!interrupted && p->identity->refusal.code[0] != '\0') {
		m.operation = str_of(p->identity->refusal.operation);
		m.code = str_of(p->identity->refusal.code);
		m.request_id = str_of(p->identity->refusal.request_id);
	}
	stream_missing(&f->stream, &m);
	buf_release(&text);
}

/* That it could not be found out whose account it is: no failure, as all was read. */
static void note_account(const struct fetch *f, const struct identity *id)
{
	struct buf text = BUF_INIT(0);

	if (f->options.note == NULL || !id->asked_account || id->account[0] != '\0' ||
	    id->account_err.kind == ERR_NONE)
		return;
	buf_printf(&text, "%s: its account is not known: %s", id->name, id->account_err.text);
	f->options.note(f->options.to, text.data);
	buf_release(&text);
}

static void write_party(struct fetch *f, struct party *p)
{
	size_t i;

	note_account(f, p->identity);
	if (p->why.kind != ERR_NONE)
		write_failure(f, p);
	for (i = 0; i < p->n_reads; i++) {
		region_write(&p->reads[i], &f->stream, f->n_parties > 1 ? was_written : NULL, f);
		region_release(&p->reads[i]);
	}
	p->n_reads = 0;
	p->state = PARTY_WRITTEN;
	f->n_regions_done += p->n_regions;
}

static bool interrupted(const struct fetch *f)
{
	return f->options.stop != NULL && atomic_load(f->options.stop) != 0;
}

static void step(struct fetch *f)
{
	size_t i, end = f->n_written + ACTIVE;
	struct party *p;

	for (i = f->n_written; i < f->n_parties && i < end; i++) {
		p = &f->parties[i];
		if (p->state == PARTY_WAITING)
			begin(f, p);
		if (p->state == PARTY_READING && reads_are_over(p) && settle_account(f, p))
			p->state = PARTY_OVER;
	}
	while (f->n_written < f->n_parties && f->parties[f->n_written].state == PARTY_OVER)
		write_party(f, &f->parties[f->n_written++]);
}

/* Calls that waited for credentials: they are there now, or they are not. */
static void resume(struct fetch *f)
{
	size_t i, k;

	for (i = f->n_written; i < f->n_parties; i++)
		for (k = 0; k < f->parties[i].n_reads; k++)
			region_resume(&f->parties[i].reads[k]);
}

static void end_early(struct fetch *f)
{
	struct party *p;
	size_t i;

	http_stop(f->http);
	for (i = f->n_written; i < f->n_parties; i++) {
		p = &f->parties[i];
		if (p->state == PARTY_WAITING && p->why.kind == ERR_NONE)
			err_set(&p->why, ERR_INTERRUPTED, "it was not read");
		if (p->n_reads != 0 && p->identity->account[0] == '\0')
			memcpy(p->identity->account, p->reads[0].account,
			       sizeof(p->identity->account));
		write_party(f, p);
	}
	f->n_written = f->n_parties;
}

/* ARNs that no identity was for. */
static void write_untaken(struct fetch *f)
{
	struct missing m = MISSING_INIT;
	size_t i;

	m.code = interrupted(f) ? STR("Interrupted") : STR("NoCredentials");
	m.message = STR("none of the identities that could be used is of this account");
	for (i = 0; i < f->n_wanted; i++) {
		m.account = f->wanted[i].account;
		m.region = f->wanted[i].region;
		m.arn = f->wanted[i].arn;
		if (!f->wanted[i].taken && f->n_parties > 1)
			stream_missing(&f->stream, &m);
	}
}

static void show(const struct fetch *f)
{
	struct fetch_progress p = { .accounts = f->n_parties,
				    .accounts_done = f->n_written,
				    .regions = f->n_regions,
				    .regions_done = f->n_regions_done,
				    .read = f->shared.n_read,
				    .found = f->shared.n_items,
				    .calls = f->stats.made };

	size_t i, k;

	if (f->options.turn == NULL)
		return;
	for (i = f->n_written; i < f->n_parties && i < f->n_written + ACTIVE; i++)
		for (k = 0; k < f->parties[i].n_reads; k++)
			p.regions_done += region_over(&f->parties[i].reads[k]);
	f->options.turn(f->options.to, &p);
}

static const char *signal_name(int number)
{
	return number == SIGINT ? "SIGINT" : number == SIGTERM ? "SIGTERM" : "a signal";
}

void fetch_set_to(struct fetch *f, void *to)
{
	f->options.to = f->identities.tell_to = to;
}

void fetch_run(struct fetch *f, struct file_out *out, struct fetch_summary *summary)
{
	const struct missing *m;
	const char *name = NULL;
	int told;

	stream_open(&f->stream, out);
	step(f);
	while (f->n_written < f->n_parties && !interrupted(f) && !file_out_failed(out)) {
		http_turn(f->http, TURN_MS);
		if (identities_collect(&f->identities))
			resume(f);
		step(f);
		show(f);
	}
	if (f->n_written < f->n_parties)
		end_early(f);
	write_untaken(f);
	if (interrupted(f))
		name = signal_name(atomic_load(f->options.stop));
	stream_close(&f->stream, &f->stats, name);
	m = f->options.missed != NULL ? f->stream.missing : NULL;
	for (told = 0; m != NULL && told < FETCH_TOLD; m = m->next, told++)
		f->options.missed(f->options.to, m);
	*summary = (struct fetch_summary){ .complete = f->stream.n_missing == 0 && name == NULL,
					   .read = f->stream.n,
					   .n_missing = f->stream.n_missing,
					   .stats = f->stats };
	(void)identities_collect(&f->identities);
	summary->stuck = f->identities.n_busy != 0;
	stream_release(&f->stream);
}
