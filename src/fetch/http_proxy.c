/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Proxies, as the environment names them. Knows their form; does not know how
 * one is spoken to.
 */
#include "fetch/http_inside.h"

#include "base/text.h"
#include "fetch/url.h"

static const char *either(const struct world *world, const char *a, const char *b)
{
	const char *value = world_env(world, a);

	return value != NULL ? value : world_env(world, b);
}

static void put_decoded(struct secret *to, struct str s)
{
	size_t i;
	char c;

	secret_puts(to, "");
	for (i = 0; i < s.len; i++) {
		c = s.data[i];
		if (c == '%' && s.len - i > 2 && text_hex_digit(s.data[i + 1]) >= 0 &&
		    text_hex_digit(s.data[i + 2]) >= 0) {
			c = (char)(text_hex_digit(s.data[i + 1]) * 16 +
				   text_hex_digit(s.data[i + 2]));
			i += 2;
		}
		secret_put(to, &c, 1);
	}
}

/* "scheme://user:password@host:port": the scheme, and what is before the last '@', may be
 * missing, and a slash may follow. */
static void take_apart(struct http_proxy *p, const char *text)
{
	const char *after = strstr(text, "://"), *from = after != NULL ? after + 3 : text;
	const char *at = strrchr(from, '@');
	struct err ignored;
	struct str user;
	size_t colon;
	struct url url;

	secret_put(&p->url, text, (size_t)(from - text));
	secret_puts(&p->url, at != NULL ? at + 1 : from);
	/* one that is none is not the same as none: it is an error of each request */
	if (p->url.len == 0)
		secret_puts(&p->url, "http://");
	if (at != NULL) {
		user = (struct str){ from, (size_t)(at - from) };
		for (colon = 0; colon < user.len && user.data[colon] != ':'; colon++)
			;
		p->has_user = true;
		put_decoded(&p->user, (struct str){ user.data, colon });
		if (colon < user.len)
			colon++;
		put_decoded(&p->password, (struct str){ user.data + colon, user.len - colon });
	}
	p->here = url_parse(secret_str(&p->url), &url, &ignored) == 0 && url_is_loopback(url.host);
}

void http_proxies_read(struct http *h)
{
	const struct world *world = h->options.world;
	const char *https = either(world, "https_proxy", "HTTPS_PROXY");
	const char *http = either(world, "http_proxy", "HTTP_PROXY");

	if (https != NULL)
		take_apart(&h->https_proxy, https);
	if (http != NULL)
		take_apart(&h->http_proxy, http);
	h->no_proxy = either(world, "no_proxy", "NO_PROXY");
}

static void release(struct http_proxy *p)
{
	secret_release(&p->url);
	secret_release(&p->user);
	secret_release(&p->password);
}

void http_proxies_release(struct http *h)
{
	release(&h->https_proxy);
	release(&h->http_proxy);
}

const struct http_proxy *http_proxy_for(const struct http *h, const struct http_request *r,
					bool tls)
{
	const struct http_proxy *p = tls ? &h->https_proxy : &h->http_proxy;

	if (r->direct || p->url.len == 0)
		return NULL;
	/* what is not encrypted may go to a proxy on this machine only */
	return tls || p->here ? p : NULL;
}
