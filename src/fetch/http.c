/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HTTP over libcurl's multi interface. Knows its options, its errors and its
 * waits; does not know services, signatures or retries.
 */
#define _GNU_SOURCE /* SOCK_CLOEXEC */
#include "fetch/http_inside.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <curl/curl.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/digest.h"
#include "base/limit.h"
#include "base/text.h"
#include "fetch/answer.h"
#include "fetch/url.h"

#define HEADER_LINE (16u << 10)
#define CA_CACHE_S  (24L * 3600)
#define KEY_LOG     "SSLKEYLOGFILE"

_Static_assert(HTTP_ERROR_SIZE >= CURL_ERROR_SIZE, "libcurl writes so much");

/* libcurl writes the keys of all its sessions into a file that this names, when it starts:
 * whoever has that and what went over the network has our tokens. */
static char *take_key_log(void)
{
	const char *name = getenv(KEY_LOG);
	char *kept = name != NULL ? secret_strdup(name) : NULL;

	(void)unsetenv(KEY_LOG);
	return kept;
}

int http_start_library(struct err *err)
{
	char *key_log = take_key_log();
	CURLcode code;

	/* it copies headers and bodies, and frees what it copied as it is */
	code = curl_global_init_mem(CURL_GLOBAL_DEFAULT, secret_malloc, secret_free, secret_realloc,
				    secret_strdup, secret_calloc);
	/* for programs that a profile names */
	if (key_log != NULL)
		(void)setenv(KEY_LOG, key_log, 1);
	secret_free(key_log);
	if (code != CURLE_OK)
		return err_set(err, ERR_SYSTEM, "libcurl cannot be used");
	return 0;
}

int64_t http_now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

struct http *http_new(const struct http_options *options)
{
	struct http *h = mem_alloc(sizeof(*h));

	*h = (struct http){ .options = *options, .arena = ARENA_INIT };
	http_proxies_read(h);
	h->multi = curl_multi_init();
	if (h->multi == NULL)
		abort();
	curl_multi_setopt(h->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_MULTIPLEX);
	curl_multi_setopt(h->multi, CURLMOPT_MAXCONNECTS, (long)options->most + 16);
	return h;
}

void http_slot_clear(struct http_slot *s)
{
	struct curl_slist *line;

	/* an Authorization header may be among them */
	for (line = s->headers; line != NULL; line = line->next)
		digest_wipe(line->data, strlen(line->data));
	curl_slist_free_all(s->headers);
	s->headers = NULL;
	http_answer_release(&s->answer);
}

void http_free(struct http *h)
{
	struct http_slot *s, *next;

	if (h == NULL)
		return;
	for (s = h->slots; s != NULL; s = next) {
		next = s->next;
		if (s->flying)
			curl_multi_remove_handle(h->multi, s->easy);
		curl_easy_cleanup(s->easy);
		http_slot_clear(s);
		free(s);
	}
	curl_multi_cleanup(h->multi);
	http_proxies_release(h);
	arena_release(&h->arena);
	free(h);
}

bool http_stopped(const struct http *h)
{
	return h->options.stop != NULL && atomic_load(h->options.stop) != 0;
}

/* ---- what comes back ------------------------------------------------------- */

static enum transport_end end_of(const struct http_slot *s)
{
	if (s->too_large)
		return TRANSPORT_TOO_LARGE;
	switch ((CURLcode)s->code) {
	case CURLE_OK:
		return TRANSPORT_ANSWERED;
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
		return TRANSPORT_NO_HOST;
	case CURLE_OPERATION_TIMEDOUT:
		return TRANSPORT_TIMEOUT;
	/* a handshake that ends early is a connection that was not made: that may be better
	 * the next time, as a certificate will not */
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CIPHER:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_SSL_INVALIDCERTSTATUS:
	case CURLE_SSL_ENGINE_INITFAILED:
	case CURLE_USE_SSL_FAILED:
		return TRANSPORT_TLS;
	case CURLE_UNSUPPORTED_PROTOCOL: /* of an answer: not HTTP */
	case CURLE_WEIRD_SERVER_REPLY:
	case CURLE_PARTIAL_FILE:
	case CURLE_RECV_ERROR:
	case CURLE_SEND_ERROR:
	case CURLE_HTTP2:
	case CURLE_HTTP2_STREAM:
	case CURLE_BAD_CONTENT_ENCODING:
		return TRANSPORT_CUT;
	case CURLE_URL_MALFORMAT:
		return TRANSPORT_REFUSED;
	default:
		break;
	}
	return TRANSPORT_NO_CONNECTION;
}

