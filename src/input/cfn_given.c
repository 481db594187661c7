/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parameters of stacks, in the forms that the AWS CLI takes from files:
 * [{ParameterKey, ParameterValue}], ["Key=Value"], {Key: Value}, and the
 * {Parameters: {Key: Value}} of CodePipeline. JSON and YAML.
 */
#include "input/cfn_given.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "input/cfn.h"
#include "model/json.h"

struct given_parameter {
	struct str name;
	struct value value;
	const char *origin;
	atomic_bool used;
};

struct cfn_given {
	struct arena arena;
	struct str region, account, stack_name;
	struct given_parameter *list;
	size_t n, cap;
	struct source *source; /* of the file that is being read, or NULL: options */
	struct entry *tags;
	size_t n_tags, cap_tags;
};

/* Where the value stands that is being read. */
static const char *origin(struct cfn_given *g, struct place place)
{
	if (g->source == NULL)
		return "--set-parameter";
	place = source_place(g->source, place);
	return arena_printf(&g->arena, "%s:%u:%u", g->source->name, (unsigned)place.line,
			    (unsigned)place.column);
}

static void add(struct cfn_given *g, struct str name, struct value value, struct place place)
{
	struct given_parameter *grown;
	size_t i;

	for (i = 0; i < g->n; i++)
		if (str_equal(g->list[i].name, name)) {
			g->list[i].value = value;
			g->list[i].origin = origin(g, place);
			return;
		}
	if (g->n == g->cap) {
		g->cap = g->cap != 0 ? g->cap * 2 : 32;
		grown = ARENA_ARRAY(&g->arena, g->cap, struct given_parameter);
		for (i = 0; i < g->n; i++) {
			grown[i].name = g->list[i].name;
			grown[i].value = g->list[i].value;
			grown[i].origin = g->list[i].origin;
		}
		g->list = grown;
	}
	g->list[g->n].name = name;
	g->list[g->n].origin = origin(g, place);
	g->list[g->n++].value = value;
}

static int add_tag(struct cfn_given *g, struct str key, const struct value *v, struct err *err)
{
	struct entry *grown;
	struct str text;
	size_t i;

	if (key.len == 0 || key.len > 128 || str_starts(key, STR("aws:")))
		return err_set(err, ERR_USAGE, "'%.*s' is no key that a stack can be tagged with",
			       (int)(key.len < 60 ? key.len : 60), key.data);
	if (!cfn_text(&g->arena, v, &text) || text.len > 256)
		return err_set(err, ERR_USAGE, "the tag '%.*s' is no text of at most 256 bytes",
			       (int)key.len, key.data);
	for (i = 0; i < g->n_tags && !str_equal(g->tags[i].key, key); i++)
		;
	if (i == g->cap_tags) {
		g->cap_tags = g->cap_tags != 0 ? g->cap_tags * 2 : 16;
		grown = ARENA_ARRAY(&g->arena, g->cap_tags, struct entry);
		if (g->n_tags > 0)
			memcpy(grown, g->tags, g->n_tags * sizeof(*grown));
		g->tags = grown;
	}
	g->tags[i] = (struct entry){ .key = key, .value = value_of_str(text) };
	g->n_tags += i == g->n_tags;
	return 0;
}

/* "Key=Value" */
static int add_text(struct cfn_given *g, struct str s, struct place place, struct err *err)
{
	const char *equals = memchr(s.data, '=', s.len);

	if (equals == NULL || equals == s.data)
		return err_set(err, ERR_USAGE, "'%.*s' is not NAME=VALUE",
			       (int)(s.len < 60 ? s.len : 60), s.data);
	add(g, (struct str){ s.data, (size_t)(equals - s.data) },
	    value_of_str((struct str){ equals + 1, (size_t)(s.data + s.len - equals - 1) }), place);
	return 0;
}

static int add_tag_text(struct cfn_given *g, const char *s, struct err *err)
{
	const char *equals = strchr(s, '=');
	struct value v;

	if (equals == NULL)
		return err_set(err, ERR_USAGE, "'%.60s' is not KEY=VALUE", s);
	v = value_of_str(str_of(equals + 1));
	return add_tag(g, (struct str){ s, (size_t)(equals - s) }, &v, err);
}

/* ---- files ------------------------------------------------------------------- */

