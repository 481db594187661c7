/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Words for findings. Knows what a finding holds; does not know how any format
 * writes or escapes.
 */
#include "report/finding_part.h"

#include "base/limit.h"
#include "base/text.h"
#include "report/report_part.h"

struct str finding_sentence(const struct finding *f)
{
	if (f->message.len != 0)
		return f->message;
	return f->reason.len != 0 ? f->reason : f->rule->title;
}

struct str finding_reason(const struct finding *f)
{
	return f->message.len != 0 ? f->reason : STR("");
}

void finding_show(struct buf *b, const struct finding *f)
{
	if (f->actual_shown.len != 0)
		buf_put_str(b, f->actual_shown);
	else
		value_show(b, f->actual, LIMIT_SHOWN_VALUE);
}

void finding_put_actual(struct buf *b, const struct finding *f)
{
	if (f->actual != NULL)
		finding_show(b, f);
}

void finding_put_waiver(struct buf *b, const struct finding *f)
{
	const struct waiver *w = f->waiver;

	PUT(b, "waived");
	if (w == NULL) {
		PUT(b, ": ");
		buf_put_str(b, f->reason);
		return;
	}
	PUT(b, " until ");
	text_day_put(b, w->expires);
	if (w->owner.len != 0) {
		PUT(b, " by ");
		buf_put_str(b, w->owner);
	}
	PUT(b, ": ");
	buf_put_str(b, w->reason);
}

void finding_put_folded(struct buf *b, struct str s)
{
	size_t i;

	while (s.len != 0 && (s.data[s.len - 1] == '\n' || s.data[s.len - 1] == ' '))
		s.len--;
	for (i = 0; i < s.len; i++)
		buf_putc(b, s.data[i] == '\n' ? ' ' : s.data[i]);
}

/* Nothing in it that any format would have to escape, and no way out of https. */
bool finding_is_address(struct str s)
{
	size_t i;

	if (!str_starts(s, STR("https://")) || s.len < sizeof("https://a") - 1 || s.len > 500)
		return false;
	for (i = 0; i < s.len; i++)
		if (strchr(
			"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~:/?=%+",
			s.data[i]) == NULL ||
		    s.data[i] == '\0')
			return false;
	return true;
}

struct str finding_reference(const struct rule *rule)
{
	const struct value *list = rule->references;
	uint32_t i;

	for (i = 0; list != NULL && list->kind == VALUE_LIST && i < list->n; i++)
		if (list->items[i].kind == VALUE_STRING &&
		    finding_is_address(value_str(&list->items[i])))
			return value_str(&list->items[i]);
	return STR("");
}

bool finding_next_reference(const struct rule *rule, size_t *at, struct str *text)
{
	const struct value *list = rule->references;

	while (list != NULL && list->kind == VALUE_LIST && *at < list->n)
		if (list->items[(*at)++].kind == VALUE_STRING) {
			*text = value_str(&list->items[*at - 1]);
			return true;
		}
	return false;
}

bool finding_next_control(const struct rule *rule, size_t *at, struct str *framework,
			  struct str *id)
{
	const struct value *map = rule->controls, *list;
	size_t i, left = *at;

	for (i = 0; map != NULL && map->kind == VALUE_MAP && i < map->n; i++) {
		list = &map->entries[i].value;
		if (list->kind != VALUE_LIST)
			continue;
		if (left >= list->n) {
			left -= list->n;
			continue;
		}
		*framework = map->entries[i].key;
		*id = list->items[left].kind == VALUE_STRING ? value_str(&list->items[left])
							     : STR("");
		(*at)++;
		return true;
	}
	return false;
}

void finding_put_cut(struct buf *b, struct str s, size_t most)
{
	size_t len = most - 3;

	if (s.len <= most) {
		buf_put_str(b, s);
		return;
	}
	while (len > 0 && ((unsigned char)s.data[len] & 0xC0) == 0x80)
		len--;
	buf_put(b, s.data, len);
	PUT(b, "...");
}

/* What text_put_visible leaves, as terminals do nothing with it: line ends of
 * Unicode, commands of a runner's log, and what is no character of XML. */
static const char *also_hidden(const char *p, size_t left)
{
	static const struct {
		const char *text, *shown;
	} rows[] = {
		{ "##[", "##\\u{5B}" },          { "\xE2\x80\xA8", "\\u{2028}" },
		{ "\xE2\x80\xA9", "\\u{2029}" }, { "\xEF\xBF\xBE", "\\u{FFFE}" },
		{ "\xEF\xBF\xBF", "\\u{FFFF}" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (left >= 3 && memcmp(p, rows[i].text, 3) == 0)
			return rows[i].shown;
	return NULL;
}

static void hide_also(struct buf *b)
{
	size_t i, at = SIZE_MAX, kept = 0;
	struct buf shown = BUF_INIT(0);
	const char *instead;

	for (i = 0; i < b->len && at == SIZE_MAX; i++)
		if ((b->data[i] == '#' || (unsigned char)b->data[i] >= 0xE2) &&
		    also_hidden(b->data + i, b->len - i) != NULL)
			at = i;
	if (at == SIZE_MAX)
		return;
	for (i = at; i < b->len; i++) {
		instead = also_hidden(b->data + i, b->len - i);
		if (instead == NULL)
			continue;
		buf_put(&shown, b->data + kept, i - kept);
		buf_puts(&shown, instead);
		kept = i + 3;
		i += 2;
	}
	buf_put(&shown, b->data + kept, b->len - kept);
	buf_clear(b);
	buf_put_str(b, buf_str(&shown));
	buf_release(&shown);
}

struct str finding_visible(struct buf *b, struct str s)
{
	bool cut;

	s = report_cut(s, &cut);
	buf_clear(b);
	text_put_visible(b, s);
	if (cut)
		PUT(b, "...");
	hide_also(b);
	return buf_str(b);
}
