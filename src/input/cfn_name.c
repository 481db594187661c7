/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What names in a template stand for: pseudo parameters, parameters, resources
 * and their attributes. What is not known of them has a reason, and what of it is
 * known stays known.
 */
#include "input/cfn_fn_inside.h"

#include "base/text.h"
#include "model/partial.h"

/* What gaps may hold: a row for each kind. */
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

struct value cfn_fn_gap(struct cfn *t, enum gap_kind kind, const char *name,
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
	return cfn_fn_gap(t, kind, name, NULL,
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
		*v = cfn_fn_unknown(t, "AWS::NotificationARNs is not known before the deploy");
	else if (str_is(name, "AWS::StackId"))
		*v = cfn_fn_gap(t, GAP_ANY, "AWS::StackId", NULL,
				"AWS::StackId is not known before the deploy");
	else
		*v = cfn_fn_unknown(t, "%s is no pseudo parameter that is known",
				    cfn_quoted(t->arena, name));
	return true;
}

/* A list of a parameter: "a, b" */
static struct value split_list(struct cfn *t, struct str text)
{
	struct value *items = ARENA_ARRAY(t->arena, cfn_fn_count(text, ',') + 1, struct value);
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
		return cfn_fn_unknown(
		    t,
		    "the parameter %s is the value of an SSM parameter, which is read on "
		    "deployment",
		    cfn_quoted(t->arena, p->name));
	if (v.kind == VALUE_UNKNOWN)
		return v;
	if ((str_is(name, "CommaDelimitedList") || str_starts(name, STR("List<"))) &&
	    cfn_text(t->arena, &v, &text))
		return split_list(t, text);
	if (v.kind != VALUE_STRING && cfn_text(t->arena, &v, &text))
		return value_of_str(text);
	return v; /* a text of YAML stays plain: see cfn_equal.c */
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
		return cfn_fn_unknown(t, "the parameter %s is a secret (NoEcho)",
				      cfn_quoted(t->arena, p->name));
	if (given == NULL)
		given = value_get(p->raw, STR("Default"));
	if (given != NULL && given->kind != VALUE_NULL)
		return typed(t, p, given);
	allowed = value_get(p->raw, STR("AllowedValues"));
	why = arena_printf(
	    t->arena, "the parameter %s has no default; --set-parameter or --parameters gives it",
	    cfn_quoted(t->arena, p->name));
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
				       cfn_quoted(t->arena, bucket->named.name));
	const char *id = arena_str(t->arena, bucket->named.name).data;
	struct value v;

	if (properties != NULL && (name = value_get(properties, STR("BucketName"))) != NULL) {
		if (bucket->visiting)
			return cfn_fn_unknown(t, "the name of the bucket %s refers to itself",
					      cfn_quoted(t->arena, bucket->named.name));
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
		parts[1] = cfn_fn_gap(t, GAP_BUCKET, id, bucket, why);
		v = cfn_concat(t->arena, parts, 2);
		if (v.kind == VALUE_UNKNOWN)
			return v;
	}
	return cfn_fn_gap(t, GAP_BUCKET, id, bucket, why);
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
				       cfn_quoted(t->arena, r->named.name));

	return cfn_fn_gap(t, kind,
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
	return known_after(t, GAP_ANY, r,
			   arena_printf(t->arena, "attribute %s", cfn_quoted(t->arena, name)));
}

/* A name that Ref or ${} has: of a loop, a parameter, a resource. */
struct value cfn_fn_named(struct cfn *t, struct str name, scope_t *scope)
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
	return cfn_fn_unknown(t, "there is no parameter and no resource %s in the template",
			      cfn_quoted(t->arena, name));
}

struct value cfn_fn_named_attribute(struct cfn *t, struct str id, struct str name)
{
	struct cfn_resource *r = cfn_resource_find(t, id);

	if (r == NULL)
		return cfn_fn_unknown(t, "there is no resource %s in the template",
				      cfn_quoted(t->arena, id));
	return attribute(t, r, name);
}
