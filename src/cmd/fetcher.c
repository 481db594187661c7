/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The other program. Knows processes and signals; does not know what is fetched,
 * and never looks at the environment, which is handed on as it is.
 */
#define _GNU_SOURCE
#include "cmd/fetcher.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "base/interrupt.h"
#include "base/limit.h"
#include "base/sandbox.h"

/* A terminal, and who ends a group of processes, signal both: one that has the
 * signal already is not to get another, which would end it without its trailer. */
#define PASS_ON_MS 500
/* Between the end of its output and its own. */
#define END_MS     10000

/* ---- where it is -------------------------------------------------------- */

/* The folder of this program's file; NULL where the system does not say. */
static const char *own_folder(struct arena *arena)
{
	char *path = ARENA_ARRAY(arena, LIMIT_OUTPUT_PATH, char), *slash;
	ssize_t len = readlink("/proc/self/exe", path, LIMIT_OUTPUT_PATH - 1);

	if (len <= 0 || len >= LIMIT_OUTPUT_PATH - 1)
		return NULL;
	path[len] = '\0';
	slash = strrchr(path, '/');
	if (slash == NULL)
		return NULL;
	*slash = '\0';
	return path;
}

const char *fetcher_path(struct arena *arena, struct err *err)
{
	const char *folder = own_folder(arena), *path;

	if (folder != NULL) {
		path = arena_printf(arena, "%s/" FETCHER_NAME, folder);
		if (access(path, X_OK) == 0)
			return path;
	}
	path = IVSLINT_LIBEXECDIR "/ivslint/" FETCHER_NAME;
	if (access(path, X_OK) == 0)
		return path;
	err_set(err, ERR_SYSTEM,
		"cannot find " FETCHER_NAME ", which asks AWS: it is neither beside ivslint nor in "
		"%s/ivslint",
		IVSLINT_LIBEXECDIR);
	return NULL;
}

static char **arguments(const char *const *words, struct arena *arena)
{
	size_t n = 0, i;
	char **argv;

	while (words[n] != NULL)
		n++;
	argv = ARENA_ARRAY(arena, n + 2, char *);
	argv[0] = arena_strdup(arena, FETCHER_NAME);
	for (i = 0; i < n; i++)
		argv[i + 1] = arena_strdup(arena, words[i]);
	return argv;
}

int fetcher_become(const char *path, const char *const *words, struct err *err)
{
	struct arena arena = ARENA_INIT;
	char **argv = arguments(words, &arena);
	int why;

	execv(path, argv);
	why = errno;
	arena_release(&arena);
	return err_set(err, ERR_SYSTEM, "cannot run %s: %s", path, strerror(why));
}

/* ---- signals ------------------------------------------------------------ */

static void *watch(void *fetcher)
{
	struct fetcher *f = fetcher;
	struct pollfd fds[] = { { .fd = f->over[0], .events = POLLIN },
				{ .fd = interrupt_fd(), .events = POLLIN } };

	while (poll(fds, 2, -1) == -1 && errno == EINTR)
		;
	if (fds[0].revents != 0)
		return NULL;
	while (poll(fds, 1, PASS_ON_MS) == -1 && errno == EINTR)
		;
	if (fds[0].revents != 0)
		return NULL;
	pthread_mutex_lock(&f->lock);
	if (!f->waited && f->pid > 0)
		kill(f->pid, interrupt_signal());
	pthread_mutex_unlock(&f->lock);
	return NULL;
}

