/* decoder.c
 * What the decoder costs compared with a parse alone: ms_decode(), rules included, against
 * libxml2's SAX parse with handlers that do nothing, or, for JSON, against jansson's json_loadb(),
 * on the same bytes, in one process, in turn.
 *
 * Usage: bench_decoder [RESOURCES [PAIRS [KIND]]] Prints for every kind of body the median CPU time
 * of both, and the median of the pairs' ratios. KIND is the number of the only kind that is wanted.
 * Each body is decoded twice: as the command reads it, and with the values that a tree shows.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <glib.h>
#include <jansson.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#include "multistatus.h"

#define DEFAULT_RESOURCES 100000
#define DEFAULT_PAIRS 9
#define MOST_PAIRS 1001

/* ---- bodies: what Apache 2.4 and others answer ---- */

#define PROLOGUE "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
#define ROOT "<D:multistatus xmlns:D=\"DAV:\" xmlns:ns0=\"DAV:\">\n"
#define RESPONSE "<D:response xmlns:lp1=\"DAV:\" xmlns:lp2=\"http://apache.org/dav/props/\">\n"
#define LOCK_ENTRY(scope)                                                                          \
    "<D:lockentry>\n<D:lockscope><D:" scope "/></D:lockscope>\n"                                   \
    "<D:locktype><D:write/></D:locktype>\n</D:lockentry>\n"

static void append_two_propstats(GString *body, unsigned i)
{
    g_string_append_printf(
        body,
        RESPONSE "<D:href>/dav/collection/file-%06u.txt</D:href>\n<D:propstat>\n<D:prop>\n"
                 "<lp1:resourcetype/>\n"
                 "<lp1:creationdate>2026-11-22T07:30:38Z</lp1:creationdate>\n"
                 "<lp1:getcontentlength>%u</lp1:getcontentlength>\n"
                 "<lp1:getlastmodified>Sun, 22 Nov 2026 07:30:38 GMT</lp1:getlastmodified>\n"
                 "<lp1:getetag>\"%x-6442a%07x\"</lp1:getetag>\n"
                 "<lp2:executable>F</lp2:executable>\n<D:supportedlock>\n" LOCK_ENTRY("exclusive")
                     LOCK_ENTRY("shared") "</D:supportedlock>\n<D:lockdiscovery/>\n"
                                          "<D:getcontenttype>text/plain</D:getcontenttype>\n"
                                          "</D:prop>\n<D:status>HTTP/1.1 200 OK</D:status>\n"
                                          "</D:propstat>\n<D:propstat>\n<D:prop>\n"
                                          "<ns0:displayname/>\n<ns0:quota-used-bytes/>\n</D:prop>\n"
                                          "<D:status>HTTP/1.1 404 Not Found</D:status>\n"
                                          "</D:propstat>\n</D:response>\n",
        i, i % 5000, i % 5000, i);
}

static void append_one_propstat(GString *body, unsigned i)
{
    g_string_append_printf(body,
                           RESPONSE "<D:href>/dav/collection/file-%06u.txt</D:href>\n"
                                    "<D:propstat>\n<D:prop>\n<lp1:resourcetype/>\n"
                                    "<lp1:getetag>\"%x-6442a%07x\"</lp1:getetag>\n</D:prop>\n"
                                    "<D:status>HTTP/1.1 200 OK</D:status>\n</D:propstat>\n"
                                    "</D:response>\n",
                           i, i % 5000, i);
}

static void append_status(GString *body, unsigned i)
{
    g_string_append_printf(body,
                           "<D:response>\n<D:href>/dav/collection/file-%06u.txt</D:href>\n"
                           "<D:status>HTTP/1.1 423 Locked</D:status>\n</D:response>\n",
                           i);
}

