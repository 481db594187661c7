/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What libyaml would guess about, tell without a place, or take for something else than a
 * reader sees. Knows bytes, and no YAML.
 */
#include "model/yaml_encoding.h"

#include "base/text.h"

static struct place place_of(struct source *source, size_t offset)
{
	return source_place(source, (struct place){ 0, (uint32_t)offset });
}

/* Of three bytes at most, the character of those that show a text otherwise than it is
 * read; 0 for any other. */
static unsigned deceiving(const char *b)
{
	const unsigned char last = (unsigned char)b[2];

	if (b[0] != '\xE2')
		return 0;
	if (b[1] == '\x80' && last >= 0xA8 && last <= 0xAE)
		return 0x2000u + (last & 0x3F);
	if (b[1] == '\x81' && last >= 0xA6 && last <= 0xA9)
		return 0x2040u + (last & 0x3F);
	return 0;
}

/*
 * NEL, LS and PS are characters as any other in YAML 1.2 and in most editors, and ends of
 * lines in YAML 1.1, which libyaml reads: what stands behind one in a comment would count.
 * Embeddings, overrides and isolates of directions show what follows in another place than
 * it stands. Gives the place of the first, or the text's end. bytes: UTF-8.
 */
static size_t find_deceiving(struct str bytes, unsigned *point)
{
	const char *b = bytes.data;
	size_t i;

	for (i = 0; i + 1 < bytes.len; i++) {
		*point = b[i] == '\xC2' && b[i + 1] == '\x85' ? 0x85 : 0;
		if (b[i] == '\xE2') /* three bytes, as the text is UTF-8 */
			*point = deceiving(b + i);
		if (*point != 0)
			return i;
	}
	return bytes.len;
}

int yaml_check_encoding(struct source *source, bool as_seen, struct mistakes *mistakes)
{
	struct str bytes = source->bytes;
	unsigned point = 0;
	size_t wrong;

	if (str_starts(bytes, STR("\xFF\xFE")) || str_starts(bytes, STR("\xFE\xFF"))) {
		mistakes_add(mistakes, source, (struct place){ 1, 1 }, 1, "the file is UTF-16");
		mistakes_hint(mistakes, "save it as UTF-8");
		return -1;
	}
	wrong = text_utf8_valid(bytes);
	if (wrong != bytes.len) {
		mistakes_add(mistakes, source, place_of(source, wrong), 1,
			     "the byte 0x%02X here is not UTF-8",
			     (unsigned)(unsigned char)bytes.data[wrong]);
		mistakes_hint(mistakes, "save the file as UTF-8");
		return -1;
	}
	wrong = as_seen ? find_deceiving(bytes, &point) : bytes.len;
	if (wrong == bytes.len)
		return 0;
	mistakes_add(mistakes, source, place_of(source, wrong), 1,
		     point <= 0x2029
			 ? "the character U+%04X ends a line for some readers and not for others"
			 : "the character U+%04X shows what follows in another order than it has",
		     point);
	mistakes_hint(mistakes, "leave it out, or write it in double quotes as \"\\u%04X\"", point);
	return -1;
}
