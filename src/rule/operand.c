/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Operands: their forms, and whether one can be what an operator asks for.
 * What the operator does with it is the operator's.
 */
#include "rule/operand.h"

#include "base/limit.h"
#include "base/text.h"
#include "rule/format.h"
#include "rule/place.h"
#include "rule/shape.h"

#define MISTAKE(c, value, ...)                                                                     \
	mistakes_add((c)->scope->mistakes, (c)->scope->source, (value)->place, place_span(value),  \
		     __VA_ARGS__)
#define HINT(c, ...) mistakes_hint((c)->scope->mistakes, __VA_ARGS__)

/* ---- reading ------------------------------------------------------------- */

static bool begins_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_dollar(const struct value *v)
{
	return v->kind == VALUE_STRING && v->n != 0 && v->text[0] == '$';
}

static int compile_dollar(const struct compile *c, const struct value *node,
			  const struct value **value, struct nature *nature)
{
	struct str text = value_str(node);
	struct value *cut;

	if (text.len > 1 && text.data[1] == '$') {
		cut = ARENA_NEW(c->scope->arena, struct value);
		*cut = *node;
		cut->text++;
		cut->n--;
		*value = cut;
		return 0;
	}
	if (text.len == 1 || !begins_name(text.data[1])) {
		MISTAKE(c, node, "'$' names a parameter, and no name follows");
		HINT(c, "a text that begins with a dollar is written '$$...'");
		return -1;
	}
	return path_param(c, (struct str){ text.data + 1, text.len - 1 },
			  place_inside(c->scope->source, node, 0), value, nature);
}

static bool holds_dollar(const struct value *v)
{
	uint32_t i;

	if (is_dollar(v))
		return true;
	if (v->kind != VALUE_LIST && v->kind != VALUE_MAP)
		return false;
	for (i = 0; i < v->n; i++) {
		if (holds_dollar(v->kind == VALUE_LIST ? &v->items[i] : &v->entries[i].value))
			return true;
	}
	return false;
}

static int resolve(const struct compile *c, const struct value *node, struct value *to);

static int resolve_members(const struct compile *c, const struct value *node, struct value *to)
{
	struct value *items = NULL, *member;
	struct entry *entries = NULL;
	int rc = 0;
	uint32_t i;

	if (node->kind == VALUE_LIST)
		to->items = items = ARENA_ARRAY(c->scope->arena, node->n, struct value);
	else
		to->entries = entries = ARENA_ARRAY(c->scope->arena, node->n, struct entry);
	for (i = 0; i < node->n; i++) {
		if (entries != NULL)
			entries[i] = node->entries[i];
		member = items != NULL ? &items[i] : &entries[i].value;
		if (resolve(c, node->kind == VALUE_LIST ? &node->items[i] : &node->entries[i].value,
			    member) == -1)
			rc = -1;
	}
	return rc;
}

/* A literal with the parameters in it put in, each at the place of its name:
 * the value's own place may be in another file. */
static int resolve(const struct compile *c, const struct value *node, struct value *to)
{
	struct nature nature;
	const struct value *value = NULL;

	*to = *node;
	if (is_dollar(node)) {
		if (compile_dollar(c, node, &value, &nature) == -1)
			return -1;
		if (value == NULL) {
			MISTAKE(c, node, "the range has no such bound");
			return -1;
		}
		*to = *value;
		to->place = node->place;
		return 0;
	}
	if (node->kind == VALUE_LIST || node->kind == VALUE_MAP)
		return resolve_members(c, node, to);
	return 0;
}

/* The word of a computed operand, {field: PATH}; NULL for a literal map. */
static const struct entry *computed_word(const struct value *node)
{
	static const char *const words[] = { "field", "member", "format" };
	const struct entry *e;
	size_t i;

	if (node->kind != VALUE_MAP)
		return NULL;
	for (i = 0; i < sizeof(words) / sizeof(*words); i++) {
		e = value_entry(node, str_of(words[i]));
		if (e != NULL && e->value.kind == VALUE_STRING)
			return e;
	}
	return NULL;
}

