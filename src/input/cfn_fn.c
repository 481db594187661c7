/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the functions of a template come to before it is deployed. Everything
 * that is not known has a reason that a reader of the report can act on.
 * Depth and steps are counted, and what goes in a circle is found.
 */
#include "input/cfn.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "model/partial.h"
#include "model/write_json.h"

typedef const struct cfn_scope scope_t;

__attribute__((format(printf, 2, 3))) static struct value unknown(struct cfn *t, const char *format,
								  ...)
{
	struct buf b = BUF_INIT(LIMIT_MESSAGE_SIZE);
	struct value v;
	va_list args;

	va_start(args, format);
	buf_vprintf(&b, format, args);
	va_end(args);
	v = value_unknown(arena_buf(t->arena, &b).data);
	buf_release(&b);
	return v;
}

/* A name in a message: visible, quoted, cut. */
static const char *quoted(struct cfn *t, struct str s)
{
	struct buf b = BUF_INIT(0);
	const char *text;

	text_put_quoted(&b, s, 80);
	text = arena_buf(t->arena, &b).data;
	buf_release(&b);
	return text;
}

/* What gaps may hold: a row for each kind. */
enum gap_kind { GAP_ANY, GAP_ACCOUNT, GAP_REGION, GAP_STACK, GAP_DOMAIN, GAP_BUCKET, GAP_ID };
static const struct {
	unsigned chars;
	uint32_t least, most;
} gaps[] = {
	[GAP_ANY] = { CHARS_ANY, 0, GAP_NO_MOST },
	[GAP_ACCOUNT] = { CHARS_DIGIT, 12, 12 },
	[GAP_REGION] = { CHARS_LOWER | CHARS_DIGIT | CHARS_HYPHEN, 3, 40 },
	[GAP_STACK] = { CHARS_ALNUM | CHARS_HYPHEN, 1, 128 },
	[GAP_DOMAIN] = { CHARS_LOWER | CHARS_DIGIT | CHARS_HYPHEN | CHARS_PERIOD, 1, 253 },
	/* CloudFormation makes it of the names of stack and resource, in small letters */
	[GAP_BUCKET] = { CHARS_LOWER | CHARS_DIGIT | CHARS_HYPHEN, 1, 63 },
	[GAP_ID] = { CHARS_ALNUM | CHARS_HYPHEN, 1, GAP_NO_MOST },
};

static struct value gap(struct cfn *t, enum gap_kind kind, const char *name,
			const struct cfn_resource *of, const char *why)
{
	const struct cfn_part part = { .text = STR(""),
				       .gap = name,
				       .in = t,
				       .chars = gaps[kind].chars,
				       .least = gaps[kind].least,
				       .most = gaps[kind].most };

	return cfn_unknown_text(t->arena, &part, 1, of, why);
}

/* ---- names ---------------------------------------------------------------------- */

static struct value known_or_gap(struct cfn *t, struct str known, enum gap_kind kind,
				 const char *name, const char *how)
{
	if (known.len > 0)
		return value_of_str(known);
	return gap(t, kind, name, NULL,
		   arena_printf(t->arena, "%s is not known before the deploy%s", name, how));
}

static struct str partition_of(struct str region)
{
	static const struct {
		const char *prefix, *partition, *suffix;
	} rows[] = { { "cn-", "aws-cn", "amazonaws.com.cn" },
		     { "us-gov-", "aws-us-gov", "amazonaws.com" },
		     { "us-isob-", "aws-iso-b", "sc2s.sgov.gov" },
		     { "us-iso-", "aws-iso", "c2s.ic.gov" },
		     { "eusc-", "aws-eusc", "amazonaws.eu" } };
	size_t i;

	if (region.len == 0)
		return STR("");
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (str_starts(region, str_of(rows[i].prefix)))
			return str_of(rows[i].partition);
	return STR("aws");
}

static struct str suffix_of(struct str partition)
{
	if (str_is(partition, "aws-cn"))
		return STR("amazonaws.com.cn");
	return str_is(partition, "aws") || str_is(partition, "aws-us-gov") ? STR("amazonaws.com")
									   : STR("");
}

/* AWS::Region and its kin; false for a name that is none of them. */
static bool pseudo_parameter(struct cfn *t, struct str name, struct value *v)
{
	if (!str_starts(name, STR("AWS::")))
		return false;
	if (str_is(name, "AWS::NoValue"))
		*v = (struct value){ 0 };
	else if (str_is(name, "AWS::Region"))
		*v = known_or_gap(t, t->stack.region, GAP_REGION, "AWS::Region",
				  "; --region gives it");
	else if (str_is(name, "AWS::AccountId"))
		*v = known_or_gap(t, t->stack.account, GAP_ACCOUNT, "AWS::AccountId",
				  "; --account gives it");
	else if (str_is(name, "AWS::StackName"))
		*v = known_or_gap(t, t->stack.name, GAP_STACK, "AWS::StackName",
				  "; --stack-name gives it");
	else if (str_is(name, "AWS::Partition"))
		*v = known_or_gap(t, partition_of(t->stack.region), GAP_REGION, "AWS::Partition",
				  "; --region gives it");
	else if (str_is(name, "AWS::URLSuffix"))
		*v = known_or_gap(t, suffix_of(partition_of(t->stack.region)), GAP_DOMAIN,
				  "AWS::URLSuffix", "; --region gives it");
	else if (str_is(name, "AWS::NotificationARNs"))
		*v = unknown(t, "AWS::NotificationARNs is not known before the deploy");
	else if (str_is(name, "AWS::StackId"))
		*v = gap(t, GAP_ANY, "AWS::StackId", NULL,
			 "AWS::StackId is not known before the deploy");
	else
		*v = unknown(t, "%s is no pseudo parameter that is known", quoted(t, name));
	return true;
}

static size_t count_byte(struct str s, char byte)
{
	size_t i, n = 0;

	for (i = 0; i < s.len; i++)
		n += s.data[i] == byte;
	return n;
}

/* A list of a parameter: "a, b" */
static struct value split_list(struct cfn *t, struct str text)
{
	struct value *items = ARENA_ARRAY(t->arena, count_byte(text, ',') + 1, struct value);
	const char *p = text.data, *end = text.data + text.len, *comma;
	uint32_t n = 0;

