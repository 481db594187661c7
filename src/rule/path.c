/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Field paths, compiled. Knows the grammar of paths and the table of fields; what was
 * meant by a wrong one is path_hint.c's, what a path finds path_value.c's.
 */
#include "rule/path.h"

#include "rule/path_inside.h"

/* ---- grammar ------------------------------------------------------------- */

/* ['key'] or ["key"], the quote doubled within; at points behind the bracket. */
static int bracket_key(struct parse *p, size_t *at, struct str *key)
{
	struct buf b = BUF_INIT(0);
	char quote = p->text.data[*at];
	size_t i;
	int rc = -1;

	for (i = *at + 1; i < p->text.len; i++) {
		if (p->text.data[i] != quote) {
			buf_putc(&b, p->text.data[i]);
		} else if (i + 1 < p->text.len && p->text.data[i + 1] == quote) {
			buf_putc(&b, quote);
			i++;
		} else {
			break;
		}
	}
	if (i + 1 < p->text.len && p->text.data[i + 1] == ']') {
		*key = arena_buf(p->c->scope->arena, &b);
		*at = i + 2;
		rc = 0;
	}
	buf_release(&b);
	return rc;
}

static int parse_bracket(struct parse *p, size_t *at, struct path_segment *s)
{
	struct str rest = { p->text.data + *at, p->text.len - *at };

	if (str_starts(rest, STR("[*]"))) {
		s->form = SEGMENT_STAR;
		s->text = STR("*");
		*at += 3;
		return 0;
	}
	*at += 1;
	if (rest.len > 2 && (rest.data[1] == '\'' || rest.data[1] == '"')) {
		s->form = SEGMENT_KEY;
		if (bracket_key(p, at, &s->text) == 0)
			return 0;
	}
	MISTAKE(p, "malformed path '%.*s'", STR_ARG(p->text));
	if (rest.len > 1 && rest.data[1] >= '0' && rest.data[1] <= '9')
		HINT(p, "members have no numbers: [*] stands for all of them");
	else
		HINT(p, "a bracket holds * or a key in quotes: tags['a.b']");
	return -1;
}

/* A tag of such a name cannot be: taken for one, the rule would ask for what is nowhere. */
static int dollar_name(struct parse *p, struct str name)
{
	MISTAKE(p, "'%.*s' in a path: a parameter names no field or key", STR_ARG(name));
	HINT(p,
	     "keys that parameters list: {tags: {has_keys: $names}}; a key that begins with a "
	     "dollar stands in brackets: ['%.*s']",
	     STR_ARG(name));
	return -1;
}

static int parse_segments(struct parse *p)
{
	struct path_segment *s;
	size_t at = 0, start;

	while (at < p->text.len || p->n == 0) {
		if (p->n == LIMIT_PATH_SEGMENTS) {
			MISTAKE(p, "a path has at most %d parts", LIMIT_PATH_SEGMENTS);
			return -1;
		}
		s = &p->segments[p->n];
		start = at;
		if (p->n != 0 && p->text.data[at] == '[') {
			if (parse_bracket(p, &at, s) == -1)
				return -1;
		} else {
			if (p->n != 0)
				start = ++at; /* behind the dot */
			while (at < p->text.len && p->text.data[at] != '.' &&
			       p->text.data[at] != '[')
				at++;
			s->form = SEGMENT_NAME;
			s->text = (struct str){ p->text.data + start, at - start };
			if (s->text.len != 0 && s->text.data[0] == '$')
				return dollar_name(p, s->text);
			if (s->text.len == 0) {
				MISTAKE(p, "malformed path '%.*s': a name is missing",
					STR_ARG(p->text));
				return -1;
			}
		}
		s->end = at;
		p->n++;
		if (at < p->text.len && p->text.data[at] != '.' && p->text.data[at] != '[') {
			MISTAKE(p, "malformed path '%.*s'", STR_ARG(p->text));
			HINT(p, "a dot is missing behind ']'");
			return -1;
		}
	}
	return 0;
}

/* ---- natures ------------------------------------------------------------- */

struct nature nature_of_type(struct type type)
{
	struct nature n = { .type = type, .below = STR("") };

	n.member = (struct type){ type.element, TYPE_NONE };
	if (type.base == TYPE_PATTERN)
		n.type.base = TYPE_STRING;
	if (n.member.base == TYPE_PATTERN)
		n.member.base = TYPE_STRING;
	if (n.member.base == TYPE_LIST)
		n.member.element = TYPE_STRING;
	if (type.base == TYPE_ANY)
		n.member.base = TYPE_ANY;
	return n;
}

