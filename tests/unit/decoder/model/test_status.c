/* test_status.c
 * Status lines, from what the RFCs demand to what servers send.
 *
 * RFC 4918 section 14.28, RFC 9112 section 4, RFC 9110 section 15.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "status.h"

#include <string.h>

#include "unit.h"

enum { ODD = 1, NO_VERSION = 2, NO_REASON = 4, LOOSE = 8 };

typedef struct {
    const char *name;
    const char *line;
    int code;
    const char *reason;
    unsigned flags;
} line_row;

#define UNREADABLE MS_STATUS_UNREADABLE, "", 0

static const line_row lines[] = {
    {"plain", "HTTP/1.1 200 OK", 200, "OK", 0},
    {"http-1.0", "HTTP/1.0 200 OK", 200, "OK", 0},
    {"long-reason", "HTTP/1.1 404 Resource not found", 404, "Resource not found", 0},
    {"apostrophe", "HTTP/1.1 418 I'm a teapot", 418, "I'm a teapot", 0},
    {"upper-case-reason", "HTTP/1.1 425 TOO EARLY", 425, "TOO EARLY", 0},
    {"reason-not-ascii", "HTTP/1.1 404 Ei l\xC3\xB6ytynyt", 404, "Ei l\xC3\xB6ytynyt", 0},
    {"reason-with-digits", "HTTP/1.1 404 404", 404, "404", 0},
    {"reason-contradicts", "HTTP/1.1 200 Not Found", 200, "Not Found", 0},
    /* 4shared, Tomcat: no reason phrase. */
    {"no-reason", "HTTP/1.1 200", 200, "", NO_REASON},
    /* Google. */
    {"double-spaces", "HTTP/1.1  200  OK", 200, "OK", LOOSE},
    {"spaces-before-code", "HTTP/1.1   404 Not Found", 404, "Not Found", LOOSE},
    {"spaces-before-reason", "HTTP/1.1 404   Not Found", 404, "Not Found", LOOSE},
    {"on-two-lines", "HTTP/1.1\n 200 OK", 200, "OK", LOOSE},
    {"tabs", "HTTP/1.1\t200\tOK", 200, "OK", 0},
    /* nginx behind HTTP/2. */
    {"http-0.0", "HTTP/0.0 200 OK", 200, "OK", ODD},
    {"http-2", "HTTP/2 200 OK", 200, "OK", ODD},
    {"http-2.0", "HTTP/2.0 207 Multi-Status", 207, "Multi-Status", ODD},
    {"http-3-no-reason", "HTTP/3 204", 204, "", ODD | NO_REASON},
    {"http-1.10", "HTTP/1.10 200 OK", 200, "OK", ODD},
    /* Seafile. */
    {"no-version", "207 Multistatus", 207, "Multistatus", NO_VERSION},
    {"code-alone", "423", 423, "", NO_VERSION | NO_REASON},
    /* lighttpd. */
    {"one", "HTTP/1.1 1", 1, "", NO_REASON},
    {"one-with-reason", "HTTP/1.1 1 Locked", 1, "Locked", 0},
    {"zero", "HTTP/1.1 000 Nothing", 0, "Nothing", 0},
    {"two-digits", "HTTP/1.1 20 OK", 20, "OK", 0},
    {"four-digits", "HTTP/1.1 1234 Four", 1234, "Four", 0},
    {"leading-zero", "HTTP/1.1 0200 OK", 200, "OK", 0},

    /* No number that could be a code: iCloud sends nothing at all. */
    {"empty", "", UNREADABLE},
    {"garbage", "all went well", UNREADABLE},
    {"reason-alone", "OK", UNREADABLE},
    {"version-alone", "HTTP/1.1", UNREADABLE},
    {"version-and-reason", "HTTP/1.1 OK", UNREADABLE},
    {"protocol-alone", "HTTP", UNREADABLE},
    {"no-version-number", "HTTP/ 200 OK", UNREADABLE},
    {"letters-in-code", "HTTP/1.1 2OO OK", UNREADABLE},
    {"glued-reason", "HTTP/1.1 200OK", UNREADABLE},
    {"glued-version", "HTTP/1.1200 OK", UNREADABLE},
    {"negative", "HTTP/1.1 -200 OK", UNREADABLE},
    {"signed", "HTTP/1.1 +200 OK", UNREADABLE},
    {"fraction", "HTTP/1.1 200.5 OK", UNREADABLE},
    {"hexadecimal", "HTTP/1.1 0xC8 OK", UNREADABLE},
    {"full-width-digits", "HTTP/1.1 \xEF\xBC\x92\xEF\xBC\x90\xEF\xBC\x90 OK", UNREADABLE},
    {"five-digits", "HTTP/1.1 20000 OK", UNREADABLE},
    {"int-overflow", "HTTP/1.1 2147483848 OK", UNREADABLE},
    {"wraps-32-bits", "HTTP/1.1 4294967496 OK", UNREADABLE},
    {"wraps-64-bits", "HTTP/1.1 18446744073709551816 OK", UNREADABLE},
    {"endless", "HTTP/1.1 999999999999999999999999999999999999999999999999 OK", UNREADABLE},
    {"endless-zeros", "HTTP/1.1 000000000000000000000000000000000000000000200 OK", UNREADABLE},
};

