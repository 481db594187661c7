/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signals: noted, and told to whoever waits for input. Knows nothing of audits.
 */
#include "cmd/audit.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "base/log.h"

static volatile sig_atomic_t signal_came;
static int wake[2] = { -1, -1 }; /* a pipe that ends waiting for input */

static void on_signal(int number)
{
	int saved = errno;

	signal_came = number;
	/* whoever waits for input is another thread, maybe; a full pipe wakes as well */
	if (write(wake[1], "", 1) == -1)
		errno = saved;
	errno = saved;
}

void audit_catch_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal };

	if (pipe(wake) == -1)
		wake[0] = -1;
	sigemptyset(&action.sa_mask);
	/* a second one ends the program as if there were no handler */
	action.sa_flags = (int)SA_RESETHAND;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	action.sa_flags = 0;
	action.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &action, NULL);
}

int audit_signal(void)
{
	return signal_came;
}

int audit_wake_fd(void)
{
	return wake[0];
}

int audit_end_by_signal(const char *text)
{
	int number = signal_came;

	log_error("interrupted: %s", text);
	signal(number, SIG_DFL);
	raise(number);
	return 128 + number;
}
