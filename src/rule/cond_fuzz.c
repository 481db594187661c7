/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Conditions from outside: YAML to a condition, judged, explained, traced and
 * described on a few resources. Aborts where a promise of cond.h breaks.
 */
#include "rule/cond.h"

#include <stdlib.h>

#include "model/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const given[] = {
	"{}",
	"{name: acme-live, state: ACTIVE, account: '123456789012', region: us-west-2,\n"
	" destinationConfiguration: {s3: {bucketName: acme-recordings}},\n"
	" recordingReconnectWindowSeconds: 30,\n"
	" renditionConfiguration: {renditionSelection: CUSTOM, renditions: [HD, SD]},\n"
	" tags: {Owner: video, owner: x, Max: '60', 'a.b': c},\n"
	" thumbnailConfiguration: {targetIntervalSeconds: 10, storage: [LATEST]},\n"
	" channels: [{name: one, type: BASIC, tags: {Team: x}}, {insecureIngest: true}],\n"
	" template: {Metadata: {a: {b: [1, {c: d}]}}}}",
	"{tags: {}, channels: [], renditionConfiguration: {renditions: []}}",
};

static void must(bool promise)
{
	if (!promise)
		abort();
}

static const struct value *read_yaml(struct source *source, const char *name, struct str text,
				     struct arena *arena)
{
	struct value *root = ARENA_NEW(arena, struct value);
	struct mistakes mistakes;
	int rc;

	source_init(source, name, text);
	mistakes_init(&mistakes, arena);
	rc = yaml_read(source, arena, root, &mistakes);
	mistakes_release(&mistakes);
	return rc == 0 ? root : NULL;
}

static void add_param(struct params *p, const char *name, const char *type, const char *text,
		      struct arena *arena)
{
	struct source *source = ARENA_NEW(arena, struct source);
	struct param *one = &p->list[p->n++];

	*one = (struct param){ .name = str_of(name), .description = STR("") };
	must(param_type_parse(str_of(type), &one->type));
	one->value = read_yaml(source, "param", str_of(text), arena);
	must(one->value != NULL);
}

struct root {
	enum truth truth;
	bool seen;
};

static void take_step(void *to, int depth, struct str description, enum truth truth,
		      struct place place, const struct evidence *leaf)
{
	struct root *root = to;

	must(description.data != NULL && place.column != UINT32_MAX);
	must(leaf == NULL || leaf->truth == truth);
	if (depth == 0) {
		root->truth = truth;
		root->seen = true;
	}
}

static void check(const struct cond *c, const struct resource *r, struct judge *j)
{
	struct arena arena = ARENA_INIT;
	struct root root = { TRUTH_FALSE, false };
	struct evidence ev;
	enum truth truth;

	j->error = NULL;
	truth = cond_judge(c, r, j);
	must(truth == cond_judge(c, r, j));
	cond_explain(c, r, j, &arena, &ev);
	must(ev.truth == truth && ev.actual != NULL && ev.field.data != NULL);
	must((ev.why != NULL) == (truth == TRUTH_UNKNOWN));
	cond_trace(c, r, j, &arena, take_step, &root);
	must(root.seen && root.truth == truth);
	arena_release(&arena);
}

static void check_resources(const struct cond *c, struct arena *arena)
{
	static const struct str tags = { "tags", 4 };
	struct arena scratch = ARENA_INIT;
	struct judge j = { .arena = &scratch };
	struct source source;
	struct resource r;
	const struct value *tree;
	struct err err;
	size_t i;

	for (i = 0; i < sizeof(given) / sizeof(*given); i++) {
		tree = read_yaml(&source, "given", str_of(given[i]), arena);
		must(tree != NULL);
		resource_init(&r, &source, tree->place, SOURCE_JSON);
		must(resource_from_value(&r, tree, &tags, i == 2, arena, &err) == 0);
		check(c, &r, &j);
	}
	arena_release(&scratch);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = ARENA_INIT;
	struct buf b = BUF_INIT(0);
	struct mistakes mistakes;
	struct param list[4];
	struct params params = { .list = list };
	struct source source;
	struct scope scope = { KINDS_RECORDING_CONFIGURATION, &params, &source, &mistakes, &arena };
	const struct value *node;
	struct cond *c;

	mistakes_init(&mistakes, &arena);
	add_param(&params, "range", "range", "{min: 5}", &arena);
	add_param(&params, "names", "list<string>", "[Owner, Team]", &arena);
	add_param(&params, "pattern", "pattern", "'^acme'", &arena);
	add_param(&params, "allowed", "map<list<string>>", "{Owner: [video, 'a*']}", &arena);
	node = read_yaml(&source, "policy", (struct str){ (const char *)data, size }, &arena);
	if (node != NULL) {
		c = cond_compile(&scope, node);
		must((c == NULL) == (mistakes.n + mistakes.dropped != 0));
		if (c != NULL) {
			check_resources(c, &arena);
			cond_describe(c, &b);
			must(b.len != 0);
		}
		cond_release(c);
		mistakes_print(&mistakes, &b);
	}
	mistakes_release(&mistakes);
	buf_release(&b);
	arena_release(&arena);
	return 0;
}
