/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The options that commands share, in tables by theme, and what each sets. Options
 * of one command alone are here too where they set what others read.
 */
#include "cmd/settings_inside.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/limit.h"
#include "base/log.h"
#include "base/text.h"

/* the name that GitLab's own examples give the artifact */
#define GITLAB_FILE "gl-code-quality-report.json"

SETTINGS_TEXT(take_policy, policy)

int settings_add(const char **list, size_t *n, size_t most, const char *value, struct err *err)
{
	if (*n == most)
		return err_set(err, ERR_USAGE, "more than %zu of them", most);
	list[(*n)++] = value;
	return 0;
}

static int take_set(void *to, const char *value, struct err *err)
{
	struct settings *s = to;

	if (strchr(value, '=') == NULL)
		return err_set(err, ERR_USAGE, "'%s' is not PARAM=VALUE", value);
	return settings_add(s->set, &s->n_set, SETTINGS_MANY, value, err);
}

static int take_rule(void *to, const char *value, struct err *err)
{
	struct settings *s = to;

	return settings_add(s->only, &s->n_only, SETTINGS_MANY, value, err);
}

static int take_skip(void *to, const char *value, struct err *err)
{
	struct settings *s = to;

	return settings_add(s->skip, &s->n_skip, SETTINGS_MANY, value, err);
}

static int take_as_of(void *to, const char *value, struct err *err)
{
	if (!text_day(str_of(value), &((struct settings *)to)->as_of))
		return err_set(err, ERR_USAGE, "'%s' is not a day such as 2027-03-31", value);
	return 0;
}

const struct opt cmd_policy_opts[] = {
	{ "policy", 'p', "FILE",
	  "the policy: a file, or a shipped pack such as ivslint:recommended; default: the nearest "
	  ".ivslint.yaml in this folder or above, else ivslint:recommended",
	  take_policy },
	{ "set", 0, "PARAM=VALUE", "set a parameter of the policy; VALUE is YAML", take_set },
	{ "rule", 0, "ID", "only this rule; may be given again, may hold * and ?", take_rule },
	{ "skip", 0, "ID", "not this rule; may be given again, may hold * and ?", take_skip },
	{ "as-of", 0, "DATE", "judge waivers as of this UTC day; default: today", take_as_of },
	OPT_END,
};

static int add_report(struct settings *s, const struct report_format *format, const char *path,
		      struct err *err)
{
	if (s->n_reports == SETTINGS_MANY)
		return err_set(err, ERR_USAGE, "more than %d of them", SETTINGS_MANY);
	s->reports[s->n_reports++] = (struct report_request){ format, path, false };
	return 0;
}

bool settings_env_is(const char *name, const char *value)
{
	const char *is = getenv(name);

	return is != NULL && strcmp(is, value) == 0;
}

/* Text, and what the CI system that we run in shows beside the code. */
int settings_add_auto(struct settings *s, const char *path, struct err *err)
{
	if (add_report(s, report_find(STR("text")), path, err) == -1)
		return -1;
	if (settings_env_is("GITHUB_ACTIONS", "true"))
		return add_report(s, report_find(STR("github")), "-", err);
	if (settings_env_is("GITLAB_CI", "true"))
		return add_report(s, report_find(STR("gitlab")), GITLAB_FILE, err);
	return 0;
}

/* GitHub's annotations hold twenty findings; the summary of the step holds the rest. */
int settings_add_step_summary(struct settings *s, struct err *err)
{
	const char *path = getenv("GITHUB_STEP_SUMMARY");
	size_t i;

	for (i = 0; i < s->n_reports; i++)
		if (strcmp(s->reports[i].format->name, "github") == 0)
			break;
	if (i == s->n_reports || path == NULL || *path == '\0')
		return 0;
	if (access(path, W_OK) == -1) {
		log_warning("no summary of this step: GITHUB_STEP_SUMMARY names '%s': %s", path,
			    strerror(errno));
		return 0;
	}
	if (add_report(s, report_find(STR("markdown")), path, err) == -1)
		return -1;
	s->reports[s->n_reports - 1].append = true;
	return 0;
}

