/* test_cause.c
 * Root causes: which failure a 424 is attributed to, and how many are attributed to a failure.
 *
 * RFC 4918 sections 9.2.1, 9.10.9 and 11.4.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "unit.h"

typedef struct {
    const char *name;
    const char *method;
    const char *rows;
    const char *causes; /* "cause/caused" of every resource, "-" for no cause */
} cause_row;

#define FAILED(href) RESPONSE(href, STATUS(423))
#define VICTIM(href) RESPONSE(href, STATUS(424))

static const cause_row rows[] = {
    {"lock-root", "LOCK", FAILED("/c/sub/y") VICTIM("/c/"), "-/1 0/0"},
    {"parent", "PUT", VICTIM("/c/new") FAILED("/c"), "1/0 -/1"},
    /* Two failures: each accounts for the collections above it, and only those. */
    {"by-path", "DELETE",
     FAILED("/c/a/x") FAILED("/c/b/y") VICTIM("/c/b/") VICTIM("/c/a/") VICTIM("/c/"),
     "-/2 -/1 1/0 0/0 0/0"},
    {"spelling", "DELETE", FAILED("http://h/c/%61/x") VICTIM("/c/a/"), "-/1 0/0"},
    /* "/c/a-b" lies between "/c/a" and "/c/a/x" in the order of bytes. */
    {"neighbour", "DELETE", FAILED("/c/a-b") FAILED("/c/a/x") VICTIM("/c/a"), "-/0 -/1 1/0"},
    {"root", "DELETE", FAILED("/a") VICTIM("/"), "-/1 0/0"},
    {"below-root", "DELETE", FAILED("/") VICTIM("/a"), "-/1 0/0"},
    {"only-failure", "DELETE", FAILED("/c/a") VICTIM("/c/b"), "-/1 0/0"},
    {"cannot-tell", "DELETE", FAILED("/c/a") FAILED("/c/b") VICTIM("/c/d"), "-/0 -/0 -/0"},
    {"all-or-nothing", "LOCK", FAILED("/c/a") FAILED("/c/b") VICTIM("/c/d"), "-/1 -/0 0/0"},
    {"no-failure", "LOCK", VICTIM("/c/a"), "-/0"},
    {"no-href", "LOCK", "<D:response>" STATUS(423) "</D:response>" VICTIM("/c/"), "-/1 0/0"},
    {"ok-is-no-cause", "DELETE", RESPONSE("/c/a", STATUS(204)) VICTIM("/c/"), "-/0 -/0"},
    {"404-is-one", "COPY", RESPONSE("/c/a", STATUS(404)) VICTIM("/c/"), "-/1 0/0"},
    {"by-property", "PROPPATCH",
     RESPONSE("/c/a", PROPSTAT(403, "<D:x/>")) RESPONSE("/c/b", PROPSTAT(424, "<D:x/>")),
     "-/1 0/0"},
};

static void test_responses(const void *data)
{
    const cause_row *row = data;
    char *body = g_strdup_printf(MULTISTATUS("%s"), row->rows);
    ms_context context = {.method = row->method, .uri = "/c/", .http_status = 207};
    ms_document *document = unit_decode(body, &context);
    GString *found = g_string_new(NULL);

    for (uint32_t i = 0; i < document->n_responses; i++) {
        const ms_response *response = &document->responses[i];

        g_string_append(found, i > 0 ? " " : "");
        if (response->cause == MS_NO_CAUSE)
            g_string_append_printf(found, "-/%u", response->caused);
        else
            g_string_append_printf(found, "%u/%u", response->cause, response->caused);
    }
    unit_check_text("causes", found->str, row->causes);
    g_string_free(found, TRUE);
    ms_document_free(document);
    g_free(body);
}

/* Properties are counted, not their groups, and never those of another resource. */
static void test_properties(void)
{
    ms_context context = {.method = "PROPPATCH", .uri = "/c", .http_status = 207};
    ms_document *document =
        unit_decode(MULTISTATUS(RESPONSE("/c", PROPSTAT(424, "<D:a><D:in/></D:a><D:b/>")
                                                   PROPSTAT(403, "<D:c/>") PROPSTAT(409, "<D:d/>"))
                                    RESPONSE("/d", PROPSTAT(424, "<D:a/>"))),
                    &context);

    g_assert_cmpuint(document->n_propstats, ==, 4);
    g_assert_cmpuint(document->propstats[0].cause, ==, 1);
    g_assert_cmpuint(document->propstats[1].caused, ==, 2);
    g_assert_cmpuint(document->propstats[1].cause, ==, MS_NO_CAUSE);
    g_assert_cmpuint(document->propstats[2].caused, ==, 0);
    g_assert_cmpuint(document->propstats[3].cause, ==, MS_NO_CAUSE);
    g_assert_cmpuint(document->responses[1].cause, ==, 0);
    ms_document_free(document);
}

/* What a body that was cut off would have said is not guessed. */
static void test_cut(void)
{
    ms_context context = {.method = "DELETE", .uri = "/c", .http_status = 207};
    ms_document *document =
        unit_decode("<D:multistatus xmlns:D=\"DAV:\">" FAILED("/c/a") VICTIM("/c/b"), &context);

    g_assert_cmpuint(document->n_responses, ==, 2);
    g_assert_cmpuint(document->responses[1].cause, ==, MS_NO_CAUSE);
    ms_document_free(document);
}

/* Time in proportion to the body: a hundred thousand of each. */
static void test_many(void)
{
    enum { MANY = 100000 };
    GString *body = g_string_new("<D:multistatus xmlns:D=\"DAV:\">");
    ms_context context = {.method = "DELETE", .uri = "/c", .http_status = 207};

    for (int i = 0; i < MANY; i++)
        g_string_append_printf(body, FAILED("/c/%d/x") VICTIM("/c/%d"), i, i);
    g_string_append(body, "</D:multistatus>");
    ms_document *document = unit_decode_bytes(body->str, body->len, &context);

    for (uint32_t i = 0; i < MANY; i++)
        g_assert_cmpuint(document->responses[2 * i + 1].cause, ==, 2 * i);
    ms_document_free(document);
    g_string_free(body, TRUE);
}

int main(int argc, char **argv)
{
    unit_init(argc, argv);
    unit_add_table("cause", rows, test_responses);
    g_test_add_func("/cause/properties", test_properties);
    g_test_add_func("/cause/cut", test_cut);
    g_test_add_func("/cause/many", test_many);
    return g_test_run();
}
