/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Field paths. Knows the grammar of paths and the table of fields; does not
 * know what is done with the values.
 */
#include "rule/path.h"

#include "base/limit.h"
#include "base/text.h"
#include "model/partial.h"
#include "rule/params.h"

const struct value value_none = { .kind = VALUE_ABSENT, .place = { 0, UINT32_MAX } };

enum segment_form { SEGMENT_NAME, SEGMENT_KEY, SEGMENT_STAR };

struct segment {
	enum segment_form form;
	struct str text; /* of a key without its quotes */
	size_t end;      /* offset in the path behind it */
};

/* A path that is being compiled. */
struct parse {
	const struct compile *c;
	struct str text;
	struct place place;
	struct segment segments[LIMIT_PATH_SEGMENTS];
	size_t n;
	struct path *path;
};

/* ---- mistakes ------------------------------------------------------------ */

#define MISTAKE(p, ...)                                                                            \
	mistakes_add((p)->c->scope->mistakes, (p)->c->scope->source, (p)->place,                   \
		     text_length((p)->text), __VA_ARGS__)
#define HINT(p, ...) mistakes_hint((p)->c->scope->mistakes, __VA_ARGS__)

/* Of those that a path may be of, the first. */
static const struct kind_row *kind_of_scope(const struct parse *p)
{
	int k = 0;

	while (k < N_KINDS - 1 && (p->c->scope->kinds & KIND_BIT(k)) == 0)
		k++;
	return &kind_table[k];
}

/* Whether a field may be named here. */
static bool is_asked_of(const struct parse *p, int field)
{
	return (field_table[field].kinds & p->c->scope->kinds) != 0;
}

/* A list of names for text_nearest, no name twice in a row. */
struct names {
	const char *list[2 * N_FIELDS + 64];
	size_t n;
};

static void names_add(struct names *names, const char *name)
{
	if (names->n < sizeof(names->list) / sizeof(*names->list))
		names->list[names->n++] = name;
}

/* The first dotted part of `rest`, copied. */
static const char *first_part(struct arena *a, const char *rest)
{
	return arena_str(a, (struct str){ rest, strcspn(rest, ".") }).data;
}

static const char *last_part(const char *path)
{
	const char *dot = strrchr(path, '.');

	return dot != NULL ? dot + 1 : path;
}

/* Paths whose last part is `wrong`, or near to it: bucketName alone. */
static bool hint_last_part(const struct parse *p, struct str wrong)
{
	int i;

	for (i = 0; i < N_FIELDS; i++) {
		if (is_asked_of(p, i) &&
		    text_equal_nocase_ascii(str_of(last_part(field_table[i].path)), wrong)) {
			HINT(p, "did you mean '%s'?", field_table[i].path);
			return true;
		}
	}
	return false;
}

/* The sibling nearest to the part that is wrong, below the part that is right. */
static bool hint_sibling(const struct parse *p)
{
	struct arena scratch = ARENA_INIT;
	struct names names = { .n = 0 };
	struct str prefix = { p->text.data, 0 }, wrong = p->text, all;
	const char *near;
	size_t i, k;
	int f;

	for (k = 0; k < p->n && p->segments[k].form == SEGMENT_NAME; k++) {
		all = (struct str){ p->text.data, p->segments[k].end };
		names.n = 0;
		for (f = 0; f < N_FIELDS; f++) {
			if (is_asked_of(p, f) && str_starts(str_of(field_table[f].path), all) &&
			    field_table[f].path[all.len] == '.')
				names_add(&names,
					  first_part(&scratch, field_table[f].path + all.len + 1));
		}
		if (names.n == 0)
			break;
		prefix = all;
	}
	if (k == p->n) { /* a group of fields, no field itself */
		HINT(p, "it has members: '%.*s.%s'", STR_ARG(prefix), names.list[0]);
		arena_release(&scratch);
		return true;
	}
	wrong = p->segments[k].text;
	names.n = 0;
	for (f = 0; f < N_FIELDS; f++) {
		if (!is_asked_of(p, f))
			continue;
		if (prefix.len == 0)
			names_add(&names, first_part(&scratch, field_table[f].path));
		else if (str_starts(str_of(field_table[f].path), prefix) &&
			 field_table[f].path[prefix.len] == '.')
			names_add(&names,
				  first_part(&scratch, field_table[f].path + prefix.len + 1));
	}
	near = text_nearest(wrong, names.list, names.n);
	if (near != NULL) {
		i = p->segments[k].end;
		HINT(p, "did you mean '%.*s%s%s%.*s'?", STR_ARG(prefix), prefix.len != 0 ? "." : "",
		     near, (int)(p->text.len - i), p->text.data + i);
	}
	arena_release(&scratch);
	return near != NULL;
}

