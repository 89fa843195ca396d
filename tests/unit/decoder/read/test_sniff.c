/* test_sniff.c
 * Which bodies are worth decoding: the three root elements, found before and by parsing.
 *
 * RFC 4918 section 13, RFC 5689 section 3, RFC 4791 section 9.3.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <string.h>

#include "request.h"
#include "unit.h"

typedef struct {
    const char *name;
    const char *body;
    bool sniffs;    /* it could be Multi-Status */
    bool has;       /* it has one of the three roots in its namespace */
    const char *at; /* the name of its root element, NULL if there is none */
} sniff_row;

#define XML "<?xml version=\"1.0\" encoding=\"utf-8\"?>"
#define CALDAV "urn:ietf:params:xml:ns:caldav"

static const sniff_row rows[] = {
    {"prefix-D", "<D:multistatus xmlns:D=\"DAV:\"/>", true, true, "{DAV:}multistatus"},
    {"prefix-d", "<d:multistatus xmlns:d='DAV:'/>", true, true, "{DAV:}multistatus"},
    {"default", "<multistatus xmlns=\"DAV:\"/>", true, true, "{DAV:}multistatus"},
    {"declaration", XML "\n<D:multistatus xmlns:D=\"DAV:\"/>", true, true, "{DAV:}multistatus"},
    {"many-prefixes",
     "<D:multistatus xmlns:ns0=\"DAV:\" xmlns:lp1=\"DAV:\" xmlns:D=\"DAV:\"></D:multistatus>", true,
     true, "{DAV:}multistatus"},
    {"comment-first", "<!-- <D:error/> --><?x y?><D:multistatus xmlns:D=\"DAV:\"/>", true, true,
     "{DAV:}multistatus"},
    {"white-space-first", "\r\n \t<D:multistatus xmlns:D=\"DAV:\"/>", true, true,
     "{DAV:}multistatus"},
    {"byte-order-mark", "\xEF\xBB\xBF<D:multistatus xmlns:D=\"DAV:\"/>", true, true,
     "{DAV:}multistatus"},
    {"doctype-first", "<!DOCTYPE x SYSTEM \"x.dtd\"><D:multistatus xmlns:D=\"DAV:\"/>", true, true,
     "{DAV:}multistatus"},
    {"doctype-with-declarations",
     "<!DOCTYPE D:multistatus [<!ELEMENT x (y)>]><D:multistatus xmlns:D=\"DAV:\"/>", true, true,
     "{DAV:}multistatus"},
    {"comment-with-tag", "<!-- <html> --><D:multistatus xmlns:D=\"DAV:\"/>", true, true,
     "{DAV:}multistatus"},
    {"cut", XML "<D:multistatus xmlns:D=\"DAV:\"><D:resp", true, true, "{DAV:}multistatus"},
    {"mkcol", "<D:mkcol-response xmlns:D=\"DAV:\"/>", true, true, "{DAV:}mkcol-response"},
    {"mkcalendar", "<C:mkcalendar-response xmlns:C=\"" CALDAV "\"/>", true, true,
     "{" CALDAV "}mkcalendar-response"},

    /* It looks like one, but is not. */
    {"no-namespace", "<multistatus/>", true, false, "multistatus"},
    {"wrong-namespace", "<D:multistatus xmlns:D=\"DAV\"/>", true, false, "{DAV}multistatus"},
    {"mkcol-in-caldav", "<C:mkcol-response xmlns:C=\"" CALDAV "\"/>", true, false,
     "{" CALDAV "}mkcol-response"},
    {"mkcalendar-in-dav", "<D:mkcalendar-response xmlns:D=\"DAV:\"/>", true, false,
     "{DAV:}mkcalendar-response"},
    {"within", "<D:error xmlns:D=\"DAV:\"><D:multistatus/></D:error>", false, false, "{DAV:}error"},
    {"in-a-text", "<html><body>multistatus</body></html>", false, false, "html"},

    /* Other bodies of DAV exchanges. */
    {"error", XML "<D:error xmlns:D=\"DAV:\"><D:lock-token-submitted/></D:error>", false, false,
     "{DAV:}error"},
    {"lock", XML "<D:prop xmlns:D=\"DAV:\"><D:lockdiscovery/></D:prop>", false, false,
     "{DAV:}prop"},
    {"propfind", "<D:propfind xmlns:D=\"DAV:\"><D:allprop/></D:propfind>", false, false,
     "{DAV:}propfind"},
    {"schedule-response", "<C:schedule-response xmlns:C=\"" CALDAV "\"/>", false, false,
     "{" CALDAV "}schedule-response"},
    {"longer-name", "<D:multistatuses xmlns:D=\"DAV:\"/>", false, false, "{DAV:}multistatuses"},
    {"in-a-comment", "<!-- <D:multistatus/> --><html/>", false, false, "html"},
    {"html", "<!DOCTYPE html><html><head></head></html>", false, false, "html"},
    {"json", "{\"multistatus\": []}", false, false, NULL},
    {"text", "no multistatus here", false, false, NULL},
    {"empty", "", false, false, NULL},
    {"white-space", " \r\n", false, false, NULL},
    {"declaration-alone", XML, false, false, NULL},
};

