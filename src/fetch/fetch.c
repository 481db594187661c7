/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A run. Knows who is begun when and written when; does not know how a region
 * is read, nor how credentials come.
 */
#include "fetch/fetch_inside.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "fetch/http.h"

#define ACTIVE  64      /* identities at one time */
#define TURN_MS 250     /* most of a wait, so that progress is shown */
#define END_US  1000000 /* that workers are given to end */

/* ---- a run's own -------------------------------------------------------------- */

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
	    fetch_form(f, err) == -1) {
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
	for (i = 0; i < f->n_parties; i++) {
		for (k = 0; k < f->parties[i].n_reads; k++)
			region_release(&f->parties[i].reads[k]);
		free(f->parties[i].reads);
	}
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

/* Gone when they are written: thousands of accounts are not held at one time. */
static struct region_read *make_reads(size_t n)
{
	struct region_read *reads = mem_alloc((n + 1) * sizeof(*reads));

	memset(reads, 0, (n + 1) * sizeof(*reads));
	return reads;
}

/* The ARNs that this identity is to read: those of its account, or all for the only one. */
static int begin_arns(struct fetch *f, struct party *p, struct err *err)
{
	struct region_read *r;
	struct wanted *w;
	size_t i;

	p->reads = make_reads(fetch_n_ivs_regions());
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

	p->reads = make_reads(p->n_regions);
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
	free(p->reads);
	p->reads = NULL;
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
	return number == SIGINT    ? "SIGINT"
	       : number == SIGTERM ? "SIGTERM"
	       : number == SIGHUP  ? "SIGHUP"
				   : "a signal";
}

void fetch_set_to(struct fetch *f, void *to)
{
	f->options.to = f->identities.tell_to = to;
}

/* Those that were stopped end in a moment, and leave nothing behind; true when all have. */
static bool workers_ended(struct fetch *f)
{
	const struct timespec moment = { .tv_nsec = 2000000 };
	int64_t until_us = http_now_us() + END_US;

	for (;;) {
		(void)identities_collect(&f->identities);
		if (f->identities.n_busy == 0 || http_now_us() >= until_us)
			return f->identities.n_busy == 0;
		nanosleep(&moment, NULL);
	}
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
	summary->stuck = !workers_ended(f);
	stream_release(&f->stream);
}
