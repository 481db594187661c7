/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Listing and getting in one region. Knows pages, tokens and which failures
 * are none; does not know other regions, nor how calls are made.
 */
#include "fetch/region.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fetch/raw.h"

/* ---- items ----------------------------------------------------------------- */

static size_t hash_of(struct str s)
{
	uint64_t h = UINT64_C(14695981039346656037);
	size_t i;

	for (i = 0; i < s.len; i++)
		h = (h ^ (unsigned char)s.data[i]) * UINT64_C(1099511628211);
	return (size_t)(h ^ h >> 29);
}

/* The place of an ARN in the index: that of its item, or a free one. */
static struct item **index_at(const struct region_read *r, struct str arn)
{
	size_t at = hash_of(arn) % r->index_size;

	while (r->index[at] != NULL && !str_equal(r->index[at]->arn, arn))
		at = (at + 1) % r->index_size;
	return &r->index[at];
}

static void index_grow(struct region_read *r)
{
	struct item *i;

	if (2 * r->n_items < r->index_size)
		return;
	r->index_size = r->index_size != 0 ? 4 * r->index_size : 256;
	free(r->index);
	r->index = mem_alloc(r->index_size * sizeof(*r->index));
	memset(r->index, 0, r->index_size * sizeof(*r->index));
	for (i = r->items; i != NULL; i = i->next)
		*index_at(r, i->arn) = i;
}

/* NULL for one that is there already, or one too many. */
static struct item *add_item(struct region_read *r, struct str arn)
{
	struct item **at, *i;
	struct str account;

	if (r->account[0] == '\0' && api_ivs_arn(arn, NULL, &account))
		memcpy(r->account, account.data, 12);
	index_grow(r);
	at = index_at(r, arn);
	if (*at != NULL)
		return NULL;
	i = ARENA_NEW(&r->arena, struct item);
	i->region = r;
	i->arn = arena_str(&r->arena, arn);
	*at = i;
	*r->items_end = i;
	r->items_end = &i->next;
	r->n_items++;
	r->shared->n_items++;
	return i;
}

static void set_why(struct region_read *r, struct missing *m, const struct api_op *op,
		    struct str arn, struct str code, struct str message, struct str request_id)
{
	*m = MISSING_INIT;
	m->region = str_of(r->place.region);
	m->arn = arn;
	m->operation = str_of(op->operation);
	m->code = arena_str(&r->arena, code);
	m->message = arena_str(&r->arena, message);
	m->request_id = arena_str(&r->arena, request_id);
}

static void lose(struct item *i, const struct api_op *op, const char *code, const char *message,
		 const char *request_id)
{
	i->state = ITEM_MISSING;
	set_why(i->region, &i->why, op, i->arn, str_of(code), str_of(message), str_of(request_id));
}

/* Keeps a configuration, or says that there is no room. */
static void keep(struct item *i, struct str json, const struct api_op *op)
{
	struct region_shared *shared = i->region->shared;
	struct buf compact = BUF_INIT(0);

	raw_put_compact(&compact, json);
	if (shared->held + compact.len > LIMIT_FETCH_HELD) {
		buf_release(&compact);
		lose(i, op, "NoRoom", "too many bytes wait to be written", "");
		return;
	}
	i->json = compact.data;
	i->json_len = compact.len;
	i->state = ITEM_READ;
	shared->held += compact.len;
	shared->n_read++;
}

/* ---- GetRecordingConfiguration --------------------------------------------- */

static int read_get(struct api_call *call, struct str body, struct err *err)
{
	struct item *i = (struct item *)call;
	struct str json;

	if (api_ivs_configuration(body, i->arn, &json, err) == -1)
		return -1;
	keep(i, json, call->op);
	return 0;
}

static void got(struct api_call *call, const struct api_end *end)
{
	struct item *i = (struct item *)call;

	i->region->n_open--;
	if (end->ok)
		return;
	/* it was there when it was listed */
	if (!i->region->named && str_is(str_of(end->error.code), "ResourceNotFoundException"))
		i->state = ITEM_DELETED;
	else
		lose(i, call->op, end->error.code, end->error.message, end->error.request_id);
}