static void test_line(const void *data)
{
    const line_row *row = data;
    char *line = g_strdup(row->line); /* an over-read of a heap block is seen */
    ms_status_line parsed = ms_status_parse(line);

    unit_check(parsed.code == row->code, "the code is %d, expected %d", parsed.code, row->code);
    unit_check_text("reason", parsed.reason, row->reason);
    if (row->code != MS_STATUS_UNREADABLE) {
        unsigned flags = (parsed.version_odd ? ODD : 0) | (parsed.no_version ? NO_VERSION : 0) |
                         (parsed.no_reason ? NO_REASON : 0) | (parsed.loose_spaces ? LOOSE : 0);

        unit_check(flags == row->flags, "the form is %#x, expected %#x", flags, row->flags);
    }
    g_free(line);
}

/* ---- in a response ---- */

typedef struct {
    const char *name;
    const char *element; /* what is where the status should be */
    int code;
    const char *line;
    bool bad; /* not a status line that HTTP knows: a finding */
} element_row;

static const element_row elements[] = {
    {"plain", "<D:status>HTTP/1.1 423 Locked</D:status>", 423, "HTTP/1.1 423 Locked", false},
    {"absent", "", MS_STATUS_NONE, NULL, false},
    {"empty", "<D:status/>", MS_STATUS_UNREADABLE, "", true},
    {"empty-pair", "<D:status></D:status>", MS_STATUS_UNREADABLE, "", true},
    {"white-space", "<D:status> \n </D:status>", MS_STATUS_UNREADABLE, "", true},
    {"trailing-space", "<D:status>HTTP/1.1 200 </D:status>", 200, "HTTP/1.1 200", false},
    {"outer-space", "<D:status>\n  HTTP/1.1 200 OK\r\n</D:status>", 200, "HTTP/1.1 200 OK", false},
    {"inner-space", "<D:status>HTTP/1.1  200  OK</D:status>", 200, "HTTP/1.1  200  OK", false},
    {"cdata", "<D:status><![CDATA[HTTP/1.1 404 <gone>]]></D:status>", 404, "HTTP/1.1 404 <gone>",
     false},
    {"references", "<D:status>HTTP/1.1 &#52;0&#x34; Not&#32;Found &amp; more</D:status>", 404,
     "HTTP/1.1 404 Not Found & more", false},
    {"comment", "<D:status>HTTP/1.1 4<!-- 5 -->23 Locked</D:status>", 423, "HTTP/1.1 423 Locked",
     false},
    {"below-100", "<D:status>HTTP/1.1 1</D:status>", 1, "HTTP/1.1 1", true},
    {"99", "<D:status>HTTP/1.1 99 x</D:status>", 99, "HTTP/1.1 99 x", true},
    {"100", "<D:status>HTTP/1.1 100 x</D:status>", 100, "HTTP/1.1 100 x", false},
    {"599", "<D:status>HTTP/1.1 599 x</D:status>", 599, "HTTP/1.1 599 x", false},
    {"600", "<D:status>HTTP/1.1 600 x</D:status>", 600, "HTTP/1.1 600 x", true},
    {"garbage", "<D:status>fine</D:status>", MS_STATUS_UNREADABLE, "fine", true},
    {"unregistered", "<D:status>HTTP/1.1 299 x</D:status>", 299, "HTTP/1.1 299 x", false},
};

