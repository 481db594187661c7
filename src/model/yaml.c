/* SPDX-License-Identifier: Apache-2.0 */
/*
 * YAML to values over libyaml's events: anchors, tags, and bounds that
 * hold before anything is built. What stands where, and what libyaml refuses, knows
 * yaml_event.c, what a scalar is yaml_scalar.c, how members become a list or a map
 * yaml_gather.c.
 * What a document means is not known here.
 */
#include "model/yaml.h"

#include <string.h>

#include "base/limit.h"
#include "base/text.h"
#include "model/yaml_encoding.h"
#include "model/yaml_inside.h"
#include "model/yaml_scalar.h"

#define MARK "\xEF\xBB\xBF"

/* A value and what it weighs with aliases expanded. */
struct node {
	struct value value;
	uint32_t nodes;
	uint32_t height; /* collections inside one another; 0 for a scalar */
};

struct anchor {
	struct str name;
	struct node node;
	bool open; /* its node is still being read */
};

/* ---- bounds ----------------------------------------------------------------- */

static int count_nodes(struct yaml_reader *r, struct place place, uint32_t nodes)
{
	r->nodes += nodes; /* each at most the limit: no overflow */
	if (r->nodes <= LIMIT_YAML_NODES)
		return 0;
	mistakes_add(r->mistakes, r->source, place, 1,
		     "the document has more than %d nodes, counting what aliases stand for",
		     LIMIT_YAML_NODES);
	return -1;
}

static int check_depth(struct yaml_reader *r, struct place place, uint32_t depth)
{
	if (depth <= LIMIT_YAML_DEPTH)
		return 0;
	mistakes_add(r->mistakes, r->source, place, 1, "nested deeper than %d levels",
		     LIMIT_YAML_DEPTH);
	return -1;
}

/* ---- scalars ---------------------------------------------------------------- */

static void resolve_plain(struct yaml_reader *r, struct value *v, struct str s, size_t length)
{
	if (r->dialect != NULL) {
		if (yaml_is_null(s))
			v->kind = VALUE_NULL;
		else
			yaml_become(v, value_of_str(s));
	} else if (!yaml_resolve_core(v, s)) {
		yaml_become(v, value_of_str(s));
		if (!number_looks_odd(s))
			return;
		mistakes_add(r->mistakes, r->source, v->place, length,
			     "a number that cannot be taken");
		mistakes_hint(r->mistakes, "%s", yaml_odd_number_hint(s));
	}
}

static void refuse_tag(struct yaml_reader *r, struct place place, const char *tag)
{
	const char *core = yaml_core_tag(tag);

	if (core != NULL) {
		mistakes_add(r->mistakes, r->source, place, 1, "this is no !!%s", core);
		return;
	}
	mistakes_add(r->mistakes, r->source, place, 1, "the tag '%.60s' is not known", tag);
	mistakes_hint(r->mistakes,
		      "only !!str, !!int, !!float, !!bool, !!null, !!map and !!seq are");
}

/* A tag that the dialect has: read_node puts the node into its long form. */
static bool is_own_tag(const struct yaml_reader *r, const char *tag)
{
	return r->dialect != NULL && tag[0] == '!' && tag[1] != '\0';
}

/* libyaml takes a lone `!` off; it would say "a string, whatever it looks like". */
static bool has_lone_tag(const struct yaml_reader *r, const yaml_event_t *e)
{
	return e->data.scalar.tag == NULL && yaml_length_of(e) > 0 && yaml_byte_here(r) == '!';
}

static void read_scalar(struct yaml_reader *r, const yaml_event_t *e, struct value *v)
{
	bool plain = e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	const char *tag = (const char *)e->data.scalar.tag;
	struct str s = { (const char *)e->data.scalar.value, e->data.scalar.length };

	s = arena_str(r->arena, s);
	v->flags = plain ? VALUE_PLAIN : 0;
	if (r->dialect != NULL && (has_lone_tag(r, e) || (tag != NULL && strcmp(tag, "!") == 0))) {
		v->flags = 0;
		yaml_become(v, value_of_str(s));
	} else if (has_lone_tag(r, e)) {
		refuse_tag(r, v->place, "!");
		yaml_become(v, value_of_str(s));
	} else if (tag != NULL && !is_own_tag(r, tag)) {
		if (!yaml_resolve_tagged(v, tag, s))
			refuse_tag(r, v->place, tag);
	} else if (plain) {
		resolve_plain(r, v, s, yaml_length_of(e));
	} else {
		yaml_become(v, value_of_str(s));
	}
}

