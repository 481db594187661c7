/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A policy with all that it extends, sets, configures, overrides and waives:
 * read, checked whole, and compiled. Every mistake in one run.
 */
#ifndef RULE_POLICY_H
#define RULE_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "model/mistake.h"
#include "model/resource.h"
#include "rule/cond.h"
#include "rule/finding.h"
#include "rule/params.h"

/* A rule as its author wrote it; what configure and overrides change is in
 * the policy's variants. Texts are "" where nothing is written. */
struct rule {
	struct str id;
	struct str title;
	enum kind kind;          /* of the resources that it judges */
	enum severity severity;	 /* as written */
	bool enabled;		 /* as written; true where nothing is */
	struct str category;
	struct str rationale;
	struct str remediation;
	const struct value *references; /* list of strings, or NULL */
	const struct value *controls;	/* map framework -> list of ids, or NULL */
	const struct value *when;	/* trees, or NULL */
	const struct value *require;
	const struct value *group_by;	/* list of field paths; NULL for a rule of one resource */
	const struct value *message;	/* template, or NULL */
	const struct value *tests;	/* list, or NULL; see policy_options.tests */
	struct source *source;		/* file or pack that holds it */
	struct place place;		/* of its id */
	int64_t since;			/* version of its pack in which it joined; 1 where nothing is written */
	size_t index;			/* in policy->rules */
};

struct waiver {
	const struct rule *rule;
	struct cond *match;	/* NULL: any resource */
	struct str reason, owner;
	int32_t expires;	/* day since 1970-01-01, the last on which it waives (UTC) */
	const struct value *value; /* accepted value, or NULL */
	struct source *source;
	struct place place;
	size_t index;		/* in policy->waivers */
	bool left_out;		/* its rule is, by --rule or --skip: it had nothing to match */
};

struct policy {
	struct str name, description;
	const char *file;	/* of the file that was asked for */
	struct rule *rules;	/* of all files, extended ones first, in the order written */
	size_t n_rules;
	struct waiver *waivers;
	size_t n_waivers;
	struct params params;	/* in force without overrides */
	enum severity fail_on;
	bool allow_inline_waivers;
	struct source **sources; /* every file and pack read */
	size_t n_sources;
	char digest[DIGEST_HEX_SIZE]; /* of a policy that a report tells of; see policy_digest */
	struct policy_inside *inside; /* the engine's: overrides and compiled variants */
};

/* What the command line adds. */
struct policy_options {
	const char *const *set; /* PARAM=VALUE, VALUE in YAML */
	size_t n_set;
	const char *const *only; /* --rule: these rules alone; shell patterns; n 0: all */
	size_t n_only;
	const char *const *skip; /* --skip */
	size_t n_skip;
	bool tests; /* of rules in packs that ship too; few want them */
};

/*
 * Loads `name`: a shipped pack ("ivslint:recommended"), or a path. NULL with
 * every mistake in `mistakes` (initialised by the caller, in an arena that
 * lives as long as they are wanted), or with err for a file that cannot be
 * read; both lead to exit status 2. A policy without an enabled rule is a
 * mistake too.
 */
struct policy *policy_load(const char *name, const struct policy_options *options,
			   struct mistakes *mistakes, struct err *err);
/* Accepts NULL; not for a policy of a report (rule/policy_recorded.h). */
void policy_free(struct policy *p);

/* Over the bytes of every source and --set: names the policy in reports. Made when it is
 * first asked for, as long as p. */
const char *policy_digest(const struct policy *p);

/* The rule of this id, or NULL. */
const struct rule *policy_find_rule(const struct policy *p, struct str id);
/* The id that may have been meant by one that no rule has, or NULL. */
const char *policy_nearest_rule(const struct policy *p, struct str id);
/* In force without overrides, after configure: for `rules` and `explain`. */
bool policy_rule_enabled(const struct policy *p, const struct rule *r);
enum severity policy_rule_severity(const struct policy *p, const struct rule *r);
const struct cond *policy_rule_when(const struct policy *p, const struct rule *r);
const struct cond *policy_rule_require(const struct policy *p, const struct rule *r);
/* Whether resources are judged by it: in force, or put into force by an override
 * where that holds. policy_n_enabled is the number of such rules. */
bool policy_rule_judged(const struct policy *p, const struct rule *r);
size_t policy_n_enabled(const struct policy *p);
/* The kinds of resource that such rules judge, and how many are for one of them. */
unsigned policy_kinds(const struct policy *p);
size_t policy_n_enabled_of(const struct policy *p, enum kind kind);
/* Fields that any enabled rule, override, waiver, message or group reads of a kind of
 * resource. policy_needs: of recording configurations. */
field_set policy_needs(const struct policy *p);
field_set policy_needs_of(const struct policy *p, enum kind kind);
/* Fast patterns, for an audit of many; before any worker judges. */
void policy_warm(struct policy *p);

/* Shipped packs, built in: name without "ivslint:", and the YAML. */
struct pack {
	const char *name;
	const char *text;
	size_t size;
	const struct value *tree; /* the same without tests, read when the program was built */
};
extern const struct pack pack_table[];
extern const size_t pack_n;

#endif
