/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Guessing. Knows which parameters of the shipped packs can be read off what is
 * there; does not know where configurations come from.
 */
#include "rule/guess.h"

#include <stdlib.h>

#include "base/limit.h"
#include "model/write_json.h"
#include "rule/names.h"

#define BEGINNINGS 4 /* that are counted of one text */

/* Beginnings of texts, each up to a separator. */
struct prefix {
	struct names beginnings;
	uint64_t *begin; /* texts, by beginning */
	uint64_t texts;
	struct str first;
	bool several; /* texts that differ */
};

struct range {
	struct number least, most;
	bool some;
};

struct guess {
	struct arena arena;
	uint64_t resources;
	struct names tags;
	uint64_t *carried; /* by tag */
	struct prefix bucket, name;
	struct range interval, window;
};

static void prefix_init(struct prefix *p, struct arena *arena)
{
	names_init(&p->beginnings, arena);
	p->begin = ARENA_ARRAY(arena, LIMIT_TAGS, uint64_t);
}

struct guess *guess_new(void)
{
	struct guess *g = mem_alloc(sizeof(*g));

	*g = (struct guess){ 0 };
	names_init(&g->tags, &g->arena);
	g->carried = ARENA_ARRAY(&g->arena, LIMIT_TAGS, uint64_t);
	prefix_init(&g->bucket, &g->arena);
	prefix_init(&g->name, &g->arena);
	return g;
}

void guess_free(struct guess *g)
{
	if (g == NULL)
		return;
	arena_release(&g->arena);
	free(g);
}

field_set guess_needs(void)
{
	return FIELD_BIT(FIELD_TAGS) | FIELD_BIT(FIELD_BUCKET_NAME) | FIELD_BIT(FIELD_NAME) |
	       FIELD_BIT(FIELD_THUMBNAIL_INTERVAL) | FIELD_BIT(FIELD_RECONNECT_WINDOW);
}

/* ---- looking ---------------------------------------------------------------- */

