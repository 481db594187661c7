/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a command line to what a command works with: defaults of the environment
 * and the terminal, the way to the policy, and all that an audit judges by.
 */
#include "cmd/settings_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/limit.h"
#include "base/log.h"
#include "model/mistake.h"
#include "rule/baseline.h"

#define POLICY_FILE     ".ivslint.yaml"
#define POLICY_MISNAMED ".ivslint.yml"
#define POLICY_DEFAULT  "ivslint:recommended"
#define LAST_SECOND     INT64_C(253402300799) /* of the year 9999: what dates are written in */

/* The reproducible-builds.org convention: reports made twice are the same bytes. */
static int64_t now(void)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	int64_t seconds = 0;

	if (epoch == NULL || *epoch == '\0')
		return (int64_t)time(NULL);
	for (; *epoch >= '0' && *epoch <= '9' && seconds <= LAST_SECOND; epoch++)
		seconds = seconds * 10 + (*epoch - '0');
	return *epoch == '\0' && seconds <= LAST_SECOND ? seconds : (int64_t)time(NULL);
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
	static const char *const programs[] = { "iTerm.app", "WezTerm", "vscode", "ghostty",
						"Tabby",     "rio",     "Hyper" };
	static const char *const terms[] = { "xterm-kitty", "xterm-ghostty", "alacritty",
					     "foot",        "contour",       "wezterm" };
	const char *forced = getenv("FORCE_HYPERLINK"), *vte = getenv("VTE_VERSION");
	size_t i;

	if (!isatty(STDOUT_FILENO))
		return false;
	if (forced != NULL && *forced != '\0')
		return strcmp(forced, "0") != 0;
	for (i = 0; i < sizeof(programs) / sizeof(*programs); i++)
		if (settings_env_is("TERM_PROGRAM", programs[i]))
			return true;
	for (i = 0; i < sizeof(terms) / sizeof(*terms); i++)
		if (settings_env_is("TERM", terms[i]))
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

/* Whoever names a policy or a file behind such a command means it to count. */
static int refuse_operand(const struct cmd *cmd, const char *operand)
{
	const char *hint = "";
	size_t i;

	for (i = 0; cmd->opts[i] != NULL; i++)
		if (cmd->opts[i] == cmd_policy_opts)
			hint = ": -p names a policy, and ivslint check reads files";
	log_error("%s: it takes no operand, and '%s' is one%s (see ivslint help %s)", cmd->name,
		  operand, hint, cmd->name);
	return -1;
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
	if (n > 0 && *cmd->operands == '\0') {
		*status = STATUS_USAGE;
		return refuse_operand(cmd, argv[1]);
	}
	if (s->workers == 0)
		s->workers = processors();
	if ((s->n_reports == 0 && settings_add_auto(s, "-", &err) == -1) ||
	    settings_add_step_summary(s, &err) == -1) {
		log_error("%s: %s", cmd->name, err.text);
		*status = STATUS_USAGE;
		return -1;
	}
	s->report.color = wants_color(s);
	s->report.links = s->report.color && wants_links();
	s->report.width = terminal_width();
	return n;
}

enum found { FOUND_NONE, FOUND_POLICY, FOUND_MISNAMED };

/* The nearest .ivslint.yaml here or above, into path, also where it leads nowhere: that
 * it cannot be read is to be told. One that is named .ivslint.yml is meant as well. */
static enum found find_policy(char *path, size_t size)
{
	struct stat here = { 0 }, above, st;
	size_t len = 0;
	unsigned up;

	(void)stat(".", &here);
	for (up = 0; up < LIMIT_PATH_DEPTH && len + sizeof("../" POLICY_FILE) < size; up++) {
		memcpy(path + len, POLICY_FILE, sizeof(POLICY_FILE));
		if (lstat(path, &st) == 0)
			return FOUND_POLICY;
		memcpy(path + len, POLICY_MISNAMED, sizeof(POLICY_MISNAMED));
		if (lstat(path, &st) == 0)
			return FOUND_MISNAMED;
		memcpy(path + len, "..", 3);
		if (stat(path, &above) == -1 ||
		    (above.st_dev == here.st_dev && above.st_ino == here.st_ino))
			break; /* nothing is above the root */
		here = above;
		path[len + 2] = '/';
		len += 3;
	}
	return FOUND_NONE;
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
	switch (find_policy(path, sizeof(path))) {
	case FOUND_POLICY:
		return settings_policy_named(s, path);
	case FOUND_MISNAMED:
		log_error("'%s' is not looked for: a policy of a folder is named %s; rename it, or "
			  "name it with -p",
			  path, POLICY_FILE);
		return NULL;
	default:
		return settings_policy_named(s, POLICY_DEFAULT);
	}
}

int settings_ground(struct settings *s, bool stacks, struct ground *g)
{
	struct err err;

	*g = (struct ground){ .policy = settings_policy(s) };
	if (g->policy == NULL)
		return STATUS_USAGE;
	if (s->baseline != NULL && (g->baseline = baseline_read(s->baseline, &err)) == NULL) {
		log_error("%s", err.text);
		settings_ground_free(g);
		return STATUS_USAGE;
	}
	if (stacks && settings_given(s) != STATUS_PASS) {
		settings_ground_free(g);
		return STATUS_USAGE;
	}
	return STATUS_PASS;
}

void settings_ground_free(struct ground *g)
{
	baseline_free(g->baseline);
	policy_free(g->policy);
}
