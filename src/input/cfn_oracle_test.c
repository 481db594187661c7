/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Places against somebody else's: what cfn-lint says of published templates, line
 * and column, and where ours are for the same. Each of its verdicts is either at
 * our place or counted in a row of the table below, with the reason: one that is
 * lost fails the test. Read where it is, beside the repository; skipped where it is
 * not.
 */
#include "input/cfn_fixture.h"

#include <unistd.h>

#include "base/file.h"
#include "input/cfn.h"
#include "model/json.h"

#define FOLDER "../shared/conformance/"
#define ORACLE FOLDER "oracle/cfn-lint-1.51.0-verdicts.json"

/* How the two places are to each other. */
enum relation {
	SAME,  /* line and column are equal */
	ABOVE, /* theirs is that of a key further up, which is where ours has that key */
	MADE,  /* its path is not in the file: a transform made what it speaks of */
	ONCE, /* both refuse the file for it; they tell every occurrence, we the first that is wrong
	       */
	OTHER, /* none of these */
};

static const char *const relation_names[] = { "at the same place", "at a key above",
					      "of what a transform makes", "told once by ours",
					      "elsewhere" };

/* All verdicts that are not at the same place. */
static const struct {
	const char *path, *id;
	enum relation relation;
	unsigned n;
	const char *why;
} apart[] = {
	{ "cfn-syntax/bad/duplicate.json", "E0000", ONCE, 2,
	  "the first occurrence is no mistake, and JSON is refused at the second" },
	{ "cfn-syntax/bad/duplicate.yaml", "E0000", ONCE, 2, "the same" },
	{ "cfn-syntax/good/functions/foreach.yaml", "E3045", MADE, 1, "a loop's resource" },
	{ "cfn-syntax/good/functions/foreach.yaml", "W3045", MADE, 1, "a loop's resource" },
	{ "cfn-syntax/good/functions_findinmap.yaml", "E7001", ABOVE, 2,
	  "a key that is a number has no place of its own there" },
	{ "cfn-syntax/good/parameters/used_transform_language_extension.json", "W8001", MADE, 4,
	  "a loop's conditions" },
	{ "cfn-syntax/good/transform_serverless_globals.yaml", "E2533", MADE, 1,
	  "a property that SAM takes from Globals" },
	{ "templates/auto-captions/cloudformation@add5d85.yaml", "W1030", ABOVE, 12,
	  "a short form (!Ref) has no place of its own there, the property's is given" },
	{ "templates/auto-record-to-s3/r2s3-serverless@60fd482.yaml", "E2533", ABOVE, 10,
	  "SAM made the function anew: the resource's place is given" },
	{ "templates/auto-record-to-s3/r2s3-serverless@60fd482.yaml", "I1022", MADE, 10,
	  "InlineCode, which SAM makes Code.ZipFile of" },
};
#define N_APART (sizeof(apart) / sizeof(*apart))

/* Those on a recording configuration that we have no verdict for. The place of the
 * property is compared like all others. */
static const struct {
	const char *id;
	unsigned n;
	const char *why;
} not_ours[] = {
	{ "W3005", 3, "a DependsOn that a reference makes superfluous is harmless" },
};
#define N_NOT_OURS (sizeof(not_ours) / sizeof(*not_ours))

struct oracle {
	struct arena arena;
	unsigned relations[OTHER + 1];
	unsigned apart[N_APART], not_ours[N_NOT_OURS];
	unsigned ours; /* on recording configurations: mistakes at the same place */
	unsigned wrong;
};

/* A file of theirs: the bytes, the tree, and what a run makes of it. */
struct file {
	const char *name; /* below FOLDER */
	struct buf bytes;
	struct source source;
	struct value root;
	struct log log;
	struct place refused; /* line 0: it is not */
};

/* ---- ours -------------------------------------------------------------------------- */

