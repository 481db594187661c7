/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parameters: declared, set, and which values a rule sees. Types are checked by
 * params.c; what conditions do with values is theirs.
 */
#include "rule/policy_inside.h"

#include "model/yaml.h"

enum { DECLARE_TYPE, DECLARE_DESCRIPTION, DECLARE_DEFAULT, N_DECLARE };

static const struct shape_key declare_keys[N_DECLARE] = {
	[DECLARE_TYPE] = { "type", SHAPE_STRING, true,
			   "Type of its value: string, number, boolean, pattern, range, list<T> or "
			   "map<T>" },
	[DECLARE_DESCRIPTION] = { "description", SHAPE_STRING, false, "What the parameter is for" },
	[DECLARE_DEFAULT] = { "default", SHAPE_SOME, false,
			      "Its value where nothing sets it; without one it must be set" },
};

const struct shape_table shape_param = { declare_keys, N_DECLARE };

static bool letter_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

static bool name_is_good(struct str name)
{
	size_t i;

	if (name.len == 0 || (name.data[0] >= '0' && name.data[0] <= '9'))
		return false;
	for (i = 0; i < name.len && letter_or_digit(name.data[i]); i++)
		;
	return i == name.len;
}

static bool is_declaration(const struct value *v)
{
	return v->kind == VALUE_MAP && value_get(v, STR("type")) != NULL;
}

/* ---- declarations ---------------------------------------------------------- */

static void read_declaration(const struct loading *l, const struct shape *s,
			     const struct value *node, struct param *param,
			     struct declared *declared)
{
	const struct value *found[N_DECLARE];

	bool good = shape_map(s, "a parameter", node, declare_keys, N_DECLARE, found);

	param->description = shape_str(found[DECLARE_DESCRIPTION]);
	declared->fallback = found[DECLARE_DEFAULT];
	if (found[DECLARE_TYPE] == NULL)
		return;
	if (!param_type_parse(value_str(found[DECLARE_TYPE]), &param->type)) {
		shape_mistake(s, found[DECLARE_TYPE], "unknown type %s",
			      shape_quote(s, value_str(found[DECLARE_TYPE])));
		mistakes_hint(l->mistakes,
			      "one of string, number, boolean, pattern, range, list<T>, "
			      "map<T>");
		param->type = (struct type){ TYPE_ANY, TYPE_NONE };
	} else if (declared->fallback != NULL &&
		   param_check(param->type, declared->fallback, s->source, l->mistakes) == -1) {
		declared->fallback = NULL;
		good = false;
	}
	if (!good)
		param->type.base = TYPE_NONE; /* told already: nothing more about it */
}

static void declare(struct loading *l, struct policy_file *f, const struct entry *e)
{
	struct policy_inside *in = l->in;
	struct shape s = loading_shape(l, &f->source);
	struct param *param;
	struct declared *declared;
	bool is_new;
	size_t i;

	if (!name_is_good(e->key)) {
		shape_mistake_key(&s, e, "%s is no name of a parameter", shape_quote(&s, e->key));
		mistakes_hint(l->mistakes, "letters, digits and '_', no digit first");
		return;
	}
	if (in->param_names.n >= LIMIT_PARAMS &&
	    names_find(&in->param_names, e->key) == NAMES_NONE) {
		shape_mistake_key(&s, e, "more than %d parameters in one policy", LIMIT_PARAMS);
		return;
	}
	i = names_add(&in->param_names, e->key, &is_new);
	param = &l->p->params.list[i];
	declared = &in->declared[i];
	if (!is_new) {
		shape_mistake_key(&s, e, "parameter '%s' is declared already, at %s",
				  in->param_names.list[i],
				  policy_place_name(l->arena, param->source, param->place));
		mistakes_hint(l->mistakes, "to set it, write its value alone");
		return;
	}
	l->p->params.n = in->param_names.n;
	param->name = str_of(in->param_names.list[i]);
	param->source = &f->source;
	param->place = e->key_place;
	declared->file = f;
	read_declaration(l, &s, &e->value, param, declared);
	param->value = declared->fallback;
	param->set_by = f->source.name;
	param->set_in = &f->source;
}

