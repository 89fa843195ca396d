/* test_connection.c
 * Which response belongs to which request of a connection of HTTP/2.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "connection.h"
#include "talk.h"

#define MULTI "HTTP/1.1 207 Multi-Status\nContent-Type: application/xml"

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

        of[i] = connection_h2_request(at, talk_see(&t, true), &header, 2 * i + 1, at);
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

/* The packets of a request may be captured after those of its answer. */
static void test_late_request(void)
{
    talk t = talk_begin();
    connection *at = connection_new(t.capture);
    exchange *of = h2_answer(&t, at, MULTI, 7);

    connection_h2_delivered(at, talk_see(&t, false), of);
    g_assert_true(connection_h2_find(at, 7) == of);
    http_header header = talk_header(&t, "PROPPATCH /late HTTP/2");

    g_assert_true(connection_h2_request(at, talk_see(&t, true), &header, 7, at) == of);
    g_assert_cmpstr(of->method, ==, "PROPPATCH");
    g_assert_null(connection_h2_find(at, 7));
    connection_free(at);
    talk_end(&t);
}

/* Wireshark reads HTTP/1 in its first pass and HTTP/2 in the second one: by then another connection
 * between the same sockets may have been upgraded, too. */
static void test_upgraded_again(void)
{
    talk t = talk_begin();
    connection *at = connection_new(t.capture);
    http_header answer = talk_header(&t, MULTI);
    exchange *first = talk_ask(&t, "PROPFIND /first HTTP/1.1", NULL);
    sighting between = *talk_see(&t, false);
    exchange *second = talk_ask(&t, "PROPFIND /second HTTP/1.1", NULL);

    connection_upgrades(at, first);
    connection_upgrades(at, second);
    g_assert_true(connection_h2_response(at, &between, &answer, 1) == first);
    connection_h2_delivered(at, &between, first);
    g_assert_true(h2_answer(&t, at, MULTI, 1) == second);
    connection_h2_delivered(at, talk_see(&t, false), second);
    exchange *alone = h2_answer(&t, at, MULTI, 1);

    g_assert_true(alone && !alone->method);
    connection_free(at);
    talk_end(&t);
}

/* A server may answer before the body of the request has come: the direction tells whose it is. */
static void test_directions(void)
{
    talk t = talk_begin();
    connection *at = connection_new(t.capture);
    int client, server;
    http_header header = talk_header(&t, "PROPPATCH /c HTTP/2");
    exchange *of = connection_h2_request(at, talk_see(&t, true), &header, 1, &client);

    g_assert_true(h2_answer(&t, at, MULTI, 1) == of);
    g_assert_true(connection_is_client(at, &client, of));
    g_assert_false(connection_is_client(at, &server, of));
    connection_free(at);
    talk_end(&t);
}

/* RFC 7540 section 3.2: the request that asks for HTTP/2 is answered as stream 1. */
static void test_upgrade(void)
{
    talk t = talk_begin();
    connection *at = connection_new(t.capture);
    http_header header = talk_header(&t, "PROPFIND / HTTP/1.1\nUpgrade: h2c");
    const sighting *seen = talk_see(&t, true);
    exchange *of = exchange_new(t.capture, seen);

    exchange_set_request(of, seen, &header);
    connection_upgrades(at, of);
    g_assert_true(h2_answer(&t, at, MULTI, 1) == of);
    g_assert_cmpint(of->h2_stream, ==, 1);
    connection_free(at);
    talk_end(&t);
}

static void test_waiting(void)
{
    talk t = talk_begin();
    connection *at = connection_new(t.capture);
    http_header header = talk_header(&t, "GET / HTTP/2");

    g_assert_false(connection_is_waiting(at, t.now.time));
    connection_h2_request(at, talk_see(&t, true), &header, 1, at);
    g_assert_true(connection_is_waiting(at, t.now.time));
    g_assert_true(connection_is_waiting(at, moment_later(t.now.time, 59)));
    g_assert_false(connection_is_waiting(at, moment_later(t.now.time, 60)));
    connection_free(at);
    talk_end(&t);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pair/streams", test_streams);
    g_test_add_func("/pair/late-request", test_late_request);
    g_test_add_func("/pair/upgraded-again", test_upgraded_again);
    g_test_add_func("/pair/directions", test_directions);
    g_test_add_func("/pair/upgrade", test_upgrade);
    g_test_add_func("/pair/waiting", test_waiting);
    return g_test_run();
}