static void read_bytes(struct buf *b, const char *path)
{
	static const char zeroes[JSON_PADDING];
	struct err err;

	*b = (struct buf)BUF_INIT(LIMIT_TEMPLATE_SIZE);
	if (file_read(b, path, &err) == -1)
		fail_msg("%s", err.text);
	b->limit = 0;
	buf_put(b, zeroes, JSON_PADDING);
	b->len -= JSON_PADDING;
}

static void open_file(struct oracle *o, struct file *f, struct str name)
{
	const char *path = arena_printf(&o->arena, FOLDER "%.*s", (int)name.len, name.data);
	const char *text;
	unsigned line, column;

	*f = (struct file){ .name = path + sizeof(FOLDER) - 1, .log = { .text = BUF_INIT(0) } };
	read_bytes(&f->bytes, path);
	source_init(&f->source, path, buf_str(&f->bytes));
	cfn_read_tree(&f->source, &o->arena, &f->root, &f->refused, &text);
	f->refused = (struct place){ 0, 0 };
	read_path(path, &f->log);
	buf_putc(&f->log.text, '\0');
	if (sscanf(f->log.text.data, "!%u:%u ", &line, &column) == 2)
		f->refused = (struct place){ line, column };
}

static void close_file(struct file *f)
{
	buf_release(&f->bytes);
	buf_release(&f->log.text);
}

/* ---- theirs ------------------------------------------------------------------------- */

static unsigned number_of(const struct value *v, const char *key)
{
	const struct value *n = value_get(v, str_of(key));

	assert_non_null(n);
	assert_int_equal(n->kind, VALUE_NUMBER);
	assert_int_equal(n->exponent, 0);
	return (unsigned)n->mantissa;
}

static bool is(struct place a, struct place b)
{
	return a.line == b.line && a.column == b.column;
}

/* One step of a path: what is there, and where it begins: a key, or an item. */
static const struct value *step(struct oracle *o, const struct value *at, const struct value *name,
				struct place *place)
{
	const struct entry *e;
	struct str key;

	if (name->kind == VALUE_NUMBER && at->kind == VALUE_LIST) {
		if ((uint64_t)name->mantissa >= at->n)
			return NULL;
		*place = at->items[name->mantissa].place;
		return &at->items[name->mantissa];
	}
	key = name->kind == VALUE_STRING
		  ? value_str(name)
		  : str_of(arena_printf(&o->arena, "%d", (int)name->mantissa));
	e = at->kind == VALUE_MAP ? value_entry(at, key) : NULL;
	if (e == NULL)
		return NULL;
	*place = e->key_place;
	return &e->value;
}

static enum relation relate(struct oracle *o, struct file *f, const struct value *path,
			    struct place theirs)
{
	struct place place = f->root.place;
	const struct value *at = &f->root;
	bool above = false;
	uint32_t i;

	for (i = 0; i < path->n; i++) {
		above |= i > 0 && is(source_place(&f->source, place), theirs);
		at = step(o, at, &path->items[i], &place);
		if (at == NULL)
			return MADE;
	}
	if (is(source_place(&f->source, place), theirs))
		return SAME;
	return above ? ABOVE : OTHER;
}

/* A verdict on a recording configuration: what is reported names the same places. */
static void compare_reported(struct oracle *o, struct file *f, const struct value *path,
			     struct str id, struct place theirs)
{
	const struct value *at = &f->root, *type, *property = &path->items[path->n - 1];
	struct place place;
	const char *want;
	size_t i;

	if (path->n < 2 || !str_is(value_str(&path->items[0]), "Resources"))
		return;
	at = step(o, at, &path->items[0], &place);
	at = at != NULL ? step(o, at, &path->items[1], &place) : NULL;
	type = at != NULL ? value_get(at, STR("Type")) : NULL;
	if (type == NULL || !str_is(value_str(type), CFN_CONFIGURATION))
		return;
	place = source_place(&f->source, place);
	want = arena_printf(&o->arena, "%.*s %u:%u; ", STR_ARG(value_str(&path->items[1])),
			    place.line, place.column);
	if (strstr(f->log.text.data, want) == NULL) {
		print_error("%s: not in '%s': '%s'\n", f->name, f->log.text.data, want);
		o->wrong++;
	}
	for (i = 0; i < N_NOT_OURS; i++)
		if (str_is(id, not_ours[i].id)) {
			o->not_ours[i]++;
			return;
		}
	want = arena_printf(&o->arena, "~%u:%u %.*s; ", theirs.line, theirs.column,
			    STR_ARG(value_str(property)));
	o->ours++;
	if (strstr(f->log.text.data, want) == NULL) {
		print_error("%s: not in '%s': '%s'\n", f->name, f->log.text.data, want);
		o->wrong++;
	}
}

