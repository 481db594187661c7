/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The signals that end a run: SIGINT, SIGTERM and, unless it was ignored, SIGHUP are
 * noted and told to whoever waits for input, a second one of the kind ends the process;
 * SIGPIPE is ignored, so that a write to where nobody reads fails. Does not know what is
 * interrupted.
 */
#ifndef BASE_INTERRUPT_H
#define BASE_INTERRUPT_H

#include <stdatomic.h>

/* The signal that came, or 0. For those who hand it on; others ask interrupt_signal. */
extern atomic_int interrupt_came;

/* Once, before threads are made. */
void interrupt_catch(void);
/* The signal that came, or 0. */
int interrupt_signal(void);
/* A descriptor that is readable from then on; -1 where there is none. No child has it. */
int interrupt_fd(void);
/* Ends the process by the signal that came, as who started it expects, after telling
 * what is not done; for when nothing half-written is left. Gives the exit status for the
 * case that the signal is blocked. */
int interrupt_end(const char *text);

#endif
