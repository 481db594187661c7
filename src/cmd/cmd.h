/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Commands as rows of a table, and the options that they share. Commands are
 * the only place that prints errors; what they return is the exit status.
 */
#ifndef CMD_CMD_H
#define CMD_CMD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ask/ask.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/opt.h"
#include "base/progress.h"
#include "report/report.h"
#include "rule/policy.h"

enum status {
	STATUS_PASS = 0,       /* everything was audited, nothing at or above the threshold */
	STATUS_FINDINGS = 1,   /* everything was audited, and there are findings */
	STATUS_USAGE = 2,      /* command line or policy; nothing was audited */
	STATUS_INCOMPLETE = 3, /* something could not be read or written */
};

struct cmd {
	const char *name;
	const char *operands;          /* "[PATH...]" */
	const char *text;              /* one line, no full stop */
	const struct opt *const *opts; /* NULL-terminated array of tables */
	/* argv[0] is the command; options and operands follow. */
	int (*run)(int argc, char **argv);
};

#define CMD(name) extern const struct cmd cmd_##name;
#include "cmd/cmd_list.h"
#undef CMD

extern const struct cmd *const cmd_table[];
extern const size_t cmd_n;
/* NULL when there is none of this name. */
const struct cmd *cmd_find(const char *name);

/* "ivslint check --format: ..." and the usage of a command. */
void cmd_usage(const struct cmd *cmd, struct buf *b);
/* The usage and a hint at the rest, as --help answers. */
void cmd_brief(const struct cmd *cmd, struct buf *b);

struct baseline;
struct cfn_given;

#define SETTINGS_MANY       64
#define SETTINGS_PARAMETERS 200

/* What the shared options set. Zeroed, then settings_init. */
struct settings {
	struct ask ask;     /* of scan; first, for its own options */
	const char *policy; /* NULL: the nearest .ivslint.yaml, else ivslint:recommended */
	const char *set[SETTINGS_MANY], *only[SETTINGS_MANY], *skip[SETTINGS_MANY];
	size_t n_set, n_only, n_skip;
	int32_t as_of; /* the day, UTC */
	struct report_request reports[SETTINGS_MANY];
	size_t n_reports;
	enum { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER } color;
	struct report_options report;
	bool fail_on_set;
	enum severity fail_on;
	const char *baseline; /* --baseline, or NULL */
	bool prune;
	const char *output; /* --output, or NULL */
	bool fail_on_undecided, allow_empty, json;
	bool fail_on_empty;   /* of scan */
	const char *snapshot; /* of scan: --snapshot, or NULL */
	bool groups_apart;    /* of report */
	enum progress_when progress;
	const char *region, *account, *stack_name; /* of stacks; NULL: not known */
	const char *parameter_files[SETTINGS_MANY], *parameters[SETTINGS_PARAMETERS];
	const char *stack_tags[SETTINGS_MANY];
	size_t n_parameter_files, n_parameters, n_stack_tags;
	bool allow_unseen;
	struct cfn_given *given;          /* what they say, once settings_given has read it */
	unsigned workers;                 /* 0: as many as there are processors */
	const char *resource;             /* of explain; NULL: all */
	unsigned kinds;                   /* of fields; 0: all */
	bool pack_tests;                  /* the policy with the tests of packs; set by commands */
	bool coverage, mutate;            /* of test */
	unsigned min_coverage, min_score; /* percent */
	int64_t now; /* seconds since 1970: SOURCE_DATE_EPOCH, else the clock */
};

extern const struct opt cmd_policy_opts[], cmd_report_opts[], cmd_audit_opts[], cmd_chatter_opts[],
    cmd_json_opts[], cmd_baseline_opts[], cmd_output_opts[], cmd_test_opts[], cmd_explain_opts[],
    cmd_field_opts[], cmd_merge_opts[], cmd_progress_opts[], cmd_scan_opts[], cmd_stack_opts[];

/* Sets defaults, then parses: the number of operands, in argv[1..], or -1 when
 * the command is over with *status (an error was printed, or --help answered). */
int settings_parse(struct settings *s, const struct cmd *cmd, int argc, char **argv, int *status);

/* The policy that is in force here, or NULL with every mistake printed. */
struct policy *settings_policy(const struct settings *s);
/* The same for a policy named otherwise. */
struct policy *settings_policy_named(const struct settings *s, const char *name);

/* Reads what the options say of stacks into s->given: STATUS_PASS, or STATUS_USAGE with
 * the error printed. */
int settings_given(struct settings *s);
/* Frees it, after a warning of each parameter that no template had where told to. */
void settings_given_free(struct settings *s, bool warn);

/* What an audit judges by. */
struct ground {
	struct policy *policy;
	struct baseline *baseline; /* NULL where none is named */
};

/* The policy, the baseline and, with `stacks`, what the options say of stacks: STATUS_PASS,
 * or STATUS_USAGE with every mistake printed and nothing to free. */
int settings_ground(struct settings *s, bool stacks, struct ground *g);
void settings_ground_free(struct ground *g);

/* Writes b to standard output: STATUS_PASS, or STATUS_INCOMPLETE with the error printed. */
int cmd_print(const struct buf *b);
/* The same to a file, whole or not at all. */
int cmd_write(const struct buf *b, const char *path);
/* Prints what the formats could not say themselves. */
void cmd_tell_notes(const struct reports *reports);
/* For audits without a report: prints a problem. `to` is nobody's. */
void cmd_tell_problem(void *to, const struct problem *p);
/* A baseline as a file, "-" being standard output: the status, as of cmd_write. */
int cmd_write_baseline(struct baseline *b, const char *path);

#endif
