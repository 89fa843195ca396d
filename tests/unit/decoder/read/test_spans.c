/* test_spans.c
 * Every place in the model is the place of its own element, to the byte: compared with what a
 * scanner that shares no code with the decoder finds in the same bodies.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <string.h>

#include "scan.h"
#include "unit.h"

typedef struct {
    const char *text;
    GArray *elements; /* of scan_element */
    const ms_document *document;
} comparison;

static const scan_element *element_at(const comparison *c, int index)
{
    return &g_array_index(c->elements, scan_element, index);
}

/* The next DAV: element with this name and parent, from index `from` on; -1 if there is none. */
static int next_child(const comparison *c, int parent, const char *name, int from)
{
    for (int i = from; i < (int)c->elements->len; i++) {
        const scan_element *element = element_at(c, i);

        if (element->parent == parent && element->dav && strcmp(element->name, name) == 0)
            return i;
    }
    return -1;
}

static int only_child(const comparison *c, int parent, const char *name)
{
    return parent < 0 ? -1 : next_child(c, parent, name, 0);
}

static bool is_below(const comparison *c, int index, int ancestor)
{
    while (index >= 0 && index != ancestor)
        index = element_at(c, index)->parent;
    return index == ancestor;
}

static void check_place(const comparison *c, const char *what, ms_span span, int index)
{
    if (index < 0) {
        unit_check(span.length == 0, "%s: there is none, but its span is %u+%u", what, span.offset,
                   span.length);
        return;
    }
    const scan_element *element = element_at(c, index);

    unit_check(span.offset == element->start && span.length == element->end - element->start,
               "%s: the span is %u+%u, the element is %zu+%zu: %.*s", what, span.offset,
               span.length, element->start, element->end - element->start,
               (int)(element->end - element->start), c->text + element->start);
}

/* The elements below `parent` in document order, and those of the model. */
static void check_descendants(const comparison *c, const char *what, int parent,
                              const ms_element *elements, ms_range range)
{
    uint32_t at = range.first, end = range.first + range.count;

    for (int i = parent + 1; parent >= 0 && i < (int)c->elements->len; i++) {
        if (!is_below(c, i, parent))
            continue;
        while (at < end && elements[at].name[0] == '@')
            at++;
        unit_check(at < end, "%s: <%s> is not in the model", what, element_at(c, i)->name);
        if (at == end)
            return;
        unit_check(g_str_has_suffix(elements[at].name, element_at(c, i)->name), "%s: %s is <%s>",
                   what, elements[at].name, element_at(c, i)->name);
        check_place(c, what, elements[at].span, i);
        at++;
    }
    while (at < end && elements[at].name[0] == '@')
        at++;
    unit_check(at == end, "%s: the model has %u more", what, end - at);
}

/* The error of a response or propstat stands in it or in its responsedescription. */
static int error_of(const comparison *c, int parent)
{
    int error = only_child(c, parent, "error");

    return error >= 0 ? error
                      : only_child(c, only_child(c, parent, "responsedescription"), "error");
}

static void check_propstat(const comparison *c, const ms_propstat *propstat, int index)
{
    check_place(c, "propstat", propstat->span, index);
    check_place(c, "status of a propstat", propstat->status.span, only_child(c, index, "status"));
    check_place(c, "description of a propstat", propstat->description.span,
                only_child(c, index, "responsedescription"));
    check_descendants(c, "property", only_child(c, index, "prop"), c->document->properties,
                      propstat->properties);
    check_descendants(c, "condition of a propstat", error_of(c, index), c->document->conditions,
                      propstat->conditions);
}

static void check_response(const comparison *c, const ms_response *response, int index)
{
    int at = -1;

    for (uint32_t i = 0; i < response->hrefs.count; i++) {
        at = next_child(c, index, "href", at + 1);
        unit_check(at >= 0, "the model has an href too many");
        check_place(c, "href", c->document->hrefs[response->hrefs.first + i].span, at);
    }
    unit_check(next_child(c, index, "href", at + 1) < 0, "an href is not in the model");
    at = -1;
    for (uint32_t i = 0; i < response->propstats.count; i++) {
        at = next_child(c, index, "propstat", at + 1);
        unit_check(at >= 0, "the model has a propstat too many");
        if (at >= 0)
            check_propstat(c, &c->document->propstats[response->propstats.first + i], at);
    }
    unit_check(next_child(c, index, "propstat", at + 1) < 0, "a propstat is not in the model");
    check_place(c, "status", response->status.span, only_child(c, index, "status"));
    check_place(c, "description", response->description.span,
                only_child(c, index, "responsedescription"));
    check_place(c, "location", response->location.span,
                only_child(c, only_child(c, index, "location"), "href"));
    check_descendants(c, "condition", error_of(c, index), c->document->conditions,
                      response->conditions);
}

static void check_responses(const comparison *c)
{
    int at = -1;

    for (uint32_t i = 0; i < c->document->n_responses; i++) {
        at = next_child(c, 0, "response", at + 1);
        unit_check(at >= 0, "the model has a response too many");
        if (at < 0)
            return;
        check_place(c, "response", c->document->responses[i].span, at);
        check_response(c, &c->document->responses[i], at);
    }
    unit_check(next_child(c, 0, "response", at + 1) < 0, "a response is not in the model");
}

