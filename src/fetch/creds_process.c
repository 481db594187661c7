/* SPDX-License-Identifier: Apache-2.0 */
/*
 * credential_process: a program of the user's own, run by the shell, which
 * writes credentials as JSON. What it may ask goes past us to the terminal, and
 * what it complains of to standard error.
 */
#define _GNU_SOURCE /* pipe2 */
#include "fetch/creds.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/digest.h"
#include "fetch/creds_inside.h"

struct child {
	pid_t pid;
	int out;
	bool group; /* has a process group of its own */
};

/* In the child, where only async-signal-safe functions may be called. */
static void become(const char *command, char *const *environment, int out, bool group)
{
	char shell[] = "/bin/sh", option[] = "-c";
	char *arguments[4];
	sigset_t nothing;

	arguments[0] = shell;
	arguments[1] = option;
	arguments[2] = (char *)(uintptr_t)command;
	arguments[3] = NULL;
	if (group)
		setpgid(0, 0);
	/* what we block and ignore is no business of its */
	sigemptyset(&nothing);
	sigprocmask(SIG_SETMASK, &nothing, NULL);
	signal(SIGPIPE, SIG_DFL);
	if (dup2(out, STDOUT_FILENO) != -1)
		execve("/bin/sh", arguments, environment);
	_exit(127);
}

static int start(struct child *c, const char *command, const struct world *world, struct err *err)
{
	static const char *const none[] = { NULL };
	const char *const *environment = world->environment != NULL ? world->environment : none;
	int ends[2];

	/* at once, as another thread may be starting a program too: with our end in its hands
	 * this pipe would not end */
	if (pipe2(ends, O_CLOEXEC) == -1)
		return err_errno(err, ERR_SYSTEM, errno, "cannot make a pipe");
	/* one that may ask on the terminal has to stay in the foreground; any other gets a group
	 * of its own, so that it can be ended with all that it started */
	c->group = !isatty(STDIN_FILENO);
	c->pid = fork();
	if (c->pid == 0)
		become(command, (char *const *)(uintptr_t)environment, ends[1], c->group);
	close(ends[1]);
	if (c->pid == -1) {
		close(ends[0]);
		return err_errno(err, ERR_SYSTEM, errno, "cannot start a process");
	}
	if (c->group)
		(void)setpgid(c->pid, c->pid);
	c->out = ends[0];
	return 0;
}

enum { PIPE_ENDED, PIPE_LATE, PIPE_BAD, PIPE_STOPPED };

/* What the program writes, to its end. */
static int read_pipe(const struct world *world, int fd, int64_t until_ms, struct secret *to)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char piece[4096];
	int64_t left;
	ssize_t got = 1;
	int rc = PIPE_ENDED;

	while (got != 0 && rc == PIPE_ENDED) {
		left = until_ms - secret_clock_ms();
		if (left <= 0)
			rc = PIPE_LATE;
		else if (world->await != NULL && !world->await(world->self, fd, left))
			rc = PIPE_STOPPED;
		else if (poll(&p, 1, world->await != NULL ? 0 : (int)left) > 0) {
			got = read(fd, piece, sizeof(piece));
			if (got > 0)
				secret_put(to, piece, (size_t)got);
			if (to->failed || (got == -1 && errno != EINTR))
				rc = PIPE_BAD;
		}
	}
	digest_wipe(piece, sizeof(piece));
	return rc;
}

/* Its status; -1 when there is none. One that wrote all it had may still be at work: it is
 * waited for until then, and ended. */
static int finish(struct child *c, const struct world *world, bool end_it, int64_t until_ms)
{
	const struct timespec moment = { .tv_nsec = 2000000 };
	int status = 0;
	pid_t ended;

	close(c->out);
	for (;;) {
		if (end_it || secret_clock_ms() >= until_ms || world_is_to_end(world))
			kill(c->group ? -c->pid : c->pid, SIGKILL);
		ended = waitpid(c->pid, &status, WNOHANG);
		if (ended == c->pid)
			return status;
		if (ended == -1 && errno != EINTR)
			return -1;
		nanosleep(&moment, NULL);
	}
}

static int run(const char *command, const struct world *world, struct secret *output,
	       struct err *err)
{
	int64_t most_ms =
	    world->process_ms != 0 ? world->process_ms : 1000 * LIMIT_CREDENTIAL_SECONDS;
	int64_t until_ms = secret_clock_ms() + most_ms;
	struct child c = { 0 };
	int rc, status;

	if (start(&c, command, world, err) == -1)
		return -1;
	rc = read_pipe(world, c.out, until_ms, output);
	status = finish(&c, world, rc != PIPE_ENDED, until_ms);
	if (rc == PIPE_STOPPED || world_is_to_end(world))
		return err_set(err, ERR_INTERRUPTED, "it was stopped");
	if (output->failed)
		return err_set(err, ERR_INPUT, "it wrote more than %zu bytes", output->limit);
	if (rc == PIPE_LATE || secret_clock_ms() >= until_ms)
		return err_set(err, ERR_INPUT, "it took longer than %lld seconds",
			       (long long)most_ms / 1000);
	if (rc == PIPE_BAD || status == -1)
		return err_set(err, ERR_INPUT, "its output could not be read");
	if (WIFSIGNALED(status))
		return err_set(err, ERR_INPUT, "it was ended by signal %d", WTERMSIG(status));
	if (WEXITSTATUS(status) != 0)
		return err_set(err, ERR_INPUT, "it ended with status %d", WEXITSTATUS(status));
	return 0;
}

static int read_output(struct str output, struct creds *out, struct err *err)
{
	struct answer *document = answer_parse(output, err);
	int64_t version;
	int rc = -1;

	if (document == NULL)
		err_wrap(err, "its output");
	else if (!answer_number(answer_member(answer_root(document), "Version"), &version) ||
		 version != 1)
		err_set(err, ERR_INPUT, "the Version of its output is not 1");
	else
		rc = creds_read(answer_root(document), "SessionToken", out, err);
	answer_free(document);
	return rc;
}

int creds_process(const struct session *s, struct str command, struct str profile,
		  struct creds *out, struct err *err)
{
	struct secret output = SECRET_INIT(LIMIT_CREDENTIAL_ANSWER);
	struct secret text = SECRET_INIT(0); /* a command line may hold a secret */
	struct str account;
	int rc;

	secret_put_str(&text, command);
	rc = run(text.data, s->world, &output, err);
	if (rc == 0)
		rc = read_output(secret_str(&output), out, err);
	if (rc == 0 && out->expires <= world_now(s->world))
		rc = err_set(err, ERR_INPUT, "the credentials that it gave have expired");
	if (rc == 0 && out->account[0] == '\0' &&
	    profile_get(s->profiles, PROFILE_PROFILE, profile, "aws_account_id", &account))
		creds_set_account(out, account);
	if (rc == 0)
		creds_name(out, "credential_process of the profile '%.*s'", STR_ARG(profile));
	else
		err_wrap(err, "credential_process of profile '%.*s'", STR_ARG(profile));
	secret_release(&output);
	secret_release(&text);
	return rc;
}
