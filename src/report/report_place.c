/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Places for readers in a repository. Knows paths by their letters alone: no
 * link is followed, and nothing is looked for on the disk.
 */
#include "report/report_place.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/limit.h"
#include "report/report_part.h"

#define POLICY_FILE ".ivslint.yaml" /* where there is no other file to point at */

struct report_places {
	struct arena arena;
	struct str folder, top;
	struct report_place *rules; /* by index in the policy */
	struct report_place policy;
	struct buf path;
};

/* ---- paths ------------------------------------------------------------------- */

/* One part of a path, onto what is there already. */
static void put_part(struct buf *out, size_t from, struct str part)
{
	if (part.len == 0 || str_is(part, "."))
		return;
	if (str_is(part, "..")) {
		while (out->len > from && out->data[out->len - 1] != '/')
			out->data[--out->len] = '\0';
		if (out->len > from)
			out->data[--out->len] = '\0';
		return;
	}
	if (out->len > from)
		buf_putc(out, '/');
	buf_put_str(out, part);
}

static void put_parts(struct buf *out, size_t from, struct str path)
{
	const char *slash;
	size_t len;

	while (path.len != 0) {
		slash = memchr(path.data, '/', path.len);
		len = slash != NULL ? (size_t)(slash - path.data) : path.len;
		put_part(out, from, (struct str){ path.data, len });
		len += slash != NULL;
		path.data += len;
		path.len -= len;
	}
}

/* Whether the path, from the root on, is below the folder; then it is cut. */
static bool cut_folder(struct buf *out, size_t from, struct str folder)
{
	struct str path = { out->data + from, out->len - from };

	while (folder.len != 0 && folder.data[0] == '/') {
		folder.data++;
		folder.len--;
	}
	if (folder.len == 0 || path.len <= folder.len + 1 || !str_starts(path, folder) ||
	    path.data[folder.len] != '/')
		return false;
	memmove(out->data + from, path.data + folder.len + 1, path.len - folder.len - 1);
	out->len -= folder.len + 1;
	out->data[out->len] = '\0';
	return true;
}

/* Whether a relative path leaves the folder that it starts in. */
static bool climbs(struct str path)
{
	const char *slash;
	size_t len;
	int depth = 0;

	while (path.len != 0) {
		slash = memchr(path.data, '/', path.len);
		len = slash != NULL ? (size_t)(slash - path.data) : path.len;
		if (len == 2 && path.data[0] == '.' && path.data[1] == '.')
			depth--;
		else if (len > 1 || (len == 1 && path.data[0] != '.'))
			depth++;
		if (depth < 0)
			return true;
		len += slash != NULL;
		path.data += len;
		path.len -= len;
	}
	return false;
}

bool report_path_put(struct buf *out, struct str folder, struct str top, struct str file,
		     bool *outside)
{
	size_t from = out->len;

	*outside = false;
	if (file.len == 0 || str_is(file, "-") || file.data[0] == '<' ||
	    str_starts(file, STR("ivslint:")))
		return false;
	if (file.data[0] != '/' && !climbs(file) && str_equal(folder, top)) {
		put_parts(out, from, file);
		return out->len > from;
	}
	buf_puts(out, ""); /* there is something to point at */
	if (file.data[0] != '/')
		put_parts(out, from, folder);
	put_parts(out, from, file);
	if (out->len == from)
		return false;
	*outside = !cut_folder(out, from, top);
	return true;
}

static bool is_unreserved(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '.' || c == '_' || c == '~' || c == '/';
}

void report_put_uri(struct buf *out, struct str path)
{
	size_t i;

	for (i = 0; i < path.len; i++)
		if (is_unreserved(path.data[i]))
			buf_putc(out, path.data[i]);
		else
			buf_printf(out, "%%%02X", (unsigned)(unsigned char)path.data[i]);
}

/* ---- places ------------------------------------------------------------------ */

static uint32_t from_one(uint32_t n)
{
	return n == 0 ? 1 : n;
}

/* False where the file is none to point at. */
static bool place_in(struct report_places *p, const char *file, struct place at,
		     struct report_place *place)
{
	bool cut;
	struct str name = report_cut(report_str(file), &cut);

	*place = (struct report_place){ .line = from_one(at.line),
					.column = from_one(at.line == 0 ? 0 : at.column) };
	buf_clear(&p->path);
	if (!report_path_put(&p->path, p->folder, p->top, name, &place->outside))
		return false;
	place->path = buf_str(&p->path);
	return true;
}

static bool place_kept(struct report_places *p, const char *file, struct place at,
		       struct report_place *place)
{
	if (!place_in(p, file, at, place))
		return false;
	place->path = arena_buf(&p->arena, &p->path);
	place->of_policy = true;
	return true;
}

static void find_folder(struct report_places *p, const char *root)
{
	char folder[LIMIT_OUTPUT_PATH];

	p->folder = STR("");
	if (getcwd(folder, sizeof(folder)) != NULL && folder[0] == '/')
		p->folder = arena_str(&p->arena, str_of(folder));
	p->top = p->folder.len != 0 && root != NULL ? str_of(root) : p->folder;
}

struct report_places *report_places_new(const struct run *run)
{
	const struct policy *policy = run->policy;
	struct report_places *p = mem_alloc(sizeof(*p));
	const struct rule *rule;
	size_t i;

	*p = (struct report_places){ .arena = ARENA_INIT };
	find_folder(p, run->root);
	if (!place_kept(p, policy->file, PLACE_NONE, &p->policy))
		p->policy = (struct report_place){
			.path = STR(POLICY_FILE), .of_policy = true, .line = 1, .column = 1
		};
	p->rules = ARENA_ARRAY(&p->arena, policy->n_rules + 1, struct report_place);
	for (i = 0; i < policy->n_rules; i++) {
		rule = &policy->rules[i];
		if (rule->source == NULL ||
		    !place_kept(p, rule->source->name, source_place(rule->source, rule->place),
				&p->rules[i]))
			p->rules[i] = p->policy;
	}
	return p;
}

void report_places_free(struct report_places *p)
{
	if (p == NULL)
		return;
	arena_release(&p->arena);
	buf_release(&p->path);
	free(p);
}

struct report_place report_place_of_finding(struct report_places *p, const struct judgement *j,
					    const struct finding *f)
{
	struct report_place place;
	struct place at = f->place.line != 0 ? f->place : j->subject.place;

	return place_in(p, j->subject.file, at, &place) ? place : p->rules[f->rule->index];
}

struct report_place report_place_of_problem(struct report_places *p, const struct problem *problem)
{
	struct report_place place;
	struct place at = { problem->line, problem->column };

	return place_in(p, problem->file, at, &place) ? place : p->policy;
}
