/* SPDX-License-Identifier: Apache-2.0 */
/*
 * serve N LATENCY-MS QUOTA [CERTIFICATE KEY]: answers as IVS does, for measuring
 * who asks. A thread a connection, which sleeps for the latency, so that it is no
 * bottleneck; signatures are not looked at. us-west-2 has N recording
 * configurations, every other region half of that. QUOTA calls a second of an
 * operation and region pass, 0: all.
 *
 * Prints its port; when standard input ends, prints the numbers of lists, gets,
 * throttled calls and connections, and ends.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <openssl/ssl.h>

#define PAGE 100

static int n_all, latency_ms, quota;
static SSL_CTX *context;
static atomic_int lists, gets, throttled, connections;

struct client {
	int fd;
	SSL *ssl;
	char in[65536];
	size_t len;
};

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- the quota: a bucket an operation and region ---------------------------- */

static bool passes(bool list, const char *region)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	static struct {
		char name[40];
		double left, at;
	} buckets[64];
	char name[40];
	bool pass;
	size_t i;
	double t;

	if (quota == 0)
		return true;
	snprintf(name, sizeof(name), "%d%s", list, region);
	pthread_mutex_lock(&lock);
	t = now();
	for (i = 0; i < 63 && buckets[i].name[0] != '\0'; i++)
		if (strcmp(buckets[i].name, name) == 0)
			break;
	if (buckets[i].name[0] == '\0') {
		snprintf(buckets[i].name, sizeof(buckets[i].name), "%s", name);
		buckets[i].left = quota;
		buckets[i].at = t;
	}
	buckets[i].left += (t - buckets[i].at) * quota;
	if (buckets[i].left > quota)
		buckets[i].left = quota;
	buckets[i].at = t;
	/* a little is forgiven, as nobody's clock is exact */
	pass = buckets[i].left >= 0.9;
	if (pass)
		buckets[i].left -= 1;
	pthread_mutex_unlock(&lock);
	return pass;
}

/* ---- bytes ------------------------------------------------------------------- */

static ssize_t get(struct client *c, char *to, size_t size)
{
	return c->ssl != NULL ? SSL_read(c->ssl, to, (int)size) : read(c->fd, to, size);
}

static bool put(struct client *c, const char *from, size_t size)
{
	ssize_t n;

	for (; size > 0; from += n, size -= (size_t)n) {
		n = c->ssl != NULL ? SSL_write(c->ssl, from, (int)size)
				   : write(c->fd, from, size);
		if (n <= 0)
			return false;
	}
	return true;
}

static bool respond(struct client *c, int status, const char *body)
{
	char head[400];
	int len = snprintf(head, sizeof(head),
			   "HTTP/1.1 %d x\r\nContent-Type: application/json\r\n"
			   "x-amzn-RequestId: 01234567-89ab-cdef-0123-456789abcdef\r\n%s"
			   "Content-Length: %zu\r\n\r\n",
			   status, status == 429 ? "x-amzn-ErrorType: ThrottlingException\r\n" : "",
			   strlen(body));

	return put(c, head, (size_t)len) && put(c, body, strlen(body));
}

/* ---- answers ----------------------------------------------------------------- */

static int put_configuration(char *to, size_t size, int i, const char *region, bool summary)
{
	int len = snprintf(
	    to, size,
	    "{\"arn\":\"arn:aws:ivs:%s:123456789012:recording-configuration/Ab%06d\","
	    "\"destinationConfiguration\":{\"s3\":{\"bucketName\":\"acme-prod-ivs-recordings\"}},"
	    "\"name\":\"acme-prod-%d\",\"state\":\"ACTIVE\","
	    "\"tags\":{\"Owner\":\"video-platform\",\"Environment\":\"prod\",\"CostCenter\":"
	    "\"cc-4711\"}",
	    region, i, i);

	if (!summary)
		len += snprintf(to + len, size - (size_t)len,
				",\"recordingReconnectWindowSeconds\":60,"
				"\"renditionConfiguration\":{\"renditionSelection\":\"ALL\"},"
				"\"thumbnailConfiguration\":{\"recordingMode\":\"INTERVAL\","
				"\"targetIntervalSeconds\":30}");
	return len + snprintf(to + len, size - (size_t)len, "}");
}

