/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What check and scan do alike: audit, write the reports that were asked for, say
 * what became of the baseline, and give the exit status.
 */
#ifndef CMD_AUDIT_REPORT_H
#define CMD_AUDIT_REPORT_H

#include "cmd/audit.h"
#include "cmd/cmd.h"

struct baseline;

/* Audits what the paths name, and gives the exit status; what went wrong is printed.
 * baseline: or NULL. */
int audit_paths(const struct settings *s, struct policy *policy, struct baseline *baseline,
		const char *const *paths, size_t n);

/* A fetch that is not running yet. */
struct audit_live {
	struct audit_stream stream;
	/* Called when the reports are open; sets stream.fd. A fetch that cannot be
	 * started is a problem that `ended` tells, and the fd is an empty pipe's. */
	void (*start)(struct audit_live *live);
	/* Set by `ended` where the fetch refused its command line: nothing was asked, and
	 * nothing is reported. */
	bool refused;
};

/* The same of what a fetch reads. */
int audit_scan(const struct settings *s, struct policy *policy, struct baseline *baseline,
	       struct audit_live *live);

#endif
