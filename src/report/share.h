/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What one thread writes of reports apart from the others, and hands over when
 * its turn comes. Only formats that write a judgement alike whatever was before
 * it (begin_apart) take part; the others are written under the turn.
 */
#ifndef REPORT_SHARE_H
#define REPORT_SHARE_H

#include <stdbool.h>
#include <stddef.h>

#include "report/report.h"

struct share;

/* NULL where no format of these reports can be written apart. The reports outlive it;
 * one thread at a time. */
struct share *share_new(struct reports *rs);
/* Accepts NULL. */
void share_free(struct share *s);

/* Writes a judgement that has findings. True: a format is left that needs the
 * judgement itself, by share_rest. */
bool share_judgement(struct share *s, const struct judgement *j);
/* Bytes that wait to be handed over. */
size_t share_size(const struct share *s);
/* What was written since the last cut is a piece; false when nothing was. */
bool share_cut(struct share *s);

/* Under the turn: the piece that comes next goes where it belongs. */
void share_hand_over(struct share *s);
/* Under the turn: what share_judgement left. */
void share_rest(struct share *s, const struct judgement *j);
/* After the last piece was handed over: all may be written anew. */
void share_clear(struct share *s);

#endif