static void check_text(const char *text, size_t length)
{
    ms_document *document = unit_decode_bytes(text, length, &unit_propfind);
    comparison c = {text, scan_elements(text, length), document};

    unit_check(document->exact_spans, "the spans are not exact");
    check_place(&c, "root", document->span, 0);
    if (document->root == MS_ROOT_MULTISTATUS) {
        check_responses(&c);
        check_place(&c, "description of the body", document->description.span,
                    only_child(&c, 0, "responsedescription"));
        check_place(&c, "sync-token", document->sync_token.span, only_child(&c, 0, "sync-token"));
    } else {
        unit_check(document->n_responses == 1, "%u resources", document->n_responses);
        check_place(&c, "resource", document->responses[0].span, 0);
        check_response(&c, &document->responses[0], 0);
    }
    unit_check_sound(document, length);
    g_array_unref(c.elements);
    ms_document_free(document);
}

static void test_body(const void *data)
{
    GBytes *body = unit_body(data);
    size_t length;
    const char *text = g_bytes_get_data(body, &length);

    check_text(text, length);
    g_bytes_unref(body);
}

typedef struct {
    const char *name;
    const char *text;
} text_row;

/* What could make a decoder lose count of the bytes. */
static const text_row rows[] = {
    {"minimal", MULTISTATUS(RESPONSE("/a", STATUS(200)))},
    {"empty-elements",
     MULTISTATUS("<D:response><D:href/><D:propstat><D:prop/><D:status/></D:propstat>"
                 "<D:error/><D:responsedescription/><D:location><D:href/></D:location>"
                 "</D:response><D:responsedescription/><D:sync-token/>")},
    {"spaces-in-tags",
     "<D:multistatus\n  xmlns:D = \"DAV:\"\t>\r\n<D:response ><D:href\r\n>/a</D:href\n>"
     "<D:status  >HTTP/1.1 200 OK</D:status  ></D:response ></D:multistatus\n>\n"},
    {"cr-lf", "<?xml version=\"1.0\"?>\r\n<D:multistatus xmlns:D=\"DAV:\">\r\n  <D:response>\r\n"
              "    <D:href>/a</D:href>\r\n    <D:status>HTTP/1.1\r\n200 OK</D:status>\r\n"
              "  </D:response>\r\n</D:multistatus>\r\n"},
    {"greater-than-in-attributes",
     MULTISTATUS(
         "<D:response a=\">\" b='/>'><D:href c='\">\"'>/a</D:href>" STATUS(200) "</D:response>")},
    {"greater-than-in-text", MULTISTATUS(RESPONSE("/a>b>c", STATUS(200)))},
    {"comments", "<!-- <D:multistatus> -->" MULTISTATUS(
                     "<!-- <D:response> --><D:response><!--></D:response>--><D:href>/a<!-- "
                     "</D:href> --></D:href>" STATUS(200) "</D:response><!-- -->") "<!-- end -->"},
    {"cdata", MULTISTATUS(RESPONSE("<![CDATA[/a</D:href><D:x>]]>", STATUS(200)))},
    {"instructions", "<?xml version=\"1.0\"?><?style a=\"<D:x>\"?>" MULTISTATUS(
                         "<?x <D:response>?>" RESPONSE("/a", "<?y </D:response>?>" STATUS(200)))},
    {"references", MULTISTATUS(RESPONSE("/a&amp;b&#x20;&lt;&gt;&quot;&apos;&#38;", STATUS(200)))},
    {"multi-byte",
     MULTISTATUS(RESPONSE("/K\xC3\xA4se/\xE2\x82\xAC/\xF0\x9F\xA7\x80", STATUS(200))
                     RESPONSE("/b", PROPSTAT(200, "<x xmlns=\"urn:\xC3\xA4\">\xE2\x82\xAC</x>")))},
    {"multi-byte-names",
     MULTISTATUS(RESPONSE("/a", PROPSTAT(200, "<K\xC3\xA4se xmlns=\"urn:x\"><\xE2\xB1\xA0/>"
                                              "</K\xC3\xA4se>")))},
    {"several-hrefs", MULTISTATUS("<D:response><D:href>/a</D:href>" STATUS(
                          423) "<D:href>/b</D:href><D:href>/c</D:href></D:response>")},
    {"conditions-everywhere",
     MULTISTATUS(RESPONSE(
         "/a", ERROR("<D:lock-token-submitted><D:href>/a</D:href></D:lock-token-submitted>")
                   PROPSTAT(200, "<D:x/>") "<D:propstat>" ERROR("<D:y/><D:z><D:w/></D:z>")
                       STATUS(403) "<D:prop><D:v/></D:prop></D:propstat>"))},
    {"location",
     MULTISTATUS(RESPONSE("/a", STATUS(302) "<D:location> <D:href>/b</D:href> </D:location>"))},
};

static void test_row(const void *data)
{
    const text_row *row = data;

    check_text(row->text, strlen(row->text));
}

/* A byte order mark moves everything by three bytes. */
static void test_mark(void)
{
    static const char text[] = MULTISTATUS(RESPONSE("/a", PROPSTAT(404, "<D:x/>")));
    ms_document *plain = unit_decode(text, &unit_propfind);
    char *marked = g_strconcat("\xEF\xBB\xBF", text, NULL);
    ms_document *document = unit_decode(marked, &unit_propfind);

    g_assert_cmpuint(document->n_responses, ==, 1);
    g_assert_cmpuint(document->n_properties, ==, 1);
    g_assert_cmpuint(document->span.offset, ==, plain->span.offset + 3);
    g_assert_cmpuint(document->span.length, ==, plain->span.length);
    g_assert_cmpuint(document->properties[0].span.offset, ==, plain->properties[0].span.offset + 3);
    g_free(marked);
    ms_document_free(plain);
    ms_document_free(document);
}

int main(int argc, char **argv)
{
    unit_init(argc, argv);
    unit_add_bodies("spans/body", test_body);
    unit_add_table("spans/row", rows, test_row);
    g_test_add_func("/spans/byte-order-mark", test_mark);
    return g_test_run();
}