struct nature nature_of_member(const struct nature *n)
{
	struct nature m = nature_of_type(n->member);

	m.values = n->values;
	m.below = n->below;
	return m;
}

/* ---- binding ------------------------------------------------------------- */

/* Takes the segments from k on, which is not the first, as keys below a map; of a map of
 * strings one. */
static int bind_keys(struct parse *p, size_t k)
{
	struct path *path = p->path;
	struct nature member = nature_of_member(&path->nature);
	struct str *steps;
	size_t i;

	if (k == p->n)
		return 0;
	for (i = k; i < p->n; i++) {
		if (p->segments[i].form == SEGMENT_STAR) {
			MISTAKE(p, "'[*]' is for lists of objects, '%.*s' has none there",
				STR_ARG(p->text));
			HINT(p, "operators 'keys', 'values', 'each' and 'some' look at the members "
				"of a map");
			return -1;
		}
		/* as a key it would be of nothing, and what denies would always hold */
		if (p->segments[i].form == SEGMENT_NAME &&
		    memchr(p->segments[i].text.data, '*', p->segments[i].text.len) != NULL) {
			MISTAKE(p, "'*' stands for no keys: '%.*s' would be the key of that name",
				STR_ARG(p->text));
			HINT(p, "operators 'keys', 'values', 'each' and 'some' look at the members "
				"of a map; a key with a '*' in it stands in brackets and quotes");
			return -1;
		}
	}
	if (p->n - k > 1 && member.type.base != TYPE_ANY) {
		MISTAKE(p, "'%.*s' is deeper than a map of %ss is", STR_ARG(p->text),
			type_name(member.type));
		HINT(p, "a key with dots stands in brackets: %.*s['%.*s']",
		     (int)p->segments[k - 1].end, p->text.data,
		     (int)(p->text.len - p->segments[k - 1].end - 1),
		     p->text.data + p->segments[k - 1].end + 1);
		return -1;
	}
	steps = ARENA_ARRAY(p->c->scope->arena, p->n - k, struct str);
	for (i = k; i < p->n; i++)
		steps[i - k] = p->segments[i].text;
	path->steps = steps;
	path->n_steps = p->n - k;
	path->nature = member;
	return 0;
}

/* The longest prefix of the path that names a member of `below`, objects in a
 * list; k is where the path below them begins. */
static const struct field_member *find_member(struct parse *p, struct str below, size_t k,
					      size_t *used)
{
	const struct field_member *m = NULL;
	struct buf b = BUF_INIT(0);
	size_t n, start;

	start = k != 0 ? p->segments[k - 1].end + 1 : 0;
	for (n = p->n; n > k && m == NULL; n--) {
		if (p->segments[n - 1].form != SEGMENT_NAME)
			continue;
		buf_clear(&b);
		buf_put_str(&b, below);
		buf_putc(&b, '.');
		buf_put(&b, p->text.data + start, p->segments[n - 1].end - start);
		m = field_find_member(buf_str(&b));
		*used = n;
	}
	buf_release(&b);
	return m;
}

/* The segments from k on are a path below a member that is an object. */
static int bind_member(struct parse *p, struct str below, size_t k)
{
	struct path *path = p->path;
	const struct field_member *m;
	struct str *steps, wrong;
	const char *rest, *dot;
	size_t used = 0, n = 0;
	const struct str *keys;
	size_t n_keys;

	m = find_member(p, below, k, &used);
	if (m == NULL) {
		wrong.data = p->text.data + (k != 0 ? p->segments[k - 1].end + 1 : 0);
		wrong.len = p->text.len - (size_t)(wrong.data - p->text.data);
		MISTAKE(p, "members of '%.*s' have no '%.*s'",
			(int)(below.len >= 3 ? below.len - 3 : 0), below.data, STR_ARG(wrong));
		path_hint_member(p, below, wrong);
		return -1;
	}
	path->nature = nature_of_type(m->type);
	path->nature.values = m->values;
	if (used < p->n && m->type.base != TYPE_MAP) {
		MISTAKE(p, "'%s' is a %s: it has nothing below", m->path, type_name(m->type));
		return -1;
	}
	if (bind_keys(p, used) == -1)
		return -1;
	keys = path->steps;
	n_keys = path->n_steps;
	/* Members of objects are nested maps in the value. */
	rest = m->path + below.len + 1;
	for (dot = rest; dot != NULL; dot = strchr(dot + 1, '.'))
		n++;
	steps = ARENA_ARRAY(p->c->scope->arena, n + n_keys, struct str);
	for (n = 0; rest != NULL; n++) {
		dot = strchr(rest, '.');
		steps[n] = (struct str){ rest, dot != NULL ? (size_t)(dot - rest) : strlen(rest) };
		rest = dot != NULL ? dot + 1 : NULL;
	}
	if (n_keys != 0)
		memcpy(steps + n, keys, n_keys * sizeof(*steps));
	path->steps = steps;
	path->n_steps = n + n_keys;
	return 0;
}

