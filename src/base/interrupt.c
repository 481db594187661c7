/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signals, noted. A handler can have nothing but what is global here.
 */
#include "base/interrupt.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "base/log.h"

atomic_int interrupt_came;
static int wake[2] = { -1, -1 }; /* a pipe that ends waiting */

static void on_signal(int number)
{
	int was = errno;

	atomic_store(&interrupt_came, number);
	/* whoever waits is another thread, maybe; a full pipe wakes as well */
	(void)!write(wake[1], "", 1);
	errno = was;
}

void interrupt_catch(void)
{
	struct sigaction action = { .sa_handler = on_signal }, was;

	if (pipe(wake) == 0) {
		(void)fcntl(wake[0], F_SETFD, FD_CLOEXEC);
		(void)fcntl(wake[1], F_SETFD, FD_CLOEXEC);
		(void)fcntl(wake[1], F_SETFL, O_NONBLOCK);
	}
	sigemptyset(&action.sa_mask);
	/* a second one ends the program as if there were no handler */
	action.sa_flags = (int)SA_RESETHAND;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	/* nohup has it ignored, so that the run outlives its terminal */
	if (sigaction(SIGHUP, NULL, &was) == 0 && was.sa_handler != SIG_IGN)
		sigaction(SIGHUP, &action, NULL);
	action.sa_flags = 0;
	action.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &action, NULL);
}

int interrupt_signal(void)
{
	return atomic_load(&interrupt_came);
}

int interrupt_fd(void)
{
	return wake[0];
}

int interrupt_end(const char *text)
{
	int number = interrupt_signal();

	log_error("interrupted: %s", text);
	signal(number, SIG_DFL);
	raise(number);
	return 128 + number;
}