static void read_declarations(struct loading *l)
{
	const struct value *params;
	size_t i, n = 0;
	uint32_t k;

	for (i = 0; i < l->in->n_order; i++)
		if ((params = l->in->order[i]->keys[KEY_PARAMS]) != NULL)
			n += params->n;
	if (n > LIMIT_PARAMS)
		n = LIMIT_PARAMS;
	l->p->params.list = ARENA_ARRAY(l->arena, n, struct param);
	l->in->declared = ARENA_ARRAY(l->arena, n, struct declared);
	for (i = 0; i < l->in->n_order; i++) {
		params = l->in->order[i]->keys[KEY_PARAMS];
		for (k = 0; params != NULL && k < params->n; k++)
			if (is_declaration(&params->entries[k].value))
				declare(l, l->in->order[i], &params->entries[k]);
	}
}

/* ---- settings -------------------------------------------------------------- */

static void unknown_param(const struct loading *l, const struct shape *s, const struct entry *e)
{
	/* it costs a comparison with every name */
	bool full = shape_full(s) && !l->p->params.incomplete;
	const char *nearest = full ? NULL : names_nearest(&l->in->param_names, e->key);

	if (l->p->params.incomplete && nearest == NULL)
		return;
	shape_mistake_key(s, e, "no parameter %s is declared", shape_quote(s, e->key));
	if (shape_full(s))
		return;
	if (nearest != NULL)
		shape_hint_nearest(s, nearest);
	else
		mistakes_hint(l->mistakes,
			      "to declare one, write 'NAME: {type: ..., default: ...}'%s",
			      l->in->n_files == 1 && l->in->files[0]->pack == NULL
				  ? "; to set one of a pack, add 'extends: [ivslint:recommended]'"
				  : "");
}

/* Puts a setting at *to; false with a mistake where it cannot be one. */
static bool read_setting(const struct loading *l, struct policy_file *f, struct source *source,
			 const struct entry *e, struct setting *to)
{
	struct shape s = loading_shape(l, source);
	struct type type;
	size_t i = names_find(&l->in->param_names, e->key);

	if (i == NAMES_NONE) {
		unknown_param(l, &s, e);
		return false;
	}
	type = l->p->params.list[i].type;
	if (e->value.kind == VALUE_NULL) {
		shape_mistake(&s, &e->value, "the value of '%s' is empty",
			      l->in->param_names.list[i]);
		return false;
	}
	if (type.base != TYPE_NONE && type.base != TYPE_ANY &&
	    param_check(type, &e->value, source, l->mistakes) == -1)
		return false;
	*to = (struct setting){ i, &e->value, source, f };
	return true;
}

struct settings policy_read_settings(const struct loading *l, struct policy_file *file,
				     const struct value *map)
{
	struct settings settings = { ARENA_ARRAY(l->arena, map->n, struct setting), 0 };
	uint32_t k;

	for (k = 0; k < map->n; k++)
		if (read_setting(l, file, &file->source, &map->entries[k],
				 &settings.list[settings.n]))
			settings.n++;
	return settings;
}

static void read_file_settings(struct loading *l)
{
	struct settings *all = &l->in->settings;
	const struct value *params;
	struct param *param;
	struct setting *to;
	size_t i, n = 0;
	uint32_t k;

	for (i = 0; i < l->in->n_order; i++)
		if ((params = l->in->order[i]->keys[KEY_PARAMS]) != NULL)
			n += params->n;
	all->list = ARENA_ARRAY(l->arena, n, struct setting);
	for (i = 0; i < l->in->n_order; i++) {
		params = l->in->order[i]->keys[KEY_PARAMS];
		for (k = 0; params != NULL && k < params->n; k++) {
			to = &all->list[all->n];
			if (is_declaration(&params->entries[k].value) ||
			    !read_setting(l, l->in->order[i], &l->in->order[i]->source,
					  &params->entries[k], to))
				continue;
			all->n++;
			param = &l->p->params.list[to->param];
			param->value = to->value;
			param->set_by = to->source->name;
			param->set_in = to->source;
		}
	}
}