static int take_format(void *to, const char *value, struct err *err)
{
	struct settings *s = to;
	const char *equals = strchr(value, '=');
	struct str name = { value, equals != NULL ? (size_t)(equals - value) : strlen(value) };
	const char *path = equals != NULL ? equals + 1 : "-";
	const struct report_format *format;
	const char *names[32], *nearest;
	size_t i;

	if (*path == '\0')
		return err_set(err, ERR_USAGE, "'%s' names no file", value);
	if (str_is(name, "auto"))
		return settings_add_auto(s, path, err);
	format = report_find(name);
	if (format == NULL) {
		for (i = 0; i < report_n && i < sizeof(names) / sizeof(*names); i++)
			names[i] = report_table[i]->name;
		nearest = text_nearest(name, names, i);
		return err_set(err, ERR_USAGE, "unknown format '%.*s'%s%s%s", STR_ARG(name),
			       nearest != NULL ? ", did you mean '" : "",
			       nearest != NULL ? nearest : "", nearest != NULL ? "'?" : "");
	}
	return add_report(s, format, path, err);
}

SETTINGS_SWITCH(take_all, report.all)

static int take_color(void *to, const char *value, struct err *err)
{
	struct settings *s = to;

	if (strcmp(value, "auto") == 0)
		s->color = COLOR_AUTO;
	else if (strcmp(value, "always") == 0)
		s->color = COLOR_ALWAYS;
	else if (strcmp(value, "never") == 0)
		s->color = COLOR_NEVER;
	else
		return err_set(err, ERR_USAGE, "'%s' is not auto, always or never", value);
	return 0;
}

static int take_group_by(void *to, const char *value, struct err *err)
{
	static const char *const names[] = {
		[GROUP_BY_RESOURCE] = "resource",
		[GROUP_BY_RULE] = "rule",
		[GROUP_BY_SEVERITY] = "severity",
		[GROUP_BY_FILE] = "file",
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (strcmp(value, names[i]) == 0) {
			((struct settings *)to)->report.group_by = (enum group_by)i;
			return 0;
		}
	}
	return err_set(err, ERR_USAGE, "'%s' is not resource, rule, severity or file", value);
}

static int take_flavor(void *to, const char *value, struct err *err)
{
	struct settings *s = to;

	if (strcmp(value, "gitlab") == 0)
		s->report.junit_gitlab = true;
	else if (strcmp(value, "strict") == 0)
		s->report.junit_gitlab = false;
	else
		return err_set(err, ERR_USAGE, "'%s' is not strict or gitlab", value);
	return 0;
}

const struct opt cmd_report_opts[] = {
	{ "format", 'f', "FORMAT[=FILE]",
	  "a report, to standard output or a file; may be given again; auto is text, and what "
	  "a known CI system shows beside the code; default: auto",
	  take_format },
	{ "all", 0, NULL, "report passes and rules that do not apply as well", take_all },
	{ "color", 0, "WHEN", "colours: auto (the default), always or never; NO_COLOR is heeded",
	  take_color },
	{ "group-by", 0, "WHAT", "the text by resource (the default), rule, severity or file",
	  take_group_by },
	{ "junit-flavor", 0, "FLAVOR",
	  "strict (the default: valid by both schemas) or gitlab (adds file)", take_flavor },
	OPT_END,
};

static int take_fail_on(void *to, const char *value, struct err *err)
{
	struct settings *s = to;

	if (!severity_find(str_of(value), &s->fail_on))
		return err_set(err, ERR_USAGE, "'%s' is not critical, high, medium, low or info",
			       value);
	s->fail_on_set = true;
	return 0;
}

SETTINGS_SWITCH(take_fail_on_undecided, fail_on_undecided)
SETTINGS_SWITCH(take_allow_empty, allow_empty)

