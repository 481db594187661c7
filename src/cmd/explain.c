/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Following a rule over saved configurations. Knows how to read them one after
 * the other and how the steps look; what they are is rule/trace.c's, and the
 * verdict is the engine's, waivers included.
 */
#include "cmd/explain.h"

#include "base/limit.h"
#include "base/log.h"
#include "base/text.h"
#include "cmd/read_each.h"
#include "rule/engine.h"
#include "rule/trace.h"

struct explaining {
	const struct settings *s;
	struct policy *p;
	const struct rule *rule;
	struct engine *engine;
	struct engine_worker *worker;
	struct buf *out;
	const struct resource *r; /* the one at hand */
	uint64_t seen, matched, left_out, troubles;
};

static const char *truth_word(enum truth truth)
{
	static const char *const words[] = { "false", "unknown", "true" };

	return words[truth];
}

static void put_place(struct buf *b, const char *name, struct place place)
{
	text_put_visible(b, str_of(name));
	buf_printf(b, ":%u:%u", place.line, place.column);
}

/* ---- parameters ------------------------------------------------------------ */

static void put_param(void *to, const struct trace_param *p)
{
	struct buf *b = to;

	buf_puts(b, "    ");
	text_put_visible(b, p->param->name);
	buf_puts(b, ": ");
	value_show(b, p->param->value, LIMIT_SHOWN_VALUE);
	if (p->is_default) {
		buf_puts(b, " (the default, ");
		put_place(b, p->param->set_in->name, p->place);
	} else if (strcmp(p->param->set_by, "--set") == 0) {
		buf_puts(b, " (set by --set");
	} else {
		buf_puts(b, " (set at ");
		put_place(b, p->param->set_in->name, p->place);
	}
	buf_puts(b, ")\n");
	if (p->param->description.len != 0) {
		buf_puts(b, "        ");
		text_put_visible(b, p->param->description);
		buf_putc(b, '\n');
	}
}

void explain_params(const struct policy *p, const struct rule *rule, struct buf *b)
{
	struct buf params = BUF_INIT(0);
	const struct tracer t = { .to = &params, .param = put_param };

	trace_params(p, rule, &t);
	if (params.len != 0) {
		buf_puts(b, "\nParameters\n");
		buf_put_str(b, buf_str(&params));
	}
	buf_release(&params);
}

/* ---- steps ----------------------------------------------------------------- */

static void put_override(void *to, const char *name, enum truth truth)
{
	struct explaining *x = to;

	buf_puts(x->out, "  ");
	text_put_visible(x->out, str_of(name));
	buf_puts(x->out, truth == TRUTH_TRUE ? " holds\n" : ": whether it holds is not known\n");
}

static void put_changed_param(void *to, const struct trace_param *p)
{
	struct explaining *x = to;

	put_param(x->out, p);
}

/* "tags.Owner is absent, expected video (unknown: why), at FILE:LINE:COLUMN" */
static void put_leaf(struct explaining *x, const struct trace_step *step)
{
	const struct evidence *leaf = step->leaf;
	struct buf *b = x->out;

	if (leaf->field.len != 0 && leaf->field.data[0] != '$') {
		text_put_visible(b, leaf->field);
		buf_puts(b, " is ");
	} else {
		buf_puts(b, "it is ");
	}
	value_show(b, leaf->actual, LIMIT_SHOWN_VALUE);
	if (leaf->detail.len != 0) {
		buf_puts(b, " (");
		text_put_visible(b, leaf->detail);
		buf_putc(b, ')');
	}
	if (leaf->why != NULL) {
		buf_puts(b, ": ");
		text_put_visible(b, str_of(leaf->why));
	}
	if (step->found_at.line != 0 && !(leaf->field.len != 0 && leaf->field.data[0] == '$')) {
		buf_puts(b, "  ");
		put_place(b, x->r->source->name, step->found_at);
	}
	buf_putc(b, '\n');
}

static void put_step(void *to, const struct trace_step *step)
{
	struct explaining *x = to;
	int indent = 2 * step->depth;

	if (step->depth == 0)
		buf_printf(x->out, "  %s: %s\n", step->in_when ? "when" : "require",
			   truth_word(step->truth));
	buf_printf(x->out, "    %-7s  %*s", truth_word(step->truth), indent, "");
	text_put_visible(x->out, step->text);
	buf_puts(x->out, "  ");
	put_place(x->out, x->rule->source->name, step->place);
	buf_putc(x->out, '\n');
	if (step->leaf == NULL)
		return;
	buf_printf(x->out, "             %*s", indent, "");
	put_leaf(x, step);
}

/* ---- verdicts -------------------------------------------------------------- */

static void put_verdict(struct buf *b, const struct finding *f)
{
	buf_printf(b, "  %s", verdict_name(f->verdict));
	if (f->verdict == VERDICT_FAIL || f->verdict == VERDICT_WAIVED)
		buf_printf(b, " (%s)", severity_name(f->severity));
	if (f->message.len != 0) {
		buf_puts(b, ": ");
		text_put_visible(b, f->message);
	}
	if (f->reason.len != 0) {
		buf_puts(b, f->message.len != 0 ? "; " : ": ");
		text_put_visible(b, f->reason);
	}
	buf_putc(b, '\n');
}

static const struct finding *finding_of(const struct explaining *x, const struct judgement *j)
{
	size_t i;

	for (i = 0; i < j->n_findings; i++)
		if (str_equal(j->findings[i].rule->id, x->rule->id))
			return &j->findings[i];
	return NULL;
}

