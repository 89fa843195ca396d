/* test_request.c
 * Request bodies: what they ask for. The bodies have the shapes of the requests that RFC 4918
 * sections 9 and 14, 3253 sections 3 and 11, 3744 section 9, 4791 sections 5.3 and 7, 5323, 5689,
 * 6352 section 8 and 6578 section 3 print, and of what clients send; names and values are other
 * ones.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <stdlib.h>
#include <string.h>

#include "request.h"
#include "unit.h"

#define XML "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
#define DAV " xmlns:D=\"DAV:\""
#define CALDAV "urn:ietf:params:xml:ns:caldav"
#define CARDDAV "urn:ietf:params:xml:ns:carddav"
#define CS "http://calendarserver.org/ns/"
#define ICAL "http://apple.com/ns/ical/"
#define XMLNS_C " xmlns:C=\"" CALDAV "\""
#define XMLNS_CR " xmlns:C=\"" CARDDAV "\""

/* A body, and the request as text: a line for each fact, see describe(). */
typedef struct {
    const char *name;
    const char *body;
    const char *request;
} request_row;

/* ---- description ---- */

static void describe_list(GString *out, const char *label, const ms_text *list, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        g_string_append_printf(out, "%s %s\n", label, list[i].text);
}

static void describe_text(GString *out, const char *label, const ms_text *text)
{
    if (text->text)
        g_string_append_printf(out, "%s \"%s\"\n", label, text->text);
}

static void describe_component(GString *out, const ms_component_filter *of)
{
    g_string_append_printf(out, "component %s%s", of->name, of->not_defined ? ", not defined" : "");
    if (of->has_range)
        g_string_append_printf(out, " from %s to %s", of->start ? of->start : "ever",
                               of->end ? of->end : "ever");
    g_string_append_c(out, '\n');
}

static char *describe(const ms_request *request)
{
    GString *out = g_string_new(NULL);

    g_string_append_printf(out, "%s%s%s\n", request->present ? request->root : "nothing",
                           request->well_formed ? "" : ", not well-formed",
                           request->truncated ? ", truncated" : "");
    if (request->allprop)
        g_string_append(out, "allprop\n");
    if (request->propname)
        g_string_append(out, "propname\n");
    describe_list(out, "asks", request->properties, request->n_properties);
    describe_list(out, "sets", request->set, request->n_set);
    describe_list(out, "removes", request->remove, request->n_remove);
    describe_list(out, "href", request->hrefs, request->n_hrefs);
    describe_text(out, "token", &request->sync_token);
    describe_text(out, "level", &request->sync_level);
    if (request->has_limit)
        g_string_append_printf(out, "limit %u\n", request->limit);
    describe_text(out, "scope", &request->lock_scope);
    describe_text(out, "type", &request->lock_type);
    describe_text(out, "owner", &request->lock_owner);
    describe_text(out, "root", &request->lock_root);
    describe_text(out, "lock token", &request->lock_token);
    describe_text(out, "depth", &request->lock_depth);
    describe_text(out, "timeout", &request->lock_timeout);
    describe_list(out, "principal", request->principals, request->n_principals);
    describe_list(out, "grants", request->granted, request->n_granted);
    describe_list(out, "denies", request->denied, request->n_denied);
    if (request->wants_data)
        g_string_append_printf(
            out, "wants data%s%s%s%s%s%s\n", request->data_type ? " of type " : "",
            request->data_type ? request->data_type : "", request->data_version ? " version " : "",
            request->data_version ? request->data_version : "",
            request->expands ? ", expanded" : "", request->partial ? ", in part" : "");
    for (uint32_t i = 0; i < request->n_components; i++)
        describe_component(out, &request->components[i]);
    return g_string_free(out, FALSE);
}

/* ---- places ---- */

typedef void (*place_visitor)(ms_span span, void *data);

static void visit_list(const ms_text *list, uint32_t count, place_visitor visit, void *data)
{
    for (uint32_t i = 0; i < count; i++)
        visit(list[i].span, data);
}

static void visit_places(const ms_request *request, place_visitor visit, void *data)
{
    const ms_text *single[] = {&request->lock_root,    &request->lock_token, &request->lock_depth,
                               &request->lock_timeout, &request->sync_token, &request->sync_level,
                               &request->lock_scope,   &request->lock_type,  &request->lock_owner};

    if (request->present)
        visit(request->span, data);
    visit_list(request->properties, request->n_properties, visit, data);
    visit_list(request->set, request->n_set, visit, data);
    visit_list(request->remove, request->n_remove, visit, data);
    visit_list(request->hrefs, request->n_hrefs, visit, data);
    visit_list(request->principals, request->n_principals, visit, data);
    visit_list(request->granted, request->n_granted, visit, data);
    visit_list(request->denied, request->n_denied, visit, data);
    for (size_t i = 0; i < G_N_ELEMENTS(single); i++) {
        if (single[i]->text)
            visit(single[i]->span, data);
    }
}

/* The elements that the spans are places of, one a line, as UTF-8. */
typedef struct {
    const char *bytes;
    size_t length;
    const char *encoding;
    GString *out;
} places;

static void append_place(ms_span span, void *data)
{
    const places *p = data;

    if (span.offset > p->length || span.length > p->length - span.offset) {
        unit_fail(__FILE__, __LINE__, "the span %u+%u leaves a body of %zu bytes", span.offset,
                  span.length, p->length);
        return;
    }
    char *text =
        g_convert(p->bytes + span.offset, span.length, "UTF-8", p->encoding, NULL, NULL, NULL);

    g_string_append_printf(p->out, "%s\n", text ? text : "(no text)");
    g_free(text);
}

static char *places_of(const ms_request *request, const char *bytes, size_t length,
                       const char *encoding)
{
    places p = {bytes, length, encoding, g_string_new(NULL)};

    visit_places(request, append_place, &p);
    return g_string_free(p.out, FALSE);
}

static void check_element(ms_span span, void *data)
{
    const GBytes *body = data;
    size_t length;
    const char *bytes = g_bytes_get_data((GBytes *)body, &length);

    if (span.offset > length || span.length > length - span.offset)
        unit_fail(__FILE__, __LINE__, "the span %u+%u leaves a body of %zu bytes", span.offset,
                  span.length, length);
    else if (span.length < 4 || bytes[span.offset] != '<' ||
             bytes[span.offset + span.length - 1] != '>')
        unit_fail(__FILE__, __LINE__, "the span %u+%u is no element: %.*s", span.offset,
                  span.length, (int)span.length, bytes + span.offset);
}

/* ---- parsing ---- */

/* Parses a copy that is exactly as long as the body and is gone on return. */
static ms_request *parse(const char *bytes, size_t length, const char *content_type)
{
    char *copy = malloc(length);

    memcpy(copy, bytes, length);
    ms_request *request = ms_request_parse(copy, length, content_type);

    free(copy);
    return request;
}

static void check_request(const char *bytes, size_t length, const char *content_type,
                          const char *expected)
{
    ms_request *request = parse(bytes, length, content_type);
    char *text = describe(request);

    unit_check_text("request", text, expected);
    g_free(text);
    ms_request_free(request);
}

static void test_row(const void *data)
{
    const request_row *row = data;

    check_request(row->body, strlen(row->body), "application/xml; charset=utf-8", row->request);
}

/* ---- PROPFIND ---- */

