/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The inside of a policy, shared by the files that load it (policy*.c), that
 * compile it (variant.c) and that judge with it. Nobody outside src/rule
 * includes this.
 *
 * Which value of a parameter a rule sees, the later winning: the default of the
 * declaration; what files set, a file after those that it extends; what
 * `configure` sets for the rule; what overrides that hold set, in order, each
 * followed by its own `configure`; and --set, the caller's last word.
 */
#ifndef RULE_POLICY_INSIDE_H
#define RULE_POLICY_INSIDE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limit.h"
#include "rule/compile.h"
#include "rule/names.h"
#include "rule/policy.h"
#include "rule/shape.h"

/* The keys of a file, as found by policy_file.c. */
enum file_key {
	KEY_VERSION,
	KEY_NAME,
	KEY_DESCRIPTION,
	KEY_PACK_VERSION,
	KEY_EXTENDS,
	KEY_PARAMS,
	KEY_CONFIGURE,
	KEY_OVERRIDES,
	KEY_WAIVERS,
	KEY_FAIL_ON,
	KEY_INLINE_WAIVERS,
	KEY_RULES,
	N_FILE_KEYS
};

/* A file or a pack that was read. */
struct policy_file {
	struct source source;
	const struct pack *pack; /* NULL for a file */
	uint64_t device, number; /* of a file: who it is, whatever its path says */
	bool reading;            /* what it extends is being read */
	const struct value *keys[N_FILE_KEYS];
	int64_t pack_version; /* 0 where it says none */
	int64_t version;      /* the one that is taken: rules that joined later are left out */
	struct policy_file **extends;
	int64_t *asked; /* version that each `extends` asks for; 0 for none */
	size_t n_extends;
	bool reached; /* scratch of params_of_file */
};

/* A value set for a parameter. */
struct setting {
	size_t param;
	const struct value *value;
	struct source *source;
	struct policy_file *file;
};

struct settings {
	struct setting *list;
	size_t n;
};

/* One entry of a `configure`; those of a rule are a list in order of precedence. */
struct config {
	const struct config *next;
	int override;                  /* its index, or -1 */
	const enum severity *severity; /* NULL where it says nothing, and so on */
	const bool *enabled;
	const struct value *message, *remediation;
	struct settings settings;
	struct source *source;
};

struct override {
	struct cond *when;
	struct settings settings;
	struct source *source;
	struct place place;
	const char *name; /* "the override at policy.yaml:12" */
	unsigned kinds;   /* of the resources that it is asked for: they have its fields */
};

/* A parameter beyond what struct param says. */
struct declared {
	const struct value *fallback; /* NULL: none */
	const struct value *command;  /* what --set says, or NULL */
	const char *command_name;
	struct policy_file *file;
};

/* A rule that is left out because it joined its pack later than is asked for. */
struct later {
	const struct policy_file *file;
	int64_t since;
};

/* A rule with the parameters and the configuration of some overrides. */
struct compiled {
	const struct rule *rule; /* a copy where an override words its remediation anew */
	enum severity severity;
	bool enabled;
	struct cond *when;        /* NULL: always */
	struct cond *require;     /* NULL of a group rule */
	struct format *message;   /* NULL: made from the condition */
	struct group_rule *group; /* of a group rule */
	const char *error;        /* why it could not be compiled for these overrides */
	uint32_t mask;            /* of the overrides that touch it */
	struct compiled *next;    /* the same rule for other overrides */
};

/* All rules that are judged, for one set of overrides that hold. */
struct variant {
	uint32_t mask;
	struct variant *next;
	const struct compiled **singles; /* as policy_inside.singles */
	const struct compiled **groups;
	/* the singles laid flat, those of a kind up to its end: rule/check.h */
	const struct check *checks;
	size_t checks_end[N_KINDS];
};

/* What the loader knows of a rule beside what its author wrote. */
struct rule_more {
	struct policy_file *file;
	const struct config *configs, *last_config;
	uint32_t *params; /* numbers of those that its texts mention; maybe more */
	size_t n_params;
	uint32_t touch; /* overrides that can change it */
	struct compiled base;
	struct compiled *overfull; /* see variant.c */
	const struct waiver **waivers;
	size_t n_waivers;
	bool waives_values; /* one of them names a value */
	bool judged;        /* enabled here, or by an override, and selected */
};