/* Whether it is among those that were asked for: by ARN, id or name. */
static bool is_wanted(const struct explaining *x, const struct subject *s)
{
	struct str pattern;

	if (x->s->resource == NULL)
		return true;
	pattern = str_of(x->s->resource);
	return text_glob(pattern, s->arn) || text_glob(pattern, s->id) ||
	       text_glob(pattern, s->name);
}

static void put_subject(struct buf *b, const struct subject *s)
{
	buf_putc(b, '\n');
	put_place(b, s->file, s->place);
	buf_puts(b, ": ");
	text_put_visible(b, s->name.len != 0 ? s->name : s->id);
	if (s->arn.len != 0 && s->name.len != 0) {
		buf_puts(b, "  ");
		text_put_visible(b, s->arn);
	}
	buf_putc(b, '\n');
}

static void explain_one(struct explaining *x, struct resource *r, const struct judgement *j,
			const struct subject *subject)
{
	const struct tracer t = {
		.to = x, .override = put_override, .param = put_changed_param, .step = put_step
	};
	const struct finding *f = finding_of(x, j);

	x->r = r;
	put_subject(x->out, subject);
	trace_resource(x->p, x->rule, r, &t);
	if (f != NULL)
		put_verdict(x->out, f);
	else if (!policy_rule_judged(x->p, x->rule))
		buf_puts(x->out, "  no verdict: the rule is not enabled in this policy\n");
}

/* ---- reading --------------------------------------------------------------- */

static void take_resource(void *to, struct resource *r)
{
	struct explaining *x = to;
	struct arena arena = ARENA_INIT;
	struct judgement judgement;
	struct subject subject;

	if (r->kind != x->rule->kind)
		return;
	x->seen++;
	engine_judge(x->worker, r, &arena, &judgement);
	if (engine_has_groups(x->engine))
		engine_collect(x->engine, &judgement);
	resource_subject(r, &arena, &subject);
	if (is_wanted(x, &subject)) {
		if (++x->matched <= LIMIT_EXPLAINED)
			explain_one(x, r, &judgement, &subject);
		else
			x->left_out++;
	}
	arena_release(&arena);
}

/* The verdicts of a group rule, when all has been read. */
static int take_group(void *to, const struct judgement *j)
{
	struct explaining *x = to;
	const struct finding *f = finding_of(x, j);

	if (f == NULL || !is_wanted(x, &j->subject))
		return 0;
	if (++x->matched > 2 * (uint64_t)LIMIT_EXPLAINED)
		return 0;
	put_subject(x->out, &j->subject);
	put_verdict(x->out, f);
	return 0;
}

static void tell_trouble(void *to, const char *file, uint32_t line, uint32_t column,
			 const char *text)
{
	struct explaining *x = to;

	if (++x->troubles > LIMIT_PROBLEMS_PER_FILE)
		return;
	if (line != 0)
		log_error("explain: %s:%u:%u: %s", file, line, column, text);
	else
		log_error("explain: %s: %s", file, text);
}

static void tell_unseen(void *to, const char *file, uint32_t line, uint32_t column,
			const char *text)
{
	(void)to;
	log_note("explain: %s:%u:%u: %s", file, line, column, text);
}

static void read_paths(struct explaining *x, const char *const *paths, size_t n)
{
	enum kind kind = x->rule->kind;
	field_set needs = policy_needs(x->p);
	field_set of_kind = policy_needs_of(x->p, kind) | trace_needs(x->p, x->rule);
	struct input_options options = { .paths = paths, .n_paths = n, .given = x->s->given };
	const struct each each = { x, take_resource, tell_trouble,
				   x->s->allow_unseen ? tell_unseen : NULL };

	if (kind == KIND_CHANNEL) {
		options.channels = true;
		options.channel_needs = resource_closure(of_kind);
	} else {
		needs |= of_kind;
	}
	options.needs = resource_closure(needs);
	read_each(&options, options.needs, &each);
}

static int end_status(const struct explaining *x)
{
	if (x->troubles > LIMIT_PROBLEMS_PER_FILE)
		log_error("explain: and %llu more places that could not be read",
			  (unsigned long long)(x->troubles - LIMIT_PROBLEMS_PER_FILE));
	if (x->left_out != 0)
		log_note("explain: %llu more %s; name one with --resource",
			 (unsigned long long)x->left_out,
			 x->rule->kind == KIND_RECORDING_CONFIGURATION
			     ? "configurations"
			     : kind_table[x->rule->kind].many);
	if (x->seen == 0)
		log_error("explain: no %s was found", kind_table[x->rule->kind].one);
	else if (x->matched == 0)
		log_error("explain: no %s has the ARN or the name '%s'",
			  kind_table[x->rule->kind].one, x->s->resource);
	return x->troubles != 0 || x->matched == 0 ? STATUS_INCOMPLETE : STATUS_PASS;
}

int explain_paths(const struct settings *s, struct policy *p, const struct rule *rule,
		  const char *const *paths, size_t n, struct buf *b)
{
	const struct engine_options options = { .all = true, .as_of = s->as_of };
	struct explaining x = { .s = s, .p = p, .rule = rule, .out = b };
	struct arena tally_arena = ARENA_INIT;
	struct tally tally;
	uint64_t matched;
	int status;

	x.engine = engine_new(p, &options);
	x.worker = engine_worker_new(x.engine);
	read_paths(&x, paths, n);
	status = end_status(&x);
	matched = x.matched;
	if (rule->group_by != NULL && matched != 0 && engine_has_groups(x.engine)) {
		buf_puts(b, "\nWith the others of their groups\n");
		x.matched = LIMIT_EXPLAINED;
		tally_init(&tally, p, &tally_arena);
		engine_finish(x.engine, &tally, take_group, &x);
	}
	engine_worker_free(x.worker);
	engine_free(x.engine);
	arena_release(&tally_arena);
	return status;
}