/* An event of a calendar, some 700 bytes, with what XML must escape. */
static void append_event(GString *body, unsigned i)
{
    g_string_append_printf(
        body,
        "<D:response><D:href>/calendars/ann/team/event-%06u.ics</D:href><D:propstat><D:prop>"
        "<D:getetag>\"%x-6442a%07x\"</D:getetag>"
        "<C:calendar-data xmlns:C=\"urn:ietf:params:xml:ns:caldav\">BEGIN:VCALENDAR&#13;\n"
        "VERSION:2.0&#13;\nPRODID:-//Example//Calendar 3.1//EN&#13;\nBEGIN:VEVENT&#13;\n"
        "UID:event-%06u@dav.example&#13;\nDTSTAMP:20261122T073038Z&#13;\n"
        "DTSTART;TZID=Europe/Berlin:20261124T090000&#13;\n"
        "DTEND;TZID=Europe/Berlin:20261124T100000&#13;\nSUMMARY:Planning &amp; review %u&#13;\n"
        "DESCRIPTION:What was done\\, what is next\\, who needs help with what.&#13;\n"
        " The list of last week is in the shared folder.&#13;\nLOCATION:Room 2.17&#13;\n"
        "ATTENDEE;CN=Ann;PARTSTAT=ACCEPTED:mailto:ann@dav.example&#13;\n"
        "ATTENDEE;CN=Ben;PARTSTAT=NEEDS-ACTION:mailto:ben@dav.example&#13;\n"
        "RRULE:FREQ=WEEKLY;BYDAY=TU&#13;\nEND:VEVENT&#13;\nEND:VCALENDAR&#13;\n"
        "</C:calendar-data></D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat>"
        "</D:response>\n",
        i, i % 5000, i, i, i);
}

/* A change or, every fourth, a removal (RFC 6578 section 3.5). */
static void append_change(GString *body, unsigned i)
{
    if (i % 4 == 0)
        g_string_append_printf(body,
                               "<D:response><D:href>/dav/collection/file-%06u.txt</D:href>"
                               "<D:status>HTTP/1.1 404 Not Found</D:status></D:response>\n",
                               i);
    else
        g_string_append_printf(body,
                               "<D:response><D:href>/dav/collection/file-%06u.txt</D:href>"
                               "<D:propstat><D:prop><D:getetag>\"%x-6442a%07x\"</D:getetag>"
                               "</D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat>"
                               "</D:response>\n",
                               i, i % 5000, i);
}

static void append_json_row(GString *body, unsigned i)
{
    g_string_append_printf(body,
                           "%s{\"href\":\"/api/files/%06u\",\"status\":%s,\"etag\":\"%x-%07x\","
                           "\"size\":%u,\"name\":\"file %u\"}",
                           i > 0 ? ",\n" : "", i, i % 16 == 0 ? "423" : "200", i % 5000, i, i, i);
}

typedef struct {
    const char *name;
    const char *method, *report;
    void (*append)(GString *body, unsigned i);
    const char *start, *end;
} body_kind;

#define END_XML "</D:multistatus>\n"
#define END_SYNC "<D:sync-token>http://dav.example/sync/1234</D:sync-token>" END_XML

static const body_kind kinds[] = {
    {"PROPFIND, two propstats", "PROPFIND", NULL, append_two_propstats, PROLOGUE ROOT, END_XML},
    {"PROPFIND, two properties", "PROPFIND", NULL, append_one_propstat, PROLOGUE ROOT, END_XML},
    {"DELETE, status only", "DELETE", NULL, append_status, PROLOGUE ROOT, END_XML},
    {"REPORT, calendar-data", "REPORT", "{urn:ietf:params:xml:ns:caldav}calendar-query",
     append_event, PROLOGUE ROOT, END_XML},
    {"REPORT, sync-collection", "REPORT", "{DAV:}sync-collection", append_change, PROLOGUE ROOT,
     END_SYNC},
    {"POST, rows of JSON", "POST", NULL, append_json_row, "{\"responses\":[", "]}\n"},
};

static bool is_json(const body_kind *kind)
{
    return *kind->start == '{';
}

static GString *make_body(const body_kind *kind, unsigned resources)
{
    GString *body = g_string_new(kind->start);

    for (unsigned i = 0; i < resources; i++)
        kind->append(body, i);
    return g_string_append(body, kind->end);
}

/* ---- the two that are measured ---- */

static void start_nothing(void *data, const xmlChar *local, const xmlChar *prefix,
                          const xmlChar *uri, int n_namespaces, const xmlChar **namespaces,
                          int n_attributes, int n_defaulted, const xmlChar **attributes)
{
    (void)data;
    (void)local;
    (void)prefix;
    (void)uri;
    (void)n_namespaces;
    (void)namespaces;
    (void)n_attributes;
    (void)n_defaulted;
    (void)attributes;
}