/* A path of members that are no objects: `key` and `value`. */
static int bind_plain_member(struct parse *p)
{
	struct path *path = p->path;

	if (p->segments[0].form == SEGMENT_NAME && str_is(p->segments[0].text, "value")) {
		path->root = PATH_MEMBER;
		path->nature = *p->c->member;
		if (p->n > 1 && path->nature.type.base != TYPE_MAP &&
		    path->nature.type.base != TYPE_ANY) {
			MISTAKE(p, "the members are %ss: they have nothing below",
				type_name(path->nature.type));
			return -1;
		}
		return bind_keys(p, 1);
	}
	if (p->c->member_keyed && p->n == 1 && str_is(p->text, "key")) {
		path->root = PATH_MEMBER_KEY;
		path->nature = nature_of_type((struct type){ TYPE_STRING, TYPE_NONE });
		return 0;
	}
	MISTAKE(p, "the members here have no '%.*s'", STR_ARG(p->text));
	HINT(p, "%s; {field: PATH} is the resource's, as an operand",
	     p->c->member_keyed ? "a map's members have 'key' and 'value'"
				: "the member itself is 'value'");
	return -1;
}

static int bind_list(struct parse *p, const struct field *f, size_t k)
{
	if (f->type.element != TYPE_OBJECT) {
		MISTAKE(p, "'%s' is a list without members that have fields", f->path);
		HINT(p, "operators 'contains', 'each' and 'some' look at its members");
		return -1;
	}
	if (p->segments[k].form != SEGMENT_STAR) {
		MISTAKE(p, "'%s' is a list of objects", f->path);
		HINT(p, "'%s[*]%.*s' is the list of its members' values", f->path,
		     (int)(p->text.len - p->segments[k - 1].end),
		     p->text.data + p->segments[k - 1].end);
		return -1;
	}
	if (k + 1 == p->n) {
		MISTAKE(p, "'%.*s' names no field of the members", STR_ARG(p->text));
		HINT(p, "'%s' is the list itself", f->path);
		return -1;
	}
	if (p->segments[k + 1].form != SEGMENT_NAME) {
		MISTAKE(p, "malformed path '%.*s'", STR_ARG(p->text));
		return -1;
	}
	p->path->projected = true;
	p->c->got->builds = true;
	if (bind_member(p, (struct str){ p->text.data, p->segments[k].end }, k + 1) == -1)
		return -1;
	p->path->nature.member = p->path->nature.type;
	p->path->nature.type = (struct type){ TYPE_LIST, p->path->nature.member.base };
	return 0;
}

static int bind_slot(struct parse *p)
{
	struct path *path = p->path;
	const struct field *f;
	size_t k;

	path->root = PATH_SLOT;
	path->slot = -1;
	for (k = p->n; k > 0 && path->slot < 0; k--) {
		if (p->segments[k - 1].form == SEGMENT_NAME)
			path->slot =
			    field_find((struct str){ p->text.data, p->segments[k - 1].end });
	}
	if (path->slot < 0) {
		MISTAKE(p, "unknown field '%.*s'", STR_ARG(p->text));
		path_hint_field(p);
		return -1;
	}
	k++;
	f = &field_table[path->slot];
	if ((f->kinds & p->c->scope->kinds) == 0) {
		MISTAKE(p, "'%s' is no field of a %s", f->path, path_kind_of_scope(p)->one);
		path_hint_kind(p, f);
		return -1;
	}
	p->c->got->needs |= FIELD_BIT(path->slot);
	path->nature = nature_of_type(f->type);
	path->nature.values = f->values;
	if (f->type.base == TYPE_LIST && f->type.element == TYPE_OBJECT) {
		path->nature.below = arena_str(
		    p->c->scope->arena, str_of(arena_printf(p->c->scope->arena, "%s[*]", f->path)));
	}
	if (k == p->n)
		return 0;
	if (f->type.base == TYPE_MAP)
		return bind_keys(p, k);
	if (f->type.base == TYPE_LIST)
		return bind_list(p, f, k);
	MISTAKE(p, "unknown field '%.*s'", STR_ARG(p->text));
	if (f->type.base == TYPE_OBJECT)
		path_hint_field(p);
	else
		HINT(p, "'%s' is a %s: it has nothing below", f->path, type_name(f->type));
	return -1;
}