static const request_row propfinds[] = {
    /* RFC 4918 section 9.1.3. */
    {"prop",
     XML "<D:propfind" DAV ">\n"
         "  <D:prop xmlns:R=\"urn:example:shelf\">\n"
         "    <R:spine/>\n    <R:binding/>\n    <D:getetag></D:getetag>\n"
         "  </D:prop>\n</D:propfind>\n",
     "{DAV:}propfind\nasks {urn:example:shelf}spine\nasks {urn:example:shelf}binding\n"
     "asks {DAV:}getetag\n"},
    /* Section 9.1.4. */
    {"propname", XML "<propfind xmlns=\"DAV:\"><propname/></propfind>",
     "{DAV:}propfind\npropname\n"},
    /* Section 9.1.5. */
    {"allprop", XML "<D:propfind" DAV "><D:allprop/></D:propfind>", "{DAV:}propfind\nallprop\n"},
    /* Section 9.1.6. */
    {"include",
     XML "<D:propfind" DAV "><D:allprop/><D:include><D:supported-live-property-set/>"
         "<D:supported-report-set/></D:include></D:propfind>",
     "{DAV:}propfind\nallprop\nasks {DAV:}supported-live-property-set\n"
     "asks {DAV:}supported-report-set\n"},
    {"empty-prop", "<D:propfind" DAV "><D:prop/></D:propfind>", "{DAV:}propfind\n"},
    {"empty-propfind", "<D:propfind" DAV "/>", "{DAV:}propfind\n"},
    /* What a property holds is not asked for; nor is what appears elsewhere (section 17). */
    {"below-property",
     "<D:propfind" DAV "><D:prop><D:acl><D:prop><D:owner/></D:prop></D:acl></D:prop>"
     "<x:more xmlns:x=\"urn:x\"><D:prop><D:group/></D:prop><D:allprop/></x:more></D:propfind>",
     "{DAV:}propfind\nasks {DAV:}acl\n"},
    {"two-props",
     "<D:propfind" DAV "><D:prop><D:a/></D:prop><D:prop><D:b/><D:a/></D:prop></D:propfind>",
     "{DAV:}propfind\nasks {DAV:}a\nasks {DAV:}b\nasks {DAV:}a\n"},
    {"data-without-report",
     "<D:propfind" DAV "><D:prop><C:calendar-data" XMLNS_C "/></D:prop></D:propfind>",
     "{DAV:}propfind\nasks {" CALDAV "}calendar-data\nwants data\n"},

    /* Clients. macOS: */
    {"macos",
     XML "<A:propfind xmlns:A=\"DAV:\"><A:prop><A:current-user-principal/>"
         "<B:calendar-color xmlns:B=\"" ICAL "\"/><C:getctag xmlns:C=\"" CS "\"/></A:prop>"
         "</A:propfind>",
     "{DAV:}propfind\nasks {DAV:}current-user-principal\nasks {" ICAL "}calendar-color\n"
     "asks {" CS "}getctag\n"},
    /* Exchange's batch: */
    {"exchange",
     "<?xml version='1.0'?><a:propfind xmlns:a='DAV:' xmlns:e='urn:schemas:mailheader:'>"
     "<a:target><a:href>http://mail.example/1.eml</a:href></a:target>"
     "<a:prop><e:subject/><a:ishidden/></a:prop></a:propfind>",
     "{DAV:}propfind\nasks {urn:schemas:mailheader:}subject\nasks {DAV:}ishidden\n"},
    /* SharePoint's and Exchange's extensions of allprop: */
    {"full-fidelity",
     "<a:propfind xmlns:a=\"DAV:\" xmlns:e=\"http://schemas.microsoft.com/exchange/\">"
     "<a:allprop><e:allprop/></a:allprop><e:fullfidelity><a:prop/></e:fullfidelity></a:propfind>",
     "{DAV:}propfind\nallprop\n"},

    /* Prefixes. */
    {"many-prefixes",
     "<q:propfind xmlns:q=\"DAV:\" xmlns:r=\"DAV:\"><r:prop><q:a/><s:b xmlns:s=\"DAV:\"/>"
     "<c xmlns=\"DAV:\"/><q:d xmlns:q=\"urn:q\"/></r:prop></q:propfind>",
     "{DAV:}propfind\nasks {DAV:}a\nasks {DAV:}b\nasks {DAV:}c\nasks {urn:q}d\n"},
    {"no-namespace-in-prop", "<D:propfind" DAV "><D:prop><plain/><D:a/></D:prop></D:propfind>",
     "{DAV:}propfind\nasks plain\nasks {DAV:}a\n"},
    {"undeclared-prefix", "<D:propfind" DAV "><D:prop><x:lost/><D:a/></D:prop></D:propfind>",
     "{DAV:}propfind\nasks x:lost\nasks {DAV:}a\n"},
    {"no-namespace", "<propfind><prop><getetag/></prop><allprop/></propfind>", "propfind\n"},
    {"other-namespace", "<D:propfind xmlns:D=\"DAV\"><D:allprop/></D:propfind>", "{DAV}propfind\n"},
};

/* ---- PROPPATCH and creation ---- */

static const request_row updates[] = {
    /* RFC 4918 section 9.2.2. */
    {"set-and-remove",
     XML "<D:propertyupdate" DAV " xmlns:Z=\"urn:example:library\">\n"
         "<D:set>\n<D:prop>\n<Z:Translators>\n<Z:Translator>A. One</Z:Translator>\n"
         "<Z:Translator>B. Two</Z:Translator>\n</Z:Translators>\n</D:prop>\n</D:set>\n"
         "<D:remove>\n<D:prop><Z:Translation-Editor/></D:prop>\n</D:remove>\n</D:propertyupdate>",
     "{DAV:}propertyupdate\nsets {urn:example:library}Translators\n"
     "removes {urn:example:library}Translation-Editor\n"},
    {"instructions-in-turn",
     "<D:propertyupdate" DAV "><D:remove><D:prop><D:a/><D:b/></D:prop></D:remove>"
     "<D:set><D:prop><D:a>1</D:a></D:prop></D:set><D:set><D:prop><D:c/></D:prop><D:prop><D:d/>"
     "</D:prop></D:set></D:propertyupdate>",
     "{DAV:}propertyupdate\nsets {DAV:}a\nsets {DAV:}c\nsets {DAV:}d\nremoves {DAV:}a\n"
     "removes {DAV:}b\n"},
    {"value-looks-like-a-request",
     "<D:propertyupdate" DAV "><D:set><D:prop><D:v><D:set><D:prop><D:no/></D:prop></D:set>"
     "<D:prop><D:no/></D:prop></D:v></D:prop></D:set></D:propertyupdate>",
     "{DAV:}propertyupdate\nsets {DAV:}v\n"},
    {"prop-without-instruction",
     "<D:propertyupdate" DAV "><D:prop><D:a/></D:prop><D:allprop/></D:propertyupdate>",
     "{DAV:}propertyupdate\n"},
    /* Windows: */
    {"windows",
     XML "<D:propertyupdate" DAV " xmlns:Z=\"urn:schemas-microsoft-com:\"><D:set><D:prop>"
         "<Z:Win32CreationTime>Sun, 22 Nov 2026 07:30:38 GMT</Z:Win32CreationTime>"
         "<Z:Win32FileAttributes>00000020</Z:Win32FileAttributes></D:prop></D:set>"
         "</D:propertyupdate>",
     "{DAV:}propertyupdate\nsets {urn:schemas-microsoft-com:}Win32CreationTime\n"
     "sets {urn:schemas-microsoft-com:}Win32FileAttributes\n"},

    /* RFC 5689 section 3.4. */
    {"mkcol",
     XML "<D:mkcol" DAV " xmlns:E=\"urn:example:e\">\n<D:set>\n<D:prop>\n"
         "<D:resourcetype><D:collection/><E:special-shelf/></D:resourcetype>\n"
         "<D:displayname>Special Shelf</D:displayname>\n</D:prop>\n</D:set>\n</D:mkcol>",
     "{DAV:}mkcol\nsets {DAV:}resourcetype\nsets {DAV:}displayname\n"},
    {"mkcol-removes-nothing",
     "<D:mkcol" DAV "><D:remove><D:prop><D:a/></D:prop></D:remove></D:mkcol>", "{DAV:}mkcol\n"},
    /* RFC 6352 section 6.3.1.1. */
    {"mkcol-addressbook",
     XML "<D:mkcol" DAV XMLNS_CR "><D:set><D:prop><D:resourcetype><D:collection/>"
         "<C:addressbook/></D:resourcetype><C:addressbook-description xml:lang=\"en\">Friends"
         "</C:addressbook-description></D:prop></D:set></D:mkcol>",
     "{DAV:}mkcol\nsets {DAV:}resourcetype\nsets {" CARDDAV "}addressbook-description\n"},
    /* RFC 4791 section 5.3.1.2. */
    {"mkcalendar",
     XML "<C:mkcalendar" DAV XMLNS_C ">\n<D:set>\n<D:prop>\n"
         "<D:displayname>Ida's Shifts</D:displayname>\n"
         "<C:supported-calendar-component-set><C:comp name=\"VEVENT\"/>"
         "</C:supported-calendar-component-set>\n"
         "<C:calendar-timezone><![CDATA[BEGIN:VCALENDAR\n<D:prop><D:no/></D:prop>\n]]>"
         "</C:calendar-timezone>\n</D:prop>\n</D:set>\n</C:mkcalendar>",
     "{" CALDAV "}mkcalendar\nsets {DAV:}displayname\n"
     "sets {" CALDAV "}supported-calendar-component-set\nsets {" CALDAV "}calendar-timezone\n"},
    /* iOS: */
    {"mkcalendar-ios",
     XML "<B:mkcalendar xmlns:B=\"" CALDAV "\"><A:set xmlns:A=\"DAV:\"><A:prop>"
         "<D:calendar-color xmlns:D=\"" ICAL "\" symbolic-color=\"custom\">#FF2968FF"
         "</D:calendar-color><A:displayname>Home</A:displayname></A:prop></A:set></B:mkcalendar>",
     "{" CALDAV "}mkcalendar\nsets {" ICAL "}calendar-color\nsets {DAV:}displayname\n"},
    {"mkcalendar-in-dav",
     "<D:mkcalendar" DAV "><D:set><D:prop><D:a/></D:prop></D:set></D:mkcalendar>",
     "{DAV:}mkcalendar\n"},
};

