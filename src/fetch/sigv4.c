/* SPDX-License-Identifier: Apache-2.0 */
/*
 * AWS Signature Version 4. Knows canonical forms and the derivation of the
 * key; knows no network, no clock, and not where the keys come from.
 */
#include "fetch/sigv4.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/limit.h"
#include "base/text.h"
#include "fetch/url.h"

#define ALGORITHM "AWS4-HMAC-SHA256"

/* ---- path ------------------------------------------------------------------ */

/* "a/./b/../c//" as RFC 3986, 5.2.4 has it, slashes in a row made one. */
static void put_normal(struct secret *to, struct str path)
{
	size_t at = 0, end;
	struct str part;

	secret_puts(to, "/");
	while (at < path.len) {
		for (end = at; end < path.len && path.data[end] != '/'; end++)
			;
		part = (struct str){ path.data + at, end - at };
		at = end + 1;
		if (part.len == 0 || str_is(part, "."))
			continue;
		if (!str_is(part, "..")) {
			secret_put_str(to, part);
			if (end < path.len)
				secret_puts(to, "/");
			continue;
		}
		/* back over the slash at the end, to the one before */
		while (to->len > 1 && to->data[to->len - 1] == '/')
			to->len--;
		while (to->len > 1 && to->data[to->len - 1] != '/')
			to->len--;
	}
}

static void put_path(struct secret *to, const struct sigv4_request *request,
		     const struct sigv4_scope *scope)
{
	struct secret normal = SECRET_INIT(LIMIT_URL_SIZE);
	struct str path = request->path.len != 0 ? request->path : STR("/");

	if (!scope->keep_path) {
		put_normal(&normal, path);
		path = secret_str(&normal);
	}
	if (scope->encode_once)
		secret_put_str(to, path);
	else
		url_put_encoded(to, path, true);
	to->failed = to->failed || normal.failed;
	secret_release(&normal);
}

/* ---- query ----------------------------------------------------------------- */

struct param {
	struct str name, value;
	size_t order;
};

/* Decoded and encoded again, so that it is encoded once whatever it was. */
static struct str encoded_once(struct arena *arena, struct str s)
{
	char *plain = arena_alloc(arena, s.len + 1);
	struct secret encoded = SECRET_INIT(0);
	struct str result;
	size_t i, n = 0;

	for (i = 0; i < s.len; i++) {
		if (s.data[i] == '%' && s.len - i > 2 && text_hex_digit(s.data[i + 1]) >= 0 &&
		    text_hex_digit(s.data[i + 2]) >= 0) {
			plain[n++] = (char)(text_hex_digit(s.data[i + 1]) * 16 +
					    text_hex_digit(s.data[i + 2]));
			i += 2;
		} else {
			plain[n++] = s.data[i];
		}
	}
	url_put_encoded(&encoded, (struct str){ plain, n }, false);
	result = arena_str(arena, secret_str(&encoded));
	secret_release(&encoded);
	return result;
}

static int compare_params(const void *a, const void *b)
{
	const struct param *x = a, *y = b;
	int order = str_compare(x->name, y->name);

	if (order == 0)
		order = str_compare(x->value, y->value);
	if (order == 0)
		order = x->order < y->order ? -1 : x->order > y->order;
	return order;
}

static size_t split_query(struct arena *arena, struct str query, struct param *params)
{
	struct str piece;
	const char *end, *equals;
	size_t n = 0;

	while (query.len != 0) {
		end = memchr(query.data, '&', query.len);
		piece = (struct str){ query.data, end ? (size_t)(end - query.data) : query.len };
		query.data += end ? piece.len + 1 : piece.len;
		query.len -= end ? piece.len + 1 : piece.len;
		if (piece.len == 0)
			continue;
		if (n == LIMIT_QUERY_PARAMS)
			return n + 1;
		equals = memchr(piece.data, '=', piece.len);
		params[n].order = n;
		params[n].value = STR("");
		if (equals != NULL) {
			params[n].value =
			    (struct str){ equals + 1,
					  piece.len - (size_t)(equals + 1 - piece.data) };
			piece.len = (size_t)(equals - piece.data);
		}
		params[n].name = encoded_once(arena, piece);
		params[n].value = encoded_once(arena, params[n].value);
		n++;
	}
	return n;
}

