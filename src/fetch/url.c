/* SPDX-License-Identifier: Apache-2.0 */
/*
 * URLs. Knows RFC 3986 as far as services go; does not resolve names.
 */
#include "fetch/url.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include "base/limit.h"
#include "base/text.h"

static struct str rest_of(struct str s, size_t from)
{
	return (struct str){ s.data + from, s.len - from };
}

static size_t find_any(struct str s, const char *any)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (strchr(any, s.data[i]) != NULL)
			break;
	return i;
}

static bool is_clean(struct str text)
{
	size_t i;

	for (i = 0; i < text.len; i++)
		if ((unsigned char)text.data[i] <= ' ' || (unsigned char)text.data[i] >= 0x7F ||
		    strchr("\"<>\\^`{|}", text.data[i]) != NULL)
			return false;
	return true;
}

static bool is_port(struct str s)
{
	unsigned value = 0;
	size_t i;

	if (s.len == 0 || s.len > 5)
		return false;
	for (i = 0; i < s.len; i++) {
		if (s.data[i] < '0' || s.data[i] > '9')
			return false;
		value = 10 * value + (unsigned)(s.data[i] - '0');
	}
	return value >= 1 && value <= 65535;
}

static bool is_host_name(struct str s)
{
	size_t i;
	char c;

	if (s.len == 0 || s.len > 253)
		return false;
	for (i = 0; i < s.len; i++) {
		c = s.data[i];
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		      c == '-' || c == '.' || c == '_'))
			return false;
	}
	return true;
}

/* A NUL-terminated copy for libc; false when it does not fit. */
static bool address_text(struct str host, char text[INET6_ADDRSTRLEN])
{
	if (host.len >= INET6_ADDRSTRLEN)
		return false;
	memcpy(text, host.data, host.len);
	text[host.len] = '\0';
	return true;
}

static bool is_v4(struct str host, unsigned char bytes[4])
{
	char text[INET6_ADDRSTRLEN];

	return address_text(host, text) && inet_pton(AF_INET, text, bytes) == 1;
}

static bool is_v6(struct str host, unsigned char bytes[16])
{
	char text[INET6_ADDRSTRLEN];

	return address_text(host, text) && inet_pton(AF_INET6, text, bytes) == 1;
}

static int split_authority(struct url *url, struct err *err)
{
	struct str s = url->authority;
	unsigned char address[16];
	size_t end;

	if (s.len != 0 && s.data[0] == '[') {
		end = find_any(s, "]");
		if (end == s.len)
			return err_set(err, ERR_INPUT, "a bracket is missing in its host");
		url->host = (struct str){ s.data + 1, end - 1 };
		s = rest_of(s, end + 1);
		if (!is_v6(url->host, address))
			return err_set(err, ERR_INPUT, "its host is not an IPv6 address");
	} else {
		end = find_any(s, ":");
		url->host = (struct str){ s.data, end };
		s = rest_of(s, end);
		if (url->host.len == 0)
			return err_set(err, ERR_INPUT, "URI did not specify a host");
		if (!is_host_name(url->host))
			return err_set(err, ERR_INPUT, "its host is not a name");
	}
	url->port = rest_of(s, s.len);
	if (s.len == 0)
		return 0;
	url->port = rest_of(s, 1);
	if (s.data[0] != ':' || !is_port(url->port))
		return err_set(err, ERR_INPUT, "its port is not a number from 1 to 65535");
	return 0;
}

int url_parse(struct str text, struct url *url, struct err *err)
{
	size_t end;

	if (text.len > LIMIT_URL_SIZE)
		return err_set(err, ERR_INPUT, "it is longer than %d bytes", LIMIT_URL_SIZE);
	if (!is_clean(text))
		return err_set(err, ERR_INPUT, "it holds characters that no URL may hold");
	end = find_any(text, ":/?#");
	if (end == text.len || text.data[end] != ':')
		return err_set(err, ERR_INPUT, "URI did not specify a host");
	url->tls = text_equal_nocase_ascii((struct str){ text.data, end }, STR("https"));
	if (!url->tls && !text_equal_nocase_ascii((struct str){ text.data, end }, STR("http")))
		return err_set(err, ERR_INPUT, "it begins neither with https: nor with http:");
	text = rest_of(text, end + 1);
	if (!str_starts(text, STR("//")))
		return err_set(err, ERR_INPUT, "URI did not specify a host");
	text = rest_of(text, 2);
	if (memchr(text.data, '#', text.len) != NULL)
		return err_set(err, ERR_INPUT, "it has a fragment ('#')");
	end = find_any(text, "/?");
	url->authority = (struct str){ text.data, end };
	if (memchr(text.data, '@', end) != NULL)
		return err_set(err, ERR_INPUT, "it has a user name");
	text = rest_of(text, end);
	end = find_any(text, "?");
	url->path = end != 0 ? (struct str){ text.data, end } : STR("/");
	url->query = end < text.len ? rest_of(text, end + 1) : STR("");
	return split_authority(url, err);
}

bool url_is_loopback(struct str host)
{
	static const unsigned char one[16] = { [15] = 1 };
	unsigned char bytes[16];

	if (text_equal_nocase_ascii(host, STR("localhost")))
		return true;
	if (is_v4(host, bytes))
		return bytes[0] == 127;
	return is_v6(host, bytes) && memcmp(bytes, one, sizeof(one)) == 0;
}

bool url_may_be_plain(const struct url *url)
{
	static const unsigned char metadata[4] = { 0xfd, 0x00, 0x0e, 0xc2 };
	unsigned char bytes[16];

	if (url_is_loopback(url->host))
		return true;
	if (is_v4(url->host, bytes))
		return bytes[0] == 169 && bytes[1] == 254;
	return is_v6(url->host, bytes) && memcmp(bytes, metadata, sizeof(metadata)) == 0;
}

void url_put_encoded(struct secret *to, struct str bytes, bool keep_slashes)
{
	static const char digits[] = "0123456789ABCDEF";
	char code[3] = "%";
	unsigned char c;
	size_t i;

	for (i = 0; i < bytes.len; i++) {
		c = (unsigned char)bytes.data[i];
		if ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
		    (c != '\0' && strchr("-._~", c) != NULL) || (c == '/' && keep_slashes)) {
			secret_put(to, &bytes.data[i], 1);
			continue;
		}
		code[1] = digits[c >> 4];
		code[2] = digits[c & 15];
		secret_put(to, code, sizeof(code));
	}
}