static int take_workers(void *to, const char *value, struct err *err)
{
	unsigned n = 0;
	const char *p;

	for (p = value; *p >= '0' && *p <= '9' && n <= LIMIT_WORKERS; p++)
		n = n * 10 + (unsigned)(*p - '0');
	if (p == value || *p != '\0' || n < 1 || n > LIMIT_WORKERS)
		return err_set(err, ERR_USAGE, "'%s' is not a number from 1 to %d", value,
			       LIMIT_WORKERS);
	((struct settings *)to)->workers = n;
	return 0;
}

static int take_progress(void *to, const char *value, struct err *err)
{
	if (!progress_when_find(str_of(value), &((struct settings *)to)->progress))
		return err_set(err, ERR_USAGE, "'%s' is not auto, always or never", value);
	return 0;
}

const struct opt cmd_audit_opts[] = {
	{ "fail-on", 0, "SEVERITY",
	  "lowest severity that makes the exit status 1; default: the policy's fail_on, else low",
	  take_fail_on },
	{ "fail-on-undecided", 0, NULL, "exit status 1 for undecided rules too",
	  take_fail_on_undecided },
	{ "allow-empty", 0, NULL, "exit status 0 where no recording configuration is found",
	  take_allow_empty },
	{ "jobs", 'j', "N", "workers; default: the number of processors", take_workers },
	OPT_END,
};

const struct opt cmd_progress_opts[] = {
	{ "progress", 0, "WHEN", "how far it has come: auto (the default), always or never",
	  take_progress },
	OPT_END,
};

SETTINGS_SWITCH(take_fail_on_empty, fail_on_empty)

static int take_snapshot(void *to, const char *value, struct err *err)
{
	if (*value == '\0' || strcmp(value, "-") == 0)
		return err_set(err, ERR_USAGE, "--snapshot: findings are to name a file");
	((struct settings *)to)->snapshot = value;
	return 0;
}

const struct opt cmd_scan_opts[] = {
	{ "snapshot", 0, "FILE",
	  "a file for what was read, which findings then name, and check reads; default: none",
	  take_snapshot },
	{ "fail-on-empty", 0, NULL,
	  "exit status 3 where there is no recording configuration; default: 0, for scan",
	  take_fail_on_empty },
	OPT_END,
};

static int take_quiet(void *to, const char *value, struct err *err)
{
	(void)value;
	(void)err;
	((struct settings *)to)->report.quiet = true;
	log_set_level(LOG_QUIET);
	return 0;
}

static int take_verbose(void *to, const char *value, struct err *err)
{
	(void)to;
	(void)value;
	(void)err;
	log_set_level(log_level_now() >= LOG_VERBOSE ? LOG_DEBUG : LOG_VERBOSE);
	return 0;
}

const struct opt cmd_chatter_opts[] = {
	{ "quiet", 'q', NULL, "one line a finding, and no notes", take_quiet },
	{ "verbose", 'v', NULL, "say what was passed over, and why", take_verbose },
	OPT_END,
};

SETTINGS_SWITCH(take_json, json)

const struct opt cmd_json_opts[] = {
	{ "json", 0, NULL, "as JSON, for programs", take_json },
	OPT_END,
};

SETTINGS_SWITCH(take_groups_apart, groups_apart)

const struct opt cmd_merge_opts[] = {
	{ "groups-apart", 0, NULL,
	  "it is no problem that rules over several configurations were judged within each report",
	  take_groups_apart },
	OPT_END,
};

SETTINGS_TEXT(take_baseline, baseline)
SETTINGS_SWITCH(take_prune, prune)

const struct opt cmd_baseline_opts[] = {
	{ "baseline", 0, "FILE",
	  "findings that are accepted, as ivslint baseline writes them; "
	  "default: none",
	  take_baseline },
	{ "prune", 0, NULL, "take findings that are gone out of the baseline", take_prune },
	OPT_END,
};

SETTINGS_TEXT(take_output, output)

const struct opt cmd_output_opts[] = {
	{ "output", 'o', "FILE", "where to write; default: standard output, for init .ivslint.yaml",
	  take_output },
	OPT_END,
};
