/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ivslint diff: two policies over the same configurations, and which verdicts
 * flip.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/interrupt.h"
#include "base/limit.h"
#include "base/log.h"
#include "base/sandbox.h"
#include "base/text.h"
#include "cmd/audit.h"
#include "cmd/cmd.h"
#include "model/write_json.h"
#include "rule/diff.h"

static const struct opt *const tables[] = {
	cmd_policy_opts, cmd_json_opts, cmd_stack_opts, cmd_chatter_opts, NULL,
};

/* Flips being told. */
struct telling {
	struct diff *diff;
	const struct policy *was, *now;
	struct buf out;
	struct write_json w;
	bool json;
	struct buf last; /* the configuration told last */
	uint64_t n, from_to[N_VERDICTS + 1][N_VERDICTS + 1];
	bool *behind; /* by rule of the second policy: a flip of it was told */
};

/* ---- text ------------------------------------------------------------------- */

static void put_side(struct buf *b, const struct diff_side *s)
{
	buf_puts(b, diff_verdict_name(s->verdict));
	if (s->verdict == VERDICT_FAIL)
		buf_printf(b, " (%s)", severity_name(s->severity));
}

static void put_why(struct buf *b, const char *head, struct str why)
{
	if (why.len == 0)
		return;
	buf_printf(b, "      %s ", head);
	text_put_visible(b, why);
	buf_putc(b, '\n');
}

static void put_text(struct telling *t, const struct diff_flip *flip)
{
	struct buf *b = &t->out;

	if (t->n == 1 || !str_equal(buf_str(&t->last), flip->id)) {
		if (t->n != 1)
			buf_putc(b, '\n');
		text_put_visible(b, flip->name.len != 0 ? flip->name : flip->id);
		buf_puts(b, "  ");
		if (flip->name.len != 0) {
			text_put_visible(b, flip->id);
			buf_puts(b, "  ");
		}
		text_put_visible(b, str_of(flip->file));
		buf_putc(b, '\n');
		buf_clear(&t->last);
		buf_put_str(&t->last, flip->id);
	}
	buf_puts(b, "  ");
	text_put_visible(b, flip->rule);
	buf_puts(b, ": ");
	put_side(b, &flip->was);
	buf_puts(b, " -> ");
	put_side(b, &flip->now);
	buf_putc(b, '\n');
	put_why(b, "was:", flip->was.why);
	put_why(b, "now:", flip->now.why);
}

/* ---- JSON ------------------------------------------------------------------- */

static void put_json_side(struct write_json *w, const char *key, const struct diff_side *s)
{
	write_json_key(w, key);
	write_json_object(w);
	write_json_key(w, "verdict");
	if (s->verdict == DIFF_NONE)
		write_json_null(w);
	else
		write_json_text(w, diff_verdict_name(s->verdict));
	if (s->verdict != DIFF_NONE) {
		write_json_key(w, "severity");
		write_json_text(w, severity_name(s->severity));
	}
	if (s->why.len != 0) {
		write_json_key(w, "why");
		write_json_str(w, s->why);
	}
	write_json_object_end(w);
}

static void put_json(struct write_json *w, const struct diff_flip *flip)
{
	write_json_object(w);
	write_json_key(w, "resource");
	write_json_str(w, flip->id);
	write_json_key(w, "name");
	write_json_str(w, flip->name);
	write_json_key(w, "file");
	write_json_text(w, flip->file);
	write_json_key(w, "rule");
	write_json_str(w, flip->rule);
	put_json_side(w, "was", &flip->was);
	put_json_side(w, "now", &flip->now);
	write_json_object_end(w);
}

/* ---- the sums, and the rules behind ------------------------------------------ */

static void take_flip(void *to, const struct diff_flip *flip)
{
	struct telling *t = to;

	t->n++;
	t->from_to[flip->was.verdict][flip->now.verdict]++;
	if (flip->now.rule != NULL)
		t->behind[flip->now.rule->index] = true;
	if (t->json)
		put_json(&t->w, flip);
	else
		put_text(t, flip);
}

static void describe(const struct policy *p, const struct rule *r, struct buf *b)
{
	const struct cond *when = policy_rule_when(p, r), *require = policy_rule_require(p, r);

	buf_clear(b);
	if (when != NULL) {
		buf_puts(b, "where ");
		cond_describe(when, b);
		buf_puts(b, ": ");
	}
	if (require != NULL)
		cond_describe(require, b);
}

/* What a rule asks, where the policies do not agree on it. */
static void put_rule(struct telling *t, const struct rule *now, bool *head)
{
	const struct rule *was = policy_find_rule(t->was, now->id);
	struct buf before = BUF_INIT(LIMIT_MESSAGE_SIZE), after = BUF_INIT(LIMIT_MESSAGE_SIZE);

	if (was == NULL)
		return;
	describe(t->was, was, &before);
	describe(t->now, now, &after);
	if (!str_equal(buf_str(&before), buf_str(&after))) {
		buf_puts(&t->out, *head ? "" : "\nWhat these rules ask:\n");
		*head = true;
		buf_puts(&t->out, "  ");
		text_put_visible(&t->out, now->id);
		buf_putc(&t->out, '\n');
		put_why(&t->out, "was:", buf_str(&before));
		put_why(&t->out, "now:", buf_str(&after));
	}
	buf_release(&before);
	buf_release(&after);
}