	for (;; p = comma + 1) {
		struct str part;

		comma = memchr(p, ',', (size_t)(end - p));
		part = (struct str){ p, (size_t)((comma != NULL ? comma : end) - p) };
		while (part.len > 0 && part.data[0] == ' ') {
			part.data++;
			part.len--;
		}
		while (part.len > 0 && part.data[part.len - 1] == ' ')
			part.len--;
		items[n++] = value_of_str(part);
		if (comma == NULL)
			break;
	}
	return (struct value){ .kind = VALUE_LIST, .n = n, .items = items };
}

/* A value that somebody gave, as the type of the parameter has it. */
static struct value typed(struct cfn *t, const struct cfn_parameter *p, const struct value *given)
{
	const struct value *type = value_get(p->raw, STR("Type"));
	struct str text,
	    name = type != NULL && type->kind == VALUE_STRING ? value_str(type) : STR("String");
	struct value v = *given;

	if (str_starts(name, STR("AWS::SSM::Parameter::Value<")))
		return unknown(
		    t,
		    "the parameter %s is the value of an SSM parameter, which is read on "
		    "deployment",
		    quoted(t, p->name));
	if (v.kind == VALUE_UNKNOWN)
		return v;
	if ((str_is(name, "CommaDelimitedList") || str_starts(name, STR("List<"))) &&
	    cfn_text(t->arena, &v, &text))
		return split_list(t, text);
	if (cfn_text(t->arena, &v, &text))
		return value_of_str(text);
	return v;
}

/* A bound that the parameter has. */
static uint32_t bound(struct cfn *t, const struct cfn_parameter *p, const char *key, uint32_t none)
{
	const struct value *v = value_get(p->raw, str_of(key));
	struct number n;
	struct str text;

	if (v == NULL || !cfn_text(t->arena, v, &text) || !number_parse(text, &n) ||
	    n.exponent != 0 || n.mantissa < 0 || n.mantissa > LIMIT_STRING_SIZE)
		return none;
	return (uint32_t)n.mantissa;
}

static struct value parameter_gap(struct cfn *t, const struct cfn_parameter *p, const char *why)
{
	struct cfn_part part = { .text = STR(""),
				 .gap = arena_str(t->arena, p->name).data,
				 .in = t,
				 .chars = CHARS_ANY,
				 .least = bound(t, p, "MinLength", 0),
				 .most = bound(t, p, "MaxLength", GAP_NO_MOST) };
	const struct value *type = value_get(p->raw, STR("Type"));

	/* what is a list has no text */
	if (type == NULL || type->kind != VALUE_STRING ||
	    (!str_is(value_str(type), "String") && !str_is(value_str(type), "Number")) ||
	    part.least > part.most)
		return value_unknown(why);
	if (str_is(value_str(type), "Number"))
		part.number = p->raw;
	return cfn_unknown_text(t->arena, &part, 1, NULL, why);
}

static struct value find_parameter(struct cfn *t, const struct cfn_parameter *p)
{
	const struct value *given = NULL, *allowed, *no_echo;
	struct value *may;
	struct str text;
	const char *why;
	uint32_t i;

	if (t->stack.parameter != NULL)
		given = t->stack.parameter(t->stack.to, t, p->name);
	no_echo = value_get(p->raw, STR("NoEcho"));
	if (no_echo != NULL && cfn_text(t->arena, no_echo, &text) &&
	    text_equal_nocase_ascii(text, STR("true")))
		return unknown(t, "the parameter %s is a secret (NoEcho)", quoted(t, p->name));
	if (given == NULL)
		given = value_get(p->raw, STR("Default"));
	if (given != NULL && given->kind != VALUE_NULL)
		return typed(t, p, given);
	allowed = value_get(p->raw, STR("AllowedValues"));
	why = arena_printf(
	    t->arena, "the parameter %s has no default; --set-parameter or --parameters gives it",
	    quoted(t, p->name));
	if (allowed == NULL || allowed->kind != VALUE_LIST || allowed->n == 0)
		return parameter_gap(t, p, why);
	may = ARENA_ARRAY(t->arena, allowed->n, struct value);
	for (i = 0; i < allowed->n; i++)
		may[i] = typed(t, p, &allowed->items[i]);
	return cfn_one_of(t->arena, may, allowed->n, why);
}

const struct value *cfn_parameter_value(struct cfn *t, struct str name)
{
	size_t i;

	for (i = 0; i < t->n_parameters; i++) {
		struct cfn_parameter *p = &t->parameters[i];

		if (!str_equal(p->name, name))
			continue;
		if (p->state == CFN_NEW) {
			p->state = CFN_DONE;
			p->value = find_parameter(t, p);
		}
		return &p->value;
	}
	return NULL;
}

/* ---- resources -------------------------------------------------------------------- */

struct value cfn_bucket_name(struct cfn *t, struct cfn_resource *bucket)
{
	const struct value *properties = cfn_get(bucket, "Properties"), *name;
	const char *why = arena_printf(t->arena, "the name of the bucket %s is made on deployment",
				       quoted(t, bucket->named.name));
	const char *id = arena_str(t->arena, bucket->named.name).data;
	struct value v;

	if (properties != NULL && (name = value_get(properties, STR("BucketName"))) != NULL) {
		if (bucket->visiting)
			return unknown(t, "the name of the bucket %s refers to itself",
				       quoted(t, bucket->named.name));
		bucket->visiting = true;
		v = cfn_eval(t, name, bucket->named.scope);
		bucket->visiting = false;
		if (v.kind == VALUE_STRING || v.kind == VALUE_UNKNOWN)
			return v;
	}
	if (properties != NULL && properties->kind == VALUE_MAP &&
	    (name = value_get(properties, STR("BucketNamePrefix"))) != NULL) {
		struct value parts[2];

		parts[0] = cfn_eval(t, name, bucket->named.scope);
		parts[1] = gap(t, GAP_BUCKET, id, bucket, why);
		v = cfn_concat(t->arena, parts, 2);
		if (v.kind == VALUE_UNKNOWN)
			return v;
	}
	return gap(t, GAP_BUCKET, id, bucket, why);
}

