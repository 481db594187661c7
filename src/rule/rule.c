/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading a rule. Knows its keys; conditions are compiled elsewhere, because
 * they depend on parameters.
 */
#include "rule/rule.h"

#include "base/text.h"

enum {
	RULE_ID,
	RULE_TITLE,
	RULE_KIND,
	RULE_SEVERITY,
	RULE_ENABLED,
	RULE_CATEGORY,
	RULE_RATIONALE,
	RULE_WHEN,
	RULE_REQUIRE,
	RULE_GROUP_BY,
	RULE_MESSAGE,
	RULE_REMEDIATION,
	RULE_REFERENCES,
	RULE_CONTROLS,
	RULE_TESTS,
	RULE_SINCE,
	N_RULE_KEYS
};

static const struct shape_key rule_keys[N_RULE_KEYS] = {
	[RULE_ID] = { "id", SHAPE_STRING, true,
		      "Name of the rule in reports: small letters, digits and hyphens" },
	[RULE_TITLE] = { "title", SHAPE_STRING, true,
			 "What holds where the rule passes, in one line" },
	[RULE_KIND] = { "kind", SHAPE_STRING, false,
			"Kind of resource that is judged; recording-configuration where nothing is "
			"written" },
	[RULE_SEVERITY] = { "severity", SHAPE_STRING, true, "How bad a finding is" },
	[RULE_ENABLED] = { "enabled", SHAPE_BOOLEAN, false,
			   "Whether the rule is judged; true where nothing is written" },
	[RULE_CATEGORY] = { "category", SHAPE_STRING, false, "Free word that groups reports" },
	[RULE_RATIONALE] = { "rationale", SHAPE_STRING, false, "Why the rule is there" },
	[RULE_WHEN] = { "when", SHAPE_MAP, false,
			"Condition under which the rule applies; without it, always" },
	[RULE_REQUIRE] = { "require", SHAPE_MAP, true, "Condition that must hold" },
	[RULE_GROUP_BY] = { "group_by", SHAPE_LIST, false,
			    "Fields whose equal values make a group; the rule judges groups then" },
	[RULE_MESSAGE] = { "message", SHAPE_STRING, false,
			   "Text of a finding; fields stand in braces: {name}" },
	[RULE_REMEDIATION] = { "remediation", SHAPE_STRING, false, "What to do about a finding" },
	[RULE_REFERENCES] = { "references", SHAPE_LIST, false, "Addresses of further reading" },
	[RULE_CONTROLS] = { "controls", SHAPE_MAP, false,
			    "Controls of frameworks that the rule serves: framework, then ids" },
	[RULE_TESTS] = { "tests", SHAPE_LIST, false,
			 "Examples, run by ivslint test and shown by ivslint explain" },
	[RULE_SINCE] = { "since", SHAPE_NUMBER, false,
			 "Version of the pack with which the rule joined" },
};

const struct shape_table shape_rule = { rule_keys, N_RULE_KEYS };

#define ID_MOST 100

static bool id_is_good(struct str id)
{
	size_t i;

	if (id.len == 0 || id.len > ID_MOST || id.data[0] == '-' || id.data[id.len - 1] == '-')
		return false;
	for (i = 0; i < id.len; i++)
		if ((id.data[i] < 'a' || id.data[i] > 'z') &&
		    (id.data[i] < '0' || id.data[i] > '9') && id.data[i] != '-')
			return false;
	return true;
}

static void read_controls(const struct shape *s, const struct value *controls)
{
	uint32_t i;

	for (i = 0; i < controls->n; i++)
		if (shape_is(s, "a framework of controls", &controls->entries[i].value, SHAPE_LIST))
			shape_list(s, "controls", &controls->entries[i].value, SHAPE_STRING);
}

static void read_since(const struct shape *s, const struct value *since, int64_t pack_version,
		       struct rule *rule)
{
	int64_t version;

