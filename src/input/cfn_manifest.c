/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The manifest that CDK writes beside the templates of a cdk.out: which account
 * and region a stack goes to, its name and its tags.
 */
#include "input/cfn_run_inside.h"

#include <string.h>
#include <unistd.h>

#include "input/cfn_tags.h"
#include "model/json.h"

/* "aws://123456789012/us-west-2" */
static void take_environment(struct arena *a, struct str s, struct cfn_stack *stack)
{
	const char *slash;
	struct str account, region;

	if (!str_starts(s, STR("aws://")))
		return;
	s.data += 6;
	s.len -= 6;
	slash = memchr(s.data, '/', s.len);
	if (slash == NULL)
		return;
	account = (struct str){ s.data, (size_t)(slash - s.data) };
	region = (struct str){ slash + 1, (size_t)(s.data + s.len - slash - 1) };
	if (!str_is(account, "unknown-account"))
		stack->account = arena_str(a, account);
	if (!str_is(region, "unknown-region"))
		stack->region = arena_str(a, region);
}

const struct value *cfn_text_at(const struct value *map, const char *key)
{
	const struct value *v = value_get(map, str_of(key));

	return v != NULL && v->kind == VALUE_STRING ? v : NULL;
}

/* What the deploy would tag the stack with; tags that were given win. */
static void take_tags(struct arena *a, const struct value *v, struct cfn_stack *stack)
{
	struct value tags = cfn_tag_map(a, v);

	if (tags.kind == VALUE_MAP)
		stack->tags =
		    stack->tags.kind == VALUE_MAP ? cfn_tags_over(a, &stack->tags, &tags) : tags;
}

/* In properties.tags, and of older versions in the metadata alone. */
static void take_manifest_tags(struct arena *a, const struct value *artifact,
			       struct cfn_stack *stack)
{
	const struct value *tags = value_get(value_get(artifact, STR("properties")), STR("tags")),
			   *metadata = value_get(artifact, STR("metadata")), *type, *data;
	uint32_t i, k;

	if (tags != NULL) {
		take_tags(a, tags, stack);
		return;
	}
	for (i = 0; metadata != NULL && metadata->kind == VALUE_MAP && i < metadata->n; i++) {
		const struct value *list = &metadata->entries[i].value;

		for (k = 0; list->kind == VALUE_LIST && k < list->n; k++) {
			type = cfn_text_at(&list->items[k], "type");
			data = value_get(&list->items[k], STR("data"));
			if (type != NULL && data != NULL &&
			    str_is(value_str(type), "aws:cdk:stack-tags"))
				take_tags(a, data, stack);
		}
	}
}

void cfn_manifest_take(struct arena *a, const char *path, struct cfn_stack *stack)
{
	const struct value *artifacts, *properties, *v;
	struct json j;
	struct value root;
	struct stat st;
	struct str bytes;
	size_t len;
	uint32_t i;
	int fd;

	if (!str_ends(str_of(path), STR(".template.json")))
		return;
	fd = cfn_file_open(cfn_file_beside(a, path, STR("manifest.json")), &st);
	if (fd == -1)
		return;
	len = st.st_size > 0 && (size_t)st.st_size < LIMIT_TEMPLATE_SIZE ? (size_t)st.st_size : 0;
	bytes.data = cfn_file_bytes(a, fd, len, &bytes.len);
	close(fd);
	json_init(&j, bytes, a);
	if (len == 0 || json_value(&j, &root) == -1)
		return;
	artifacts = value_get(&root, STR("artifacts"));
	for (i = 0; artifacts != NULL && artifacts->kind == VALUE_MAP && i < artifacts->n; i++) {
		const struct value *artifact = &artifacts->entries[i].value;

		properties = value_get(artifact, STR("properties"));
		v = cfn_text_at(properties, "templateFile");
		if (v == NULL || !str_is(value_str(v), cfn_file_base(path)))
			continue;
		if ((v = cfn_text_at(artifact, "environment")) != NULL)
			take_environment(a, value_str(v), stack);
		if ((v = cfn_text_at(properties, "stackName")) != NULL)
			stack->name = value_str(v);
		take_manifest_tags(a, artifact, stack);
	}
}
