/* test_multipart.c
 * Multi-Status bodies in several parts: the rows of all of them, their places, parts within parts,
 * limits, and what is not such a body.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <string.h>

#include "multipart.h"
#include "unit.h"

static const ms_context batch = {
    .method = "POST",
    .uri = "/$batch",
    .http_status = 207,
    .content_type = "multipart/mixed; boundary=\"b-1\"",
};

#define PART(header, content) "--b-1\r\n" header "\r\n" content "\r\n"
#define END "--b-1--\r\n"
#define HTTP_PART(id, response)                                                                    \
    PART("Content-Type: application/http\r\nContent-ID: " id "\r\n", response)
#define XML_PART(rows) PART("Content-Type: application/xml\r\n", MULTISTATUS(rows))
#define JSON_PART(rows) PART("Content-Type: application/json\r\n", rows)

typedef struct {
    const char *name;
    const char *body;
    const char *rows;
    ms_verdict verdict;
    const char *findings;
} row;

static const row table[] = {
    {"http",
     HTTP_PART("<1>", "HTTP/1.1 201 Created\r\nContent-Type: text/plain\r\n\r\nx")
         HTTP_PART("<2>", "HTTP/1.1 404 Not Found\r\n\r\n") END,
     "response ok 201\n href <1>\n status HTTP/1.1 201 Created\n"
     "response missing 404\n href <2>\n status HTTP/1.1 404 Not Found\n",
     MS_PARTIAL, "failures"},
    {"xml-and-json",
     "preamble\r\n" XML_PART(RESPONSE("/a", STATUS(423)))
         JSON_PART("[{\"id\":7,\"status\":200},{\"id\":8,\"error\":\"no\"}]") END "epilogue",
     "response failed 423\n href /a\n status HTTP/1.1 423 x\n"
     "response ok 200\n href 7\n status 200\n"
     "response failed -3\n href 8\n status no\n description no\n",
     MS_PARTIAL, "failures"},
    {"multistatus-in-http",
     HTTP_PART("<1>",
               "HTTP/1.1 207 Multi-Status\r\nContent-Type: application/xml\r\n\r\n" MULTISTATUS(
                   RESPONSE("/a", STATUS(200)) RESPONSE("/b", STATUS(403)))) END,
     "response ok 200\n href /a\n status HTTP/1.1 200 x\n"
     "response failed 403\n href /b\n status HTTP/1.1 403 x\n",
     MS_PARTIAL, "failures"},
    {"parts-in-parts",
     PART("Content-Type: multipart/mixed; boundary=c\r\n",
          "--c\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n\r\n"
          "--c\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 409 Conflict\r\n\r\n\r\n--c--")
         HTTP_PART("<3>", "HTTP/1.1 200 OK\r\n\r\n") END,
     "response ok 204\n href #1\n status HTTP/1.1 204 No Content\n"
     "response failed 409\n href #2\n status HTTP/1.1 409 Conflict\n"
     "response ok 200\n href <3>\n status HTTP/1.1 200 OK\n",
     MS_PARTIAL, "failures"},
    {"not-understood",
     PART("Content-Type: text/plain\r\n", "hello") HTTP_PART("<2>", "HTTP/1.1 200 OK\r\n\r\n") END,
     "response unknown -1\n href #1\nresponse ok 200\n href <2>\n status HTTP/1.1 200 OK\n",
     MS_BENIGN, "multipart_part"},
    {"coded",
     PART("Content-Type: application/http\r\nContent-Transfer-Encoding: base64\r\n",
          "SFRUUC8xLjEgMjAwIE9LDQoNCg==") END,
     "response unknown -1\n href #1\n", MS_UNDECODED, "multipart_part"},
    {"line-feeds-only", "--b-1\nContent-Type: application/http\n\nHTTP/1.1 200 OK\n\n\n--b-1--\n",
     "response ok 200\n href #1\n status HTTP/1.1 200 OK\n", MS_SUCCESS, ""},
    {"cut", HTTP_PART("<1>", "HTTP/1.1 200 OK\r\n\r\n") HTTP_PART("<2>", "HTTP/1.1 500 x\r\n\r\n"),
     "response ok 200\n href <1>\n status HTTP/1.1 200 OK\n"
     "response failed 500\n href <2>\n status HTTP/1.1 500 x\n",
     MS_MALFORMED, "failures multipart_end"},
    {"broken-part", JSON_PART("[{\"id\":7,\"status\":200},]") END,
     "response ok 200\n href 7\n status 200\n", MS_MALFORMED, "json_invalid"},
    {"no-part", END, "", MS_UNDECODED, "undecoded"},
    {"other-boundary", "--b-2\r\n\r\n--b-2--", "", MS_UNDECODED, "undecoded"},
    {"longer-boundary", "--b-11\r\n\r\n--b-11--", "", MS_UNDECODED, "undecoded"},
};

static void test_row(const void *data)
{
    const row *of = data;
    ms_document *document = unit_decode(of->body, &batch);
    char *model = unit_model(document, 0), *findings = unit_findings(document);

    unit_check_parts(of->body, &batch);
    unit_check_text("rows", unit_rows(model), of->rows);
    unit_check_verdict(document, of->verdict);
    unit_check_text("findings", findings, of->findings);
    unit_check_sound(document, strlen(of->body));
    g_assert_cmpint(document->format, ==, MS_FORMAT_MULTIPART);
    g_free(model);
    g_free(findings);
    ms_document_free(document);
}

/* Hrefs and statuses are where the body has them. */
static void test_places(void)
{
    static const char body[] =
        XML_PART(RESPONSE("/a", STATUS(423))) JSON_PART("[{\"id\":\"seven\",\"status\":404}]") END;
    ms_document *document = unit_decode(body, &batch);
    const ms_text *href = &document->hrefs[1];
    const ms_status *status = &document->responses[1].status;

    g_assert_cmpuint(document->n_hrefs, ==, 2);
    unit_check(strncmp(body + document->hrefs[0].span.offset, "<D:href>/a<", 11) == 0, "href");
    unit_check(strncmp(body + href->span.offset, "\"seven\"", href->span.length) == 0, "id");
    unit_check(strncmp(body + status->span.offset, "404", status->span.length) == 0, "status");
    ms_document_free(document);
}

