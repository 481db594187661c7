/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Outputs against inputs, by where their paths lead.
 */
#include "cmd/outputs.h"

#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/log.h"
#include "model/source.h"

/* What the file is to the run, or NULL. */
static const char *is_read(const struct inputs *in, const char *path)
{
	const struct settings *s = in->settings;
	size_t i;

	for (i = 0; i < in->n; i++)
		if (strcmp(in->paths[i], "-") != 0 && file_same_place(path, in->paths[i]))
			return "is read";
	for (i = 0; in->policy != NULL && i < in->policy->n_sources; i++)
		if (file_same_place(path, in->policy->sources[i]->name))
			return "is the policy";
	if (s->baseline != NULL && file_same_place(path, s->baseline))
		return "is the baseline";
	for (i = 0; i < s->n_parameter_files; i++)
		if (file_same_place(path, s->parameter_files[i]))
			return "holds parameters";
	return NULL;
}

int outputs_check(const struct inputs *in, const char *what, const char *path)
{
	const char *is;
	struct stat st;

	/* what is not there yet is nothing that was read */
	if (strcmp(path, "-") == 0 || stat(path, &st) == -1 || !S_ISREG(st.st_mode))
		return 0;
	is = is_read(in, path);
	if (is == NULL)
		return 0;
	log_error("%s would be written to '%s', which %s", what, path, is);
	return -1;
}
