/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a file of parameters: taken or refused with a reason, and what was
 * taken is a text, or unknown with a reason; the same when it is given twice.
 */
#include "input/cfn_given.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[32];
	const char *const files[] = { path, path };
	struct cfn_given_options once = { .files = files, .n_files = 1 },
				 twice = { .files = files, .n_files = 2 };
	struct cfn_given *one, *two;
	const char *name, *again;
	size_t at = 0, at_two = 0;
	const struct value *v;
	struct err err;
	int fd = file_temporary();

	snprintf(path, sizeof(path), "/dev/fd/%d", fd);
	if (fd != -1 && size != 0 && write(fd, data, size) == (ssize_t)size) {
		err = (struct err){ 0 };
		one = cfn_given_new(&once, &err);
		if (one == NULL && (err.kind != ERR_USAGE || err.text[0] == '\0'))
			abort();
		two = cfn_given_new(&twice, &err);
		if ((one == NULL) != (two == NULL))
			abort();
		while (one != NULL && (name = cfn_given_unused(one, &at)) != NULL) {
			again = cfn_given_unused(two, &at_two);
			if (again == NULL || strcmp(name, again) != 0)
				abort();
			v = cfn_given_parameter(one, str_of(name));
			/* NULL: a name with a NUL in it */
			if (v != NULL && v->kind != VALUE_STRING && v->kind != VALUE_UNKNOWN)
				abort();
		}
		cfn_given_free(one);
		cfn_given_free(two);
	}
	if (fd != -1)
		close(fd);
	return 0;
}