static void check_status(const ms_status *status, const element_row *row)
{
    unit_check(status->code == row->code, "the code is %d, expected %d", status->code, row->code);
    unit_check_text("line", status->line, row->line);
    unit_check((status->span.length == 0) == (row->line == NULL), "the span is %u+%u",
               status->span.offset, status->span.length);
}

/* A status means the same in a response and in a propstat. */
static void test_element(const void *data)
{
    const element_row *row = data;
    char *body = g_strdup_printf(
        MULTISTATUS(RESPONSE("/a", "%s") RESPONSE("/b", "<D:propstat><D:prop><D:x/></D:prop>%s"
                                                        "</D:propstat>")),
        row->element, row->element);
    ms_document *document = unit_decode(body, &unit_propfind);

    g_assert_cmpuint(document->n_responses, ==, 2);
    g_assert_cmpuint(document->n_propstats, ==, 1);
    check_status(&document->responses[0].status, row);
    check_status(&document->propstats[0].status, row);
    unit_expect_finding(__FILE__, __LINE__, document, "bad_status_line", row->bad);
    unit_check_sound(document, strlen(body));
    ms_document_free(document);
    g_free(body);
}

/* ---- codes ---- */

typedef struct {
    int code;
    const char *reason; /* of the document that defines it; NULL: not registered */
} reason_row;

static const reason_row reasons[] = {
    {200, "OK"},
    {201, "Created"},
    {204, "No Content"},
    {207, "Multi-Status"},     /* RFC 4918 section 11.1 */
    {208, "Already Reported"}, /* RFC 5842 section 7.1 */
    {302, "Found"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {409, "Conflict"},
    {412, "Precondition Failed"},
    {415, "Unsupported Media Type"},
    {422, "Unprocessable Content"},
    {423, "Locked"},            /* RFC 4918 section 11.3 */
    {424, "Failed Dependency"}, /* RFC 4918 section 11.4 */
    {425, "Too Early"},         /* RFC 8470 section 5.2 */
    {502, "Bad Gateway"},
    {507, "Insufficient Storage"}, /* RFC 4918 section 11.5 */
    {508, "Loop Detected"},        /* RFC 5842 section 7.2 */
    {0, NULL},
    {1, NULL},
    {99, NULL},
    {299, NULL},
    {419, NULL},
    {599, NULL},
    {600, NULL},
    {-1, NULL},
    {-2, NULL},
};

static void test_reasons(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(reasons); i++)
        unit_check_text("reason", ms_status_reason(reasons[i].code), reasons[i].reason);
}

/* RFC 9110 section 15: a code outside of 100 to 599 is invalid. */
static void test_valid(void)
{
    for (int code = -3; code < 1100; code++)
        unit_check(ms_status_valid(code) == (code / 100 >= 1 && code / 100 <= 5), "%d is %svalid",
                   code, ms_status_valid(code) ? "" : "not ");
}

int main(int argc, char **argv)
{
    unit_init(argc, argv);
    unit_add_table("status/line", lines, test_line);
    unit_add_table("status/element", elements, test_element);
    g_test_add_func("/status/reasons", test_reasons);
    g_test_add_func("/status/valid", test_valid);
    return g_test_run();
}
