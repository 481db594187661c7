/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The world as it is. Knows the system; does not know what is asked of AWS.
 */
#define _DEFAULT_SOURCE /* getrandom */
#include "fetch/outside.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <stdlib.h>
#include <sys/random.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/interrupt.h"
#include "fetch/secret.h"

#define SETTLE_S 2 /* a terminal that takes no output must not hold up the end */

extern char **environ;

static int64_t now(void *self)
{
	(void)self;
	return (int64_t)time(NULL);
}

static void random_bytes(void *self, void *bytes, size_t size)
{
	unsigned char *to = bytes;
	ssize_t got;

	(void)self;
	while (size != 0) {
		got = getrandom(to, size, 0);
		if (got == -1 && errno == EINTR)
			continue;
		if (got <= 0)
			abort();
		to += got;
		size -= (size_t)got;
	}
}

/* True when the time has passed and no signal came. */
static bool wait_ms(int fd, short events, int64_t ms)
{
	struct pollfd p[2] = { { .fd = interrupt_fd(), .events = POLLIN },
			       { .fd = fd, .events = events } };
	int64_t until = secret_clock_ms() + ms, left;

	while (interrupt_signal() == 0) {
		left = until - secret_clock_ms();
		if (left <= 0 || (poll(p, 2, left < 60000 ? (int)left : 60000) > 0 && p[1].revents))
			return true;
	}
	return false;
}

static bool pause_for(void *self, int64_t ms)
{
	(void)self;
	return wait_ms(-1, 0, ms);
}

static bool await(void *self, int fd, int64_t ms)
{
	(void)self;
	return wait_ms(fd, POLLIN, ms);
}

/* A line that is typed, without showing it. */
static int read_line(int tty, struct secret *answer)
{
	char c;

	for (;;) {
		if (!wait_ms(tty, POLLIN, 600000))
			return -1;
		if (read(tty, &c, 1) != 1)
			return -1;
		if (c == '\n')
			return answer->failed || answer->len == 0 ? -1 : 0;
		secret_put(answer, &c, 1);
	}
}

static int type(int tty, const char *prompt, struct secret *answer)
{
	struct termios before, silent;
	int rc = -1;

	if (tcgetattr(tty, &before) == -1)
		return -1;
	silent = before;
	silent.c_lflag &= ~(tcflag_t)ECHO;
	(void)tcsetattr(tty, TCSAFLUSH, &silent);
	if (write(tty, prompt, strlen(prompt)) != -1)
		rc = read_line(tty, answer);
	(void)tcsetattr(tty, TCSAFLUSH, &before);
	(void)!write(tty, "\n", 1);
	return rc;
}

static int ask(void *self, const char *prompt, struct secret *answer, struct err *err)
{
	int tty = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC), rc;
	struct outside *outside = self;

	if (tty == -1)
		return err_set(err, ERR_INPUT, "there is no terminal to ask on");
	pthread_mutex_lock(&outside->asking);
	progress_hide(outside->progress);
	/* whoever asked before may have been ended by a signal */
	rc = interrupt_signal() == 0 ? type(tty, prompt, answer) : -1;
	progress_show(outside->progress);
	pthread_mutex_unlock(&outside->asking);
	close(tty);
	if (rc == 0)
		return 0;
	return err_set(err, interrupt_signal() != 0 ? ERR_INTERRUPTED : ERR_INPUT,
		       "no code was typed");
}

void outside_settle(struct outside *self)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += SETTLE_S;
	/* it is kept: the process ends with it */
	(void)pthread_mutex_timedlock(&self->asking, &until);
}

static bool has_terminal(void)
{
	int tty = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (tty == -1)
		return false;
	close(tty);
	return true;
}

void outside_world(struct world *world, struct outside *self)
{
	struct passwd *user = getenv("HOME") == NULL ? getpwuid(getuid()) : NULL;

	*world = (struct world){ .environment = (const char *const *)environ,
				 .home = user != NULL ? user->pw_dir : NULL,
				 .now = now,
				 .random = random_bytes,
				 .pause = pause_for,
				 .await = await,
				 .ask = has_terminal() ? ask : NULL,
				 .renewing = &self->renewing,
				 .self = self };
}