/* ---- reports ---- */

static const request_row reports[] = {
    /* RFC 3253 section 3.7.1. */
    {"version-tree",
     XML "<D:version-tree" DAV "><D:prop><D:version-name/><D:creator-displayname/>"
         "<D:successor-set/></D:prop></D:version-tree>",
     "{DAV:}version-tree\nasks {DAV:}version-name\nasks {DAV:}creator-displayname\n"
     "asks {DAV:}successor-set\n"},
    /* RFC 3253 section 3.8.1. */
    {"expand-property",
     XML "<D:expand-property" DAV ">\n<D:property name=\"version-history\">\n"
         "<D:property name=\"version-set\">\n<D:property name=\"creator-displayname\"/>\n"
         "<D:property name=\"activity-set\"/>\n</D:property>\n</D:property>\n"
         "<D:property name=\"checked-in\"/>\n</D:expand-property>",
     "{DAV:}expand-property\nasks {DAV:}version-history\nasks {DAV:}checked-in\n"},
    {"expand-property-namespaces",
     "<A:expand-property xmlns:A=\"DAV:\"><A:property name=\"calendar-proxy-write-for\" "
     "namespace=\"" CS "\"><A:property name=\"email-address-set\" namespace=\"" CS "\"/>"
     "</A:property><A:property namespace='DAV:' name='owner'/><A:property name='n' namespace=''/>"
     "<A:property/><A:property name=''/><A:property A:name='other'/>"
     "<x:property xmlns:x='urn:x' name='other'/></A:expand-property>",
     "{DAV:}expand-property\nasks {" CS "}calendar-proxy-write-for\nasks {DAV:}owner\nasks n\n"},
    /* RFC 3253 section 5.4.1. */
    {"locate-by-history",
     XML "<D:locate-by-history" DAV "><D:version-history-set><D:href>http://repo.example/h/1"
         "</D:href></D:version-history-set><D:prop><D:version-history/></D:prop>"
         "</D:locate-by-history>",
     "{DAV:}locate-by-history\nasks {DAV:}version-history\n"},
    /* RFC 3253 section 11.2.1. */
    {"merge",
     XML "<D:merge" DAV "><D:source><D:href>http://dav.example/act/2</D:href></D:source>"
         "<D:no-auto-merge/><D:prop><D:checked-in/></D:prop></D:merge>",
     "{DAV:}merge\nasks {DAV:}checked-in\n"},
    /* RFC 3744 section 9.2.1. */
    {"acl-principal-prop-set",
     XML "<D:acl-principal-prop-set" DAV "><D:prop><D:displayname/></D:prop>"
         "</D:acl-principal-prop-set>",
     "{DAV:}acl-principal-prop-set\nasks {DAV:}displayname\n"},
    /* RFC 3744 section 9.3.1. */
    {"principal-match",
     XML "<D:principal-match" DAV "><D:principal-property><D:owner/></D:principal-property>"
         "<D:prop><D:getetag/></D:prop></D:principal-match>",
     "{DAV:}principal-match\nasks {DAV:}getetag\n"},
    /* RFC 3744 section 9.4.2. */
    {"principal-property-search",
     XML "<D:principal-property-search" DAV "><D:property-search><D:prop><D:displayname/></D:prop>"
         "<D:match>arA</D:match></D:property-search><D:property-search><D:prop xmlns:B=\"urn:b\">"
         "<B:title/></D:prop><D:match>Crew</D:match></D:property-search>"
         "<D:prop xmlns:B=\"urn:b\"><B:deck/><B:wage/></D:prop></D:principal-property-search>",
     "{DAV:}principal-property-search\nasks {urn:b}deck\nasks {urn:b}wage\n"},
    /* RFC 3744 section 9.5.1. */
    {"principal-search-property-set", XML "<D:principal-search-property-set" DAV "/>",
     "{DAV:}principal-search-property-set\n"},
    /* calendarserver.org */
    {"calendarserver-principal-search",
     "<B:calendarserver-principal-search xmlns:B=\"" CS "\" context=\"attendee\">"
     "<B:search-token match-type=\"starts-with\">ida</B:search-token>"
     "<B:limit><B:nresults>50</B:nresults></B:limit><A:prop xmlns:A=\"DAV:\"><A:principal-URL/>"
     "</A:prop></B:calendarserver-principal-search>",
     "{" CS "}calendarserver-principal-search\nasks {DAV:}principal-URL\nlimit 50\n"},
    /* ownCloud and Nextcloud */
    {"filter-files",
     "<oc:filter-files xmlns:d=\"DAV:\" xmlns:oc=\"http://owncloud.org/ns\"><d:prop><oc:id/>"
     "</d:prop><oc:filter-rules><oc:favorite>1</oc:favorite></oc:filter-rules></oc:filter-files>",
     "{http://owncloud.org/ns}filter-files\nasks {http://owncloud.org/ns}id\n"},
    /* Subversion */
    {"svn-log",
     "<S:log-report xmlns:S=\"svn:\"><S:start-revision>9</S:start-revision><S:limit>1</S:limit>"
     "<S:revprop>svn:author</S:revprop><S:path></S:path></S:log-report>",
     "{svn:}log-report\n"},
};

