/* test_exchange.c
 * One exchange: what is kept of it, and for how long. Memory, times, the table of methods.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <string.h>

#include "limit_table.h"
#include "methods.h"
#include "request.h"
#include "talk.h"

/* ---- memory ---- */

static void test_arena(void)
{
    static const char long_text[] = "0123456789012345678901234567890123456789";
    arena memory = {0};
    GPtrArray *texts = g_ptr_array_new();
    GPtrArray *structs = g_ptr_array_new();

    g_assert_null(arena_copy(&memory, NULL));
    for (unsigned i = 0; i < 3000; i++) {
        int64_t *made = arena_allocate(&memory, (i % 7 + 1) * sizeof *made);

        g_assert_cmpuint((uintptr_t)made % _Alignof(max_align_t), ==, 0);
        g_assert_cmpint(made[0], ==, 0);
        g_assert_cmpint(made[i % 7], ==, 0);
        made[i % 7] = made[0] = i;
        g_ptr_array_add(structs, made);
        g_ptr_array_add(texts, arena_copy_bytes(&memory, long_text, i % sizeof long_text));
    }
    for (unsigned i = 0; i < texts->len; i++) {
        const char *text = texts->pdata[i];

        g_assert_cmpuint(strlen(text), ==, MIN(i % sizeof long_text, strlen(long_text)));
        g_assert_true(g_str_has_prefix(long_text, text));
        g_assert_cmpint(*(int64_t *)structs->pdata[i], ==, i);
    }
    g_assert_cmpstr(arena_print(&memory, "%d-%s", 7, "x"), ==, "7-x");
    char *large = arena_allocate(&memory, 1024 * 1024);

    g_assert_cmpint(large[1024 * 1024 - 1], ==, 0);
    arena_clear(&memory);
    g_assert_cmpstr(arena_copy(&memory, "again"), ==, "again");
    arena_clear(&memory);
    g_ptr_array_free(texts, TRUE);
    g_ptr_array_free(structs, TRUE);
}

static void test_moments(void)
{
    moment one = {5, 999999999}, two = {6, 0};

    g_assert_true(moment_is_before(one, two));
    g_assert_false(moment_is_before(two, one));
    g_assert_false(moment_is_before(one, one));
    g_assert_cmpint(moment_later(one, 3).seconds, ==, 8);
    g_assert_false(moment_is_known(moment_later(moment_unknown(), 3)));
    g_assert_cmpint(moment_later((moment){INT64_MAX - 1, 0}, 3).seconds, ==, INT64_MAX);
}

/* ---- methods ---- */

static void test_methods(void)
{
    g_assert_cmpstr(ms_method_find("LOCK")->name, ==, "LOCK");
    g_assert_true(ms_method_has(ms_method_find("LOCK"), MS_METHOD_WEBDAV));
    g_assert_cmpint(ms_method_find("DELETE")->weight, ==, MS_TREE);
    g_assert_false(ms_method_has(ms_method_find("DELETE"), MS_METHOD_WEBDAV));
    /* Methods are case-sensitive (RFC 9110 section 9.1). */
    const char *const nobodys[] = {NULL, "", "lock", "LOCKS", "LOC", "GETX"};

    for (size_t i = 0; i < G_N_ELEMENTS(nobodys); i++) {
        g_assert_null(ms_method_find(nobodys[i])->name);
        g_assert_cmpint(ms_method_find(nobodys[i])->weight, ==, MS_LISTING);
    }
    g_assert_null(ms_method_find_bytes("LOCK\0", 5)->name);
    g_assert_cmpstr(ms_method_find_bytes("LOCKS", 4)->name, ==, "LOCK");
}

static void test_beginnings_of_methods(void)
{
    const char *const may[] = {"P", "PROP", "PROPFIND", "PROPFIND ", "PUT /x HTTP", "VERSION-"};
    const char *const may_not[] = {"", "p", "PRI", "PROPFINDS", "PUTS /", "GET\t/", "PROPFIND\r"};

    for (size_t i = 0; i < G_N_ELEMENTS(may); i++)
        g_assert_true(ms_method_may_begin(may[i], strlen(may[i])));
    for (size_t i = 0; i < G_N_ELEMENTS(may_not); i++)
        g_assert_false(ms_method_may_begin(may_not[i], strlen(may_not[i])));
}

/* ---- exchanges ---- */

