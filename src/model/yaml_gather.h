/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The members that open collections of a YAML document have gathered so far,
 * those of the innermost last. Used by yaml.c.
 */
#ifndef MODEL_YAML_GATHER_H
#define MODEL_YAML_GATHER_H

#include "base/arena.h"
#include "model/mistake.h"
#include "model/source.h"
#include "model/value.h"

struct yaml_gather {
	struct source *source;
	struct arena *arena; /* of what is made */
	struct mistakes *mistakes;
	struct value *items;
	struct entry *entries;
	struct entry **order; /* scratch of keep_first() */
	size_t n_items, n_entries, cap_items, cap_entries, cap_order;
	size_t duplicates; /* mistakes that are keys which are there twice */
};

void yaml_gather_item(struct yaml_gather *g, struct value v);
void yaml_gather_entry(struct yaml_gather *g, struct entry e);
/* The entries of what a merge key (`<<`) names: a map, or a list of maps; anything else
 * is a mistake. */
void yaml_gather_merged(struct yaml_gather *g, const struct value *v);
/* Makes a list of the items gathered since there were `base`. */
void yaml_gather_list(struct yaml_gather *g, size_t base, struct value *v);
/* Makes a map of the entries gathered since there were `base`, no key twice: the first
 * n_own are written in it, where that is a mistake, those behind them are merged into
 * it, and give way. */
void yaml_gather_map(struct yaml_gather *g, size_t base, size_t n_own, struct value *v);
/* Frees what was gathered; what was made of it is the arena's. */
void yaml_gather_release(struct yaml_gather *g);

#endif
