/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Options of what is asked of AWS. Knows how each is written and what goes
 * together; does not know what regions, profiles or roles there are.
 */
#include "ask/ask.h"

#include "base/log.h"

void ask_init(struct ask *a)
{
	*a = (struct ask){ .concurrency = 32, .max_tps = -1, .timeout_s = 30 };
}

/* ---- values ---------------------------------------------------------------- */

static int take_text(const char **to, const char *value, struct err *err)
{
	if (*value == '\0')
		return err_set(err, ERR_USAGE, "it is empty");
	*to = value;
	return 0;
}

/* Digits from least to most. */
static int take_number(const char **text, const char *value, int least, int most, int *n,
		       struct err *err)
{
	const char *at;
	long sum = 0;

	for (at = value; *at >= '0' && *at <= '9' && sum <= most; at++)
		sum = 10 * sum + (*at - '0');
	if (at == value || *at != '\0' || sum < least || sum > most)
		return err_set(err, ERR_USAGE, "it is no number from %d to %d", least, most);
	*text = value;
	*n = (int)sum;
	return 0;
}

#define TAKE_TEXT(name)                                                                            \
	static int take_##name(void *to, const char *value, struct err *err)                       \
	{                                                                                          \
		return take_text(&((struct ask *)to)->name, value, err);                           \
	}

TAKE_TEXT(regions)
TAKE_TEXT(profiles)
TAKE_TEXT(roles)
TAKE_TEXT(accounts)
TAKE_TEXT(role_name)
TAKE_TEXT(external_id)
TAKE_TEXT(endpoint_url)
TAKE_TEXT(output)

static int take_arn(void *to, const char *value, struct err *err)
{
	struct ask *a = to;

	if (a->n_arns == LIMIT_ASK_ARNS)
		return err_set(err, ERR_USAGE, "more than %d of them", LIMIT_ASK_ARNS);
	return take_text(&a->arns[a->n_arns++], value, err);
}

static int take_concurrency(void *to, const char *value, struct err *err)
{
	struct ask *a = to;
	int n = 0;

	if (take_number(&a->concurrency_text, value, 1, LIMIT_CONCURRENCY, &n, err) == -1)
		return -1;
	a->concurrency = (unsigned)n;
	return 0;
}

static int take_max_tps(void *to, const char *value, struct err *err)
{
	struct ask *a = to;

	return take_number(&a->tps_text, value, 0, 1000, &a->max_tps, err);
}

static int take_max_attempts(void *to, const char *value, struct err *err)
{
	struct ask *a = to;

	return take_number(&a->attempts_text, value, 1, 100, &a->attempts, err);
}

static int take_timeout(void *to, const char *value, struct err *err)
{
	struct ask *a = to;
	int n = 0;

	if (take_number(&a->timeout_text, value, 1, 3600, &n, err) == -1)
		return -1;
	a->timeout_s = (unsigned)n;
	return 0;
}

static int take_progress(void *to, const char *value, struct err *err)
{
	struct ask *a = to;

	a->progress_text = value;
	if (progress_when_find(str_of(value), &a->progress))
		return 0;
	return err_set(err, ERR_USAGE, "it is neither auto, always nor never");
}

static int take_needs(void *to, const char *value, struct err *err)
{
	struct ask *a = to;

	a->summary = str_is(str_of(value), "summary");
	if (a->summary || str_is(str_of(value), "all"))
		return 0;
	return err_set(err, ERR_USAGE, "it is neither summary nor all");
}

static int take_quiet(void *to, const char *value, struct err *err)
{
	(void)value;
	(void)err;
	((struct ask *)to)->level = LOG_QUIET;
	return 0;
}

static int take_verbose(void *to, const char *value, struct err *err)
{
	(void)value;
	(void)err;
	((struct ask *)to)->level = LOG_VERBOSE;
	return 0;
}

static int take_help(void *to, const char *value, struct err *err)
{
	(void)value;
	(void)err;
	((struct ask *)to)->help = true;
	return 0;
}

static int take_version(void *to, const char *value, struct err *err)
{
	(void)value;
	(void)err;
	((struct ask *)to)->version = true;
	return 0;
}