static void get(struct item *i)
{
	struct region_read *r = i->region;

	i->call = (struct api_call){ .job.lane = &r->get_lane,
				     .job.ca_bundle = r->place.identity->source->ca_bundle,
				     .place = &r->place,
				     .op = &api_get_recording_configuration,
				     .answer_limit = LIMIT_FETCH_CONFIGURATION,
				     .read = read_get,
				     .done = got };
	/* an ARN that was checked needs no escapes */
	i->call.body = str_of(arena_printf(&r->arena, "{\"arn\":\"%.*s\"}", STR_ARG(i->arn)));
	r->n_open++;
	api_queue(&i->call);
}

/* ---- ListRecordingConfigurations ------------------------------------------- */

static void end_list(struct region_read *r, const char *code, const char *message,
		     const char *request_id)
{
	set_why(r, &r->list_why, r->list.op, STR(""), str_of(code), str_of(message),
		str_of(request_id));
}

static void take_summary(struct region_read *r, struct str summary, struct str arn)
{
	struct item *i = add_item(r, arn);

	if (i == NULL)
		return;
	if (r->shared->summary)
		keep(i, summary, r->list.op);
	else
		get(i);
}

/* All of a page or nothing: a page that is read again must not count twice. */
static int read_list(struct api_call *call, struct str body, struct err *err)
{
	struct region_read *r = call->place->owner;
	struct api_ivs_page page;
	struct str summary, arn, region;
	size_t at, n = 0;

	if (api_ivs_page(body, &page, err) == -1)
		return -1;
	for (at = 0; raw_next(page.list, &at, &summary); n++) {
		if (api_ivs_arn_of(summary, &arn, err) == -1)
			return -1;
		/* whoever answers for all regions alike has not read this one */
		if (api_ivs_arn(arn, &region, NULL) && !str_is(region, r->place.region))
			return err_set(err, ERR_INPUT,
				       "it lists recording configurations of the region %.*s",
				       STR_ARG(region));
	}
	if (n > LIMIT_PAGE)
		return err_set(err, ERR_INPUT, "it has more than %d recording configurations",
			       LIMIT_PAGE);
	for (at = 0; raw_next(page.list, &at, &summary);)
		if (api_ivs_arn_of(summary, &arn, err) == 0)
			take_summary(r, summary, arn);
	r->token = arena_str(&r->arena, page.token);
	return 0;
}

static void list_page(struct region_read *r)
{
	buf_clear(&r->list_body);
	PUT(&r->list_body, "{\"maxResults\":100");
	if (r->token.len != 0) {
		PUT(&r->list_body, ",\"nextToken\":");
		buf_put_str(&r->list_body, r->token);
	}
	PUT(&r->list_body, "}");
	r->list.body = buf_str(&r->list_body);
	r->n_open++;
	api_queue(&r->list);
}

static void listed(struct api_call *call, const struct api_end *end)
{
	struct region_read *r = call->place->owner;

	r->n_open--;
	r->listing = false;
	if (!end->ok) {
		end_list(r, end->error.code, end->error.message, end->error.request_id);
		return;
	}
	if (r->token.len == 0) {
		r->listed = true;
		return;
	}
	if (seen_add(&r->tokens, r->token)) {
		end_list(r, "RepeatedToken", "a page's nextToken came a second time",
			 end->error.request_id);
		return;
	}
	if (r->tokens.n > LIMIT_PAGES) {
		end_list(r, "TooManyPages", "the list has more pages than are read",
			 end->error.request_id);
		return;
	}
	r->listing = true;
	list_page(r);
}

/* ---- a region -------------------------------------------------------------- */

static int open_lane(struct region_read *r, struct http_lane *lane, const struct api_op *op,
		     struct err *err)
{
	int tps = r->shared->max_tps >= 0 ? r->shared->max_tps : op->tps;
	char own[32];
	const char *account = r->place.identity->account;