static const request_row calendar_reports[] = {
    /* RFC 4791 section 7.8.1. */
    {"calendar-query-partial",
     XML "<C:calendar-query" DAV XMLNS_C ">\n<D:prop>\n<D:getetag/>\n<C:calendar-data>\n"
         "<C:comp name=\"VCALENDAR\">\n<C:prop name=\"VERSION\"/>\n<C:comp name=\"VEVENT\">\n"
         "<C:prop name=\"SUMMARY\"/>\n<C:allprop/></C:comp>\n</C:comp>\n</C:calendar-data>\n"
         "</D:prop>\n<C:filter>\n<C:comp-filter name=\"VCALENDAR\">\n<D:prop><D:no/></D:prop>"
         "<C:comp-filter name=\"VEVENT\">\n<C:time-range start=\"20260104T000000Z\" "
         "end=\"20260105T000000Z\"/>\n</C:comp-filter>\n</C:comp-filter>\n</C:filter>\n"
         "</C:calendar-query>",
     "{" CALDAV "}calendar-query\nasks {DAV:}getetag\nasks {" CALDAV "}calendar-data\n"
     "wants data, in part\n"
     "component VEVENT from 20260104T000000Z to 20260105T000000Z\n"},
    /* Section 7.8.3. */
    {"calendar-query-expanded",
     XML "<C:calendar-query" DAV XMLNS_C "><D:prop><C:calendar-data><C:expand "
         "start=\"20260103T000000Z\" end=\"20260105T000000Z\"/></C:calendar-data></D:prop>"
         "<C:filter/></C:calendar-query>",
     "{" CALDAV "}calendar-query\nasks {" CALDAV "}calendar-data\nwants data, expanded\n"},
    /* Sections 9.7.1 and 9.7.4, and what is not a component filter. */
    {"calendar-query-filters",
     "<C:calendar-query" DAV XMLNS_C "><D:prop><D:getetag/></D:prop><C:filter>"
     "<C:comp-filter name=\"VCALENDAR\"><C:is-not-defined/><C:comp-filter name=\"VTODO\">"
     "<C:prop-filter name=\"COMPLETED\"><C:is-not-defined/><C:time-range "
     "start=\"20260104T000000Z\"/>"
     "</C:prop-filter><C:comp-filter name=\"VALARM\"><C:is-not-defined/></C:comp-filter>"
     "</C:comp-filter><C:comp-filter name=\"VJOURNAL\"><C:is-not-defined/></C:comp-filter>"
     "<C:comp-filter><C:is-not-defined/></C:comp-filter>"
     "<C:comp-filter name=\"VEVENT\"><C:time-range end=\"20260104T000000Z\"/></C:comp-filter>"
     "</C:comp-filter></C:filter></C:calendar-query>",
     "{" CALDAV "}calendar-query\nasks {DAV:}getetag\ncomponent VTODO\n"
     "component VJOURNAL, not defined\ncomponent VEVENT from ever to 20260104T000000Z\n"},
    /* Section 7.8.10: the namespace DAV: is declared on prop only. */
    {"calendar-query-late-prefix",
     XML "<C:calendar-query" XMLNS_C "><D:prop" DAV "><D:getetag/></D:prop><C:filter>"
         "<C:comp-filter name=\"VCALENDAR\"/></C:filter></C:calendar-query>",
     "{" CALDAV "}calendar-query\nasks {DAV:}getetag\n"},
    {"calendar-query-allprop",
     "<C:calendar-query" DAV XMLNS_C "><D:allprop/><C:filter/></C:calendar-query>",
     "{" CALDAV "}calendar-query\nallprop\n"},
    /* The same names in another namespace (sections 9.6.3 and 9.6.4). */
    {"calendar-query-caldav-prop",
     "<C:calendar-query" DAV XMLNS_C "><C:allprop/><C:prop name=\"UID\"/></C:calendar-query>",
     "{" CALDAV "}calendar-query\n"},
    /* Section 7.9.1. */
    {"calendar-multiget",
     XML "<C:calendar-multiget" DAV XMLNS_C ">\n<D:prop>\n<D:getetag/>\n<C:calendar-data/>\n"
         "</D:prop>\n<D:href>/ida/shifts/one.ics</D:href>\n<D:href>\n  /ida/shifts/a%20b&amp;c.ics"
         "\n</D:href>\n</C:calendar-multiget>",
     "{" CALDAV "}calendar-multiget\nasks {DAV:}getetag\nasks {" CALDAV "}calendar-data\n"
     "href /ida/shifts/one.ics\nhref /ida/shifts/a%20b&c.ics\nwants data\n"},
    {"calendar-multiget-href-first",
     "<C:calendar-multiget" DAV XMLNS_C "><D:href/><D:href><![CDATA[/a]]></D:href><D:propname/>"
     "<x><D:href>/no</D:href></x></C:calendar-multiget>",
     "{" CALDAV "}calendar-multiget\npropname\nhref \nhref /a\n"},
    /* Section 7.10.1: no multistatus, and no properties. */
    {"free-busy-query",
     XML "<C:free-busy-query" XMLNS_C "><C:time-range start=\"20260104T140000Z\" "
         "end=\"20260105T220000Z\"/></C:free-busy-query>",
     "{" CALDAV "}free-busy-query\n"},

    /* RFC 6352 section 8.6.3. */
    {"addressbook-query",
     XML "<C:addressbook-query" DAV XMLNS_CR "><D:prop><D:getetag/><C:address-data>"
         "<C:prop name=\"VERSION\"/><C:prop name=\"UID\"/></C:address-data></D:prop><C:filter>"
         "<C:prop-filter name=\"NICKNAME\"><C:text-match>me</C:text-match></C:prop-filter>"
         "</C:filter></C:addressbook-query>",
     "{" CARDDAV "}addressbook-query\nasks {DAV:}getetag\nasks {" CARDDAV "}address-data\n"
     "wants data, in part\n"},
    /* Section 8.6.5. */
    {"addressbook-query-limit",
     XML "<C:addressbook-query" DAV XMLNS_CR "><D:prop><D:getetag/></D:prop><C:filter/><C:limit>\n"
         "<C:nresults> 2 </C:nresults>\n</C:limit></C:addressbook-query>",
     "{" CARDDAV "}addressbook-query\nasks {DAV:}getetag\nlimit 2\n"},
    /* Section 8.7.2. */
    {"addressbook-multiget",
     XML "<C:addressbook-multiget" DAV XMLNS_CR "><D:prop><D:getetag/>"
         "<C:address-data content-type='text/vcard' version='4.0'/></D:prop>"
         "<D:href>/cards/v1.vcf</D:href></C:addressbook-multiget>",
     "{" CARDDAV "}addressbook-multiget\nasks {DAV:}getetag\nasks {" CARDDAV "}address-data\n"
     "href /cards/v1.vcf\nwants data of type text/vcard version 4.0\n"},
    {"data-of-the-other-kind",
     "<C:addressbook-multiget" DAV XMLNS_CR "><D:prop><C:calendar-data/></D:prop>"
     "</C:addressbook-multiget>",
     "{" CARDDAV "}addressbook-multiget\nasks {" CARDDAV "}calendar-data\n"},
    {"multiget-in-dav", "<D:calendar-multiget" DAV "><D:href>/a</D:href></D:calendar-multiget>",
     "{DAV:}calendar-multiget\n"},
};

