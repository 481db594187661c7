/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files and packs of a policy: which, in what order, and their keys. Knows
 * names, paths and `extends`; what the keys hold is read elsewhere.
 */
#include "rule/policy_inside.h"

#include <inttypes.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/text.h"
#include "model/yaml.h"

#define PACK_PREFIX "ivslint:"

static const struct shape_key file_keys[N_FILE_KEYS] = {
	[KEY_VERSION] = { "version", SHAPE_NUMBER, true, "Version of the rule language: 1" },
	[KEY_NAME] = { "name", SHAPE_STRING, false, "Name of the policy" },
	[KEY_DESCRIPTION] = { "description", SHAPE_STRING, false, "What the policy is for" },
	[KEY_PACK_VERSION] = { "pack_version", SHAPE_NUMBER, false,
			       "Version of a pack that others extend; it grows when a rule joins" },
	[KEY_EXTENDS] = { "extends", SHAPE_LIST | SHAPE_STRING | SHAPE_NULL, false,
			  "Shipped packs by name, files by their path from this file" },
	[KEY_PARAMS] = { "params", SHAPE_MAP | SHAPE_NULL, false,
			 "Sets parameters that an extended pack declares, or declares some" },
	[KEY_CONFIGURE] = { "configure", SHAPE_MAP | SHAPE_NULL, false,
			    "Changes extended rules without rewriting them: rule id, then what "
			    "changes" },
	[KEY_OVERRIDES] = { "overrides", SHAPE_LIST | SHAPE_NULL, false,
			    "Other values where a condition holds; later ones win" },
	[KEY_WAIVERS] = { "waivers", SHAPE_LIST | SHAPE_NULL, false,
			  "Accepted exceptions, each with a reason and a last day" },
	[KEY_FAIL_ON] = { "fail_on", SHAPE_STRING, false,
			  "Lowest severity that makes the exit status 1; low where nothing says "
			  "otherwise" },
	[KEY_INLINE_WAIVERS] = { "allow_inline_waivers", SHAPE_BOOLEAN, false,
				 "Whether templates may waive findings themselves" },
	[KEY_RULES] = { "rules", SHAPE_LIST | SHAPE_NULL, false, "The rules of this file" },
};

const struct shape_table shape_policy = { file_keys, N_FILE_KEYS };

/* A file on the way down from the one asked for; for circles. */
struct chain {
	const struct chain *from;
	struct policy_file *file;
};

const char *policy_place_name(struct arena *arena, struct source *source, struct place place)
{
	place = source_place(source, place);
	return arena_printf(arena, "%s:%" PRIu32, source->name, place.line);
}

static struct policy_file *file_add(struct loading *l)
{
	struct policy_inside *in = l->in;
	struct policy_file *f = ARENA_NEW(l->arena, struct policy_file);

	if (in->files == NULL) {
		in->files = ARENA_ARRAY(l->arena, LIMIT_EXTENDS + 1, struct policy_file *);
		in->order = ARENA_ARRAY(l->arena, LIMIT_EXTENDS + 1, struct policy_file *);
	}
	in->files[in->n_files++] = f;
	return f;
}

/* ---- keys of one file ------------------------------------------------------ */

/* What another version says cannot be judged by the words of this one. */
static bool is_version_1(const struct shape *s, const struct value *tree)
{
	const struct value *version =
	    tree->kind == VALUE_MAP ? value_get(tree, STR("version")) : NULL;

	if (version == NULL || version->kind != VALUE_NUMBER ||
	    number_compare(value_number(version), number_of_int(1)) == 0)
		return true;
	shape_mistake(s, version, "this program reads version 1 of the rule language");
	return false;
}

static void read_keys(struct loading *l, struct policy_file *f, const struct value *tree)
{
	struct shape s = loading_shape(l, &f->source);

	if (tree->kind == VALUE_NULL) {
		shape_mistake(&s, tree, "the file is empty");
		mistakes_hint(l->mistakes, "it begins with 'version: 1'");
		return;
	}
	if (!is_version_1(&s, tree)) {
		l->p->params.incomplete = true;
		return;
	}
	shape_map(&s, "a policy", tree, file_keys, N_FILE_KEYS, f->keys);
	if (f->keys[KEY_PACK_VERSION] != NULL)
		shape_int(&s, "pack_version", f->keys[KEY_PACK_VERSION], 1, INT32_MAX,
			  &f->pack_version);
}

