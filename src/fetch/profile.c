/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The shared files. Knows their grammar as the SDKs agree on it; does not
 * know what any setting means.
 */
#include "fetch/profile.h"

#include <string.h>

#include "base/limit.h"
#include "base/text.h"

/* ---- text ------------------------------------------------------------------ */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static struct str trim(struct str s)
{
	while (s.len != 0 && (is_blank(s.data[s.len - 1]) || s.data[s.len - 1] == '\r'))
		s.len--;
	while (s.len != 0 && is_blank(s.data[0])) {
		s.data++;
		s.len--;
	}
	return s;
}

static struct str before(struct str s, size_t end)
{
	return (struct str){ s.data, end };
}

static struct str behind(struct str s, size_t from)
{
	return (struct str){ s.data + from, s.len - from };
}

static size_t find(struct str s, char c)
{
	const char *at = memchr(s.data, c, s.len);

	return at != NULL ? (size_t)(at - s.data) : s.len;
}

static bool is_letter_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool is_made_of(struct str s, const char *also)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (!is_letter_or_digit(s.data[i]) &&
		    (s.data[i] == '\0' || strchr(also, s.data[i]) == NULL))
			return false;
	return s.len != 0;
}

/* ---- grammar --------------------------------------------------------------- */

struct parser {
	struct profiles *profiles;
	enum profile_file file;
	char *text; /* the file, changed in place */
	uint32_t line;
	bool in_section;       /* a section line was met */
	bool ignored_section;  /* and it is none of ours */
	bool in_property;      /* so that a line may continue */
	bool ignored_property; /* whose name is none */
	bool nested;           /* its value began empty: each line is a property */
	enum profile_kind kind;
	struct str section;
	bool bare;
	struct profile_entry *last;
};

static int bad(const struct parser *p, struct err *err, const char *what)
{
	const char *path = p->profiles->paths[p->file];

	err_at(err, ERR_INPUT, p->line, 0, "%s", what);
	return err_wrap(err, "'%s', line %u",
			path != NULL                ? path
			: p->file == PROFILE_CONFIG ? "config"
						    : "credentials",
			(unsigned)p->line);
}

static struct profile_entry *add(struct parser *p, struct str key, struct str value)
{
	struct profiles *all = p->profiles;
	struct profile_entry *grown;

	if (all->n_entries == all->room) {
		all->room = all->room == 0 ? 64 : 2 * all->room;
		grown = ARENA_ARRAY(&all->arena, all->room, struct profile_entry);
		if (all->n_entries != 0)
			memcpy(grown, all->entries, all->n_entries * sizeof(*grown));
		all->entries = grown;
	}
	all->entries[all->n_entries] = (struct profile_entry){
		.kind = p->kind,
		.file = p->file,
		.section = p->section,
		.key = key,
		.value = value,
		.line = p->line,
		.bare = p->bare,
	};
	return &all->entries[all->n_entries++];
}

/* "profile NAME" and its like: the word, blanks, a name. */
static bool take_word(struct str *s, struct str word)
{
	if (!str_starts(*s, word) || s->len == word.len || !is_blank(s->data[word.len]))
		return false;
	*s = trim(behind(*s, word.len));
	return true;
}

/* A name with other characters may stand in quotes, as the AWS command line writes it. */
static bool take_name(struct str *s)
{
	char quote = s->len > 2 ? s->data[0] : '\0';

	if ((quote == '"' || quote == '\'') && s->data[s->len - 1] == quote) {
		*s = before(behind(*s, 1), s->len - 2);
		return find(*s, quote) == s->len;
	}
	return is_made_of(*s, "-/.%@_:+");
}

static bool take_section(struct parser *p, struct str name)
{
	p->bare = false;
	p->kind = PROFILE_PROFILE;
	if (p->file == PROFILE_CONFIG) {
		if (take_word(&name, STR("sso-session")))
			p->kind = PROFILE_SSO_SESSION;
		else if (take_word(&name, STR("services")))
			p->kind = PROFILE_SERVICES;
		else if (!take_word(&name, STR("profile"))) {
			if (!str_is(name, "default"))
				return false;
			p->bare = true;
		}
	}
	p->section = name;
	return take_name(&p->section);
}

