/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Command lines as tables of options: parsing, usage text, and lists for tests
 * and completion. Long options take --x=v and --x v, may not be abbreviated;
 * short ones may be bundled; `--` ends them; options and operands may mix.
 */
#ifndef BASE_OPT_H
#define BASE_OPT_H

#include "base/buf.h"
#include "base/err.h"

struct opt {
	const char *name;     /* long name without the dashes */
	char letter;	      /* or 0 */
	const char *argument; /* name of its value for the usage ("FILE"), NULL for a switch */
	const char *help;     /* one line, no full stop; says the default */
	/* Takes the value (NULL for a switch) into `to`, the command's own
	 * struct; -1 with err for a value that it cannot be. The text need not
	 * name the option: opt_parse puts "option '--name': " before it. */
	int (*take)(void *to, const char *value, struct err *err);
};

/* Ends a table. */
#define OPT_END { 0 }

/*
 * Parses argv[1..argc-1] with the given tables (a NULL-terminated array of
 * OPT_END-terminated tables, so that commands share the common ones).
 * Operands are gathered in order in argv[1..] and their number is given.
 * -1 with err of kind ERR_USAGE otherwise; an unknown option names the nearest.
 */
int opt_parse(const struct opt *const *tables, int argc, char **argv, void *to, struct err *err);
/* The options' lines of a usage text, aligned, wrapped at 80 columns. */
void opt_usage(const struct opt *const *tables, struct buf *b);

/*
 * The same on a screen: one line an option, its help up to the first semicolon.
 * Where there are more than OPT_BRIEF_MOST, those without a letter are only named.
 */
#define OPT_BRIEF_MOST 12
void opt_usage_brief(const struct opt *const *tables, struct buf *b);

#endif