/* arn:PARTITION:SERVICE:REGION:ACCOUNT:REST */
static struct value arn(struct cfn *t, const char *service, bool with_region, struct value rest,
			const struct cfn_resource *of)
{
	const struct cfn_unknown *u;
	struct value parts[8], v;
	size_t n = 0;

	parts[n++] = value_of_str(STR("arn:"));
	pseudo_parameter(t, STR("AWS::Partition"), &parts[n++]);
	parts[n++] = value_of_str(str_of(service));
	if (with_region) {
		pseudo_parameter(t, STR("AWS::Region"), &parts[n++]);
		parts[n++] = value_of_str(STR(":"));
		pseudo_parameter(t, STR("AWS::AccountId"), &parts[n++]);
	}
	parts[n++] = rest;
	v = cfn_concat(t->arena, parts, n);
	u = cfn_unknown_of(&v);
	if (u != NULL && u->n_parts > 0)
		return cfn_unknown_text(t->arena, u->parts, u->n_parts, of,
					rest.kind == VALUE_UNKNOWN ? rest.why : v.why);
	return v;
}

static struct value known_after(struct cfn *t, enum gap_kind kind, const struct cfn_resource *r,
				const char *what)
{
	const char *why = arena_printf(t->arena, "the %s of %s is known after the deploy", what,
				       quoted(t, r->named.name));

	return gap(t, kind,
		   arena_printf(t->arena, "%.*s.%s",
				(int)(r->named.name.len < 80 ? r->named.name.len : 80),
				r->named.name.data, what),
		   r, why);
}

static struct value ivs_arn(struct cfn *t, const struct cfn_resource *r, const char *kind)
{
	struct value parts[2];

	parts[0] = value_of_str(str_of(arena_printf(t->arena, ":%s/", kind)));
	parts[1] = known_after(t, GAP_ID, r, "ARN");
	return arn(t, ":ivs:", true, cfn_concat(t->arena, parts, 2), r);
}

/* What Ref gives for a resource. */
static struct value refer(struct cfn *t, struct cfn_resource *r)
{
	if (str_is(r->type, CFN_BUCKET))
		return cfn_bucket_name(t, r);
	if (str_is(r->type, CFN_CONFIGURATION))
		return ivs_arn(t, r, "recording-configuration");
	if (str_is(r->type, CFN_CHANNEL))
		return ivs_arn(t, r, "channel");
	return known_after(t, GAP_ANY, r, "Ref");
}

static struct value attribute(struct cfn *t, struct cfn_resource *r, struct str name)
{
	if (str_is(name, "Arn") && str_starts(r->type, STR("AWS::IVS::")))
		return refer(t, r);
	if (str_is(r->type, CFN_BUCKET) && str_is(name, "Arn")) {
		struct value parts[2];

		parts[0] = value_of_str(STR("::"));
		parts[1] = cfn_bucket_name(t, r);
		return arn(t, ":s3:", false, cfn_concat(t->arena, parts, 2), NULL);
	}
	if ((str_is(r->type, CFN_STACK) || str_is(r->type, CFN_APPLICATION)) &&
	    str_starts(name, STR("Outputs.")) && t->stack.output != NULL) {
		name.data += sizeof("Outputs.") - 1;
		name.len -= sizeof("Outputs.") - 1;
		return t->stack.output(t->stack.to, r, name);
	}
	return known_after(t, GAP_ANY, r, arena_printf(t->arena, "attribute %s", quoted(t, name)));
}

/* A name that Ref or ${} has: of a loop, a parameter, a resource. */
static struct value named(struct cfn *t, struct str name, scope_t *scope)
{
	const struct value *parameter;
	struct cfn_resource *r;
	struct value v;

	for (; scope != NULL; scope = scope->outer)
		if (str_equal(scope->name, name))
			return value_of_str(scope->value);
	if (pseudo_parameter(t, name, &v))
		return v;
	if ((parameter = cfn_parameter_value(t, name)) != NULL)
		return *parameter;
	if ((r = cfn_resource_find(t, name)) != NULL)
		return refer(t, r);
	return unknown(t, "there is no parameter and no resource %s in the template",
		       quoted(t, name));
}

static struct value named_attribute(struct cfn *t, struct str id, struct str name)
{
	struct cfn_resource *r = cfn_resource_find(t, id);

	if (r == NULL)
		return unknown(t, "there is no resource %s in the template", quoted(t, id));
	return attribute(t, r, name);
}

/* ---- texts ------------------------------------------------------------------------- */

/* Where a dynamic reference ends, or NULL. */
static const char *dynamic_end(const char *p, const char *end)
{
	for (; end - p >= 2; p++)
		if (p[0] == '}' && p[1] == '}')
			return p + 2;
	return NULL;
}

static const char *find(const char *p, const char *end, const char *what)
{
	size_t len = strlen(what);

	for (; (size_t)(end - p) >= len; p++)
		if (memcmp(p, what, len) == 0)
			return p;
	return NULL;
}

/* {{resolve:ssm:...}} is looked up on deployment; what stands around it is known. */
static struct value with_dynamic(struct cfn *t, struct str s)
{
	const char *p = s.data, *end = s.data + s.len, *open, *close;
	struct value parts[16];
	size_t n = 0;

	while (n + 2 < sizeof(parts) / sizeof(*parts) &&
	       (open = find(p, end, "{{resolve:")) != NULL &&
	       (close = dynamic_end(open, end)) != NULL) {
		const char *why =
		    arena_printf(t->arena, "%s is resolved on deployment",
				 quoted(t, (struct str){ open, (size_t)(close - open) }));

		parts[n++] = value_of_str((struct str){ p, (size_t)(open - p) });
		parts[n++] =
		    gap(t, GAP_ANY,
			arena_str(t->arena, (struct str){ open, (size_t)(close - open) }).data,
			NULL, why);
		p = close;
	}
	if (n == 0)
		return value_of_str(s);
	parts[n++] = value_of_str((struct str){ p, (size_t)(end - p) });
	return cfn_concat(t->arena, parts, n);
}

/* ${Identifier} of a loop, wherever a text stands in its body. */
static struct value with_variables(struct cfn *t, struct str s, scope_t *scope)
{
	const char *p = s.data, *end = s.data + s.len, *open, *close;
	struct buf b = BUF_INIT(LIMIT_STRING_SIZE);
	struct value v;
	scope_t *found;
	bool any = false;