/* ---- anchors ---------------------------------------------------------------- */

static struct anchor *find_anchor(struct yaml_reader *r, struct str name)
{
	size_t i;

	/* The last of a name is in force. */
	for (i = r->n_anchors; i > 0; i--)
		if (str_equal(r->anchors[i - 1].name, name))
			return &r->anchors[i - 1];
	return NULL;
}

/* Opens an anchor; *index is where it is, or SIZE_MAX when there is none. */
static int open_anchor(struct yaml_reader *r, const yaml_char_t *name, struct place place,
		       size_t *index)
{
	*index = SIZE_MAX;
	if (name == NULL)
		return 0;
	if (r->n_anchors == LIMIT_YAML_ANCHORS) {
		mistakes_add(r->mistakes, r->source, place, 1,
			     "the document has more than %d anchors", LIMIT_YAML_ANCHORS);
		return -1;
	}
	if (r->anchors == NULL)
		r->anchors = ARENA_ARRAY(r->arena, LIMIT_YAML_ANCHORS, struct anchor);
	*index = r->n_anchors++;
	r->anchors[*index].name = arena_str(r->arena, str_of((const char *)name));
	r->anchors[*index].open = true;
	return 0;
}

static int read_alias(struct yaml_reader *r, const yaml_event_t *e, struct node *out)
{
	struct str name = str_of((const char *)e->data.alias.anchor);
	struct anchor *anchor = find_anchor(r, name);
	struct place place = out->value.place;

	if (anchor != NULL && !anchor->open) {
		*out = anchor->node;
		if (check_depth(r, place, r->depth + out->height) == -1)
			return -1;
		return count_nodes(r, place, out->nodes);
	}
	out->value.kind = VALUE_NULL;
	out->nodes = 1;
	if (anchor != NULL) {
		mistakes_add(r->mistakes, r->source, place, name.len + 1,
			     "the alias '*%.60s' stands inside what it stands for", name.data);
		return 0;
	}
	mistakes_add(r->mistakes, r->source, place, name.len + 1,
		     "no anchor '&%.60s' stands before this alias", name.data);
	return 0;
}

/* ---- collections ------------------------------------------------------------ */

static int read_node(struct yaml_reader *r, const yaml_event_t *e, struct node *out);

/* Adds a member's weight to its collection's. */
static void weigh(struct node *whole, const struct node *part)
{
	whole->nodes += part->nodes;
	if (whole->height < part->height + 1)
		whole->height = part->height + 1;
}

static int read_list(struct yaml_reader *r, struct node *out)
{
	size_t base = r->gather.n_items;
	struct node item;
	yaml_event_t e;
	int rc;

	for (;;) {
		if (yaml_next_event(r, &e) == -1)
			return -1;
		if (e.type == YAML_SEQUENCE_END_EVENT)
			break;
		rc = read_node(r, &e, &item);
		yaml_event_delete(&e);
		if (rc == -1)
			return -1;
		weigh(out, &item);
		yaml_gather_item(&r->gather, item.value);
	}
	yaml_event_delete(&e);
	yaml_gather_list(&r->gather, base, &out->value);
	return 0;
}

static bool is_merge_key(const yaml_event_t *e)
{
	return e->type == YAML_SCALAR_EVENT && e->data.scalar.tag == NULL &&
	       e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && e->data.scalar.length == 2 &&
	       memcmp(e->data.scalar.value, "<<", 2) == 0;
}

static void refuse_key(struct yaml_reader *r, const yaml_event_t *e, const struct value *key)
{
	mistakes_add(r->mistakes, r->source, key->place,
		     e->type == YAML_SCALAR_EVENT ? yaml_length_of(e) : 1,
		     "a key has to be a string, and this is %s", value_kind_name(key->kind));
	if (e->type == YAML_SCALAR_EVENT && e->data.scalar.length > 0)
		mistakes_hint(r->mistakes, "quote it: '%.60s'", (const char *)e->data.scalar.value);
}

/* A key and its value, in key, value; whether it is a merge key, in *merges. */
static int read_pair(struct yaml_reader *r, const yaml_event_t *e, struct node *key,
		     struct node *value, bool *merges)
{
	yaml_event_t next;
	int rc;