static const request_row syncs[] = {
    /* RFC 6578 section 3.8. */
    {"initial",
     XML "<D:sync-collection" DAV ">\n<D:sync-token/>\n<D:sync-level>1</D:sync-level>\n"
         "<D:prop xmlns:R=\"urn:example:boxes\">\n<D:getetag/>\n<R:bigbox/>\n</D:prop>\n"
         "</D:sync-collection>",
     "{DAV:}sync-collection\nasks {DAV:}getetag\nasks {urn:example:boxes}bigbox\ntoken \"\"\n"
     "level \"1\"\n"},
    /* Section 3.9. */
    {"token",
     XML "<D:sync-collection" DAV "><D:sync-token>\n http://dav.example/sync/77\n</D:sync-token>"
         "<D:sync-level>infinite</D:sync-level><D:prop><D:getetag/></D:prop></D:sync-collection>",
     "{DAV:}sync-collection\nasks {DAV:}getetag\ntoken \"http://dav.example/sync/77\"\n"
     "level \"infinite\"\n"},
    /* Section 3.11. */
    {"limit",
     XML "<D:sync-collection" DAV "><D:sync-token/><D:sync-level>1</D:sync-level><D:limit>"
         "<D:nresults>100</D:nresults></D:limit><D:prop><D:getetag/></D:prop>"
         "</D:sync-collection>",
     "{DAV:}sync-collection\nasks {DAV:}getetag\ntoken \"\"\nlevel \"1\"\nlimit 100\n"},
    {"no-token", "<D:sync-collection" DAV "><D:prop/></D:sync-collection>",
     "{DAV:}sync-collection\n"},
    {"two-tokens",
     "<D:sync-collection" DAV "><D:sync-token>a</D:sync-token><D:sync-token>b</D:sync-token>"
     "</D:sync-collection>",
     "{DAV:}sync-collection\ntoken \"a\"\n"},
    {"other-elements",
     "<D:sync-collection" DAV XMLNS_C "><C:sync-token>a</C:sync-token><D:href>/a</D:href>"
     "<C:filter><D:sync-token>b</D:sync-token></C:filter></D:sync-collection>",
     "{DAV:}sync-collection\n"},
    {"with-calendar-data",
     "<D:sync-collection" DAV XMLNS_C "><D:sync-token>t</D:sync-token><D:prop><C:calendar-data/>"
     "</D:prop></D:sync-collection>",
     "{DAV:}sync-collection\nasks {" CALDAV "}calendar-data\ntoken \"t\"\nwants data\n"},
};

typedef struct {
    const char *name; /* what nresults holds */
    bool has_limit;
    uint32_t limit;
} limit_row;

static const limit_row limits[] = {
    {"0", true, 0},   {"1", true, 1},      {"007", true, 7},   {"4294967295", true, UINT32_MAX},
    {"", false, 0},   {"many", false, 0},  {"10 0", false, 0}, {"4294967296", false, 0},
    {"-1", false, 0}, {"+1", false, 0},    {"0x10", false, 0}, {"1.5", false, 0},
    {"1a", false, 0}, {"&#x31;", true, 1}, {"\n5\t", true, 5}, {"99999999999999999999", false, 0},
};

static void test_limit(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(limits); i++) {
        char *body = g_strdup_printf("<D:sync-collection" DAV "><D:limit><D:nresults>%s"
                                     "</D:nresults></D:limit></D:sync-collection>",
                                     limits[i].name);
        ms_request *request = parse(body, strlen(body), NULL);

        unit_check(request->has_limit == limits[i].has_limit && request->limit == limits[i].limit,
                   "\"%s\" is %s %u", limits[i].name, request->has_limit ? "limit" : "no limit",
                   request->limit);
        ms_request_free(request);
        g_free(body);
    }
}

/* ---- locks and search ---- */

static const request_row others[] = {
    /* RFC 4918 section 9.10.7. */
    {"lock",
     XML "<D:lockinfo xmlns:D='DAV:'>\n<D:lockscope><D:exclusive/></D:lockscope>\n"
         "<D:locktype><D:write/></D:locktype>\n<D:owner>\n"
         "<D:href>http://dav.example/~ida/contact.html</D:href>\n</D:owner>\n</D:lockinfo>",
     "{DAV:}lockinfo\nscope \"exclusive\"\ntype \"write\"\n"
     "owner \"http://dav.example/~ida/contact.html\"\n"},
    /* Section 9.10.9: another order. */
    {"lock-shared",
     "<D:lockinfo" DAV "><D:owner>Ida</D:owner><D:locktype><D:write/></D:locktype><D:lockscope>"
     "<D:shared/></D:lockscope></D:lockinfo>",
     "{DAV:}lockinfo\nscope \"shared\"\ntype \"write\"\nowner \"Ida\"\n"},
    {"lock-mixed-owner",
     "<D:lockinfo" DAV "><D:owner>Ida <x:mail xmlns:x='urn:x'>&lt;<b>ida</b>@dav.example&gt;"
     "</x:mail> (2)</D:owner></D:lockinfo>",
     "{DAV:}lockinfo\nowner \"Ida <ida@dav.example> (2)\"\n"},
    {"lock-empty-owner", "<D:lockinfo" DAV "><D:lockscope/><D:owner/></D:lockinfo>",
     "{DAV:}lockinfo\nowner \"\"\n"},
    /* Exchange's transactions: */
    {"lock-transaction",
     "<D:lockinfo" DAV "><D:lockscope><D:local/></D:lockscope><D:locktype><D:transaction>"
     "<D:groupoperation/></D:transaction></D:locktype></D:lockinfo>",
     "{DAV:}lockinfo\nscope \"local\"\ntype \"transaction\"\n"},
    {"lock-scope-of-others",
     "<D:lockinfo" DAV " xmlns:x='urn:x'><D:lockscope><x:exclusive/><D:shared/><D:exclusive/>"
     "</D:lockscope></D:lockinfo>",
     "{DAV:}lockinfo\nscope \"shared\"\n"},

    /* RFC 5323 section 5. */
    {"search",
     XML "<D:searchrequest" DAV "><D:basicsearch><D:select><D:prop><D:getcontentlength/>"
         "<D:displayname/></D:prop></D:select><D:from><D:scope><D:href>/c/</D:href>"
         "<D:depth>infinity</D:depth></D:scope></D:from><D:where><D:gt><D:prop>"
         "<D:getlastmodified/></D:prop><D:literal>1</D:literal></D:gt></D:where><D:orderby>"
         "<D:order><D:prop><D:creationdate/></D:prop></D:order></D:orderby><D:limit>"
         "<D:nresults>10</D:nresults></D:limit></D:basicsearch></D:searchrequest>",
     "{DAV:}searchrequest\nasks {DAV:}getcontentlength\nasks {DAV:}displayname\nhref /c/\nlimit "
     "10\n"},
    {"search-allprop",
     "<d:searchrequest xmlns:d=\"DAV:\"><d:basicsearch><d:select><d:allprop/></d:select>"
     "</d:basicsearch></d:searchrequest>",
     "{DAV:}searchrequest\nallprop\n"},
    {"search-sql",
     "<a:searchrequest xmlns:a=\"DAV:\"><a:sql>SELECT \"DAV:displayname\" FROM \"/c/\" WHERE "
     "\"DAV:ishidden\" = false</a:sql></a:searchrequest>",
     "{DAV:}searchrequest\n"},
    {"query-schema-discovery",
     "<D:query-schema-discovery" DAV "><D:basicsearch><D:select><D:prop><D:no/></D:prop>"
     "</D:select></D:basicsearch></D:query-schema-discovery>",
     "{DAV:}query-schema-discovery\n"},

    /* RFC 3744 section 8.1.2. */
    {"acl",
     "<D:acl" DAV "><D:ace><D:principal><D:property><D:owner/></D:property></D:principal>"
     "<D:grant><D:privilege><D:read/></D:privilege></D:grant></D:ace></D:acl>",
     "{DAV:}acl\nprincipal {DAV:}owner\ngrants {DAV:}read\n"},
    {"acl-entries",
     "<D:acl" DAV "><D:ace><D:principal><D:href> /u/ines </D:href></D:principal><D:grant>"
     "<D:privilege><D:read/></D:privilege><D:privilege><C:read-free-busy" XMLNS_C "/>"
     "</D:privilege></D:grant></D:ace><D:ace><D:invert><D:principal><D:all/></D:principal>"
     "</D:invert><D:deny><D:privilege><D:write/></D:privilege></D:deny></D:ace></D:acl>",
     "{DAV:}acl\nprincipal /u/ines\nprincipal {DAV:}all\ngrants {DAV:}read\n"
     "grants {" CALDAV "}read-free-busy\ndenies {DAV:}write\n"},

    /* RFC 4918 section 9.10.7: the answer to a LOCK. Of several locks the first counts. */
    {"lock-answer",
     XML "<D:prop" DAV "><D:lockdiscovery><D:activelock><D:locktype><D:write/></D:locktype>"
         "<D:lockscope><D:shared/></D:lockscope><D:depth>infinity</D:depth><D:owner><D:href>"
         "mailto:a@b</D:href></D:owner><D:timeout>Second-604800</D:timeout><D:locktoken><D:href>"
         "urn:uuid:1</D:href></D:locktoken><D:lockroot><D:href>/c/</D:href></D:lockroot>"
         "</D:activelock><D:activelock><D:locktoken><D:href>urn:uuid:2</D:href></D:locktoken>"
         "</D:activelock></D:lockdiscovery></D:prop>",
     "{DAV:}prop\nscope \"shared\"\ntype \"write\"\nowner \"mailto:a@b\"\nroot \"/c/\"\n"
     "lock token \"urn:uuid:1\"\ndepth \"infinity\"\ntimeout \"Second-604800\"\n"},
    {"unlocked", "<D:prop" DAV "><D:lockdiscovery/></D:prop>", "{DAV:}prop\n"},
    {"bulk",
     "<M:multiput xmlns:M=\"http://me.com/_namespace/\"" DAV "><M:resource><D:href>/a</D:href>"
     "<D:set><D:prop><D:a/></D:prop></D:set></M:resource></M:multiput>",
     "{http://me.com/_namespace/}multiput\n"},
    {"html", "<!DOCTYPE html><html><body>no</body></html>", "html\n"},
};

