/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Recording configurations where none is read: in an answer to another question, under a
 * name that is none of the API's, with keys in another case, in a template among them. What is not
 * audited must not pass for having been.
 */
#ifndef INPUT_JSON_STRAY_H
#define INPUT_JSON_STRAY_H

#include <stdbool.h>

#include "model/json.h"

#define JSON_STRAY                                                                                 \
	"a recording configuration that is not where the API prints one, and is not audited"
#define JSON_STRAY_PLANNED                                                                         \
	"a recording configuration of a template or a plan within another document, which is not " \
	"audited: save it in a file of its own"
#define JSON_STRAY_CHANNEL "a channel that is not where the API prints one, and is not judged"

/* Where it begins, or NULL; and what to say of it. */
struct json_stray {
	const char *at, *text;
};

/* Whether a key is `name` but for its case and for '_' and '-' in it. */
bool json_key_is_like_closely(struct str key, struct str name);
static inline bool json_key_is_like(struct str key, struct str name)
{
	return key.len >= name.len &&
	       (key.data[key.len - 1] | 0x20) == (name.data[name.len - 1] | 0x20) &&
	       json_key_is_like_closely(key, name);
}

/*
 * The first object that is a recording configuration by what it holds, or a channel
 * where those are judged, in the value that j stands before and that is known to be well.
 * key: that of the value, or "". Takes nothing.
 */
struct json_stray json_find_stray(const struct json *j, struct str key, bool channels);

/* Whether the object that j stands before is a bare recording configuration by the names
 * of its members, whatever the types of their values. Takes nothing. */
bool json_is_named_as_bare(const struct json *j);

/* Whether a member of this name may stand before the list, or the configuration, of an
 * answer: its first members say what a document is. */
bool json_may_stand_before(struct str key);

#endif