static int add_member(struct cfn_given *g, const struct value *v, struct err *err)
{
	const struct value *key = value_get(v, STR("ParameterKey")),
			   *value = value_get(v, STR("ParameterValue"));
	struct str text;

	if (v->kind == VALUE_STRING)
		return add_text(g, value_str(v), v->place, err);
	if (key == NULL || key->kind != VALUE_STRING)
		return err_set(err, ERR_USAGE,
			       "a member of the list is neither {ParameterKey, ParameterValue} nor "
			       "'Key=Value'");
	if (value == NULL)
		add(g, value_str(key), value_unknown("the stack keeps the value that it has"),
		    v->place);
	else if (cfn_text(&g->arena, value, &text))
		add(g, value_str(key), value_of_str(text), value->place);
	else
		return err_set(err, ERR_USAGE, "the value of '%.*s' is no text",
			       (int)(key->n < 60 ? key->n : 60), key->text);
	return 0;
}

/* A list is a parameter's value as "a,b". */
static int add_entry(struct cfn_given *g, const struct entry *e, struct err *err)
{
	struct buf b = BUF_INIT(LIMIT_STRING_SIZE);
	const struct value *v = &e->value;
	struct str text;
	uint32_t i;

	if (cfn_text(&g->arena, v, &text)) {
		add(g, e->key, value_of_str(text), v->place);
		return 0;
	}
	for (i = 0; v->kind == VALUE_LIST && i < v->n; i++) {
		if (!cfn_text(&g->arena, &v->items[i], &text))
			break;
		buf_puts(&b, i > 0 ? "," : "");
		buf_put_str(&b, text);
	}
	if (v->kind != VALUE_LIST || i < v->n || b.failed) {
		buf_release(&b);
		return err_set(err, ERR_USAGE, "the value of '%.*s' is no text",
			       (int)(e->key.len < 60 ? e->key.len : 60), e->key.data);
	}
	add(g, e->key, value_of_str(arena_buf(&g->arena, &b)), v->place);
	buf_release(&b);
	return 0;
}

static int add_tree(struct cfn_given *g, const struct value *root, struct err *err)
{
	const struct value *inner = value_get(root, STR("Parameters")),
			   *tags = value_get(root, STR("Tags"));
	uint32_t i;

	/* CodePipeline's form: each of its parts may be left out */
	if (tags != NULL && tags->kind == VALUE_MAP) {
		for (i = 0; i < tags->n; i++)
			if (add_tag(g, tags->entries[i].key, &tags->entries[i].value, err) == -1)
				return -1;
		if (inner == NULL)
			return 0;
	}
	if (inner != NULL && inner->kind == VALUE_MAP)
		root = inner;
	if (root->kind != VALUE_LIST && root->kind != VALUE_MAP)
		return err_set(err, ERR_USAGE, "neither a list of parameters nor a map of them");
	for (i = 0; i < root->n; i++)
		if ((root->kind == VALUE_LIST ? add_member(g, &root->items[i], err)
					      : add_entry(g, &root->entries[i], err)) == -1)
			return -1;
	return 0;
}

static int add_file(struct cfn_given *g, const char *path, struct err *err)
{
	struct buf b = BUF_INIT(LIMIT_POLICY_SIZE);
	struct source source;
	struct value root;
	struct place place;
	const char *text;
	char *bytes;
	size_t len;

	if (file_read(&b, path, err) == -1) {
		buf_release(&b);
		err->kind = ERR_USAGE;
		return -1;
	}
	len = b.len;
	bytes = arena_alloc(&g->arena, len + JSON_PADDING);
	if (len > 0)
		memcpy(bytes, b.data, len);
	buf_release(&b);
	source_init(&source, path, (struct str){ bytes, len });
	if (cfn_read_tree(&source, &g->arena, &root, &place, &text) == -1) {
		place = source_place(&source, place);
		return err_set(err, ERR_USAGE, "%s:%u:%u: %s", path, (unsigned)place.line,
			       (unsigned)place.column, text);
	}
	g->source = &source;
	if (add_tree(g, &root, err) == -1)
		return err_wrap(err, "parameters of '%s'", path);
	g->source = NULL;
	return 0;
}

/* ---- what stacks are of --------------------------------------------------------- */