static int put_query(struct secret *to, struct str query, struct err *err)
{
	struct arena arena = ARENA_INIT;
	struct param *params = ARENA_ARRAY(&arena, LIMIT_QUERY_PARAMS, struct param);
	size_t n = split_query(&arena, query, params), i;
	int rc = -1;

	if (n > LIMIT_QUERY_PARAMS) {
		err_set(err, ERR_INPUT, "a URL has more than %d parameters", LIMIT_QUERY_PARAMS);
		goto out;
	}
	qsort(params, n, sizeof(*params), compare_params);
	for (i = 0; i < n; i++) {
		if (i != 0)
			secret_puts(to, "&");
		secret_put_str(to, params[i].name);
		secret_puts(to, "=");
		secret_put_str(to, params[i].value);
	}
	rc = 0;
out:
	arena_release(&arena);
	return rc;
}

/* ---- headers --------------------------------------------------------------- */

struct signed_header {
	struct str name; /* lower case */
	struct str value;
	size_t order;
};

/* Those that intermediaries put, change or drop. */
static bool is_skipped(struct str name)
{
	static const char *const names[] = { "authorization",     "connection", "expect",
					     "transfer-encoding", "user-agent", "x-amzn-trace-id" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (text_equal_nocase_ascii(name, str_of(names[i])))
			return true;
	return false;
}

static struct str lower(struct arena *arena, struct str s)
{
	char *text = arena_alloc(arena, s.len + 1);
	size_t i;

	for (i = 0; i < s.len; i++)
		text[i] = (char)(s.data[i] >= 'A' && s.data[i] <= 'Z' ? s.data[i] + 32 : s.data[i]);
	return (struct str){ text, s.len };
}

static int compare_headers(const void *a, const void *b)
{
	const struct signed_header *x = a, *y = b;
	int order = str_compare(x->name, y->name);

	return order != 0 ? order : (x->order < y->order ? -1 : x->order > y->order);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Without blanks at the ends, and with one where there are several. */
static void put_trimmed(struct secret *to, struct str value)
{
	bool gap = false, begun = false;
	size_t i;

	for (i = 0; i < value.len; i++) {
		if (is_blank(value.data[i])) {
			gap = begun;
			continue;
		}
		if (gap)
			secret_puts(to, " ");
		secret_put(to, &value.data[i], 1);
		gap = false;
		begun = true;
	}
}

struct header_set {
	struct arena arena;
	struct signed_header list[LIMIT_HEADERS + 3];
	size_t n;
};

static void add_header(struct header_set *set, struct str name, struct str value)
{
	set->list[set->n] = (struct signed_header){ lower(&set->arena, name), value, set->n };
	set->n++;
}

static int gather_headers(struct header_set *set, const struct sigv4_request *request,
			  const struct sigv4_keys *keys, const struct sigv4_scope *scope,
			  const struct sigv4 *out, struct err *err)
{
	size_t i;

	if (request->n_headers > LIMIT_HEADERS)
		return err_set(err, ERR_INPUT, "a request has more than %d headers", LIMIT_HEADERS);
	for (i = 0; i < request->n_headers; i++)
		if (!is_skipped(request->headers[i].name))
			add_header(set, request->headers[i].name, request->headers[i].value);
	add_header(set, STR("x-amz-date"), str_of(out->date));
	if (keys->token.len != 0 && !scope->token_unsigned)
		add_header(set, STR("x-amz-security-token"), keys->token);
	if (scope->content_digest)
		add_header(set, STR("x-amz-content-sha256"), str_of(out->payload));
	qsort(set->list, set->n, sizeof(set->list[0]), compare_headers);
	return 0;
}

static void put_headers(struct secret *to, const struct header_set *set)
{
	size_t i;

	for (i = 0; i < set->n; i++) {
		if (i != 0 && str_equal(set->list[i].name, set->list[i - 1].name)) {
			secret_puts(to, ",");
		} else {
			if (i != 0)
				secret_puts(to, "\n");
			secret_put_str(to, set->list[i].name);
			secret_puts(to, ":");
		}
		put_trimmed(to, set->list[i].value);
	}
	secret_puts(to, "\n");
}

static void put_names(struct secret *to, const struct header_set *set)
{
	size_t i;

	for (i = 0; i < set->n; i++) {
		if (i != 0 && str_equal(set->list[i].name, set->list[i - 1].name))
			continue;
		if (i != 0)
			secret_puts(to, ";");
		secret_put_str(to, set->list[i].name);
	}
}

/* ---- the stages ------------------------------------------------------------ */

static int put_canonical(struct secret *to, const struct sigv4_request *request,
			 const struct sigv4_scope *scope, const struct header_set *set,
			 const char *payload, struct err *err)
{
	secret_puts(to, request->method);
	secret_puts(to, "\n");
	put_path(to, request, scope);
	secret_puts(to, "\n");
	if (put_query(to, request->query, err) == -1)
		return -1;
	secret_puts(to, "\n");
	put_headers(to, set);
	secret_puts(to, "\n");
	put_names(to, set);
	secret_puts(to, "\n");
	secret_puts(to, payload);
	return 0;
}

/* 20150830/us-east-1/service/aws4_request */
static void put_scope(struct secret *to, const struct sigv4 *out, const struct sigv4_scope *scope)
{
	secret_put(to, out->date, 8);
	secret_puts(to, "/");
	secret_put_str(to, scope->region);
	secret_puts(to, "/");
	secret_put_str(to, scope->service);
	secret_puts(to, "/aws4_request");
}

static void put_to_sign(struct sigv4 *out, const struct sigv4_scope *scope)
{
	char hex[DIGEST_HEX_SIZE];

	secret_puts(&out->to_sign, ALGORITHM "\n");
	secret_puts(&out->to_sign, out->date);
	secret_puts(&out->to_sign, "\n");
	put_scope(&out->to_sign, out, scope);
	secret_puts(&out->to_sign, "\n");
	digest_bytes(secret_str(&out->canonical), hex);
	secret_puts(&out->to_sign, hex);
}

static void sign(struct sigv4 *out, struct str key, const struct sigv4_scope *scope)
{
	struct secret first = SECRET_INIT(0);
	unsigned char sum[DIGEST_SIZE];
	struct str so_far = { (const char *)sum, sizeof(sum) };

	secret_puts(&first, "AWS4");
	secret_put_str(&first, key);
	digest_hmac(secret_str(&first), (struct str){ out->date, 8 }, sum);
	secret_release(&first);
	digest_hmac(so_far, scope->region, sum);
	digest_hmac(so_far, scope->service, sum);
	digest_hmac(so_far, STR("aws4_request"), sum);
	digest_hmac(so_far, secret_str(&out->to_sign), sum);
	digest_hex(sum, sizeof(sum), out->signature);
	digest_wipe(sum, sizeof(sum));
}

static void put_authorization(struct sigv4 *out, struct str key_id, const struct sigv4_scope *scope,
			      const struct header_set *set)
{
	secret_puts(&out->authorization, ALGORITHM " Credential=");
	secret_put_str(&out->authorization, key_id);
	secret_puts(&out->authorization, "/");
	put_scope(&out->authorization, out, scope);
	secret_puts(&out->authorization, ", SignedHeaders=");
	put_names(&out->authorization, set);
	secret_puts(&out->authorization, ", Signature=");
	secret_puts(&out->authorization, out->signature);
}

/* What goes into a header must not end it. */
static bool fits_header(struct str s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if ((unsigned char)s.data[i] <= ' ' || (unsigned char)s.data[i] >= 0x7F)
			return false;
	return true;
}

int sigv4_sign(const struct sigv4_request *request, const struct sigv4_keys *keys,
	       const struct sigv4_scope *scope, struct sigv4 *out, struct err *err)
{
	struct header_set set = { .n = 0 };
	int rc = -1;

	*out = (struct sigv4){ .canonical.limit = LIMIT_SIGNED_SIZE };
	if (keys->key_id.len == 0 || keys->key.len == 0 || !fits_header(keys->key_id) ||
	    !fits_header(keys->token) || !fits_header(scope->region)) {
		err_set(err, ERR_INPUT,
			"the access key, the session token or the region is empty or holds a "
			"character that no header may hold");
		goto out;
	}
	when_basic(scope->now, out->date);
	digest_bytes(request->body, out->payload);
	if (gather_headers(&set, request, keys, scope, out, err) == -1 ||
	    put_canonical(&out->canonical, request, scope, &set, out->payload, err) == -1)
		goto out;
	if (out->canonical.failed) {
		err_set(err, ERR_INPUT, "a request to sign is larger than %d bytes",
			(int)LIMIT_SIGNED_SIZE);
		goto out;
	}
	put_to_sign(out, scope);
	sign(out, keys->key, scope);
	put_authorization(out, keys->key_id, scope, &set);
	rc = 0;
out:
	arena_release(&set.arena);
	if (rc == -1)
		sigv4_release(out);
	return rc;
}

void sigv4_release(struct sigv4 *out)
{
	secret_release(&out->canonical);
	secret_release(&out->to_sign);
	secret_release(&out->authorization);
}
