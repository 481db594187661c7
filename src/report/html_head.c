/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The head of the HTML page: what may run in it, what was audited by which
 * policy, the verdict, the sums that prove it whole, and what could not be read.
 */
#include "base/limit.h"
#include "base/text.h"
#include "report/html_css.h"
#include "report/html_inside.h"
#include "report/html_js.h"
#include "report/report_part.h"

/* ---- verdict ------------------------------------------------------------------- */

static const char *verdict_word(const struct summary *s)
{
	return s->status == 0 ? "Passed" : s->status == 1 ? "Failed" : "Incomplete";
}

static const char *verdict_class(const struct summary *s)
{
	return s->status == 0 ? "passed" : s->status == 1 ? "failed" : "incomplete";
}

static struct str title_of(const struct run *run)
{
	return run->policy->name.len != 0 ? run->policy->name : report_str(run->policy->file);
}

/* The outcome's sentence without its first word, which stands above it. */
static void put_outcome(struct html *h, struct buf *out, const struct run *run,
			const struct summary *s)
{
	struct str said;
	size_t i;

	report_put_outcome(&h->shown, run, s);
	said = buf_str(&h->shown);
	for (i = 0; i + 2 < said.len; i++)
		if (said.data[i] == ':') {
			said.data += i + 2;
			said.len -= i + 2;
			break;
		}
	html_put(h, out, said);
	buf_clear(&h->shown);
}