/* ---- bodies not right ---- */

#define BOMB                                                                                       \
    "<!DOCTYPE D:propfind [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">"     \
    "<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;\">"             \
    "<!ENTITY x SYSTEM \"file:///etc/hostname\"><!ENTITY % p SYSTEM \"http://127.0.0.1:9/\"> "     \
    "%p;]>"

static const request_row malformed[] = {
    {"white-space", " \r\n", "nothing, not well-formed\n"},
    {"text", "PROPFIND me", "nothing, not well-formed\n"},
    {"json", "{\"prop\": []}", "nothing, not well-formed\n"},
    {"declaration-alone", XML, "nothing, not well-formed\n"},
    {"cut-in-root-tag", "<D:propfind" DAV, "nothing, not well-formed\n"},
    {"cut-in-a-name", "<D:propfind" DAV "><D:prop><D:a/><D:getet",
     "{DAV:}propfind, not well-formed\nasks {DAV:}a\n"},
    {"cut-behind-a-name", "<D:propfind" DAV "><D:prop><D:a><D:getetag>",
     "{DAV:}propfind, not well-formed\nasks {DAV:}a\n"},
    {"cut-in-href",
     "<C:calendar-multiget" DAV XMLNS_C "><D:prop><D:a/></D:prop><D:href>/a</D:href><D:href>/ab",
     "{" CALDAV "}calendar-multiget, not well-formed\nasks {DAV:}a\nhref /a\n"},
    {"cut-in-token", "<D:sync-collection" DAV "><D:sync-level>1</D:sync-level><D:sync-token>http:",
     "{DAV:}sync-collection, not well-formed\nlevel \"1\"\n"},
    {"cut-in-owner", "<D:lockinfo" DAV "><D:lockscope><D:shared/></D:lockscope><D:owner>Id",
     "{DAV:}lockinfo, not well-formed\nscope \"shared\"\n"},
    {"broken-tag",
     "<D:propfind" DAV "><D:prop><D:a/><D:b <D:c/><D:d/></D:prop><D:allprop/></D:propfind>",
     "{DAV:}propfind, not well-formed\nallprop\nasks {DAV:}a\nasks {DAV:}c\nasks {DAV:}d\n"},
    {"space-in-empty-tag", "<D:propfind" DAV "><D:prop><D:a/ ><D:b/></D:prop></D:propfind>",
     "{DAV:}propfind, not well-formed\nasks {DAV:}b\n"},
    {"broken-attribute", "<D:propfind" DAV "><D:prop><D:a x=1/><D:b/></D:prop></D:propfind>",
     "{DAV:}propfind, not well-formed\nasks {DAV:}b\n"},
    {"wrong-end-tag", "<D:propfind" DAV "><D:prop><D:a></D:b><D:c/></D:prop></D:propfind>",
     "{DAV:}propfind, not well-formed\nasks {DAV:}a\nasks {DAV:}c\n"},
    {"raw-ampersand",
     "<C:calendar-multiget" DAV XMLNS_C
     "><D:href>/a&b</D:href><D:href>/c</D:href></C:calendar-multiget>",
     "{" CALDAV "}calendar-multiget, not well-formed\nhref /c\n"},
    {"undeclared-entity", "<D:lockinfo" DAV "><D:owner>a&nbsp;b</D:owner></D:lockinfo>",
     "{DAV:}lockinfo, not well-formed\n"},
    {"control-character", "<D:lockinfo" DAV "><D:owner>a\x01</D:owner></D:lockinfo>",
     "{DAV:}lockinfo, not well-formed\n"},
    {"invalid-utf8", "<D:lockinfo" DAV "><D:owner>Id\xE4</D:owner></D:lockinfo>",
     "{DAV:}lockinfo, not well-formed\nowner \"Id?\"\n"},
    {"two-roots", "<D:propfind" DAV "><D:allprop/></D:propfind><D:lockinfo" DAV "/>",
     "{DAV:}propfind, not well-formed\nallprop\n"},
    {"text-behind", "<D:propfind" DAV "><D:allprop/></D:propfind> x",
     "{DAV:}propfind, not well-formed\nallprop\n"},

    /* Unusual, but in order. */
    {"comments",
     "<!-- a --><D:propfind" DAV "><!-- <D:allprop/> --><D:prop><!-- > --><D:a/><?p i?></D:prop>"
     "</D:propfind><!-- z -->\n",
     "{DAV:}propfind\nasks {DAV:}a\n"},
    {"byte-order-mark", "\xEF\xBB\xBF" XML "<D:propfind" DAV "><D:allprop/></D:propfind>",
     "{DAV:}propfind\nallprop\n"},
    {"greater-than-in-attribute",
     "<D:propfind" DAV " x='>' ><D:prop><D:a y=\"/>\"/><D:b y=\">\"\n/></D:prop></D:propfind>",
     "{DAV:}propfind\nasks {DAV:}a\nasks {DAV:}b\n"},
};

static const request_row entities[] = {
    {"bomb", BOMB "<D:lockinfo" DAV "><D:owner>&d;</D:owner></D:lockinfo>",
     "{DAV:}lockinfo\nowner \"&d;\"\n"},
    {"external", BOMB "<D:lockinfo" DAV "><D:owner>&x;</D:owner></D:lockinfo>",
     "{DAV:}lockinfo\nowner \"&x;\"\n"},
    {"elements",
     "<!DOCTYPE x [<!ENTITY p \"<D:prop xmlns:D='DAV:'><D:a/></D:prop>\">]>"
     "<D:propfind" DAV ">&p;<D:allprop/></D:propfind>",
     "{DAV:}propfind\nallprop\n"},
    {"predefined",
     "<D:lockinfo" DAV "><D:owner>&lt;&gt;&amp;&quot;&apos;&#x263A;</D:owner></D:lockinfo>",
     "{DAV:}lockinfo\nowner \"<>&\"'\xE2\x98\xBA\"\n"},
    {"default-attribute",
     "<!DOCTYPE D:expand-property [<!ATTLIST D:property name CDATA \"no\">]>"
     "<D:expand-property" DAV "><D:property/></D:expand-property>",
     "{DAV:}expand-property\n"},
};

/* A DTD is never used, so what its entities stand for is never included; whether a body that needs
 * them counts as well-formed depends on the version of libxml2. */