/* ---- parameters ---------------------------------------------------------- */

static int param_member(const struct parse *p, const struct param *param, struct str member,
			const struct value **value, struct nature *nature)
{
	if (param->type.base == TYPE_RANGE) {
		if (!str_is(member, "min") && !str_is(member, "max")) {
			MISTAKE(p, "a range has 'min' and 'max', not '%.*s'", STR_ARG(member));
			return -1;
		}
		*value = value_get(param->value, member);
		*nature = nature_of_type((struct type){ TYPE_NUMBER, TYPE_NONE });
		return 0;
	}
	if (param->type.base != TYPE_MAP) {
		MISTAKE(p, "parameter '%.*s' is a %s: it has no members", STR_ARG(param->name),
			type_name(param->type));
		return -1;
	}
	*value = value_get(param->value, member);
	if (*value == NULL) {
		MISTAKE(p, "parameter '%.*s' has no member '%.*s'", STR_ARG(param->name),
			STR_ARG(member));
		return -1;
	}
	*nature = nature_of_type(param->type);
	*nature = nature_of_member(nature);
	return 0;
}

int path_param(const struct compile *c, struct str name, struct place place,
	       const struct value **value, struct nature *nature)
{
	struct parse parse = { .c = c, .place = place }, *p = &parse;
	const struct param *param;
	struct str member = STR("");
	const char *dot = memchr(name.data, '.', name.len);

	p->text = (struct str){ name.data - 1, name.len + 1 }; /* with the dollar */
	if (dot != NULL) {
		member = (struct str){ dot + 1, name.len - (size_t)(dot + 1 - name.data) };
		name.len = (size_t)(dot - name.data);
	}
	param = params_find(c->scope->params, name);
	if (param == NULL) {
		path_unknown_param(p, c->scope->params, name);
		return -1;
	}
	if (param->value == NULL) {
		MISTAKE(p, "parameter '%.*s' has no value", STR_ARG(name));
		return -1;
	}
	if (dot != NULL)
		return param_member(p, param, member, value, nature);
	*value = param->value;
	*nature = nature_of_type(param->type);
	if (param->type.base == TYPE_RANGE) {
		MISTAKE(p, "parameter '%.*s' is a range", STR_ARG(name));
		HINT(p, "its bounds are '$%.*s.min' and '$%.*s.max'", STR_ARG(name), STR_ARG(name));
		return -1;
	}
	return 0;
}

/* ---- compiling ----------------------------------------------------------- */

static int compile_param(struct parse *p)
{
	struct path *path = p->path;

	path->root = PATH_CONSTANT;
	if (path_param(p->c, (struct str){ p->text.data + 1, p->text.len - 1 }, p->place,
		       &path->constant, &path->nature) == -1)
		return -1;
	if (path->constant == NULL) /* a bound that the range does not have is absent */
		path->constant = &value_none;
	return 0;
}

static int compile_slot(struct parse *p)
{
	struct path *path = p->path;

	if (bind_slot(p) == -1)
		return -1;
	path->one_key = path->n_steps == 1 && !path->projected;
	if (path->one_key)
		path->key = key_of(path->steps[0]);
	return 0;
}

int path_compile(const struct compile *c, struct str text, struct place place, bool of_resource,
		 struct path *path)
{
	struct parse p = { .c = c, .text = text, .place = place, .path = path };

	*path = (struct path){ .text = text, .slot = -1, .nature = { .below = STR("") } };
	if (text.len != 0 && text.data[0] == '$')
		return compile_param(&p);
	if (parse_segments(&p) == -1)
		return -1;
	if (c->member == NULL || of_resource)
		return compile_slot(&p);
	if (c->member->type.base != TYPE_OBJECT)
		return bind_plain_member(&p);
	path->root = PATH_MEMBER;
	return bind_member(&p, c->member->below, 0);
}