static void hint_field(const struct parse *p)
{
	struct names names = { .n = 0 };
	const char *near;
	size_t i;

	for (i = 0; i < N_FIELDS; i++)
		if (is_asked_of(p, (int)i))
			names_add(&names, field_table[i].path);
	for (i = 0; i < field_n_members; i++)
		if ((field_list_of(&field_members[i])->kinds & p->c->scope->kinds) != 0)
			names_add(&names, field_members[i].path);
	near = text_nearest(p->text, names.list, names.n);
	if (near != NULL)
		HINT(p, "did you mean '%s'?", near);
	else if (!hint_last_part(p, p->segments[p->n - 1].text) && !hint_sibling(p))
		HINT(p, "'ivslint fields' lists the fields");
}

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

static int parse_bracket(struct parse *p, size_t *at, struct segment *s)
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

static int parse_segments(struct parse *p)
{
	struct segment *s;
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

/* Takes the segments from k on as keys below a map; of a map of strings one. */
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
	}
	if (p->n - k > 1 && member.type.base != TYPE_ANY) {
		MISTAKE(p, "'%.*s' is deeper than a map of %ss is", STR_ARG(p->text),
			type_name(member.type));
		HINT(p, "a key with dots stands in brackets: %.*s['%.*s']",
		     (int)(k != 0 ? p->segments[k - 1].end : 0), p->text.data,
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

static void hint_member(const struct parse *p, struct str below, struct str wrong)
{
	struct names names = { .n = 0 };
	const char *near;
	size_t i;

	for (i = 0; i < field_n_members; i++) {
		if (str_starts(str_of(field_members[i].path), below))
			names_add(&names, field_members[i].path + below.len + 1);
	}
	near = text_nearest(wrong, names.list, names.n);
	if (near != NULL)
		HINT(p, "did you mean '%s'?", near);
	else if (p->c->member != NULL && field_find(p->text) >= 0)
		HINT(p,
		     "paths are the member's here; {field: %.*s} is the resource's, as an "
		     "operand",
		     STR_ARG(p->text));
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
		hint_member(p, below, wrong);
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

/* What a path would be for another kind of resource, or another path for this one. */
static void hint_kind(const struct parse *p, const struct field *f)
{
	static const char of[] = "channels[*].";
	struct buf b = BUF_INIT(LIMIT_MESSAGE_SIZE);
	struct str rest = p->text;
	int k = 0, other;

	while ((f->kinds & KIND_BIT(k)) == 0)
		k++;
	rest.data += str_starts(rest, str_of(of)) ? sizeof(of) - 1 : 0;
	rest.len -= (size_t)(rest.data - p->text.data);
	other = rest.len != p->text.len ? field_find(rest) : -1;
	buf_puts(&b, of);
	buf_put_str(&b, p->text);
	if (other >= 0 && is_asked_of(p, other))
		HINT(p, "did you mean '%s'?", field_table[other].path);
	else if (field_find_member(buf_str(&b)) != NULL)
		HINT(p,
		     "'kind: %s' makes it a rule that judges %s; '%s' are those of the channels "
		     "that use a configuration",
		     kind_table[k].name, kind_table[k].many, b.data);
	else
		HINT(p, "rules of 'kind: %s' judge %s, which have it", kind_table[k].name,
		     kind_table[k].many);
	buf_release(&b);
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
		hint_field(p);
		return -1;
	}
	k++;
	f = &field_table[path->slot];
	if ((f->kinds & p->c->scope->kinds) == 0) {
		MISTAKE(p, "'%s' is no field of a %s", f->path, kind_of_scope(p)->one);
		hint_kind(p, f);
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
		hint_field(p);
	else
		HINT(p, "'%s' is a %s: it has nothing below", f->path, type_name(f->type));
	return -1;
}

/* ---- parameters ---------------------------------------------------------- */

static void hint_param(const struct parse *p, const struct params *params, struct str name)
{
	struct arena scratch = ARENA_INIT;
	const char **names;
	const char *near;
	size_t i;

	if (params == NULL || params->n == 0) {
		HINT(p, "no parameter is declared; a text that begins with a dollar is written "
			"'$$...'");
		return;
	}
	names = ARENA_ARRAY(&scratch, params->n, const char *);
	for (i = 0; i < params->n; i++)
		names[i] = arena_str(&scratch, params->list[i].name).data;
	near = text_nearest(name, names, params->n);
	if (near != NULL)
		HINT(p, "did you mean '$%s'?", near);
	else
		HINT(p, "parameters are declared under 'params'; a text that begins with a dollar "
			"is written '$$...'");
	arena_release(&scratch);
}

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
		MISTAKE(p, "unknown parameter '%.*s'", STR_ARG(name));
		hint_param(p, c->scope->params, name);
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

/* ---- reading ------------------------------------------------------------- */

static const struct value more_unknown = { .kind = VALUE_UNKNOWN,
					   .why = "there may be more members than are known",
					   .place = { 0, UINT32_MAX } };

static const struct value *walk(const struct value *v, const struct str *steps, size_t n,
				struct arena *a);

/* What is below one of a few, or below what is not known at all. */
static const struct value *walk_unknown(const struct value *v, const struct str *steps, size_t n,
					struct arena *a)
{
	const struct partial *p = value_partial(v);
	struct value *below, *to;
	uint32_t i;

	if (p == NULL || a == NULL)
		return v; /* without memory for what is only shown */
	to = ARENA_NEW(a, struct value);
	*to = value_unknown(v->why);
	if (p->form == PARTIAL_ONE_OF) {
		below = ARENA_ARRAY(a, p->n, struct value);
		for (i = 0; i < p->n; i++)
			below[i] = *walk(&p->items[i], steps, n, a);
		*to = value_one_of(a, v->why, below, p->n);
	}
	to->place = v->place;
	return to;
}

static const struct value *walk(const struct value *v, const struct str *steps, size_t n,
				struct arena *a)
{
	const struct value *found;
	struct str key;
	size_t i;
	uint32_t k;

	for (i = 0; i < n; i++) {
		if (v->kind == VALUE_UNKNOWN)
			return walk_unknown(v, steps + i, n - i, a);
		if (v->kind != VALUE_MAP)
			return &value_none;
		key = steps[i];
		found = (v->flags & VALUE_OPEN) != 0 ? &more_unknown : &value_none;
		for (k = 0; k < v->n; k++) {
			if (v->entries[k].key.len == key.len &&
			    str_same(v->entries[k].key.data, key.data, key.len)) {
				found = &v->entries[k].value;
				break;
			}
		}
		v = found;
	}
	return v;
}

static const struct value *project(const struct path *p, const struct value *list, struct arena *a)
{
	const struct partial *partial = value_partial(list);
	struct value *all = ARENA_NEW(a, struct value), *items;
	uint32_t i;

	if (partial != NULL && partial->form == PARTIAL_ONE_OF) {
		items = ARENA_ARRAY(a, partial->n, struct value);
		for (i = 0; i < partial->n; i++)
			items[i] = *project(p, &partial->items[i], a);
		*all = value_one_of(a, list->why, items, partial->n);
		all->place = list->place;
		return all;
	}
	if (list->kind != VALUE_LIST)
		return list->kind == VALUE_UNKNOWN ? list : &value_none;
	items = ARENA_ARRAY(a, list->n, struct value);
	for (i = 0; i < list->n; i++) {
		items[i] = *walk(&list->items[i], p->steps, p->n_steps, a);
		if (!value_is_there(&items[i]))
			items[i].place = list->items[i].place;
	}
	*all = *list;
	all->items = items;
	return all;
}

const struct value *path_value(const struct path *p, const struct eval *e)
{
	const struct value *v;

	switch (p->root) {
	case PATH_SLOT:
		v = &e->r->slots[p->slot];
		break;
	case PATH_MEMBER:
		v = e->member->value;
		break;
	case PATH_MEMBER_KEY:
		return &e->member->key;
	default:
		v = p->constant;
		break;
	}
	if (p->projected)
		return project(p, v, e->j->arena);
	if (p->n_steps == 0)
		return v;
	return walk(v, p->steps, p->n_steps, e->j != NULL ? e->j->arena : NULL);
}

static bool has_place(const struct value *v)
{
	return (value_is_there(v) || (v->flags & VALUE_WRITTEN) != 0) &&
	       (v->flags & VALUE_DEFAULT) == 0 && !(v->place.line == 0 && v->place.column == UINT32_MAX);
}

/* The nearest object above a slot that is written. */
static struct place parent_place(int slot, const struct resource *r)
{
	struct str path = str_of(field_table[slot].path);
	int parent;

	while (path.len > 0) {
		if (path.data[--path.len] != '.')
			continue;
		parent = field_find(path);
		if (parent >= 0 && has_place(&r->slots[parent]))
			return r->slots[parent].place;
	}
	return r->place;
}

struct place path_place(const struct path *p, const struct eval *e, const struct value *v)
{
	const struct value *above;

	if (p->root == PATH_CONSTANT) /* it is written in a policy, not in the resource's file */
		return e->r->place;
	if (has_place(v))
		return v->place;
	if (p->root == PATH_SLOT) {
		above = &e->r->slots[p->slot];
		return has_place(above) ? above->place : parent_place(p->slot, e->r);
	}
	return has_place(e->member->value) ? e->member->value->place : e->r->place;
}

static bool is_plain_key(struct str key)
{
	size_t i;

	for (i = 0; i < key.len; i++) {
		if (key.data[i] == '.' || key.data[i] == '[' || key.data[i] == ']' ||
		    key.data[i] == '\'')
			return false;
	}
	return key.len != 0;
}

void path_put_key(struct buf *b, struct str path, struct str key)
{
	size_t i;

	buf_put_str(b, path);
	if (is_plain_key(key)) {
		buf_putc(b, '.');
		buf_put_str(b, key);
		return;
	}
	buf_puts(b, "['");
	for (i = 0; i < key.len; i++) {
		if (key.data[i] == '\'')
			buf_putc(b, '\'');
		buf_putc(b, key.data[i]);
	}
	buf_puts(b, "']");
}
