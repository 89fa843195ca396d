/* test_contradictions.c
 * What is remembered about earlier exchanges: that it is compared with later ones only, that it is
 * bounded, and that a capture made to exhaust it costs no more than its length.
 *
 * What each rule says, and where it keeps silent, is in tests/blackbox/test_contradictions.py.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <string.h>

#include "claims.h"
#include "history.h"
#include "listings.h"
#include "request.h"
#include "rules.h"
#include "unit.h"

#define CTAG(value) "<g:getctag xmlns:g=\"http://calendarserver.org/ns/\">" value "</g:getctag>"
#define TAGGED(href, etag) RESPONSE(href, PROPSTAT(200, "<D:getetag>" etag "</D:getetag>"))

/* ---- exchanges ---- */

/* One a second. */
typedef struct {
    exchange_capture *capture;
    int64_t now;
    uint32_t frame;
} story;

static story begin(void)
{
    return (story){history_begin(), 1000, 0};
}

static sighting see(story *in, const char *sender, const char *receiver)
{
    return (sighting){.frame = ++in->frame,
                      .time = {in->now++, 0},
                      .sender = sender,
                      .receiver = receiver,
                      .stream = 0};
}

static exchange *ask(story *in, const char *method, const char *uri, const char *body)
{
    sighting seen = see(in, "10.0.0.2:5000", "10.0.0.1:80");
    http_header header = http_header_new();
    exchange *made = exchange_new(in->capture, &seen);

    header.request = true;
    header.method = method;
    header.uri = uri;
    header.fields[HTTP_HOST] = "dav.example";
    header.fields[HTTP_DEPTH] = "1";
    exchange_set_request(made, &seen, &header);
    if (body)
        exchange_set_request_body(made, ms_request_parse(body, strlen(body), NULL));
    return made;
}

static void answer(story *in, exchange *of, int status, const char *etag)
{
    sighting seen = see(in, "10.0.0.1:80", "10.0.0.2:5000");
    http_header header = http_header_new();

    header.status = status;
    header.fields[HTTP_ETAG] = etag;
    exchange_set_response(of, &seen, &header);
    of->complete = true;
    history_answered(of, NULL, 0);
}

/* An exchange that leaves nothing but what is remembered of it. */
static void happen(story *in, const char *method, const char *uri, int status)
{
    exchange *of = ask(in, method, uri, NULL);

    answer(in, of, status, "\"1\"");
    exchange_free(of);
}

/* The rules that a Multi-Status triggers. The caller frees it with g_free(). */
static char *judge(story *in, exchange *of, const char *body)
{
    ms_context context = exchange_context(of, NULL, history_wants_values(of));
    GString *found = g_string_new(NULL);

    answer(in, of, 207, NULL);
    context.http_status = 207;
    ms_document *document = unit_decode(body, &context);
    uint32_t before = document->n_findings;

    history_judge(of, document);
    history_add_findings(of, document);
    for (uint32_t i = before; i < document->n_findings; i++)
        g_string_append_printf(found, "%s%s", found->len > 0 ? " " : "",
                               document->findings[i].rule->id);
    ms_document_free(document);
    exchange_free(of);
    return g_string_free(found, FALSE);
}

static void check(story *in, exchange *of, const char *body, const char *expected)
{
    char *found = judge(in, of, body);

    unit_check_text("rules", found, expected);
    g_free(found);
}

static void list(story *in, const char *body, const char *expected)
{
    check(in, ask(in, "PROPFIND", "/c/", NULL), body, expected);
}

/* ---- order ---- */

/* What was asked before the DELETE was answered may be the state before it. */
static void test_overlapping(void)
{
    story in = begin();
    exchange *before = ask(&in, "PROPFIND", "/c/", NULL);

    happen(&in, "DELETE", "/c/a", 204);
    check(&in, before, MULTISTATUS(TAGGED("/c/a", "\"1\"")), "");
    list(&in, MULTISTATUS(TAGGED("/c/a", "\"1\"")), "deleted_still_there");
    history_end(in.capture);
}

/* A PUT without an answer may have created it again. */
static void test_under_way(void)
{
    story in = begin();

    happen(&in, "DELETE", "/c/a", 204);
    exchange *put = ask(&in, "PUT", "/c/a", NULL);

    list(&in, MULTISTATUS(TAGGED("/c/a", "\"1\"")), "");
    answer(&in, put, 403, NULL);
    list(&in, MULTISTATUS(TAGGED("/c/a", "\"1\"")), "deleted_still_there");
    history_end(in.capture);
}

static void test_unknown_times(void)
{
    story in = begin();

    happen(&in, "DELETE", "/c/a", 204);
    exchange *of = ask(&in, "PROPFIND", "/c/", NULL);

    of->request_time = moment_unknown();
    check(&in, of, MULTISTATUS(TAGGED("/c/a", "\"1\"")), "");
    history_end(in.capture);
}

/* Only the first call for an exchange judges; the findings of both are the same. */
static void test_once(void)
{
    story in = begin();

    happen(&in, "DELETE", "/c/a", 204);
    exchange *of = ask(&in, "PROPFIND", "/c/", NULL);
    ms_context context = exchange_context(of, NULL, false);

    answer(&in, of, 207, NULL);
    for (int pass = 0; pass < 2; pass++) {
        ms_document *document = unit_decode(MULTISTATUS(TAGGED("/c/a", "\"1\"")), &context);

        history_judge(of, document);
        history_add_findings(of, document);
        unit_check_finding(document, "deleted_still_there");
        ms_document_free(document);
    }
    history_end(in.capture);
}

/* ---- parts ---- */