static void end_nothing(void *data, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri)
{
    (void)data;
    (void)local;
    (void)prefix;
    (void)uri;
}

static void text_nothing(void *data, const xmlChar *text, int length)
{
    (void)data;
    (void)text;
    (void)length;
}

static void parse_xml(const GString *body)
{
    static const xmlSAXHandler handler = {
        .initialized = XML_SAX2_MAGIC,
        .startElementNs = start_nothing,
        .endElementNs = end_nothing,
        .characters = text_nothing,
        .ignorableWhitespace = text_nothing,
        .cdataBlock = text_nothing,
    };

    xmlParserCtxtPtr parser = xmlCreateMemoryParserCtxt(body->str, (int)body->len);

    if (!parser)
        g_error("no parser");
    *parser->sax = handler;
    if (xmlParseDocument(parser) != 0)
        g_error("the body is not well-formed");
    xmlFreeParserCtxt(parser);
}

static void parse_json(const GString *body)
{
    json_t *root = json_loadb(body->str, body->len, 0, NULL);

    if (!root)
        g_error("the body is not JSON");
    json_decref(root);
}

static void parse_only(const body_kind *kind, const GString *body)
{
    if (is_json(kind))
        parse_json(body);
    else
        parse_xml(body);
}

static void decode(const body_kind *kind, const GString *body, bool values)
{
    const ms_context context = {
        .method = kind->method,
        .report = kind->report,
        .uri = "/dav/collection/",
        .http_status = 207,
        .content_type = is_json(kind) ? "application/json" : "text/xml; charset=\"utf-8\"",
        .request_known = true,
        .host = "dav.example",
        .depth = "1",
        .reason_phrase = "Multi-Status",
        .values = values,
    };

    ms_document_free(ms_decode(body->str, body->len, &context));
}

/* ---- measuring ---- */

static double cpu_seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median(double *values, unsigned n)
{
    qsort(values, n, sizeof *values, compare);
    return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

static void measure(const body_kind *kind, const GString *body, bool values, unsigned pairs)
{
    double *parsed = g_new(double, pairs), *decoded = g_new(double, pairs);
    double *ratios = g_new(double, pairs);

    for (unsigned i = 0; i < pairs; i++) {
        double start = cpu_seconds();

        parse_only(kind, body);
        double between = cpu_seconds();

        decode(kind, body, values);
        decoded[i] = cpu_seconds() - between;
        parsed[i] = between - start;
        ratios[i] = decoded[i] / parsed[i];
    }
    double parse = median(parsed, pairs), ours = median(decoded, pairs);

    printf("%-25s %-8s %6.1f MB   %-11s %7.1f ms   ms_decode %7.1f ms   ratio %.2f\n", kind->name,
           values ? "values" : "", (double)body->len / 1e6,
           is_json(kind) ? "jansson" : "libxml2 SAX", parse * 1e3, ours * 1e3,
           median(ratios, pairs));
    g_free(parsed);
    g_free(decoded);
    g_free(ratios);
}

int main(int argc, char **argv)
{
    unsigned resources = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : DEFAULT_RESOURCES;
    unsigned pairs = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : DEFAULT_PAIRS;
    size_t only = argc > 3 ? strtoul(argv[3], NULL, 10) : 0;

    if (resources == 0 || pairs == 0 || pairs > MOST_PAIRS) {
        fprintf(stderr, "usage: bench_decoder [RESOURCES [PAIRS [KIND]]]\n");
        return 1;
    }
    printf("%u resources, medians of %u pairs, CPU time, libxml2 %s\n", resources, pairs,
           LIBXML_DOTTED_VERSION);
    for (size_t kind = 0; kind < G_N_ELEMENTS(kinds); kind++) {
        if (only != 0 && only != kind + 1)
            continue;
        GString *body = make_body(&kinds[kind], resources);

        for (int values = 0; values < 2; values++)
            measure(&kinds[kind], body, values, pairs);
        g_string_free(body, TRUE);
    }
    return 0;
}