static void test_cuts(void)
{
    static const char body[] = XML_PART(RESPONSE("/a", PROPSTAT(423, "<D:x/>") ERROR("<D:y/>")))
        PART("Content-Type: multipart/mixed; boundary=c\r\n",
             "--c\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n--c--")
            JSON_PART("[{\"id\":\"seven\",\"status\":404}]") END;

    for (size_t length = 0; length < strlen(body) - strlen("--\r\n"); length++) {
        ms_document *document = unit_decode_bytes(body, length, &batch);

        unit_check_sound(document, length);
        unit_check(document->verdict == MS_MALFORMED || document->verdict == MS_UNDECODED,
                   "%zu bytes: %s", length, ms_verdict_name(document->verdict));
        ms_document_free(document);
    }
}

static void test_limits(void)
{
    GString *body = g_string_new(NULL);

    for (unsigned i = 0; i < MS_LIMIT_PARTS + 5; i++)
        g_string_append(body, HTTP_PART("<1>", "HTTP/1.1 200 OK\r\n\r\n"));
    g_string_append(body, END);
    ms_document *document = unit_decode(body->str, &batch);

    g_assert_cmpuint(document->n_responses, ==, MS_LIMIT_PARTS);
    unit_check_verdict(document, MS_MALFORMED);
    unit_check_finding(document, "limit");
    ms_document_free(document);

    g_string_truncate(body, 0);
    for (unsigned i = 0; i < 50; i++)
        g_string_append(body, "--b-1\r\nContent-Type: multipart/mixed; boundary=b-1\r\n\r\n");
    document = unit_decode(body->str, &batch);
    unit_check_sound(document, body->len);
    ms_document_free(document);

    g_string_truncate(body, 0);
    for (unsigned i = 0; i < 10; i++)
        g_string_append_printf(body, "--%s\r\nContent-Type: multipart/mixed; boundary=n%u\r\n\r\n",
                               i == 0 ? "b-1" : (char[]){'n', (char)('0' + i - 1), '\0'}, i);
    document = unit_decode(body->str, &batch);
    unit_check_finding(document, "limit");
    unit_check_sound(document, body->len);
    ms_document_free(document);
    g_string_free(body, TRUE);
}

int main(int argc, char **argv)
{
    unit_init(argc, argv);
    unit_add_table("multipart/row", table, test_row);
    g_test_add_func("/multipart/places", test_places);
    g_test_add_func("/multipart/cuts", test_cuts);
    g_test_add_func("/multipart/limits", test_limits);
    return g_test_run();
}
