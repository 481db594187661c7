/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Templates told from other JSON and YAML: by the keys that stand at the top. Of YAML
 * no more is understood than what may stand around such a key, since most files of a
 * folder are something else and need not be well formed.
 */
#include "input/cfn_recognise.h"

#include <string.h>

#include "base/text.h"

/* Keys that a template has at its top, and hardly anything else. */
static const char *const telling[] = { "AWSTemplateFormatVersion", "Resources", "Transform",
				       "Fn::Transform" };
#define N_TELLING (sizeof(telling) / sizeof(*telling))

/* The others, which may be long, and stand before those. */
static const char *const sections[] = { "Description", "Metadata", "Parameters",
					"Rules",       "Mappings", "Conditions",
					"Outputs",     "Globals",  "Hooks" };
#define N_SECTIONS (sizeof(sections) / sizeof(*sections))

/* ---- lines of YAML ---------------------------------------------------------------- */

static void skip(struct str *s, size_t n)
{
	s->data += n;
	s->len -= n;
}

static size_t blanks(struct str s)
{
	size_t n = 0;

	while (n < s.len && (s.data[n] == ' ' || s.data[n] == '\t'))
		n++;
	return n;
}

/* The next line, without its end: LF, CR, or both. False behind the last one. */
static bool next_line(struct str *text, struct str *line)
{
	size_t n = 0;

	if (text->len == 0)
		return false;
	while (n < text->len && text->data[n] != '\n' && text->data[n] != '\r')
		n++;
	*line = (struct str){ text->data, n };
	skip(text, n < text->len ? n + 1 : n);
	return true;
}

/* What may stand before a key: an anchor, a tag, the mark of a long key. */
static void skip_marks(struct str *line)
{
	size_t n;

	while (line->len > 0 && (*line->data == '&' || *line->data == '!' || *line->data == '?')) {
		for (n = 0; n < line->len && line->data[n] != ' ' && line->data[n] != '\t'; n++)
			;
		skip(line, n);
		skip(line, blanks(*line));
	}
}

/* Whether something is escaped in a text before the quote that ends it. */
static bool is_escaped(struct str s)
{
	size_t i;

	for (i = 0; i < s.len && s.data[i] != '"'; i++)
		if (s.data[i] == '\\')
			return true;
	return false;
}

/* Whether a line begins with the key: plain or quoted, its colon behind it or, of a long
 * key, on the next line. A quoted one that is escaped may be any. */
static bool is_key_line(struct str line, const char *key)
{
	size_t len = strlen(key);
	bool is_long = line.len > 0 && *line.data == '?';
	char quote;

	skip_marks(&line);
	quote = line.len > 0 && (*line.data == '"' || *line.data == '\'') ? *line.data : '\0';
	if (quote != '\0')
		skip(&line, 1);
	if (quote == '"' && is_escaped(line))
		return true;
	if (line.len < len || memcmp(line.data, key, len) != 0)
		return false;
	skip(&line, len);
	if (quote != '\0') {
		if (line.len == 0 || *line.data != quote)
			return false;
		skip(&line, 1);
	}
	skip(&line, blanks(line));
	return line.len > 0 ? *line.data == ':' : is_long;
}

/* A line in which no key can stand: blank, a comment, a directive, the document's mark. */
static bool is_before(struct str line)
{
	size_t n = blanks(line);

	return n == line.len || line.data[n] == '#' || *line.data == '%' ||
	       (str_starts(line, STR("---")) && memchr(line.data, '{', line.len) == NULL);
}

static bool is_any_key_line(struct str line, const char *const *keys, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (is_key_line(line, keys[i]))
			return true;
	return false;
}

/* A block mapping with one of the telling keys, which are indented as its first key is.
 * Where the beginning does not reach that far, any key of a template is enough: a long
 * Mappings must not hide the Resources below it. Read whole, it is one or is none. */
static bool looks_like_block(const struct input_head *head)
{
	struct str line, text = head->text;
	bool begun = false;
	size_t indent = 0;

	while (next_line(&text, &line)) {
		if (!begun && is_before(line))
			continue;
		if (!begun)
			indent = blanks(line);
		begun = true;
		if (blanks(line) != indent)
			continue;
		skip(&line, indent);
		if (is_any_key_line(line, telling, N_TELLING) ||
		    (!head->whole && is_any_key_line(line, sections, N_SECTIONS)))
			return true;
	}
	return false;
}

/* A flow mapping: what begins as JSON does, maybe behind the document's mark, and is none. */
static bool looks_like_flow(struct str text)
{
	struct str line, rest = text;
	size_t i;

	while (next_line(&rest, &line)) {
		if (is_before(line))
			continue;
		skip(&line, str_starts(line, STR("---")) ? 3 : 0);
		skip(&line, blanks(line));
		skip_marks(&line);
		if (line.len == 0)
			continue;
		/* {{ begins what is still to be filled in, of another language */
		if (*line.data != '{' || (line.len > 1 && line.data[1] == '{'))
			return false;
		break;
	}
	for (i = 0; i < N_TELLING; i++)
		if (text_has(text, str_of(telling[i])))
			return true;
	return false;
}

/* ---- JSON ------------------------------------------------------------------------- */

bool cfn_is_telling(struct str key)
{
	size_t i;

	for (i = 0; i < N_TELLING; i++)
		if (str_is(key, telling[i]))
			return true;
	return false;
}

/* An object that begins as a template, and goes on behind what is seen of it. */
static bool begins_as_template(const struct input_head *head)
{
	size_t i, k;

	for (i = 0; i < head->n_keys; i++) {
		for (k = 0; k < N_SECTIONS && !str_is(head->keys[i], sections[k]); k++)
			;
		if (k == N_SECTIONS)
			return false;
	}
	return !head->whole && head->n_keys != 0;
}

/* ---- files ------------------------------------------------------------------------ */

static bool is_yaml_name(const char *name)
{
	static const char *const endings[] = { ".yaml", ".yml", ".template", NULL };

	return input_named(name, endings);
}

bool cfn_recognise(const struct input_head *head)
{
	size_t i;

	if (head->lines)
		return false;
	for (i = 0; i < N_TELLING; i++)
		if (input_head_has(head, telling[i]))
			return true;
	if (begins_as_template(head))
		return true;
	if (head->json)
		return head->first == '{' && head->n_keys <= 1 && is_yaml_name(head->name) &&
		       looks_like_flow(head->text);
	/* of a folder only what is named as YAML: a line of prose may look like a key */
	if (is_yaml_name(head->name))
		return head->asked_for || looks_like_block(head) || looks_like_flow(head->text);
	return head->asked_for && looks_like_block(head);
}