	while (scope != NULL && (open = find(p, end, "${")) != NULL &&
	       (close = memchr(open, '}', (size_t)(end - open))) != NULL) {
		struct str name = { open + 2, (size_t)(close - open - 2) };

		for (found = scope; found != NULL && !str_equal(found->name, name);
		     found = found->outer)
			;
		if (found == NULL) {
			buf_put(&b, p, (size_t)(open + 2 - p));
			p = open + 2;
			continue;
		}
		buf_put(&b, p, (size_t)(open - p));
		buf_put_str(&b, found->value);
		p = close + 1;
		any = true;
	}
	if (!any) {
		buf_release(&b);
		return value_of_str(s);
	}
	buf_put(&b, p, (size_t)(end - p));
	v = value_of_str(arena_buf(t->arena, &b));
	buf_release(&b);
	return v;
}

static struct value text_value(struct cfn *t, const struct value *v, scope_t *scope)
{
	struct value made = *v;
	struct str s = value_str(v);

	if (scope != NULL && memchr(s.data, '$', s.len) != NULL) {
		made = with_variables(t, s, scope);
		s = value_str(&made);
	}
	if (s.len > 12 && find(s.data, s.data + s.len, "{{resolve:") != NULL)
		made = with_dynamic(t, s);
	made.flags |= v->flags;
	return made;
}

static bool is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == ':' || c == '.' || c == '_' || c == '-' || c == ' ' || c == '&' || c == '$';
}

/* What stands in ${}: of the function's own map, or a name, or an attribute. */
static struct value substitute(struct cfn *t, struct str name, const struct value *own,
			       scope_t *scope)
{
	const struct value *v;
	const char *dot;

	while (name.len > 0 && name.data[0] == ' ') {
		name.data++;
		name.len--;
	}
	while (name.len > 0 && name.data[name.len - 1] == ' ')
		name.len--;
	if (own != NULL && (v = value_get(own, name)) != NULL)
		return cfn_eval(t, v, scope);
	dot = memchr(name.data, '.', name.len);
	if (dot == NULL)
		return named(t, name, scope);
	return named_attribute(t, (struct str){ name.data, (size_t)(dot - name.data) },
			       (struct str){ dot + 1, (size_t)(name.data + name.len - dot - 1) });
}

static struct value sub_text(struct cfn *t, struct str s, const struct value *own, scope_t *scope)
{
	const char *p = s.data, *end = s.data + s.len, *open, *close, *q;
	size_t n = 0, most = count_byte(s, '$') * 2 + 1;
	struct value *parts;

	if (most > LIMIT_LIST)
		return unknown(t, "Fn::Sub has more than %d variables", LIMIT_LIST / 2);
	parts = ARENA_ARRAY(t->arena, most, struct value);
	while ((open = find(p, end, "${")) != NULL) {
		close = memchr(open, '}', (size_t)(end - open));
		if (close == NULL)
			break;
		if (open[2] == '!') {
			/* a literal: ${!Name} is ${Name} */
			parts[n++] = value_of_str((struct str){ p, (size_t)(open + 2 - p) });
			p = open + 3;
			parts[n++] = value_of_str((struct str){ p, (size_t)(close + 1 - p) });
			p = close + 1;
			continue;
		}
		for (q = open + 2; q < close && is_name_byte(*q); q++)
			;
		if (q < close || close == open + 2) {
			parts[n++] = value_of_str((struct str){ p, (size_t)(open + 2 - p) });
			p = open + 2;
			continue;
		}
		parts[n++] = value_of_str((struct str){ p, (size_t)(open - p) });
		parts[n++] =
		    substitute(t, (struct str){ open + 2, (size_t)(close - open - 2) }, own, scope);
		p = close + 1;
	}
	parts[n++] = value_of_str((struct str){ p, (size_t)(end - p) });
	return cfn_concat(t->arena, parts, n);
}

/* ---- functions ------------------------------------------------------------------------ */

static struct value wrong(struct cfn *t, const char *name)
{
	return unknown(t, "%s is not written as it has to be", name);
}

static struct value fn_ref(struct cfn *t, const char *fn, const struct value *v, scope_t *scope)
{
	struct value name = cfn_eval(t, v, scope);

	if (name.kind != VALUE_STRING)
		return name.kind == VALUE_UNKNOWN ? name : wrong(t, fn);
	return named(t, value_str(&name), scope);
}

static struct value fn_get_att(struct cfn *t, const char *fn, const struct value *v, scope_t *scope)
{
	struct value parts[2] = { { 0 } };
	struct str id, name;
	const char *dot;

	if (v->kind == VALUE_STRING) {
		parts[0] = cfn_eval(t, v, scope);
		if (parts[0].kind != VALUE_STRING)
			return wrong(t, fn);
		id = value_str(&parts[0]);
		dot = memchr(id.data, '.', id.len);
		if (dot == NULL)
			return wrong(t, fn);
		name = (struct str){ dot + 1, (size_t)(id.data + id.len - dot - 1) };
		id.len = (size_t)(dot - id.data);
		return named_attribute(t, id, name);
	}
	if (v->kind != VALUE_LIST || v->n != 2)
		return wrong(t, fn);
	parts[0] = cfn_eval(t, &v->items[0], scope);
	parts[1] = cfn_eval(t, &v->items[1], scope);
	if (parts[0].kind != VALUE_STRING || parts[1].kind != VALUE_STRING)
		return unknown(t, "which attribute Fn::GetAtt asks for is not known");
	return named_attribute(t, value_str(&parts[0]), value_str(&parts[1]));
}

static struct value fn_sub(struct cfn *t, const char *fn, const struct value *v, scope_t *scope)
{
	const struct value *own = NULL;
	struct value text;

	if (v->kind == VALUE_LIST && v->n == 2 && v->items[1].kind == VALUE_MAP) {
		own = &v->items[1];
		v = &v->items[0];
	}
	if (v->kind == VALUE_MAP) {
		text = cfn_eval(t, v, scope);
		if (text.kind != VALUE_STRING)
			return text.kind == VALUE_UNKNOWN ? text : wrong(t, fn);
		return sub_text(t, value_str(&text), own, scope);
	}
	if (v->kind != VALUE_STRING)
		return wrong(t, fn);
	return sub_text(t, value_str(v), own, scope);
}

static struct value fn_join(struct cfn *t, const char *fn, const struct value *v, scope_t *scope)
{
	struct value between, list, *parts;
	size_t n = 0;
	uint32_t i;

