/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which templates of a run know of each other. Files are looked at a second
 * time only where a template speaks of other stacks; linked templates are read
 * one at a time, so that what one asks of another is found out only once.
 */
#include "input/cfn_run_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "input/cfn_given.h"
#include "input/input.h"
#include "model/json.h"

#define HEAD_SIZE ((size_t)64 << 10)

struct cfn_run *cfn_run_new(const char *const *paths, size_t n, const struct cfn_given *given)
{
	struct cfn_run *run = mem_alloc(sizeof(*run));

	*run = (struct cfn_run){ .paths = paths, .n_paths = n, .given = given };
	pthread_mutex_init(&run->lock, NULL);
	run->last = &run->units;
	return run;
}

void cfn_run_free(struct cfn_run *run)
{
	struct cfn_unit *u;

	if (run == NULL)
		return;
	for (u = run->units; u != NULL; u = u->next)
		cfn_close(&u->t);
	pthread_mutex_destroy(&run->lock);
	arena_release(&run->arena);
	arena_release(&run->scratch);
	free(run->missing);
	free(run);
}

/* ---- files ---------------------------------------------------------------------- */

char *cfn_file_beside(struct arena *a, const char *path, struct str name)
{
	const char *slash = strrchr(path, '/');
	size_t len = slash != NULL ? (size_t)(slash + 1 - path) : 0;
	char *made = arena_alloc(a, len + name.len + 1);

	for (; str_starts(name, STR("./")); name.data += 2, name.len -= 2)
		;
	memcpy(made, path, len);
	memcpy(made + len, name.data, name.len);
	return made;
}

const char *cfn_file_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

int cfn_file_open(const char *path, struct stat *st)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd == -1)
		return -1;
	if (fstat(fd, st) == -1 || !S_ISREG(st->st_mode)) {
		close(fd);
		errno = EINVAL;
		return -1;
	}
	return fd;
}