static void put_sums(struct telling *t, const struct summary *s)
{
	uint64_t n_channels = tally_resources(s->tally, KIND_CHANNEL);
	int was, now, n = 0;
	char channels[40] = "";
	bool head = false;
	size_t i;

	if (n_channels != 0)
		snprintf(channels, sizeof(channels), " and %llu channels",
			 (unsigned long long)n_channels);

	for (i = 0; i < t->now->n_rules; i++)
		if (t->behind[i])
			put_rule(t, &t->now->rules[i], &head);
	buf_printf(&t->out, "%s%llu verdict%s of %llu recording configurations%s flip%s",
		   t->n != 0 ? "\n" : "", (unsigned long long)t->n, t->n == 1 ? "" : "s",
		   (unsigned long long)tally_resources(s->tally, KIND_RECORDING_CONFIGURATION),
		   channels, t->n == 1 ? "s" : "");
	for (was = 0; was <= N_VERDICTS; was++)
		for (now = 0; now <= N_VERDICTS; now++) {
			if (t->from_to[was][now] == 0)
				continue;
			buf_printf(&t->out, "%s %llu %s -> %s", n++ == 0 ? ":" : ",",
				   (unsigned long long)t->from_to[was][now], diff_verdict_name(was),
				   diff_verdict_name(now));
		}
	buf_putc(&t->out, '\n');
}

/* ---- the audits --------------------------------------------------------------- */

static void take_was(void *to, const struct judgement *j)
{
	diff_add_was(((struct telling *)to)->diff, j);
}

static void take_now(void *to, const struct judgement *j)
{
	struct telling *t = to;

	diff_add_now(t->diff, j, take_flip, t);
}

static void no_problem(void *to, const struct problem *p)
{
	(void)to;
	(void)p; /* the second audit meets the same, and tells */
}

static bool audit(const struct settings *s, struct policy *policy, struct telling *t, bool now,
		  const char *const *paths, size_t n, struct arena *arena, struct summary *summary)
{
	const struct audit_taker taker = { t, now ? take_now : take_was,
					   now ? cmd_tell_problem : no_problem };
	const struct audit_options options = {
		.paths = paths,
		.n_paths = n,
		.workers = s->workers,
		.given = s->given,
		.allow_unseen = s->allow_unseen,
		.engine = { .as_of = s->as_of, .all = true },
		.taker = &taker,
	};

	audit_run(policy, &options, NULL, arena, summary);
	return !summary->interrupted;
}

static int compare(const struct settings *s, struct policy *was, struct policy *now,
		   const char *const *paths, size_t n)
{
	struct telling t = { .was = was, .now = now, .json = s->json };
	struct arena arena = ARENA_INIT;
	struct summary summary;
	int status;

	t.diff = diff_new(was, now);
	t.behind = ARENA_ARRAY(&arena, now->n_rules, bool);
	write_json_init(&t.w, &t.out, true);
	if (t.json)
		write_json_array(&t.w);
	interrupt_catch();
	if (!audit(s, was, &t, false, paths, n, &arena, &summary) ||
	    !audit(s, now, &t, true, paths, n, &arena, &summary)) {
		status = interrupt_end("nothing was compared");
		goto out;
	}
	diff_finish(t.diff, take_flip, &t);
	if (t.json) {
		write_json_array_end(&t.w);
		buf_putc(&t.out, '\n');
	} else {
		put_sums(&t, &summary);
	}
	status = cmd_print(&t.out);
	if (status == STATUS_PASS && (!summary.complete || summary.empty))
		status = STATUS_INCOMPLETE;
	else if (status == STATUS_PASS && t.n != 0)
		status = STATUS_FINDINGS;
out:
	diff_free(t.diff);
	buf_release(&t.out);
	buf_release(&t.last);
	arena_release(&arena);
	return status;
}

static int check_operands(const struct settings *s, int n, char **argv)
{
	int i;

	if (s->policy != NULL) {
		log_error("diff: the policies are operands: diff OLD NEW PATH...");
		return STATUS_USAGE;
	}
	if (n < 3) {
		log_error("diff: name two policies and what to judge: diff OLD NEW PATH...");
		return STATUS_USAGE;
	}
	for (i = 1; i <= n; i++)
		if (strcmp(argv[i], "-") == 0) {
			log_error("diff: everything is read twice, and standard input cannot be");
			return STATUS_USAGE;
		}
	return STATUS_PASS;
}

static int run_diff(int argc, char **argv)
{
	struct policy *was = NULL, *now = NULL;
	struct settings s;
	int status, n;

	n = settings_parse(&s, &cmd_diff, argc, argv, &status);
	if (n == -1)
		return status;
	if (check_operands(&s, n, argv) != STATUS_PASS)
		return STATUS_USAGE;
	if (settings_given(&s) != STATUS_PASS)
		return STATUS_USAGE;
	was = settings_policy_named(&s, argv[1]);
	now = settings_policy_named(&s, argv[2]);
	if (was != NULL && now != NULL) {
		sandbox_no_network();
		status = compare(&s, was, now, (const char *const *)argv + 3, (size_t)n - 2);
	} else {
		status = STATUS_USAGE;
	}
	settings_given_free(&s, status != STATUS_USAGE);
	policy_free(was);
	policy_free(now);
	return status;
}

const struct cmd cmd_diff = {
	.name = "diff",
	.operands = "OLD NEW PATH...",
	.text = "Judges by two policies, and tells which verdicts flip and why",
	.opts = tables,
	.run = run_diff,
};
