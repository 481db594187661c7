/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What several formats say of a finding in the same words. Nothing here is
 * escaped: what it gives goes through the format's own escaper.
 */
#ifndef REPORT_FINDING_PART_H
#define REPORT_FINDING_PART_H

#include "report/report.h"

/* The message; where there is none the reason; where there is none the rule's title. */
struct str finding_sentence(const struct finding *f);
/* Why it is not waived, or could not be judged: "" where the sentence says it. */
struct str finding_reason(const struct finding *f);
/* The actual value, which there is. */
void finding_show(struct buf *b, const struct finding *f);
/* "60 (the default)"; nothing where no one value decided. */
void finding_put_actual(struct buf *b, const struct finding *f);
/* "waived until 2027-03-31 by video-platform: reason" */
void finding_put_waiver(struct buf *b, const struct finding *f);
/* An author's text in one line: line breaks are blanks. */
void finding_put_folded(struct buf *b, struct str s);
/* The first reference of a rule that is an https address of plain characters, or "". */
struct str finding_reference(const struct rule *rule);
/* Whether a reference is such an address. */
bool finding_is_address(struct str s);
/* References of a rule, one after the other, as finding_next_control has its controls. */
bool finding_next_reference(const struct rule *rule, size_t *at, struct str *text);

/*
 * Ids of a rule's controls, one after the other: framework "soc2", id "CC6.1".
 * False when there are no more; *at is 0 to begin with.
 */
bool finding_next_control(const struct rule *rule, size_t *at, struct str *framework,
			  struct str *id);

/* Cut to `most` bytes with "..." where it is longer, between characters. */
void finding_put_cut(struct buf *b, struct str s, size_t most);

/*
 * Text from outside made safe as far as all formats agree: cut, of well-formed
 * UTF-8, without controls and line ends, "##[" broken. Into b, which is cleared.
 */
struct str finding_visible(struct buf *b, struct str s);

#endif