	if (v->kind != VALUE_LIST || v->n != 2)
		return wrong(t, fn);
	between = cfn_eval(t, &v->items[0], scope);
	list = cfn_eval(t, &v->items[1], scope);
	if (list.kind != VALUE_LIST)
		return list.kind == VALUE_UNKNOWN ? value_unknown(list.why) : wrong(t, fn);
	if (list.n > LIMIT_LIST)
		return unknown(t, "Fn::Join has more than %d members", LIMIT_LIST);
	parts = ARENA_ARRAY(t->arena, (size_t)list.n * 2 + 1, struct value);
	for (i = 0; i < list.n; i++) {
		if (i > 0)
			parts[n++] = between;
		if (list.items[i].kind == VALUE_LIST || list.items[i].kind == VALUE_MAP)
			return wrong(t, fn);
		parts[n++] = list.items[i];
	}
	return cfn_concat(t->arena, parts, n);
}

static bool index_of(const struct value *v, struct cfn *t, uint32_t *index)
{
	struct number n;
	struct str text;

	if (!cfn_text(t->arena, v, &text) || !number_parse(text, &n) || n.exponent != 0 ||
	    n.mantissa < 0 || n.mantissa > INT32_MAX)
		return false;
	*index = (uint32_t)n.mantissa;
	return true;
}

static struct value fn_select(struct cfn *t, const char *fn, const struct value *v, scope_t *scope)
{
	const struct cfn_unknown *u;
	struct value which, list, *may;
	uint32_t index, i;

	if (v->kind != VALUE_LIST || v->n != 2)
		return wrong(t, fn);
	which = cfn_eval(t, &v->items[0], scope);
	list = cfn_eval(t, &v->items[1], scope);
	if (which.kind == VALUE_UNKNOWN && list.kind == VALUE_LIST && list.n > 0)
		return cfn_one_of(t->arena, list.items, list.n, which.why);
	if (which.kind == VALUE_UNKNOWN)
		return value_unknown(which.why);
	if (!index_of(&which, t, &index))
		return wrong(t, fn);
	u = cfn_unknown_of(&list);
	if (u != NULL && u->n_may > 0) {
		may = ARENA_ARRAY(t->arena, u->n_may, struct value);
		for (i = 0; i < u->n_may; i++)
			may[i] = u->may[i].kind == VALUE_LIST && index < u->may[i].n
				     ? u->may[i].items[index]
				     : value_unknown(list.why);
		return cfn_one_of(t->arena, may, u->n_may, list.why);
	}
	if (list.kind == VALUE_UNKNOWN)
		return value_unknown(list.why);
	if (list.kind != VALUE_LIST)
		return wrong(t, fn);
	if (index >= list.n)
		return unknown(t, "Fn::Select asks for member %u of %u", (unsigned)index,
			       (unsigned)list.n);
	return list.items[index];
}

/* A known text, cut at each delimiter. */
static struct value split_text(struct cfn *t, struct str s, struct str at)
{
	struct value *items = ARENA_ARRAY(t->arena, count_byte(s, at.data[0]) + 1, struct value);
	const char *p = s.data, *end = s.data + s.len;
	uint32_t n = 0;

	while ((size_t)(end - p) >= at.len) {
		const char *q = p;

		for (; (size_t)(end - q) >= at.len && memcmp(q, at.data, at.len) != 0; q++)
			;
		if ((size_t)(end - q) < at.len)
			break;
		items[n++] = value_of_str((struct str){ p, (size_t)(q - p) });
		p = q + at.len;
	}
	items[n++] = value_of_str((struct str){ p, (size_t)(end - p) });
	return (struct value){ .kind = VALUE_LIST, .n = n, .items = items };
}

/* What stands between two delimiters: pieces, texts and gaps. */
struct splitting {
	struct value *items, *pieces;
	uint32_t n_items;
	size_t n_pieces;
};

static void end_item(struct cfn *t, struct splitting *x)
{
	x->items[x->n_items++] =
	    x->n_pieces > 0 ? cfn_concat(t->arena, x->pieces, x->n_pieces) : value_of_str(STR(""));
	x->n_pieces = 0;
}

/* A text with gaps, cut at a character that no gap can hold; false where one can. */
static bool split_parts(struct cfn *t, const struct cfn_unknown *u, struct str at,
			struct value *made)
{
	struct splitting x = { 0 };
	size_t cuts = 0;
	uint32_t i, k;

	if (at.len != 1)
		return false;
	for (i = 0; i < u->n_parts; i++) {
		if (u->parts[i].gap != NULL &&
		    (u->parts[i].chars & chars_of((unsigned char)at.data[0])) != 0)
			return false;
		cuts += count_byte(u->parts[i].text, at.data[0]);
	}
	x.items = ARENA_ARRAY(t->arena, cuts + 1, struct value);
	x.pieces = ARENA_ARRAY(t->arena, u->n_parts, struct value);
	for (i = 0; i < u->n_parts; i++) {
		struct value texts;

		if (u->parts[i].gap != NULL) {
			x.pieces[x.n_pieces++] =
			    cfn_unknown_text(t->arena, &u->parts[i], 1, NULL, u->why);
			continue;
		}
		texts = split_text(t, u->parts[i].text, at);
		for (k = 0; k < texts.n; k++) {
			if (k > 0)
				end_item(t, &x);
			x.pieces[x.n_pieces++] = texts.items[k];
		}
	}
	end_item(t, &x);
	*made = (struct value){ .kind = VALUE_LIST, .n = x.n_items, .items = x.items };
	return true;
}

static struct value fn_split(struct cfn *t, const char *fn, const struct value *v, scope_t *scope)
{
	const struct cfn_unknown *u;
	struct value at, text, *may, made;
	uint32_t i;

	if (v->kind != VALUE_LIST || v->n != 2)
		return wrong(t, fn);
	at = cfn_eval(t, &v->items[0], scope);
	text = cfn_eval(t, &v->items[1], scope);
	if (at.kind != VALUE_STRING || at.n == 0)
		return at.kind == VALUE_UNKNOWN ? value_unknown(at.why) : wrong(t, fn);
	u = cfn_unknown_of(&text);
	if (u != NULL && u->n_may > 0) {
		may = ARENA_ARRAY(t->arena, u->n_may, struct value);
		for (i = 0; i < u->n_may; i++)
			may[i] = u->may[i].kind == VALUE_STRING
				     ? split_text(t, value_str(&u->may[i]), value_str(&at))
				     : value_unknown(text.why);
		return cfn_one_of(t->arena, may, u->n_may, text.why);
	}
	if (u != NULL && u->n_parts > 0 && split_parts(t, u, value_str(&at), &made))
		return made;
	if (text.kind != VALUE_STRING)
		return text.kind == VALUE_UNKNOWN ? value_unknown(text.why) : wrong(t, fn);
	return split_text(t, value_str(&text), value_str(&at));
}