static void read_tree(struct loading *l, struct policy_file *f)
{
	struct value *tree;

	if (f->pack != NULL && f->pack->tree != NULL && !l->tests) {
		read_keys(l, f, f->pack->tree);
		return;
	}
	tree = ARENA_NEW(l->arena, struct value);
	if (yaml_read(&f->source, l->arena, tree, l->mistakes) == 0) {
		read_keys(l, f, tree);
		return;
	}
	l->p->params.incomplete = true;
	if (tree->kind == VALUE_MAP) /* a key is there twice */
		read_keys(l, f, tree);
}

/* ---- packs ----------------------------------------------------------------- */

static const struct pack *pack_find(struct str name)
{
	size_t i;

	for (i = 0; i < pack_n; i++)
		if (str_is(name, pack_table[i].name))
			return &pack_table[i];
	return NULL;
}

/* "did you mean 'ivslint:recommended'?", or which there are. */
static const char *pack_hint(struct arena *arena, struct str name)
{
	const char **names = ARENA_ARRAY(arena, pack_n, const char *), *nearest;
	const char *text = "the packs that ship are";
	size_t i;

	for (i = 0; i < pack_n; i++)
		names[i] = pack_table[i].name;
	nearest = text_nearest(name, names, pack_n);
	if (nearest != NULL)
		return arena_printf(arena, "did you mean '" PACK_PREFIX "%s'?", nearest);
	for (i = 0; i < pack_n; i++)
		text = arena_printf(arena, "%s%s " PACK_PREFIX "%s", text, i != 0 ? "," : "",
				    names[i]);
	return text;
}

/* "recommended@1": the name, and the version or 0; -1 for one that is no number. */
static int64_t pack_split(struct str *name)
{
	const char *at = memchr(name->data, '@', name->len);
	struct number n;
	struct str version;

	if (at == NULL)
		return 0;
	version = (struct str){ at + 1, (size_t)(name->data + name->len - at - 1) };
	name->len = (size_t)(at - name->data);
	if (!number_parse(version, &n) || n.exponent != 0 || n.mantissa < 1)
		return -1;
	return n.mantissa;
}

static struct policy_file *pack_reach(struct loading *l, const struct pack *pack, bool *is_new)
{
	struct policy_file *f;
	size_t i;

	for (i = 0; i < l->in->n_files; i++)
		if (l->in->files[i]->pack == pack)
			return l->in->files[i];
	*is_new = true;
	f = file_add(l);
	f->pack = pack;
	source_init(&f->source, arena_printf(l->arena, PACK_PREFIX "%s", pack->name),
		    (struct str){ pack->text, pack->size });
	return f;
}

/* ---- files ----------------------------------------------------------------- */

/* Gives the file, which may be known already; NULL with err. */
static struct policy_file *path_reach(struct loading *l, const char *path, bool *is_new,
				      struct err *err)
{
	struct buf bytes = BUF_INIT(LIMIT_POLICY_SIZE);
	struct policy_file *f = NULL;
	struct stat st;
	bool known = strcmp(path, "-") != 0 && stat(path, &st) == 0;
	size_t i;

	for (i = 0; known && i < l->in->n_files; i++) {
		f = l->in->files[i];
		if (f->pack == NULL && f->device == (uint64_t)st.st_dev &&
		    f->number == (uint64_t)st.st_ino)
			return f;
	}
	f = NULL;
	if (file_read(&bytes, path, err) == -1) {
		err->kind = ERR_POLICY;
		goto out;
	}
	*is_new = true;
	f = file_add(l);
	f->device = known ? (uint64_t)st.st_dev : UINT64_MAX;
	f->number = known ? (uint64_t)st.st_ino : UINT64_MAX;
	source_init(&f->source, strcmp(path, "-") == 0 ? "<stdin>" : arena_strdup(l->arena, path),
		    arena_buf(l->arena, &bytes));
out:
	buf_release(&bytes);
	return f;
}

/* A path as written in a file, from where that file is. */
static const char *path_join(struct arena *arena, const char *file, struct str path)
{
	const char *slash = strrchr(file, '/');
	size_t folder = slash != NULL ? (size_t)(slash - file) + 1 : 0;

	while (path.len > 2 && path.data[0] == '.' && path.data[1] == '/') {
		path.data += 2;
		path.len -= 2;
	}
	if (path.data[0] == '/')
		folder = 0;
	else if (folder == 0 && str_is(path, "-"))
		return "./-"; /* a file of that name, not standard input */
	return arena_printf(arena, "%.*s%.*s", (int)folder, file, STR_ARG(path));
}