char *cfn_file_bytes(struct arena *a, int fd, size_t most, size_t *len)
{
	char *bytes = arena_alloc(a, most + JSON_PADDING);
	ssize_t got;

	*len = 0;
	while (*len < most) {
		got = read(fd, bytes + *len, most - *len);
		if (got == -1 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		*len += (size_t)got;
	}
	memset(bytes + *len, 0, JSON_PADDING);
	return bytes;
}

static struct str without_mark(char *bytes, size_t len)
{
	if (len >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
		return (struct str){ bytes + 3, len - 3 };
	return (struct str){ bytes, len };
}

/* ---- stacks -------------------------------------------------------------------------- */

static const struct value *given_parameter(void *to, const struct cfn *t, struct str name)
{
	const struct cfn_run *run = to;

	(void)t;
	return cfn_given_parameter(run->given, name);
}

static const char *given_origin(void *to, const struct cfn *t, struct str name)
{
	const struct cfn_run *run = to;

	(void)t;
	return cfn_given_origin(run->given, name);
}

void cfn_run_stack(struct cfn_run *run, const char *path, struct arena *arena,
		   struct cfn_stack *stack)
{
	*stack = (struct cfn_stack){
		.region = cfn_given_region(run->given),
		.account = cfn_given_account(run->given),
		.name = cfn_given_stack_name(run->given),
		.tags = cfn_given_tags(run->given),
		.to = run,
		.parameter = given_parameter,
		.origin = given_origin,
	};
	cfn_manifest_take(arena, path, stack);
}

/* ---- the survey ------------------------------------------------------------------------- */

/* Whether a template asks other stacks for something. */
static bool speaks_of_others(struct str s)
{
	return text_has(s, STR(CFN_STACK)) || text_has(s, STR("ImportValue")) ||
	       text_has(s, STR(CFN_APPLICATION));
}

static bool begins_as_one(struct cfn_run *run, const char *path, int fd)
{
	struct input_head head = { .name = path };
	size_t len;
	bool is;

	head.text.data = cfn_file_bytes(&run->scratch, fd, HEAD_SIZE, &len);
	head.whole = len < HEAD_SIZE;
	head.text = without_mark((char *)(uintptr_t)head.text.data, len);
	head.first = *json_scan_blanks(head.text.data);
	head.json = head.first == '{' || head.first == '[';
	is = input_recognise(&head, &run->scratch) == &input_cfn;
	arena_reset(&run->scratch);
	return is;
}

/* Reads a file that is a template as a unit; NULL for anything else. */
static struct cfn_unit *add_unit(struct cfn_run *run, const char *path, bool in_run, bool any)
{
	struct cfn_unit *u;
	struct place place;
	const char *text;
	struct stat st;
	struct str bytes;
	char *raw;
	size_t len;
	int fd = cfn_file_open(path, &st);

	if (fd == -1)
		return NULL;
	for (u = run->units; u != NULL; u = u->next)
		if (u->device == st.st_dev && u->inode == st.st_ino) {
			close(fd);
			u->in_run |= in_run;
			return u;
		}
	if ((size_t)st.st_size > LIMIT_TEMPLATE_SIZE || (!any && !begins_as_one(run, path, fd))) {
		close(fd);
		return NULL;
	}
	lseek(fd, 0, SEEK_SET);
	raw = cfn_file_bytes(&run->arena, fd, (size_t)st.st_size, &len);
	close(fd);
	bytes = without_mark(raw, len);
	u = ARENA_NEW(&run->arena, struct cfn_unit);
	u->path = arena_strdup(&run->arena, path);
	u->in_run = in_run;
	u->run = run;
	u->device = st.st_dev;
	u->inode = st.st_ino;
	source_init(&u->source, u->path, bytes);
	u->t.arena = &run->arena;
	u->t.source = &u->source;
	if (cfn_read_tree(&u->source, &run->arena, &u->t.root, &place, &text) == -1 ||
	    !cfn_is_template(&u->t.root))
		return NULL;
	cfn_run_stack(run, u->path, &run->arena, &u->t.stack);
	cfn_linked_stack(u, &u->t.stack);
	run->linked |= speaks_of_others(bytes);
	*run->last = u;
	run->last = &u->next;
	run->n_units++;
	return u;
}

static void survey_path(struct cfn_run *run, const char *path)
{
	struct file_walk *walk;
	struct stat st;
	struct err err;
	int rc;

	if (strcmp(path, "-") == 0 || stat(path, &st) == -1)
		return;
	if (!S_ISDIR(st.st_mode)) {
		add_unit(run, path, true, false);
		return;
	}
	walk = file_walk_new(path, &err);
	if (walk == NULL)
		return;
	while ((rc = file_walk_next(walk, &path, &err)) != 0 && run->n_units < LIMIT_TEMPLATES)
		if (rc == 1)
			add_unit(run, path, true, false);
	file_walk_free(walk);
}

bool cfn_is_nested(const struct cfn_resource *r)
{
	return str_is(r->type, CFN_STACK) || str_is(r->type, CFN_APPLICATION);
}

/* A path, not a URL, of a file that looks like one. */
static bool names_a_template(struct str s)
{
	static const char *const endings[] = { ".yaml", ".yml", ".json", ".template" };
	size_t i;

	for (i = 0; i < sizeof(endings) / sizeof(*endings); i++)
		if (str_ends(s, str_of(endings[i])))
			return !text_has(s, STR("://"));
	return false;
}

/* Where the template of a nested stack is, relative to its parent, or "". */
static struct str nested_path(struct cfn *t, const struct cfn_resource *r)
{
	const struct value *metadata = cfn_get(r, "Metadata"),
			   *properties = cfn_get(r, "Properties"), *v;
	struct value made;

	if ((v = cfn_text_at(metadata, "aws:asset:path")) != NULL)
		return value_str(v);
	v = value_get(properties,
		      str_is(r->type, CFN_STACK) ? STR("TemplateURL") : STR("Location"));
	if (v == NULL)
		return STR("");
	made = cfn_eval(t, v, r->named.scope);
	if (made.kind != VALUE_STRING || !names_a_template(value_str(&made)) ||
	    memchr(made.text, '\0', made.n) != NULL)
		return STR("");
	return value_str(&made);
}

bool cfn_run_knows(const struct cfn_run *run, const struct cfn_resource *stack)
{
	size_t i;

	for (i = 0; i < run->n_missing; i++)
		if (&run->missing[i].unit->t == stack->in &&
		    run->missing[i].place.line == stack->named.place.line &&
		    run->missing[i].place.column == stack->named.place.column)
			return true;
	return cfn_linked_unit(run, stack) != NULL;
}

const char *cfn_run_like(const struct cfn_run *run, struct str name)
{
	const struct cfn_unit *u;

	for (u = run->units; u != NULL; u = u->next)
		if (u->in_run && str_is(name, cfn_file_base(u->path)))
			return u->path;
	return NULL;
}

static void tell_missing(struct cfn_run *run, struct cfn_unit *unit, struct place place,
			 const char *text)
{
	if (run->n_missing == run->cap_missing) {
		run->cap_missing = run->cap_missing != 0 ? run->cap_missing * 2 : 8;
		run->missing = mem_grow(run->missing, run->cap_missing * sizeof(*run->missing));
	}
	run->missing[run->n_missing++] = (struct missing){ unit, place, text };
}

static void refer(struct cfn_run *run, struct cfn_unit *parent, struct cfn_resource *stack,
		  struct str path)
{
	char *name = cfn_file_beside(&run->arena, path.data[0] == '/' ? "" : parent->path, path);
	struct cfn_unit *child;
	struct cfn_referrer *r, **last;

	if (run->n_units >= LIMIT_TEMPLATES) {
		tell_missing(run, parent, stack->named.place,
			     arena_printf(&run->arena,
					  "the template of a nested stack is not read: the run has "
					  "more than %d that know of each other",
					  LIMIT_TEMPLATES));
		return;
	}
	child = add_unit(run, name, false, true);
	if (child == NULL || child == parent) {
		struct buf b = BUF_INIT(0);

		text_put_quoted(&b, str_of(name), 200);
		tell_missing(
		    run, parent, stack->named.place,
		    arena_printf(&run->arena,
				 "the template %s of a nested stack cannot be read, or is none",
				 b.data));
		buf_release(&b);
		return;
	}
	/* region and account are the parent's; its name is made on deployment */
	child->t.stack.region = parent->t.stack.region;
	child->t.stack.account = parent->t.stack.account;
	child->t.stack.name = STR("");
	if (child->owner == NULL)
		child->owner = parent;
	for (last = &child->referrers; *last != NULL; last = &(*last)->next)
		;
	r = ARENA_NEW(&run->arena, struct cfn_referrer);
	*r = (struct cfn_referrer){ parent, stack->named.name, NULL };
	*last = r;
}

/* Opens every unit and follows its nested stacks, which add units at the end. */
static void open_units(struct cfn_run *run)
{
	struct cfn_unit *u;
	struct place place;
	const char *text;
	size_t i;

	for (u = run->units; u != NULL; u = u->next) {
		if (cfn_open(&u->t, &place, &text) == -1)
			continue;
		for (i = 0; i < u->t.n_resources; i++) {
			struct str path;

			if (!cfn_is_nested(&u->t.resources[i]))
				continue;
			path = nested_path(&u->t, &u->t.resources[i]);
			if (path.len > 0)
				refer(run, u, &u->t.resources[i], path);
		}
	}
	/* what was opened before it was known who hands it parameters: once more */
	for (u = run->units; u != NULL; u = u->next)
		if (u->referrers != NULL) {
			struct cfn fresh = { .arena = u->t.arena,
					     .source = u->t.source,
					     .root = u->t.root,
					     .stack = u->t.stack };

			cfn_close(&u->t);
			u->t = fresh;
			cfn_open(&u->t, &place, &text);
		}
	run->set.list = ARENA_ARRAY(&run->arena, run->n_units, struct cfn *);
	for (u = run->units; u != NULL; u = u->next)
		run->set.list[run->set.n++] = &u->t;
}

static void survey(struct cfn_run *run)
{
	size_t i;

	run->surveyed = true;
	for (i = 0; i < run->n_paths && run->n_units < LIMIT_TEMPLATES; i++)
		survey_path(run, run->paths[i]);
	if (run->linked)
		open_units(run);
}

/* One file that asks no other: nothing to look for. */
static bool stands_alone(const struct cfn_run *run, const struct source *source)
{
	return run->n_paths == 0 ||
	       (run->n_paths == 1 && strcmp(run->paths[0], source->name) == 0 &&
		!speaks_of_others(source->bytes));
}

struct cfn_unit *cfn_run_enter(struct cfn_run *run, const struct source *source)
{
	struct cfn_unit *u = NULL;
	struct stat st;

	if (stands_alone(run, source))
		return NULL;
	pthread_mutex_lock(&run->lock);
	if (!run->surveyed)
		survey(run);
	if (run->linked && stat(source->name, &st) == 0)
		for (u = run->units; u != NULL; u = u->next)
			if (u->device == st.st_dev && u->inode == st.st_ino &&
			    str_equal(u->source.bytes, source->bytes))
				break;
	if (u == NULL)
		pthread_mutex_unlock(&run->lock);
	return u;
}

void cfn_run_leave(struct cfn_run *run)
{
	pthread_mutex_unlock(&run->lock);
}

struct cfn_set *cfn_run_set(struct cfn_run *run)
{
	return &run->set;
}

struct cfn_unit *cfn_run_units(struct cfn_run *run)
{
	return run->units;
}

const char *cfn_run_missing(struct cfn_run *run, const struct cfn_unit *unit, size_t *at,
			    struct place *place)
{
	for (; *at < run->n_missing; (*at)++)
		if (run->missing[*at].unit == unit) {
			*place = run->missing[*at].place;
			return run->missing[(*at)++].text;
		}
	return NULL;
}
