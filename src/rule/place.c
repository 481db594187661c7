/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finds a scalar's text again in the line that it was read from. Where it does
 * not stand there letter by letter, there is no place inside it to name.
 */
#include "rule/place.h"

#include "base/text.h"

/* What is left of a line from a column, which counts characters from 1. */
static struct str from_column(struct str line, uint32_t column)
{
	size_t step;

	for (; column > 1 && line.len != 0; column--) {
		step = text_utf8_step(line.data, line.len);
		if (step == 0)
			step = 1;
		line.data += step;
		line.len -= step;
	}
	return line;
}

struct place place_inside(struct source *source, const struct value *string, size_t offset)
{
	struct place place = string->place;
	struct str rest, text = value_str(string);
	uint32_t quote = 0;

	if (place.line == 0 || source == NULL || offset > text.len)
		return place;
	rest = from_column(source_line_onward(source, place.line), place.column);
	if ((string->flags & VALUE_PLAIN) == 0 && rest.len != 0 &&
	    (rest.data[0] == '\'' || rest.data[0] == '"')) {
		rest.data++;
		rest.len--;
		quote = 1;
	}
	if (!str_starts(rest, text))
		return place;
	place.column += quote + (uint32_t)text_length((struct str){ text.data, offset });
	return place;
}

size_t place_span(const struct value *v)
{
	struct buf b = BUF_INIT(0);
	size_t n = 1;

	switch (v->kind) {
	case VALUE_STRING:
		if (memchr(value_str(v).data, '\n', v->n) == NULL)
			n = text_length(value_str(v)) + ((v->flags & VALUE_PLAIN) != 0 ? 0 : 2);
		break;
	case VALUE_NUMBER:
		number_put(&b, value_number(v));
		n = b.len;
		buf_release(&b);
		break;
	case VALUE_BOOLEAN:
		n = v->boolean ? 4 : 5;
		break;
	default:
		break;
	}
	return n;
}