/* ---- --set ----------------------------------------------------------------- */

/* A source over an argument, for mistakes to point into. */
static struct source *argument_source(struct loading *l, const char *name, struct str text)
{
	struct source *s = &l->in->command[l->in->n_command++];

	source_init(s, name, text);
	return s;
}

static void set_one(struct loading *l, const char *argument)
{
	const char *equals = strchr(argument, '=');
	struct entry *e = ARENA_NEW(l->arena, struct entry);
	struct source *name_source, *source;
	struct setting setting;
	struct shape s;

	name_source = argument_source(l, "--set", arena_str(l->arena, str_of(argument)));
	s = loading_shape(l, name_source);
	e->key_place = (struct place){ 1, 1 };
	if (equals == NULL || equals == argument) {
		mistakes_add(l->mistakes, name_source, e->key_place, strlen(argument),
			     "--set needs PARAM=VALUE");
		return;
	}
	e->key = (struct str){ name_source->bytes.data, (size_t)(equals - argument) };
	if (names_find(&l->in->param_names, e->key) == NAMES_NONE) {
		unknown_param(l, &s, e);
		return;
	}
	/* The value has a source of its own that begins behind the name, so that
	 * places in it are right for the argument as a whole. */
	source = ARENA_NEW(l->arena, struct source);
	source_init(source, "--set",
		    (struct str){ name_source->bytes.data + e->key.len + 1,
				  name_source->bytes.len - e->key.len - 1 });
	if (yaml_read(source, l->arena, &e->value, l->mistakes) == -1)
		return;
	if (!read_setting(l, l->in->files[0], source, e, &setting))
		return;
	l->in->declared[setting.param].command = setting.value;
	l->p->params.list[setting.param].value = setting.value;
	l->p->params.list[setting.param].set_by = "--set";
	l->p->params.list[setting.param].set_in = source;
}

static void check_all_set(struct loading *l)
{
	const struct param *param;
	size_t i;

	for (i = 0; i < l->p->params.n && !l->p->params.incomplete; i++) {
		param = &l->p->params.list[i];
		if (param->value != NULL || param->type.base == TYPE_NONE)
			continue;
		mistakes_add(l->mistakes, param->source, param->place, param->name.len,
			     "parameter '%s' has no default and nothing sets it",
			     l->in->param_names.list[i]);
		mistakes_hint(l->mistakes, "set it under 'params:' in %s, or with --set %s=VALUE",
			      l->p->file, l->in->param_names.list[i]);
	}
}

void policy_read_params(struct loading *l, const struct policy_options *options)
{
	size_t i;

	names_init(&l->in->param_names, l->arena);
	read_declarations(l);
	read_file_settings(l);
	for (i = 0; i < options->n_set; i++)
		set_one(l, options->set[i]);
	check_all_set(l);
}

/* ---- which values a rule sees ---------------------------------------------- */

static void apply(struct params *to, const struct settings *settings)
{
	struct param *param;
	size_t i;

	for (i = 0; i < settings->n; i++) {
		param = &to->list[settings->list[i].param];
		param->value = settings->list[i].value;
		param->set_by = settings->list[i].source->name;
		param->set_in = settings->list[i].source;
	}
}

static struct params copy_params(const struct policy *p, struct arena *arena)
{
	struct params copy = { ARENA_ARRAY(arena, p->params.n, struct param), p->params.n,
			       p->params.incomplete };

	if (p->params.n != 0)
		memcpy(copy.list, p->params.list, p->params.n * sizeof(copy.list[0]));
	return copy;
}

/* What `configure` sets for a rule: of files (-1) or of one override. */
static const struct config *apply_configs(struct params *to, const struct config *c, int override)
{
	for (; c != NULL && c->override == override; c = c->next)
		apply(to, &c->settings);
	return c;
}

static bool sets_params(const struct config *c)
{
	for (; c != NULL; c = c->next)
		if (c->settings.n != 0)
			return true;
	return false;
}

