/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the parts of the HTML page share: its state, its escaper, and the
 * function that each part gives. Whatever came from outside goes through
 * html_put or html_json; all else is the program's own.
 */
#ifndef REPORT_HTML_INSIDE_H
#define REPORT_HTML_INSIDE_H

#include "base/arena.h"
#include "base/buf.h"
#include "report/ranked.h"
#include "report/report.h"
#include "rule/names.h"

/* An account and region, with the findings there. */
struct html_scope {
	struct str account, region; /* "" where it is not known */
	uint64_t counts[N_VERDICTS];
};

struct html {
	struct arena arena;
	struct names scope_names; /* account, NUL, region */
	struct html_scope *scopes;
	size_t scopes_cap, last_scope;
	struct html_scope more;  /* those that are too many to be told apart */
	struct ranked *findings; /* as JSON */
	struct ranked *plain;    /* the first of them, as rows of a table */
	struct ranked *problems;
	uint32_t *rule_numbers;  /* by index in the policy: among those that are judged */
	struct buf visible, shown, item;
	uint64_t n_problems;
	bool some; /* an item of the list being written is there */
};

/* ---- text: html_text.c ------------------------------------------------------- */

/* As text, or inside an attribute's double quotes. */
void html_put(struct html *h, struct buf *out, struct str s);
/* What h->shown holds, which is cleared. */
void html_put_shown(struct html *h, struct buf *out);
/* A string of JSON that stands in a <script>: nothing in it ends that. */
void html_json(struct html *h, struct buf *out, struct str s);
/* name: the program's own, with what stands around it: `,"file":` */
void html_json_member(struct html *h, struct buf *out, const char *name, struct str s);
/* Nothing where there is nothing to say. */
void html_json_some(struct html *h, struct buf *out, const char *name, struct str s);
void html_json_some_shown(struct html *h, struct buf *out, const char *name);
/* 1,234,567 */
void html_put_number(struct buf *out, uint64_t n);
/* "sha256-..." of Content-Security-Policy: of a style or script as it stands in
 * the page. */
void html_put_source_hash(struct buf *out, struct str text);
/* "file:12:3" into h->shown. */
void html_show_place(struct html *h, const char *file, struct place place);

/* ---- parts --------------------------------------------------------------------- */

/* html_scope.c: counts the findings of a judgement. */
void html_scope_count(struct html *h, const struct judgement *j);

/* html_finding.c: into h->item. */
void html_finding_json(struct html *h, const struct policy *policy, const struct judgement *j,
		       const struct finding *f);
void html_finding_row(struct html *h, const struct judgement *j, const struct finding *f);
void html_problem_row(struct html *h, const struct problem *p);
/* The rules, by index, as the findings name them. */
void html_rules_json(struct html *h, struct buf *out, const struct policy *policy);

/* html_head.c: from the first byte to the sums. */
void html_put_head(struct html *h, struct buf *out, const struct run *run, const struct summary *s);

/* html_chart.c */
void html_put_charts(struct html *h, struct buf *out, const struct run *run,
		     const struct summary *s);
/* A bar of stacked parts, each of a class, of the width that all has to `whole`. */
struct html_part {
	const char *class;
	uint64_t n;
};
void html_put_bar(struct buf *out, const struct html_part *parts, size_t n, uint64_t whole);
/* The parts that are findings or their like, and the bar of all. */
void html_put_verdicts_bar(struct buf *out, const uint64_t counts[N_VERDICTS], bool all,
			   uint64_t whole);

/* html_control.c: what the rules say of each framework's controls. */
void html_put_controls(struct html *h, struct buf *out, const struct run *run,
		       const struct summary *s);

/* html_lists.c: waivers and rules. */
void html_put_waivers(struct html *h, struct buf *out, const struct run *run,
		      const struct summary *s);
void html_put_rules(struct html *h, struct buf *out, const struct run *run,
		    const struct summary *s);
/* "n more ... are left out" where more than LIMIT_HTML_ROWS are there. */
void html_put_left_out(struct buf *out, uint64_t n, const char *what);

#endif