	*merges = is_merge_key(e);
	if (read_node(r, e, key) == -1)
		return -1;
	if (key->value.kind != VALUE_STRING)
		refuse_key(r, e, &key->value);
	if (yaml_next_event(r, &next) == -1)
		return -1;
	rc = read_node(r, &next, value);
	yaml_event_delete(&next);
	return rc;
}

static int read_map(struct yaml_reader *r, struct node *out)
{
	size_t base = r->gather.n_entries, n_own;
	struct value merged = { 0 };
	struct node key, value;
	struct place place;
	yaml_event_t e;
	bool merges;
	int rc;

	for (;;) {
		if (yaml_next_event(r, &e) == -1)
			return -1;
		if (e.type == YAML_MAPPING_END_EVENT)
			break;
		place = yaml_place_of(r, e.start_mark); /* an alias as a key has another */
		rc = read_pair(r, &e, &key, &value, &merges);
		yaml_event_delete(&e);
		if (rc == -1)
			return -1;
		weigh(out, &key);
		weigh(out, &value);
		if (merges && merged.kind == VALUE_ABSENT) {
			merged = value.value;
		} else if (merges) {
			mistakes_add(r->mistakes, r->source, place, 2, "duplicate merge key (<<)");
			mistakes_hint(r->mistakes, "one takes a list: <<: [*a, *b]");
		} else if (key.value.kind == VALUE_STRING) {
			yaml_gather_entry(&r->gather, (struct entry){ value_str(&key.value), place,
								      value.value });
		}
	}
	yaml_event_delete(&e);
	n_own = r->gather.n_entries - base;
	if (merged.kind != VALUE_ABSENT)
		yaml_gather_merged(&r->gather, &merged);
	yaml_gather_map(&r->gather, base, n_own, &out->value);
	return 0;
}

static int read_collection(struct yaml_reader *r, const yaml_event_t *e, struct node *out)
{
	bool list = e->type == YAML_SEQUENCE_START_EVENT;
	const char *tag =
	    (const char *)(list ? e->data.sequence_start.tag : e->data.mapping_start.tag);
	int rc;

	if (tag != NULL && !is_own_tag(r, tag) && (r->dialect == NULL || strcmp(tag, "!") != 0) &&
	    strcmp(tag, list ? YAML_CORE_TAG "seq" : YAML_CORE_TAG "map") != 0)
		refuse_tag(r, out->value.place, tag);
	if (check_depth(r, out->value.place, ++r->depth) == -1)
		return -1;
	out->height = 1;
	rc = list ? read_list(r, out) : read_map(r, out);
	r->depth--;
	return rc;
}

static const yaml_char_t *anchor_name(const yaml_event_t *e)
{
	switch (e->type) {
	case YAML_SCALAR_EVENT:
		return e->data.scalar.anchor;
	case YAML_SEQUENCE_START_EVENT:
		return e->data.sequence_start.anchor;
	case YAML_MAPPING_START_EVENT:
		return e->data.mapping_start.anchor;
	default:
		return NULL;
	}
}

static const char *tag_of(const yaml_event_t *e)
{
	switch (e->type) {
	case YAML_SCALAR_EVENT:
		return (const char *)e->data.scalar.tag;
	case YAML_SEQUENCE_START_EVENT:
		return (const char *)e->data.sequence_start.tag;
	case YAML_MAPPING_START_EVENT:
		return (const char *)e->data.mapping_start.tag;
	default:
		return NULL;
	}
}

/* A node with a tag of the dialect becomes a map of one key. */
static int put_long_form(struct yaml_reader *r, const char *tag, struct node *out)
{
	const char *key = r->dialect->long_form(r->arena, tag);
	struct place place = out->value.place;
	struct entry *entry;

	if (key == NULL) {
		mistakes_add(r->mistakes, r->source, place, 1, "the tag '%.60s' is not known", tag);
		return 0;
	}
	entry = ARENA_NEW(r->arena, struct entry);
	*entry = (struct entry){ str_of(key), place, out->value };
	out->value = (struct value){ .kind = VALUE_MAP, .n = 1, .place = place, .entries = entry };
	out->nodes++;
	out->height++;
	if (check_depth(r, place, r->depth + out->height) == -1)
		return -1;
	return count_nodes(r, place, 1);
}