static int compile_else(const struct compile *c, const struct value *node, const struct entry *word,
			struct operand *o)
{
	const struct entry *other;
	struct operand *otherwise;
	uint32_t i;

	for (i = 0; i < node->n; i++) {
		other = &node->entries[i];
		if (other == word)
			continue;
		if (!str_is(other->key, "else") || o->form != OPERAND_PATH) {
			mistakes_add(c->scope->mistakes, c->scope->source, other->key_place,
				     text_length(other->key), "'%.*s' does not go with '%.*s'",
				     STR_ARG(other->key), STR_ARG(word->key));
			HINT(c, "an operand is a literal, $name, {field: PATH}, "
				"{field: PATH, else: OPERAND} or {format: TEXT}");
			return -1;
		}
		otherwise = ARENA_NEW(c->scope->arena, struct operand);
		if (operand_compile(c, &other->value, otherwise) == -1)
			return -1;
		if (otherwise->form == OPERAND_UNBOUNDED) {
			MISTAKE(c, &other->value, "the range has no such bound");
			return -1;
		}
		o->otherwise = otherwise;
	}
	return 0;
}

static int compile_computed(const struct compile *c, const struct value *node,
			    const struct entry *word, struct operand *o)
{
	bool of_resource = str_is(word->key, "field");

	if (str_is(word->key, "format")) {
		c->got->builds = true;
		o->form = OPERAND_FORMAT;
		o->nature = nature_of_type((struct type){ TYPE_STRING, TYPE_NONE });
		o->format = format_build(c, &word->value, false);
		return o->format == NULL ? -1 : compile_else(c, node, word, o);
	}
	o->form = OPERAND_PATH;
	if (!of_resource && c->member == NULL) {
		mistakes_add(c->scope->mistakes, c->scope->source, word->key_place, 6,
			     "'member' is for conditions within each, some, no and where");
		HINT(c, "{field: PATH} is another field of the resource");
		return -1;
	}
	if (path_compile(c, value_str(&word->value),
			 place_inside(c->scope->source, &word->value, 0), of_resource,
			 &o->path) == -1)
		return -1;
	o->nature = o->path.nature;
	if (o->nature.type.base == TYPE_OBJECT) {
		MISTAKE(c, &word->value, "'%.*s' is an object: its members are fields of their own",
			STR_ARG(o->path.text));
		return -1;
	}
	return compile_else(c, node, word, o);
}

int operand_compile(const struct compile *c, const struct value *node, struct operand *o)
{
	const struct entry *word = computed_word(node);
	struct value *resolved;

	*o = (struct operand){ .form = OPERAND_LITERAL, .value = node, .node = node };
	if (word != NULL)
		return compile_computed(c, node, word, o);
	if (is_dollar(node)) {
		o->from_param = node->n > 1 && node->text[1] != '$';
		if (compile_dollar(c, node, &o->value, &o->nature) == -1)
			return -1;
		if (o->value == NULL)
			o->form = OPERAND_UNBOUNDED;
		return 0;
	}
	if (!holds_dollar(node))
		return 0;
	resolved = ARENA_NEW(c->scope->arena, struct value);
	o->value = resolved;
	return resolve(c, node, resolved);
}

/* ---- checking ------------------------------------------------------------ */

static const char *type_phrase(struct type t)
{
	switch (t.base) {
	case TYPE_STRING:
		return "a string";
	case TYPE_NUMBER:
		return "a number";
	case TYPE_BOOLEAN:
		return "true or false";
	case TYPE_LIST:
		return t.element == TYPE_STRING ? "a list of strings" : "a list";
	case TYPE_MAP:
		return "a map";
	default:
		return "another value";
	}
}

/* What a check is about; place stands for parts of a parameter. */
struct check {
	const struct compile *c;
	const char *op;
	struct str field;
	const struct value *node; /* where mistakes are shown, or NULL: at the value */
	bool from_param;
};

