/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whose a file is, from its beginning: a table of beginnings and readers.
 */
#include "input/input.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/json.h"

static const struct {
	const char *name, *text;
	bool asked_for;
	const char *reader; /* NULL: nobody's */
} rows[] = {
	{ "x.json", "{\"recordingConfiguration\": {}}", false, "json" },
	{ "x.txt", "{\"anything\": 1}", false, "json" },
	{ "x.json", "null", false, "json" },
	{ "x.txt", "text", false, NULL },
	{ "x.txt", "text", true, "json" },
	/* what else holds JSON says so by its members */
	{ "x.json", "{\"Resources\": {}}", false, "cfn" },
	{ "x.json", "{\"Description\": \"d\", \"AWSTemplateFormatVersion\": \"2010-09-09\"}", false,
	  "cfn" },
	{ "x", "{\"Parameters\": {\"a\": [1, {\"b\": \"}\"}]}, \"Resources\": {\"cut", false,
	  "cfn" },
	{ "x.json", "{\"recordingConfiguration\": {}, \"Resources\": {}}", false, "json" },
	{ "x.json", "{\"inner\": {\"Resources\": {}}}", false, "json" },
	{ "x.json", "{\"format_version\": \"1.2\", \"planned_values\": {}}", false, "tf" },
	{ "x.json",
	  "{\"format_version\": \"1.0\", \"terraform_version\": \"1.9.0\", \"values\": {}}", false,
	  "tf" },
	{ "x.json", "{\"format_version\": \"1.2\"}", false, "tf" },
	/* YAML, by the keys at its left */
	{ "x.yaml", "AWSTemplateFormatVersion: 2010-09-09\nResources:\n", false, "cfn" },
	{ "x.txt", "# a comment\n---\nResources:\n  A: {}\n", true, "cfn" },
	{ "x.txt", "Resources: none\n", false, NULL },
	{ "x.yaml", "# a comment\n---\nResources:\n  A: {}\n", false, "cfn" },
	{ "x.yml", "\"Resources\" :\n  A: {}\n", false, "cfn" },
	{ "x.yml", "Transform: AWS::Serverless-2016-10-31\n", false, "cfn" },
	{ "x.yaml", "ResourcesX:\n  A: {}\n", false, NULL },
	{ "x.yaml", "a:\n  Resources:\n    A: {}\n", false, NULL },
	{ "x.yaml", "version: 1\nrules: []\n", false, NULL },
	{ "x.yaml", "version: 1\nrules: []\n", true, "cfn" },
	{ "x.template", "{Resources: {A: {Type: x}}}", false, "cfn" },
	{ "x.json", "{Resources: {A: {Type: x}}}", false, "json" },
	/* whatever letters the name has */
	{ "X.YML", "Resources:\n  A: {}\n", false, "cfn" },
	{ "X.JSON", "null", false, "json" },
	/* what templates begin with, and the rest is not seen */
	{ "x.yaml", "Metadata: {a: b}\nMappings:\n  A:\n", false, "cfn" },
	{ "x.json", "{\"Description\": \"d\", \"Mappings\": {\"A\": {", false, "cfn" },
	{ "x.json", "{\"Mappings\": {}, \"other\": {", false, "json" },
	{ "x.yaml", "metadata: {name: x}\nspec:\n", false, NULL },
	{ "x.json", "{\"Fn::Transform\": {\"Name\": \"AWS::Include\"}}", false, "cfn" },
	/* what may stand before a key of YAML, and around it */
	{ "x.yaml", "  # all is indented\n  Description: x\n  Resources:\n    A: {}\n", false,
	  "cfn" },
	{ "x.yaml", "%YAML 1.1\n--- !!map\nResources:\n", false, "cfn" },
	{ "x.yaml", "--- {Resources: {A: {Type: x}}}\n", false, "cfn" },
	{ "x.yaml", "# a comment\n---\n{Resources: {A: {Type: x}}}\n", false, "cfn" },
	{ "x.yaml", "? Resources\n: A: {}\n", false, "cfn" },
	{ "x.yaml", "&all Resources:\n  A: {}\n", false, "cfn" },
	{ "x.yaml", "\"Resour\\x63es\":\n  A: {}\n", false, "cfn" },
	{ "x.yaml", "Description: x\rResources:\r  A: {}\r", false, "cfn" },
	{ "x.yaml", "Fn::Transform: {Name: AWS::Include}\n", false, "cfn" },
	{ "x.yaml", "a: \"b\\n\"\n", false, NULL },
	{ "x.yaml", "a:\n    Resources: {}\n", false, NULL },
	{ "x.yaml", "Resources\n", false, NULL },
	{ "x.yaml", "# filled in\n{{- if .Values.Resources }}\na: 1\n{{- end }}\n", false, NULL },
	{ "x.yaml", "", false, NULL },
};

static void test_whose(void **state)
{
	struct arena arena = ARENA_INIT;
	const struct input *input;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		size_t len = strlen(rows[i].text);
		char *text = arena_alloc(&arena, len + JSON_PADDING);
		struct input_head head = { .name = rows[i].name, .asked_for = rows[i].asked_for };

		memcpy(text, rows[i].text, len);
		head.text = (struct str){ text, len };
		head.first = text[0];
		head.json = text[0] == '{' || text[0] == '[';
		input = input_recognise(&head, &arena);
		if (rows[i].reader == NULL)
			assert_null(input);
		else
			assert_string_equal(input != NULL ? input->name : rows[i].text,
					    rows[i].reader);
	}
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whose),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
