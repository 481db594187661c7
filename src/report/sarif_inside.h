/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the parts of a SARIF file share: its state, and the functions that each
 * part gives.
 */
#ifndef REPORT_SARIF_INSIDE_H
#define REPORT_SARIF_INSIDE_H

#include "base/arena.h"
#include "base/limit.h"
#include "report/json_text.h"
#include "report/ranked.h"
#include "report/report.h"
#include "report/report_place.h"

struct sarif_scope {
	struct str account, region;
};

struct sarif {
	struct arena arena;
	struct report_places *places;
	struct ranked *ranked;
	struct json_text text;
	struct buf item, markdown, plain;
	struct sarif_scope scopes[LIMIT_SARIF_RUNS];
	size_t n_scopes;
	bool more; /* the last run holds what had no run of its own */
	uint32_t
	    *index; /* of a rule among the run's, UINT32_MAX for none; by index in the policy */
	bool some;  /* an item of the array being written is there */
	uint64_t most, room; /* results of a run, and how many of them there is room for yet */
};

/* ---- texts: sarif_text.c ------------------------------------------------------- */

/* Visible, and no link where readers make one of "[text](target)". Good until the next. */
struct str sarif_plain(struct sarif *sarif, struct str s);
/* name: with what stands around it, as json_text_member has it. */
void sarif_put_message(struct sarif *sarif, struct buf *out, const char *name, struct str s);
/* An author's text as Markdown that says just that, onto sarif->markdown. */
void sarif_put_markdown(struct sarif *sarif, struct str s);

/* ---- results: sarif_result.c --------------------------------------------------- */

/* "error", "warning", "note"; "none" of what is no fail. */
const char *sarif_level(const struct finding *f);
/* "physicalLocation":{...} */
void sarif_put_physical(struct sarif *sarif, struct buf *b, const struct report_place *place);
/* The whole, in sarif->item. */
void sarif_put_result(struct sarif *sarif, const struct judgement *j, const struct finding *f);

/* ---- rules: sarif_rules.c ------------------------------------------------------ */

/* What stands before the next item of an array of which `some` says whether it has one. */
void sarif_start_item(struct report *r);
/* {"tool":{...} with every rule that is judged. */
void sarif_put_driver(struct report *r);

#endif