static const struct value *shown_at(const struct check *k, const struct value *v)
{
	return k->from_param ? k->node : v;
}

static int refuse(const struct check *k, const struct value *v, struct type wanted)
{
	struct buf shown = BUF_INIT(0);

	value_show(&shown, v, LIMIT_SHOWN_VALUE);
	MISTAKE(k->c, shown_at(k, v), "'%s' on '%.*s' takes %s, not %s", k->op, STR_ARG(k->field),
		type_phrase(wanted), value_kind_name(v->kind));
	if (v->kind == VALUE_NULL)
		HINT(k->c, "whether there is a value: {exists: true} or {exists: false}");
	else if (wanted.base == TYPE_STRING &&
		 (v->kind == VALUE_NUMBER || v->kind == VALUE_BOOLEAN))
		HINT(k->c, "quote it: '%.*s'", STR_ARG(buf_str(&shown)));
	else if (v->kind == VALUE_MAP)
		HINT(k->c, "the value of another field: {field: PATH}");
	else if (wanted.base == TYPE_NUMBER || wanted.base == TYPE_BOOLEAN)
		shape_hint_kind(k->c->scope->mistakes,
				wanted.base == TYPE_NUMBER ? VALUE_NUMBER : VALUE_BOOLEAN, v);
	else if (wanted.base == TYPE_LIST && v->kind != VALUE_MAP)
		HINT(k->c, "in brackets: [%.*s]", STR_ARG(buf_str(&shown)));
	buf_release(&shown);
	return -1;
}

static void hint_enumeration(const struct check *k, const char *values, struct str wrong)
{
	struct arena scratch = ARENA_INIT;
	const char *names[64], *near, *p = values;
	size_t n = 0, len;

	while (n < 64) {
		len = strcspn(p, "|");
		names[n++] = arena_str(&scratch, (struct str){ p, len }).data;
		if (p[len] == '\0')
			break;
		p += len + 1;
	}
	near = text_nearest(wrong, names, n);
	if (near != NULL)
		HINT(k->c, "did you mean '%s'?", near);
	arena_release(&scratch);
}

static int check_enumeration(const struct check *k, const struct value *v, const char *values)
{
	struct buf list = BUF_INIT(0);
	const char *p;

	if (field_allows(values, value_str(v)))
		return 0;
	for (p = values; *p != '\0'; p++) {
		if (*p == '|')
			buf_puts(&list, ", ");
		else
			buf_putc(&list, *p);
	}
	MISTAKE(k->c, shown_at(k, v), "'%.*s' is never '%.*s', it is one of %.*s",
		STR_ARG(k->field), STR_ARG(value_str(v)), STR_ARG(buf_str(&list)));
	hint_enumeration(k, values, value_str(v));
	buf_release(&list);
	return -1;
}

static int check_value(const struct check *k, const struct value *v, const struct nature *wanted);

static int check_members(const struct check *k, const struct value *v, const struct nature *wanted)
{
	struct nature member = nature_of_member(wanted);
	int rc = 0;
	uint32_t i;

	for (i = 0; i < v->n; i++) {
		if (check_value(k, v->kind == VALUE_LIST ? &v->items[i] : &v->entries[i].value,
				&member) == -1)
			rc = -1;
	}
	return rc;
}

static int check_value(const struct check *k, const struct value *v, const struct nature *wanted)
{
	static const uint8_t kinds[] = {
		[TYPE_STRING] = VALUE_STRING,   [TYPE_NUMBER] = VALUE_NUMBER,
		[TYPE_BOOLEAN] = VALUE_BOOLEAN, [TYPE_LIST] = VALUE_LIST,
		[TYPE_MAP] = VALUE_MAP,
	};

	if (v->kind == VALUE_NULL)
		return refuse(k, v, wanted->type);
	if (wanted->type.base == TYPE_ANY || wanted->type.base == TYPE_NONE)
		return 0;
	if (wanted->type.base >= sizeof(kinds) || kinds[wanted->type.base] != v->kind)
		return refuse(k, v, wanted->type);
	if (v->kind == VALUE_LIST || v->kind == VALUE_MAP)
		return check_members(k, v, wanted);
	if (v->kind == VALUE_STRING && wanted->values != NULL)
		return check_enumeration(k, v, wanted->values);
	return 0;
}