static int section_line(struct parser *p, struct str line, struct err *err)
{
	size_t end = find(line, '#'), other = find(line, ';');

	line = trim(before(line, end < other ? end : other));
	if (line.data[line.len - 1] != ']')
		return bad(p, err, "profile definition must end with ']'");
	p->in_section = true;
	p->in_property = false;
	p->ignored_section = !take_section(p, trim(before(behind(line, 1), line.len - 2)));
	if (!p->ignored_section)
		add(p, STR(""), STR(""));
	return 0;
}

/* To the first comment: a sign for one with a blank in front. */
static struct str without_comment(struct str line)
{
	size_t i;

	for (i = 1; i < line.len; i++)
		if ((line.data[i] == '#' || line.data[i] == ';') && is_blank(line.data[i - 1]))
			return before(line, i);
	return line;
}

static struct str make_lower(struct parser *p, struct str s)
{
	char *text = p->text + (s.data - p->text);
	size_t i;

	for (i = 0; i < s.len; i++)
		if (text[i] >= 'A' && text[i] <= 'Z')
			text[i] = (char)(text[i] + 32);
	return s;
}

static int property_line(struct parser *p, struct str line, struct err *err)
{
	struct str key, value;
	size_t equals;

	if (!p->in_section)
		return bad(p, err, "expected a profile definition");
	line = trim(without_comment(line));
	equals = find(line, '=');
	if (equals == line.len)
		return bad(p, err, "expected an '=' sign defining a property");
	key = trim(before(line, equals));
	value = trim(behind(line, equals + 1));
	if (key.len == 0)
		return bad(p, err, "property did not have a name");
	p->in_property = true;
	p->nested = value.len == 0;
	p->ignored_property = p->ignored_section || !is_made_of(key, "-_./%@:+");
	if (!p->ignored_property)
		p->last = add(p, make_lower(p, key), value);
	return 0;
}

/* A value of several lines lies in the text as one: the lines move together. */
static void join(struct parser *p, struct str line)
{
	struct str *value = &p->last->value;
	char *end = p->text + (value->data - p->text) + value->len;

	*end = '\n';
	memmove(end + 1, line.data, line.len);
	value->len += 1 + line.len;
}

static int continuation_line(struct parser *p, struct str line, struct err *err)
{
	size_t equals;

	line = trim(line);
	/* the AWS command line takes an indented comment for a comment */
	if (line.data[0] == '#' || line.data[0] == ';')
		return 0;
	if (!p->in_section)
		return bad(p, err, "expected a profile definition, found continuation");
	if (!p->in_property)
		return bad(p, err, "expected a property definition, found continuation");
	equals = find(line, '=');
	if (p->nested && equals == line.len)
		return bad(p, err, "expected an '=' sign defining a sub-property");
	if (p->nested && trim(before(line, equals)).len == 0)
		return bad(p, err, "sub-property did not have a name");
	if (!p->ignored_property)
		join(p, line);
	return 0;
}

static int take_line(struct parser *p, struct str line, struct err *err)
{
	if (trim(line).len == 0)
		return 0;
	if (is_blank(line.data[0]))
		return continuation_line(p, line, err);
	if (line.data[0] == '#' || line.data[0] == ';')
		return 0;
	return line.data[0] == '[' ? section_line(p, line, err) : property_line(p, line, err);
}

/* [default] says nothing where [profile default] is. */
static void hide_bare(struct profiles *all)
{
	bool prefixed = false;
	size_t i;

	for (i = 0; i < all->n_entries; i++)
		prefixed =
		    prefixed || (all->entries[i].kind == PROFILE_PROFILE &&
				 all->entries[i].file == PROFILE_CONFIG && !all->entries[i].bare &&
				 str_is(all->entries[i].section, "default"));
	for (i = 0; i < all->n_entries; i++)
		all->entries[i].hidden = prefixed && all->entries[i].bare;
}

int profiles_parse(struct profiles *all, enum profile_file file, struct secret *text,
		   struct err *err)
{
	struct parser p = { .profiles = all, .file = file };
	struct str rest, line;
	size_t end;

