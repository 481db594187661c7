/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Strings of JSON for people. Knows what is harmless to show; does not know
 * what is said.
 */
#include "report/json_text.h"

#include "model/write_json.h"
#include "report/finding_part.h"

void json_text_release(struct json_text *t)
{
	buf_release(&t->visible);
	buf_release(&t->shown);
	buf_release(&t->other);
}

void json_text_put(struct json_text *t, struct buf *out, struct str s, size_t most)
{
	s = finding_visible(&t->visible, s);
	if (most != 0 && s.len > most) {
		buf_clear(&t->other);
		finding_put_cut(&t->other, s, most);
		s = buf_str(&t->other);
	}
	write_json_escape(out, s);
}

void json_text_member(struct json_text *t, struct buf *out, const char *name, struct str s)
{
	buf_puts(out, name);
	json_text_put(t, out, s, 0);
}

void json_text_some(struct json_text *t, struct buf *out, const char *name, struct str s)
{
	if (s.len != 0)
		json_text_member(t, out, name, s);
}

void json_text_shown(struct json_text *t, struct buf *out, const char *name)
{
	json_text_member(t, out, name, buf_str(&t->shown));
	buf_clear(&t->shown);
}

void json_text_some_shown(struct json_text *t, struct buf *out, const char *name)
{
	if (t->shown.len != 0)
		json_text_shown(t, out, name);
}

void json_text_raw(struct json_text *t, struct buf *out, const char *name, struct str s)
{
	(void)t;
	buf_puts(out, name);
	write_json_escape(out, s);
}