static struct value fn_base64(struct cfn *t, const char *fn, const struct value *v, scope_t *scope)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	struct buf b = BUF_INIT(LIMIT_STRING_SIZE);
	struct value made = cfn_eval(t, v, scope);
	const unsigned char *p;
	struct str s;
	size_t i;

	if (!cfn_text(t->arena, &made, &s))
		return made.kind == VALUE_UNKNOWN ? value_unknown(made.why) : wrong(t, fn);
	p = (const unsigned char *)s.data;
	for (i = 0; i < s.len; i += 3) {
		unsigned three = (unsigned)p[i] << 16;

		three |= i + 1 < s.len ? (unsigned)p[i + 1] << 8 : 0;
		three |= i + 2 < s.len ? p[i + 2] : 0;
		buf_putc(&b, digits[three >> 18]);
		buf_putc(&b, digits[three >> 12 & 63]);
		buf_putc(&b, i + 1 < s.len ? digits[three >> 6 & 63] : '=');
		buf_putc(&b, i + 2 < s.len ? digits[three & 63] : '=');
	}
	made = b.failed ? unknown(t, "Fn::Base64 makes a text beyond the limits")
			: value_of_str(arena_buf(t->arena, &b));
	buf_release(&b);
	return made;
}

/* The values of a map that a key may choose: one of them where the key is known. */
static struct value choose(struct cfn *t, const struct value *map, const struct value *key,
			   const struct value *fallback)
{
	const struct cfn_unknown *u = cfn_unknown_of(key);
	const struct value *found;
	struct value *may, missing;
	struct str text;
	uint32_t i, n = 0;

	missing = fallback != NULL ? *fallback
				   : unknown(t, "Fn::FindInMap finds no such key in the mapping");
	if (map->kind == VALUE_UNKNOWN)
		return *map;
	if (map->kind != VALUE_MAP)
		return missing;
	if (value_get(map, STR("Fn::Transform")) != NULL)
		missing = unknown(t, "a macro (Fn::Transform) adds to the mapping on deployment");
	if (cfn_text(t->arena, key, &text)) {
		found = value_get(map, text);
		return found != NULL ? *found : missing;
	}
	if (u != NULL && u->n_may > 0) {
		may = ARENA_ARRAY(t->arena, u->n_may, struct value);
		for (i = 0; i < u->n_may; i++)
			may[n++] = choose(t, map, &u->may[i], fallback);
		return cfn_one_of(t->arena, may, n, key->why);
	}
	/* any key of the mapping: another one could not be deployed */
	may = ARENA_ARRAY(t->arena, (size_t)map->n + 1, struct value);
	for (i = 0; i < map->n; i++)
		may[n++] =
		    str_is(map->entries[i].key, "Fn::Transform") ? missing : map->entries[i].value;
	if (fallback != NULL)
		may[n++] = *fallback;
	return n > 0 ? cfn_one_of(t->arena, may, n, key->why) : missing;
}

/* The second level: of each map that the first may have chosen. */
static struct value choose_in(struct cfn *t, const struct value *maps, const struct value *key,
			      const struct value *fallback)
{
	const struct cfn_unknown *u = cfn_unknown_of(maps);
	struct value *may;
	uint32_t i;

	if (u == NULL || u->n_may == 0)
		return choose(t, maps, key, fallback);
	may = ARENA_ARRAY(t->arena, u->n_may, struct value);
	for (i = 0; i < u->n_may; i++)
		may[i] = choose(t, &u->may[i], key, fallback);
	return cfn_one_of(t->arena, may, u->n_may, maps->why);
}

static struct value fn_find_in_map(struct cfn *t, const char *fn, const struct value *v,
				   scope_t *scope)
{
	const struct value *given = NULL;
	struct value name, first, second, map, fallback;

	if (v->kind != VALUE_LIST || v->n < 3 || v->n > 4)
		return wrong(t, fn);
	if (v->n == 4 && (given = value_get(&v->items[3], STR("DefaultValue"))) != NULL)
		fallback = cfn_eval(t, given, scope);
	name = cfn_eval(t, &v->items[0], scope);
	first = cfn_eval(t, &v->items[1], scope);
	second = cfn_eval(t, &v->items[2], scope);
	if (t->mappings == NULL)
		return given != NULL ? fallback : unknown(t, "the template has no mappings");
	map = choose(t, t->mappings, &name, given != NULL ? &fallback : NULL);
	map = choose_in(t, &map, &first, given != NULL ? &fallback : NULL);
	return choose_in(t, &map, &second, given != NULL ? &fallback : NULL);
}

static struct value fn_if(struct cfn *t, const char *fn, const struct value *v, scope_t *scope)
{
	struct value name, branches[2];
	enum cfn_truth truth;
	const char *why;

	if (v->kind != VALUE_LIST || v->n != 3)
		return wrong(t, fn);
	name = cfn_eval(t, &v->items[0], scope);
	if (name.kind != VALUE_STRING)
		return name.kind == VALUE_UNKNOWN ? value_unknown(name.why) : wrong(t, fn);
	truth = cfn_holds(t, value_str(&name), &why);
	if (truth != CFN_UNKNOWN)
		return cfn_eval(t, &v->items[truth == CFN_TRUE ? 1 : 2], scope);
	branches[0] = cfn_eval(t, &v->items[1], scope);
	branches[1] = cfn_eval(t, &v->items[2], scope);
	return cfn_one_of(t->arena, branches, 2, why);
}

/* Truth as a value, which Fn::If and conditions take back. */
static struct value truth_value(enum cfn_truth truth, const char *why)
{
	return truth == CFN_UNKNOWN ? value_unknown(why) : value_of_boolean(truth == CFN_TRUE);
}

static enum cfn_truth truth_of(struct cfn *t, const struct value *v, const char **why)
{
	struct str text;