	secret_move(&all->texts[file], text);
	rest = secret_str(&all->texts[file]);
	p.text = all->texts[file].data;
	if (str_starts(rest, STR("\xef\xbb\xbf")))
		rest = behind(rest, 3);
	while (rest.len != 0) {
		p.line++;
		end = find(rest, '\n');
		line = before(rest, end);
		rest = behind(rest, end < rest.len ? end + 1 : end);
		if (text_utf8_valid(line) != line.len || find(line, '\0') != line.len)
			return bad(&p, err, "it holds bytes that are not UTF-8 text");
		if (take_line(&p, line, err) == -1)
			return -1;
	}
	hide_bare(all);
	return 0;
}

void profiles_release(struct profiles *p)
{
	secret_release(&p->texts[0]);
	secret_release(&p->texts[1]);
	arena_release(&p->arena);
	*p = PROFILES_INIT;
}

/* ---- files ----------------------------------------------------------------- */

static const char *home_of(const struct world *world)
{
	const char *home = world_env(world, "HOME");

	return home != NULL ? home : world->home;
}

const char *profile_expand(const struct world *world, struct str path, struct arena *arena)
{
	const char *home = home_of(world);

	if (home != NULL && str_starts(path, STR("~/")))
		return arena_printf(arena, "%s%.*s", home, STR_ARG(behind(path, 1)));
	return arena_str(arena, path).data;
}

const char *profile_path(const struct world *world, enum profile_file file, struct arena *arena)
{
	const char *named = world_env(
	    world, file == PROFILE_CONFIG ? "AWS_CONFIG_FILE" : "AWS_SHARED_CREDENTIALS_FILE");
	const char *home = home_of(world);

	if (named != NULL)
		return profile_expand(world, str_of(named), arena);
	if (home == NULL)
		return NULL;
	return arena_printf(arena, "%s/.aws/%s", home,
			    file == PROFILE_CONFIG ? "config" : "credentials");
}

int profiles_read(struct profiles *p, const struct world *world, struct err *err)
{
	static const enum profile_file files[] = { PROFILE_CONFIG, PROFILE_CREDENTIALS };
	struct secret text = SECRET_INIT(LIMIT_CREDENTIALS_SIZE);
	bool missing;
	size_t i;
	int rc = -1;

	for (i = 0; i < 2; i++) {
		p->paths[i] = profile_path(world, files[i], &p->arena);
		if (p->paths[i] == NULL)
			continue;
		if (secret_read_file(&text, p->paths[i], &missing, err) == -1) {
			if (missing)
				continue;
			goto out;
		}
		if (profiles_parse(p, files[i], &text, err) == -1)
			goto out;
	}
	rc = 0;
out:
	secret_release(&text);
	return rc;
}

/* ---- questions ------------------------------------------------------------- */

bool profile_exists(const struct profiles *p, enum profile_kind kind, struct str name)
{
	size_t i;

	for (i = 0; i < p->n_entries; i++)
		if (p->entries[i].kind == kind && p->entries[i].key.len == 0 &&
		    str_equal(p->entries[i].section, name))
			return true;
	return false;
}

const struct profile_entry *profile_entry(const struct profiles *p, enum profile_kind kind,
					  struct str name, const char *key)
{
	const struct profile_entry *e;
	size_t i;

	for (i = p->n_entries; i-- != 0;) {
		e = &p->entries[i];
		if (e->kind == kind && !e->hidden && e->key.len != 0 && str_is(e->key, key) &&
		    str_equal(e->section, name))
			return e;
	}
	return NULL;
}

bool profile_get(const struct profiles *p, enum profile_kind kind, struct str name, const char *key,
		 struct str *value)
{
	const struct profile_entry *e = profile_entry(p, kind, name, key);

	if (e == NULL || e->value.len == 0)
		return false;
	*value = e->value;
	return true;
}

bool profile_get_nested(const struct profiles *p, enum profile_kind kind, struct str name,
			const char *group, const char *key, struct str *value)
{
	const struct profile_entry *e = profile_entry(p, kind, name, group);
	struct str rest, line;
	bool found = false;
	size_t end, equals;

	if (e == NULL || e->value.len == 0 || e->value.data[0] != '\n')
		return false;
	for (rest = e->value; rest.len != 0;) {
		end = find(rest, '\n');
		line = before(rest, end);
		rest = behind(rest, end < rest.len ? end + 1 : end);
		equals = find(line, '=');
		if (equals == line.len ||
		    !text_equal_nocase_ascii(trim(before(line, equals)), str_of(key)))
			continue;
		*value = trim(behind(line, equals + 1));
		found = value->len != 0;
	}
	return found;
}
