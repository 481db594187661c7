/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Giving up what is no longer needed, in named steps. A system without a
 * mechanism gives less protection, not a failure; `version` says which.
 */
#ifndef BASE_SANDBOX_H
#define BASE_SANDBOX_H

/* First thing in main: no core dumps of secrets, no new privileges. */
void sandbox_start(void);
/* No socket may be made from here on: `ivslint` calls it before it reads the
 * first byte of input. */
void sandbox_no_network(void);
/* No other program may be run from here on. */
void sandbox_no_exec(void);
/* What is in force here, for `ivslint version`: "no_new_privs, seccomp". */
const char *sandbox_describe(void);

#endif
