/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ivslint-fetch: reads live recording configurations. Command line, exit
 * status, signals and what is said on standard error; nothing else.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ask/ask.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/log.h"
#include "base/progress.h"
#include "base/sandbox.h"
#include "fetch/fetch.h"
#include "fetch/http.h"
#include "fetch/outside.h"

enum { STATUS_WHOLE = 0, STATUS_USAGE = 2, STATUS_INCOMPLETE = 3 };

static const struct opt *const tables[] = { ask_opts, ask_role_opts, ask_fetch_opts, NULL };

static void tell(void *to, const struct api_told *told)
{
	char status[64];

	(void)to;
	if (told->end == TRANSPORT_ANSWERED)
		snprintf(status, sizeof(status), "%d%s%s", told->status,
			 told->code[0] != '\0' ? " " : "", told->code);
	else
		snprintf(status, sizeof(status), "%s", transport_end_text(told->end));
	log_verbose("%s%s%s%s%s attempt %d: %s, %" PRId64 " ms%s%s", told->operation,
		    told->region[0] != '\0' ? " " : "", told->region,
		    told->account[0] != '\0' ? " " : "", told->account, told->attempt, status,
		    told->ms, told->request_id[0] != '\0' ? ", request id " : "", told->request_id);
}

static void turn(void *to, const struct fetch_progress *p)
{
	struct buf text = BUF_INIT(0);

	if (to == NULL)
		return;
	if (p->accounts > 1)
		buf_printf(&text, "%zu of %zu accounts, ", p->accounts_done, p->accounts);
	if (p->regions > 1)
		buf_printf(&text, "%zu of %zu regions, ", p->regions_done, p->regions);
	buf_printf(&text, "%" PRIu64 " calls:", p->calls);
	progress_label(to, text.data);
	progress_total(to, p->found);
	progress_at(to, p->read, progress_clock());
	buf_release(&text);
}

static void note(void *to, const char *text)
{
	(void)to;
	log_warning("%s", text);
}

/* Where a pipe takes the output, whoever reads it says so. */
static bool output_is_read(const struct ask *a)
{
	struct stat st;

	return a->output == NULL && fstat(STDOUT_FILENO, &st) == 0 && S_ISFIFO(st.st_mode);
}

static void missed(void *to, const struct missing *m)
{
	struct buf text = BUF_INIT(0);
	const struct str parts[] = { m->account, m->region, m->arn, m->operation };
	size_t i;

	(void)to;
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		/* an ARN says account and region itself */
		if (parts[i].len != 0 && (i >= 2 || m->arn.len == 0))
			buf_printf(&text, "%.*s ", STR_ARG(parts[i]));
	if (text.len != 0)
		text.data[text.len - 1] = ':';
	buf_printf(&text, "%s%.*s%s%.*s", text.len != 0 ? " " : "", STR_ARG(m->code),
		   m->message.len != 0 ? ": " : "", STR_ARG(m->message));
	if (m->request_id.len != 0)
		buf_printf(&text, " (request id %.*s)", STR_ARG(m->request_id));
	log_error("%s", text.data);
	buf_release(&text);
}

static int print(const char *text, size_t len)
{
	struct err err;
	struct file_out *out = file_out_open("-", &err);

	if (out == NULL)
		return STATUS_INCOMPLETE;
	file_out_put(out, (struct str){ text, len });
	if (file_out_commit(out, &err) == 0)
		return STATUS_WHOLE;
	log_error("%s", err.text);
	return STATUS_INCOMPLETE;
}

static int usage(void)
{
	struct buf text = BUF_INIT(0);
	int status;

	buf_puts(&text, "Usage: ivslint-fetch [OPTION...]\n"
			"Reads live recording configurations and writes one a line\n\n");
	opt_usage(tables, &text);
	status = print(text.data, text.len);
	buf_release(&text);
	return status;
}

static void sum_up(const struct fetch_summary *s, bool written)
{
	log_note("%" PRIu64 " recording configuration%s read; %" PRIu64 " calls, %" PRIu64
		 " retried, %" PRIu64 " throttled, %" PRId64 ".%" PRId64 " s waited",
		 s->read, s->read == 1 ? "" : "s", s->stats.made, s->stats.retried,
		 s->stats.throttled, s->stats.waited_ms / 1000, s->stats.waited_ms % 1000 / 100);
	if (s->n_missing != 0 && written)
		log_error("%zu thing%s could not be read: the last line, or the report of a scan, "
			  "names %s",
			  s->n_missing, s->n_missing == 1 ? "" : "s",
			  s->n_missing == 1 ? "it" : "each");
}

static int run(const struct ask *a)
{
	struct outside outside = OUTSIDE_INIT;
	struct fetch_options options = { .ask = a,
					 .stop = &interrupt_came,
					 .tell = tell,
					 .turn = turn,
					 .note = note,
					 .missed = output_is_read(a) ? NULL : missed,
					 .to = NULL };
	struct fetch_summary summary;
	struct file_out *out;
	struct world world;
	struct fetch *f;
	struct err err = { 0 };
	int status;
	bool written;

	interrupt_catch();
	options.stop_fd = interrupt_fd();
	if (http_start_library(&err) == -1) {
		log_error("%s", err.text);
		return STATUS_INCOMPLETE;
	}
	outside_world(&world, &outside);
	options.world = &world;
	f = fetch_open(&options, &err);
	if (f == NULL) {
		log_error("%s", err.text);
		return STATUS_USAGE; /* nothing was called */
	}
	out = file_out_open(a->output != NULL ? a->output : "-", &err);
	if (out == NULL) {
		log_error("%s", err.text);
		fetch_free(f);
		return STATUS_INCOMPLETE;
	}
	/* -q and no word of the progress: none */
	if (a->level != LOG_QUIET || a->progress_text != NULL)
		outside.progress = progress_new(a->progress, STDERR_FILENO, "fetching",
						"configurations", 0, progress_clock());
	log_set_progress(outside.progress);
	fetch_set_to(f, outside.progress);
	fetch_run(f, out, &summary);
	outside_settle(&outside);
	log_set_progress(NULL);
	if (!summary.stuck)
		progress_free(outside.progress);
	status = summary.complete ? STATUS_WHOLE : STATUS_INCOMPLETE;
	written = file_out_commit(out, &err) == 0;
	if (!written) {
		log_error("%s", err.text);
		status = STATUS_INCOMPLETE;
	}
	sum_up(&summary, written);
	if (!summary.stuck)
		fetch_free(f);
	if (interrupt_signal() != 0)
		status = interrupt_end("what was read is written, and marked as incomplete");
	if (summary.stuck)
		_exit(status);
	return status;
}

int main(int argc, char **argv)
{
	struct err err = { 0 };
	struct ask a;
	int n;

	log_set_name("ivslint-fetch");
	file_standard_hold();
	sandbox_start();
	ask_init(&a);
	n = opt_parse(tables, argc, argv, &a, &err);
	if (n != -1 && a.help)
		return usage();
	if (n != -1 && a.version)
		return print("ivslint-fetch " IVSLINT_VERSION "\n",
			     sizeof("ivslint-fetch " IVSLINT_VERSION "\n") - 1);
	if (n > 0)
		n = err_set(&err, ERR_USAGE, "it takes no operands");
	if (n != -1)
		n = ask_check(&a, &err);
	if (n == -1) {
		log_error("%s (see ivslint-fetch --help)", err.text);
		return STATUS_USAGE;
	}
	log_set_level((enum log_level)a.level);
	return run(&a);
}
