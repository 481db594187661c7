/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Recording configurations for the benchmark: made up with a fixed seed, one in
 * five with a violation of bench.yaml.
 *
 *	generate ndjson N	get-recording-configuration answers, one a line
 *	generate list N		one list of N, indented as the AWS CLI prints it
 *	generate files N DIR	N files in DIR, one configuration each
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Writes JSON on one line or indented by four, as Python's json.dumps does. */
struct writer {
	FILE *to;
	bool indented;
	int level;
	bool first;
};

struct configuration {
	char id[13], bucket[64], name[64];
	const char *region, *environment, *state;
	const char *renditions[3];
	int n_tags, interval, window;
	unsigned number, cost;
	bool owner;
};

static const char *const regions[] = { "us-west-2", "us-east-1", "eu-west-1", "ap-northeast-1" };
static const char *const environments[] = { "dev", "stage", "prod" };
static const char *const teams[] = { "live", "replay", "events", "sports" };

static uint64_t next(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return (*state * UINT64_C(2685821657736338717)) >> 33;
}

static void line(struct writer *w)
{
	int i;

	if (!w->indented)
		return;
	putc('\n', w->to);
	for (i = 0; i < w->level; i++)
		fputs("    ", w->to);
}

static void item(struct writer *w, const char *key)
{
	if (!w->first)
		fputs(w->indented ? "," : ", ", w->to);
	if (w->level > 0)
		line(w);
	w->first = false;
	if (key)
		fprintf(w->to, "\"%s\": ", key);
}

static void open(struct writer *w, const char *key, char bracket)
{
	item(w, key);
	putc(bracket, w->to);
	w->level++;
	w->first = true;
}

static void shut(struct writer *w, char bracket)
{
	w->level--;
	line(w);
	putc(bracket, w->to);
	w->first = false;
}

static void text(struct writer *w, const char *key, const char *value)
{
	item(w, key);
	fprintf(w->to, "\"%s\"", value);
}

static void number(struct writer *w, const char *key, int value)
{
	item(w, key);
	fprintf(w->to, "%d", value);
}

/* One thing is wrong; the kinds are bench.yaml's ten, in its order. */
static void spoil(struct configuration *c, uint64_t *seed)
{
	switch (next(seed) % 10) {
	case 0:
		c->owner = false;
		break;
	case 1:
		c->environment = "production";
		break;
	case 2:
		snprintf(c->bucket, sizeof(c->bucket), "legacy-%s-recordings-%u", c->environment,
			 c->number % 1000);
		break;
	case 3:
		snprintf(c->name, sizeof(c->name), "Live_Recording_%u", c->number);
		break;
	case 4:
		c->interval = (int)(1 + next(seed) % 4);
		break;
	case 5:
		c->window = (int)(1 + next(seed) % 29);
		break;
	case 6:
		c->interval = 7;
		break;
	case 7:
		c->state = "CREATE_FAILED";
		break;
	case 8:
		c->renditions[0] = "SD";
		break;
	default:
		snprintf(c->bucket, sizeof(c->bucket), "acme-%s-ivs-%s-%u",
			 strcmp(c->environment, "dev") == 0 ? "prod" : "dev", "recordings",
			 c->number % 1000);
		break;
	}
}