static void test_entity(const void *data)
{
    const request_row *row = data;
    ms_request *request = parse(row->body, strlen(row->body), NULL);

    request->well_formed = true;
    char *text = describe(request);

    unit_check_text("request", text, row->request);
    g_free(text);
    ms_request_free(request);
}

static void test_no_body(void)
{
    ms_request *request = ms_request_parse(NULL, 0, NULL);
    char *text = describe(request);

    unit_check_text("request", text, "nothing\n");
    unit_check(!request->allprop, "allprop without a body");
    g_free(text);
    ms_request_free(request);
    ms_request_free(NULL);
}

/* ---- every table ---- */

static const struct {
    const request_row *rows;
    size_t count;
} tables[] = {
    {propfinds, G_N_ELEMENTS(propfinds)}, {updates, G_N_ELEMENTS(updates)},
    {reports, G_N_ELEMENTS(reports)},     {calendar_reports, G_N_ELEMENTS(calendar_reports)},
    {syncs, G_N_ELEMENTS(syncs)},         {others, G_N_ELEMENTS(others)},
};

static void each_body(void (*test)(const request_row *row))
{
    for (size_t i = 0; i < G_N_ELEMENTS(tables); i++) {
        for (size_t j = 0; j < tables[i].count; j++)
            test(&tables[i].rows[j]);
    }
}

static void check_spans(const request_row *row)
{
    size_t length = strlen(row->body);
    ms_request *request = parse(row->body, length, NULL);
    GBytes *body = g_bytes_new_static(row->body, length);

    visit_places(request, check_element, body);
    g_bytes_unref(body);
    ms_request_free(request);
}

static void test_spans(void)
{
    each_body(check_spans);
}

typedef struct {
    const char *name;
    const char *mark;
    size_t mark_length;
} utf16_row;

static const utf16_row utf16[] = {
    {"UTF-16LE", "\xFF\xFE", 2},
    {"UTF-16BE", "\xFE\xFF", 2},
    {"UTF-16LE", "", 0},
    {"UTF-16BE", "", 0},
};

/* The same request, and the same elements at its places (RFC 4918 section 19). */
static void check_utf16(const request_row *row)
{
    const char *xml = g_str_has_prefix(row->body, XML) ? row->body + strlen(XML) : row->body;
    ms_request *plain = parse(xml, strlen(xml), NULL);
    char *elements = places_of(plain, xml, strlen(xml), "UTF-8");

    for (size_t i = 0; i < G_N_ELEMENTS(utf16); i++) {
        gsize length;
        char *text = g_convert(xml, -1, utf16[i].name, "UTF-8", NULL, &length, NULL);
        GByteArray *body = g_byte_array_new();

        g_byte_array_append(body, (const guint8 *)utf16[i].mark, (guint)utf16[i].mark_length);
        g_byte_array_append(body, (const guint8 *)text, (guint)length);
        ms_request *request = parse((const char *)body->data, body->len, NULL);
        char *described = describe(request);
        char *found = places_of(request, (const char *)body->data, body->len, utf16[i].name);

        unit_check_text(row->name, described, row->request);
        unit_check_text(row->name, found, elements);
        g_free(found);
        g_free(described);
        ms_request_free(request);
        g_byte_array_free(body, TRUE);
        g_free(text);
    }
    g_free(elements);
    ms_request_free(plain);
}

static void test_utf16(void)
{
    each_body(check_utf16);
}

/* Latin-1 by its declaration, an unknown charset, one whose places cannot be determined. */
static void test_encodings(void)
{
    static const struct {
        const char *body, *content_type, *request;
        ms_span owner;
    } rows[] = {
        {"<?xml version='1.0' encoding='iso-8859-1'?><D:lockinfo xmlns:D='DAV:'><D:owner>\xE4"
         "</D:owner></D:lockinfo>",
         NULL,
         "{DAV:}lockinfo\nowner \"\xC3\xA4\"\n",
         {70, 20}},
        {"<D:lockinfo xmlns:D='DAV:'><D:owner>a</D:owner></D:lockinfo>",
         "text/xml; charset=x-unheard-of",
         "{DAV:}lockinfo\nowner \"a\"\n",
         {27, 20}},
        {"<D:lockinfo xmlns:D='DAV:'><D:owner>\x82\xA0</D:owner></D:lockinfo>",
         "text/xml; charset=Shift_JIS",
         "{DAV:}lockinfo\nowner \"\xE3\x81\x82\"\n",
         {0, 61}},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        ms_request *request = parse(rows[i].body, strlen(rows[i].body), rows[i].content_type);
        char *text = describe(request);
        ms_span owner = request->lock_owner.span;

        unit_check_text("request", text, rows[i].request);
        unit_check(owner.offset == rows[i].owner.offset && owner.length == rows[i].owner.length,
                   "row %zu: the owner is at %u+%u", i, owner.offset, owner.length);
        g_free(text);
        ms_request_free(request);
    }
}

static bool is_part(const ms_text *part, uint32_t n_part, const ms_text *whole, uint32_t n_whole)
{
    for (uint32_t i = 0; i < n_part; i++) {
        if (i >= n_whole || strcmp(part[i].text, whole[i].text) != 0)
            return false;
    }
    return true;
}

static bool is_text(const ms_text *part, const ms_text *whole)
{
    return !part->text || g_strcmp0(part->text, whole->text) == 0;
}

/* Cut at every byte: nothing that the whole body does not say. */
static void check_cut(const request_row *row)
{
    size_t length = strlen(row->body);
    ms_request *whole = parse(row->body, length, NULL);
    size_t end = whole->span.offset + whole->span.length;

    for (size_t cut = 1; cut < length; cut++) {
        ms_request *part = parse(row->body, cut, NULL);

        unit_check(part->well_formed == (cut >= end), "%s: cut at %zu of %zu: %s", row->name, cut,
                   length, part->well_formed ? "well-formed" : "not well-formed");
        unit_check(
            is_part(part->properties, part->n_properties, whole->properties, whole->n_properties) &&
                is_part(part->set, part->n_set, whole->set, whole->n_set) &&
                is_part(part->remove, part->n_remove, whole->remove, whole->n_remove) &&
                is_part(part->hrefs, part->n_hrefs, whole->hrefs, whole->n_hrefs) &&
                is_text(&part->sync_token, &whole->sync_token) &&
                is_text(&part->sync_level, &whole->sync_level) &&
                is_text(&part->lock_scope, &whole->lock_scope) &&
                is_text(&part->lock_type, &whole->lock_type) &&
                is_text(&part->lock_owner, &whole->lock_owner) &&
                (!part->has_limit || part->limit == whole->limit) &&
                (!part->allprop || whole->allprop) && (!part->propname || whole->propname) &&
                (!part->root || strcmp(part->root, whole->root) == 0),
            "%s: cut at %zu of %zu it says something else", row->name, cut, length);
        ms_request_free(part);
    }
    ms_request_free(whole);
}

static void test_cut(void)
{
    each_body(check_cut);
}

/* Cut within characters and entities, with whatever encoding the rest suggests. */
static void test_cut_malformed(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(malformed) + G_N_ELEMENTS(entities); i++) {
        const request_row *row =
            i < G_N_ELEMENTS(malformed) ? &malformed[i] : &entities[i - G_N_ELEMENTS(malformed)];

        for (size_t cut = 1; cut < strlen(row->body); cut++) {
            ms_request_free(parse(row->body, cut, NULL));
            ms_request_free(parse(row->body, cut, "text/xml; charset=utf-16"));
        }
    }
}

/* ---- limits ---- */

/* `count` elements, numbered, between the parts of a body. */
static GString *numbered(const char *before, const char *start, uint32_t count, const char *end,
                         const char *after)
{
    GString *body = g_string_new(before);

    for (uint32_t i = 0; i < count; i++)
        g_string_append_printf(body, "%s%u%s", start, i, end);
    return g_string_append(body, after);
}

