/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Command lines. Knows tables of options and how they are written; does not
 * know what any option means: a row's own function takes its value.
 */
#include "base/opt.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"

#define SHOWN       60 /* bytes of a wrong option that a message repeats */
#define HELP_COLUMN 30 /* a longer left side has its help on the next line */
#define COLUMNS     80

/* The words of a command line that are still to be read. */
struct words {
	char **next;
	void *to;
	const struct opt *const *tables;
	struct err *err;
};

static const struct opt *find_name(const struct opt *const *tables, struct str name)
{
	const struct opt *o;

	for (; *tables != NULL; tables++)
		for (o = *tables; o->name != NULL; o++)
			if (str_is(name, o->name))
				return o;
	return NULL;
}

static const struct opt *find_letter(const struct opt *const *tables, char letter)
{
	const struct opt *o;

	for (; *tables != NULL; tables++)
		for (o = *tables; o->name != NULL; o++)
			if (o->letter == letter)
				return o;
	return NULL;
}

static size_t count_options(const struct opt *const *tables)
{
	const struct opt *o;
	size_t n = 0;

	for (; *tables != NULL; tables++)
		for (o = *tables; o->name != NULL; o++)
			n++;
	return n;
}

static const char *nearest_name(const struct opt *const *tables, struct str wrong)
{
	const struct opt *const *t, *o;
	struct arena a = ARENA_INIT;
	const char **names = ARENA_ARRAY(&a, count_options(tables), const char *), *nearest;
	size_t n = 0;

	for (t = tables; *t != NULL; t++)
		for (o = *t; o->name != NULL; o++)
			names[n++] = o->name;
	nearest = text_nearest(wrong, names, n);
	arena_release(&a);
	return nearest;
}

/* `shown` is the option as it was written, `wrong` what may be near to a name. */
static int unknown(const struct words *w, struct str shown, struct str wrong)
{
	const char *nearest = nearest_name(w->tables, wrong);
	struct buf quoted = BUF_INIT(0);

	text_put_quoted(&quoted, shown, SHOWN);
	if (nearest != NULL)
		(void)err_set(w->err, ERR_USAGE, "unknown option %s, did you mean '--%s'?",
			      quoted.data, nearest);
	else
		(void)err_set(w->err, ERR_USAGE, "unknown option %s", quoted.data);
	buf_release(&quoted);
	return -1;
}

static int take(const struct words *w, const struct opt *o, const char *value)
{
	if (o->take(w->to, value, w->err) == 0)
		return 0;
	w->err->kind = ERR_USAGE;
	return err_wrap(w->err, "option '--%s'", o->name);
}

/* Takes the next word as the value; `--` is one like any other here. */
static int take_next(struct words *w, const struct opt *o)
{
	if (*w->next == NULL)
		return err_set(w->err, ERR_USAGE, "option '--%s' needs a value: --%s %s", o->name,
			       o->name, o->argument);
	return take(w, o, *w->next++);
}

static int parse_long(struct words *w, const char *word)
{
	const char *value = strchr(word, '=');
	struct str name = { word + 2, (value != NULL ? (size_t)(value - word) : strlen(word)) - 2 };
	const struct opt *o = find_name(w->tables, name);

	if (o == NULL)
		return unknown(w, (struct str){ word, name.len + 2 }, name);
	if (o->argument == NULL && value != NULL)
		return err_set(w->err, ERR_USAGE, "option '--%s' takes no value", o->name);
	if (o->argument == NULL)
		return take(w, o, NULL);
	return value != NULL ? take(w, o, value + 1) : take_next(w, o);
}

static int parse_letters(struct words *w, const char *word)
{
	const struct opt *o;
	const char *letter;
	size_t step;
	char shown[6] = "-";

	for (letter = word + 1; *letter != '\0'; letter++) {
		o = find_letter(w->tables, *letter);
		if (o == NULL && letter[1] == '\0' && letter == word + 1)
			return unknown(w, str_of(word), STR(""));
		if (o == NULL) {
			/* the letter, unless the whole word is a long name with one dash */
			if (nearest_name(w->tables, str_of(word + 1)) != NULL)
				return unknown(w, str_of(word), str_of(word + 1));
			step = text_utf8_step(letter, strlen(letter));
			memcpy(shown + 1, letter, step != 0 ? step : 1);
			return unknown(w, str_of(shown), STR(""));
		}
		if (o->argument != NULL)
			return letter[1] != '\0' ? take(w, o, letter + 1) : take_next(w, o);
		if (take(w, o, NULL) == -1)
			return -1;
	}
	return 0;
}