	/* whose account is not known shares with nobody */
	snprintf(own, sizeof(own), "?%p", (void *)r->place.identity);
	return http_lane_open(r->shared->http, lane, str_of(r->place.endpoint.url),
			      pace_find(r->shared->paces, op->operation,
					str_of(account[0] != '\0' ? account : own),
					str_of(r->place.region), tps),
			      err);
}

int region_init(struct region_read *r, struct region_shared *shared, struct err *err)
{
	r->shared = shared;
	r->place.owner = r;
	r->arena = ARENA_INIT;
	r->items_end = &r->items;
	r->token = STR("");
	r->list_why = MISSING_INIT;
	r->list_body = BUF_INIT(0);
	if (open_lane(r, &r->list_lane, &api_list_recording_configurations, err) == -1)
		return -1;
	if (open_lane(r, &r->get_lane, &api_get_recording_configuration, err) == 0)
		return 0;
	http_lane_close(shared->http, &r->list_lane);
	return -1;
}

void region_release(struct region_read *r)
{
	struct item *i;

	if (r->shared == NULL)
		return;
	http_lane_close(r->shared->http, &r->list_lane);
	http_lane_close(r->shared->http, &r->get_lane);
	for (i = r->items; i != NULL; i = i->next)
		free(i->json);
	free(r->index);
	seen_release(&r->tokens);
	buf_release(&r->list_body);
	arena_release(&r->arena);
	*r = (struct region_read){ 0 };
}

void region_list(struct region_read *r)
{
	r->list = (struct api_call){ .job.lane = &r->list_lane,
				     .job.ca_bundle = r->place.identity->source->ca_bundle,
				     .place = &r->place,
				     .op = &api_list_recording_configurations,
				     .answer_limit = LIMIT_FETCH_PAGE,
				     .read = read_list,
				     .done = listed };
	r->listing = true;
	list_page(r);
}

void region_add(struct region_read *r, struct str arn)
{
	struct item *i = add_item(r, arn);

	r->named = true;
	if (i != NULL)
		get(i);
}

void region_resume(struct region_read *r)
{
	r->list_lane.held = r->get_lane.held = false;
}

/* ---- writing --------------------------------------------------------------- */

static int by_arn(const void *a, const void *b)
{
	const struct item *const *x = a, *const *y = b;

	return str_compare((*x)->arn, (*y)->arn);
}

static void write_missing(const struct region_read *r, struct stream *to, struct missing m)
{
	m.account = str_of(r->place.identity->account);
	stream_missing(to, &m);
}

static uint64_t write_items(struct region_read *r, struct item **sorted, struct stream *to,
			    bool (*skip)(void *self, struct str arn), void *self)
{
	struct item *i;
	uint64_t n = 0;
	size_t k;

	for (k = 0; k < r->n_items; k++) {
		i = sorted[k];
		if (i->state == ITEM_DELETED)
			stream_deleted(to, i->arn);
		else if (i->state == ITEM_MISSING)
			write_missing(r, to, i->why);
		if (i->state != ITEM_READ)
			continue;
		if (skip == NULL || !skip(self, i->arn)) {
			stream_configuration(to, (struct str){ i->json, i->json_len },
					     r->shared->summary);
			n++;
		}
		r->shared->held -= i->json_len;
		free(i->json);
		i->json = NULL;
	}
	return n;
}

void region_write(struct region_read *r, struct stream *to,
		  bool (*skip)(void *self, struct str arn), void *self)
{
	struct item **sorted = mem_alloc((r->n_items + 1) * sizeof(*sorted)), *i;
	size_t n = 0;
	uint64_t written;

	for (i = r->items; i != NULL; i = i->next)
		sorted[n++] = i;
	qsort(sorted, n, sizeof(struct item *), by_arn);
	if (r->list_why.code.len != 0)
		write_missing(r, to, r->list_why);
	written = write_items(r, sorted, to, skip, self);
	if (r->listed || written != 0)
		stream_read(to, str_of(r->place.identity->account), str_of(r->place.region),
			    written);
	free(sorted);
}
