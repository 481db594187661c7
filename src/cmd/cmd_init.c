/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ivslint init: writes a policy to begin with, never over one that is there.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/sandbox.h"
#include "cmd/cmd.h"
#include "cmd/read_each.h"
#include "rule/guess.h"

#define POLICY_FILE ".ivslint.yaml"
#define BASE        "ivslint:recommended"

static const struct opt *const tables[] = { cmd_output_opts, cmd_chatter_opts, NULL };

struct reading {
	struct guess *guess;
	uint64_t resources, troubles;
};

/* ---- reading ---------------------------------------------------------------- */

static void take_resource(void *to, struct resource *r)
{
	struct reading *reading = to;

	guess_take(reading->guess, r);
	reading->resources++;
}

static void tell_trouble(void *to, const char *file, uint32_t line, uint32_t column,
			 const char *text)
{
	struct reading *reading = to;

	reading->troubles++;
	if (line != 0)
		log_error("%s:%" PRIu32 ":%" PRIu32 ": %s", file, line, column, text);
	else
		log_error("%s: %s", file, text);
}

/* A guess is made of what there is. */
static void tell_unseen(void *to, const char *file, uint32_t line, uint32_t column,
			const char *text)
{
	(void)to;
	log_note("%s:%" PRIu32 ":%" PRIu32 ": %s", file, line, column, text);
}

/* STATUS_PASS when everything was read. */
static int read_all(struct guess *guess, const char *const *paths, size_t n)
{
	struct reading r = { .guess = guess };
	const struct each each = { &r, take_resource, tell_trouble, tell_unseen };
	const struct input_options options = { .paths = paths, .n_paths = n };

	read_each(&options, resource_closure(guess_needs()), &each);
	if (r.troubles != 0) {
		log_error("not everything could be read: no policy was written");
		return STATUS_INCOMPLETE;
	}
	if (r.resources == 0) {
		log_error("no recording configuration in what was named: no policy was written");
		return STATUS_INCOMPLETE;
	}
	return STATUS_PASS;
}

/* ---- writing ---------------------------------------------------------------- */

static int write_whole(int fd, struct str bytes)
{
	ssize_t n;

	while (bytes.len > 0) {
		n = write(fd, bytes.data, bytes.len);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return -1;
		bytes.data += n;
		bytes.len -= (size_t)n;
	}
	return 0;
}

/* Creates the file, and never opens one that is there: not even for a moment. */
static int create(const char *path, struct str bytes)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOCTTY | O_CLOEXEC, 0666);
	int failed;

	if (fd == -1 && errno == EEXIST) {
		log_error("'%s' is there already, and stays as it is", path);
		return STATUS_USAGE;
	}
	if (fd == -1) {
		log_error("cannot create '%s': %s", path, strerror(errno));
		return STATUS_INCOMPLETE;
	}
	failed = write_whole(fd, bytes);
	if (close(fd) == -1 || failed == -1) {
		log_error("cannot write '%s': %s", path, strerror(errno));
		unlink(path);
		return STATUS_INCOMPLETE;
	}
	log_note("wrote %s: read it, then try ivslint check", path);
	return STATUS_PASS;
}

static int64_t pack_version(void)
{
	const struct value *version;
	size_t i;

	for (i = 0; i < pack_n; i++) {
		if (strcmp(pack_table[i].name, &BASE[sizeof("ivslint:") - 1]) != 0)
			continue;
		version = pack_table[i].tree != NULL
			      ? value_get(pack_table[i].tree, STR("pack_version"))
			      : NULL;
		if (version != NULL && version->kind == VALUE_NUMBER)
			return value_number(version).mantissa;
	}
	return 0;
}

static int write_policy(const struct guess *guess, const struct policy *base, const char *path)
{
	struct buf text = BUF_INIT(0);
	char extends[100];
	int status;

	if (pack_version() != 0)
		snprintf(extends, sizeof(extends), "%s@%" PRId64, BASE, pack_version());
	else
		snprintf(extends, sizeof(extends), "%s", BASE);
	guess_put(guess, extends, base, &text);
	status = strcmp(path, "-") == 0 ? cmd_print(&text) : create(path, buf_str(&text));
	buf_release(&text);
	return status;
}

static int run_init(int argc, char **argv)
{
	const char *path;
	struct policy *base;
	struct settings s;
	struct guess *guess;
	struct stat st;
	int status, n;

	n = settings_parse(&s, &cmd_init, argc, argv, &status);
	if (n == -1)
		return status;
	path = s.output != NULL ? s.output : POLICY_FILE;
	/* before anything is read; what decides is create() */
	if (strcmp(path, "-") != 0 && lstat(path, &st) == 0) {
		log_error("'%s' is there already, and stays as it is", path);
		return STATUS_USAGE;
	}
	base = settings_policy_named(&s, BASE);
	if (base == NULL)
		return STATUS_USAGE;
	sandbox_no_network();
	guess = guess_new();
	status = n != 0 ? read_all(guess, (const char *const *)argv + 1, (size_t)n) : STATUS_PASS;
	if (status == STATUS_PASS)
		status = write_policy(guess, base, path);
	guess_free(guess);
	policy_free(base);
	return status;
}

const struct cmd cmd_init = {
	.name = "init",
	.operands = "[PATH...]",
	.text = "Writes a commented policy to begin with, guessed from what is saved",
	.opts = tables,
	.run = run_init,
};