const struct params *policy_rule_params(const struct policy *p, size_t rule, uint32_t mask,
					struct arena *arena)
{
	const struct policy_inside *in = p->inside;
	const struct config *c = in->rules[rule].configs;
	struct params *params;
	size_t i;

	if (mask == 0 && !sets_params(c))
		return &p->params;
	params = ARENA_NEW(arena, struct params);
	*params = copy_params(p, arena);
	c = apply_configs(params, c, -1);
	for (i = 0; i < in->n_overrides; i++) {
		if ((mask >> i & 1) == 0) {
			while (c != NULL && c->override == (int)i)
				c = c->next;
			continue;
		}
		apply(params, &in->overrides[i].settings);
		c = apply_configs(params, c, (int)i);
	}
	for (i = 0; i < params->n; i++)
		if (in->declared[i].command != NULL)
			params->list[i] = p->params.list[i];
	return params;
}

static void mark_reached(struct policy_file *f)
{
	size_t i;

	if (f->reached)
		return;
	f->reached = true;
	for (i = 0; i < f->n_extends; i++)
		mark_reached(f->extends[i]);
}

struct params policy_file_params(const struct policy *p, struct policy_file *file,
				 struct arena *arena)
{
	const struct policy_inside *in = p->inside;
	struct params params = copy_params(p, arena);
	const struct setting *s;
	size_t i;

	for (i = 0; i < in->n_files; i++)
		in->files[i]->reached = false;
	mark_reached(file);
	for (i = 0; i < params.n; i++)
		params.list[i].value = in->declared[i].fallback;
	for (i = 0; i < in->settings.n; i++) {
		s = &in->settings.list[i];
		if (s->file->reached)
			params.list[s->param].value = s->value;
	}
	return params;
}

void params_apply(const struct policy_inside *in, struct params *params, const struct value *map)
{
	uint32_t k;
	size_t i;

	for (k = 0; k < map->n; k++) {
		i = names_find(&in->param_names, map->entries[k].key);
		if (i != NAMES_NONE)
			params->list[i].value = &map->entries[k].value;
	}
}

/* ---- which parameters a text mentions -------------------------------------- */

static void mention(const struct loading *l, struct rule_more *rule, struct str name)
{
	size_t param = names_find(&l->in->param_names, name), i;

	if (param == NAMES_NONE)
		return;
	for (i = 0; i < rule->n_params && rule->params[i] != param; i++)
		;
	if (i < rule->n_params)
		return;
	if ((rule->n_params & (rule->n_params - 1)) == 0) { /* full: 0, 1, 2, 4 ... */
		uint32_t *grown =
		    ARENA_ARRAY(l->arena, rule->n_params != 0 ? rule->n_params * 2 : 1, uint32_t);

		if (rule->n_params != 0)
			memcpy(grown, rule->params, rule->n_params * sizeof(*grown));
		rule->params = grown;
	}
	rule->params[rule->n_params++] = (uint32_t)param;
}

/* Any $name will do: one too many costs a compilation, one too few would be wrong. */
static void mentions_in(const struct loading *l, struct rule_more *rule, struct str text)
{
	const char *at = text.data, *end = text.data + text.len, *from;

	while ((at = memchr(at, '$', (size_t)(end - at))) != NULL) {
		from = ++at;
		while (at < end && letter_or_digit(*at))
			at++;
		if (at > from)
			mention(l, rule, (struct str){ from, (size_t)(at - from) });
	}
}

void policy_rule_mentions(const struct loading *l, struct rule_more *rule, const struct value *tree)
{
	uint32_t i;

	if (tree == NULL || l->p->params.n == 0)
		return;
	switch (tree->kind) {
	case VALUE_STRING:
		mentions_in(l, rule, value_str(tree));
		break;
	case VALUE_LIST:
		for (i = 0; i < tree->n; i++)
			policy_rule_mentions(l, rule, &tree->items[i]);
		break;
	case VALUE_MAP:
		for (i = 0; i < tree->n; i++) {
			mentions_in(l, rule, tree->entries[i].key);
			policy_rule_mentions(l, rule, &tree->entries[i].value);
		}
		break;
	default:
		break;
	}
}
