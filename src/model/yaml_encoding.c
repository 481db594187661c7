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

/*
 * NEL, LS and PS are characters as any other in YAML 1.2 and in most editors, and ends of
 * lines in YAML 1.1, which libyaml reads: what stands behind one in a comment would count.
 * Gives the place of the first, or the text's end. bytes: UTF-8.
 */
static size_t find_odd_end(struct str bytes, unsigned *point)
{
	const char *b = bytes.data;
	size_t i;

	for (i = 0; i + 1 < bytes.len; i++) {
		*point = 0;
		if (b[i] == '\xC2' && b[i + 1] == '\x85')
			*point = 0x85;
		else if (b[i] == '\xE2' && b[i + 1] == '\x80' && (b[i + 2] & 0xFE) == 0xA8)
			*point = 0x2028 + (b[i + 2] & 1u);
		if (*point != 0)
			return i;
	}
	return bytes.len;
}

int yaml_check_encoding(struct source *source, bool only_12, struct mistakes *mistakes)
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
	wrong = only_12 ? find_odd_end(bytes, &point) : bytes.len;
	if (wrong == bytes.len)
		return 0;
	mistakes_add(mistakes, source, place_of(source, wrong), 1,
		     "the character U+%04X ends a line for some readers and not for others", point);
	mistakes_hint(mistakes, "leave it out, or write it in double quotes as \"\\u%04X\"", point);
	return -1;
}
