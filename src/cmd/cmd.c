/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What commands share: the table, the options, the way to the policy.
 */
#include "cmd/cmd.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "base/limit.h"
#include "base/log.h"
#include "base/text.h"
#include "model/mistake.h"
#include "rule/baseline.h"

#define POLICY_FILE    ".ivslint.yaml"
#define POLICY_DEFAULT "ivslint:recommended"
/* the name that GitLab's own examples give the artifact */
#define GITLAB_FILE    "gl-code-quality-report.json"

const struct cmd *const cmd_table[] = {
#define CMD(name) &cmd_##name,
#include "cmd/cmd_list.h"
#undef CMD
};

const size_t cmd_n = sizeof(cmd_table) / sizeof(*cmd_table);

const struct cmd *cmd_find(const char *name)
{
	size_t i;

	for (i = 0; i < cmd_n; i++)
		if (strcmp(cmd_table[i]->name, name) == 0)
			return cmd_table[i];
	return NULL;
}

/* From the table, so that no format is forgotten here. */
static void put_formats(struct buf *b)
{
	size_t i;

	buf_puts(b, "\nFormats:\n");
	for (i = 0; i < report_n; i++)
		buf_printf(b, "  %-9s %s\n", report_table[i]->name, report_table[i]->text);
}

void cmd_usage(const struct cmd *cmd, struct buf *b)
{
	const struct opt *const *tables;

	buf_printf(b, "Usage: ivslint %s%s%s%s\n\n%s.\n\nOptions:\n", cmd->name,
		   cmd->opts[0] != NULL ? " [OPTION...]" : "", *cmd->operands != '\0' ? " " : "",
		   cmd->operands, cmd->text);
	opt_usage(cmd->opts, b);
	for (tables = cmd->opts; *tables != NULL; tables++)
		if (*tables == cmd_report_opts)
			put_formats(b);
}

/* A screen of 24 lines and 80 columns. */
static void cmd_brief(const struct cmd *cmd, struct buf *b)
{
	buf_printf(b, "Usage: ivslint %s%s%s%s\n\n%s.\n", cmd->name,
		   cmd->opts[0] != NULL ? " [OPTION...]" : "", *cmd->operands != '\0' ? " " : "",
		   cmd->operands, cmd->text);
	if (cmd->opts[0] == NULL)
		return;
	buf_putc(b, '\n');
	opt_usage_brief(cmd->opts, b);
	buf_printf(b, "\n`ivslint help %s` explains each option, `ivslint help` lists topics.\n",
		   cmd->name);
}

int cmd_write(const struct buf *b, const char *path)
{
	struct file_out *out;
	struct err err;

	out = file_out_open(path, &err);
	if (out == NULL) {
		log_error("%s", err.text);
		return STATUS_INCOMPLETE;
	}
	file_out_put(out, buf_str(b));
	if (file_out_commit(out, &err) == -1) {
		log_error("%s", err.text);
		return STATUS_INCOMPLETE;
	}
	return STATUS_PASS;
}

int cmd_print(const struct buf *b)
{
	return cmd_write(b, "-");
}

void cmd_tell_problem(void *to, const struct problem *p)
{
	(void)to;
	if (!problem_counts(p->kind))
		log_note("%s:%u:%u: %s", p->file, p->line, p->column, p->text);
	else if (p->line != 0)
		log_error("%s:%u:%u: %s", p->file, p->line, p->column, p->text);
	else
		log_error("%s: %s", p->file, p->text);
}

void cmd_tell_notes(const struct reports *reports)
{
	struct buf notes = BUF_INIT(0);
	char *line, *end;

	reports_notes(reports, &notes);
	for (line = notes.data; notes.len != 0 && *line != '\0'; line = end + 1) {
		end = strchr(line, '\n');
		*end = '\0';
		log_warning("%s", line);
	}
	buf_release(&notes);
}

int cmd_write_baseline(struct baseline *b, const char *path)
{
	struct buf text = BUF_INIT(0);
	int status;

	baseline_put(b, &text);
	status = cmd_write(&text, path);
	buf_release(&text);
	return status;
}

/* ---- options ---------------------------------------------------------- */

static int take_policy(void *to, const char *value, struct err *err)
{
	(void)err;
	((struct settings *)to)->policy = value;
	return 0;
}

static int add_text(const char **list, size_t *n, const char *value, struct err *err)
{
	if (*n == SETTINGS_MANY)
		return err_set(err, ERR_USAGE, "more than %d of them", SETTINGS_MANY);
	list[(*n)++] = value;
	return 0;
}

static int take_set(void *to, const char *value, struct err *err)
{
	struct settings *s = to;

	if (strchr(value, '=') == NULL)
		return err_set(err, ERR_USAGE, "'%s' is not PARAM=VALUE", value);
	return add_text(s->set, &s->n_set, value, err);
}