static bool is_region(struct str s)
{
	size_t i, hyphens = 0;

	for (i = 0; i < s.len; i++) {
		hyphens += s.data[i] == '-';
		if (!(s.data[i] == '-' || (s.data[i] >= 'a' && s.data[i] <= 'z') ||
		      (s.data[i] >= '0' && s.data[i] <= '9')))
			return false;
	}
	return s.len <= 32 && hyphens >= 2 && s.data[s.len - 1] >= '0' && s.data[s.len - 1] <= '9';
}

static bool is_account(struct str s)
{
	size_t i;

	for (i = 0; i < s.len && s.data[i] >= '0' && s.data[i] <= '9'; i++)
		;
	return s.len == 12 && i == 12;
}

static int take_stack(struct cfn_given *g, const struct cfn_given_options *o, struct err *err)
{
	if (o->region != NULL)
		g->region = str_of(o->region);
	if (o->account != NULL)
		g->account = str_of(o->account);
	if (o->stack_name != NULL)
		g->stack_name = str_of(o->stack_name);
	if (o->region != NULL && !is_region(g->region))
		return err_set(err, ERR_USAGE, "--region: '%s' is no region such as us-west-2",
			       o->region);
	if (o->account != NULL && !is_account(g->account))
		return err_set(err, ERR_USAGE, "--account: '%s' is no account id of twelve digits",
			       o->account);
	if (o->stack_name != NULL && (g->stack_name.len == 0 || g->stack_name.len > 128))
		return err_set(err, ERR_USAGE, "--stack-name: '%s' is no name of a stack",
			       o->stack_name);
	return 0;
}

struct cfn_given *cfn_given_new(const struct cfn_given_options *o, struct err *err)
{
	struct cfn_given *g = mem_alloc(sizeof(*g));
	size_t i;

	*g = (struct cfn_given){ .region = STR(""), .account = STR(""), .stack_name = STR("") };
	if (take_stack(g, o, err) == -1)
		goto fail;
	for (i = 0; i < o->n_files; i++)
		if (add_file(g, o->files[i], err) == -1)
			goto fail;
	for (i = 0; i < o->n_set; i++)
		if (add_text(g, str_of(o->set[i]), (struct place){ 0 }, err) == -1) {
			err_wrap(err, "--set-parameter");
			goto fail;
		}
	for (i = 0; i < o->n_tags; i++)
		if (add_tag_text(g, o->tags[i], err) == -1) {
			err_wrap(err, "--stack-tag");
			goto fail;
		}
	return g;
fail:
	cfn_given_free(g);
	return NULL;
}

void cfn_given_free(struct cfn_given *given)
{
	if (given == NULL)
		return;
	arena_release(&given->arena);
	free(given);
}

struct str cfn_given_region(const struct cfn_given *given)
{
	return given != NULL ? given->region : STR("");
}

struct str cfn_given_account(const struct cfn_given *given)
{
	return given != NULL ? given->account : STR("");
}

struct str cfn_given_stack_name(const struct cfn_given *given)
{
	return given != NULL ? given->stack_name : STR("");
}

struct value cfn_given_tags(const struct cfn_given *given)
{
	if (given == NULL || given->n_tags == 0)
		return (struct value){ 0 };
	return (struct value){ .kind = VALUE_MAP,
			       .n = (uint32_t)given->n_tags,
			       .entries = given->tags };
}

const struct value *cfn_given_parameter(const struct cfn_given *given, struct str name)
{
	size_t i;

	for (i = 0; given != NULL && i < given->n; i++)
		if (str_equal(given->list[i].name, name)) {
			given->list[i].used = true;
			return &given->list[i].value;
		}
	return NULL;
}

const char *cfn_given_origin(const struct cfn_given *given, struct str name)
{
	size_t i;

	for (i = 0; given != NULL && i < given->n; i++)
		if (str_equal(given->list[i].name, name))
			return given->list[i].origin;
	return "";
}

const char *cfn_given_unused(const struct cfn_given *given, size_t *at)
{
	for (; given != NULL && *at < given->n; (*at)++)
		if (!given->list[*at].used) {
			struct arena *a = &((struct cfn_given *)(uintptr_t)given)->arena;

			return arena_str(a, given->list[(*at)++].name).data;
		}
	return NULL;
}