static void take_tags(struct guess *g, const struct value *tags)
{
	uint32_t i;
	size_t tag;

	if (tags->kind != VALUE_MAP || value_is_secret(tags))
		return;
	for (i = 0; i < tags->n; i++) {
		if (str_starts(tags->entries[i].key, STR("aws:")))
			continue;
		tag = names_find(&g->tags, tags->entries[i].key);
		if (tag == NAMES_NONE && g->tags.n < LIMIT_TAGS)
			tag = names_add(&g->tags, tags->entries[i].key, NULL);
		if (tag != NAMES_NONE)
			g->carried[tag]++;
	}
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static void take_text(struct guess *g, struct prefix *p, const struct value *v)
{
	struct str text, beginning;
	size_t i, n = 0, at;

	if (v->kind != VALUE_STRING || v->n == 0 || value_is_secret(v))
		return;
	text = value_str(v);
	if (p->texts++ == 0)
		p->first = arena_str(&g->arena, text);
	else if (!str_equal(p->first, text))
		p->several = true;
	for (i = 0; i < text.len && n < BEGINNINGS; i++) {
		if (is_word(text.data[i]))
			continue;
		if (i == 0 || strchr("-_.", text.data[i]) == NULL || text.data[i] == '\0')
			return;
		beginning = (struct str){ text.data, i + 1 };
		at = names_find(&p->beginnings, beginning);
		if (at == NAMES_NONE && p->beginnings.n < LIMIT_TAGS)
			at = names_add(&p->beginnings, beginning, NULL);
		if (at != NAMES_NONE)
			p->begin[at]++;
		n++;
	}
}

static void take_number(struct range *r, const struct value *v)
{
	struct number n;

	if (v->kind != VALUE_NUMBER || (v->flags & VALUE_DEFAULT) != 0)
		return;
	n = value_number(v);
	if (!r->some || number_compare(n, r->least) < 0)
		r->least = n;
	if (!r->some || number_compare(n, r->most) > 0)
		r->most = n;
	r->some = true;
}

void guess_take(struct guess *g, const struct resource *r)
{
	const struct value *window = &r->slots[FIELD_RECONNECT_WINDOW];

	g->resources++;
	take_tags(g, &r->slots[FIELD_TAGS]);
	take_text(g, &g->bucket, &r->slots[FIELD_BUCKET_NAME]);
	take_text(g, &g->name, &r->slots[FIELD_NAME]);
	take_number(&g->interval, &r->slots[FIELD_THUMBNAIL_INTERVAL]);
	/* 0 never merges: it is no window */
	if (window->kind == VALUE_NUMBER &&
	    number_compare(value_number(window), number_of_int(0)) != 0)
		take_number(&g->window, window);
}

/* ---- writing ---------------------------------------------------------------- */

/* The beginning of the most texts, if they are more than half, and of several
 * the longest; or NAMES_NONE. One text alone says nothing past its first
 * separator. */
static size_t common(const struct prefix *p)
{
	size_t i, best = NAMES_NONE;

	for (i = 0; i < p->beginnings.n; i++) {
		if (p->begin[i] * 2 <= p->texts)
			continue;
		if (best == NAMES_NONE || p->begin[i] > p->begin[best] ||
		    (p->several && p->begin[i] == p->begin[best] &&
		     p->beginnings.lens[i] > p->beginnings.lens[best]))
			best = i;
	}
	return best;
}

static void put_pattern(struct buf *out, struct str prefix)
{
	size_t i;

	buf_puts(out, "'^");
	for (i = 0; i < prefix.len; i++) {
		if (prefix.data[i] == '.')
			buf_putc(out, '\\');
		buf_putc(out, prefix.data[i]);
	}
	buf_putc(out, '\'');
}

static void put_prefix(struct buf *out, const struct policy *base, const char *param,
		       const struct prefix *p, const char *what)
{
	size_t best = common(p);

	if (params_find(&base->params, str_of(param)) == NULL)
		return;
	if (best == NAMES_NONE) {
		buf_printf(out, "  # Pattern that the names of %s match:\n", what);
		buf_printf(out, "  # %s: '^acme-'\n", param);
		return;
	}
	buf_printf(out, "  # Guessed: the names of %llu of %llu %s begin so.\n",
		   (unsigned long long)p->begin[best], (unsigned long long)p->texts, what);
	buf_printf(out, "  %s: ", param);
	put_pattern(out, names_str(&p->beginnings, best));
	buf_putc(out, '\n');
}

/* Cuts a range to what the pack allows by itself. */
static bool cut_range(struct range *r, const struct value *allowed)
{
	const struct value *least = value_get(allowed, STR("min"));
	const struct value *most = value_get(allowed, STR("max"));

	if (!r->some)
		return false;
	if (least != NULL && number_compare(r->least, value_number(least)) < 0)
		r->least = value_number(least);
	if (most != NULL && number_compare(r->most, value_number(most)) > 0)
		r->most = value_number(most);
	return number_compare(r->least, r->most) <= 0;
}

static void put_range(struct buf *out, const struct policy *base, const char *param,
		      const struct range *found, const char *what, const char *example)
{
	const struct param *declared = params_find(&base->params, str_of(param));
	struct range r = *found;

	if (declared == NULL || declared->value->kind != VALUE_MAP)
		return;
	buf_printf(out, "  # %s, in seconds", what);
	if (!cut_range(&r, declared->value)) {
		buf_printf(out, ":\n  # %s: %s\n", param, example);
		return;
	}
	buf_printf(
	    out,
	    ". Guessed: the least and the greatest that ivslint:recommended allows.\n  %s: {min: ",
	    param);
	number_put(out, r.least);
	buf_puts(out, ", max: ");
	number_put(out, r.most);
	buf_puts(out, "}\n");
}

/* A key as YAML: plain where it cannot be taken for anything else. */
static void put_key(struct buf *out, struct str key)
{
	size_t i;

	for (i = 0; i < key.len && (is_word(key.data[i]) || (i > 0 && key.data[i] == '-')); i++)
		;
	if (i == key.len && i > 5 && !(key.data[0] >= '0' && key.data[0] <= '9')) {
		buf_put_str(out, key);
		return;
	}
	if (i == key.len && i > 0 && key.data[0] >= 'A' && key.data[0] <= 'Z' &&
	    !str_is(key, "True") && !str_is(key, "TRUE") && !str_is(key, "False") &&
	    !str_is(key, "FALSE") && !str_is(key, "Null") && !str_is(key, "NULL")) {
		buf_put_str(out, key);
		return;
	}
	write_json_escape(out, key);
}

/* The tags that most carry, in the order met. */
static void put_tags(struct buf *out, const struct policy *base, const struct guess *g)
{
	size_t i, n = 0;

	if (params_find(&base->params, STR("required_tags")) == NULL)
		return;
	for (i = 0; i < g->tags.n; i++)
		n += g->carried[i] * 2 > g->resources;
	if (n == 0) {
		buf_puts(out, "  # Tags that every recording configuration carries:\n"
			      "  # required_tags: [Owner, Environment]\n");
		return;
	}
	buf_puts(out,
		 "  # Guessed: more than half carry them. Every recording configuration must.\n"
		 "  required_tags: [");
	for (i = 0, n = 0; i < g->tags.n; i++) {
		if (g->carried[i] * 2 <= g->resources)
			continue;
		buf_puts(out, n++ != 0 ? ", " : "");
		put_key(out, names_str(&g->tags, i));
	}
	buf_puts(out, "]\n");
	for (i = 0; i < g->tags.n; i++) {
		if (g->carried[i] * 2 <= g->resources)
			continue;
		buf_puts(out, "  #   ");
		put_key(out, names_str(&g->tags, i));
		buf_printf(out, ": %llu of %llu\n", (unsigned long long)g->carried[i],
			   (unsigned long long)g->resources);
	}
}

static const char rest[] =
    "\n"
    "# Changes of rules: ivslint rules lists them, ivslint explain RULE says what for.\n"
    "# configure:\n"
    "#   reconnect-window: {severity: low}\n"
    "#   thumbnails-enabled: {enabled: false}\n"
    "\n"
    "# Other values where a condition holds; later ones win.\n"
    "# overrides:\n"
    "#   - when: {tags.Environment: prod}\n"
    "#     params: {required_tags: [Owner, Environment, CostCenter]}\n"
    "\n"
    "# Accepted exceptions: never silent, never without an end.\n"
    "# waivers:\n"
    "#   - rule: bucket-name\n"
    "#     match: {arn: {like: '*:recording-configuration/AbCdEf*'}}\n"
    "#     reason: Legacy bucket, moved by OPS-1234.\n"
    "#     owner: video-platform\n"
    "#     expires: 2027-03-31\n"
    "\n"
    "# The lowest severity that makes the exit status 1.\n"
    "fail_on: low\n"
    "\n"
    "# Rules of your own: ivslint-rules(5) has every operator, ivslint fields every field.\n"
    "# rules:\n"
    "#   - id: prod-keeps-full-hd\n"
    "#     title: Production records full HD\n"
    "#     severity: high\n"
    "#     when: {tags.Environment: prod}\n"
    "#     require:\n"
    "#       any:\n"
    "#         - renditionConfiguration.renditionSelection: ALL\n"
    "#         - renditionConfiguration.renditions: {contains: FULL_HD}\n"
    "#     tests:\n"
    "#       - name: everything\n"
    "#         given: {tags: {Environment: prod}}\n"
    "#         expect: pass\n";

void guess_put(const struct guess *g, const char *extends, const struct policy *base,
	       struct buf *out)
{
	buf_puts(out,
		 "# Policy for Amazon IVS recording configurations; see ivslint-rules(5).\n"
		 "# Editors complete and check it with the schema that ivslint schema policy\n"
		 "# prints: # yaml-language-server: $schema=ivslint-policy.schema.json\n"
		 "version: 1\n\n"
		 "# Rules that ship with ivslint. The version is pinned, so that a new release\n"
		 "# adds no rule by itself.\n");
	buf_printf(out, "extends: [%s]\n\n", extends);
	if (g->resources != 0)
		buf_printf(out,
			   "# Guessed from %llu recording configuration%s: read each, and make it "
			   "what you want.\n",
			   (unsigned long long)g->resources, g->resources != 1 ? "s" : "");
	buf_puts(out, "params:\n");
	put_tags(out, base, g);
	put_prefix(out, base, "bucket_name_pattern", &g->bucket, "recording buckets");
	put_prefix(out, base, "name_pattern", &g->name, "recording configurations");
	put_range(out, base, "thumbnail_interval", &g->interval, "Allowed thumbnail intervals",
		  "{min: 5, max: 60}");
	put_range(out, base, "reconnect_window", &g->window,
		  "Allowed reconnect windows, where there is one", "{min: 30, max: 300}");
	if (params_find(&base->params, STR("keyframe_interval_seconds")) != NULL)
		buf_puts(out, "  # Keyframe interval that the encoders are set to:\n"
			      "  # keyframe_interval_seconds: 2\n");
	buf_puts(out, rest);
}
