/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The options that say what is known of stacks before they are deployed.
 */
#include "base/log.h"
#include "cmd/settings_inside.h"
#include "input/cfn_given.h"

SETTINGS_TEXT(take_region, region)
SETTINGS_TEXT(take_account, account)
SETTINGS_TEXT(take_stack_name, stack_name)

static int take_file(void *to, const char *value, struct err *err)
{
	struct settings *s = to;

	return settings_add(s->parameter_files, &s->n_parameter_files, SETTINGS_MANY, value, err);
}

static int take_parameter(void *to, const char *value, struct err *err)
{
	struct settings *s = to;

	return settings_add(s->parameters, &s->n_parameters, SETTINGS_PARAMETERS, value, err);
}

static int take_stack_tag(void *to, const char *value, struct err *err)
{
	struct settings *s = to;

	return settings_add(s->stack_tags, &s->n_stack_tags, SETTINGS_MANY, value, err);
}

SETTINGS_SWITCH(take_allow_unseen, allow_unseen)

const struct opt cmd_stack_opts[] = {
	{ "parameters", 0, "FILE",
	  "parameters of templates, in any form that the AWS CLI takes; may be given again",
	  take_file },
	{ "set-parameter", 0, "NAME=VALUE",
	  "one parameter of templates; wins over files; may be given again", take_parameter },
	{ "region", 0, "REGION",
	  "the region that templates will be deployed to; default: not known", take_region },
	{ "account", 0, "ID", "the account that they will be deployed to; default: not known",
	  take_account },
	{ "stack-name", 0, "NAME", "the name of their stack; default: not known", take_stack_name },
	{ "stack-tag", 0, "KEY=VALUE",
	  "a tag of their stack, which its resources get too; may be given again", take_stack_tag },
	{ "allow-unseen", 0, NULL,
	  "what macros and templates behind URLs add is told, and changes no exit status",
	  take_allow_unseen },
	OPT_END,
};

int settings_given(struct settings *s)
{
	const struct cfn_given_options options = {
		.region = s->region,
		.account = s->account,
		.stack_name = s->stack_name,
		.files = s->parameter_files,
		.n_files = s->n_parameter_files,
		.set = s->parameters,
		.n_set = s->n_parameters,
		.tags = s->stack_tags,
		.n_tags = s->n_stack_tags,
	};
	struct err err;

	s->given = cfn_given_new(&options, &err);
	if (s->given != NULL)
		return STATUS_PASS;
	log_error("%s", err.text);
	return STATUS_USAGE;
}

void settings_given_free(struct settings *s, bool warn)
{
	const char *name;
	size_t at = 0;

	while (warn && (name = cfn_given_unused(s->given, &at)) != NULL)
		log_warning("the parameter '%s' is in no template that was read", name);
	cfn_given_free(s->given);
	s->given = NULL;
}