	if (v->kind == VALUE_BOOLEAN)
		return v->boolean ? CFN_TRUE : CFN_FALSE;
	if (v->kind == VALUE_STRING && cfn_text(t->arena, v, &text)) {
		if (text_equal_nocase_ascii(text, STR("true")))
			return CFN_TRUE;
		if (text_equal_nocase_ascii(text, STR("false")))
			return CFN_FALSE;
	}
	*why = v->kind == VALUE_UNKNOWN ? v->why : "a condition is not written as it has to be";
	return CFN_UNKNOWN;
}

static struct value fn_condition(struct cfn *t, const char *fn, const struct value *v,
				 scope_t *scope)
{
	struct value name = cfn_eval(t, v, scope);
	const char *why = NULL;
	enum cfn_truth truth;

	if (name.kind != VALUE_STRING)
		return wrong(t, fn);
	truth = cfn_holds(t, value_str(&name), &why);
	return truth_value(truth, why);
}

static struct value fn_equals(struct cfn *t, const char *fn, const struct value *v, scope_t *scope)
{
	struct value x, y;
	enum cfn_truth truth;

	if (v->kind != VALUE_LIST || v->n != 2)
		return wrong(t, fn);
	x = cfn_eval(t, &v->items[0], scope);
	y = cfn_eval(t, &v->items[1], scope);
	truth = cfn_equal(t->arena, &x, &y);
	return truth_value(truth, x.kind == VALUE_UNKNOWN   ? x.why
				  : y.kind == VALUE_UNKNOWN ? y.why
							    : "");
}

static struct value all_or_any(struct cfn *t, const char *fn, const struct value *v, scope_t *scope,
			       enum cfn_truth decides)
{
	const char *why = NULL, *first = NULL;
	enum cfn_truth truth;
	struct value one;
	uint32_t i;

	if (v->kind != VALUE_LIST || v->n == 0)
		return wrong(t, fn);
	for (i = 0; i < v->n; i++) {
		one = cfn_eval(t, &v->items[i], scope);
		truth = truth_of(t, &one, &why);
		if (truth == decides)
			return truth_value(decides, "");
		if (truth == CFN_UNKNOWN && first == NULL)
			first = why;
	}
	if (first != NULL)
		return value_unknown(first);
	return truth_value(decides == CFN_TRUE ? CFN_FALSE : CFN_TRUE, "");
}

static struct value fn_and(struct cfn *t, const char *fn, const struct value *v, scope_t *scope)
{
	return all_or_any(t, fn, v, scope, CFN_FALSE);
}

static struct value fn_or(struct cfn *t, const char *fn, const struct value *v, scope_t *scope)
{
	return all_or_any(t, fn, v, scope, CFN_TRUE);
}

static struct value fn_not(struct cfn *t, const char *fn, const struct value *v, scope_t *scope)
{
	const char *why = NULL;
	enum cfn_truth truth;
	struct value one;

	if (v->kind == VALUE_LIST && v->n == 1)
		v = &v->items[0];
	else if (v->kind == VALUE_LIST)
		return wrong(t, fn);
	one = cfn_eval(t, v, scope);
	truth = truth_of(t, &one, &why);
	return truth_value(truth == CFN_UNKNOWN ? truth
			   : truth == CFN_TRUE  ? CFN_FALSE
						: CFN_TRUE,
			   why);
}

static struct value fn_length(struct cfn *t, const char *fn, const struct value *v, scope_t *scope)
{
	struct value list = cfn_eval(t, v, scope);

	if (list.kind == VALUE_UNKNOWN)
		return value_unknown(list.why);
	return list.kind == VALUE_LIST ? value_of_number(number_of_int(list.n)) : wrong(t, fn);
}

/* The first thing that is not known, or NULL. */
static const char *unknown_in(const struct value *v)
{
	const char *why = NULL;
	uint32_t i;

	if (v->kind == VALUE_UNKNOWN)
		return v->why;
	if (v->kind == VALUE_LIST)
		for (i = 0; i < v->n && why == NULL; i++)
			why = unknown_in(&v->items[i]);
	if (v->kind == VALUE_MAP)
		for (i = 0; i < v->n && why == NULL; i++)
			why = unknown_in(&v->entries[i].value);
	return why;
}

static struct value fn_to_json(struct cfn *t, const char *fn, const struct value *v, scope_t *scope)
{
	struct buf b = BUF_INIT(LIMIT_STRING_SIZE);
	struct value made = cfn_eval(t, v, scope);
	const char *why = unknown_in(&made);
	struct write_json w;

	if (why != NULL)
		return value_unknown(why);
	if (made.kind != VALUE_LIST && made.kind != VALUE_MAP)
		return wrong(t, fn);
	write_json_init(&w, &b, false);
	write_json_value(&w, &made);
	if (b.failed)
		made = unknown(t, "Fn::ToJsonString makes a text beyond the limits");
	else
		made = value_of_str(arena_buf(t->arena, &b));
	buf_release(&b);
	return made;
}

static struct value fn_import(struct cfn *t, const char *fn, const struct value *v, scope_t *scope)
{
	struct value name = cfn_eval(t, v, scope);

	if (name.kind != VALUE_STRING)
		return name.kind == VALUE_UNKNOWN ? value_unknown(name.why) : wrong(t, fn);
	if (t->stack.import != NULL)
		return t->stack.import(t->stack.to, t, value_str(&name));
	return unknown(t, "the export %s is of another stack", quoted(t, value_str(&name)));
}

static const struct function {
	const char *name;
	struct value (*call)(struct cfn *t, const char *fn, const struct value *v, scope_t *scope);
} functions[] = {
	{ "Ref", fn_ref },
	{ "Fn::GetAtt", fn_get_att },
	{ "Fn::Sub", fn_sub },
	{ "Fn::Join", fn_join },
	{ "Fn::Select", fn_select },
	{ "Fn::Split", fn_split },
	{ "Fn::FindInMap", fn_find_in_map },
	{ "Fn::If", fn_if },
	{ "Fn::Equals", fn_equals },
	{ "Fn::And", fn_and },
	{ "Fn::Or", fn_or },
	{ "Fn::Not", fn_not },
	{ "Fn::Base64", fn_base64 },
	{ "Fn::Length", fn_length },
	{ "Fn::ToJsonString", fn_to_json },
	{ "Fn::ImportValue", fn_import },
};

/* ---- evaluating ------------------------------------------------------------------------ */

