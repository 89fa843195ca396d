/* test_exchange_history.c
 * What earlier exchanges of a capture tell: locks, the two sides, sequences.
 *
 * tests/blackbox/test_history.py has the same in captures; here are the cases that those do not
 * reach.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <string.h>

#include "locks.h"
#include "sides.h"
#include "talk.h"

#define ROW(href, code)                                                                            \
    "<D:response><D:href>" href "</D:href><D:status>HTTP/1.1 " #code " x</D:status></D:response>"

#define ACTIVELOCK(token, root, depth, timeout)                                                    \
    "<D:prop xmlns:D='DAV:'><D:lockdiscovery><D:activelock><D:depth>" depth "</D:depth>"           \
    "<D:owner>ines</D:owner><D:timeout>" timeout "</D:timeout><D:locktoken><D:href>" token         \
    "</D:href></D:locktoken><D:lockroot><D:href>" root "</D:href></D:lockroot></D:activelock>"     \
    "</D:lockdiscovery></D:prop>"

#define GRANTED "HTTP/1.1 200 OK\nContent-Type: application/xml"

/* ---- locks ---- */

static void take_lock(talk *in, const char *lines, const char *body)
{
    talk_answer(in, talk_ask(in, lines, NULL), GRANTED, body);
}

/* The root of the lock in the way of the first row, NULL if none is known. */
static const char *root_in_the_way(talk *in, const char *lines, const char *rows)
{
    exchange *of = talk_ask(in, lines, NULL);

    ms_document_free(talk_multistatus(in, of, rows));
    const lock *found = history_lock(of, 0);

    return found ? found->known.root : NULL;
}

static void test_lock(void)
{
    talk t = talk_begin();

    take_lock(&t, "LOCK /c/a HTTP/1.1\nUser-Agent: office/7",
              ACTIVELOCK("urn:1", "/c/a", "infinity", "Infinite"));
    exchange *of = talk_ask(&t, "DELETE /c/ HTTP/1.1", NULL);
    ms_document *document = talk_multistatus(&t, of, ROW("/c/b", 403) ROW("/c/a/x", 423));
    const lock *found = history_lock(of, 1);

    g_assert_null(history_lock(of, 0));
    g_assert_null(history_lock(of, 2));
    g_assert_nonnull(found);
    g_assert_cmpstr(found->known.root, ==, "/c/a");
    g_assert_cmpstr(found->known.owner, ==, "ines");
    g_assert_cmpstr(found->known.client, ==, "10.0.0.2:50000");
    g_assert_cmpstr(found->known.agent, ==, "office/7");
    g_assert_cmpuint(found->known.frame, ==, 1);
    ms_document_free(document);
    talk_end(&t);
}

