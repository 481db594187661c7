/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What tests of conditions share: a policy's text, a configuration and
 * parameters, all from YAML.
 */
#ifndef RULE_COND_FIXTURE_H
#define RULE_COND_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those four first */
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "model/mistake.h"
#include "model/partial.h"
#include "model/resource.h"
#include "model/yaml.h"
#include "rule/cond.h"
#include "rule/params.h"

#define FIXTURE_PARAMS 16

struct fixture {
	struct arena arena, scratch;
	struct source source;
	struct mistakes mistakes;
	struct param list[FIXTURE_PARAMS];
	struct params params;
	struct scope scope;
	struct resource resource;
	struct source resource_source;
	struct judge judge;
};

static inline void fixture_print(struct fixture *f)
{
	struct buf b = BUF_INIT(0);

	mistakes_print(&f->mistakes, &b);
	fprintf(stderr, "%s\n", buf_str(&b).data);
	buf_release(&b);
}

static inline const struct value *fixture_yaml(struct fixture *f, struct source *source,
					       const char *name, const char *text)
{
	struct value *root = ARENA_NEW(&f->arena, struct value);

	source_init(source, name, str_of(text));
	if (yaml_read(source, &f->arena, root, &f->mistakes) == -1) {
		fixture_print(f);
		fail_msg("not YAML: %s", text);
	}
	return root;
}

/* Declares a parameter: its type and its value. */
static inline void fixture_param(struct fixture *f, const char *name, const char *type,
				 const struct value *value)
{
	struct param *p = &f->list[f->params.n++];

	assert_true(f->params.n <= FIXTURE_PARAMS);
	*p = (struct param){ .name = str_of(name), .description = STR(""), .value = value };
	assert_true(param_type_parse(str_of(type), &p->type));
}

static inline void fixture_param_yaml(struct fixture *f, const char *name, const char *type,
				      const char *text)
{
	struct source *source = ARENA_NEW(&f->arena, struct source);

	fixture_param(f, name, type, fixture_yaml(f, source, "params.yaml", text));
}

static inline void fixture_init(struct fixture *f)
{
	*f = (struct fixture){ 0 };
	mistakes_init(&f->mistakes, &f->arena);
	f->params.list = f->list;
	source_init(&f->resource_source, "given.yaml", STR(""));
	f->judge.arena = &f->scratch;
	f->scope = (struct scope){ KINDS_RECORDING_CONFIGURATION, &f->params, &f->source,
				   &f->mistakes, &f->arena };
}

static inline void fixture_release(struct fixture *f)
{
	mistakes_release(&f->mistakes);
	arena_release(&f->scratch);
	arena_release(&f->arena);
}

static inline void fixture_give_value(struct fixture *f, const struct value *given,
				      const struct str *unknown, size_t n_unknown)
{
	struct err err;

	resource_init(&f->resource, &f->resource_source, given->place, SOURCE_API);
	if (resource_from_value(&f->resource, given, unknown, n_unknown, &f->arena, &err) == -1)
		fail_msg("%u:%u: %s", err.line, err.column, err.text);
}

/* A configuration; unknown: a path that is, or NULL. */
static inline void fixture_give(struct fixture *f, const char *text, const char *unknown)
{
	struct str path = str_of(unknown != NULL ? unknown : "");

	fixture_give_value(f, fixture_yaml(f, &f->resource_source, "given.yaml", text), &path,
			   unknown != NULL);
}

/* A configuration that has something of everything, with a bucket that is not known, and
 * parameters of every type. */
static inline void fixture_start(struct fixture *f)
{
	static const char sample[] =
	    "arn: 'arn:aws:ivs:us-west-2:123456789012:recording-configuration/AbCdEf'\n" /* 1 */
	    "name: acme-live\n"
	    "state: ACTIVE\n" /* 3 */
	    "destinationConfiguration:\n"
	    "  s3: {bucketName: acme-recordings}\n" /* 5 */
	    "recordingReconnectWindowSeconds: 30\n"
	    "renditionConfiguration: {renditionSelection: CUSTOM, renditions: [HD, SD]}\n" /* 7 */
	    "tags: {owner: video, Env: Prod, Max: '20', 'a.b': dotted}\n"
	    "channels:\n" /* 9 */
	    "  - {name: one, type: BASIC, tags: {Team: x}}\n"
	    "  - {name: two, type: STANDARD, insecureIngest: true}\n"    /* 11 */
	    "template: {Metadata: {acme: {tier: gold, list: [1, 2]}},\n" /* 12 */
	    "  mistakes: [{property: Name, text: too long}]}\n";

	fixture_init(f);
	fixture_param_yaml(f, "range", "range", "{min: 5, max: 30}");
	fixture_param_yaml(f, "from", "range", "{min: 5}");
	fixture_param_yaml(f, "names", "list<string>", "[Owner, Environment]");
	fixture_param_yaml(f, "name", "string", "prod");
	fixture_param_yaml(f, "number", "number", "7");
	fixture_param_yaml(f, "limits", "map<number>", "{low: 5, high: 7}");
	fixture_param(f, "unset", "string", NULL);
	fixture_give(f, sample, "bucket");
}

static inline struct cond *fixture_cond(struct fixture *f, const char *text)
{
	const struct value *node = fixture_yaml(f, &f->source, "policy.yaml", text);
	struct cond *c = cond_compile(&f->scope, node);

	if (c == NULL) {
		fixture_print(f);
		fail_msg("does not compile: %s", text);
	}
	return c;
}

/*
 * A text with gaps: "acme-[account d 12 12]-x" has one of twelve digits. The
 * classes are d(igit) l(ower) u(pper) h(yphen) p(eriod) n(underscore) s(ign)
 * m(ark) w(orld); most may be *.
 */
static inline struct value fixture_text(struct arena *a, const char *text)
{
	static const char letters[] = "ludhpnsmw"; /* in the order of CHARS_* */
	struct value pieces[16];
	char name[32], chars[16], most[16];
	unsigned set, least;
	size_t n = 0, len, i;

	while (*text != '\0') {
		assert_true(n < sizeof(pieces) / sizeof(*pieces));
		len = strcspn(text, "[");
		if (len > 0) {
			pieces[n++] = value_of_str(arena_str(a, (struct str){ text, len }));
			text += len;
			continue;
		}
		assert_int_equal(
		    sscanf(text, "[%31s %15s %u %15[0-9*]]", name, chars, &least, most), 4);
		for (set = 0, i = 0; chars[i] != '\0'; i++)
			set |= 1u << (strchr(letters, chars[i]) - letters);
		pieces[n++] = value_gap(a, name, "it is known after the deploy", set, least,
					most[0] == '*' ? GAP_NO_MOST : (uint32_t)strtoul(most, NULL, 10));
		text = strchr(text, ']') + 1;
	}
	return value_concat(a, pieces, n);
}

static inline const char *truth_name(enum truth t)
{
	return t == TRUTH_TRUE ? "true" : t == TRUTH_FALSE ? "false" : "unknown";
}

#endif