/* The rest of the body is still read: the token comes after the names. */
static void check_items(uint32_t count, const char *before, const char *start, const char *end,
                        const char *after)
{
    GString *body = numbered(before, start, count, end, after);
    ms_request *request = parse(body->str, body->len, NULL);
    uint32_t items = request->n_properties + request->n_set + request->n_remove + request->n_hrefs;

    unit_check(items == MIN(count, MS_REQUEST_ITEMS), "%u of %u items", items, count);
    unit_check(request->truncated == (count > MS_REQUEST_ITEMS), "%u items: truncated is %d", count,
               request->truncated);
    unit_check(request->well_formed, "%u items: not well-formed", count);
    ms_request_free(request);
    g_string_free(body, TRUE);
}

static void test_items(void)
{
    for (uint32_t count = MS_REQUEST_ITEMS; count <= MS_REQUEST_ITEMS + 1; count++) {
        check_items(count, "<C:calendar-multiget" DAV XMLNS_C ">", "<D:href>/c/", "</D:href>",
                    "</C:calendar-multiget>");
        check_items(count, "<D:propfind" DAV "><D:prop>", "<D:p", "/>", "</D:prop></D:propfind>");
        check_items(count, "<D:propertyupdate" DAV ">", "<D:set><D:prop><D:p",
                    "/></D:prop></D:set>", "</D:propertyupdate>");
        check_items(count, "<D:propertyupdate" DAV ">", "<D:remove><D:prop><D:p",
                    "/></D:prop></D:remove>", "</D:propertyupdate>");
        check_items(count, "<D:expand-property" DAV ">", "<D:property name='p", "'/>",
                    "</D:expand-property>");
    }
}

/* All the kinds count together, and what follows them is still read. */
static void test_items_together(void)
{
    GString *body =
        numbered("<C:calendar-multiget" DAV XMLNS_C "><D:prop>", "<D:p", 60000, "/>", "</D:prop>");
    GString *hrefs =
        numbered("", "<D:href>/", 60000, "</D:href>", "<D:allprop/></C:calendar-multiget>");

    g_string_append(body, hrefs->str);
    ms_request *request = parse(body->str, body->len, NULL);

    unit_check(request->n_properties == 60000 && request->n_hrefs == 40000, "%u names, %u hrefs",
               request->n_properties, request->n_hrefs);
    unit_check(request->truncated && request->well_formed && request->allprop,
               "truncated %d, well-formed %d, allprop %d", request->truncated, request->well_formed,
               request->allprop);
    ms_request_free(request);
    g_string_free(hrefs, TRUE);
    g_string_free(body, TRUE);
}

static ms_request *nested(uint32_t depth)
{
    GString *body = numbered("<D:propfind" DAV "><D:prop>", "<D:d x='", depth - 2, "'>", "");

    for (uint32_t i = 2; i < depth; i++)
        g_string_append(body, "</D:d>");
    g_string_append(body, "</D:prop></D:propfind>");
    ms_request *request = parse(body->str, body->len, NULL);

    g_string_free(body, TRUE);
    return request;
}

static void test_depth(void)
{
    for (uint32_t depth = MS_LIMIT_DEPTH; depth < 100000; depth = depth * 3 / 2 + 1) {
        ms_request *request = nested(depth);
        bool within = depth <= MS_LIMIT_DEPTH;

        unit_check(request->n_properties == 1 && request->well_formed == within &&
                       request->truncated == !within,
                   "depth %u: %u names, well-formed %d, truncated %d", depth, request->n_properties,
                   request->well_formed, request->truncated);
        ms_request_free(request);
    }
}

/* In one piece, in pieces, and from the elements inside an owner. */
static void test_text(void)
{
    static const char *const pieces[] = {"x", "x&amp;", "<D:i>x</D:i>", "\xC3\xA4", "\xE2\x82\xAC"};

    for (size_t i = 0; i < G_N_ELEMENTS(pieces); i++) {
        GString *body = g_string_new("<D:lockinfo" DAV "><D:owner>");

        for (uint32_t j = 0; j <= MS_LIMIT_TEXT; j++)
            g_string_append(body, pieces[i]);
        g_string_append(body, "</D:owner><D:lockscope><D:shared/></D:lockscope></D:lockinfo>");
        ms_request *request = parse(body->str, body->len, NULL);

        size_t kept = strlen(request->lock_owner.text);

        unit_check(kept <= MS_LIMIT_TEXT && kept > MS_LIMIT_TEXT - 3, "\"%s\": %zu bytes",
                   pieces[i], kept);
        unit_check(!strstr(request->lock_owner.text, "\xEF\xBF\xBD"), "\"%s\": half a character",
                   pieces[i]);
        unit_check(request->truncated && request->well_formed,
                   "\"%s\": truncated %d, well-formed %d", pieces[i], request->truncated,
                   request->well_formed);
        unit_check_text("scope", request->lock_scope.text, "shared");
        ms_request_free(request);
        g_string_free(body, TRUE);
    }
}

/* What the rules about the request itself ask. */
static void test_form(void)
{
    static const struct {
        const char *body;
        uint32_t n_props;
        bool namespace_error, elsewhere;
    } forms[] = {
        {"<D:propfind xmlns:D='DAV:'><D:prop><D:a/></D:prop></D:propfind>", 1, false, false},
        {"<D:propfind xmlns:D='DAV:'><D:prop><D:a/></D:prop><D:prop><D:b/></D:prop></D:propfind>",
         2, false, false},
        {"<D:propfind xmlns:D='DAV:'><D:allprop/><D:include><D:a/></D:include></D:propfind>", 0,
         false, false},
        {"<D:propfind xmlns:D='DAV:'><D:prop><bar:foo xmlns:bar=''/></D:prop></D:propfind>", 1,
         true, false},
        {"<D:propfind xmlns:D='DAV:'><D:prop><foo xmlns=''/></D:prop></D:propfind>", 1, false,
         false},
        {"<D:principal-property-search xmlns:D='DAV:'><D:prop><D:a/></D:prop>"
         "<D:apply-to-principal-collection-set/></D:principal-property-search>",
         1, false, true},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
        ms_request *request = ms_request_parse(forms[i].body, strlen(forms[i].body), NULL);

        unit_check(request->n_props == forms[i].n_props, "%s: %u prop elements", forms[i].body,
                   request->n_props);
        unit_check(request->namespace_error == forms[i].namespace_error, "%s: namespaces",
                   forms[i].body);
        unit_check(request->elsewhere == forms[i].elsewhere, "%s: elsewhere", forms[i].body);
        ms_request_free(request);
    }
}

int main(int argc, char **argv)
{
    unit_init(argc, argv);
    unit_add_table("request/propfind", propfinds, test_row);
    unit_add_table("request/update", updates, test_row);
    unit_add_table("request/report", reports, test_row);
    unit_add_table("request/calendar", calendar_reports, test_row);
    unit_add_table("request/sync", syncs, test_row);
    unit_add_table("request/other", others, test_row);
    unit_add_table("request/malformed", malformed, test_row);
    unit_add_table("request/entity", entities, test_entity);
    g_test_add_func("/request/no-body", test_no_body);
    g_test_add_func("/request/limit", test_limit);
    g_test_add_func("/request/spans", test_spans);
    g_test_add_func("/request/utf-16", test_utf16);
    g_test_add_func("/request/encodings", test_encodings);
    g_test_add_func("/request/cut", test_cut);
    g_test_add_func("/request/cut-malformed", test_cut_malformed);
    g_test_add_func("/request/limits/items", test_items);
    g_test_add_func("/request/limits/items-together", test_items_together);
    g_test_add_func("/request/limits/depth", test_depth);
    g_test_add_func("/request/limits/text", test_text);
    g_test_add_func("/request/form", test_form);
    return g_test_run();
}