static int read_node(struct yaml_reader *r, const yaml_event_t *e, struct node *out)
{
	const char *tag;
	size_t anchor;

	*out = (struct node){ .nodes = 1 };
	out->value.place = yaml_place_of(r, e->start_mark);
	if (e->type == YAML_ALIAS_EVENT)
		return read_alias(r, e, out);
	if (count_nodes(r, out->value.place, 1) == -1 ||
	    open_anchor(r, anchor_name(e), out->value.place, &anchor) == -1)
		return -1;
	if (e->type == YAML_SCALAR_EVENT)
		read_scalar(r, e, &out->value);
	else if (read_collection(r, e, out) == -1)
		return -1;
	tag = tag_of(e);
	if (tag != NULL && is_own_tag(r, tag) && put_long_form(r, tag, out) == -1)
		return -1;
	if (anchor != SIZE_MAX) {
		r->anchors[anchor].node = *out;
		r->anchors[anchor].open = false;
	}
	return 0;
}

/* ---- documents -------------------------------------------------------------- */

/* Up to the first event inside a document; 0 in *e means that there is none. */
static int begin(struct yaml_reader *r, yaml_event_t *e)
{
	if (yaml_next_event(r, e) == -1)
		return -1;
	yaml_event_delete(e); /* stream start */
	if (yaml_next_event(r, e) == -1)
		return -1;
	if (e->type == YAML_STREAM_END_EVENT) {
		yaml_event_delete(e);
		return 0;
	}
	if (e->data.document_start.tag_directives.start !=
	    e->data.document_start.tag_directives.end)
		mistakes_add(r->mistakes, r->source, yaml_place_of(r, e->start_mark), 1,
			     "the directive %%TAG is not taken");
	yaml_event_delete(e);
	return yaml_next_event(r, e);
}

/* After the root: the document's end and nothing else. */
static int finish(struct yaml_reader *r)
{
	yaml_event_t e;

	if (yaml_next_event(r, &e) == -1)
		return -1;
	yaml_event_delete(&e); /* document end */
	if (yaml_next_event(r, &e) == -1)
		return -1;
	if (e.type != YAML_STREAM_END_EVENT) {
		mistakes_add(r->mistakes, r->source, yaml_place_of(r, e.start_mark), 3,
			     "a second document begins here");
		mistakes_hint(r->mistakes, "a file holds one document");
	}
	yaml_event_delete(&e);
	return 0;
}

static int read_document(struct yaml_reader *r, struct value *root)
{
	struct node node;
	yaml_event_t e;
	int rc;

	if (begin(r, &e) == -1)
		return -1;
	if (e.type == YAML_NO_EVENT)
		return 0;
	rc = read_node(r, &e, &node);
	yaml_event_delete(&e);
	if (rc == -1)
		return -1;
	*root = node.value;
	return finish(r);
}

int yaml_read(struct source *source, struct arena *arena, struct value *root,
	      struct mistakes *mistakes)
{
	return yaml_read_dialect(source, arena, NULL, root, mistakes);
}

int yaml_read_dialect(struct source *source, struct arena *arena,
		      const struct yaml_dialect *dialect, struct value *root,
		      struct mistakes *mistakes)
{
	size_t before = mistakes->n + mistakes->dropped, added;
	struct yaml_reader r = {
		.source = source,
		.arena = arena,
		.mistakes = mistakes,
		.dialect = dialect,
		.gather = { .source = source, .arena = arena, .mistakes = mistakes },
	};

	*root = (struct value){ .kind = VALUE_NULL, .place = { 1, 1 } };
	if (yaml_check_encoding(source, dialect == NULL, mistakes) == -1)
		return -1;
	r.text = source->bytes;
	if (str_starts(r.text, STR(MARK))) {
		r.text.data += sizeof(MARK) - 1;
		r.text.len -= sizeof(MARK) - 1;
	}
	r.cursor.place = (struct place){ 1, 1 };
	if (!yaml_parser_initialize(&r.parser)) {
		mistakes_add(mistakes, source, (struct place){ 1, 1 }, 1, "out of memory");
		return -1;
	}
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r.parser, (const unsigned char *)r.text.data, r.text.len);
	read_document(&r, root);
	yaml_parser_delete(&r.parser);
	yaml_gather_release(&r.gather);
	added = mistakes->n + mistakes->dropped - before;
	if (added > r.gather.duplicates)
		*root = (struct value){ .kind = VALUE_NULL, .place = { 1, 1 } };
	return added != 0 ? -1 : 0;
}