static bool answer(struct client *c, const char *head, const char *body)
{
	char out[65536], region[32] = "us-west-2";
	const char *scope = strstr(head, "Credential="), *at;
	bool list = strncmp(head, "POST /ListRecordingConfigurations", 33) == 0;
	int i, start = 0, n = n_all, len;

	if (scope != NULL)
		sscanf(scope, "Credential=%*[^/]/%*[^/]/%31[^/]", region);
	if (strcmp(region, "us-west-2") != 0)
		n = n_all / 2;
	if (latency_ms != 0)
		nanosleep(&(struct timespec){ latency_ms / 1000, latency_ms % 1000 * 1000000L },
			  NULL);
	if (!passes(list, region)) {
		throttled++;
		return respond(c, 429, "{\"message\":\"Rate exceeded\"}");
	}
	if (!list) {
		gets++;
		at = strstr(body, "/Ab");
		len = snprintf(out, sizeof(out), "{\"recordingConfiguration\":");
		len += put_configuration(out + len, sizeof(out) - (size_t)len,
					 at != NULL ? atoi(at + 3) : 0, region, false);
		snprintf(out + len, sizeof(out) - (size_t)len, "}");
		return respond(c, 200, out);
	}
	lists++;
	at = strstr(body, "page-");
	if (at != NULL)
		start = atoi(at + 5);
	len = snprintf(out, sizeof(out), "{\"recordingConfigurations\":[");
	for (i = start; i < n && i < start + PAGE; i++) {
		len += snprintf(out + len, sizeof(out) - (size_t)len, "%s", i > start ? "," : "");
		len += put_configuration(out + len, sizeof(out) - (size_t)len, i, region, true);
	}
	if (i < n)
		len += snprintf(out + len, sizeof(out) - (size_t)len, "],\"nextToken\":\"page-%d\"}", i);
	else
		len += snprintf(out + len, sizeof(out) - (size_t)len, "]}");
	return respond(c, 200, out);
}

/* ---- connections ---------------------------------------------------------------- */

/* One request: false at the end of the connection. */
static bool take(struct client *c)
{
	char *end, *length;
	size_t head, body = 0;
	ssize_t n;

	for (;;) {
		c->in[c->len] = '\0';
		end = strstr(c->in, "\r\n\r\n");
		if (end != NULL) {
			head = (size_t)(end - c->in) + 4;
			length = strcasestr(c->in, "\r\nContent-Length:");
			body = length != NULL && length < end ? strtoul(length + 17, NULL, 10) : 0;
			if (c->len >= head + body)
				break;
		}
		if (c->len == sizeof(c->in) - 1)
			return false;
		n = get(c, c->in + c->len, sizeof(c->in) - 1 - c->len);
		if (n <= 0)
			return false;
		c->len += (size_t)n;
	}
	c->in[head - 1] = '\0';
	if (!answer(c, c->in, c->in + head))
		return false;
	memmove(c->in, c->in + head + body, c->len - head - body);
	c->len -= head + body;
	return true;
}

static void *serve(void *client)
{
	struct client *c = client;

	if (context != NULL) {
		c->ssl = SSL_new(context);
		SSL_set_fd(c->ssl, c->fd);
		if (SSL_accept(c->ssl) != 1)
			goto out;
	}
	while (take(c))
		;
out:
	SSL_free(c->ssl);
	close(c->fd);
	free(c);
	return NULL;
}

static void *accept_all(void *listener)
{
	int one = 1, fd;
	pthread_t thread;
	struct client *c;

	while ((fd = accept(*(int *)listener, NULL, NULL)) != -1) {
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
		connections++;
		c = calloc(1, sizeof(*c));
		if (c == NULL)
			abort();
		c->fd = fd;
		if (pthread_create(&thread, NULL, serve, c) != 0)
			abort();
		pthread_detach(thread);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t size = sizeof(address);
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	pthread_t thread;
	char byte;

	if (argc != 4 && argc != 6)
		return 2;
	n_all = atoi(argv[1]);
	latency_ms = atoi(argv[2]);
	quota = atoi(argv[3]);
	if (argc == 6) {
		context = SSL_CTX_new(TLS_server_method());
		if (SSL_CTX_use_certificate_chain_file(context, argv[4]) != 1 ||
		    SSL_CTX_use_PrivateKey_file(context, argv[5], SSL_FILETYPE_PEM) != 1)
			return 1;
	}
	signal(SIGPIPE, SIG_IGN);
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(listener, (struct sockaddr *)&address, size) == -1 || listen(listener, 512) == -1 ||
	    getsockname(listener, (struct sockaddr *)&address, &size) == -1)
		return 1;
	printf("%d\n", ntohs(address.sin_port));
	fflush(stdout);
	if (pthread_create(&thread, NULL, accept_all, &listener) != 0)
		return 1;
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	printf("%d %d %d %d\n", lists, gets, throttled, connections);
	return 0;
}