/* ---- extends --------------------------------------------------------------- */

static void read_file(struct loading *l, struct policy_file *f, const struct chain *from);

static struct policy_file *extend_pack(struct loading *l, const struct shape *s,
				       const struct value *entry, const struct chain *chain,
				       int64_t *asked)
{
	struct str name = value_str(entry);
	const struct pack *pack;
	struct policy_file *f;
	bool is_new = false;
	int64_t version;

	name.data += sizeof(PACK_PREFIX) - 1;
	name.len -= sizeof(PACK_PREFIX) - 1;
	version = pack_split(&name);
	pack = pack_find(name);
	if (pack == NULL) {
		shape_mistake(s, entry, "no pack of this name ships: %s",
			      shape_quote(s, value_str(entry)));
		mistakes_hint(l->mistakes, "%s", pack_hint(l->arena, name));
		return NULL;
	}
	f = pack_reach(l, pack, &is_new);
	if (is_new)
		read_file(l, f, chain);
	*asked = version;
	if (version < 0 || version > f->pack_version) {
		shape_mistake(s, entry, "there is no such version of " PACK_PREFIX "%s",
			      pack->name);
		mistakes_hint(l->mistakes, "the newest is " PACK_PREFIX "%s@%" PRId64, pack->name,
			      f->pack_version);
	}
	return f;
}

static struct policy_file *extend_path(struct loading *l, const struct shape *s,
				       const struct value *entry, const struct chain *chain)
{
	struct str path = value_str(entry);
	struct policy_file *f;
	bool is_new = false;
	struct err err;

	if (path.len == 0 || memchr(path.data, '\0', path.len) != NULL) {
		shape_mistake(s, entry, "%s is no path", shape_quote(s, path));
		return NULL;
	}
	if (l->text != NULL) {
		shape_mistake(s, entry, "a policy that is in no file extends none");
		return NULL;
	}
	if (chain->file->pack != NULL) {
		shape_mistake(s, entry, "a pack that ships extends only such packs");
		return NULL;
	}
	f = path_reach(l, path_join(l->arena, chain->file->source.name, path), &is_new, &err);
	if (f == NULL) {
		shape_mistake(s, entry, "%s", err.text);
		mistakes_hint(l->mistakes, "packs that ship are named '" PACK_PREFIX
					   "NAME', files by their path "
					   "from the file that names them");
	} else if (is_new) {
		read_file(l, f, chain);
	}
	return f;
}

static void circle(const struct shape *s, const struct value *entry, struct arena *arena,
		   const struct chain *chain, const struct policy_file *f)
{
	const char *text = f->source.name;
	const struct chain *c;

	for (c = chain; c != NULL; c = c->from) {
		text = arena_printf(arena, "%s -> %s", c->file->source.name, text);
		if (c->file == f)
			break;
	}
	shape_mistake(s, entry, "'extends' goes in a circle: %s", text);
}

static void extend(struct loading *l, struct policy_file *f, const struct value *entry,
		   const struct chain *chain)
{
	struct shape s = loading_shape(l, &f->source);
	struct policy_file *to;
	int64_t asked = 0;

	if (!shape_is(&s, "a member of extends", entry, SHAPE_STRING))
		return;
	if (l->in->n_files > LIMIT_EXTENDS) {
		shape_mistake(&s, entry, "more than %d files and packs in one policy",
			      LIMIT_EXTENDS);
		return;
	}
	to = str_starts(value_str(entry), STR(PACK_PREFIX))
		 ? extend_pack(l, &s, entry, chain, &asked)
		 : extend_path(l, &s, entry, chain);
	if (to == NULL) {
		l->p->params.incomplete = true;
		return;
	}
	if (to->reading) {
		circle(&s, entry, l->arena, chain, to);
		return;
	}
	f->asked[f->n_extends] = asked;
	f->extends[f->n_extends++] = to;
}

/* Reads a file and what it extends, to a depth of LIMIT_EXTENDS at most: each
 * step down is a file not met before. */
