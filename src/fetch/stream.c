/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines of JSON. Knows the form of header and trailer; does not know who
 * reads them.
 */
#include "fetch/stream.h"

#include <inttypes.h>

#include "base/text.h"

static void put_string(struct buf *b, struct str s)
{
	size_t i;
	char c;

	PUT(b, "\"");
	for (i = 0; i < s.len; i++) {
		c = s.data[i];
		if (c == '"' || c == '\\')
			buf_putc(b, '\\');
		if ((unsigned char)c < ' ')
			buf_printf(b, "\\u%04x", (unsigned)c);
		else
			buf_putc(b, c);
	}
	PUT(b, "\"");
}

/* "name": and the text, with a comma where something is before it. */
static void put_member(struct buf *b, const char *name, struct str text)
{
	if (text.len == 0)
		return;
	if (b->data[b->len - 1] != '{')
		PUT(b, ",");
	buf_printf(b, "\"%s\":", name);
	put_string(b, text);
}

static void put_line(struct stream *s, struct buf *line)
{
	buf_putc(line, '\n');
	file_out_put(s->out, buf_str(line));
	buf_release(line);
}

void stream_open(struct stream *s, struct file_out *out)
{
	struct buf line = BUF_INIT(0);

	*s = (struct stream){ .out = out, .arena = ARENA_INIT };
	s->missing_end = &s->missing;
	PUT(&line, "{\"ivslintFetch\":{\"format\":1,\"version\":\"" IVSLINT_VERSION "\"}}");
	put_line(s, &line);
}

void stream_release(struct stream *s)
{
	buf_release(&s->read);
	buf_release(&s->deleted);
	arena_release(&s->arena);
}

void stream_configuration(struct stream *s, struct str json, bool summary)
{
	file_out_put(s->out, summary ? STR("{\"recordingConfigurations\":[")
				     : STR("{\"recordingConfiguration\":"));
	file_out_put(s->out, json);
	file_out_put(s->out, summary ? STR("]}\n") : STR("}\n"));
	s->n++;
}

void stream_read(struct stream *s, struct str account, struct str region, uint64_t n)
{
	if (s->read.len != 0)
		PUT(&s->read, ",");
	PUT(&s->read, "{");
	put_member(&s->read, "account", account);
	put_member(&s->read, "region", region);
	buf_printf(&s->read, "%s\"recordingConfigurations\":%" PRIu64 "}",
		   s->read.data[s->read.len - 1] == '{' ? "" : ",", n);
}

void stream_deleted(struct stream *s, struct str arn)
{
	if (s->deleted.len != 0)
		PUT(&s->deleted, ",");
	put_string(&s->deleted, arn);
}

void stream_missing(struct stream *s, const struct missing *m)
{
	struct missing *copy = ARENA_NEW(&s->arena, struct missing);

	copy->account = arena_str(&s->arena, m->account);
	copy->region = arena_str(&s->arena, m->region);
	copy->arn = arena_str(&s->arena, m->arn);
	copy->operation = arena_str(&s->arena, m->operation);
	copy->code = arena_str(&s->arena, m->code);
	copy->message = arena_str(&s->arena, m->message);
	copy->request_id = arena_str(&s->arena, m->request_id);
	*s->missing_end = copy;
	s->missing_end = &copy->next;
	s->n_missing++;
}

static void put_missing(struct buf *b, const struct missing *m)
{
	for (; m != NULL; m = m->next) {
		PUT(b, "{");
		put_member(b, "account", m->account);
		put_member(b, "region", m->region);
		put_member(b, "arn", m->arn);
		put_member(b, "operation", m->operation);
		put_member(b, "code", m->code);
		put_member(b, "message", m->message);
		put_member(b, "requestId", m->request_id);
		buf_puts(b, m->next != NULL ? "}," : "}");
	}
}

void stream_close(struct stream *s, const struct api_stats *stats, const char *interrupted)
{
	struct buf line = BUF_INIT(0);

	buf_printf(&line, "{\"ivslintFetch\":{\"format\":1,\"complete\":%s,",
		   s->n_missing == 0 && interrupted == NULL ? "true" : "false");
	if (interrupted != NULL)
		buf_printf(&line, "\"interrupted\":\"%s\",", interrupted);
	buf_printf(&line, "\"recordingConfigurations\":%" PRIu64 ",\"read\":[", s->n);
	buf_put_str(&line, buf_str(&s->read));
	PUT(&line, "],\"missing\":[");
	put_missing(&line, s->missing);
	PUT(&line, "],\"deleted\":[");
	buf_put_str(&line, buf_str(&s->deleted));
	buf_printf(&line,
		   "],\"calls\":{\"made\":%" PRIu64 ",\"retried\":%" PRIu64
		   ",\"throttled\":%" PRIu64 ",\"waitedMs\":%" PRId64 "}}}",
		   stats->made, stats->retried, stats->throttled, stats->waited_ms);
	put_line(s, &line);
}