/* Whether a map is a function's call, and which. Condition is one only where it
 * names a condition and nothing else stands in the map. */
static bool is_call(const struct value *map)
{
	struct str key;

	if (map->n != 1)
		return false;
	key = map->entries[0].key;
	return str_is(key, "Ref") ||
	       (str_starts(key, STR("Fn::")) && !str_starts(key, STR("Fn::ForEach::"))) ||
	       (str_is(key, "Condition") && map->entries[0].value.kind == VALUE_STRING);
}

static struct value call(struct cfn *t, const struct value *map, scope_t *scope)
{
	struct str key = map->entries[0].key;
	const struct value *operand = &map->entries[0].value;
	size_t i;

	for (i = 0; i < sizeof(functions) / sizeof(*functions); i++)
		if (str_is(key, functions[i].name))
			return functions[i].call(t, functions[i].name, operand, scope);
	if (str_is(key, "Condition"))
		return fn_condition(t, "Condition", operand, scope);
	if (str_is(key, "Fn::Transform"))
		return unknown(t, "a macro (Fn::Transform) makes it on deployment");
	return unknown(t, "the function %s is not evaluated", quoted(t, key));
}

static struct value eval_list(struct cfn *t, const struct value *v, scope_t *scope)
{
	struct value *items = ARENA_ARRAY(t->arena, v->n, struct value), made = *v;
	uint32_t i, n = 0;

	for (i = 0; i < v->n; i++) {
		items[n] = cfn_eval(t, &v->items[i], scope);
		if (items[n].kind != VALUE_ABSENT)
			n++;
	}
	made.items = items;
	made.n = n;
	return made;
}

/* A map with loops among its keys. */
static struct value eval_loops(struct cfn *t, const struct value *v, scope_t *scope)
{
	size_t i, n = 0, before = t->unknown_loops.n;
	struct cfn_list list = { 0 };
	struct value made = *v;
	struct entry *entries;

	cfn_unroll(t, v, scope, &list);
	if (t->unknown_loops.n > before) {
		t->unknown_loops.n = before;
		free(list.list);
		return unknown(t, "what Fn::ForEach goes over is not known");
	}
	entries = ARENA_ARRAY(t->arena, list.n, struct entry);
	for (i = 0; i < list.n; i++) {
		entries[n].key = list.list[i].name;
		entries[n].key_place = list.list[i].place;
		entries[n].value = cfn_eval(t, list.list[i].raw, list.list[i].scope);
		if (entries[n].value.kind != VALUE_ABSENT)
			n++;
	}
	free(list.list);
	made.entries = entries;
	made.n = (uint32_t)n;
	return made;
}

static struct value eval_map(struct cfn *t, const struct value *v, scope_t *scope)
{
	struct value made = *v;
	struct entry *entries;
	bool loops = false;
	uint32_t i, n = 0;

	for (i = 0; i < v->n; i++) {
		if (str_is(v->entries[i].key, "Fn::Transform"))
			return unknown(t, "a macro (Fn::Transform) adds to it on deployment");
		loops |= str_starts(v->entries[i].key, STR("Fn::ForEach::"));
	}
	if (loops)
		return eval_loops(t, v, scope);
	entries = ARENA_ARRAY(t->arena, v->n, struct entry);
	for (i = 0; i < v->n; i++) {
		entries[n] = v->entries[i];
		entries[n].value = cfn_eval(t, &v->entries[i].value, scope);
		if (entries[n].value.kind != VALUE_ABSENT)
			n++;
	}
	made.entries = entries;
	made.n = n;
	return made;
}

struct value cfn_eval(struct cfn *t, const struct value *v, scope_t *scope)
{
	struct value made = *v;

	if (++t->steps > LIMIT_TEMPLATE_STEPS || t->depth >= LIMIT_TEMPLATE_DEPTH) {
		if (t->exhausted == NULL)
			t->exhausted =
			    t->steps > LIMIT_TEMPLATE_STEPS
				? arena_printf(t->arena, "its functions take more than %d steps",
					       LIMIT_TEMPLATE_STEPS)
				: arena_printf(t->arena,
					       "its functions need one another deeper than %d",
					       LIMIT_TEMPLATE_DEPTH);
		return value_unknown(t->exhausted);
	}
	t->depth++;
	if (v->kind == VALUE_STRING)
		made = text_value(t, v, scope);
	else if (v->kind == VALUE_LIST)
		made = eval_list(t, v, scope);
	else if (v->kind == VALUE_MAP)
		made = is_call(v) ? call(t, v, scope) : eval_map(t, v, scope);
	t->depth--;
	made.place = v->place;
	return made;
}

/* ---- conditions ------------------------------------------------------------------------ */

enum cfn_truth cfn_holds(struct cfn *t, struct str name, const char **why)
{
	struct cfn_condition *c = NULL;
	struct value v;
	size_t i;

	for (i = 0; i < t->n_conditions && c == NULL; i++)
		if (str_equal(t->conditions[i].named.name, name))
			c = &t->conditions[i];
	if (c == NULL) {
		*why = arena_printf(t->arena, "there is no condition %s", quoted(t, name));
		return CFN_UNKNOWN;
	}
	if (c->state == CFN_VISITING) {
		*why = arena_printf(t->arena, "the condition %s refers to itself", quoted(t, name));
		return CFN_UNKNOWN;
	}
	if (c->state == CFN_NEW) {
		c->state = CFN_VISITING;
		c->why = NULL;
		v = cfn_eval(t, c->named.raw, c->named.scope);
		c->truth = truth_of(t, &v, &c->why);
		if (c->truth == CFN_UNKNOWN)
			c->why = arena_printf(t->arena, "the condition %s is not decided: %s",
					      quoted(t, name), c->why);
		c->state = CFN_DONE;
	}
	*why = c->why;
	return c->truth;
}

enum cfn_truth cfn_exists(struct cfn *t, const struct cfn_resource *r, const char **why)
{
	const struct value *condition = cfn_get(r, "Condition");
	struct value name;

	*why = NULL;
	if (condition == NULL)
		return CFN_TRUE;
	name = cfn_eval(t, condition, r->named.scope);
	if (name.kind != VALUE_STRING) {
		*why =
		    name.kind == VALUE_UNKNOWN ? name.why : "its Condition is not the name of one";
		return CFN_UNKNOWN;
	}
	return cfn_holds(t, value_str(&name), why);
}
