/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ivslint scan: ivslint-fetch and the audit of what it writes, joined by a pipe.
 */
#include "base/file.h"
#include "base/log.h"
#include "cmd/audit_report.h"
#include "cmd/cmd.h"
#include "cmd/fetcher.h"
#include "cmd/needs.h"
#include "cmd/outputs.h"
#include "model/source.h"

/* ask_opts have a --progress of their own, which is the fetch's. */
static const struct opt *const tables[] = {
	ask_opts,        ask_role_opts,     cmd_scan_opts,
	cmd_policy_opts, cmd_baseline_opts, cmd_report_opts,
	cmd_audit_opts,  cmd_chatter_opts,  NULL,
};

struct scan {
	struct audit_live live;
	struct fetcher fetcher;
	const char **words;
	struct arena arena;
	bool ended, told;
	struct file_out *snapshot; /* being written, or NULL */
	bool copied;               /* something is in it */
};

static void copy(void *to, struct str bytes)
{
	struct scan *scan = to;

	scan->copied = true;
	file_out_put(scan->snapshot, bytes);
}

/* Keeps what was read, all of it or only a part, as its trailer says; a fetch that wrote
 * nothing leaves an older snapshot as it is. False where there is nothing to tell. */
static bool end_snapshot(struct scan *scan, struct problem *p)
{
	struct file_out *out = scan->snapshot;
	struct err err;

	scan->snapshot = NULL;
	if (out == NULL)
		return false;
	if (scan->live.refused || !scan->copied) {
		file_out_abandon(out);
		return false;
	}
	if (file_out_commit(out, &err) == 0)
		return false;
	*p = (struct problem){ .kind = PROBLEM_MISSING,
			       .file = scan->live.stream.name,
			       .text = arena_printf(&scan->arena, "the snapshot: %s", err.text) };
	return true;
}

static void start(struct audit_live *live)
{
	struct scan *scan = live->stream.to;

	fetcher_start(&scan->fetcher, (const char *const *)scan->words);
	live->stream.fd = scan->fetcher.out;
}

static bool ended(void *to, uint64_t problems, struct problem *p)
{
	struct scan *scan = to;

	if (!scan->ended) {
		scan->ended = true;
		fetcher_wait(&scan->fetcher);
		scan->live.refused = fetcher_refused(&scan->fetcher);
	}
	if (end_snapshot(scan, p))
		return true;
	if (scan->told)
		return false;
	scan->told = true;
	*p = (struct problem){ .kind = PROBLEM_MISSING, .file = scan->live.stream.name };
	return fetcher_problem(&scan->fetcher, problems, &scan->arena, &p->text);
}

/* What the fetch is told: what was asked, and how much of it is needed. */
static const char **fetch_words(const struct settings *s, const struct policy *policy,
				struct arena *arena)
{
	size_t n, i;
	const char **asked = ask_words(&s->ask, arena, &n);
	const char **words = ARENA_ARRAY(arena, n + 3, const char *);

	for (i = 0; i < n; i++)
		words[i] = asked[i];
	if (s->ask.n_arns == 0 && needs_get_recording_configuration(policy) == NULL)
		words[n++] = "--needs=summary";
	if (s->report.quiet)
		words[n++] = "--quiet";
	else if (log_level_now() >= LOG_VERBOSE)
		words[n++] = "--verbose";
	return words;
}

/* Places are in the snapshot, where there is one. */
static int open_snapshot(struct scan *scan, const struct settings *s)
{
	struct err err;

	if (s->snapshot == NULL)
		return 0;
	scan->snapshot = file_out_open(s->snapshot, &err);
	if (scan->snapshot == NULL) {
		log_error("%s", err.text);
		return -1;
	}
	scan->live.stream.name = s->snapshot;
	scan->live.stream.copy = copy;
	return 0;
}

static int scan(struct settings *s, struct policy *policy, struct baseline *baseline)
{
	struct scan scan = {
		.live = { .stream = { .name = SOURCE_LIVE, .fd = -1, .ended = ended },
			  .start = start },
	};
	int status;

	if (open_snapshot(&scan, s) == -1)
		return STATUS_INCOMPLETE;
	scan.live.stream.to = &scan;
	scan.words = fetch_words(s, policy, &scan.arena);
	/* an account may well have none */
	s->allow_empty = !s->fail_on_empty;
	status = audit_scan(s, policy, baseline, &scan.live);
	file_out_abandon(scan.snapshot);
	arena_release(&scan.arena);
	return status;
}

static int usage(const char *text)
{
	log_error("scan: %s (see ivslint help scan)", text);
	return STATUS_USAGE;
}

/* A report, or another file of the run, that the snapshot would replace. */
static bool is_taken(const struct settings *s)
{
	size_t i;

	if (s->baseline != NULL && file_same_place(s->baseline, s->snapshot))
		return true;
	for (i = 0; i < s->n_reports; i++)
		if (file_same_place(s->reports[i].path, s->snapshot))
			return true;
	return false;
}

static int run_scan(int argc, char **argv)
{
	struct ground ground;
	struct settings s;
	struct inputs in;
	struct err err;
	int status, n;

	n = settings_parse(&s, &cmd_scan, argc, argv, &status);
	if (n == -1)
		return status;
	if (s.prune && s.baseline == NULL)
		return usage("--prune is for --baseline");
	if (s.fail_on_empty && s.allow_empty)
		return usage("--fail-on-empty and --allow-empty do not go together");
	if (s.snapshot != NULL && is_taken(&s))
		return usage("--snapshot names a file that the run has already");
	if (ask_check(&s.ask, &err) == -1)
		return usage(err.text);
	if (settings_ground(&s, false, &ground) != STATUS_PASS)
		return STATUS_USAGE;
	in = (struct inputs){ &s, ground.policy, NULL, 0 };
	if (s.snapshot != NULL && outputs_check(&in, "the snapshot", s.snapshot) == -1)
		status = STATUS_USAGE;
	else
		status = scan(&s, ground.policy, ground.baseline);
	settings_ground_free(&ground);
	return status;
}

const struct cmd cmd_scan = {
	.name = "scan",
	.operands = "",
	.text = "Reads live recording configurations from AWS, and audits them",
	.opts = tables,
	.run = run_scan,
};
