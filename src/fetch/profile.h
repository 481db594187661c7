/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The shared config and credentials files: where they are, their grammar, and
 * what a profile says when both are laid over each other.
 */
#ifndef FETCH_PROFILE_H
#define FETCH_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "fetch/secret.h"
#include "fetch/world.h"

enum profile_kind {
	PROFILE_PROFILE,
	PROFILE_SSO_SESSION, /* [sso-session NAME] */
	PROFILE_SERVICES,    /* [services NAME] */
};

enum profile_file { PROFILE_CONFIG, PROFILE_CREDENTIALS };

/* A section's beginning (then `key` is empty) or one property of a section. */
struct profile_entry {
	enum profile_kind kind;
	enum profile_file file;
	struct str section;
	struct str key;   /* lower case */
	struct str value; /* lines of a longer one joined by newlines */
	uint32_t line;
	bool bare;   /* of [default] where [profile default] may stand */
	bool hidden; /* such a one that gives way */
};

/* Both files. Entries are slices of the texts, which are wiped by release. */
struct profiles {
	struct secret texts[2]; /* by enum profile_file */
	const char *paths[2];
	struct profile_entry *entries; /* those of credentials behind those of config */
	size_t n_entries, room;
	struct arena arena;
};

#define PROFILES_INIT ((struct profiles){ .arena = ARENA_INIT })

/* AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE, or ~/.aws/config and ~/.aws/credentials.
 * NULL when there is no home folder. */
const char *profile_path(const struct world *world, enum profile_file file, struct arena *arena);
/* A path of a setting: "~/x" is in the home folder. */
const char *profile_expand(const struct world *world, struct str path, struct arena *arena);
/* Reads both files; one that does not exist is empty. */
int profiles_read(struct profiles *p, const struct world *world, struct err *err);
/* Adds the entries of a text, whose bytes it takes and changes. config comes first. An
 * error names the line, and nothing of what it holds. */
int profiles_parse(struct profiles *p, enum profile_file file, struct secret *text,
		   struct err *err);
void profiles_release(struct profiles *p);

/* Whether there is such a section at all. */
bool profile_exists(const struct profiles *p, enum profile_kind kind, struct str name);
/* What holds for a key: credentials before config, later lines before earlier ones.
 * NULL when it is not set. */
const struct profile_entry *profile_entry(const struct profiles *p, enum profile_kind kind,
					  struct str name, const char *key);
/* The same as text; false when it is not set, or empty. */
bool profile_get(const struct profiles *p, enum profile_kind kind, struct str name, const char *key,
		 struct str *value);
/* "key = value" on a line of its own below "group =". */
bool profile_get_nested(const struct profiles *p, enum profile_kind kind, struct str name,
			const char *group, const char *key, struct str *value);

#endif