static void count(struct oracle *o, const char *name, struct str id, enum relation relation,
		  struct place theirs)
{
	size_t i;

	o->relations[relation]++;
	if (relation == SAME)
		return;
	for (i = 0; i < N_APART; i++)
		if (strcmp(apart[i].path, name) == 0 && str_is(id, apart[i].id) &&
		    apart[i].relation == relation) {
			o->apart[i]++;
			return;
		}
	print_error("%s:%u:%u: %.*s is %s\n", name, theirs.line, theirs.column, STR_ARG(id),
		    relation_names[relation]);
	o->wrong++;
}

static void compare_file(struct oracle *o, const struct entry *verdicts)
{
	const struct value *list = value_get(&verdicts->value, STR("findings")), *path;
	enum relation relation;
	struct place theirs;
	struct file f;
	struct str id;
	uint32_t i;

	open_file(o, &f, verdicts->key);
	for (i = 0; i < list->n; i++) {
		theirs.line = number_of(&list->items[i], "line");
		theirs.column = number_of(&list->items[i], "column");
		id = value_str(value_get(&list->items[i], STR("id")));
		path = value_get(&list->items[i], STR("path"));
		/* without a path the file is refused as a whole */
		if (path->kind != VALUE_LIST)
			relation = is(f.refused, theirs) ? SAME
				   : f.refused.line != 0 ? ONCE
							 : OTHER;
		else
			relation = relate(o, &f, path, theirs);
		count(o, f.name, id, relation, theirs);
		if (path->kind == VALUE_LIST)
			compare_reported(o, &f, path, id, theirs);
	}
	close_file(&f);
}

static void test_places(void **state)
{
	struct oracle o = { .arena = ARENA_INIT };
	const struct value *files;
	struct value root;
	struct buf text;
	struct json j;
	uint32_t i;

	(void)state;
	if (access(ORACLE, R_OK) == -1) {
		print_message("%s is not there: skipped\n", ORACLE);
		skip();
	}
	read_bytes(&text, ORACLE);
	json_init(&j, buf_str(&text), &o.arena);
	if (json_value(&j, &root) == -1)
		fail_msg("%s: %s", ORACLE, j.error);
	files = value_get(&root, STR("files"));
	assert_non_null(files);
	for (i = 0; i < files->n; i++)
		compare_file(&o, &files->entries[i]);
	for (i = 0; i < OTHER; i++)
		print_message("oracle: %u verdicts %s\n", o.relations[i], relation_names[i]);
	print_message("oracle: %u on recording configurations are told by ours too\n", o.ours);
	for (i = 0; i < N_APART; i++)
		if (o.apart[i] != apart[i].n)
			fail_msg("%s: %u times %s (%s), and %u were expected", apart[i].path,
				 o.apart[i], apart[i].id, apart[i].why, apart[i].n);
	for (i = 0; i < N_NOT_OURS; i++)
		if (o.not_ours[i] != not_ours[i].n)
			fail_msg("%u times %s (%s), and %u were expected", o.not_ours[i],
				 not_ours[i].id, not_ours[i].why, not_ours[i].n);
	assert_int_equal(o.wrong, 0);
	/* files and verdicts of this edition of the oracle */
	assert_int_equal(files->n, 39);
	assert_int_equal(o.relations[SAME], 113);
	assert_int_equal(o.ours, 1);
	buf_release(&text);
	arena_release(&o.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_places) };

	return cmocka_run_group_tests_name("oracle", tests, NULL, NULL);
}
