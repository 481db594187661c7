/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads a YAML file to its end with libyaml and keeps nothing of it.
 */
#include <stdio.h>
#include <yaml.h>

int main(int argc, char **argv)
{
	FILE *in = argc == 2 ? fopen(argv[1], "rb") : NULL;
	yaml_parser_t parser;
	yaml_event_t event;
	int more = 1;

	if (in == NULL || !yaml_parser_initialize(&parser))
		return 2;
	yaml_parser_set_input_file(&parser, in);
	while (more) {
		if (!yaml_parser_parse(&parser, &event))
			return 1;
		more = event.type != YAML_STREAM_END_EVENT;
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
	fclose(in);
	return 0;
}