static void take_end(struct http_slot *s)
{
	long status = 0, proxy = 0;

	s->answer.end = end_of(s);
	/* a proxy's no is not the end of an answer */
	curl_easy_getinfo(s->easy, CURLINFO_HTTP_CONNECTCODE, &proxy);
	if (s->answer.end == TRANSPORT_CUT && proxy >= 300)
		s->answer.end = TRANSPORT_NO_CONNECTION;
	if (s->answer.end == TRANSPORT_ANSWERED) {
		curl_easy_getinfo(s->easy, CURLINFO_RESPONSE_CODE, &status);
		s->answer.status = (int)status;
		return;
	}
	if (!s->too_large)
		answer_show(
		    str_of(s->error[0] != '\0' ? s->error : curl_easy_strerror((CURLcode)s->code)),
		    s->answer.detail, sizeof(s->answer.detail));
}

/* ---- what goes out --------------------------------------------------------- */

/* Programs that a profile names are started beside us: no socket is for them. */
static curl_socket_t open_socket(void *to, curlsocktype purpose, struct curl_sockaddr *address)
{
	(void)to;
	(void)purpose;
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

#define SET(option, value) (void)curl_easy_setopt(s->easy, (option), (value))

/* What holds for every request of a handle. */
static void set_always(struct http_slot *s)
{
	SET(CURLOPT_PROTOCOLS_STR, "http,https");
	SET(CURLOPT_FOLLOWLOCATION, 0L);
	SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	SET(CURLOPT_NOSIGNAL, 1L);
	SET(CURLOPT_PATH_AS_IS, 1L);
	SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	SET(CURLOPT_SSL_VERIFYPEER, 1L);
	SET(CURLOPT_SSL_VERIFYHOST, 2L);
	SET(CURLOPT_PROXY_SSL_VERIFYPEER, 1L);
	SET(CURLOPT_PROXY_SSL_VERIFYHOST, 2L);
	SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	SET(CURLOPT_PROXY_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
	SET(CURLOPT_PIPEWAIT, 1L);
#if LIBCURL_VERSION_NUM >= 0x075700
	/* reading the CAs takes as long as ten requests */
	SET(CURLOPT_CA_CACHE_TIMEOUT, CA_CACHE_S);
	/* a name server that does not answer holds up neither the others nor the end */
	SET(CURLOPT_QUICK_EXIT, 1L);
#endif
	SET(CURLOPT_OPENSOCKETFUNCTION, open_socket);
	SET(CURLOPT_HEADERFUNCTION, http_take_header);
	SET(CURLOPT_HEADERDATA, s);
	SET(CURLOPT_WRITEFUNCTION, http_take_body);
	SET(CURLOPT_WRITEDATA, s);
	SET(CURLOPT_ERRORBUFFER, s->error);
	SET(CURLOPT_PRIVATE, s);
}

static struct http_slot *slot_get(struct http *h)
{
	struct http_slot *s;

	for (s = h->slots; s != NULL; s = s->next)
		if (!s->flying)
			return s;
	s = mem_alloc(sizeof(*s));
	*s = (struct http_slot){ .easy = curl_easy_init(), .answer = HTTP_ANSWER_INIT };
	if (s->easy == NULL)
		abort();
	s->next = h->slots;
	h->slots = s;
	return s;
}

/* "Name: value", and "Name:" for what libcurl would add by itself. */
static int put_header(struct http_slot *s, struct str name, struct str value)
{
	struct secret line = SECRET_INIT(HEADER_LINE);
	struct curl_slist *list;
	bool bad;

	secret_put_str(&line, name);
	secret_puts(&line, value.len != 0 ? ": " : ";");
	secret_put_str(&line, value);
	bad = line.failed || memchr(line.data, '\n', line.len) != NULL ||
	      memchr(line.data, '\r', line.len) != NULL ||
	      memchr(line.data, '\0', line.len) != NULL;
	if (!bad) {
		list = curl_slist_append(s->headers, line.data);
		if (list == NULL)
			abort();
		s->headers = list;
	}
	secret_release(&line);
	return bad ? -1 : 0;
}

static int put_headers(struct http_slot *s, const struct http_request *r)
{
	static const char *const not_ours[] = { "Accept", "Expect", "Content-Type", "User-Agent" };
	bool there[4] = { false };
	struct curl_slist *list;
	char bare[32];
	size_t i, k;

	if (r->n_headers > LIMIT_HEADERS)
		return -1;
	for (i = 0; i < r->n_headers; i++) {
		if (put_header(s, r->headers[i].name, r->headers[i].value) == -1)
			return -1;
		for (k = 0; k < 4; k++)
			there[k] = there[k] ||
				   text_equal_nocase_ascii(r->headers[i].name, str_of(not_ours[k]));
	}
	for (k = 0; k < 4; k++) {
		if (there[k])
			continue;
		snprintf(bare, sizeof(bare), "%s:", not_ours[k]);
		list = curl_slist_append(s->headers, bare);
		if (list == NULL)
			abort();
		s->headers = list;
	}
	SET(CURLOPT_HTTPHEADER, s->headers);
	return 0;
}

static void set_method(struct http_slot *s, const struct http_request *r)
{
	bool get = strcmp(r->method, "GET") == 0;

	SET(CURLOPT_CUSTOMREQUEST, NULL);
	if (get) {
		SET(CURLOPT_HTTPGET, 1L);
		return;
	}
	SET(CURLOPT_POST, 1L);
	SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->body.len);
	SET(CURLOPT_POSTFIELDS, r->body.data);
	if (strcmp(r->method, "POST") != 0)
		SET(CURLOPT_CUSTOMREQUEST, r->method);
}

static void set_proxy(const struct http *h, struct http_slot *s, const struct http_request *r,
		      bool tls)
{
	const struct http_proxy *proxy = http_proxy_for(h, r, tls);

	/* set even when it is none: libcurl would look into its own environment */
	SET(CURLOPT_PROXY, proxy != NULL ? proxy->url.data : "");
	SET(CURLOPT_NOPROXY, h->no_proxy != NULL ? h->no_proxy : "");
	if (proxy != NULL && proxy->has_user) {
		SET(CURLOPT_PROXYUSERNAME, proxy->user.data);
		SET(CURLOPT_PROXYPASSWORD, proxy->password.data);
	}
}

static void set_url(struct http_slot *s, struct str text)
{
	struct secret url = SECRET_INIT(LIMIT_URL_SIZE);

	secret_put_str(&url, text);
	SET(CURLOPT_URL, url.data);
	secret_release(&url);
}

static void set_ca(struct http_slot *s, const char *ca_bundle)
{
	const char *usual = NULL;

	(void)curl_easy_getinfo(s->easy, CURLINFO_CAINFO, &usual);
	if (ca_bundle != NULL) {
		SET(CURLOPT_CAINFO, ca_bundle);
		SET(CURLOPT_PROXY_CAINFO, ca_bundle);
	}
	/* libcurl keeps what it read of a file, but not of a folder */
	if (ca_bundle != NULL || usual != NULL) {
		SET(CURLOPT_CAPATH, NULL);
		SET(CURLOPT_PROXY_CAPATH, NULL);
	}
}

static bool older_is_flying(const struct http *h)
{
	const struct http_slot *s;

	for (s = h->slots; s != NULL; s = s->next)
		if (s->flying && s->begun_us < h->silent_us)
			return true;
	return false;
}

/*
 * By HTTP/2 a request that ran out of time leaves its connection to the others, and its
 * next attempt would get it again: where nobody is behind it any more, and nothing says
 * so, all would fail. What stood before the silence is not used after it.
 */
static void set_connection(const struct http *h, struct http_slot *s)
{
	int64_t since_s = (http_now_us() - h->silent_us) / 1000000;

	(void)since_s;
	if (h->silent_us == 0)
		return;
#if LIBCURL_VERSION_NUM >= 0x075000
	/* that counts whole seconds, and only for a connection that nobody uses */
	if (since_s >= 1 && !older_is_flying(h)) {
		SET(CURLOPT_MAXLIFETIME_CONN, (long)since_s);
		return;
	}
#endif
	SET(CURLOPT_FRESH_CONNECT, 1L);
}

/* -1 when it is no request that may be made. */
static int set_request(struct http *h, struct http_slot *s, const struct http_request *r,
		       const char *ca_bundle)
{
	struct err err;
	struct url url;

	if (url_parse(r->url, &url, &err) == -1 || (!url.tls && !url_may_be_plain(&url)))
		return -1;
	curl_easy_reset(s->easy);
	set_always(s);
	if (put_headers(s, r) == -1)
		return -1;
	set_url(s, r->url);
	set_method(s, r);
	set_proxy(h, s, r, url.tls);
	set_ca(s, ca_bundle);
	set_connection(h, s);
	SET(CURLOPT_CONNECTTIMEOUT_MS, (long)r->connect_ms);
	SET(CURLOPT_TIMEOUT_MS, (long)r->deadline_ms);
	return 0;
}

struct http_slot *http_begin(struct http *h, const struct http_request *r, const char *ca_bundle)
{
	struct http_slot *s = slot_get(h);

	s->answer = HTTP_ANSWER_INIT;
	s->answer_limit = r->answer_limit;
	s->too_large = s->finished = false;
	s->error[0] = '\0';
	s->code = CURLE_OK;
	s->begun_us = http_now_us();
	s->job = NULL;
	if (set_request(h, s, r, ca_bundle) == -1 ||
	    curl_multi_add_handle(h->multi, s->easy) != CURLM_OK) {
		http_slot_clear(s);
		return NULL;
	}
	s->flying = true;
	h->flying++;
	return s;
}

void http_perform(struct http *h)
{
	struct http_slot *s;
	CURLMsg *message;
	int left;

	curl_multi_perform(h->multi, &left);
	while ((message = curl_multi_info_read(h->multi, &left)) != NULL) {
		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &s);
		s->code = (int)message->data.result;
		s->finished = true;
	}
}