static void make(struct configuration *c, unsigned number, uint64_t *seed)
{
	static const char alphabet[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
	size_t i;

	memset(c, 0, sizeof(*c));
	for (i = 0; i < sizeof(c->id) - 1; i++)
		c->id[i] = alphabet[next(seed) % (sizeof(alphabet) - 1)];
	c->number = number;
	c->region = regions[next(seed) % 4];
	c->environment = environments[next(seed) % 3];
	c->state = "ACTIVE";
	c->renditions[0] = "FULL_HD";
	c->renditions[1] = "HD";
	c->renditions[2] = next(seed) % 2 ? "LOWEST_RESOLUTION" : NULL;
	c->n_tags = (int)(4 + next(seed) % 3);
	c->interval = (int)(5 * (1 + next(seed) % 12));
	c->window = (int)(30 + next(seed) % 271);
	c->cost = (unsigned)(1000 + next(seed) % 9000);
	c->owner = true;
	snprintf(c->bucket, sizeof(c->bucket), "acme-%s-ivs-%s-%u", c->environment,
		 teams[next(seed) % 4], number % 1000);
	snprintf(c->name, sizeof(c->name), "acme-%s-%s-%u", c->environment, teams[next(seed) % 4],
		 number);
	if (next(seed) % 5 == 0)
		spoil(c, seed);
}

static void put_tags(struct writer *w, const struct configuration *c)
{
	char cost[16];

	snprintf(cost, sizeof(cost), "cc-%u", c->cost);
	open(w, "tags", '{');
	text(w, "CostCenter", cost);
	text(w, "Environment", c->environment);
	if (c->owner)
		text(w, "Owner", "video-platform");
	text(w, "Service", "live-recording");
	if (c->n_tags > 4)
		text(w, "Team", c->number % 16 ? "media delivery" : "\\u00c9quipe vid\\u00e9o");
	if (c->n_tags > 5)
		text(w, "aws:cloudformation:stack-name", "acme-ivs-recording");
	shut(w, '}');
}

static void put(struct writer *w, const char *key, const struct configuration *c)
{
	char arn[128];
	int i;

	snprintf(arn, sizeof(arn), "arn:aws:ivs:%s:123456789012:recording-configuration/%s",
		 c->region, c->id);
	open(w, key, '{');
	text(w, "arn", arn);
	open(w, "destinationConfiguration", '{');
	open(w, "s3", '{');
	text(w, "bucketName", c->bucket);
	shut(w, '}');
	shut(w, '}');
	text(w, "name", c->name);
	number(w, "recordingReconnectWindowSeconds", c->window);
	open(w, "renditionConfiguration", '{');
	text(w, "renditionSelection", "CUSTOM");
	open(w, "renditions", '[');
	for (i = 0; i < 3 && c->renditions[i]; i++)
		text(w, NULL, c->renditions[i]);
	shut(w, ']');
	shut(w, '}');
	text(w, "state", c->state);
	put_tags(w, c);
	open(w, "thumbnailConfiguration", '{');
	text(w, "recordingMode", "INTERVAL");
	text(w, "resolution", "HD");
	open(w, "storage", '[');
	text(w, NULL, "SEQUENTIAL");
	text(w, NULL, "LATEST");
	shut(w, ']');
	number(w, "targetIntervalSeconds", c->interval);
	shut(w, '}');
	shut(w, '}');
}

static void put_answer(FILE *to, bool indented, const struct configuration *c)
{
	struct writer w = { to, indented, 0, true };

	open(&w, NULL, '{');
	put(&w, "recordingConfiguration", c);
	shut(&w, '}');
	putc('\n', to);
}

static int put_file(const char *folder, unsigned i, const struct configuration *c)
{
	char path[4096];
	FILE *to;

	snprintf(path, sizeof(path), "%s/%06u.json", folder, i);
	to = fopen(path, "w");
	if (!to) {
		perror(path);
		return -1;
	}
	put_answer(to, true, c);
	return fclose(to) == 0 ? 0 : -1;
}

int main(int argc, char **argv)
{
	struct writer w = { stdout, true, 0, true };
	uint64_t seed = UINT64_C(0x9e3779b97f4a7c15);
	struct configuration c;
	unsigned i, n;
	char form;

	if (argc < 3)
		return 2;
	/* As a copy is written: of small writes the system keeps small pieces, and how fast
	 * they are read again depends on what ran before. */
	setvbuf(stdout, NULL, _IOFBF, 1 << 20);
	form = argv[1][0];
	n = (unsigned)strtoul(argv[2], NULL, 10);
	if (form == 'l') {
		open(&w, NULL, '{');
		open(&w, "recordingConfigurations", '[');
	}
	for (i = 0; i < n; i++) {
		make(&c, i, &seed);
		if (form == 'n')
			put_answer(stdout, false, &c);
		else if (form == 'l')
			put(&w, NULL, &c);
		else if (argc < 4 || put_file(argv[3], i, &c) == -1)
			return 1;
	}
	if (form == 'l') {
		shut(&w, ']');
		shut(&w, '}');
		putchar('\n');
	}
	return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