	if (!shape_int(s, "since", since, 1, INT32_MAX, &version))
		return;
	rule->since = version;
	if (pack_version == 0) {
		shape_mistake(s, since, "'since' is for packs: this file has no 'pack_version'");
	} else if (version > pack_version) {
		shape_mistake(s, since, "the rule joined in version %lld of a pack of version %lld",
			      (long long)version, (long long)pack_version);
		mistakes_hint(s->mistakes, "raise 'pack_version'");
	}
}

static void read_kind(const struct shape *s, const struct value *v, enum kind *kind)
{
	const char *names[N_KINDS], *nearest;
	size_t k;

	if (kind_find(shape_str(v), kind))
		return;
	for (k = 0; k < N_KINDS; k++)
		names[k] = kind_table[k].name;
	shape_mistake(s, v, "unknown kind of resource %s", shape_quote(s, value_str(v)));
	nearest = text_nearest(value_str(v), names, N_KINDS);
	if (nearest != NULL)
		shape_hint_nearest(s, nearest);
	else
		mistakes_hint(s->mistakes, "there are: %s, %s", names[0], names[1]);
}

_Static_assert(N_KINDS == 2, "the hint names them all");

static void read_lists(const struct shape *s, const struct value *const *found, struct rule *rule)
{
	const struct value *group_by = found[RULE_GROUP_BY];

	if (found[RULE_REFERENCES] != NULL &&
	    shape_list(s, "references", found[RULE_REFERENCES], SHAPE_STRING))
		rule->references = found[RULE_REFERENCES];
	if (found[RULE_CONTROLS] != NULL) {
		read_controls(s, found[RULE_CONTROLS]);
		rule->controls = found[RULE_CONTROLS];
	}
	if (group_by != NULL && group_by->n == 0)
		shape_mistake(s, group_by, "'group_by' is an empty list: it needs a field");
	rule->group_by = group_by;
	rule->tests = found[RULE_TESTS];
}

bool rule_read(const struct shape *s, const struct value *node, int64_t pack_version,
	       struct rule *rule)
{
	const struct value *found[N_RULE_KEYS];

	*rule =
	    (struct rule){ .source = s->source, .place = node->place, .enabled = true, .since = 1 };
	shape_map(s, "a rule", node, rule_keys, N_RULE_KEYS, found);
	if (found[RULE_KIND] != NULL)
		read_kind(s, found[RULE_KIND], &rule->kind);
	if (found[RULE_SEVERITY] != NULL)
		shape_severity(s, found[RULE_SEVERITY], &rule->severity);
	if (found[RULE_ENABLED] != NULL)
		rule->enabled = found[RULE_ENABLED]->boolean;
	if (found[RULE_SINCE] != NULL)
		read_since(s, found[RULE_SINCE], pack_version, rule);
	read_lists(s, found, rule);
	rule->title = shape_str(found[RULE_TITLE]);
	rule->category = shape_str(found[RULE_CATEGORY]);
	rule->rationale = shape_str(found[RULE_RATIONALE]);
	rule->remediation = shape_str(found[RULE_REMEDIATION]);
	rule->when = found[RULE_WHEN];
	rule->require = found[RULE_REQUIRE];
	if (found[RULE_GROUP_BY] == NULL && node->kind == VALUE_MAP &&
	    value_get(node, STR("group_by")) != NULL)
		rule->require = NULL; /* it could not be read as what it is meant to be */
	rule->message = found[RULE_MESSAGE];
	if (found[RULE_TITLE] != NULL && text_is_blank(rule->title))
		shape_mistake(s, found[RULE_TITLE], "'title' is empty");
	if (found[RULE_ID] == NULL)
		return false;
	rule->id = value_str(found[RULE_ID]);
	rule->place = found[RULE_ID]->place;
	if (id_is_good(rule->id))
		return true;
	shape_mistake(s, found[RULE_ID], "%s is no rule id", shape_quote(s, rule->id));
	mistakes_hint(s->mistakes, "lower-case letters, digits and dashes between them, at most %d",
		      ID_MOST);
	return false;
}