/* Nothing from anywhere, and no style or script but the two of this page. */
static void put_policy_of_content(struct buf *out)
{
	PUT(out, "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		 "script-src ");
	html_put_source_hash(out, (struct str){ html_js, html_js_size });
	PUT(out, "; style-src ");
	html_put_source_hash(out, (struct str){ html_css, html_css_size });
	PUT(out, "; base-uri 'none'; form-action 'none'\">\n");
}

static void put_first(struct html *h, struct buf *out, const struct run *run,
		      const struct summary *s)
{
	PUT(out, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
	put_policy_of_content(out);
	PUT(out, "<meta name=\"referrer\" content=\"no-referrer\">\n"
		 "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		 "<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
	buf_puts(out, verdict_word(s));
	PUT(out, ": ");
	html_put(h, out, title_of(run));
	PUT(out, " - ivslint</title>\n<style>");
	buf_put(out, html_css, html_css_size);
	PUT(out, "</style>\n</head>\n<body>\n"
		 "<a class=\"skip\" href=\"#findings\">Skip to the findings</a>\n");
}

/* ---- header -------------------------------------------------------------------- */

static void put_fact(struct buf *out, const char *label)
{
	buf_printf(out, "<div><dt>%s</dt><dd>", label);
}

static void put_facts(struct html *h, struct buf *out, const struct run *run)
{
	PUT(out, "<dl class=\"facts\">\n");
	put_fact(out, "Policy");
	html_put(h, out, report_str(run->policy->file));
	PUT(out, "</dd></div>\n");
	put_fact(out, "Audited");
	text_day_put(out, (int32_t)(run->started / 86400));
	PUT(out, "</dd></div>\n");
	put_fact(out, "Waivers judged as of");
	text_day_put(out, run->as_of);
	PUT(out, "</dd></div>\n");
	put_fact(out, "Threshold");
	buf_printf(out, "%s%s</dd></div>\n", severity_name(run->fail_on),
		   run->fail_on == SEVERITY_CRITICAL ? "" : " and above");
	PUT(out, "</dl>\n");
}

static void put_header(struct html *h, struct buf *out, const struct run *run)
{
	PUT(out, "<header>\n<p class=\"kind\">Compliance of Amazon IVS recording "
		 "configurations</p>\n<h1>");
	html_put(h, out, title_of(run));
	PUT(out, "</h1>\n");
	if (run->policy->description.len != 0) {
		PUT(out, "<p class=\"lead\">");
		html_put(h, out, run->policy->description);
		PUT(out, "</p>\n");
	}
	put_facts(h, out, run);
	PUT(out, "</header>\n<main>\n");
}

/* ---- sums ---------------------------------------------------------------------- */

static void put_sum(struct buf *out, const char *class, uint64_t n, const char *label)
{
	buf_printf(out, "<div class=\"%s%s\"><dt><span class=\"mark %s\"></span>%s</dt><dd>", class,
		   n == 0 ? " zero" : "", class, label);
	html_put_number(out, n);
	PUT(out, "</dd></div>\n");
}

static void put_product(struct buf *out, const struct run *run, const struct summary *s)
{
	uint64_t due = report_verdicts_due(run, s), sum = report_verdicts(s->tally);
	unsigned kinds = report_kinds(run);
	uint64_t resources;
	size_t rules;
	int k;

	PUT(out, "<p class=\"product\">");
	for (k = 0; k < N_KINDS; k++) {
		if ((kinds & KIND_BIT(k)) == 0)
			continue;
		resources = tally_resources(s->tally, (enum kind)k);
		rules = policy_n_enabled_of(run->policy, (enum kind)k);
		buf_puts(out, k != 0 ? ", <b>" : "<b>");
		html_put_number(out, resources);
		PUT(out, "</b> ");
		buf_puts(out, resources == 1 ? kind_table[k].one : kind_table[k].many);
		PUT(out, " &times; <b>");
		html_put_number(out, rules);
		buf_puts(out, rules == 1 ? "</b> rule" : "</b> rules");
	}
	buf_puts(out, sum == due ? " = <b>" : ": <b>");
	html_put_number(out, sum);
	PUT(out, "</b> verdicts");
	if (sum != due) {
		PUT(out, " of <b>");
		html_put_number(out, due);
		PUT(out, "</b>");
	}
	PUT(out, "</p>\n");
}

static void put_sums(struct buf *out, const struct run *run, const struct summary *s)
{
	const uint64_t *n = s->tally->verdicts;

	PUT(out, "<section class=\"sums\" aria-label=\"Completeness\">\n");
	put_product(out, run, s);
	html_put_verdicts_bar(out, n, true, report_verdicts(s->tally));
	PUT(out, "\n<dl>\n");
	put_sum(out, "v-pass", n[VERDICT_PASS], "pass");
	put_sum(out, "v-fail", n[VERDICT_FAIL], "fail");
	put_sum(out, "v-waived", n[VERDICT_WAIVED], "waived");
	put_sum(out, "v-na", n[VERDICT_NOT_APPLICABLE], "not applicable");
	put_sum(out, "v-undecided", n[VERDICT_UNDECIDED], "undecided");
	put_sum(out, "v-error", n[VERDICT_ERROR], "error");
	put_sum(out, "v-problem", s->problems, s->problems == 1 ? "problem" : "problems");
	PUT(out, "</dl>\n<p class=\"quiet\">");
	report_put_count(out, s->files, "document was read", "documents were read");
	if (s->other_documents != 0) {
		PUT(out, ", ");
		report_put_count(out, s->other_documents, "part", "parts");
		PUT(out, " of them without ");
		report_put_kinds(out, report_kinds(run), "a ", " or ");
	}
	PUT(out, ".");
	if (report_nothing_applied(s))
		PUT(out, " No rule applied to anything.");
	PUT(out, "</p>\n</section>\n");
}

void html_put_head(struct html *h, struct buf *out, const struct run *run, const struct summary *s)
{
	put_first(h, out, run, s);
	put_header(h, out, run);
	buf_printf(out,
		   "<section class=\"verdict %s\" aria-labelledby=\"verdict\">\n"
		   "<h2 id=\"verdict\">%s</h2>\n<p>",
		   verdict_class(s), verdict_word(s));
	put_outcome(h, out, run, s);
	PUT(out, "</p>\n</section>\n");
	put_sums(out, run, s);
}