static void test_etags(void)
{
    g_assert_true(is_same_etag("\"1\"", "W/\"1\""));
    g_assert_false(is_same_etag("\"1\"", "\"W/1\""));
}

static void count_finding(void *data, unsigned rule, const char *message)
{
    GString *all = data;

    g_string_append_printf(all, "%s: %s\n", ms_rules[rule].id, message);
}

static void test_observer(void)
{
    observer seen = {0};
    GString *all = g_string_new(NULL);

    observe(&seen, MS_RULE_ETAG_DIFFERS, "%d", 1);
    observe(&seen, MS_RULE_SYNC_MISSES, "%d", 2);
    observe(&seen, MS_RULE_ETAG_DIFFERS, "%d", 3);
    observer_finish(&seen, count_finding, all);
    observer_finish(&seen, count_finding, all);
    unit_check_text("findings", all->str,
                    "etag_differs: 1 (and 1 more in this body)\nsync_misses: 2\n");
    g_string_free(all, TRUE);
}

/* ---- bounds ---- */

#define MANY 20000

/* Each kind of exchange, with a name of its own; what is oldest is forgotten. */
static void test_many(void)
{
    static const char *const methods[] = {"DELETE", "PUT", "MKCOL", "LOCK", "GET", "ACL"};
    story in = begin();

    list(&in, MULTISTATUS(TAGGED("/c/", "\"1\"")), "");
    for (int i = 0; i < MANY; i++) {
        char *uri = g_strdup_printf("/c/%d", i);

        happen(&in, methods[i % G_N_ELEMENTS(methods)], uri, 200);
        g_free(uri);
    }
    happen(&in, "DELETE", "/c/a", 204);
    list(&in, MULTISTATUS(TAGGED("/c/a", "\"1\"")), "deleted_still_there");
    history_end(in.capture);
}

static void test_many_collections(void)
{
    static const char request[] =
        "<D:sync-collection xmlns:D=\"DAV:\"><D:sync-token>t</D:sync-token>"
        "<D:prop><D:getetag/></D:prop></D:sync-collection>";
    story in = begin();

    for (int i = 0; i < MANY / 4; i++) {
        char *uri = g_strdup_printf("/c%d/", i % 2000);
        char *body = g_strdup_printf(
            MULTISTATUS(RESPONSE(
                "/c%d/", PROPSTAT(200, CTAG("%d"))) "<D:sync-token>urn:t:%d</D:sync-token>"),
            i % 2000, i, i);

        g_free(judge(&in, ask(&in, "REPORT", uri, request), body));
        g_free(judge(&in, ask(&in, "PROPFIND", uri, NULL), body));
        g_free(uri);
        g_free(body);
    }
    history_end(in.capture);
}

/* A PROPPATCH of more properties than are kept, and a body of many resources after it. */
static void test_many_properties(void)
{
    story in = begin();
    GString *request = g_string_new("<D:propertyupdate xmlns:D=\"DAV:\"><D:set><D:prop>");
    GString *done = g_string_new("<D:multistatus xmlns:D=\"DAV:\"><D:response><D:href>/c/</D:href>"
                                 "<D:propstat><D:prop>");
    GString *rows = g_string_new("<D:multistatus xmlns:D=\"DAV:\">");

    for (int i = 0; i < 1000; i++) {
        g_string_append_printf(request, "<D:p%d>a</D:p%d>", i, i);
        g_string_append_printf(done, "<D:p%d/>", i);
    }
    for (int i = 0; i < MANY; i++)
        g_string_append(rows, RESPONSE("/c/", PROPSTAT(200, "<D:p0>b</D:p0><D:p999>b</D:p999>")));
    g_string_append(request, "</D:prop></D:set></D:propertyupdate>");
    g_string_append(done, "</D:prop>" STATUS(200) "</D:propstat></D:response></D:multistatus>");
    g_string_append(rows, "</D:multistatus>");
    check(&in, ask(&in, "PROPPATCH", "/c/", request->str), done->str, "");
    list(&in, rows->str, "property_not_kept");
    list(&in, MULTISTATUS(RESPONSE("/c/", PROPSTAT(200, "<D:p999>b</D:p999>"))), "");
    g_string_free(request, TRUE);
    g_string_free(done, TRUE);
    g_string_free(rows, TRUE);
    history_end(in.capture);
}

/* Names and tokens as long as a message may be. */
static void test_long(void)
{
    story in = begin();
    char *name = g_strnfill(100000, 'a');
    char *uri = g_strconcat("/", name, NULL);
    char *body = g_strdup_printf(
        MULTISTATUS(TAGGED("/%s", "\"%s\"") "<D:sync-token>%s</D:sync-token>"), name, name, name);

    happen(&in, "DELETE", uri, 204);
    list(&in, body, "deleted_still_there");
    g_free(judge(&in, ask(&in, "REPORT", "/", "<D:sync-collection xmlns:D=\"DAV:\"/>"), body));
    g_free(body);
    g_free(uri);
    g_free(name);
    history_end(in.capture);
}

int main(int argc, char **argv)
{
    unit_init(argc, argv);
    g_test_add_func("/contradictions/overlapping", test_overlapping);
    g_test_add_func("/contradictions/under-way", test_under_way);
    g_test_add_func("/contradictions/unknown-times", test_unknown_times);
    g_test_add_func("/contradictions/once", test_once);
    g_test_add_func("/contradictions/etags", test_etags);
    g_test_add_func("/contradictions/observer", test_observer);
    g_test_add_func("/contradictions/many", test_many);
    g_test_add_func("/contradictions/many-collections", test_many_collections);
    g_test_add_func("/contradictions/many-properties", test_many_properties);
    g_test_add_func("/contradictions/long", test_long);
    return g_test_run();
}