static void test_two_sides(void)
{
    talk t = talk_begin();
    exchange *of = talk_ask(&t, "GET /a HTTP/1.1\nUser-Agent: curl/8\nHost: x.example", NULL);

    g_assert_cmpstr(of->method, ==, "GET");
    g_assert_cmpstr(of->uri, ==, "/a");
    g_assert_cmpstr(of->request_fields[HTTP_USER_AGENT], ==, "curl/8");
    g_assert_cmpuint(of->request_frame, ==, 1);
    g_assert_cmpint(of->request_time.seconds, ==, 1001);
    g_assert_false(moment_is_known(of->time));
    g_assert_cmpint(of->http_status, ==, 0);
    talk_answer(&t, of, "HTTP/1.0 404 Not Found\nServer: box/1", NULL);
    g_assert_cmpuint(of->frame, ==, 2);
    g_assert_cmpint(of->http_status, ==, 404);
    g_assert_cmpstr(of->protocol, ==, "HTTP/1.0");
    g_assert_cmpstr(of->reason, ==, "Not Found");
    g_assert_cmpstr(of->client, ==, "10.0.0.2:50000");
    g_assert_cmpstr(of->server, ==, "10.0.0.1:80");
    talk_end(&t);
}

static const struct {
    const char *lines;
    bool webdav;
} requests[] = {
    {"GET /a HTTP/1.1", false},
    {"PUT /a HTTP/1.1", false},
    {"DELETE /a HTTP/1.1", false},
    {"FROB /a HTTP/1.1", false},
    {"PROPFIND /a HTTP/1.1", true},
    {"ACL /a HTTP/1.1", true},
    {"PUT /a HTTP/1.1\nIf: (<urn:x>)", true},
    {"GET /a HTTP/1.1\nDepth: 1", true},
    {"FROB /a HTTP/1.1\nDestination: /b", true},
};

static void test_webdav(void)
{
    talk t = talk_begin();

    for (size_t i = 0; i < G_N_ELEMENTS(requests); i++) {
        exchange *of = talk_ask(&t, requests[i].lines, NULL);

        g_assert_cmpint(of->webdav, ==, requests[i].webdav);
    }
    talk_end(&t);
}

static void test_report(void)
{
    talk t = talk_begin();
    exchange *of = talk_ask(&t, "REPORT /c/ HTTP/1.1\nDepth: 1",
                            "<D:sync-collection xmlns:D=\"DAV:\"><D:sync-token>urn:1"
                            "</D:sync-token></D:sync-collection>");
    ms_limits limits = ms_limits_in_force(NULL);

    g_assert_cmpstr(of->report, ==, "{DAV:}sync-collection");
    ms_context context = exchange_context(of, &limits, false);

    g_assert_cmpstr(context.method, ==, "REPORT");
    g_assert_cmpstr(context.report, ==, "{DAV:}sync-collection");
    g_assert_cmpstr(context.depth, ==, "1");
    g_assert_cmpstr(context.host, ==, "dav.example");
    g_assert_true(context.request_known && context.request == of->request);
    talk_end(&t);
}

static unsigned forgotten;

static void forget(exchange *of)
{
    of->unfinished = NULL;
    forgotten++;
}

static void test_given_back(void)
{
    talk t = talk_begin();
    exchange *first = talk_ask(&t, "GET /a HTTP/1.1", NULL);
    exchange *second = talk_ask(&t, "LOCK /a HTTP/1.1", "<D:lockinfo xmlns:D='DAV:'/>");

    t.capture->forget = forget;
    g_assert_cmpuint(t.capture->exchanges.length, ==, 2);
    exchange_free(first);
    g_assert_cmpuint(t.capture->exchanges.length, ==, 1);
    g_assert_true(exchange_keep_request(second, 100));
    g_assert_true(exchange_keep_request(second, 100));
    exchange_free(second); /* it stays */
    g_assert_cmpuint(t.capture->exchanges.length, ==, 1);
    forgotten = 0;
    second->unfinished = (struct unfinished *)second;
    talk_end(&t);
    g_assert_cmpuint(forgotten, ==, 1);
}

/* A few thousand requests stay; then no more of them do. */
static void test_kept_requests_are_bounded(void)
{
    talk t = talk_begin();
    exchange *of;
    unsigned kept = 0;

    do {
        of = talk_ask(&t, "PROPFIND /a HTTP/1.1", NULL);
        kept++;
    } while (exchange_keep_request(of, 1000) && kept < 100000);
    g_assert_cmpuint(kept, >, 1000);
    g_assert_cmpuint(kept, <, 10000);
    g_assert_false(exchange_keep_request(of, INT64_MAX / 8));
    exchange_free(of);
    g_assert_cmpuint(t.capture->exchanges.length, ==, kept - 1);
    talk_end(&t);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/exchange/arena", test_arena);
    g_test_add_func("/exchange/moments", test_moments);
    g_test_add_func("/exchange/methods", test_methods);
    g_test_add_func("/exchange/methods-begin", test_beginnings_of_methods);
    g_test_add_func("/exchange/two-sides", test_two_sides);
    g_test_add_func("/exchange/webdav", test_webdav);
    g_test_add_func("/exchange/report", test_report);
    g_test_add_func("/exchange/given-back", test_given_back);
    g_test_add_func("/exchange/kept-requests-are-bounded", test_kept_requests_are_bounded);
    return g_test_run();
}
