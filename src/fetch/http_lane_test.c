/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which request starts when: caps, paces, lanes, and the end of all.
 */
#include "fetch/test_http.h"

struct one {
	struct http_job job; /* first */
	char url[100], name[16];
	struct many *many;
	int again; /* answers "not now" so often */
};

struct many {
	struct http *h;
	char started[400], ended[400];
	int n, most;
	struct one ones[40];
};

static int start_one(struct http_job *job, struct http_request *request, struct err *err)
{
	struct one *o = (struct one *)job;
	size_t len = strlen(o->many->started);

	if (o->again > 0) {
		o->again--;
		return 1;
	}
	snprintf(o->many->started + len, sizeof(o->many->started) - len, "%s ", o->name);
	if (o->again < 0)
		return err_set(err, ERR_INPUT, "it cannot be built");
	*request = (struct http_request){ .method = "GET",
					  .url = str_of(o->url),
					  .body = STR(""),
					  .connect_ms = 5000,
					  .deadline_ms = 5000,
					  .answer_limit = 100 };
	return 0;
}

static void end_one(struct http_job *job, struct http_answer *answer)
{
	struct one *o = (struct one *)job;
	size_t len = strlen(o->many->ended);

	snprintf(o->many->ended + len, sizeof(o->many->ended) - len, "%s:%d%s ", o->name,
		 (int)answer->end, answer->detail);
	o->many->n--;
}

static void add(struct many *m, int i, struct http_lane *lane, int port, int64_t not_before_us)
{
	struct one *o = &m->ones[i];

	*o = (struct one){ .job.lane = lane,
			   .job.not_before_us = not_before_us,
			   .job.start = start_one,
			   .job.done = end_one,
			   .many = m };
	snprintf(o->name, sizeof(o->name), "%d", i);
	url_of(o->url, sizeof(o->url), port, "/");
	m->n++;
}

static void note_most(void *to, const struct test_request *request, struct test_reply *reply)
{
	struct many *m = to;

	if (request->at_once > m->most)
		m->most = request->at_once;
	reply->delay_ms = 20;
}

static void run_all(struct many *m)
{
	while (m->n != 0)
		http_turn(m->h, 1000);
}

static void capped(void **state)
{
	static struct many m;
	struct http_options options = {
		.world = &world, .most = 8, .most_per_host = 4, .stop_fd = -1
	};
	struct http_lane a, b;
	struct test_server server;
	struct err err = { 0 };
	int i;

	(void)state;
	m.h = http_new(&options);
	test_server_start(&server, note_most, &m);
	for (i = 0; i < 40; i++)
		add(&m, i, i % 2 ? &a : &b, server.port, 0);
	assert_int_equal(http_lane_open(m.h, &a, str_of(m.ones[0].url), NULL, &err), 0);
	assert_int_equal(http_lane_open(m.h, &b, str_of(m.ones[0].url), NULL, &err), 0);
	assert_int_equal(http_lane_open(m.h, &b, STR("http://192.0.2.1"), NULL, &err), -1);
	for (i = 0; i < 40; i++)
		http_queue(m.h, &m.ones[i].job);
	run_all(&m);
	assert_int_equal(m.most, 4);
	assert_int_equal(server.n_connections, 4);
	http_lane_close(m.h, &a);
	http_lane_close(m.h, &b);
	http_lane_close(m.h, &b);
	http_free(m.h);
	test_server_stop(&server);
}

static void in_order(void **state)
{
	static struct many m;
	struct pace pace;
	struct http_lane lane;
	struct test_server server;
	struct err err = { 0 };
	int64_t now = http_now_us();

	(void)state;
	m.h = open_http(1);
	test_server_start(&server, note_most, &m);
	pace_init(&pace, 1000);
	add(&m, 0, &lane, server.port, 0);
	assert_int_equal(http_lane_open(m.h, &lane, str_of(m.ones[0].url), &pace, &err), 0);
	add(&m, 1, &lane, server.port, now + 200000);
	add(&m, 2, &lane, server.port, now + 100000);
	add(&m, 3, &lane, server.port, 0);
	add(&m, 4, &lane, server.port, 0);
	/* those that wait come when it is time, before what waits in line */
	for (int i = 0; i < 5; i++)
		http_queue(m.h, &m.ones[i].job);
	m.ones[3].again = 1;
	m.ones[4].again = -1;
	while (!lane.held)
		http_turn(m.h, 100);
	/* it stays the first of a lane that is held */
	assert_string_equal(m.started, "0 ");
	assert_true(lane.n_waiting == 4 && lane.n_flying <= 1);
	while (http_now_us() < now + 210000)
		http_turn(m.h, 10);
	assert_string_equal(m.started, "0 ");
	lane.held = false;
	run_all(&m);
	assert_string_equal(m.started, "0 2 1 3 4 ");
	assert_string_equal(m.ended, "0:0 2:0 1:0 3:0 4:7it cannot be built ");
	http_lane_close(m.h, &lane);
	http_free(m.h);
	test_server_stop(&server);
}

/* In flight, in line, and with a time of its own: all end. */
static void all_stop(void **state)
{
	static struct many m;
	struct http_lane lane;
	struct test_server server;
	struct err err = { 0 };

	(void)state;
	m.h = open_http(1);
	test_server_start(&server, note_most, &m);
	add(&m, 0, &lane, server.port, 0);
	assert_int_equal(http_lane_open(m.h, &lane, str_of(m.ones[0].url), NULL, &err), 0);
	add(&m, 1, &lane, server.port, http_now_us() + 1000000000);
	add(&m, 2, &lane, server.port, 0);
	for (int i = 0; i < 3; i++)
		http_queue(m.h, &m.ones[i].job);
	http_turn(m.h, 1);
	http_stop(m.h);
	assert_int_equal(m.n, 0);
	assert_string_equal(m.ended, "0:8 1:8 2:8 ");
	http_free(m.h);
	test_server_stop(&server);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(capped),
		cmocka_unit_test(in_order),
		cmocka_unit_test(all_stop),
	};
	struct err err;

	if (http_start_library(&err) == -1)
		return 1;
	return cmocka_run_group_tests_name("http: lanes", tests, NULL, NULL);
}