static bool bases_agree(uint8_t a, uint8_t b, bool mixed)
{
	if (a == b || a == TYPE_ANY || b == TYPE_ANY)
		return true;
	return mixed &&
	       ((a == TYPE_STRING && b == TYPE_NUMBER) || (a == TYPE_NUMBER && b == TYPE_STRING));
}

static int check_computed(const struct check *k, const struct operand *o,
			  const struct nature *wanted, bool mixed)
{
	bool fits = bases_agree(wanted->type.base, o->nature.type.base, mixed) &&
		    (wanted->type.base != TYPE_LIST || o->nature.type.base != TYPE_LIST ||
		     bases_agree(wanted->member.base, o->nature.member.base, false));

	if (!fits) {
		MISTAKE(k->c, o->node, "'%s' on '%.*s' takes %s, and '%.*s' is a %s", k->op,
			STR_ARG(k->field), type_phrase(wanted->type),
			o->form == OPERAND_PATH ? (int)o->path.text.len : 6,
			o->form == OPERAND_PATH ? o->path.text.data : "format",
			type_name(o->nature.type));
		return -1;
	}
	if (o->otherwise != NULL)
		return operand_check(k->c, o->otherwise, wanted, mixed, k->op, k->field);
	return 0;
}

int operand_check(const struct compile *c, const struct operand *o, const struct nature *wanted,
		  bool mixed, const char *op, struct str field)
{
	struct check k = { c, op, field, o->node, o->from_param };

	if (o->form == OPERAND_UNBOUNDED)
		return 0;
	if (o->form == OPERAND_LITERAL)
		return check_value(&k, o->value, wanted);
	return check_computed(&k, o, wanted, mixed);
}

/* ---- judging ------------------------------------------------------------- */

const struct value *operand_compute(const struct operand *o, const struct eval *e)
{
	const struct value *v;

	if (o->form == OPERAND_FORMAT)
		return format_value(o->format, e, false);
	v = path_value_near(&o->path, e);
	if (!value_is_there(v) && o->otherwise != NULL)
		return operand_value(o->otherwise, e);
	return v;
}

static void put_source(const struct operand *o, struct buf *b)
{
	buf_puts(b, "field ");
	buf_put_str(b, o->path.text);
}

void operand_put(const struct operand *o, const struct eval *e, struct buf *b)
{
	const struct value *v;

	if (o->form == OPERAND_UNBOUNDED) {
		buf_puts(b, "anything");
	} else if (o->form == OPERAND_LITERAL) {
		value_show(b, o->value, LIMIT_SHOWN_VALUE);
	} else if (e == NULL && o->form == OPERAND_FORMAT) {
		text_put_quoted(b, format_text(o->format), LIMIT_SHOWN_VALUE);
	} else if (e == NULL) {
		put_source(o, b);
		if (o->otherwise != NULL) {
			buf_puts(b, " or else ");
			operand_put(o->otherwise, e, b);
		}
	} else if (o->otherwise != NULL && !value_is_there(path_value(&o->path, e))) {
		operand_put(o->otherwise, e, b);
	} else {
		v = operand_value(o, e);
		if (value_is_there(v) && v->kind != VALUE_UNKNOWN) {
			value_show(b, v, LIMIT_SHOWN_VALUE);
			if (o->form == OPERAND_PATH) {
				buf_puts(b, " (");
				put_source(o, b);
				buf_puts(b, ")");
			}
		} else {
			if (o->form == OPERAND_PATH)
				put_source(o, b);
			else
				text_put_quoted(b, format_text(o->format), LIMIT_SHOWN_VALUE);
			buf_puts(b, v->kind == VALUE_UNKNOWN ? ", which is unknown"
							     : ", which is absent");
		}
	}
}