static void read_file(struct loading *l, struct policy_file *f, const struct chain *from)
{
	struct chain here = { from, f };
	const struct value *extends;
	uint32_t i;

	f->reading = true;
	read_tree(l, f);
	extends = f->keys[KEY_EXTENDS];
	if (extends != NULL && extends->kind == VALUE_STRING) {
		f->extends = ARENA_NEW(l->arena, struct policy_file *);
		f->asked = ARENA_NEW(l->arena, int64_t);
		extend(l, f, extends, &here);
	} else if (extends != NULL) {
		f->extends = ARENA_ARRAY(l->arena, extends->n, struct policy_file *);
		f->asked = ARENA_ARRAY(l->arena, extends->n, int64_t);
		for (i = 0; i < extends->n; i++)
			extend(l, f, &extends->items[i], &here);
	}
	f->reading = false;
	l->in->order[l->in->n_order++] = f;
}

static struct policy_file *reach_first(struct loading *l, const char *name, struct err *err)
{
	struct str pack_name = str_of(name);
	const struct pack *pack;
	struct policy_file *f;
	bool is_new;
	int64_t version;

	if (l->text != NULL) {
		f = file_add(l);
		source_init(&f->source, name, *l->text);
		read_file(l, f, NULL);
		return f;
	}
	if (!str_starts(pack_name, STR(PACK_PREFIX))) {
		f = path_reach(l, name, &is_new, err);
		if (f != NULL)
			read_file(l, f, NULL);
		return f;
	}
	pack_name.data += sizeof(PACK_PREFIX) - 1;
	pack_name.len -= sizeof(PACK_PREFIX) - 1;
	version = pack_split(&pack_name);
	pack = pack_find(pack_name);
	if (pack == NULL) {
		err_set(err, ERR_POLICY, "no pack of this name ships: '%s'; %s", name,
			pack_hint(l->arena, pack_name));
		return NULL;
	}
	f = pack_reach(l, pack, &is_new);
	read_file(l, f, NULL);
	f->version = version;
	if (version >= 0 && version <= f->pack_version)
		return f;
	err_set(err, ERR_POLICY,
		"there is no such version: '%s'; the newest is " PACK_PREFIX "%s@%" PRId64, name,
		pack->name, f->pack_version);
	return NULL;
}

/* ---- versions -------------------------------------------------------------- */

/* The version of a pack that one of those who extend it wants. A pack that ships
 * takes others as they were in its own version: rules join it only when its
 * version grows. Packs that ship count their versions together for that. */
static int64_t version_wanted(const struct policy_file *f, size_t i)
{
	const struct policy_file *to = f->extends[i];

	if (f->asked[i] != 0)
		return f->asked[i];
	if (f->pack != NULL && to->pack != NULL && f->version < to->pack_version)
		return f->version;
	return to->pack_version;
}

/* Where several want a pack in different versions, the newest of them is taken. */
static void choose_versions(struct loading *l)
{
	struct policy_file *f = l->in->files[0], *to;
	size_t i, k;
	int64_t wanted;

	if (f->version == 0)
		f->version = f->pack_version;
	for (i = l->in->n_order; i-- > 0;) { /* what extends comes before what it extends */
		f = l->in->order[i];
		for (k = 0; k < f->n_extends; k++) {
			to = f->extends[k];
			wanted = version_wanted(f, k);
			if (to->version < wanted)
				to->version = wanted;
		}
	}
}

/* What files say of the whole policy; the file that extends has the last word. */
static void read_heads(struct loading *l)
{
	const struct value *const *keys;
	struct shape s;
	size_t i;

	for (i = 0; i < l->in->n_order; i++) {
		keys = l->in->order[i]->keys;
		s = loading_shape(l, &l->in->order[i]->source);
		if (keys[KEY_FAIL_ON] != NULL)
			shape_severity(&s, keys[KEY_FAIL_ON], &l->p->fail_on);
		if (keys[KEY_INLINE_WAIVERS] != NULL)
			l->p->allow_inline_waivers = keys[KEY_INLINE_WAIVERS]->boolean;
	}
}

int policy_read_files(struct loading *l, const char *name, struct err *err)
{
	struct policy_file *f = reach_first(l, name, err);
	size_t i;

	if (f == NULL)
		return -1;
	l->p->file = f->source.name;
	l->p->name = shape_str(f->keys[KEY_NAME]);
	l->p->description = shape_str(f->keys[KEY_DESCRIPTION]);
	l->p->fail_on = SEVERITY_LOW;
	choose_versions(l);
	read_heads(l);
	l->p->n_sources = l->in->n_files;
	l->p->sources = ARENA_ARRAY(l->arena, l->in->n_files, struct source *);
	for (i = 0; i < l->in->n_files; i++)
		l->p->sources[i] = &l->in->files[i]->source;
	return 0;
}
