/* test_exchange_pair.c
 * Which response belongs to which request of a connection.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <string.h>

#include "connection.h"
#include "talk.h"

#define OK "HTTP/1.1 200 OK\nContent-Length: 3"
#define MULTI "HTTP/1.1 207 Multi-Status\nContent-Type: application/xml"

static exchange *ask(talk *in, connection *at, const char *lines)
{
    http_header header = talk_header(in, lines);
    const sighting *seen = talk_see(in, true);

    return connection_request(at, seen, &header, seen->frame);
}

static exchange *answer(talk *in, connection *at, const char *lines)
{
    http_header header = talk_header(in, lines);

    return connection_response(at, talk_see(in, false), &header, lines, strlen(lines));
}

static void test_in_order(void)
{
    talk t = talk_begin();
    connection *at = connection_new(t.capture);
    exchange *one = ask(&t, at, "GET /1 HTTP/1.1"), *two = ask(&t, at, "GET /2 HTTP/1.1");

    g_assert_true(answer(&t, at, OK) == one);
    g_assert_true(answer(&t, at, OK "\nX: 2") == two);
    g_assert_true(one->complete && one->delivered);
    exchange *three = ask(&t, at, "GET /3 HTTP/1.1");

    g_assert_true(answer(&t, at, OK "\nX: 3") == three);
    connection_free(at);
    talk_end(&t);
}

static void test_connections_know_nothing_of_each_other(void)
{
    talk t = talk_begin();
    connection *here = connection_new(t.capture), *there = connection_new(t.capture);
    exchange *one = ask(&t, here, "GET /1 HTTP/1.1"), *two = ask(&t, there, "GET /2 HTTP/1.1");

    g_assert_true(answer(&t, there, OK) == two);
    g_assert_true(answer(&t, here, OK) == one);
    connection_free(here);
    connection_free(there);
    talk_end(&t);
}

static void test_no_request(void)
{
    talk t = talk_begin();
    connection *at = connection_new(t.capture);
    exchange *alone = answer(&t, at, OK);

    g_assert_null(alone->method);
    g_assert_cmpuint(alone->request_frame, ==, 0);
    g_assert_cmpstr(alone->client, ==, t.client);
    connection_free(at);
    talk_end(&t);
}

/* A server refuses a request before all of it was sent: it does not wait for an answer then. */
static void test_early(void)
{
    talk t = talk_begin();
    connection *at = connection_new(t.capture);
    exchange *early = answer(&t, at, "HTTP/1.1 413 Too Large");
    http_header header = talk_header(&t, "PUT /big HTTP/1.1");

    g_assert_true(connection_answered_early(at));
    exchange *late = connection_request(at, talk_see(&t, true), &header, early->frame - 1);

    g_assert_false(connection_answered_early(at));
    exchange *next = ask(&t, at, "GET /1 HTTP/1.1");

    g_assert_true(answer(&t, at, OK) == next);
    g_assert_cmpint(late->http_status, ==, 0);
    connection_free(at);
    talk_end(&t);
}

/* What began is what is delivered, with the header that is whole by then. */
static void test_begun(void)
{
    talk t = talk_begin();
    connection *at = connection_new(t.capture);
    exchange *asked = ask(&t, at, "PROPFIND /1 HTTP/1.1"), *next = ask(&t, at, "GET /2 HTTP/1.1");
    http_header cut = talk_header(&t, "HTTP/1.1 207 Multi-Status");
    exchange *begun = connection_response_begins(at, talk_see(&t, false), &cut, MULTI,
                                                 strlen("HTTP/1.1 207 Multi-Status"), at, 100);

    g_assert_true(begun == asked && !begun->delivered);
    /* A retransmission. */
    g_assert_null(connection_response_begins(at, talk_see(&t, false), &cut, MULTI, 10, at, 100));
    g_assert_true(answer(&t, at, OK) == next);
    g_assert_true(answer(&t, at, MULTI) == asked);
    g_assert_cmpstr(asked->response_fields[HTTP_CONTENT_TYPE], ==, "application/xml");
    connection_free(at);
    talk_end(&t);
}

