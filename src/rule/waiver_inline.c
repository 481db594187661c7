/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Waivers in a template's Metadata. Knows their keys and days; who may write
 * them is the policy's to say.
 */
#include "rule/waiver_inline.h"

#include "base/text.h"

/* The text behind a key, or NULL with what is wrong in *wrong. */
static const struct value *text_of(const struct value *entry, const char *key, bool required,
				   struct arena *arena, const char **wrong)
{
	const struct value *v = value_get(entry, str_of(key));

	if (v == NULL || v->kind == VALUE_NULL) {
		if (required && *wrong == NULL)
			*wrong = arena_printf(arena, "'%s' is missing", key);
		return NULL;
	}
	if (v->kind == VALUE_STRING && !text_is_blank(value_str(v)))
		return v;
	if (*wrong == NULL)
		*wrong = v->kind == VALUE_UNKNOWN
			     ? arena_printf(arena, "'%s' is unknown: %s", key, v->why)
			     : arena_printf(arena, "'%s' is no text", key);
	return NULL;
}

static const char *place_name(const struct resource *r, struct place place, struct arena *arena)
{
	return policy_place_name(arena, r->source, place);
}

/* Reads an entry that names the finding's rule; NULL, or what is wrong with it. */
static const char *read_entry(const struct value *entry, struct waiver *w, struct arena *arena)
{
	static const char *const keys[] = { "rule", "reason", "expires", "owner" };
	const struct value *reason, *expires, *owner;
	const char *wrong = NULL, *nearest;
	uint32_t i, k;

	for (i = 0; i < entry->n; i++) {
		for (k = 0; k < 4 && !str_is(entry->entries[i].key, keys[k]); k++)
			;
		if (k < 4)
			continue;
		nearest = text_nearest(entry->entries[i].key, keys, 4);
		return arena_printf(arena, "it has an unknown key%s%s%s",
				    nearest != NULL ? "; did you mean '" : "",
				    nearest != NULL ? nearest : "", nearest != NULL ? "'?" : "");
	}
	reason = text_of(entry, "reason", true, arena, &wrong);
	expires = text_of(entry, "expires", true, arena, &wrong);
	owner = text_of(entry, "owner", false, arena, &wrong);
	if (wrong != NULL)
		return wrong;
	if (!text_day(value_str(expires), &w->expires))
		return "'expires' is no day such as 2027-03-31";
	w->reason = value_str(reason);
	w->owner = owner != NULL ? value_str(owner) : STR("");
	return NULL;
}

/* Why an entry that names the rule does not waive, or NULL when it does. */
static const char *judge_entry(const struct policy *p, const struct value *entry,
			       const struct waiver_case *c, struct waiver *w, struct arena *arena)
{
	const char *at = place_name(c->resource, w->place, arena), *wrong;
	struct buf b = BUF_INIT(0);

	if (!p->allow_inline_waivers)
		return arena_printf(
		    arena, "the policy does not allow waivers in templates, such as at %s", at);
	wrong = read_entry(entry, w, arena);
	if (wrong != NULL)
		return arena_printf(arena, "the waiver at %s is not taken: %s", at, wrong);
	if (w->expires >= c->as_of)
		return NULL;
	buf_printf(&b, "the waiver at %s ended on ", at);
	text_day_put(&b, w->expires);
	wrong = arena_buf(arena, &b).data;
	buf_release(&b);
	return wrong;
}

/* [{rule, ...}, ...], or NULL. */
static const struct value *inline_list(const struct resource *r)
{
	const struct value *list =
	    value_get(value_get(&r->slots[FIELD_TEMPLATE_METADATA], STR("ivslint")), STR("waive"));

	return list != NULL && list->kind == VALUE_LIST ? list : NULL;
}

/* Why a waiver of this rule has nothing to waive, or NULL where it has, or where that is
 * not known. */
static const char *why_idle(const struct policy *p, struct str id, const struct judgement *j,
			    bool all_rules, struct arena *arena)
{
	const struct rule *rule = policy_find_rule(p, id);
	const char *nearest;
	size_t i;

	if (rule == NULL) {
		nearest = policy_nearest_rule(p, id);
		return nearest == NULL ? "names no rule of the policy"
				       : arena_printf(arena,
						      "names no rule of the policy; did you "
						      "mean '%s'?",
						      nearest);
	}
	if (!policy_rule_judged(p, rule))
		return all_rules ? "is of a rule that is not in force" : NULL;
	if (rule->group_by != NULL)
		return "is of a rule over groups, which only a waiver in the policy covers";
	for (i = 0; i < j->n_findings; i++)
		if (j->findings[i].rule == rule && j->findings[i].verdict != VERDICT_PASS &&
		    j->findings[i].verdict != VERDICT_NOT_APPLICABLE)
			return NULL;
	return "is stale: it matched nothing here; delete it";
}

void waivers_tell_inline(const struct policy *p, const struct resource *r,
			 const struct judgement *j, bool all_rules, struct arena *arena,
			 waiver_told *tell, void *to)
{
	const struct value *list, *rule;
	struct buf name = BUF_INIT(0);
	const char *why;
	uint32_t i;

	if (!p->allow_inline_waivers || (list = inline_list(r)) == NULL)
		return;
	for (i = 0; i < list->n; i++) {
		rule = value_get(&list->items[i], STR("rule"));
		if (rule == NULL || rule->kind != VALUE_STRING)
			continue;
		why = why_idle(p, value_str(rule), j, all_rules, arena);
		if (why == NULL)
			continue;
		buf_clear(&name);
		text_put_quoted(&name, value_str(rule), 80);
		tell(to,
		     arena_printf(
			 arena, "the waiver of %s (%s) %s", name.data,
			 place_name(r, source_place(r->source, list->items[i].place), arena), why));
	}
	buf_release(&name);
}

void waivers_apply_inline(const struct policy *p, const struct waiver_case *c, struct finding *f,
			  struct arena *arena)
{
	const struct value *list, *rule;
	const char *why;
	struct waiver *w;
	uint32_t i;

	if (c->resource == NULL || f->verdict != VERDICT_FAIL)
		return;
	list = inline_list(c->resource);
	for (i = 0; list != NULL && i < list->n; i++) {
		rule = value_get(&list->items[i], STR("rule"));
		if (rule == NULL || rule->kind != VALUE_STRING ||
		    !str_equal(value_str(rule), f->rule->id))
			continue;
		w = ARENA_NEW(arena, struct waiver);
		*w = (struct waiver){ .rule = f->rule,
				      .reason = STR(""),
				      .owner = STR(""),
				      .source = c->resource->source,
				      .place =
					  source_place(c->resource->source, list->items[i].place) };
		why = judge_entry(p, &list->items[i], c, w, arena);
		if (why == NULL) {
			f->verdict = VERDICT_WAIVED;
			f->waiver = w;
			f->waiver_days_left = w->expires - c->as_of;
			f->reason = w->reason;
			return;
		}
		if (f->waiver == NULL && f->reason.len == 0)
			f->reason = str_of(why);
	}
}