const struct opt ask_opts[] = {
	{ "region", 0, "REGIONS", "regions a,b,c, or all; default: as configured", take_regions },
	{ "profile", 0, "PROFILES", "profiles a,b,c; default: the environment's", take_profiles },
	{ "external-id", 0, "ID", "the external id for the roles that are assumed",
	  take_external_id },
	{ "arn", 0, "ARN", "this recording configuration alone; repeatable", take_arn },
	{ "endpoint-url", 0, "URL", "where IVS is asked instead of its endpoint",
	  take_endpoint_url },
	{ "concurrency", 0, "N", "requests at one time; default: 32", take_concurrency },
	{ "max-tps", 0, "N",
	  "calls a second of an operation, account and region, 0 for no bound; default: the "
	  "service's quota",
	  take_max_tps },
	{ "max-attempts", 0, "N", "attempts of one call; default: as configured, or 3",
	  take_max_attempts },
	{ "timeout", 0, "S", "seconds that one attempt may take; default: 30", take_timeout },
	{ "progress", 0, "WHEN", "auto, always or never; default: auto, on a terminal",
	  take_progress },
	OPT_END,
};

const struct opt ask_role_opts[] = {
	{ "assume-role", 0, "ARNS", "roles to assume, as a,b,c, each on top of each profile",
	  take_roles },
	{ "accounts", 0, "FILE", "accounts to read, one a line, by --role-name", take_accounts },
	{ "role-name", 0, "NAME", "the role to assume in each account of --accounts",
	  take_role_name },
	OPT_END,
};

const struct opt ask_fetch_opts[] = {
	{ "output", 'o', "FILE", "where to write; default: standard output", take_output },
	{ "needs", 0, "WHAT", "summary reads the lists alone; default: all", take_needs },
	{ "quiet", 'q', NULL, "errors only", take_quiet },
	{ "verbose", 'v', NULL, "a line for each call", take_verbose },
	{ "help", 'h', NULL, "print this", take_help },
	{ "version", 'V', NULL, "print the version", take_version },
	OPT_END,
};

/* ---- together -------------------------------------------------------------- */

int ask_check(const struct ask *a, struct err *err)
{
	if ((a->accounts != NULL) != (a->role_name != NULL))
		return err_set(err, ERR_USAGE, "--accounts and --role-name go together");
	if (a->accounts != NULL && a->roles != NULL)
		return err_set(err, ERR_USAGE, "--accounts and --assume-role do not go together");
	if (a->external_id != NULL && a->roles == NULL && a->accounts == NULL)
		return err_set(err, ERR_USAGE, "--external-id is for --assume-role or --accounts");
	if (a->n_arns != 0 && a->regions != NULL)
		return err_set(err, ERR_USAGE,
			       "--arn and --region do not go together: the ARN names its region");
	if (a->n_arns != 0 && a->summary)
		return err_set(err, ERR_USAGE, "--arn and --needs summary do not go together");
	return 0;
}

static void add_word(const char **words, size_t *n, struct arena *arena, const char *name,
		     const char *value)
{
	if (value != NULL)
		words[(*n)++] = arena_printf(arena, "--%s=%s", name, value);
}

const char **ask_words(const struct ask *a, struct arena *arena, size_t *n)
{
	const char **words = ARENA_ARRAY(arena, a->n_arns + 16, const char *);
	size_t i;

	*n = 0;
	add_word(words, n, arena, "region", a->regions);
	add_word(words, n, arena, "profile", a->profiles);
	add_word(words, n, arena, "assume-role", a->roles);
	add_word(words, n, arena, "accounts", a->accounts);
	add_word(words, n, arena, "role-name", a->role_name);
	add_word(words, n, arena, "external-id", a->external_id);
	for (i = 0; i < a->n_arns; i++)
		add_word(words, n, arena, "arn", a->arns[i]);
	add_word(words, n, arena, "endpoint-url", a->endpoint_url);
	add_word(words, n, arena, "concurrency", a->concurrency_text);
	add_word(words, n, arena, "max-tps", a->tps_text);
	add_word(words, n, arena, "max-attempts", a->attempts_text);
	add_word(words, n, arena, "timeout", a->timeout_text);
	add_word(words, n, arena, "progress", a->progress_text);
	words[*n] = NULL;
	return words;
}

int ask_split(const char *list, size_t most, struct arena *arena, const char ***members, size_t *n,
	      struct err *err)
{
	size_t commas = 0, len;
	const char *at;

	*n = 0;
	*members = NULL;
	if (list == NULL)
		return 0;
	for (at = list; *at != '\0'; at++)
		commas += *at == ',';
	if (commas + 1 > most)
		return err_set(err, ERR_USAGE, "it has more than %zu members", most);
	*members = ARENA_ARRAY(arena, commas + 1, const char *);
	for (at = list;; at += len + 1) {
		len = strcspn(at, ",");
		if (len == 0)
			return err_set(err, ERR_USAGE, "a member of it is empty");
		(*members)[(*n)++] = arena_str(arena, (struct str){ at, len }).data;
		if (at[len] == '\0')
			return 0;
	}
}