static void test_unknown_requests(void)
{
    talk t = talk_begin();
    connection *at = connection_new(t.capture);
    int stream, other;
    exchange *of = ask(&t, at, "ACL /1 HTTP/1.1");

    g_assert_true(connection_is_new_request(at, &stream, UINT32_MAX - 10));
    g_assert_false(connection_is_new_request(at, &stream, UINT32_MAX - 10));
    g_assert_false(connection_is_new_request(at, &stream, UINT32_MAX - 20));
    g_assert_true(connection_is_new_request(at, &stream, 5)); /* it wraps */
    g_assert_true(connection_is_new_request(at, &other, 5));
    connection_request_ends(at, talk_see(&t, true), of, &stream, 77);
    g_assert_cmpuint(of->request_frame, ==, 2);
    g_assert_true(connection_is_after_unknown(at, &stream, 77));
    g_assert_false(connection_is_after_unknown(at, &stream, 78));
    g_assert_false(connection_is_after_unknown(at, &other, 77));
    connection_free(at);
    talk_end(&t);
}

static exchange *h2_answer(talk *in, connection *at, const char *lines, uint64_t stream)
{
    http_header header = talk_header(in, lines);

    return connection_h2_response(at, talk_see(in, false), &header, stream);
}

static void test_streams(void)
{
    talk t = talk_begin();
    connection *at = connection_new(t.capture);
    exchange *of[3];

    for (unsigned i = 0; i < 3; i++) {
        http_header header = talk_header(&t, "PROPFIND /c HTTP/2");

        of[i] = connection_h2_request(at, talk_see(&t, true), &header, 2 * i + 1);
        g_assert_cmpint(of[i]->h2_stream, ==, 2 * i + 1);
    }
    g_assert_true(h2_answer(&t, at, MULTI, 5) == of[2]);
    g_assert_null(h2_answer(&t, at, MULTI, 5)); /* its trailer section */
    g_assert_true(connection_h2_find(at, 5) == of[2]);
    connection_h2_delivered(at, talk_see(&t, false), of[2]);
    g_assert_true(of[2]->delivered && !connection_h2_find(at, 5));
    g_assert_cmpuint(of[2]->frame, ==, t.now.frame);
    /* What cannot be Multi-Status is not kept. */
    g_assert_null(h2_answer(&t, at, "HTTP/2 200 OK\nContent-Type: image/png", 3));
    g_assert_null(connection_h2_find(at, 3));
    g_assert_cmpuint(t.capture->exchanges.length, ==, 2);
    /* The capture does not hold the request of this one. */
    exchange *alone = h2_answer(&t, at, MULTI, 9);

    g_assert_true(alone && !alone->method && alone->h2_stream == 9);
    connection_free(at);
    talk_end(&t);
}

/* RFC 7540 section 3.2: the request that asks for HTTP/2 is answered as stream 1. */
static void test_upgrade(void)
{
    talk t = talk_begin();
    connection *at = connection_new(t.capture);
    exchange *of = ask(&t, at, "PROPFIND / HTTP/1.1\nUpgrade: h2c");

    g_assert_true(h2_answer(&t, at, MULTI, 1) == of);
    g_assert_cmpint(of->h2_stream, ==, 1);
    connection_free(at);
    talk_end(&t);
}

static void test_waiting(void)
{
    talk t = talk_begin();
    connection *at = connection_new(t.capture);

    g_assert_false(connection_is_waiting(at, t.now.time));
    ask(&t, at, "GET / HTTP/1.1");
    g_assert_true(connection_is_waiting(at, t.now.time));
    g_assert_true(connection_is_waiting(at, moment_later(t.now.time, 59)));
    g_assert_false(connection_is_waiting(at, moment_later(t.now.time, 60)));
    answer(&t, at, OK);
    g_assert_false(connection_is_waiting(at, t.now.time));
    http_header header = talk_header(&t, "GET / HTTP/2");

    connection_h2_request(at, talk_see(&t, true), &header, 1);
    g_assert_true(connection_is_waiting(at, t.now.time));
    connection_free(at);
    talk_end(&t);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pair/in-order", test_in_order);
    g_test_add_func("/pair/two-connections", test_connections_know_nothing_of_each_other);
    g_test_add_func("/pair/no-request", test_no_request);
    g_test_add_func("/pair/early", test_early);
    g_test_add_func("/pair/begun", test_begun);
    g_test_add_func("/pair/unknown-requests", test_unknown_requests);
    g_test_add_func("/pair/streams", test_streams);
    g_test_add_func("/pair/upgrade", test_upgrade);
    g_test_add_func("/pair/waiting", test_waiting);
    return g_test_run();
}