static int take_rule(void *to, const char *value, struct err *err)
{
	struct settings *s = to;

	return add_text(s->only, &s->n_only, value, err);
}

static int take_skip(void *to, const char *value, struct err *err)
{
	struct settings *s = to;

	return add_text(s->skip, &s->n_skip, value, err);
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

static bool env_is(const char *name, const char *value)
{
	const char *is = getenv(name);

	return is != NULL && strcmp(is, value) == 0;
}

/* Text, and what the CI system that we run in shows beside the code. */
static int add_auto(struct settings *s, const char *path, struct err *err)
{
	if (add_report(s, report_find(STR("text")), path, err) == -1)
		return -1;
	if (env_is("GITHUB_ACTIONS", "true"))
		return add_report(s, report_find(STR("github")), "-", err);
	if (env_is("GITLAB_CI", "true"))
		return add_report(s, report_find(STR("gitlab")), GITLAB_FILE, err);
	return 0;
}

/* GitHub's annotations hold twenty findings; the summary of the step holds the rest. */
static int add_step_summary(struct settings *s, struct err *err)
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
		return add_auto(s, path, err);
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

static int take_all(void *to, const char *value, struct err *err)
{
	(void)value;
	(void)err;
	((struct settings *)to)->report.all = true;
	return 0;
}

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

static int take_fail_on_undecided(void *to, const char *value, struct err *err)
{
	(void)value;
	(void)err;
	((struct settings *)to)->fail_on_undecided = true;
	return 0;
}

static int take_allow_empty(void *to, const char *value, struct err *err)
{
	(void)value;
	(void)err;
	((struct settings *)to)->allow_empty = true;
	return 0;
}

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

static int take_fail_on_empty(void *to, const char *value, struct err *err)
{
	(void)value;
	(void)err;
	((struct settings *)to)->fail_on_empty = true;
	return 0;
}

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

static int take_json(void *to, const char *value, struct err *err)
{
	(void)value;
	(void)err;
	((struct settings *)to)->json = true;
	return 0;
}

const struct opt cmd_json_opts[] = {
	{ "json", 0, NULL, "as JSON, for programs", take_json },
	OPT_END,
};

static int take_groups_apart(void *to, const char *value, struct err *err)
{
	(void)value;
	(void)err;
	((struct settings *)to)->groups_apart = true;
	return 0;
}

const struct opt cmd_merge_opts[] = {
	{ "groups-apart", 0, NULL,
	  "it is no problem that rules over several configurations were judged within each report",
	  take_groups_apart },
	OPT_END,
};

static int take_baseline(void *to, const char *value, struct err *err)
{
	(void)err;
	((struct settings *)to)->baseline = value;
	return 0;
}

static int take_prune(void *to, const char *value, struct err *err)
{
	(void)value;
	(void)err;
	((struct settings *)to)->prune = true;
	return 0;
}

const struct opt cmd_baseline_opts[] = {
	{ "baseline", 0, "FILE",
	  "findings that are accepted, as ivslint baseline writes them; "
	  "default: none",
	  take_baseline },
	{ "prune", 0, NULL, "take findings that are gone out of the baseline", take_prune },
	OPT_END,
};

static int take_output(void *to, const char *value, struct err *err)
{
	(void)err;
	((struct settings *)to)->output = value;
	return 0;
}

const struct opt cmd_output_opts[] = {
	{ "output", 'o', "FILE", "where to write; default: standard output, for init .ivslint.yaml",
	  take_output },
	OPT_END,
};

/* ---- settings --------------------------------------------------------- */

/* The reproducible-builds.org convention: reports made twice are the same bytes. */
static int64_t now(void)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	int64_t seconds = 0;

	if (epoch == NULL || *epoch == '\0')
		return (int64_t)time(NULL);
	for (; *epoch >= '0' && *epoch <= '9' && seconds < INT64_MAX / 100; epoch++)
		seconds = seconds * 10 + (*epoch - '0');
	return *epoch == '\0' ? seconds : (int64_t)time(NULL);
}

static bool is_set(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && *value != '\0';
}

static bool wants_color(const struct settings *s)
{
	const char *term = getenv("TERM");

	if (s->color != COLOR_AUTO)
		return s->color == COLOR_ALWAYS;
	if (is_set("NO_COLOR"))
		return false;
	if (is_set("CLICOLOR_FORCE") && strcmp(getenv("CLICOLOR_FORCE"), "0") != 0)
		return true;
	return isatty(STDOUT_FILENO) && (term == NULL || strcmp(term, "dumb") != 0);
}

