/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who is to read what, by options and settings alone: mistakes in them are known
 * before anybody is asked.
 */
#include "fetch/fetch_inside.h"

#include <string.h>

#include "base/text.h"
#include "fetch/url.h"

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

size_t fetch_n_ivs_regions(void)
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
		*n = fetch_n_ivs_regions();
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

/* Whether the endpoint of a region can be formed at all: known before the first call. */
static int try_endpoint(const struct party *p, struct str region, struct err *err)
{
	struct endpoint endpoint;
	struct url url;

	if (session_endpoint(&p->identity->source->session, &endpoint_ivs, region, &endpoint,
			     err) == -1 ||
	    url_parse(str_of(endpoint.url), &url, err) == -1)
		return -1;
	if (!url.tls && !url_may_be_plain(&url))
		return err_set(err, ERR_USAGE,
			       "the endpoint URL of IVS is not https, and its host is not "
			       "this machine");
	return 0;
}

static int try_endpoints(const struct fetch *f, const struct party *p, struct err *err)
{
	int rc = 0;
	size_t i;

	for (i = 0; i < p->n_regions && rc == 0; i++)
		rc = try_endpoint(p, str_of(p->regions[i]), err);
	for (i = 0; i < f->n_wanted && rc == 0; i++)
		rc = try_endpoint(p, f->wanted[i].region, err);
	if (rc == -1)
		err->kind = ERR_USAGE;
	return rc;
}

int fetch_form(struct fetch *f, struct err *err)
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
		/* the roles of a profile have its endpoints */
		if ((i == 0 || p->identity->source != f->parties[i - 1].identity->source) &&
		    try_endpoints(f, p, err) == -1)
			return -1;
		f->n_regions += p->n_regions;
	}
	return 0;
}