/* Tomcat's answer has the markup of the owner as text. A refresh has no body to tell it. */
static void test_owner_is_what_the_client_said(void)
{
    static const struct {
        const char *body, *owner;
    } rows[] = {
        {"<lockinfo xmlns='DAV:'><owner><href>mailto:jo@dav.example</href></owner></lockinfo>",
         "mailto:jo@dav.example"},
        {"<lockinfo xmlns='DAV:'><owner/></lockinfo>", "ines"},
        {NULL, "ines"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        talk t = talk_begin();

        talk_answer(&t,
                    talk_ask(&t, "LOCK /c/a HTTP/1.1\nContent-Type: application/xml", rows[i].body),
                    GRANTED, ACTIVELOCK("urn:1", "/c/a", "0", "Infinite"));
        exchange *of = talk_ask(&t, "DELETE /c/a HTTP/1.1", NULL);

        ms_document_free(talk_multistatus(&t, of, ROW("/c/a", 423)));
        g_assert_cmpstr(history_lock(of, 0)->known.owner, ==, rows[i].owner);
        talk_end(&t);
    }
}

static void test_lock_is_released(void)
{
    static const char *const releases[] = {"UNLOCK /c/a HTTP/1.1\nLock-Token: <urn:1>",
                                           "DELETE /c/ HTTP/1.1",
                                           "MOVE /c/a HTTP/1.1\nDestination: /d"};

    for (size_t i = 0; i < G_N_ELEMENTS(releases); i++) {
        talk t = talk_begin();

        take_lock(&t, "LOCK /c/a HTTP/1.1", ACTIVELOCK("urn:1", "/c/a", "0", "Infinite"));
        g_assert_cmpstr(root_in_the_way(&t, "DELETE /c/ HTTP/1.1", ROW("/c/a", 423)), ==, "/c/a");
        /* Whoever was given the lock keeps it. */
        exchange *told = talk_ask(&t, "DELETE /c/ HTTP/1.1", NULL);

        ms_document_free(talk_multistatus(&t, told, ROW("/c/a", 423)));
        talk_answer(&t, talk_ask(&t, releases[i], NULL), "HTTP/1.1 204 No Content", NULL);
        g_assert_null(root_in_the_way(&t, "DELETE /c/ HTTP/1.1", ROW("/c/a", 423)));
        g_assert_cmpstr(history_lock(told, 0)->token, ==, "urn:1");
        talk_end(&t);
    }
}

/* A refresh has no Lock-Token in its answer, and reveals a lock that was taken before. */
static void test_lock_is_refreshed(void)
{
    talk t = talk_begin();

    take_lock(&t, "LOCK /c/a HTTP/1.1\nIf: (<urn:1>)",
              ACTIVELOCK("urn:1", "/c/a", "0", "Second-10"));
    g_assert_cmpstr(root_in_the_way(&t, "PUT /c/a HTTP/1.1", ROW("/c/a", 423)), ==, "/c/a");
    t.now.time.seconds += 20;
    g_assert_null(root_in_the_way(&t, "PUT /c/a HTTP/1.1", ROW("/c/a", 423)));
    take_lock(&t, "LOCK /c/a HTTP/1.1\nIf: (<urn:1>)",
              ACTIVELOCK("urn:1", "/c/a", "0", "Second-10"));
    g_assert_cmpstr(root_in_the_way(&t, "PUT /c/a HTTP/1.1", ROW("/c/a", 423)), ==, "/c/a");
    talk_end(&t);
}

/* Without times, no lock expires. */
static void test_lock_without_times(void)
{
    talk t = talk_begin();

    t.now.time = moment_unknown();
    take_lock(&t, "LOCK /c/a HTTP/1.1", ACTIVELOCK("urn:1", "/c/a", "0", "Second-1"));
    g_assert_cmpstr(root_in_the_way(&t, "PUT /c/a HTTP/1.1", ROW("/c/a", 423)), ==, "/c/a");
    talk_end(&t);
}

/* Of very many locks, the newest are known. */
static void test_locks_are_bounded(void)
{
    talk t = talk_begin();

    for (unsigned i = 0; i < 3000; i++) {
        char *request = g_strdup_printf("LOCK /c/%u HTTP/1.1", i);
        char *body = g_strdup_printf(ACTIVELOCK("urn:%u", "/c/%u", "0", "Infinite"), i, i);

        take_lock(&t, request, body);
        g_free(request);
        g_free(body);
    }
    g_assert_null(root_in_the_way(&t, "PUT /c/ HTTP/1.1", ROW("/c/7", 423)));
    g_assert_cmpstr(root_in_the_way(&t, "PUT /c/ HTTP/1.1", ROW("/c/2999", 423)), ==, "/c/2999");
    talk_end(&t);
}

/* The whole answer is a 423. */
static void test_blocking(void)
{
    talk t = talk_begin();

    take_lock(&t, "LOCK /c/a HTTP/1.1", ACTIVELOCK("urn:1", "/c/a", "0", "Infinite"));
    exchange *of = talk_ask(&t, "PUT /c/a HTTP/1.1\nIf: (<urn:2>)", NULL);

    exchange_keep_request(of, 0);
    talk_answer(&t, of, "HTTP/1.1 423 Locked", NULL);
    g_assert_nonnull(of->blocking);
    g_assert_cmpstr(of->blocking->token, ==, "urn:1");
    talk_end(&t);
}

/* The token of the lock in the way of a request whose whole answer is a 423, NULL if none is known.
 */
static const char *token_in_the_way(talk *in, const char *lines)
{
    exchange *of = talk_ask(in, lines, NULL);

    exchange_keep_request(of, 0);
    talk_answer(in, of, "HTTP/1.1 423 Locked", NULL);
    return of->blocking ? of->blocking->token : NULL;
}

static void test_blocking_at_either_end(void)
{
    static const struct {
        const char *request, *token;
    } rows[] = {
        {"MOVE /c/a HTTP/1.1\nDestination: /c/z", "urn:1"},
        {"COPY /c/a HTTP/1.1\nDestination: /c/z", NULL},
        {"MOVE /c/z HTTP/1.1\nDestination: /c/a", "urn:1"},
        {"COPY /c/z HTTP/1.1\nDestination: http://dav.example/c/a", "urn:1"},
        {"COPY /c/z HTTP/1.1\nDestination: /c/a\nIf: </c/a> (<urn:1>)", NULL},
        {"COPY /c/z HTTP/1.1", NULL},
        {"PUT /c/z HTTP/1.1\nDestination: /c/a", NULL},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        talk t = talk_begin();

        take_lock(&t, "LOCK /c/a HTTP/1.1", ACTIVELOCK("urn:1", "/c/a", "0", "Infinite"));
        g_assert_cmpstr(token_in_the_way(&t, rows[i].request), ==, rows[i].token);
        talk_end(&t);
    }
}

/* ---- sides ---- */

static void say_options(talk *in, const char *uri, const char *fields)
{
    char *request = g_strdup_printf("OPTIONS %s HTTP/1.1", uri);
    char *response = g_strdup_printf("HTTP/1.1 200 OK\n%s", fields);

    talk_answer(in, talk_ask(in, request, NULL), response, NULL);
    g_free(request);
    g_free(response);
}

static void test_what_was_announced(void)
{
    talk t = talk_begin();

    say_options(&t, "/c/", "DAV: 1\nAllow: LOCK, MKCOL\nServer: box/1");
    g_assert_nonnull(strstr(talk_ask(&t, "LOCK /c/ HTTP/1.1", NULL)->unannounced, "\"2\" in DAV"));
    g_assert_nonnull(
        strstr(talk_ask(&t, "PUT /c/ HTTP/1.1\nDepth: 0", NULL)->unannounced, "does not list PUT"));
    g_assert_null(talk_ask(&t, "MKCOL /c/ HTTP/1.1", NULL)->unannounced);
    g_assert_nonnull(talk_ask(&t, "MKCOL /c/ HTTP/1.1", "<x/>")->unannounced);
    g_assert_null(talk_ask(&t, "LOCK /c/other HTTP/1.1", NULL)->unannounced);
    g_assert_null(talk_ask(&t, "LOCK /c/ HTTP/1.1\nHost: other.example", NULL)->unannounced);
    /* It is reported with the answer, once. */
    exchange *of = talk_ask(&t, "LOCK /c/ HTTP/1.1", NULL);
    ms_document *document = talk_multistatus(&t, of, ROW("/c/", 423));

    g_assert_nonnull(talk_finding(document, "not_announced"));
    g_assert_cmpstr(of->server_dav, ==, "1");
    g_assert_cmpstr(of->server_allow, ==, "LOCK, MKCOL");
    g_assert_cmpstr(of->server_product, ==, "box/1");
    g_assert_cmpstr(of->server_versions, ==, "HTTP/1.1");
    ms_document_free(document);
    /* Where something else is created, something else may be allowed. */
    talk_answer(&t, talk_ask(&t, "MKCOL /c/ HTTP/1.1", NULL), "HTTP/1.1 201 Created", NULL);
    g_assert_null(talk_ask(&t, "LOCK /c/ HTTP/1.1", NULL)->unannounced);
    talk_end(&t);
}

static void test_names_of_sides(void)
{
    exchange of = {.client = "[2001:db8::2]:50000", .server = "10.0.0.1:80"};
    char *server = sides_server_key(&of), *client = sides_client_key(&of);

    g_assert_cmpstr(server, ==, "10.0.0.1:80");
    g_assert_cmpstr(client, ==, "[2001:db8::2]");
    g_free(server);
    g_free(client);
    of = (exchange){.request_fields = {[HTTP_HOST] = "dav.example"}};
    server = sides_server_key(&of);
    client = sides_client_key(&of);
    g_assert_cmpstr(server, ==, " dav.example");
    g_assert_cmpstr(client, ==, "");
    g_free(server);
    g_free(client);
}

/* Servers, texts and resources are remembered up to their limits, and nothing breaks beyond them.
 */
static void test_sides_are_bounded(void)
{
    talk t = talk_begin();

    for (unsigned i = 0; i < 20000; i++) {
        char *uri = g_strdup_printf("/c/%u", i);
        char *fields = g_strdup_printf("DAV: 1, urn-%u\nServer: box/%u", i, i);
        char *server = g_strdup_printf("10.1.%u.%u:80", i / 256 % 64, i % 256);

        t.server = i % 2 ? server : "10.0.0.1:80";
        say_options(&t, uri, fields);
        t.server = "10.0.0.1:80";
        g_free(uri);
        g_free(fields);
        g_free(server);
    }
    g_assert_nonnull(talk_ask(&t, "LOCK /c/0 HTTP/1.1", NULL)->unannounced);
    g_assert_null(talk_ask(&t, "LOCK /c/19998 HTTP/1.1", NULL)->unannounced);
    talk_end(&t);
}

/* ---- sequences ---- */

static const char *sync_step(talk *in, const char *had, const char *given)
{
    char *asked =
        g_strdup_printf("<D:sync-collection xmlns:D='DAV:'><D:sync-token>%s</D:sync-token>"
                        "</D:sync-collection>",
                        had);
    char *rows = g_strdup_printf("<D:sync-token>%s</D:sync-token>", given);
    ms_document *document =
        talk_multistatus(in, talk_ask(in, "REPORT /c/ HTTP/1.1\nDepth: 0", asked), rows);
    const char *found = g_intern_string(talk_finding(document, "sync_token_back"));

    ms_document_free(document);
    g_free(asked);
    g_free(rows);
    return found;
}

static void test_sync_tokens(void)
{
    talk t = talk_begin();

    g_assert_null(sync_step(&t, "urn:1", "urn:2"));
    g_assert_null(sync_step(&t, "urn:2", "urn:3"));
    g_assert_nonnull(strstr(sync_step(&t, "urn:3", "urn:1"), "frame 2)"));
    t.client = "10.0.0.3:50000"; /* another client may come from somewhere else */
    g_assert_null(sync_step(&t, "urn:3", "urn:1"));
    talk_end(&t);
}

/* A ring of so many steps, and a circle in them. */
static void test_sync_tokens_for_long(void)
{
    talk t = talk_begin();
    char had[16], given[16];

    for (unsigned i = 0; i < 200; i++) {
        g_snprintf(had, sizeof had, "urn:%u", i);
        g_snprintf(given, sizeof given, "urn:%u", i + 1);
        g_assert_null(sync_step(&t, had, given));
    }
    g_assert_nonnull(sync_step(&t, "urn:200", "urn:190"));
    g_assert_null(sync_step(&t, "urn:200", "urn:5")); /* that long ago is forgotten */
    talk_end(&t);
}

static bool fails_again(talk *in, const char *lines, const char *rows)
{
    ms_document *document = talk_multistatus(in, talk_ask(in, lines, NULL), rows);
    bool found = talk_finding(document, "repeated_failure") != NULL;

    ms_document_free(document);
    return found;
}

static void test_repeated_failure(void)
{
    talk t = talk_begin();

    for (unsigned i = 1; i <= 5; i++)
        g_assert_cmpint(fails_again(&t, "DELETE /c/ HTTP/1.1", ROW("/c/a", 423)), ==, i == 3);
    /* The order of the rows does not matter. */
    for (unsigned i = 1; i <= 3; i++)
        g_assert_cmpint(fails_again(&t, "DELETE /d/ HTTP/1.1",
                                    i % 2 ? ROW("/d/a", 423) ROW("/d/b", 403)
                                          : ROW("/d/b", 403) ROW("/d/a", 423)),
                        ==, i == 3);
    /* Another request with another failure each time. */
    for (unsigned i = 1; i <= 4; i++)
        g_assert_false(
            fails_again(&t, "DELETE /e/ HTTP/1.1", i % 2 ? ROW("/e/a", 423) : ROW("/e/a", 403)));
    talk_end(&t);
}

/* When too many requests fail, the history starts over. */
static void test_repetitions_are_bounded(void)
{
    talk t = talk_begin();

    g_assert_false(fails_again(&t, "DELETE /c/ HTTP/1.1", ROW("/c/a", 423)));
    g_assert_false(fails_again(&t, "DELETE /c/ HTTP/1.1", ROW("/c/a", 423)));
    for (unsigned i = 0; i < 9000; i++) {
        char *request = g_strdup_printf("DELETE /x%u/ HTTP/1.1", i);

        g_assert_false(fails_again(&t, request, ROW("/c/a", 423)));
        g_free(request);
    }
    g_assert_false(fails_again(&t, "DELETE /c/ HTTP/1.1", ROW("/c/a", 423)));
    talk_end(&t);
}

/* What was found out once is shown again, whatever has happened since. */
static void test_judged_once(void)
{
    talk t = talk_begin();
    exchange *last = NULL;

    for (unsigned i = 1; i <= 3; i++) {
        last = talk_ask(&t, "DELETE /c/ HTTP/1.1", NULL);
        ms_document_free(talk_multistatus(&t, last, ROW("/c/a", 423)));
    }
    for (unsigned i = 1; i <= 3; i++) {
        ms_context context = {.method = "DELETE", .http_status = 207};
        ms_document *document = ms_undecoded("gone", &context);

        history_judge(last, document);
        history_add_findings(last, document);
        g_assert_nonnull(talk_finding(document, "repeated_failure"));
        ms_document_free(document);
    }
    talk_end(&t);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/locks/owner", test_owner_is_what_the_client_said);
    g_test_add_func("/locks/taken", test_lock);
    g_test_add_func("/locks/released", test_lock_is_released);
    g_test_add_func("/locks/refreshed", test_lock_is_refreshed);
    g_test_add_func("/locks/without-times", test_lock_without_times);
    g_test_add_func("/locks/bounded", test_locks_are_bounded);
    g_test_add_func("/locks/blocking", test_blocking);
    g_test_add_func("/locks/blocking-at-either-end", test_blocking_at_either_end);
    g_test_add_func("/sides/announced", test_what_was_announced);
    g_test_add_func("/sides/names", test_names_of_sides);
    g_test_add_func("/sides/bounded", test_sides_are_bounded);
    g_test_add_func("/sequence/sync-tokens", test_sync_tokens);
    g_test_add_func("/sequence/sync-tokens-for-long", test_sync_tokens_for_long);
    g_test_add_func("/sequence/repeated-failure", test_repeated_failure);
    g_test_add_func("/sequence/bounded", test_repetitions_are_bounded);
    g_test_add_func("/history/judged-once", test_judged_once);
    return g_test_run();
}