/* Terminals that are known to take links (OSC 8). What is inside a multiplexer is
 * not known. */
static bool wants_links(void)
{
	static const char *const programs[] = { "iTerm.app", "WezTerm", "vscode", "ghostty", "Tabby",
						"rio", "Hyper" };
	static const char *const terms[] = { "xterm-kitty", "xterm-ghostty", "alacritty", "foot",
					     "contour", "wezterm" };
	const char *forced = getenv("FORCE_HYPERLINK"), *vte = getenv("VTE_VERSION");
	size_t i;

	if (!isatty(STDOUT_FILENO))
		return false;
	if (forced != NULL && *forced != '\0')
		return strcmp(forced, "0") != 0;
	for (i = 0; i < sizeof(programs) / sizeof(*programs); i++)
		if (env_is("TERM_PROGRAM", programs[i]))
			return true;
	for (i = 0; i < sizeof(terms) / sizeof(*terms); i++)
		if (env_is("TERM", terms[i]))
			return true;
	/* VTE takes them since 0.50, written 5000 */
	return is_set("WT_SESSION") || is_set("KONSOLE_VERSION") ||
	       (vte != NULL && strlen(vte) >= 4 && vte[0] >= '5' && vte[0] <= '9');
}

static unsigned terminal_width(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == -1)
		return 0;
	return size.ws_col;
}

static unsigned processors(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n < 1 ? 1 : n > 8 ? 8 : (unsigned)n;
}

int settings_parse(struct settings *s, const struct cmd *cmd, int argc, char **argv, int *status)
{
	struct buf usage = BUF_INIT(0);
	struct err err;
	int n;

	*s = (struct settings){ .fail_on = SEVERITY_LOW };
	ask_init(&s->ask);
	s->now = now();
	s->as_of = (int32_t)(s->now / 86400);
	for (n = 1; n < argc && strcmp(argv[n], "--") != 0; n++)
		if (strcmp(argv[n], "--help") == 0 || strcmp(argv[n], "-h") == 0) {
			cmd_brief(cmd, &usage);
			*status = cmd_print(&usage);
			buf_release(&usage);
			return -1;
		}
	n = opt_parse(cmd->opts, argc, argv, s, &err);
	if (n == -1) {
		log_error("%s: %s (see ivslint help %s)", cmd->name, err.text, cmd->name);
		*status = STATUS_USAGE;
		return -1;
	}
	if (s->workers == 0)
		s->workers = processors();
	if ((s->n_reports == 0 && add_auto(s, "-", &err) == -1) ||
	    add_step_summary(s, &err) == -1) {
		log_error("%s: %s", cmd->name, err.text);
		*status = STATUS_USAGE;
		return -1;
	}
	s->report.color = wants_color(s);
	s->report.links = s->report.color && wants_links();
	s->report.width = terminal_width();
	return n;
}

/* The nearest .ivslint.yaml here or above, into path; false when there is none. */
static bool find_policy(char *path, size_t size)
{
	size_t len = 0;
	unsigned up;

	for (up = 0; up < LIMIT_PATH_DEPTH && len + sizeof("../" POLICY_FILE) < size; up++) {
		memcpy(path + len, POLICY_FILE, sizeof(POLICY_FILE));
		if (access(path, F_OK) == 0)
			return true;
		memcpy(path + len, "../", 3);
		len += 3;
	}
	return false;
}

struct policy *settings_policy_named(const struct settings *s, const char *name)
{
	const struct policy_options options = {
		.set = s->set,
		.n_set = s->n_set,
		.only = s->only,
		.n_only = s->n_only,
		.skip = s->skip,
		.n_skip = s->n_skip,
		.tests = s->pack_tests,
	};
	struct arena arena = ARENA_INIT;
	struct mistakes mistakes;
	struct err err = { 0 };
	struct buf text = BUF_INIT(0);
	struct policy *policy;

	mistakes_init(&mistakes, &arena);
	policy = policy_load(name, &options, &mistakes, &err);
	if (policy == NULL) {
		if (mistakes.n != 0) {
			mistakes_print(&mistakes, &text);
			fputs(text.data, stderr);
		}
		if (err.kind != ERR_NONE)
			log_error("%s", err.text);
	}
	mistakes_release(&mistakes);
	arena_release(&arena);
	buf_release(&text);
	return policy;
}

struct policy *settings_policy(const struct settings *s)
{
	char path[LIMIT_PATH_DEPTH * 3 + sizeof(POLICY_FILE)];

	if (s->policy != NULL)
		return settings_policy_named(s, s->policy);
	if (find_policy(path, sizeof(path)))
		return settings_policy_named(s, path);
	return settings_policy_named(s, POLICY_DEFAULT);
}