int opt_parse(const struct opt *const *tables, int argc, char **argv, void *to, struct err *err)
{
	struct words w = { argc > 0 ? argv + 1 : argv, to, tables, err };
	bool only_operands = false;
	char *word, **operand = w.next;

	while (*w.next != NULL) {
		word = *w.next++;
		if (only_operands || word[0] != '-' || word[1] == '\0')
			*operand++ = word;
		else if (strcmp(word, "--") == 0)
			only_operands = true;
		else if ((word[1] == '-' ? parse_long(&w, word) : parse_letters(&w, word)) == -1)
			return -1;
	}
	*operand = NULL;
	return (int)(operand - argv) - (argc > 0);
}

/* ---- usage ----------------------------------------------------------------- */

static void put_blanks(struct buf *b, size_t n)
{
	while (n-- > 0)
		buf_putc(b, ' ');
}

static void put_left(struct buf *b, const struct opt *o)
{
	if (o->letter != 0)
		buf_printf(b, "  -%c, --%s", o->letter, o->name);
	else
		buf_printf(b, "      --%s", o->name);
	if (o->argument != NULL)
		buf_printf(b, " %s", o->argument);
}

/* The help of one option from `indent` on, broken at blanks. */
static void put_help(struct buf *b, const char *help, size_t indent)
{
	size_t column = indent, len, width;
	bool first = true;

	while (*help != '\0') {
		len = strcspn(help, " ");
		width = text_width((struct str){ help, len });
		if (!first && column + 1 + width > COLUMNS) {
			buf_putc(b, '\n');
			put_blanks(b, indent);
			column = indent;
		} else if (!first) {
			buf_putc(b, ' ');
			column++;
		}
		buf_put(b, help, len);
		column += width;
		first = false;
		help += len + strspn(help + len, " ");
	}
	buf_putc(b, '\n');
}

/* Where the help begins: two past the longest left side that is not too long. */
static size_t help_column(const struct opt *const *tables)
{
	struct buf left = BUF_INIT(0);
	const struct opt *o;
	size_t column = 0;

	for (; *tables != NULL; tables++) {
		for (o = *tables; o->name != NULL; o++) {
			buf_clear(&left);
			put_left(&left, o);
			if (left.len + 2 > column && left.len + 2 <= HELP_COLUMN)
				column = left.len + 2;
		}
	}
	buf_release(&left);
	return column != 0 ? column : HELP_COLUMN;
}

void opt_usage(const struct opt *const *tables, struct buf *b)
{
	size_t indent = help_column(tables), start, left;
	const struct opt *o;

	for (; *tables != NULL; tables++) {
		for (o = *tables; o->name != NULL; o++) {
			start = b->len;
			put_left(b, o);
			left = b->len - start;
			if (left + 2 > indent) {
				buf_putc(b, '\n');
				left = 0;
			}
			put_blanks(b, indent - left);
			put_help(b, o->help, indent);
		}
	}
}

/* ---- on a screen ------------------------------------------------------------ */

/* To the end of the line and no further; what is too long is cut between words. */
static void put_clause(struct buf *b, const char *help, size_t indent)
{
	size_t len = strcspn(help, ";"), room = COLUMNS - indent;

	if (len > room) {
		len = room - 3;
		while (len > 0 && help[len] != ' ')
			len--;
		buf_put(b, help, len);
		buf_puts(b, "...\n");
		return;
	}
	buf_put(b, help, len);
	buf_putc(b, '\n');
}

static void put_brief(struct buf *b, const struct opt *o, size_t indent)
{
	size_t start = b->len, left;

	put_left(b, o);
	left = b->len - start;
	put_blanks(b, left + 2 > indent ? 2 : indent - left);
	put_clause(b, o->help, left + 2 > indent ? left + 2 : indent);
}

static void put_named(struct buf *b, const struct opt *o, size_t *column)
{
	struct buf one = BUF_INIT(0);

	buf_printf(&one, "--%s%s%s", o->name, o->argument != NULL ? " " : "",
		   o->argument != NULL ? o->argument : "");
	if (*column + 2 + one.len > COLUMNS) {
		buf_puts(b, ",\n     ");
		*column = 5;
	} else {
		buf_puts(b, *column == 5 ? "" : ",");
	}
	buf_putc(b, ' ');
	buf_put_str(b, buf_str(&one));
	*column += 2 + one.len;
	buf_release(&one);
}

void opt_usage_brief(const struct opt *const *tables, struct buf *b)
{
	const struct opt *const *t;
	const struct opt *o;
	bool all = count_options(tables) <= OPT_BRIEF_MOST;
	size_t indent = help_column(tables), column = 5;

	for (t = tables; *t != NULL; t++)
		for (o = *t; o->name != NULL; o++)
			if (all || o->letter != 0)
				put_brief(b, o, indent);
	if (all)
		return;
	buf_puts(b, "also:");
	for (t = tables; *t != NULL; t++)
		for (o = *t; o->name != NULL; o++)
			if (o->letter == 0)
				put_named(b, o, &column);
	buf_putc(b, '\n');
}
