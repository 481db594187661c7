/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Progress on a terminal. Knows how to draw and erase one line, and how fast
 * work went lately; does not know what the work is.
 */
#include "base/progress.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"

#define SETTLE_MS  3000 /* so long it takes until a new rate is believed */
#define BAR_LEAST  10
#define BAR_MOST   40
#define ERASE_LINE "\r\033[K"

struct progress {
	pthread_mutex_t lock;
	int fd;
	bool terminal;
	struct progress_line line;
	int64_t drawn_ms; /* when it was drawn last, or is not to be drawn before */
	int64_t rated_ms; /* when the rate was computed last, and ... */
	uint64_t rated;   /* ... what was done then */
	unsigned hidden;
	bool shown; /* the line stands there */
	struct buf text;
	char label[PROGRESS_LABEL];
};

bool progress_when_find(struct str name, enum progress_when *when)
{
	static const char *const names[] = {
		[PROGRESS_AUTO] = "auto",
		[PROGRESS_ALWAYS] = "always",
		[PROGRESS_NEVER] = "never",
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (str_is(name, names[i])) {
			*when = (enum progress_when)i;
			return true;
		}
	}
	return false;
}

int64_t progress_clock(void)
{
	struct timespec now = { 0, 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- the line -------------------------------------------------------------- */

uint64_t progress_rate(uint64_t before, uint64_t done, int64_t ms)
{
	double now, share;

	if (ms <= 0)
		return before;
	now = (double)done * 1000 / (double)ms;
	if (before == 0)
		return (uint64_t)now;
	share = (double)ms / (double)(ms + SETTLE_MS);
	return (uint64_t)((double)before + (now - (double)before) * share);
}

/* "980 B", "1.2 MB", "34 GB": two digits at least, in powers of ten. */
static void put_bytes(struct buf *b, uint64_t n)
{
	static const char *const units[] = { "B", "kB", "MB", "GB", "TB", "PB", "EB" };
	uint64_t unit = 1;
	size_t i = 0;

	while (n / unit >= 1000 && i + 1 < sizeof(units) / sizeof(*units)) {
		unit *= 1000;
		i++;
	}
	if (i == 0 || n / unit >= 10)
		buf_printf(b, "%llu %s", (unsigned long long)(n / unit), units[i]);
	else
		buf_printf(b, "%llu.%llu %s", (unsigned long long)(n / unit),
			   (unsigned long long)(n % unit / (unit / 10)), units[i]);
}

static void put_amount(struct buf *b, const struct progress_line *l, uint64_t n)
{
	if (l->items == NULL)
		put_bytes(b, n);
	else
		buf_printf(b, "%llu", (unsigned long long)n);
}

static bool knows_total(const struct progress_line *l)
{
	return l->total != 0 && l->done <= l->total;
}

/* "3.1 MB of 20 MB", "31 of 200 calls", "31 calls" */
static void put_done(struct buf *b, const struct progress_line *l)
{
	put_amount(b, l, l->done);
	if (knows_total(l)) {
		PUT(b, " of ");
		put_amount(b, l, l->total);
	}
	if (l->items != NULL)
		buf_printf(b, " %s", l->items);
}

static void put_rate(struct buf *b, const struct progress_line *l)
{
	put_amount(b, l, l->rate);
	PUT(b, "/s");
}

/* "4 s left", "2 min 5 s left", "3 h 20 min left" */
static void put_left(struct buf *b, const struct progress_line *l)
{
	uint64_t s = (l->total - l->done) / l->rate;

	if (s < 60)
		buf_printf(b, "%llu s left", (unsigned long long)(s == 0 ? 1 : s));
	else if (s < 3600)
		buf_printf(b, "%llu min %llu s left", (unsigned long long)(s / 60),
			   (unsigned long long)(s % 60));
	else if (s < 360000)
		buf_printf(b, "%llu h %llu min left", (unsigned long long)(s / 3600),
			   (unsigned long long)(s % 3600 / 60));
	else
		PUT(b, "days left");
}

static void put_bar(struct buf *b, const struct progress_line *l, size_t width)
{
	size_t full = (size_t)((double)l->done / (double)l->total * (double)width), i;

	buf_putc(b, '[');
	for (i = 0; i < width; i++)
		buf_putc(b, i < full ? '=' : i == full ? '>' : ' ');
	buf_putc(b, ']');
}

/* A part where it fits behind what is there. */
static void add_part(struct buf *b, size_t most, const struct progress_line *l,
		     void (*put)(struct buf *b, const struct progress_line *l))
{
	size_t from = b->len;

	if (b->len != 0)
		PUT(b, "  ");
	put(b, l);
	if (most != 0 && b->len > most) {
		b->len = from;
		b->data[from] = '\0';
	}
}

static void put_percent(struct buf *b, const struct progress_line *l)
{
	buf_printf(b, "%3d%%", (int)((double)l->done / (double)l->total * 100));
}

void progress_line_put(struct buf *b, const struct progress_line *l, unsigned width)
{
	size_t most = width == 0 ? 0 : width - 1, left, used = strlen(l->label) + 1;
	struct buf parts = BUF_INIT(0);

	if (most != 0 && used >= most)
		return;
	left = most == 0 ? 0 : most - used;
	if (knows_total(l))
		add_part(&parts, left, l, put_percent);
	add_part(&parts, left, l, put_done);
	if (l->rate != 0)
		add_part(&parts, left, l, put_rate);
	if (l->rate != 0 && knows_total(l) && l->done < l->total)
		add_part(&parts, left, l, put_left);
	buf_puts(b, l->label);
	buf_putc(b, ' ');
	/* what is left over, with the brackets and a blank */
	if (knows_total(l) && left >= parts.len + BAR_LEAST + 3) {
		left -= parts.len + 3;
		put_bar(b, l, left > BAR_MOST ? BAR_MOST : left);
		buf_putc(b, ' ');
	}
	buf_put_str(b, buf_str(&parts));
	buf_release(&parts);
}

/* ---- drawing --------------------------------------------------------------- */

static void write_all(int fd, struct str s)
{
	ssize_t put;

	while (s.len != 0) {
		put = write(fd, s.data, s.len);
		if (put < 0 && errno == EINTR)
			continue;
		/* nobody is harmed when it cannot be shown */
		if (put <= 0)
			return;
		s.data += put;
		s.len -= (size_t)put;
	}
}

static unsigned width_of(int fd)
{
	struct winsize size;

	if (ioctl(fd, TIOCGWINSZ, &size) == -1 || size.ws_col == 0)
		return 80;
	return size.ws_col;
}

static void erase(struct progress *p)
{
	if (p->shown && p->terminal)
		write_all(p->fd, STR(ERASE_LINE));
	p->shown = false;
}

static void draw(struct progress *p)
{
	buf_clear(&p->text);
	if (p->terminal)
		PUT(&p->text, "\r");
	progress_line_put(&p->text, &p->line, p->terminal ? width_of(p->fd) : 0);
	buf_puts(&p->text, p->terminal ? "\033[K" : "\n");
	write_all(p->fd, buf_str(&p->text));
	p->shown = true;
}

static bool is_set(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && *value != '\0' && strcmp(value, "false") != 0 &&
	       strcmp(value, "0") != 0;
}

/* What a terminal can do that takes our two controls. */
static bool is_terminal(int fd)
{
	const char *term = getenv("TERM");

	return isatty(fd) && term != NULL && *term != '\0' && strcmp(term, "dumb") != 0;
}

struct progress *progress_new(enum progress_when when, int fd, const char *label, const char *items,
			      uint64_t total, int64_t now_ms)
{
	struct progress *p;
	bool terminal = is_terminal(fd);

	if (when == PROGRESS_NEVER || (when == PROGRESS_AUTO && (!terminal || is_set("CI"))))
		return NULL;
	p = mem_alloc(sizeof(*p));
	*p = (struct progress){
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.fd = fd,
		.terminal = terminal,
		.line = { .label = label, .items = items, .total = total },
		.rated_ms = now_ms,
		.drawn_ms = now_ms + PROGRESS_DELAY_MS - PROGRESS_EVERY_MS,
		.text = BUF_INIT(0),
	};
	return p;
}

void progress_free(struct progress *p)
{
	if (p == NULL)
		return;
	erase(p);
	buf_release(&p->text);
	pthread_mutex_destroy(&p->lock);
	free(p);
}

void progress_total(struct progress *p, uint64_t total)
{
	if (p == NULL)
		return;
	pthread_mutex_lock(&p->lock);
	p->line.total = total;
	pthread_mutex_unlock(&p->lock);
}

void progress_label(struct progress *p, const char *label)
{
	if (p == NULL)
		return;
	pthread_mutex_lock(&p->lock);
	snprintf(p->label, sizeof(p->label), "%s", label);
	p->line.label = p->label;
	pthread_mutex_unlock(&p->lock);
}

static void take_rate(struct progress *p, int64_t now_ms)
{
	uint64_t done = p->line.done < p->rated ? 0 : p->line.done - p->rated;

	p->line.rate = progress_rate(p->line.rate, done, now_ms - p->rated_ms);
	p->rated = p->line.done;
	p->rated_ms = now_ms;
}

void progress_at(struct progress *p, uint64_t done, int64_t now_ms)
{
	if (p == NULL)
		return;
	pthread_mutex_lock(&p->lock);
	p->line.done = done;
	if (p->hidden == 0 &&
	    now_ms - p->drawn_ms >=
		(p->terminal || !p->shown ? PROGRESS_EVERY_MS : PROGRESS_LINE_MS)) {
		take_rate(p, now_ms);
		draw(p);
		p->drawn_ms = now_ms;
	}
	pthread_mutex_unlock(&p->lock);
}

void progress_hide(struct progress *p)
{
	if (p == NULL)
		return;
	pthread_mutex_lock(&p->lock);
	if (p->terminal)
		erase(p);
	p->hidden++;
	pthread_mutex_unlock(&p->lock);
}

void progress_show(struct progress *p)
{
	if (p == NULL)
		return;
	pthread_mutex_lock(&p->lock);
	p->hidden--;
	pthread_mutex_unlock(&p->lock);
}