void http_land(struct http *h, struct http_slot *s)
{
	if (s->finished) {
		take_end(s);
		if (s->answer.end == TRANSPORT_TIMEOUT)
			h->silent_us = http_now_us();
	} else {
		secret_release(&s->answer.headers);
		secret_release(&s->answer.body);
		s->answer.end = TRANSPORT_STOPPED;
	}
	curl_multi_remove_handle(h->multi, s->easy);
	s->flying = s->finished = false;
	h->flying--;
}

void http_wait(struct http *h, int ms)
{
	struct curl_waitfd fd = { .fd = h->options.stop_fd, .events = CURL_WAIT_POLLIN };

	(void)curl_multi_poll(h->multi, &fd, h->options.stop_fd != -1, ms, NULL);
}

/* ---- one request, waited for ----------------------------------------------- */

void http_send(void *self, const struct http_request *request, struct http_answer *answer)
{
	struct http_client *client = self;
	struct http *h = client->http;
	struct http_slot *s;

	answer->end = http_stopped(h) ? TRANSPORT_STOPPED : TRANSPORT_REFUSED;
	if (http_stopped(h))
		return;
	s = http_begin(h, request, client->ca_bundle);
	if (s == NULL)
		return;
	for (http_perform(h); !s->finished && !http_stopped(h); http_perform(h))
		http_wait(h, 1000);
	http_land(h, s);
	answer->end = s->answer.end;
	answer->status = s->answer.status;
	secret_move(&answer->headers, &s->answer.headers);
	secret_move(&answer->body, &s->answer.body);
	memcpy(answer->detail, s->answer.detail, sizeof(answer->detail));
	http_slot_clear(s);
}

void http_wake(struct http *h)
{
	(void)curl_multi_wakeup(h->multi);
}