static void check_sniff(const char *bytes, size_t length, const sniff_row *row)
{
    const ms_context context = {.http_status = 200};
    char *copy = g_memdup2(bytes, length); /* of its exact length: an over-read is seen */

    unit_check(ms_sniff(copy, length) == row->sniffs, "ms_sniff() says %s",
               row->sniffs ? "no" : "yes");
    unit_check(ms_has_multistatus_root(copy, length, &context) == row->has,
               "ms_has_multistatus_root() says %s", row->has ? "no" : "yes");
    char *root = ms_root_name(copy, length, NULL);

    unit_check_text("root", root, row->at);
    g_free(root);
    g_free(copy);
}

static void test_row(const void *data)
{
    const sniff_row *row = data;

    check_sniff(row->body, strlen(row->body), row);
}

/* The same bodies in UTF-16 with a byte order mark (RFC 4918 section 19). */
static void test_utf16(const void *data)
{
    static const char *const names[] = {"UTF-16LE", "UTF-16BE"};
    const sniff_row *row = data;

    if (g_str_has_prefix(row->body, "\xEF\xBB\xBF"))
        return;
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        char *marked = g_strconcat("\xEF\xBB\xBF", row->body, NULL);
        gsize length;
        char *text = g_convert(marked, -1, names[i], "UTF-8", NULL, &length, NULL);

        check_sniff(text, length, row);
        g_free(text);
        g_free(marked);
    }
}

static void test_body(const void *data)
{
    GBytes *body = unit_body(data);
    const ms_context context = {.http_status = 207};
    size_t length;
    const char *bytes = g_bytes_get_data(body, &length);

    unit_check(ms_sniff(bytes, length), "ms_sniff() says no");
    unit_check(ms_has_multistatus_root(bytes, length, &context),
               "ms_has_multistatus_root() says no");
    g_bytes_unref(body);
}

/* An answer to a method with a root of its own has it in whatever namespace. */
static void test_root_of_a_method(void)
{
    static const struct {
        const char *method, *body;
        bool has;
    } rows_of[] = {
        {"MKCALENDAR", "<C:mkcalendar-response xmlns:C=\"urn:ietf:params:xml:ns:carldav:\"/>",
         true},
        {"MKCALENDAR", "<mkcalendar-response/>", true},
        {"MKCOL", "<x:mkcol-response xmlns:x=\"" CALDAV "\"/>", true},
        {"MKCOL", "<mkcalendar-response/>", false},
        {"MKCALENDAR", "<x:mkcol-response xmlns:x=\"urn:x\"/>", false},
        {"MKCALENDAR", "<multistatus/>", false},
        {"PUT", "<mkcalendar-response/>", false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows_of); i++) {
        const ms_context context = {.http_status = 201, .method = rows_of[i].method};

        unit_check(ms_has_multistatus_root(rows_of[i].body, strlen(rows_of[i].body), &context) ==
                       rows_of[i].has,
                   "row %zu", i);
    }
}

/* A root element some kilobytes after the start: "the first few kilobytes" are looked at. */
static void test_long_prologue(void)
{
    char *filler = g_strnfill(3000, '-');

    for (size_t i = 0; filler[i]; i++)
        filler[i] = i % 2 ? ' ' : 'x';
    char *body = g_strdup_printf("<!--%s--><D:multistatus xmlns:D=\"DAV:\"/>", filler);

    unit_check(ms_sniff(body, strlen(body)), "not found behind 3000 bytes");
    g_free(body);
    g_free(filler);
}

typedef struct {
    const char *name;
    const char *from, *content_type;
    const char *body, *root;
} root_row;

static const root_row roots[] = {
    {"sync-collection", "UTF-8", NULL, XML "<D:sync-collection xmlns:D=\"DAV:\"/>",
     "{DAV:}sync-collection"},
    {"calendar-query", "UTF-8", NULL, "<c:calendar-query xmlns:d=\"DAV:\" xmlns:c=\"" CALDAV "\">",
     "{" CALDAV "}calendar-query"},
    {"no-namespace", "UTF-8", NULL, "<propfind/>", "propfind"},
    {"latin-1", "ISO-8859-1", "text/xml; charset=iso-8859-1",
     "<!-- \xC3\xA4 --><D:search xmlns:D=\"DAV:\"/>", "{DAV:}search"},
    {"latin-1-name", "ISO-8859-1", "text/xml; charset=ISO-8859-1", "<K\xC3\xA4se xmlns=\"urn:x\"/>",
     "{urn:x}K\xC3\xA4se"},
    {"garbage", "UTF-8", NULL, "not XML at all", NULL},
    {"json", "UTF-8", "application/json", "[1]", NULL},
};

static void test_root(const void *data)
{
    const root_row *row = data;
    gsize length;
    char *body = g_convert(row->body, -1, row->from, "UTF-8", NULL, &length, NULL);
    char *root = ms_root_name(body, length, row->content_type);

    unit_check_text("root", root, row->root);
    g_free(root);
    g_free(body);
}

int main(int argc, char **argv)
{
    unit_init(argc, argv);
    unit_add_table("sniff/row", rows, test_row);
    unit_add_table("sniff/utf-16", rows, test_utf16);
    unit_add_table("sniff/root", roots, test_root);
    unit_add_bodies("sniff/body", test_body);
    g_test_add_func("/sniff/root-of-a-method", test_root_of_a_method);
    g_test_add_func("/sniff/long-prologue", test_long_prologue);
    return g_test_run();
}