static void start_watch(struct fetcher *f)
{
	sigset_t all, before;

	if (pipe(f->over) == -1) {
		f->over[0] = f->over[1] = -1;
		return;
	}
	/* signals are for the threads that know what to do */
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	f->watching = pthread_create(&f->watch, NULL, watch, f) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void end_watch(struct fetcher *f)
{
	if (f->over[1] != -1)
		close(f->over[1]);
	if (f->watching)
		pthread_join(f->watch, NULL);
	if (f->over[0] != -1)
		close(f->over[0]);
	f->watching = false;
}

/* ---- its life ----------------------------------------------------------- */

/* In the child, where only async-signal-safe functions may be called. */
static void become(const char *path, char *const *argv, int out, int why_fd, pid_t parent)
{
	sigset_t nothing;
	int why;

#ifdef __linux__
	/* it does not outlive us, whatever ends us */
	(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(127);
#else
	(void)parent;
#endif
	sigemptyset(&nothing);
	sigprocmask(SIG_SETMASK, &nothing, NULL);
	signal(SIGPIPE, SIG_DFL);
	if (dup2(out, STDOUT_FILENO) != -1)
		execv(path, argv);
	why = errno;
	while (write(why_fd, &why, sizeof(why)) == -1 && errno == EINTR)
		;
	_exit(127);
}

static int pipe_cloexec(int ends[2])
{
	if (pipe(ends) == -1)
		return -1;
	(void)fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	(void)fcntl(ends[1], F_SETFD, FD_CLOEXEC);
	return 0;
}

/* 0, or the errno of why it does not run. */
static int run(struct fetcher *f, const char *path, char *const *argv, int out)
{
	pid_t self = getpid();
	int ends[2], why = 0;

	if (pipe_cloexec(ends) == -1)
		return errno;
	f->pid = fork();
	if (f->pid == 0)
		become(path, argv, out, ends[1], self);
	if (f->pid == -1)
		why = errno;
	close(ends[1]);
	/* nothing comes when the other program has begun */
	while (f->pid > 0 && read(ends[0], &why, sizeof(why)) == -1 && errno == EINTR)
		;
	close(ends[0]);
	return why;
}

static void start(struct fetcher *f, const char *const *words)
{
	struct arena arena = ARENA_INIT;
	const char *path = fetcher_path(&arena, &f->err);
	int ends[2], why;

	/* who ignores it, as who started us may do, is not told how a child ended */
	signal(SIGCHLD, SIG_DFL);
	f->failed = true;
	if (pipe_cloexec(ends) == -1) {
		err_set(&f->err, ERR_SYSTEM, "cannot make a pipe: %s", strerror(errno));
	} else if (path == NULL) {
		close(ends[1]);
		f->out = ends[0];
	} else {
		why = run(f, path, arguments(words, &arena), ends[1]);
		close(ends[1]);
		f->out = ends[0];
		f->failed = why != 0;
		if (why != 0)
			err_set(&f->err, ERR_SYSTEM, "cannot run %s: %s", path, strerror(why));
	}
	arena_release(&arena);
}

void fetcher_start(struct fetcher *f, const char *const *words)
{
	*f = (struct fetcher){ .out = -1, .lock = PTHREAD_MUTEX_INITIALIZER, .over = { -1, -1 } };
	start(f, words);
	sandbox_no_network();
	sandbox_no_exec();
	if (!f->failed)
		start_watch(f);
}

void fetcher_wait(struct fetcher *f)
{
	const struct timespec moment = { .tv_nsec = 2000000 };
	unsigned waited_ms = 0;
	pid_t ended;

	while (f->pid > 0) {
		pthread_mutex_lock(&f->lock);
		ended = waitpid(f->pid, &f->status, WNOHANG);
		f->waited = ended == f->pid || (ended == -1 && errno != EINTR);
		pthread_mutex_unlock(&f->lock);
		if (f->waited)
			break;
		/* it is asked first, then it is made to */
		if (waited_ms == END_MS / 2)
			kill(f->pid, SIGTERM);
		if (waited_ms >= END_MS)
			kill(f->pid, SIGKILL);
		nanosleep(&moment, NULL);
		waited_ms += 2;
	}
	end_watch(f);
}

/* ---- what its end means -------------------------------------------------- */

static const char *signal_name(int number)
{
	static const struct {
		int number;
		const char *name;
	} names[] = {
		{ SIGHUP, "SIGHUP" },   { SIGINT, "SIGINT" },   { SIGQUIT, "SIGQUIT" },
		{ SIGILL, "SIGILL" },   { SIGABRT, "SIGABRT" }, { SIGBUS, "SIGBUS" },
		{ SIGFPE, "SIGFPE" },   { SIGKILL, "SIGKILL" }, { SIGSEGV, "SIGSEGV" },
		{ SIGPIPE, "SIGPIPE" }, { SIGTERM, "SIGTERM" },
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (names[i].number == number)
			return names[i].name;
	return "a signal";
}

bool fetcher_refused(const struct fetcher *f)
{
	return f->pid > 0 && !f->failed && WIFEXITED(f->status) && WEXITSTATUS(f->status) == 2;
}

bool fetcher_problem(const struct fetcher *f, uint64_t problems, struct arena *arena,
		     const char **text)
{
	int status;

	if (f->failed) {
		*text = arena_strdup(arena, f->err.text);
		return true;
	}
	if (WIFSIGNALED(f->status) && problems != 0 && WTERMSIG(f->status) == interrupt_signal())
		return false; /* as was asked, and its trailer said so */
	if (WIFSIGNALED(f->status)) {
		*text = arena_printf(arena, FETCHER_NAME " was ended by %s (signal %d)",
				     signal_name(WTERMSIG(f->status)), WTERMSIG(f->status));
		return true;
	}
	status = WEXITSTATUS(f->status);
	if (status == 0)
		return false;
	/* what is missing was told; or an interruption was */
	if (problems != 0 && (status == 3 || status == 128 + SIGINT || status == 128 + SIGTERM ||
			      status == 128 + SIGHUP))
		return false;
	*text = arena_printf(arena, FETCHER_NAME " ended with status %d%s", status,
			     problems == 0 ? ", and did not say what is missing" : "");
	return true;
}