struct policy_inside {
	struct arena arena;
	struct policy_file **files; /* in the order reached: the one asked for first */
	struct policy_file **order; /* what is extended first */
	size_t n_files, files_cap, n_order;
	struct source *command; /* one for each --set, --rule and --skip */
	size_t n_command;

	struct names rule_names;
	struct names param_names;
	struct names later_names;
	struct later *later;       /* by number of later_names */
	struct rule_more *rules;   /* by rule index */
	struct declared *declared; /* by parameter */
	struct settings settings;  /* of files, in order */
	struct override overrides[LIMIT_OVERRIDES];
	size_t n_overrides;
	/* overrides that touch any rule that is judged, and any for a kind */
	uint32_t touching, touching_of[N_KINDS];

	/* that are judged, in order: those of a kind stand together, up to its end */
	const struct rule **singles, **groups;
	size_t n_singles, n_groups;
	size_t singles_end[N_KINDS], groups_end[N_KINDS];
	struct variant base;
	field_set needs[N_KINDS];
	bool warm;

	/* What the digest is over, and the digest once it was asked for. */
	const struct str *digested;
	size_t n_digested;
	char digest[DIGEST_HEX_SIZE];

	pthread_mutex_t lock; /* of the digest, and of what follows */
	/* Variants met while judging. */
	struct arena late;
	struct variant *variants;
	size_t n_variants;
};

/* What loading passes around. */
struct loading {
	struct policy *p;
	struct policy_inside *in;
	struct arena *arena;
	struct mistakes *mistakes;
	size_t before;          /* mistakes that were there already, of another policy */
	const struct str *text; /* of a policy that is in no file and extends none; or NULL */
	bool tests;             /* of packs too */
};

/* Where those of a kind begin: ends is singles_end or groups_end. */
static inline size_t kind_start(const size_t ends[N_KINDS], enum kind kind)
{
	return kind == 0 ? 0 : ends[kind - 1];
}

/* Where mistakes in a source go while it is loaded. */
struct shape loading_shape(const struct loading *l, struct source *source);

/* policy.c: a policy in memory, which can extend packs that ship alone: for tests. */
struct policy *policy_load_text(const char *name, struct str text,
				const struct policy_options *options, struct mistakes *mistakes,
				struct err *err);

/* policy_file.c: the file or pack and all that it extends. -1 with err where
 * `name` itself cannot be read. */
int policy_read_files(struct loading *l, const char *name, struct err *err);
/* "policy.yaml:12" */
const char *policy_place_name(struct arena *arena, struct source *source, struct place place);

/* policy_params.c: declarations, what files set, and --set. */
void policy_read_params(struct loading *l, const struct policy_options *options);
/* Reads {NAME: value} as settings of parameters that are declared. */
struct settings policy_read_settings(const struct loading *l, struct policy_file *file,
				     const struct value *map);
/* The parameters that a rule sees where the overrides of mask hold. */
const struct params *policy_rule_params(const struct policy *p, size_t rule, uint32_t mask,
					struct arena *arena);
/* As the file alone sets them, with what it extends: for tests. Values may be
 * NULL. */
struct params policy_file_params(const struct policy *p, struct policy_file *file,
				 struct arena *arena);
/* Sets what a mapping (checked before) says. */
void params_apply(const struct policy_inside *in, struct params *params, const struct value *map);
/* Adds the parameters that texts in a tree mention to those of a rule. */
void policy_rule_mentions(const struct loading *l, struct rule_more *rule,
			  const struct value *tree);

/* policy_configure.c: `configure` and `overrides` of all files. */
void policy_read_configure(struct loading *l);
void policy_read_overrides(struct loading *l);
/* --rule and --skip; which rules are judged. */
void policy_select(struct loading *l, const struct policy_options *options);
/* A rule by the id that a value or key names, or NULL with a mistake. */
const struct rule *policy_named_rule(const struct loading *l, const struct shape *s,
				     const struct value *at, const struct entry *key);

#endif
