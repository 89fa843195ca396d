/* test_rules.c
 * The catalogue of findings: every rule with a body that makes it speak and a legal neighbour on
 * which it stays silent, the examples of the RFCs, and bodies that get something wrong a hundred
 * thousand times.
 *
 * The expectations come from the sections that the table of rules names.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <string.h>

#include "apply.h"
#include "request.h"
#include "rules.h"
#include "unit.h"
#include "words.h"

#define DAV "{DAV:}"
#define CALDAV "{urn:ietf:params:xml:ns:caldav}"
#define CARDDAV "{urn:ietf:params:xml:ns:carddav}"
#define XML_TYPE "application/xml; charset=utf-8"

/* ------------------------------------------------------------------------------- contexts ---- */

/* An exchange that is known in full: a request for /c/, answered with 207. */
#define ASKED(method_, ...)                                                                        \
    {                                                                                              \
        .method = (method_), .uri = "/c/", .http_status = 207, .content_type = XML_TYPE,           \
        .reason_phrase = "Multi-Status", .request_known = true, __VA_ARGS__                        \
    }
#define ASKED_AT(method_, uri_)                                                                    \
    {                                                                                              \
        .method = (method_), .uri = (uri_), .http_status = 207, .content_type = XML_TYPE,          \
        .reason_phrase = "Multi-Status", .request_known = true                                     \
    }
#define PLAIN(method_) ASKED(method_, .host = "dav.example")
#define REPORT(name, ...) ASKED("REPORT", .report = (name), __VA_ARGS__)

/* The same, with another status or Content-Type. */
#define ANSWERED(method_, status_, type_)                                                          \
    {                                                                                              \
        .method = (method_), .uri = "/c/", .http_status = (status_), .content_type = (type_),      \
        .reason_phrase = "", .request_known = true                                                 \
    }

/* Only the body and the status are known. */
#define UNKNOWN                                                                                    \
    {                                                                                              \
        .http_status = 207                                                                         \
    }

#define NAMES(...)                                                                                 \
    .properties = (ms_text[])                                                                      \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }
#define NAME(text_)                                                                                \
    {                                                                                              \
        .text = (text_)                                                                            \
    }

static const ms_request two_names = {
    .present = true,
    .well_formed = true,
    .root = DAV "propfind",
    NAMES(NAME(DAV "displayname"), NAME(DAV "getetag")),
    .n_properties = 2,
};
static const ms_request one_of_two_names = {
    .present = true,
    .well_formed = true,
    .root = DAV "propfind",
    NAMES(NAME(DAV "displayname"), NAME("bar:foo")),
    .n_properties = 2,
    .n_props = 1,
};
static const ms_request undeclared_name = {
    .present = true,
    .well_formed = true,
    .namespace_error = true,
    .root = DAV "propfind",
    NAMES(NAME(DAV "displayname"), NAME("bar:foo")),
    .n_properties = 2,
    .n_props = 1,
};
static const ms_request many_props = {
    .present = true,
    .well_formed = true,
    .root = DAV "propfind",
    NAMES(NAME(DAV "displayname")),
    .n_properties = 1,
    .n_props = 7,
};
static const ms_request names_and_all = {.present = true,
                                         .well_formed = true,
                                         .root = DAV "propfind",
                                         .allprop = true,
                                         .propname = true};
static const ms_request many_names = {
    .present = true,
    .well_formed = true,
    .root = DAV "propfind",
    NAMES(NAME(DAV "a"), NAME(DAV "b"), NAME(DAV "c"), NAME(DAV "d"), NAME(DAV "e"), NAME(DAV "f"),
          NAME(DAV "g"), NAME(DAV "h"), NAME(DAV "i"), NAME(DAV "displayname")),
    .n_properties = 10,
    .n_props = 1,
};
static const ms_request names_only = {
    .present = true, .well_formed = true, .root = DAV "propfind", .propname = true};
static const ms_request cut_request = {.present = true, .root = DAV "propfind"};
static const ms_request any_names = {
    .present = true, .well_formed = true, .root = DAV "propfind", .allprop = true};
static const ms_request patch_two = {
    .present = true,
    .well_formed = true,
    .root = DAV "propertyupdate",
    .set = (ms_text[]){NAME(DAV "displayname")},
    .n_set = 1,
    .remove = (ms_text[]){NAME(DAV "getcontentlanguage")},
    .n_remove = 1,
};
static const ms_request sync_first = {
    .present = true, .well_formed = true, .root = DAV "sync-collection", .sync_token = NAME("")};
static const ms_request sync_next = {.present = true,
                                     .well_formed = true,
                                     .root = DAV "sync-collection",
                                     .sync_token = NAME("urn:t:1"),
                                     .has_limit = true,
                                     .limit = 2};
/* An href that needs encoding, and one that is relative. */
static const ms_request multiget_near = {
    .present = true,
    .well_formed = true,
    .root = CALDAV "calendar-multiget",
    .hrefs = (ms_text[]){NAME("/c/first.vcf"), NAME("/c/M%C3%BCller.vcf")},
    .n_hrefs = 2,
};
static const ms_request multiget_odd = {
    .present = true,
    .well_formed = true,
    .root = CALDAV "calendar-multiget",
    .hrefs = (ms_text[]){NAME("/c/My%20Day.ics"), NAME("b.ics")},
    .n_hrefs = 2,
};
static const ms_request search_here = {
    .present = true, .well_formed = true, .root = DAV "principal-property-search"};
static const ms_request search_everywhere = {.present = true,
                                             .well_formed = true,
                                             .root = DAV "principal-property-search",
                                             .elsewhere = true};
static const ms_request multiget = {
    .present = true,
    .well_formed = true,
    .root = CALDAV "calendar-multiget",
    NAMES(NAME(DAV "getetag"), NAME(CALDAV "calendar-data")),
    .n_properties = 2,
    .hrefs = (ms_text[]){NAME("/c/ab.ics"), NAME("/c/b.ics")},
    .n_hrefs = 2,
    .wants_data = true,
};

/* Queries for calendar and address data. */
#define DATA_REQUEST(root_, ...)                                                                   \
    {                                                                                              \
        .present = true, .well_formed = true, .root = (root_), .wants_data = true, __VA_ARGS__     \
    }
#define COMPONENTS(...)                                                                            \
    .components = (ms_component_filter[]){__VA_ARGS__},                                            \
    .n_components = G_N_ELEMENTS(((ms_component_filter[]){__VA_ARGS__}))

static const ms_request query = DATA_REQUEST(CALDAV "calendar-query", .n_hrefs = 0);
static const ms_request query_partial = DATA_REQUEST(CALDAV "calendar-query", .partial = true);
static const ms_request query_expand = DATA_REQUEST(CALDAV "calendar-query", .expands = true);
static const ms_request query_json =
    DATA_REQUEST(CALDAV "calendar-query", .data_type = "application/calendar+json");
static const ms_request query_todos =
    DATA_REQUEST(CALDAV "calendar-query", COMPONENTS({.name = "VTODO"}));
static const ms_request query_no_todos =
    DATA_REQUEST(CALDAV "calendar-query", COMPONENTS({.name = "VTODO", .not_defined = true}));
static const ms_request query_january =
    DATA_REQUEST(CALDAV "calendar-query", COMPONENTS({.name = "VEVENT",
                                                      .has_range = true,
                                                      .start = "20260101T000000Z",
                                                      .end = "20260201T000000Z"}));
static const ms_request query_from_february =
    DATA_REQUEST(CALDAV "calendar-query",
                 COMPONENTS({.name = "vevent", .has_range = true, .start = "20260201T000000Z"}));
static const ms_request query_cards =
    DATA_REQUEST(CARDDAV "addressbook-query", .data_version = "4.0", .has_limit = true, .limit = 2);
static const ms_request create_two = {
    .present = true,
    .well_formed = true,
    .root = DAV "mkcol",
    .set = (ms_text[]){NAME(DAV "resourcetype"), NAME(DAV "displayname")},
    .n_set = 2,
};

/* --------------------------------------------------------------------------------- bodies ---- */

#define OK_PROP "<D:displayname/>"
#define OK_ROW(href) RESPONSE(href, PROPSTAT(200, OK_PROP))
#define GOOD MULTISTATUS(OK_ROW("/c/"))
#define CODE_ROW(href, code) RESPONSE(href, STATUS(code))
#define LINE(text) "<D:status>" text "</D:status>"
#define LINE_ROW(text) MULTISTATUS(RESPONSE("/c/", LINE(text)))
#define PROP_ROW(prop) MULTISTATUS(RESPONSE("/c/", PROPSTAT(200, prop)))
#define DESCRIPTION(text) "<D:responsedescription>" text "</D:responsedescription>"
#define LOCATION(content) "<D:location>" content "</D:location>"
#define HREF(text) "<D:href>" text "</D:href>"
#define COLLECTION "<D:resourcetype><D:collection/></D:resourcetype>"
#define TOKEN(text) "<D:sync-token>" text "</D:sync-token>"
#define CONDITION_ROW(condition) MULTISTATUS(RESPONSE("/c/", STATUS(423) ERROR(condition)))
#define LIMIT_ERROR ERROR("<D:number-of-matches-within-limits/>")
#define EVENT(href, prop) RESPONSE(href, PROPSTAT(200, "<D:getetag>\"1\"</D:getetag>" prop))
#define DATA                                                                                       \
    "<C:calendar-data xmlns:C=\"urn:ietf:params:xml:ns:caldav\">BEGIN:VCALENDAR\nEND:VCALENDAR"    \
    "</C:calendar-data>"
#define SUPPORTED_REPORT(report)                                                                   \
    "<D:supported-report-set><D:supported-report>" report                                          \
    "</D:supported-report></D:supported-report-set>"
#define SUPPORTED_LOCK(entry)                                                                      \
    PROP_ROW("<D:supportedlock><D:lockentry>" entry "</D:lockentry></D:supportedlock>")

/* Calendar and address data. */
#define ICS(content)                                                                               \
    "<C:calendar-data "                                                                            \
    "xmlns:C=\"urn:ietf:params:xml:ns:caldav\">BEGIN:VCALENDAR\nVERSION:2.0\n" content             \
    "END:VCALENDAR\n</C:calendar-data>"
#define COMPONENT(name, content) "BEGIN:" name "\n" content "END:" name "\n"
#define VEVENT(uid, content) COMPONENT("VEVENT", "UID:" uid "\n" content)
#define VTODO(uid) COMPONENT("VTODO", "UID:" uid "\n")
#define JANUARY "DTSTART:20260120T100000Z\nDTEND:20260120T110000Z\n"
#define BERLIN COMPONENT("VTIMEZONE", "TZID:Europe/Berlin\n")
#define IN_BERLIN "DTSTART;TZID=Europe/Berlin:20260120T100000\nDURATION:PT1H\n"
#define VCF(version, uid)                                                                          \
    "<CR:address-data xmlns:CR=\"urn:ietf:params:xml:ns:carddav\">BEGIN:VCARD\nVERSION:" version   \
    "\nUID:" uid "\nFN:x\nEND:VCARD\n</CR:address-data>"
#define DATA_ROW(content) MULTISTATUS(EVENT("/c/a.ics", content))
#define PRINCIPAL_HREF "<D:principal><D:href>/p/</D:href></D:principal>"
#define PRIVILEGE(how) "<D:" how "><D:privilege><D:read/></D:privilege></D:" how ">"
#define ACL(ace) PROP_ROW("<D:acl><D:ace>" ace "</D:ace></D:acl>")
#define BOUND(href, id)                                                                            \
    RESPONSE(href, PROPSTAT(200, "<D:resource-id><D:href>" id "</D:href></D:resource-id>"))

#define JSON(method_) ANSWERED(method_, 207, "application/json")
#define GRAPHQL                                                                                    \
    {                                                                                              \
        .method = "POST", .uri = "/graphql", .http_status = 200,                                   \
        .content_type = "application/json", .reason_phrase = "", .request_known = true,            \
        .batches = MS_BATCHES_AUTO                                                                 \
    }
#define JSON_OK "{\"id\":1,\"status\":200}"
#define JSON_FAILED "{\"id\":2,\"status\":409}"

/* ------------------------------------------------------------------------------ the table ---- */

typedef struct {
    ms_context context;
    const char *body;
    const char *also; /* other rules that speak; "" if none */
} situation;

typedef struct {
    const char *name; /* the rule's */
    situation speaks, silent;
} rule_row;

static const rule_row rows[] = {
    /* ---- transport and XML ---- */
    {"no_body", {PLAIN("PROPFIND"), " \n", ""}, {PLAIN("PROPFIND"), GOOD, ""}},
    {"content_type",
     {ANSWERED("PROPFIND", 207, NULL), GOOD, ""},
     {ANSWERED("PROPFIND", 207, "application/problem+xml"), GOOD, ""}},
    {"content_type",
     {ANSWERED("PROPFIND", 207, "text/html"), GOOD, ""},
     {{.http_status = 207, .method = "PROPFIND"}, GOOD, ""}},
    {"text_xml",
     {ANSWERED("PROPFIND", 207, "Text/XML ; charset=\"utf-8\""), GOOD, ""},
     {ANSWERED("PROPFIND", 207, "application/xml"), GOOD, ""}},
    {"charset",
     {ANSWERED("PROPFIND", 207, "application/xml; charset=iso-8859-1"),
      "<?xml version=\"1.0\" encoding=\"utf-8\"?>" GOOD, ""},
     {ANSWERED("PROPFIND", 207, "application/xml; charset=\"utf8\""),
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>" GOOD, ""}},
    {"charset",
     {PLAIN("PROPFIND"), "<?xml version=\"1.0\" encoding=\"utf-16\"?>" GOOD, ""},
     {PLAIN("PROPFIND"), "\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"utf-8\"?>" GOOD, ""}},
    {"invalid_bytes",
     {PLAIN("PROPFIND"), MULTISTATUS(OK_ROW("/c/") "<!-- \xE4 -->"), "not_well_formed"},
     {PLAIN("PROPFIND"), MULTISTATUS(OK_ROW("/c/") "<!-- \xC3\xA4 -->"), ""}},
    {"not_well_formed",
     {PLAIN("PROPFIND"), MULTISTATUS(OK_ROW("/c/") OK_ROW("/c/a&b")), ""},
     {PLAIN("PROPFIND"), MULTISTATUS(OK_ROW("/c/") OK_ROW("/c/a&amp;b")), ""}},
    {"cut_off",
     {PLAIN("PROPFIND"), "<D:multistatus xmlns:D=\"DAV:\">" OK_ROW("/c/"), ""},
     {PLAIN("PROPFIND"), GOOD "\n", ""}},
    {"not_captured",
     {ASKED("PROPFIND", .incomplete = true), "<D:multistatus xmlns:D=\"DAV:\">" OK_ROW("/c/"), ""},
     {ASKED("PROPFIND", .incomplete = true), GOOD, ""}},
    /* A second document, with and without a declaration. */
    {"garbage",
     {PLAIN("PROPFIND"), GOOD "<?xml version=\"1.0\"?><b/>", "not_well_formed"},
     {PLAIN("PROPFIND"), GOOD "<!-- a comment -->\n", ""}},
    {"garbage",
     {PLAIN("PROPFIND"), GOOD "<b/>", "not_well_formed"},
     {PLAIN("PROPFIND"), GOOD "<?x y?>", "instruction"}},
    {"garbage",
     {PLAIN("PROPFIND"),
      "<?xml version=\"1.0\"?><D:error xmlns:D=\"DAV:\"><D:x/></D:error><?xml version=\"1.0\"?>"
      "<D:multistatus xmlns:D=\"DAV:\"",
      "cut_off not_well_formed"},
     {PLAIN("PROPFIND"), "<D:error xmlns:D=\"DAV:\"><D:x/></D:error>", "other_root"}},
    {"garbage",
     {PLAIN("PROPFIND"), "<D:error xmlns:D=\"DAV:\"><D:x/></D:error>" GOOD, "not_well_formed"},
     {PLAIN("PROPFIND"), GOOD, ""}},
    {"garbage",
     {PLAIN("PROPFIND"), "<br />\n<b>Warning</b>: x\n<?xml version=\"1.0\"?>" GOOD,
      "not_well_formed"},
     {PLAIN("PROPFIND"), "<?xml version=\"1.0\"?><!-- x -->\n" GOOD "<!-- x -->\n", ""}},
    {"garbage",
     {PLAIN("PROPFIND"), GOOD "<b>Warning</b>", "not_well_formed"},
     {PLAIN("PROPFIND"), GOOD, ""}},
    {"namespace_error",
     {PLAIN("PROPFIND"), PROP_ROW("<x:y/>"), ""},
     {PLAIN("PROPFIND"), PROP_ROW("<x:y xmlns:x=\"urn:x\"/>"), ""}},
    {"illegal_character",
     {PLAIN("PROPFIND"), MULTISTATUS(OK_ROW("/c/") "<!-- \xEF\xBF\xBE -->"), "not_well_formed"},
     {PLAIN("PROPFIND"), MULTISTATUS(OK_ROW("/c/") "<!-- \xEF\xBF\xBD\t -->"), ""}},
    {"illegal_character",
     {PLAIN("PROPFIND"), PROP_ROW("<D:displayname>&#xFFFE;</D:displayname>"), "not_well_formed"},
     {PLAIN("PROPFIND"), PROP_ROW("<D:displayname>&#xFFFD;</D:displayname>"), ""}},
    {"coding", {PLAIN("PROPFIND"), "\x1f\x8b\x08 and so on", ""}, {PLAIN("PROPFIND"), GOOD, ""}},
    {"coding",
     {PLAIN("PROPFIND"), "\x28\xb5\x2f\xfd and so on", ""},
     {PLAIN("PROPFIND"), GOOD, ""}},
    {"coding",
     {PLAIN("REPORT"), "x\x9c and so on", ""},
     {ASKED("REPORT", .content_encoding = "deflate"), GOOD, ""}},
    {"coding",
     {ASKED("PROPFIND", .content_encoding = "gzip"), "\x1f\x8b\x08 and so on", ""},
     {ASKED("PROPFIND", .content_encoding = "gzip"), GOOD, ""}},
    {"coding",
     {ASKED("PROPFIND", .content_encoding = "deflate", .miscoded = "gzip"), GOOD, ""},
     {ASKED("PROPFIND", .content_encoding = "deflate"), GOOD, ""}},
    {"doctype",
     {PLAIN("PROPFIND"), "<!DOCTYPE D:multistatus>" GOOD, ""},
     {PLAIN("PROPFIND"), "<!-- <!DOCTYPE D:multistatus> -->" GOOD, ""}},
    {"entity_declaration",
     {PLAIN("PROPFIND"), "<!DOCTYPE D:multistatus [<!ENTITY a \"b\">]>" GOOD, "doctype"},
     {PLAIN("PROPFIND"), "<!DOCTYPE D:multistatus []>" GOOD, "doctype"}},
    {"instruction",
     {PLAIN("PROPFIND"), "<?xml-stylesheet href=\"x\"?>" GOOD, ""},
     {PLAIN("PROPFIND"), "<?xml version=\"1.0\"?>" GOOD, ""}},
    {"other_root",
     {PLAIN("PROPFIND"), "<D:error xmlns:D=\"DAV:\"/>", ""},
     {PLAIN("PROPFIND"), GOOD, ""}},
    {"mkcol_root",
     {PLAIN("MKCOL"),
      "<D:mkcol-response xmlns:D=\"DAV:\">" PROPSTAT(200, OK_PROP) "</D:mkcol-response>",
      "not_created"},
     {ANSWERED("MKCOL", 201, XML_TYPE),
      "<D:mkcol-response xmlns:D=\"DAV:\">" PROPSTAT(200, OK_PROP) "</D:mkcol-response>", ""}},
    {"wrong_namespace",
     {ASKED("PROPFIND", .request = &two_names),
      "<multistatus><response><href>/c/</href><propstat><prop><getetag>\"1\"</getetag></prop>"
      "<status>HTTP/1.1 200 OK</status></propstat></response></multistatus>",
      ""},
     {ASKED("PROPFIND", .request = &two_names),
      MULTISTATUS(RESPONSE("/c/", PROPSTAT(200, OK_PROP "<D:getetag/>"))), ""}},
    {"wrong_namespace",
     {PLAIN("PROPFIND"), "<D:multistatus xmlns:D=\"DAV\">" OK_ROW("/c/") "</D:multistatus>", ""},
     {PLAIN("PROPFIND"),
      "<multistatus xmlns=\"DAV:\"><response><href>/c/</href><status>HTTP/1.1 200 OK</status>"
      "</response></multistatus>",
      ""}},
    {"wrong_namespace",
     {ANSWERED("MKCALENDAR", 201, XML_TYPE),
      "<C:mkcalendar-response xmlns:C=\"urn:ietf:params:xml:ns:carldav:\" "
      "xmlns:D=\"DAV:\">" PROPSTAT(404, OK_PROP) "</C:mkcalendar-response>",
      "failures refused_property"},
     {ANSWERED("MKCALENDAR", 201, XML_TYPE),
      "<C:mkcalendar-response xmlns:C=\"urn:ietf:params:xml:ns:caldav\" xmlns:D=\"DAV:\">" PROPSTAT(
          404, OK_PROP) "</C:mkcalendar-response>",
      "failures refused_property"}},
    {"wrong_namespace",
     {ANSWERED("MKCOL", 201, XML_TYPE),
      "<mkcol-response><propstat><prop><displayname/></prop><status>HTTP/1.1 409 Conflict</status>"
      "</propstat></mkcol-response>",
      "failures refused_property"},
     {ANSWERED("MKCOL", 201, XML_TYPE),
      "<mkcol-response xmlns=\"DAV:\"><propstat><prop><displayname/></prop>"
      "<status>HTTP/1.1 409 Conflict</status></propstat></mkcol-response>",
      "failures refused_property"}},
    {"other_status",
     {ANSWERED("DELETE", 424, XML_TYPE), MULTISTATUS(CODE_ROW("/c/a", 423)), "failures"},
     {ANSWERED("GET", 200, XML_TYPE), GOOD, ""}},
    {"reason_phrase",
     {{.http_status = 207, .content_type = XML_TYPE, .reason_phrase = "Multistatus"}, GOOD, ""},
     {{.http_status = 207, .content_type = XML_TYPE, .reason_phrase = "MULTI-STATUS"}, GOOD, ""}},
    {"location_header",
     {ASKED("PROPFIND", .location = "/x"), GOOD, ""},
     {{.method = "PROPFIND",
       .http_status = 301,
       .content_type = XML_TYPE,
       .reason_phrase = "",
       .location = "/x"},
      GOOD,
      "other_status"}},
    {"cacheable",
     {ASKED("PROPPATCH", .cache_control = "public, max-age=60"), GOOD, ""},
     {ASKED("PROPPATCH", .cache_control = "private, max-age=0"), GOOD, ""}},
    {"cacheable",
     {PLAIN("MERGE"), MULTISTATUS(CODE_ROW("/c/a", 200)), ""},
     {ASKED("MERGE", .cache_control = "No-Cache"), MULTISTATUS(CODE_ROW("/c/a", 200)), ""}},
    {"msdavext_error",
     {ASKED("PROPFIND", .msdavext_error = "917656; Access%20denied"), GOOD, ""},
     {PLAIN("PROPFIND"), GOOD, ""}},

    /* ---- structure ---- */
    {"no_href",
     {PLAIN("PROPFIND"),
      MULTISTATUS(OK_ROW("/c/") "<D:response>" PROPSTAT(200, OK_PROP) "</D:response>"), ""},
     {ANSWERED("MKCOL", 201, XML_TYPE),
      "<D:mkcol-response xmlns:D=\"DAV:\">" PROPSTAT(200, OK_PROP) "</D:mkcol-response>", ""}},
    {"no_href_at_all",
     {PLAIN("PROPFIND"), MULTISTATUS("<D:response>" STATUS(200) "</D:response>"), "no_href"},
     {PLAIN("PROPFIND"), MULTISTATUS("<D:response>" STATUS(200) "</D:response>" OK_ROW("/c/")),
      "no_href"}},
    {"empty_href",
     {PLAIN("PROPFIND"), MULTISTATUS(OK_ROW("/c/") OK_ROW(" ")), ""},
     {PLAIN("POST"), MULTISTATUS(OK_ROW("/c/") CODE_ROW("", 412)), "failures"}},
    {"no_status",
     {PLAIN("PROPFIND"), MULTISTATUS(RESPONSE("/c/", "")), ""},
     {PLAIN("PROPFIND"), MULTISTATUS(CODE_ROW("/c/", 403)), "failures"}},
    {"status_and_propstat",
     {PLAIN("PROPFIND"), MULTISTATUS(RESPONSE("/c/", STATUS(200) PROPSTAT(200, OK_PROP))), ""},
     {PLAIN("PROPFIND"),
      MULTISTATUS(RESPONSE("/c/", PROPSTAT(200, OK_PROP) PROPSTAT(404, "<D:x/>"))), ""}},
    {"hrefs_and_propstat",
     {PLAIN("PROPFIND"), MULTISTATUS(RESPONSE("/c/", HREF("/c/a") PROPSTAT(200, OK_PROP))), ""},
     {PLAIN("COPY"), MULTISTATUS(RESPONSE("/c/", HREF("/c/a") STATUS(403))), "failures"}},
    {"second_status",
     {PLAIN("COPY"), MULTISTATUS(RESPONSE("/c/a", STATUS(403) STATUS(403))), "failures"},
     {PLAIN("COPY"), MULTISTATUS(CODE_ROW("/c/a", 403) CODE_ROW("/c/b", 403)), "failures"}},
    {"propstat_status",
     {PLAIN("PROPFIND"),
      MULTISTATUS(RESPONSE("/c/", "<D:propstat><D:prop>" OK_PROP "</D:prop></D:propstat>")), ""},
     {PLAIN("PROPFIND"), GOOD, ""}},
    {"propstat_prop",
     {PLAIN("PROPFIND"), MULTISTATUS(RESPONSE("/c/", "<D:propstat>" STATUS(200) "</D:propstat>")),
      ""},
     {PLAIN("PROPFIND"),
      MULTISTATUS(
          RESPONSE("/c/", "<D:propstat>" STATUS(200) "<D:prop>" OK_PROP "</D:prop></D:propstat>")),
      ""}},
    {"empty_propstat",
     {PLAIN("PROPFIND"), MULTISTATUS(RESPONSE("/c/", PROPSTAT(200, ""))), ""},
     {ASKED("PROPFIND", .prefer = "depth-noroot, return=minimal"),
      MULTISTATUS(RESPONSE("/c/", PROPSTAT(200, ""))), "preference_ignored"}},
    {"empty_failure",
     {PLAIN("PROPPATCH"), MULTISTATUS(RESPONSE("/c/", PROPSTAT(200, OK_PROP) PROPSTAT(409, ""))),
      ""},
     {PLAIN("PROPPATCH"), MULTISTATUS(RESPONSE("/c/", PROPSTAT(200, OK_PROP) PROPSTAT(418, ""))),
      "placeholder_status"}},
    {"empty_failure",
     {PLAIN("PROPFIND"), MULTISTATUS(RESPONSE("/c/", PROPSTAT(403, "") PROPSTAT(200, OK_PROP))),
      ""},
     {PLAIN("PROPFIND"), MULTISTATUS(RESPONSE("/c/", PROPSTAT(404, OK_PROP))), ""}},
    {"repeated_property",
     {PLAIN("PROPFIND"),
      MULTISTATUS(RESPONSE("/c/", PROPSTAT(200, OK_PROP) PROPSTAT(404, OK_PROP))), ""},
     {PLAIN("PROPFIND"),
      MULTISTATUS(RESPONSE("/c/", PROPSTAT(200, OK_PROP "<displayname xmlns=\"urn:x\"/>")
                                      PROPSTAT(404, "<D:x/>"))),
      ""}},
    {"twice_in_propstat",
     {PLAIN("PROPFIND"), PROP_ROW(OK_PROP OK_PROP), ""},
     {PLAIN("PROPPATCH"), PROP_ROW(OK_PROP OK_PROP), ""}},
    {"stray_text",
     {PLAIN("PROPFIND"), MULTISTATUS(OK_ROW("/c/") " oops"), ""},
     {PLAIN("PROPFIND"),
      MULTISTATUS("\n " OK_ROW("/c/") "\n" DESCRIPTION("text") "<x xmlns=\"urn:x\">text</x>"), ""}},
    {"stray_text",
     {PLAIN("PROPFIND"), PROP_ROW("&lt;D:getetag/&gt;" OK_PROP), ""},
     {PLAIN("PROPFIND"), PROP_ROW("<D:owner>by <D:href>/p/</D:href> alone</D:owner>"), ""}},
    {"stray_element",
     {PLAIN("PROPFIND"), MULTISTATUS(RESPONSE("/c/<x xmlns=\"urn:x\"/>", STATUS(200))), ""},
     {PLAIN("PROPFIND"), MULTISTATUS("<x:y xmlns:x=\"urn:x\"><D:href/></x:y>" OK_ROW("/c/")), ""}},
    {"error_in_text",
     {PLAIN("ACL"),
      MULTISTATUS(RESPONSE(
          "/c/", STATUS(403) DESCRIPTION(ERROR("<D:cannot-modify-protected-property/>") "No."))),
      "failures"},
     {PLAIN("ACL"),
      MULTISTATUS(RESPONSE("/c/", STATUS(403) ERROR("<D:cannot-modify-protected-property/>")
                                      DESCRIPTION("No."))),
      "failures"}},
    {"empty_error",
     {PLAIN("DELETE"), CONDITION_ROW(" "), "failures"},
     {PLAIN("DELETE"), CONDITION_ROW("<x xmlns=\"urn:x\"/>"), "failures"}},
    {"bare_condition",
     {PLAIN("DELETE"), MULTISTATUS(RESPONSE("/c/a", STATUS(423) "<D:lock-token-submitted/>")),
      "failures"},
     {PLAIN("DELETE"),
      MULTISTATUS(RESPONSE("/c/a", STATUS(423) "<lock-token-submitted xmlns=\"urn:x\"/>")),
      "failures"}},
    {"second_element",
     {PLAIN("DELETE"), MULTISTATUS(RESPONSE("/c/a", STATUS(423) DESCRIPTION("a") DESCRIPTION("b"))),
      "failures"},
     {PLAIN("DELETE"), MULTISTATUS(RESPONSE("/c/a", STATUS(423) DESCRIPTION("a")) DESCRIPTION("b")),
      "failures"}},
    {"bad_location",
     {PLAIN("PROPFIND"),
      MULTISTATUS(OK_ROW("/c/") RESPONSE("/c/a", STATUS(302) LOCATION("") LOCATION(HREF("/b")))),
      ""},
     {PLAIN("PROPFIND"),
      MULTISTATUS(OK_ROW("/c/") RESPONSE("/c/a", STATUS(302) LOCATION(HREF("/b")))), ""}},
    {"no_location",
     {PLAIN("PROPFIND"), MULTISTATUS(OK_ROW("/c/") CODE_ROW("/c/a", 301)), ""},
     {PLAIN("PROPFIND"), MULTISTATUS(OK_ROW("/c/") CODE_ROW("/c/a", 304)), ""}},
    {"needless_location",
     {PLAIN("PROPFIND"), MULTISTATUS(RESPONSE("/c/", PROPSTAT(200, OK_PROP) LOCATION(HREF("/c/")))),
      ""},
     {PLAIN("BMOVE"), MULTISTATUS(RESPONSE("/c/a", STATUS(201) LOCATION(HREF("/d/a-1")))), ""}},
    {"lock_token_href",
     {PLAIN("DELETE"), CONDITION_ROW("<D:lock-token-submitted/>"), "failures"},
     {PLAIN("DELETE"),
      CONDITION_ROW("<D:lock-token-submitted>" HREF("/c/") "</D:lock-token-submitted>"),
      "failures"}},
    {"need_privileges",
     {PLAIN("DELETE"),
      CONDITION_ROW(
          "<D:need-privileges><D:resource>" HREF("/c/") "</D:resource></D:need-privileges>"),
      "failures"},
     {PLAIN("DELETE"),
      CONDITION_ROW("<D:need-privileges><D:resource>" HREF(
          "/c/") "<D:privilege><D:unbind/></D:privilege></D:resource></D:need-privileges>"),
      "failures"}},
    {"unknown_dav",
     {PLAIN("PROPFIND"), PROP_ROW("<D:ishidden/>"), ""},
     {PLAIN("PROPFIND"),
      MULTISTATUS(RESPONSE("/c/", PROPSTAT(200, OK_PROP "<x xmlns=\"urn:x\"><D:x/></x>")
                                      PROPSTAT(404, "<D:ishidden/>"))),
      ""}},
    {"unknown_dav",
     {PLAIN("PROPFIND"), MULTISTATUS("<D:contentrange/>" OK_ROW("/c/")), ""},
     {PLAIN("PROPFIND"), MULTISTATUS("<contentrange xmlns=\"urn:x\"/>" OK_ROW("/c/")), ""}},
    {"no_responses",
     {PLAIN("PROPFIND"), MULTISTATUS(""), ""},
     {ASKED("PROPFIND", .depth = "1,noroot"), MULTISTATUS(""), ""}},
    {"no_matches",
     {REPORT(CALDAV "calendar-query", .depth = "1"), MULTISTATUS(""), ""},
     {UNKNOWN, MULTISTATUS(""), ""}},
    {"orphan_propstat",
     {PLAIN("PROPPATCH"), MULTISTATUS(PROPSTAT(403, OK_PROP)), "failures refused_property"},
     {PLAIN("PROPPATCH"),
      MULTISTATUS("<D:response><D:href>/c/</D:href>" PROPSTAT(403, OK_PROP) "</D:response>"),
      "failures refused_property"}},
    {"orphan_propstat",
     {PLAIN("PROPFIND"), MULTISTATUS(PROPSTAT(403, OK_PROP) OK_ROW("/c/")), ""},
     {PLAIN("PROPFIND"), MULTISTATUS("<propstat xmlns=\"urn:x\"/>" OK_ROW("/c/")), ""}},

    /* ---- status lines and codes ---- */
    {"bad_status_line",
     {PLAIN("PROPFIND"), LINE_ROW("207 Multi-Status"), ""},
     {PLAIN("PROPFIND"), LINE_ROW("HTTP/1.0 200 "), "status_line_form"}},
    {"bad_status_line",
     {PLAIN("PROPFIND"), LINE_ROW("HTTP/1.1 600 x"), ""},
     {PLAIN("PROPFIND"), LINE_ROW("HTTP/1.1 200 x"), ""}},
    {"status_line_form",
     {PLAIN("PROPFIND"), LINE_ROW("HTTP/1.1  200  OK"), ""},
     {PLAIN("PROPFIND"), LINE_ROW("HTTP/1.1 200 All is well"), ""}},
    {"status_line_form",
     {PLAIN("PROPFIND"), LINE_ROW("HTTP/1.1 200"), ""},
     {PLAIN("PROPFIND"), LINE_ROW("HTTP/1.1 200 -"), ""}},
    {"status_version",
     {PLAIN("PROPFIND"), LINE_ROW("http/1.1 200 ok"), ""},
     {PLAIN("PROPFIND"), LINE_ROW("HTTP/1.1 200 ok"), ""}},
    {"status_version",
     {PLAIN("PROPFIND"), LINE_ROW("HTTP/0.0 200 OK"), ""},
     {PLAIN("PROPFIND"), LINE_ROW("HTTP/1.0 200 OK"), ""}},
    {"interim_status",
     {PLAIN("PROPFIND"), LINE_ROW("HTTP/1.1 102 Processing"), ""},
     {PLAIN("PROPFIND"), LINE_ROW("HTTP/1.1 202 Accepted"), ""}},
    {"unregistered_status",
     {PLAIN("PROPFIND"), LINE_ROW("HTTP/1.1 299 x"), ""},
     {PLAIN("PROPFIND"), LINE_ROW("HTTP/1.1 226 IM Used"), ""}},
    {"other_reason",
     {PLAIN("PROPFIND"), LINE_ROW("HTTP/1.1 200 not found"), ""},
     {PLAIN("BDELETE"), LINE_ROW("HTTP/1.1 424 Method Failure"), "no_root_cause"}},
    {"nested_207",
     {PLAIN("PROPFIND"), LINE_ROW("HTTP/1.1 207 Multi-Status"), ""},
     {PLAIN("PROPFIND"), LINE_ROW("HTTP/1.1 206 Partial Content"), ""}},
    {"already_reported",
     {ASKED("PROPFIND", .depth = "infinity", .dav = "1,2"),
      MULTISTATUS(OK_ROW("/c/") RESPONSE("/c/a/", PROPSTAT(208, OK_PROP))), ""},
     {ASKED("PROPFIND", .depth = "infinity", .dav = "1,2, bind"),
      MULTISTATUS(OK_ROW("/c/") RESPONSE("/c/a/", PROPSTAT(208, OK_PROP))), ""}},
    {"already_reported",
     {ASKED("PROPFIND", .depth = "1", .dav = "bind"),
      MULTISTATUS(OK_ROW("/c/") RESPONSE("/c/a/", PROPSTAT(208, OK_PROP))), ""},
     {UNKNOWN, MULTISTATUS(OK_ROW("/c/") RESPONSE("/c/a/", PROPSTAT(208, OK_PROP))), ""}},
    {"placeholder_status",
     {PLAIN("PROPFIND"), MULTISTATUS(RESPONSE("/c/", PROPSTAT(418, ""))), ""},
     {PLAIN("PROPFIND"), MULTISTATUS(CODE_ROW("/c/", 418)), "failures"}},
    {"still_processing",
     {PLAIN("PROPFIND"), MULTISTATUS(RESPONSE("/c/", PROPSTAT(425, OK_PROP))), "failures"},
     {PLAIN("SEARCH"), MULTISTATUS(CODE_ROW("/c/", 425)), "truncated"}},

    /* ---- hrefs ---- */
    {"duplicate_href",
     {PLAIN("PROPFIND"), MULTISTATUS(OK_ROW("/c/") OK_ROW("/c/a") OK_ROW("/c/a")), ""},
     {PLAIN("PROPFIND"), MULTISTATUS(OK_ROW("/c/") OK_ROW("/c/a") OK_ROW("/c/A")), ""}},
    {"duplicate_href",
     {REPORT(CALDAV "calendar-query", .host = NULL), MULTISTATUS(OK_ROW("/c/a") OK_ROW("/c/a")),
      ""},
     {REPORT(CALDAV "calendar-query", .host = NULL),
      MULTISTATUS(OK_ROW("/c/") RESPONSE("/c/", STATUS(507) LIMIT_ERROR)), "truncated"}},
    {"same_resource",
     {PLAIN("PROPFIND"), MULTISTATUS(OK_ROW("/c/") OK_ROW("/c/%61%20b") OK_ROW("/c/a%20b")), ""},
     {PLAIN("PROPFIND"), MULTISTATUS(OK_ROW("/c/") OK_ROW("/c/a%2Fb") OK_ROW("/c/a/b")), ""}},
    {"same_resource",
     {PLAIN("PROPFIND"), MULTISTATUS(OK_ROW("/c/") OK_ROW("/c/a") OK_ROW("/c/a/")), ""},
     {PLAIN("PROPFIND"), MULTISTATUS(OK_ROW("/c/?p=a") OK_ROW("/c/?p=b")), ""}},
    {"other_spelling",
     {REPORT(CALDAV "calendar-multiget", .request = &multiget_odd),
      MULTISTATUS(OK_ROW("/c/My%20D%61y.ics") OK_ROW("/c/b.ics")), ""},
     {REPORT(CALDAV "calendar-multiget", .request = &multiget_odd),
      MULTISTATUS(OK_ROW("/c/My%20Day.ics") OK_ROW("/c/b.ics")), ""}},
    {"mixed_hrefs",
     {PLAIN("PROPFIND"), MULTISTATUS(OK_ROW("/c/") OK_ROW("http://dav.example/c/a")), ""},
     {PLAIN("PROPFIND"),
      MULTISTATUS(OK_ROW("http://dav.example/c/") OK_ROW("http://dav.example/c/a")), ""}},
    {"bad_href",
     {PLAIN("PROPFIND"), MULTISTATUS(OK_ROW("/c/") OK_ROW("/c/a b")), ""},
     {PLAIN("PROPFIND"), MULTISTATUS(OK_ROW("/c/") OK_ROW("/c/a%20b!$&amp;'()*+,;=:@~")), ""}},
    {"bad_href",
     {PLAIN("PROPFIND"), MULTISTATUS(OK_ROW("/c/") OK_ROW("/c/[x]")), ""},
     {PLAIN("PROPFIND"), MULTISTATUS(OK_ROW("http://[::1]:8080/c/")), "other_authority"}},
    {"bad_href",
     {PLAIN("PROPFIND"), MULTISTATUS(OK_ROW("/c/") OK_ROW("/c/\xC3\xA4")), ""},
     {PLAIN("PROPFIND"), MULTISTATUS(OK_ROW("/c/") OK_ROW("/c/%C3%A4")), ""}},
    {"bad_href",
     {PLAIN("REPORT"), MULTISTATUS(OK_ROW("a.ics")), ""},
     {PLAIN("REPORT"), MULTISTATUS(OK_ROW("urn:uuid:1")), ""}},
    {"bad_href",
     {PLAIN("REPORT"), MULTISTATUS(OK_ROW("//c/100%")), ""},
     {PLAIN("REPORT"), MULTISTATUS(OK_ROW("/c//100%25?x=1")), ""}},
    {"dot_segments",
     {PLAIN("PROPFIND"), MULTISTATUS(OK_ROW("/c/") OK_ROW("/c/x/%2e./y")), ""},
     {PLAIN("PROPFIND"), MULTISTATUS(OK_ROW("/c/") OK_ROW("/c/.../.x/..y")), ""}},
    {"dot_segments",
     {PLAIN("PROPFIND"), MULTISTATUS(OK_ROW("/c/") OK_ROW("/c/x/.")), ""},
     {PLAIN("PROPFIND"), MULTISTATUS(OK_ROW("/c/") OK_ROW("/c/x.")), ""}},
    {"outside_request_uri",
     {PLAIN("PROPFIND"), MULTISTATUS(OK_ROW("/proxy/c/") OK_ROW("/proxy/c/a")), ""},
     {PLAIN("REPORT"), MULTISTATUS(OK_ROW("/principals/a")), ""}},
    {"outside_request_uri",
     {PLAIN("DELETE"), MULTISTATUS(CODE_ROW("/cc/a", 423)), "failures"},
     {PLAIN("DELETE"), MULTISTATUS(CODE_ROW("/", 423)), "failures"}},
    {"outside_request_uri",
     {PLAIN("PROPFIND"), MULTISTATUS(OK_ROW("/c/") OK_ROW("/")), ""},
     {UNKNOWN, MULTISTATUS(OK_ROW("/c/") OK_ROW("/")), ""}},
    /* Characters that a path must not contain stand for their encoded form: nothing is outside. */
    {"outside_request_uri",
     {ASKED_AT("PROPFIND", "/a%20b/"), MULTISTATUS(OK_ROW("/a%20b/") OK_ROW("/a+b/x")), ""},
     {ASKED_AT("PROPFIND", "/a%20b/"), MULTISTATUS(OK_ROW("/a b/") OK_ROW("/a b/[x]")),
      "bad_href"}},
    {"outside_request_uri",
     {ASKED_AT("PROPFIND", "/a/b/"), MULTISTATUS(OK_ROW("/a/b/") OK_ROW("../x")), "bad_href"},
     {ASKED_AT("PROPFIND", "/a/b/"), MULTISTATUS(OK_ROW("./") OK_ROW("x")), "bad_href"}},
    {"outside_request_uri",
     {REPORT(CALDAV "calendar-query"), MULTISTATUS(OK_ROW("/other/a.ics")), ""},
     {REPORT(DAV "principal-match"), MULTISTATUS(OK_ROW("/other/a.ics")), ""}},
    {"outside_request_uri",
     {REPORT(DAV "sync-collection"), MULTISTATUS(OK_ROW("/inner/c/a") TOKEN("urn:t:1")), ""},
     {REPORT(DAV "expand-property"), MULTISTATUS(OK_ROW("/inner/c/a")), ""}},
    {"outside_request_uri",
     {REPORT(CARDDAV "addressbook-query"), MULTISTATUS(OK_ROW("/other/a.vcf")), ""},
     {REPORT(CARDDAV "addressbook-query"), MULTISTATUS(OK_ROW("/c/a.vcf")), ""}},
    {"outside_request_uri",
     {REPORT(DAV "principal-property-search", .request = &search_here),
      MULTISTATUS(OK_ROW("/other/a")), ""},
     {REPORT(DAV "principal-property-search", .request = &search_everywhere),
      MULTISTATUS(OK_ROW("/other/a")), ""}},
    {"other_authority",
     {PLAIN("PROPFIND"), MULTISTATUS(OK_ROW("http://localhost:8080/c/")), ""},
     {ASKED("PROPFIND", .host = "DAV.example:80"),
      MULTISTATUS(OK_ROW("http://dav.example/c/") OK_ROW("http://dav.example:80/c/a")), ""}},
    {"other_authority",
     {ASKED("PROPFIND", .host = "dav.example", .tls = true),
      MULTISTATUS(OK_ROW("http://dav.example/c/")), ""},
     {PLAIN("PROPFIND"), MULTISTATUS(OK_ROW("https://dav.example/c/")), ""}},
    {"trailing_slash",
     {PLAIN("PROPFIND"), MULTISTATUS(RESPONSE("/c", PROPSTAT(200, COLLECTION))), ""},
     {PLAIN("PROPFIND"), MULTISTATUS(RESPONSE("/c/", PROPSTAT(200, COLLECTION))), ""}},
    {"trailing_slash",
     {ASKED("PROPFIND", .request = &any_names),
      MULTISTATUS(RESPONSE("/c/", PROPSTAT(200, "<D:resourcetype/>"))), ""},
     {ASKED("PROPFIND", .request = &names_only),
      MULTISTATUS(RESPONSE("/c/", PROPSTAT(200, "<D:resourcetype/>"))), ""}},
    {"trailing_slash",
     {ASKED("PROPFIND", .request = &any_names),
      MULTISTATUS(RESPONSE("/c/", PROPSTAT(200, "<D:resourcetype/>"))), ""},
     {ASKED("PROPFIND", .request = &cut_request), /* it may have been propname */
      MULTISTATUS(RESPONSE("/c/", PROPSTAT(200, "<D:resourcetype/>"))), ""}},
    {"too_deep",
     {ASKED("PROPFIND", .depth = "1"), MULTISTATUS(OK_ROW("/c/") OK_ROW("/c/a/b")), ""},
     {ASKED("PROPFIND", .depth = "infinity"), MULTISTATUS(OK_ROW("/c/") OK_ROW("/c/a/b")), ""}},
    {"too_deep",
     {ASKED("PROPFIND", .depth = "0"), MULTISTATUS(OK_ROW("/c/") OK_ROW("/c/a")), ""},
     {ASKED("PROPFIND", .depth = "1"), MULTISTATUS(OK_ROW("/c/") OK_ROW("/c/a/")), ""}},
    {"too_shallow",
     {ASKED("PROPFIND", .depth = "infinity"),
      MULTISTATUS(OK_ROW("/c/") OK_ROW("/c/1/") OK_ROW("/c/2/") OK_ROW("/c/3/")), ""},
     {ASKED("PROPFIND", .depth = "infinity"),
      MULTISTATUS(OK_ROW("/c/") OK_ROW("/c/1/") OK_ROW("/c/2/") OK_ROW("/c/3/") OK_ROW("/c/3/x")),
      ""}},
    {"no_request_uri",
     {ASKED("PROPFIND", .depth = "1"), MULTISTATUS(OK_ROW("/c/a")), ""},
     {ASKED("PROPFIND", .depth = "1", .prefer = "depth-noroot"), MULTISTATUS(OK_ROW("/c/a")), ""}},

    /* ---- method semantics ---- */
    {"failures",
     {PLAIN("COPY"), MULTISTATUS(CODE_ROW("/c/a", 423)), ""},
     {PLAIN("PROPFIND"),
      MULTISTATUS(RESPONSE("/c/", PROPSTAT(200, OK_PROP) PROPSTAT(404, "<D:x/>"))), ""}},
    {"no_root_cause",
     {PLAIN("LOCK"), MULTISTATUS(CODE_ROW("/c/", 424)), ""},
     {PLAIN("LOCK"), MULTISTATUS(CODE_ROW("/c/a", 403) CODE_ROW("/c/", 424)), "failures"}},
    {"needless_424",
     {PLAIN("DELETE"), MULTISTATUS(CODE_ROW("/c/a", 423) CODE_ROW("/c/", 424)), "failures"},
     {PLAIN("LOCK"), MULTISTATUS(CODE_ROW("/c/a", 423) CODE_ROW("/c/", 424)), "failures"}},
    {"needless_success",
     {PLAIN("DELETE"), MULTISTATUS(CODE_ROW("/c/a", 423) CODE_ROW("/c/b", 204)), "failures"},
     {PLAIN("COPY"), MULTISTATUS(CODE_ROW("/c/a", 423) CODE_ROW("/c/b", 200)), "failures"}},
    {"needless_207",
     {PLAIN("MOVE"), MULTISTATUS(CODE_ROW("/c/a", 201)), ""},
     {PLAIN("MOVE"), MULTISTATUS(CODE_ROW("/c/a", 403)), "failures"}},
    {"lock_request_uri",
     {PLAIN("LOCK"), MULTISTATUS(CODE_ROW("/c/a", 403)), "failures"},
     {PLAIN("LOCK"), MULTISTATUS(CODE_ROW("/c", 403)), "failures"}},
    {"not_atomic",
     {PLAIN("PROPPATCH"),
      MULTISTATUS(RESPONSE("/c/", PROPSTAT(200, OK_PROP) PROPSTAT(403, "<D:getetag/>"))),
      "failures refused_property"},
     {PLAIN("PROPPATCH"),
      MULTISTATUS(RESPONSE("/c/", PROPSTAT(424, OK_PROP) PROPSTAT(403, "<D:getetag/>"))),
      "failures refused_property"}},
    {"proppatch_missing",
     {ASKED("PROPPATCH", .request = &patch_two), PROP_ROW(OK_PROP), ""},
     {ASKED("PROPPATCH", .request = &patch_two, .brief = "t"), PROP_ROW(OK_PROP), ""}},
    {"proppatch_extra",
     {ASKED("PROPPATCH", .request = &patch_two),
      PROP_ROW(OK_PROP "<D:getcontentlanguage/><D:getetag/>"), ""},
     {ASKED("PROPPATCH", .request = &patch_two), PROP_ROW(OK_PROP "<D:getcontentlanguage/>"), ""}},
    {"refused_property",
     {PLAIN("MKCALENDAR"),
      MULTISTATUS(RESPONSE("/c/", PROPSTAT(403, "<D:x/>") PROPSTAT(424, OK_PROP))),
      "failures not_created"},
     {PLAIN("PROPFIND"),
      MULTISTATUS(RESPONSE("/c/", PROPSTAT(200, OK_PROP) PROPSTAT(403, "<D:getetag/>"))),
      "failures"}},
    {"not_created",
     {PLAIN("MKCOL"), MULTISTATUS(CODE_ROW("/c/", 403)), "failures"},
     {PLAIN("MKCOL"), MULTISTATUS(CODE_ROW("/c/", 201)), ""}},
    {"propfind_missing",
     {ASKED("PROPFIND", .request = &two_names), MULTISTATUS(OK_ROW("/c/")), ""},
     {ASKED("PROPFIND", .request = &two_names),
      MULTISTATUS(RESPONSE("/c/", PROPSTAT(200, OK_PROP) PROPSTAT(404, "<D:getetag/>"))), ""}},
    {"propfind_missing",
     {ASKED("PROPFIND", .request = &two_names),
      MULTISTATUS(RESPONSE("/c/", PROPSTAT(200, "<D:getetag/>"))), ""},
     {ASKED("PROPFIND", .request = &two_names, .preference_applied = "return=minimal"),
      MULTISTATUS(OK_ROW("/c/")), ""}},
    /* A name whose prefix stands for nothing cannot be recognised in the answer. */
    {"propfind_missing",
     {ASKED("PROPFIND", .request = &one_of_two_names), MULTISTATUS(OK_ROW("/c/")), ""},
     {ASKED("PROPFIND", .request = &undeclared_name), MULTISTATUS(OK_ROW("/c/")), ""}},
    {"propfind_form",
     {ASKED("PROPFIND", .request = &many_props), MULTISTATUS(OK_ROW("/c/")), ""},
     {ASKED("PROPFIND", .request = &any_names), MULTISTATUS(OK_ROW("/c/")), ""}},
    {"propfind_form",
     {ASKED("PROPFIND", .request = &names_and_all), MULTISTATUS(OK_ROW("/c/")), ""},
     {ASKED("REPORT", .request = &many_props), MULTISTATUS(OK_ROW("/c/")), ""}},
    {"missing_as_207",
     {PLAIN("PROPFIND"), MULTISTATUS(RESPONSE("/c", PROPSTAT(404, ""))), "failures"},
     {PLAIN("PROPFIND"), MULTISTATUS(RESPONSE("/c", PROPSTAT(404, "<D:getetag/>"))), ""}},
    {"missing_as_207",
     {PLAIN("PROPFIND"), MULTISTATUS(CODE_ROW("/c/", 404)), "failures"},
     {PLAIN("PROPFIND"), MULTISTATUS(OK_ROW("/c/") CODE_ROW("/c/a", 404)), "failures"}},
    {"no_sync_token",
     {REPORT(DAV "sync-collection", .host = NULL), MULTISTATUS(OK_ROW("/c/a")), ""},
     {REPORT(CALDAV "calendar-query", .host = NULL), MULTISTATUS(OK_ROW("/c/a")), ""}},
    {"no_sync_token",
     {REPORT(DAV "sync-collection", .host = NULL), MULTISTATUS(OK_ROW("/c/a") TOKEN(" ")), ""},
     {REPORT(DAV "sync-collection", .host = NULL), MULTISTATUS(OK_ROW("/c/a") TOKEN("urn:t:1")),
      ""}},
    {"second_sync_token",
     {REPORT(DAV "sync-collection", .host = NULL),
      MULTISTATUS(OK_ROW("/c/a") TOKEN("urn:t:1") TOKEN("urn:t:2")), ""},
     {REPORT(DAV "sync-collection", .host = NULL), MULTISTATUS(TOKEN("urn:t:1") OK_ROW("/c/a")),
      ""}},
    {"sync_token_uri",
     {REPORT(DAV "sync-collection", .host = NULL), MULTISTATUS(OK_ROW("/c/a") TOKEN("1234")), ""},
     {REPORT(DAV "sync-collection", .host = NULL), MULTISTATUS(OK_ROW("/c/a") TOKEN("data:,1234")),
      ""}},
    {"sync_shape",
     {REPORT(DAV "sync-collection", .host = NULL),
      MULTISTATUS(CODE_ROW("/c/a", 200) TOKEN("urn:t:1")), ""},
     {REPORT(DAV "sync-collection", .host = NULL),
      MULTISTATUS(CODE_ROW("/c/a", 404) OK_ROW("/c/b") TOKEN("urn:t:1")), ""}},
    {"sync_shape",
     {REPORT(DAV "sync-collection", .host = NULL),
      MULTISTATUS(RESPONSE("/c/a", STATUS(404) PROPSTAT(418, "")) TOKEN("urn:t:1")),
      "status_and_propstat placeholder_status"},
     {REPORT(CALDAV "calendar-query", .host = NULL), MULTISTATUS(CODE_ROW("/c/a", 200)), ""}},
    {"sync_shape",
     {REPORT(DAV "sync-collection"), MULTISTATUS(CODE_ROW("/c/a", 410) TOKEN("urn:t:1")), ""},
     {REPORT(CALDAV "calendar-multiget"), MULTISTATUS(CODE_ROW("/c/a", 410)), "failures"}},
    {"sync_shape",
     {REPORT(DAV "sync-collection"),
      MULTISTATUS(RESPONSE("/c/a", PROPSTAT(404, "")) TOKEN("urn:t:1")), ""},
     {REPORT(DAV "sync-collection"),
      MULTISTATUS(RESPONSE("/c/a", PROPSTAT(404, OK_PROP)) TOKEN("urn:t:1")), ""}},
    {"initial_removal",
     {REPORT(DAV "sync-collection", .request = &sync_first),
      MULTISTATUS(CODE_ROW("/c/a", 404) TOKEN("urn:t:1")), ""},
     {REPORT(DAV "sync-collection", .request = &sync_next),
      MULTISTATUS(CODE_ROW("/c/a", 404) TOKEN("urn:t:2")), ""}},
    {"truncated",
     {REPORT(DAV "sync-collection", .host = NULL),
      MULTISTATUS(RESPONSE("/c/", STATUS(507) LIMIT_ERROR) OK_ROW("/c/a") TOKEN("urn:t:1")), ""},
     {REPORT(DAV "sync-collection", .host = NULL),
      MULTISTATUS(RESPONSE("/c/b", STATUS(507)) OK_ROW("/c/a") TOKEN("urn:t:1")), "failures"}},
    {"truncated",
     {REPORT(CALDAV "calendar-query"),
      MULTISTATUS(RESPONSE("/inner/c/", STATUS(507) LIMIT_ERROR) OK_ROW("/c/a")),
      "outside_request_uri"},
     {REPORT(CALDAV "calendar-query"),
      MULTISTATUS(RESPONSE("/c/b", STATUS(507) ERROR("<D:quota-not-exceeded/>")) OK_ROW("/c/a")),
      "failures"}},
    {"sync_no_progress",
     {REPORT(DAV "sync-collection", .request = &sync_next),
      MULTISTATUS(RESPONSE("/c/", STATUS(507) LIMIT_ERROR) OK_ROW("/c/a") TOKEN("urn:t:1")),
      "truncated"},
     {REPORT(DAV "sync-collection", .request = &sync_next),
      MULTISTATUS(RESPONSE("/c/", STATUS(507) LIMIT_ERROR) OK_ROW("/c/a") TOKEN("urn:t:2")),
      "truncated"}},
    {"sync_limit",
     {REPORT(DAV "sync-collection", .request = &sync_next),
      MULTISTATUS(OK_ROW("/c/a") OK_ROW("/c/b") TOKEN("urn:t:2")), ""},
     {REPORT(DAV "sync-collection", .request = &sync_next),
      MULTISTATUS(OK_ROW("/c/a") TOKEN("urn:t:2")), ""}},
    {"sync_token_still",
     {REPORT(DAV "sync-collection", .request = &sync_next),
      MULTISTATUS(OK_ROW("/c/a") TOKEN("urn:t:1")), ""},
     {REPORT(DAV "sync-collection", .request = &sync_next), MULTISTATUS(TOKEN("urn:t:1")),
      "no_matches"}},
    {"truncation_reason",
     {REPORT(DAV "sync-collection", .host = NULL),
      MULTISTATUS(CODE_ROW("/c/", 507) TOKEN("urn:t:1")), "truncated"},
     {REPORT(DAV "sync-collection", .host = NULL),
      MULTISTATUS(RESPONSE("/c/", STATUS(507) LIMIT_ERROR) TOKEN("urn:t:1")), "truncated"}},
    {"multiget_missing",
     {REPORT(CALDAV "calendar-multiget", .request = &multiget),
      MULTISTATUS(EVENT("/c/ab.ics", DATA)), ""},
     {REPORT(CALDAV "calendar-multiget", .request = &multiget),
      MULTISTATUS(EVENT("/c/ab.ics", DATA) CODE_ROW("/c/b.ics", 404)), "failures"}},
    {"multiget_extra",
     {REPORT(CALDAV "calendar-multiget", .request = &multiget),
      MULTISTATUS(EVENT("/c/ab.ics", DATA) EVENT("/c/b.ics", DATA) EVENT("/c/x.ics", DATA)), ""},
     {REPORT(CALDAV "calendar-multiget", .request = &multiget),
      MULTISTATUS(EVENT("http://dav.example/c/ab.ics", DATA)
                      EVENT("http://dav.example/c/b.ics", DATA)),
      ""}},
    {"no_data",
     {REPORT(CALDAV "calendar-multiget", .request = &multiget),
      MULTISTATUS(EVENT("/c/ab.ics", DATA) EVENT("/c/b.ics", "")), ""},
     {REPORT(CALDAV "calendar-multiget", .request = &multiget),
      MULTISTATUS(EVENT("/c/ab.ics", DATA) RESPONSE(
          "/c/b.ics", PROPSTAT(200, "<D:getetag>\"2\"</D:getetag>") PROPSTAT(404, DATA))),
      ""}},
    {"foreign_failure",
     {ASKED("COPY", .destination = "http://dav.example/d/"), MULTISTATUS(CODE_ROW("/e/a", 423)),
      "failures"},
     {ASKED("COPY", .destination = "http://dav.example/d/"),
      MULTISTATUS(CODE_ROW("/d/a", 423) CODE_ROW("/c/b", 403) CODE_ROW("/", 423)), "failures"}},

    /* ---- values ---- */
    {"value_modified",
     {PLAIN("PROPFIND"),
      PROP_ROW("<D:getlastmodified>Mon, 01 Jan 0001 00:00:00 GMT</D:getlastmodified>"), ""},
     {PLAIN("PROPFIND"),
      PROP_ROW("<D:getlastmodified>Thu, 01 Jan 1970 00:00:00 GMT</D:getlastmodified>"), ""}},
    {"value_modified",
     {PLAIN("PROPFIND"), PROP_ROW("<D:getlastmodified>2026-11-22T07:30:38Z</D:getlastmodified>"),
      ""},
     {PLAIN("PROPFIND"), PROP_ROW("<D:getlastmodified/>"), ""}},
    {"value_created",
     {PLAIN("PROPFIND"), PROP_ROW("<D:creationdate>2026-11-22 07:30:38</D:creationdate>"), ""},
     {PLAIN("PROPFIND"), PROP_ROW("<D:creationdate>1997-12-01T17:42:21.5-08:00</D:creationdate>"),
      ""}},
    {"value_length",
     {PLAIN("PROPFIND"), PROP_ROW("<D:getcontentlength>-1</D:getcontentlength>"), ""},
     {PLAIN("PROPFIND"),
      PROP_ROW("<D:getcontentlength> 18446744073709551615 </D:getcontentlength>"), ""}},
    {"value_etag",
     {PLAIN("PROPFIND"), PROP_ROW("<D:getetag>5-abc</D:getetag>"), ""},
     {PLAIN("PROPFIND"), PROP_ROW("<D:getetag>W/\"5-abc\"</D:getetag>"), ""}},
    {"value_type",
     {PLAIN("PROPFIND"), PROP_ROW("<D:resourcetype>&lt;D:collection/&gt;</D:resourcetype>"), ""},
     {PLAIN("PROPFIND"), PROP_ROW("<D:resourcetype>\n<D:collection/>\n</D:resourcetype>"), ""}},
    {"value_locks",
     {PLAIN("PROPFIND"), SUPPORTED_LOCK("<D:lockscope><D:shared/></D:lockscope>"), ""},
     {PLAIN("PROPFIND"),
      SUPPORTED_LOCK("<D:lockscope><D:shared/></D:lockscope><D:locktype><D:write/></D:locktype>"),
      ""}},
    {"value_locks",
     {PLAIN("PROPFIND"), PROP_ROW("<D:lockdiscovery><D:x/></D:lockdiscovery>"), ""},
     {PLAIN("PROPFIND"), PROP_ROW("<D:lockdiscovery/><D:supportedlock/>"), ""}},
    {"value_win32",
     {PLAIN("PROPFIND"),
      PROP_ROW("<Z:Win32CreationTime xmlns:Z=\"urn:schemas-microsoft-com:\">now"
               "</Z:Win32CreationTime>"),
      ""},
     {PLAIN("PROPFIND"),
      PROP_ROW("<Z:Win32CreationTime xmlns:Z=\"urn:schemas-microsoft-com:\">Sun, 06 Nov 1994 "
               "08:49:37 GMT</Z:Win32CreationTime>"),
      ""}},
    {"value_report",
     {PLAIN("PROPFIND"), PROP_ROW(SUPPORTED_REPORT("<D:report>version-tree</D:report>")), ""},
     {PLAIN("PROPFIND"), PROP_ROW(SUPPORTED_REPORT("<D:report>\n <D:version-tree/> </D:report>")),
      ""}},
    /* Somebody else's report is not that of a supported-report. */
    {"value_report",
     {PLAIN("PROPFIND"), PROP_ROW(SUPPORTED_REPORT("<D:report>a</D:report>")), ""},
     {PLAIN("PROPFIND"), PROP_ROW("<report xmlns=\"urn:x\">text</report>"), ""}},
    {"value_empty",
     {PLAIN("PROPFIND"), PROP_ROW("<D:current-user-principal/>"), ""},
     {PLAIN("PROPFIND"),
      PROP_ROW("<D:current-user-principal><D:unauthenticated/></D:current-user-principal>"), ""}},
    {"value_empty",
     {PLAIN("PROPFIND"),
      PROP_ROW("<C:calendar-home-set "
               "xmlns:C=\"urn:ietf:params:xml:ns:caldav\"> </C:calendar-home-set>"),
      ""},
     {ASKED("PROPFIND", .request = &names_only), PROP_ROW("<D:principal-URL/>"), ""}},
    {"value_empty",
     {PLAIN("PROPFIND"), PROP_ROW("<D:owner/><D:principal-URL/>"), ""},
     {PLAIN("PROPPATCH"), PROP_ROW("<D:principal-URL/>"), ""}},
    {"value_empty",
     {PLAIN("PROPFIND"),
      PROP_ROW("<D:current-user-principal> <D:href/></D:current-user-principal>"), ""},
     {PLAIN("PROPFIND"),
      PROP_ROW("<D:current-user-principal><D:href>/p/</D:href></D:current-user-principal>"
               "<x xmlns=\"urn:x\"><D:href/></x>"),
      ""}},
    {"value_empty",
     {REPORT(CALDAV "calendar-multiget", .depth = "1"),
      PROP_ROW("<C:calendar-data xmlns:C=\"urn:ietf:params:xml:ns:caldav\"/>"), ""},
     {REPORT(CALDAV "calendar-multiget", .depth = "1"),
      MULTISTATUS(RESPONSE("/c/", PROPSTAT(404, "<C:calendar-data "
                                                "xmlns:C=\"urn:ietf:params:xml:ns:caldav\"/>"))),
      ""}},
    {"value_empty",
     {REPORT(CARDDAV "addressbook-query", .depth = "1"),
      PROP_ROW("<C:address-data xmlns:C=\"urn:ietf:params:xml:ns:carddav\"> </C:address-data>"),
      ""},
     {PLAIN("PROPFIND"),
      PROP_ROW("<C:supported-calendar-data xmlns:C=\"urn:ietf:params:xml:ns:caldav\">"
               "<C:calendar-data content-type=\"text/calendar\"/></C:supported-calendar-data>"),
      ""}},
    {"empty_owner",
     {PLAIN("PROPFIND"), PROP_ROW("<D:owner/>"), ""},
     {PLAIN("PROPFIND"), MULTISTATUS(RESPONSE("/c/", PROPSTAT(404, "<D:owner/>"))), ""}},
    {"value_quota",
     {PLAIN("PROPFIND"), PROP_ROW("<D:quota-available-bytes>-3</D:quota-available-bytes>"), ""},
     {PLAIN("PROPFIND"),
      MULTISTATUS(RESPONSE(
          "/c/", PROPSTAT(200, "<D:quota-used-bytes>0</D:quota-used-bytes>")
                     PROPSTAT(404, "<D:quota-available-bytes>-3</D:quota-available-bytes>"))),
      ""}},
    /* ---- methods, properties, access ---- */
    {"unexpected_method",
     {PLAIN("PUT"), MULTISTATUS(CODE_ROW("/c/a", 423)), "failures"},
     {PLAIN("LOCK"), MULTISTATUS(CODE_ROW("/c/a", 423) CODE_ROW("/c/", 424)), "failures"}},
    {"unexpected_method",
     {PLAIN("UNLOCK"), MULTISTATUS(CODE_ROW("/c/a", 423)), "failures"},
     {ANSWERED("GET", 200, XML_TYPE), GOOD, ""}},
    {"proppatch_other",
     {PLAIN("PROPPATCH"), MULTISTATUS(OK_ROW("/c/a")), ""},
     {PLAIN("PROPPATCH"), MULTISTATUS(OK_ROW("/svn/!svn/bln/1")), ""}},
    {"proppatch_other",
     {PLAIN("PROPPATCH"), MULTISTATUS(OK_ROW("/c/a")), ""},
     {PLAIN("PROPPATCH"), MULTISTATUS(OK_ROW("http://dav.example/c")), ""}},
    {"propname_values",
     {ASKED("PROPFIND", .request = &names_only),
      PROP_ROW("<D:displayname>x</D:displayname><D:getetag/>"), ""},
     {ASKED("PROPFIND", .request = &names_only),
      PROP_ROW("<D:displayname/>\n<D:getetag> "
               "</D:getetag><D:resourcetype/>"),
      ""}},
    {"propname_values",
     {ASKED("PROPFIND", .request = &names_only), PROP_ROW(COLLECTION), ""},
     {ASKED("PROPFIND", .request = &any_names), PROP_ROW(COLLECTION), ""}},
    {"preference_ignored",
     {ASKED("PROPFIND", .prefer = "return=minimal"),
      MULTISTATUS(RESPONSE("/c/", PROPSTAT(200, OK_PROP) PROPSTAT(404, "<D:owner/>"))), ""},
     {PLAIN("PROPFIND"),
      MULTISTATUS(RESPONSE("/c/", PROPSTAT(200, OK_PROP) PROPSTAT(404, "<D:owner/>"))), ""}},
    {"preference_ignored",
     {ASKED("PROPFIND", .prefer = "depth-noroot", .depth = "1"),
      MULTISTATUS(OK_ROW("/c/") OK_ROW("/c/a")), ""},
     {ASKED("PROPFIND", .prefer = "depth-noroot", .depth = "1"),
      MULTISTATUS(OK_ROW("/c/a") OK_ROW("/c/b")), ""}},
    {"mkcol_missing",
     {{.method = "MKCOL",
       .uri = "/c/",
       .http_status = 403,
       .content_type = XML_TYPE,
       .request_known = true,
       .request = &create_two},
      "<D:mkcol-response xmlns:D=\"DAV:\">" PROPSTAT(403,
                                                     "<D:resourcetype/>") "</D:mkcol-response>",
      "failures refused_property"},
     {{.method = "MKCOL",
       .uri = "/c/",
       .http_status = 403,
       .content_type = XML_TYPE,
       .request_known = true,
       .request = &create_two},
      "<D:mkcol-response xmlns:D=\"DAV:\">" PROPSTAT(403, "<D:resourcetype/>")
          PROPSTAT(424, OK_PROP) "</D:mkcol-response>",
      "failures refused_property"}},
    {"sync_depth",
     {REPORT(DAV "sync-collection", .depth = "1"), MULTISTATUS(OK_ROW("/c/a") TOKEN("urn:t:2")),
      ""},
     {REPORT(DAV "sync-collection", .depth = "0"), MULTISTATUS(OK_ROW("/c/a") TOKEN("urn:t:2")),
      ""}},
    {"need_privileges_missing",
     {ASKED("DELETE", .server_dav = "1, 3, access-control"), MULTISTATUS(CODE_ROW("/c/a", 403)),
      "failures"},
     {ASKED("DELETE", .server_dav = "1, 2, 3"), MULTISTATUS(CODE_ROW("/c/a", 403)), "failures"}},
    {"need_privileges_missing",
     {ASKED("COPY", .server_dav = "access-control"),
      MULTISTATUS(CODE_ROW("/c/a", 403) CODE_ROW("/c/b", 423)), "failures"},
     {ASKED("COPY", .server_dav = "access-control"),
      MULTISTATUS(RESPONSE("/c/a", STATUS(403) ERROR("<x:virus xmlns:x=\"urn:x\"/>"))),
      "failures"}},
    {"quota_condition",
     {PLAIN("COPY"), MULTISTATUS(CODE_ROW("/c/a", 507)), "failures"},
     {PLAIN("COPY"), MULTISTATUS(RESPONSE("/c/a", STATUS(507) ERROR("<D:quota-not-exceeded/>"))),
      "failures"}},
    {"quota_condition",
     {PLAIN("PROPPATCH"), MULTISTATUS(RESPONSE("/c/", PROPSTAT(507, OK_PROP))),
      "failures refused_property"},
     {REPORT(CARDDAV "addressbook-query", .depth = "1"),
      MULTISTATUS(OK_ROW("/c/a") CODE_ROW("/c/", 507)), "truncated truncation_reason"}},
    {"bind_twice",
     {ASKED("PROPFIND", .depth = "1"),
      MULTISTATUS(OK_ROW("/c/") BOUND("/c/a", "urn:uuid:1") BOUND("/c/b", "urn:uuid:1")), ""},
     {ASKED("PROPFIND", .depth = "1"),
      MULTISTATUS(OK_ROW("/c/") BOUND("/c/a", "urn:uuid:1") BOUND("/c/b", "urn:uuid:2")), ""}},
    {"bind_twice",
     {ASKED("SEARCH", .depth = NULL),
      MULTISTATUS(BOUND("/c/a", "urn:uuid:1") BOUND("/c/b", "urn:uuid:1")), ""},
     {ASKED("PROPFIND", .depth = "infinity"),
      MULTISTATUS(OK_ROW("/c/") BOUND("/c/a", "urn:uuid:1") BOUND("/c/b", "urn:uuid:1")), ""}},
    {"value_href",
     {PLAIN("PROPFIND"), PROP_ROW("<D:current-user-principal>/p/ines/</D:current-user-principal>"),
      ""},
     {PLAIN("PROPFIND"),
      PROP_ROW("<D:current-user-principal><D:href>/p/</D:href></D:current-user-principal>"), ""}},
    {"value_href",
     {PLAIN("PROPFIND"),
      PROP_ROW("<C:calendar-home-set xmlns:C=\"urn:ietf:params:xml:ns:caldav\">/h/"
               "</C:calendar-home-set>"),
      ""},
     {PLAIN("PROPFIND"),
      PROP_ROW("<D:current-user-principal><D:unauthenticated/></D:current-user-principal>"), ""}},
    {"value_acl",
     {PLAIN("PROPFIND"), ACL(PRIVILEGE("grant")), ""},
     {PLAIN("PROPFIND"), ACL(PRINCIPAL_HREF PRIVILEGE("grant") "<D:protected/>"), ""}},
    {"value_acl",
     {PLAIN("PROPFIND"), ACL(PRINCIPAL_HREF PRIVILEGE("grant") PRIVILEGE("deny")), ""},
     {PLAIN("PROPFIND"), ACL("<D:invert>" PRINCIPAL_HREF "</D:invert>" PRIVILEGE("deny")), ""}},

    /* ---- calendars and address books ---- */
    {"calendar_object",
     {REPORT(CALDAV "calendar-query", .request = &query),
      DATA_ROW(ICS("METHOD:REQUEST\n" VEVENT("1", JANUARY))), ""},
     {{.method = "REPORT",
       .uri = "/c/Inbox/",
       .report = CALDAV "calendar-query",
       .http_status = 207,
       .content_type = XML_TYPE,
       .request = &query},
      DATA_ROW(ICS("METHOD:REQUEST\n" VEVENT("1", JANUARY))),
      "outside_request_uri"}},
    {"calendar_object",
     {REPORT(CALDAV "calendar-query", .request = &query),
      DATA_ROW(ICS(VEVENT("1", JANUARY) VEVENT("2", JANUARY))), ""},
     {REPORT(CALDAV "calendar-query", .request = &query),
      DATA_ROW(ICS(VEVENT("1", JANUARY) VEVENT("1", "RECURRENCE-ID:20260121T100000Z\n"))), ""}},
    {"calendar_object",
     {REPORT(CALDAV "calendar-query", .request = &query),
      DATA_ROW(ICS(VEVENT("1", JANUARY) VTODO("1"))), ""},
     {REPORT(CALDAV "calendar-query", .request = &query),
      DATA_ROW(ICS(BERLIN VEVENT("1", JANUARY COMPONENT("VALARM", "UID:9\n")))), ""}},
    {"calendar_object",
     {REPORT(CALDAV "calendar-query", .request = &query), DATA_ROW(ICS(VEVENT("1", IN_BERLIN))),
      ""},
     {REPORT(CALDAV "calendar-query", .request = &query, .server_dav = "1, calendar-no-timezones"),
      DATA_ROW(ICS(VEVENT("1", IN_BERLIN))), ""}},
    {"calendar_object",
     {REPORT(CALDAV "calendar-query", .request = &query),
      DATA_ROW(ICS(COMPONENT("VTIMEZONE", "TZID:Europe/Paris\n") VEVENT("1", IN_BERLIN))), ""},
     {REPORT(CALDAV "calendar-query", .request = &query_partial),
      DATA_ROW(ICS(VEVENT("1", IN_BERLIN))), ""}},
    {"calendar_object",
     {PLAIN("PROPFIND"),
      MULTISTATUS(EVENT("/c/", VCF("3.0", "1")
                                   ICS("") "<C:calendar-data "
                                           "xmlns:C=\"urn:ietf:params:xml:ns:caldav\">Error 500"
                                           "</C:calendar-data>")),
      "twice_in_propstat"},
     {PLAIN("PROPFIND"), MULTISTATUS(EVENT("/c/", VCF("3.0", "1") ICS(""))), ""}},
    {"calendar_object",
     {REPORT(CALDAV "calendar-query", .request = &query),
      DATA_ROW("<C:calendar-data xmlns:C=\"urn:ietf:params:xml:ns:caldav\">BEGIN:VCALENDAR\n"
               "BEGIN:VEVENT\nUID:1\n</C:calendar-data>"),
      ""},
     {REPORT(CALDAV "calendar-query", .request = &query), DATA_ROW(ICS(VEVENT("1", JANUARY))), ""}},
    {"calendar_object",
     {REPORT(CALDAV "calendar-query", .request = &query),
      DATA_ROW(ICS(COMPONENT("VEVENT", JANUARY))), ""},
     {REPORT(CALDAV "calendar-query", .request = &query_partial),
      DATA_ROW(ICS(COMPONENT("VEVENT", JANUARY))), ""}},
    {"calendar_object",
     {REPORT(CARDDAV "addressbook-query", .request = &query_cards),
      DATA_ROW("<CR:address-data xmlns:CR=\"urn:ietf:params:xml:ns:carddav\">BEGIN:VCARD\n"
               "VERSION:4.0\nFN:x\nEND:VCARD\n</CR:address-data>"),
      ""},
     {REPORT(CARDDAV "addressbook-query", .request = &query_cards), DATA_ROW(VCF("4.0", "1")), ""}},
    {"uid_conflict",
     {REPORT(CALDAV "calendar-query", .request = &query),
      MULTISTATUS(EVENT("/c/a.ics", ICS(VEVENT("1", JANUARY)))
                      EVENT("/c/b.ics", ICS(VEVENT("1", JANUARY)))),
      ""},
     {REPORT(CALDAV "calendar-query", .request = &query),
      MULTISTATUS(EVENT("/c/a.ics", ICS(VEVENT("1", JANUARY)))
                      EVENT("/c/d/b.ics", ICS(VEVENT("1", JANUARY)))),
      ""}},
    {"uid_conflict",
     {REPORT(CARDDAV "addressbook-query", .depth = "1"),
      MULTISTATUS(EVENT("/c/a.vcf", VCF("3.0", "1")) EVENT("/c/x.vcf", VCF("3.0", "2"))
                      EVENT("/c/b.vcf", VCF("3.0", "1"))),
      ""},
     {REPORT(CARDDAV "addressbook-query", .depth = "1"),
      MULTISTATUS(EVENT("/c/a.vcf", VCF("3.0", "1")) EVENT("/c/b.vcf", VCF("3.0", "A"))
                      EVENT("/c/c.vcf", VCF("3.0", "a"))),
      ""}},
    {"etag_weak",
     {REPORT(CALDAV "calendar-query", .depth = "1"),
      MULTISTATUS(RESPONSE("/c/a", PROPSTAT(200, "<D:getetag>W/\"1\"</D:getetag>"))), ""},
     {PLAIN("PROPFIND"),
      PROP_ROW("<D:getetag>W/\"1\"</D:getetag><D:getcontenttype>text/plain</D:getcontenttype>"),
      ""}},
    {"etag_weak",
     {PLAIN("PROPFIND"),
      PROP_ROW("<D:getetag>W/\"1\"</D:getetag><D:getcontenttype>text/calendar; charset=utf-8"
               "</D:getcontenttype>"),
      ""},
     {PLAIN("PROPFIND"),
      PROP_ROW("<D:getetag>\"W/1\"</D:getetag><D:getcontenttype>text/calendar</D:getcontenttype>"),
      ""}},
    {"etag_weak",
     {REPORT(CALDAV "calendar-query", .depth = "1"),
      MULTISTATUS(
          RESPONSE("/c/a", PROPSTAT(200, ICS(VEVENT("1", JANUARY))) PROPSTAT(404, "<D:getetag/>"))),
      ""},
     {REPORT(CALDAV "calendar-query", .depth = "1"),
      MULTISTATUS(RESPONSE("/c/a", PROPSTAT(200, ICS(VEVENT("1", JANUARY))))), ""}},
    {"expand_ignored",
     {REPORT(CALDAV "calendar-query", .request = &query_expand),
      DATA_ROW(ICS(VEVENT("1", JANUARY "RRULE:FREQ=DAILY\n"))), ""},
     {REPORT(CALDAV "calendar-query", .request = &query),
      DATA_ROW(ICS(VEVENT("1", JANUARY "RRULE:FREQ=DAILY\n"))), ""}},
    {"expand_ignored",
     {REPORT(CALDAV "calendar-query", .request = &query_expand),
      DATA_ROW(ICS(VEVENT("1", JANUARY) VEVENT("1", JANUARY))), ""},
     {REPORT(CALDAV "calendar-query", .request = &query_expand),
      DATA_ROW(ICS(VEVENT("1", JANUARY) VEVENT("1", "RECURRENCE-ID:20260121T100000Z\n"))), ""}},
    {"expand_ignored",
     {REPORT(CALDAV "calendar-query", .request = &query_expand),
      DATA_ROW(ICS(COMPONENT("VTIMEZONE",
                             "TZID:Europe/Berlin\n" COMPONENT("STANDARD", "RRULE:FREQ=YEARLY\n"))
                       VEVENT("1", JANUARY))),
      ""},
     {REPORT(CALDAV "calendar-query", .request = &query_expand),
      DATA_ROW(ICS(VEVENT("1", JANUARY "X-RRULE:FREQ=DAILY\nSUMMARY:a\n RRULE:b\n"))), ""}},
    {"filter_ignored",
     {REPORT(CALDAV "calendar-query", .request = &query_todos), DATA_ROW(ICS(VEVENT("1", JANUARY))),
      ""},
     {REPORT(CALDAV "calendar-query", .request = &query_todos), DATA_ROW(ICS(VTODO("1"))), ""}},
    {"filter_ignored",
     {REPORT(CALDAV "calendar-query", .request = &query_no_todos), DATA_ROW(ICS(VTODO("1"))), ""},
     {REPORT(CALDAV "calendar-query", .request = &query_no_todos),
      DATA_ROW(ICS(VEVENT("1", JANUARY))), ""}},
    {"filter_ignored",
     {REPORT(CALDAV "calendar-query", .request = &query_january),
      DATA_ROW(ICS(VEVENT("1", "DTSTART:20260201T000000Z\nDURATION:PT1H\n"))), ""},
     {REPORT(CALDAV "calendar-query", .request = &query_january),
      DATA_ROW(ICS(VEVENT("1", "DTSTART:20260101T000000Z\n"))), ""}},
    {"filter_ignored",
     {REPORT(CALDAV "calendar-query", .request = &query_from_february),
      DATA_ROW(ICS(VEVENT("1", JANUARY))), ""},
     {REPORT(CALDAV "calendar-query", .request = &query_from_february),
      DATA_ROW(ICS(VEVENT("1", JANUARY "RRULE:FREQ=DAILY\n"))), ""}},
    {"filter_ignored",
     {REPORT(CALDAV "calendar-query", .request = &query_january),
      DATA_ROW(ICS(BERLIN VEVENT("1", "DTSTART;TZID=Europe/Berlin:20260201T150000\n"))), ""},
     {REPORT(CALDAV "calendar-query", .request = &query_january),
      DATA_ROW(ICS(BERLIN VEVENT("1", "DTSTART;TZID=Europe/Berlin:20260201T003000\n"))), ""}},
    {"filter_ignored",
     {REPORT(CALDAV "calendar-query", .request = &query_january),
      DATA_ROW(ICS(VEVENT("1", "DTSTART;VALUE=DATE:20251230\n"))), ""},
     {REPORT(CALDAV "calendar-query", .request = &query_january),
      DATA_ROW(ICS(VEVENT("1", "DTSTART;VALUE=DATE:20251231\n"))), ""}},
    {"depth_default",
     {REPORT(CALDAV "calendar-query", .request = &query), MULTISTATUS(""), "no_matches"},
     {REPORT(CALDAV "calendar-query", .request = &query, .depth = "1"), MULTISTATUS(""),
      "no_matches"}},
    {"query_limit",
     {REPORT(CARDDAV "addressbook-query", .request = &query_cards),
      MULTISTATUS(EVENT("/c/a", VCF("4.0", "1")) EVENT("/c/b", VCF("4.0", "2"))
                      EVENT("/c/d", VCF("4.0", "3"))),
      ""},
     {REPORT(CARDDAV "addressbook-query", .request = &query_cards),
      MULTISTATUS(EVENT("/c/a", VCF("4.0", "1")) EVENT("/c/b", VCF("4.0", "2"))), ""}},
    {"data_version",
     {REPORT(CARDDAV "addressbook-query", .request = &query_cards),
      MULTISTATUS(EVENT("/c/a", VCF("3.0", "1"))), ""},
     {REPORT(CARDDAV "addressbook-query", .depth = "1"),
      MULTISTATUS(EVENT("/c/a", VCF("3.0", "1"))), ""}},
    {"data_version",
     {REPORT(CALDAV "calendar-query", .request = &query_json), DATA_ROW(ICS(VEVENT("1", JANUARY))),
      ""},
     {REPORT(CALDAV "calendar-query", .request = &query_json),
      DATA_ROW("<C:calendar-data xmlns:C=\"urn:ietf:params:xml:ns:caldav\">[\"vcalendar\",[],[]]"
               "</C:calendar-data>"),
      ""}},
    {"freebusy_207",
     {REPORT(CALDAV "free-busy-query", .depth = "1"), MULTISTATUS(OK_ROW("/c/a")), ""},
     {REPORT(CALDAV "calendar-query", .depth = "1"), MULTISTATUS(OK_ROW("/c/a")), ""}},
    {"schedule_status",
     {PLAIN("REPORT"),
      DATA_ROW(ICS(VEVENT("1", "ATTENDEE;CN=\"a;b:c\";SCHEDULE-ST\n ATUS=3.7:mailto:m@x\n"))), ""},
     {PLAIN("REPORT"),
      DATA_ROW(ICS(VEVENT("1", "ATTENDEE;CN=\"SCHEDULE-STATUS=3.7\";SCHEDULE-STATUS=1.2:mailto:m@x"
                               "\n"))),
      ""}},
    {"schedule_status",
     {PLAIN("REPORT"),
      DATA_ROW(ICS(VEVENT("1", "ORGANIZER;SCHEDULE-STATUS=\"2.0,5.1\":mailto:m@x\n"))), ""},
     {PLAIN("REPORT"),
      DATA_ROW(ICS(VEVENT("1", "ATTENDEE;SCHEDULE-STATUS=\"2.0,2.5\":mailto:m@x\n"
                               "COMMENT;SCHEDULE-STATUS=5.1:x\n"))),
      ""}},

    /* ---- JSON ---- */
    {"json_no_rows",
     {JSON("POST"), "{\"items\":[]}", ""},
     {JSON("POST"), "[" JSON_OK "," JSON_FAILED "]", "failures"}},
    {"json_invalid",
     {JSON("POST"), "[" JSON_OK "," JSON_FAILED ",]", "failures"},
     {JSON("POST"), "[" JSON_OK "," JSON_FAILED "]\r\n", "failures"}},
    {"cut_off",
     {JSON("POST"), "[" JSON_OK "," JSON_FAILED, "failures"},
     {JSON("POST"), " [" JSON_OK "," JSON_FAILED "]", "failures"}},
    {"invalid_bytes",
     {JSON("POST"), "[" JSON_OK "," JSON_FAILED ",{\"id\":\"\xE4\",\"status\":200}]",
      "failures json_invalid"},
     {JSON("POST"), "[" JSON_OK "," JSON_FAILED ",{\"id\":\"\xC3\xA4\",\"status\":200}]",
      "failures"}},
    {"json_shape",
     {JSON("POST"), "{\"status\":207,\"message\":\"partial\"}", ""},
     {JSON("POST"), "{\"data\":{\"items\":[" JSON_OK "," JSON_FAILED "]}}", "failures"}},
    {"json_no_status",
     {JSON("POST"), "[" JSON_OK ",{\"id\":7}]", ""},
     {JSON("POST"), "[" JSON_OK ",{\"id\":7,\"success\":false}]", "failures"}},
    {"json_bad_status",
     {JSON("POST"), "[" JSON_OK ",{\"id\":7,\"status\":1}]", ""},
     {JSON("POST"), "[" JSON_OK ",{\"id\":7,\"status\":\"NOT_FOUND\"}]", "failures"}},
    {"json_bad_status",
     {JSON("POST"), "[" JSON_OK ",{\"id\":7,\"status\":\"pending\"}]", ""},
     {JSON("POST"), "[" JSON_FAILED ",{\"id\":7,\"status\":\"ok\"}]", "failures"}},
    {"json_text_status",
     {JSON("POST"), "[" JSON_FAILED ",{\"id\":7,\"status\":\"200\"}]", "failures"},
     {JSON("POST"), "[" JSON_FAILED ",{\"id\":7,\"status\":200}]", "failures"}},
    {"json_all_ok",
     {JSON("POST"), "[" JSON_OK "," JSON_OK "]", ""},
     {JSON("POST"), "[" JSON_OK ",{\"id\":7,\"status\":304}]", ""}},
    {"json_all_failed",
     {JSON("POST"), "[" JSON_FAILED "]", "failures"},
     {JSON("POST"), "[" JSON_OK "," JSON_FAILED "]", "failures"}},
    {"json_contradiction",
     {JSON("POST"), "[" JSON_OK ",{\"id\":7,\"status\":200,\"error\":\"x\"}]", "failures"},
     {JSON("POST"), "[" JSON_FAILED ",{\"id\":7,\"status\":200,\"error\":null}]", "failures"}},
    {"json_repeated_name",
     {JSON("POST"), "[" JSON_OK ",{\"id\":7,\"status\":200,\"status\":404}]", "failures"},
     {JSON("POST"), "[" JSON_OK ",{\"id\":7,\"status\":404,\"statusCode\":404}]", "failures"}},
    {"json_character",
     {JSON("POST"), "[" JSON_FAILED ",{\"id\":\"\\uD83D\",\"status\":200}]", "failures"},
     {JSON("POST"), "[" JSON_FAILED ",{\"id\":\"\\uD83D\\uDE00\",\"status\":200}]", "failures"}},
    {"json_content_type",
     {ANSWERED("POST", 207, "text/html"), "[" JSON_OK "," JSON_FAILED "]", "failures"},
     {ANSWERED("POST", 207, "application/vnd.x+json; charset=utf-8"),
      "[" JSON_OK "," JSON_FAILED "]", "failures"}},
    {"json_content_type",
     {ANSWERED("POST", 207, NULL), "[" JSON_OK "," JSON_FAILED "]", "failures"},
     {{.http_status = 207, .method = "POST"}, "[" JSON_OK "," JSON_FAILED "]", "failures"}},
    {"json_encoding",
     {JSON("POST"), "\xEF\xBB\xBF[" JSON_OK "," JSON_FAILED "]", "failures"},
     {JSON("POST"), "[" JSON_OK "," JSON_FAILED "]", "failures"}},
    {"json_no_id",
     {JSON("POST"), "[" JSON_FAILED ",{\"status\":200}]", "failures"},
     {JSON("POST"), "[" JSON_FAILED ",{\"orderId\":1,\"status\":200}]", "failures"}},
    {"graphql_errors",
     {GRAPHQL, "{\"errors\":[{\"message\":\"x\"}],\"data\":null}", ""},
     {GRAPHQL, "{\"data\":{\"a\":null}}", "json_shape"}},
    {"no_root_cause",
     {JSON("POST"), "[" JSON_OK ",{\"eid\":7,\"publishing_status\":\"aborted\"}]", ""},
     {JSON("POST"), "[" JSON_OK "," JSON_FAILED ",{\"eid\":7,\"publishing_status\":\"aborted\"}]",
      "failures"}},
    {"multipart_part",
     {ANSWERED("POST", 207, "multipart/mixed; boundary=b"), "--b\r\n\r\nhello\r\n--b--", ""},
     {ANSWERED("POST", 207, "multipart/mixed; boundary=b"),
      "--b\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 200 OK\r\n\r\n\r\n--b--", ""}},
    {"multipart_end",
     {ANSWERED("POST", 207, "multipart/mixed; boundary=b"),
      "--b\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 200 OK\r\n\r\n\r\n--b", ""},
     {ANSWERED("POST", 207, "multipart/mixed; boundary=b"),
      "--b\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 200 OK\r\n\r\n\r\n--b--", ""}},
};

/* ------------------------------------------------------------------------------- the test ---- */

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* A list of names between spaces, sorted. The caller frees it with g_free(). */
static char *sorted(const char *list)
{
    char **names = g_strsplit(list, " ", -1);

    qsort(names, g_strv_length(names), sizeof *names, compare_names);
    char *joined = g_strjoinv(" ", names);

    g_strfreev(names);
    return joined;
}

static void check_findings(const char *what, const ms_document *document, const char *expected)
{
    char *found = unit_findings(document);
    char *found_sorted = sorted(found), *expected_sorted = sorted(expected);

    unit_check_text(what, found_sorted, expected_sorted);
    g_free(expected_sorted);
    g_free(found_sorted);
    g_free(found);
}

static void check_situation(const situation *s, const char *rule)
{
    ms_document *document = unit_decode(s->body, &s->context);
    char *expected = g_strconcat(rule ? rule : s->also, rule && *s->also ? " " : "",
                                 rule ? s->also : NULL, NULL);

    unit_check_sound(document, strlen(s->body));
    check_findings(rule ? "the body that it is about" : "the legal neighbour", document, expected);
    g_free(expected);
    ms_document_free(document);
}

static void test_rule(const void *data)
{
    const rule_row *row = data;

    check_situation(&row->speaks, row->name);
    check_situation(&row->silent, NULL);
}

/* What a rule needs the request for must not be said without it. */
static void test_unknown(const void *data)
{
    const rule_row *row = data;
    ms_context nothing = {.http_status = row->speaks.context.http_status};
    ms_document *document = unit_decode(row->speaks.body, &nothing);

    for (size_t i = 0; i < MS_RULE_COUNT; i++) {
        if (ms_rules[i].needs == MS_NEEDS_REQUEST)
            unit_check_no_finding(document, ms_rules[i].id);
    }
    ms_document_free(document);
}

static void test_parts(const void *data)
{
    const rule_row *row = data;

    unit_check_parts(row->speaks.body, &row->speaks.context);
    unit_check_parts(row->silent.body, &row->silent.context);
}

/* Every rule has a row, except those that have a test of their own. */
static void test_every_rule(void)
{
    static const char *const elsewhere[] = {"undecoded", "limit", NULL};

    for (size_t i = 0; i < MS_RULE_COUNT; i++) {
        bool known =
            ms_rules[i].needs == MS_NEEDS_CAPTURE || g_strv_contains(elsewhere, ms_rules[i].id);

        for (size_t j = 0; j < G_N_ELEMENTS(rows); j++)
            known = known || strcmp(rows[j].name, ms_rules[i].id) == 0;
        unit_check(known, "the rule %s has no test", ms_rules[i].id);
    }
}

/* ------------------------------------------------------------------ rules that need others ---- */

static void test_limit(void)
{
    GString *body = g_string_new("<D:multistatus xmlns:D=\"DAV:\">");
    int depth = MS_LIMIT_DEPTH;

    for (int i = 1; i < depth; i++)
        g_string_append(body, "<x>");
    for (int i = 1; i < depth; i++)
        g_string_append(body, "</x>");
    g_string_append(body, "</D:multistatus>");
    ms_document *document = unit_decode(body->str, &(ms_context)UNKNOWN);

    check_findings("at the limit", document, "");
    ms_document_free(document);
    g_string_insert(body, strlen("<D:multistatus xmlns:D=\"DAV:\">"), "<x>");
    document = unit_decode(body->str, &(ms_context)UNKNOWN);
    unit_check_finding(document, "limit");
    ms_document_free(document);
    g_string_free(body, TRUE);
}

/* A response without a body still has a header. */
static void test_header(void)
{
    ms_context context = ASKED("PROPFIND", .location = "/x");
    ms_document *document = ms_undecoded(MS_REASON_NO_BODY, &context);

    ms_apply_header_rules(document, &context, MS_RULE_UNDECODED);
    unit_check_finding(document, "no_body");
    unit_check_finding(document, "location_header");
    ms_document_free(document);
    document = ms_undecoded("the content coding is unknown", &context);
    unit_check_finding(document, "undecoded");
    unit_check_no_finding(document, "no_body");
    ms_document_free(document);
}

/* Code that sees the capture adds what it finds. */
static void test_added(void)
{
    ms_document *document = unit_decode(GOOD, &unit_propfind);

    ms_add_finding(document, MS_RULE_REPEATED_FAILURE, 0, document->span, "%d times", 3);
    const ms_finding *finding = unit_finding(document, "repeated_failure");

    g_assert_nonnull(finding);
    unit_check_text("message", finding->message, "3 times");
    unit_check_sound(document, strlen(GOOD));
    ms_document_free(document);
}

/* ------------------------------------------------------------------------------- messages ---- */

typedef struct {
    const char *name;
    situation s;
    const char
        *message; /* part of it: places and words of libxml2 differ from version to version */
} message_row;

static const message_row messages[] = {
    {"value_empty",
     {PLAIN("PROPFIND"),
      PROP_ROW("<D:owner/><D:principal-URL/><D:current-user-principal><D:href> </D:href>"
               "</D:current-user-principal>"),
      ""},
     "/c/: principal-URL, current-user-principal are empty under 200, where they should hold an "
     "href"},
    {"not_created",
     {PLAIN("MKCOL"), MULTISTATUS(RESPONSE("/c/", PROPSTAT(200, OK_PROP))), ""},
     "no status in it says why"},
    {"not_created",
     {PLAIN("MKCOL"), MULTISTATUS(RESPONSE("/c/", PROPSTAT(403, OK_PROP))), ""},
     "207 to MKCOL means that the collection was not created"},
    {"sync_shape",
     {REPORT(DAV "sync-collection"),
      MULTISTATUS(RESPONSE("/c/a.ics", PROPSTAT(404, "<D:getetag/>")) TOKEN("urn:t:1")), ""},
     "/c/a.ics was removed and says so with a propstat in which its getetag is not found"},
    {"refused_property",
     {PLAIN("MKCALENDAR"),
      MULTISTATUS(
          RESPONSE("/c/", PROPSTAT(403, "<i:calendar-color xmlns:i=\"http://apple.com/ns/ical/\"/>")
                              PROPSTAT(424, OK_PROP "<D:owner/>"))),
      ""},
     "/c/: ical:calendar-color refused with 403 Forbidden; because of that, 2 others were not set "
     "either (424)"},
    {"not_well_formed",
     {PLAIN("PROPFIND"), MULTISTATUS(OK_ROW("/c/a") OK_ROW("/c/b&c")), ""},
     ", in <D:href>, after the response of /c/a: "},
    {"garbage",
     {PLAIN("PROPFIND"), "\n<b>Fatal\nerror</b><?xml version=\"1.0\"?>" GOOD, ""},
     "HTML stands before the XML document: <b>Fatal error</b><?xml version=\"1.0\"?>"
     "<D:multistatus xmlns:"},
    {"garbage",
     {PLAIN("PROPFIND"), GOOD "\n<br />\n<b>Warning</b>: no file", ""},
     "HTML stands behind the XML document: <br /> <b>Warning</b>: no file"},
    {"garbage",
     {PLAIN("PROPFIND"), GOOD "Warning: no file", ""},
     "Something else stands behind the XML document: Warning: no file"},
    /* libxml2 calls both "not defined". */
    {"not_well_formed",
     {PLAIN("PROPFIND"), "<!DOCTYPE x [<!ENTITY c \"b\">]>" MULTISTATUS(OK_ROW("/c/&c;")),
      "doctype entity_declaration"},
     ", in <D:href>: the entity c, which the body declares, is not expanded"},
    {"not_well_formed",
     {PLAIN("PROPFIND"),
      "<!DOCTYPE x [<!ENTITY c SYSTEM \"file:///b\">]>" MULTISTATUS(OK_ROW("/c/&c;")),
      "doctype entity_declaration"},
     ", in <D:href>: the entity c, which the body declares, is not expanded"},
    {"not_well_formed",
     {PLAIN("PROPFIND"), "<!DOCTYPE x [<!ENTITY c \"b\">]>" MULTISTATUS(OK_ROW("/c/&nbsp;")),
      "doctype entity_declaration"},
     ", in <D:href>: Entity 'nbsp' not defined"},
    {"other_root",
     {PLAIN("PROPFIND"),
      "<s:Envelope xmlns:s=\"urn:s\"><s:Body><s:Fault><faultstring>Not\n now</faultstring>"
      "</s:Fault></s:Body></s:Envelope>",
      "undecoded"},
     "The root element is {urn:s}Envelope, not multistatus: \"Not now\""},
    {"other_root",
     {PLAIN("PROPFIND"), "<s:Envelope xmlns:s=\"urn:s\"><s:Body/></s:Envelope>", "undecoded"},
     "The root element is {urn:s}Envelope, not multistatus"},
    {"duplicate_href",
     {PLAIN("PROPFIND"), MULTISTATUS(OK_ROW("/c/") OK_ROW("/c/a") OK_ROW("/c/a")), ""},
     "/c/a stands in more than one response"},
    {"bad_href",
     {PLAIN("PROPFIND"), MULTISTATUS(OK_ROW("/c/") OK_ROW("/c/a b") OK_ROW("/c/b b")), ""},
     "/c/a b: a space must be percent-encoded (%20) (and 1 more in this body)"},
    {"bad_href",
     {ASKED_AT("PROPFIND", "/my%20c/"), MULTISTATUS(OK_ROW("/my c/")), ""},
     "/my c/: a space must be percent-encoded (%20); it is the Request-URI /my%20c/, only its "
     "spelling differs"},
    {"bad_href",
     {ASKED_AT("PROPFIND", "/c/"), MULTISTATUS(OK_ROW("http%3A//dav.example/c/")), ""},
     "http%3A//dav.example/c/: it is a URI that is percent-encoded as a whole; clients take it for "
     "a relative path"},
    {"bad_href",
     {PLAIN("PROPFIND"), MULTISTATUS(OK_ROW("/c/") OK_ROW("/c/{x}")), ""},
     "/c/{x}: the character { must be percent-encoded (%7B)"},
    {"outside_request_uri",
     {ASKED_AT("PROPFIND", "/Cal/"), MULTISTATUS(OK_ROW("/cal/") OK_ROW("/cal/a")), ""},
     "/cal/ is not below the Request-URI /Cal/; only the spelling differs: upper and lower case "
     "(and 1 more in this body)"},
    {"outside_request_uri",
     {ASKED_AT("PROPFIND", "/a/b"), MULTISTATUS(OK_ROW("/a%2Fb")), ""},
     "/a%2Fb is not below the Request-URI /a/b; only the spelling differs: a slash that is "
     "percent-encoded (%2F is part of a name)"},
    {"outside_request_uri",
     {ASKED_AT("PROPFIND", "/Mu%CC%88ll/"), MULTISTATUS(OK_ROW("/M%C3%BCll/a")), ""},
     "/M%C3%BCll/a is not below the Request-URI /Mu%CC%88ll/; only the spelling differs: "
     "characters that one composes and the other decomposes (Unicode NFC and NFD)"},
    {"outside_request_uri",
     {ASKED_AT("PROPFIND", "/cloud/dav/ann/"), MULTISTATUS(OK_ROW("/ann/") OK_ROW("/ann/a")), ""},
     "/ann/ is not below the Request-URI /cloud/dav/ann/; it lacks the prefix /cloud/dav, as "
     "behind a proxy that strips it from requests and does not put it back into answers (and "
     "1 more in this body)"},
    {"outside_request_uri",
     {ASKED_AT("PROPFIND", "/ann/"), MULTISTATUS(OK_ROW("http://dav.example/int/ann/a")), ""},
     "http://dav.example/int/ann/a is not below the Request-URI /ann/; it has the prefix /int, "
     "as behind a proxy that adds it to requests and does not strip it from answers"},
    {"outside_request_uri",
     {ASKED_AT("PROPFIND", "/ann/"), MULTISTATUS(OK_ROW("/anna/a")), ""},
     "/anna/a is not below the Request-URI /ann/"},
    {"other_spelling",
     {REPORT(CALDAV "calendar-multiget", .request = &multiget_odd),
      MULTISTATUS(OK_ROW("/c/My Day.ics") OK_ROW("/c/b.ics")), "bad_href"},
     "/c/My Day.ics answers for /c/My%20Day.ics: only the spelling differs"},
    {"multiget_missing",
     {REPORT(CALDAV "calendar-multiget", .request = &multiget_odd),
      MULTISTATUS(OK_ROW("/c/my%20day.ics") OK_ROW("/c/b.ics")), "multiget_extra"},
     "/c/My%20Day.ics was asked for; there is an answer for /c/my%20day.ics, which is another "
     "resource, although only its spelling differs: upper and lower case"},
    {"multiget_missing",
     {REPORT(CALDAV "calendar-multiget", .request = &multiget_odd),
      MULTISTATUS(OK_ROW("/c/My+Day.ics")), "multiget_extra"},
     "/c/My%20Day.ics was asked for; there is an answer for /c/My+Day.ics, which is another "
     "resource, although only its spelling differs: a + for a space (in a path it is a plus sign) "
     "(and 1 more in this body)"},
    {"multiget_missing",
     {REPORT(CALDAV "calendar-multiget", .request = &multiget_near),
      MULTISTATUS(OK_ROW("/c/Mu%CC%88ller.vcf")), "multiget_extra"},
     "/c/M%C3%BCller.vcf was asked for; there is an answer for /c/Mu%CC%88ller.vcf, which is "
     "another resource, although only its spelling differs: characters that one composes and the "
     "other decomposes (Unicode NFC and NFD) (and 1 more in this body)"},
    {"multiget_missing",
     {REPORT(CALDAV "calendar-multiget", .request = &multiget), MULTISTATUS(OK_ROW("/c/x")), ""},
     "/c/ab.ics was asked for, but there is no answer for it (and 1 more in this body)"},
    {"other_root",
     {PLAIN("PROPFIND"),
      "<d:error xmlns:d=\"DAV:\" xmlns:s=\"http://sabredav.org/ns\"><s:exception>X\\NotFound"
      "</s:exception><s:message>a could not be located</s:message></d:error>",
      ""},
     "The root element is {DAV:}error, not a multistatus: an error document, which belongs under "
     "the status of the error. The server says: a could not be located (X\\NotFound)"},
    {"other_root",
     {PLAIN("REPORT"), "<d:error xmlns:d=\"DAV:\"><d:supported-report/></d:error>", ""},
     "The root element is {DAV:}error, not a multistatus: an error document, which belongs under "
     "the status of the error. It names supported-report"},
    {"garbage",
     {PLAIN("PROPFIND"),
      "<d:error xmlns:d=\"DAV:\"><s:message xmlns:s=\"http://sabredav.org/ns\">gone</s:message>"
      "</d:error>" GOOD,
      ""},
     "Another XML document stands before the multistatus: its root is {DAV:}error, and it says: "
     "gone"},
    {"garbage",
     {PLAIN("PROPFIND"), GOOD "<D:multi", ""},
     "Another XML document stands behind the first one, and is cut off: <D:multi"},
    {"coding",
     {PLAIN("PROPFIND"), "\x1f\x8b\x08 and so on", ""},
     "Not decoded: the bytes are gzip (they start with 1f 8b), but the header does not say so: "
     "there is no Content-Encoding"},
    {"propfind_missing",
     {ASKED("PROPFIND", .request = &many_names), MULTISTATUS(OK_ROW("/c/")), "unknown_dav"},
     "/c/: 9 of the 10 properties that were asked for are in no propstat: a, b, c, d, e, f, g, h "
     "and 1 more"},
    {"propfind_missing",
     {ASKED("PROPFIND", .request = &two_names), MULTISTATUS(OK_ROW("/c/")), ""},
     "/c/: 1 of the 2 properties that were asked for is in no propstat: getetag"},
    {"no_matches",
     {REPORT(DAV "sync-collection", .request = &sync_next), MULTISTATUS(TOKEN("urn:t:1")), ""},
     "No changes since the sync-token of the request"},
    {"no_matches",
     {REPORT(DAV "sync-collection", .request = &sync_first), MULTISTATUS(TOKEN("urn:t:1")), ""},
     "The collection has no member to synchronise"},
    {"no_matches", {REPORT(CALDAV "calendar-query"), MULTISTATUS(""), ""}, "Nothing was found"},
    {"stray_text",
     {PLAIN("PROPFIND"), MULTISTATUS(RESPONSE("/c/", PROPSTAT(200, "oops"))), ""},
     "/c/: Text directly in <D:prop>, which holds elements only"},
    {"value_length",
     {PLAIN("PROPFIND"), PROP_ROW("<D:getcontentlength>12 kB</D:getcontentlength>"), ""},
     "/c/: getcontentlength \"12 kB\" is not a number of bytes"},
    {"schedule_status",
     {PLAIN("REPORT"),
      DATA_ROW(ICS(VEVENT("1", "ATTENDEE;SCHEDULE-STATUS=3.7:mailto:mike@example.org\r\n"
                               "ATTENDEE;SCHEDULE-STATUS=5.1:mailto:x@example.org\n"
                               "ATTENDEE;SCHEDULE-STATUS=1.1:mailto:y@example.org\n"))),
      ""},
     "/c/a.ics: the message to mailto:mike@example.org was not delivered (SCHEDULE-STATUS 3.7), "
     "nor "
     "that to 1 other"},
    {"msdavext_error",
     {ASKED("PROPFIND", .msdavext_error = "917656; Access%20denied"), GOOD, ""},
     "The server's own reason (X-MSDAVEXT_ERROR): 917656; Access denied"},
};

static void test_message(const void *data)
{
    const message_row *row = data;
    ms_document *document = unit_decode(row->s.body, &row->s.context);
    const ms_finding *finding = unit_finding(document, row->name);

    g_assert_nonnull(finding);
    unit_check(strstr(finding->message, row->message), "\"%s\" does not say \"%s\"",
               finding->message, row->message);
    ms_document_free(document);
}

/* A message stays short, whatever the href is. */
static void test_long_names(void)
{
    GString *body = g_string_new("<D:multistatus xmlns:D=\"DAV:\"><D:response><D:href>/c/");

    for (int i = 0; i < 100000; i++)
        g_string_append(body, "\xC3\xA4");
    g_string_append(body, "</D:href></D:response></D:multistatus>");
    ms_document *document = unit_decode(body->str, &unit_propfind);

    unit_check_finding(document, "no_status");
    unit_check_finding(document, "bad_href");
    for (uint32_t i = 0; i < document->n_findings; i++) {
        unit_check(strlen(document->findings[i].message) < 1000, "a message of %zu bytes",
                   strlen(document->findings[i].message));
        unit_check(!strstr(document->findings[i].message, "\xEF\xBF\xBD"), "a character is cut: %s",
                   document->findings[i].message);
    }
    unit_check_sound(document, body->len);
    ms_document_free(document);
    g_string_free(body, TRUE);
}

/* ---------------------------------------------------------------------------- many at once ---- */

/* Optimised code shows that time is linear; for the sanitizers fewer are enough. */
#ifdef __SANITIZE_ADDRESS__
#define MANY 10000
#else
#define MANY 100000
#endif

/* Parts that are wrong, to be repeated; %d is the number of the resource. */
static const struct {
    const char *name;
    const char *row;
} noises[] = {
    {"no-href", "<D:response>" STATUS(200) "</D:response>"},
    {"no-status", RESPONSE("/c/%d", "")},
    {"status-lines", RESPONSE("/c/%d", LINE("%d"))},
    {"bad-statuses", RESPONSE("/c/%d", LINE("HTTP/0.0  299") PROPSTAT(150, "<D:x/><D:x/>"))},
    {"second-elements",
     RESPONSE("/c/%d", STATUS(403) STATUS(404) ERROR("") ERROR("text") LOCATION(""))},
    {"bad-hrefs", RESPONSE("x %d/../[]", STATUS(200))},
    {"same-href", RESPONSE("/c/", STATUS(207))},
    {"other-hosts", RESPONSE("http://h%d.example/c", PROPSTAT(200, COLLECTION))},
    {"outside", RESPONSE("/d/e/f/%d", PROPSTAT(418, ""))},
    {"deep", RESPONSE("/c/d/e/%d/", PROPSTAT(425, OK_PROP) "<D:y/>")},
    {"values",
     RESPONSE("/c/%d", PROPSTAT(200, "<D:getetag>x</D:getetag><D:creationdate>x</D:creationdate>"
                                     "<D:resourcetype>x</D:resourcetype>"))},
    {"conditions",
     RESPONSE("/c/%d", STATUS(423) ERROR("<D:lock-token-submitted/><D:need-privileges/>"))},
    {"instructions", "<?x %d?><x:y/>text"},
    {"calendars",
     RESPONSE("/c/%d", PROPSTAT(200, ICS("METHOD:X\n" VEVENT("1", "ATTENDEE;"
                                                                  "SCHEDULE-STATUS=5.1:x\n"))))},
    {"uids", RESPONSE("/c/%d", PROPSTAT(200, "<D:getetag>W/\"1\"</D:getetag>" VCF("3.0", "1")))},
    {"bindings", BOUND("/c/%d", "urn:uuid:1")},
    {"aces", RESPONSE("/c/%d", PROPSTAT(200, "<D:acl><D:ace/><D:ace/></D:acl>"))},
};

static void test_many(void)
{
    static const char *const methods[] = {"PROPFIND", "PROPPATCH", "DELETE", "COPY", "REPORT"};

    for (size_t i = 0; i < G_N_ELEMENTS(noises); i++) {
        GString *body = g_string_new("<D:multistatus xmlns:D=\"DAV:\">");
        char **parts = g_strsplit(noises[i].row, "%d", -1);
        ms_context context =
            ASKED(methods[i % G_N_ELEMENTS(methods)], .report = DAV "sync-collection",
                  .host = "dav.example", .depth = "1", .destination = "/e/");

        for (int row = 0; row < MANY; row++) {
            char *number = g_strdup_printf("%d", row);
            char *text = g_strjoinv(number, parts);

            g_string_append(body, text);
            g_free(text);
            g_free(number);
        }
        g_string_append(body, "</D:multistatus>");
        ms_document *document = unit_decode_bytes(body->str, body->len, &context);

        unit_check(document->n_findings > 0, "%s: no finding", noises[i].name);
        unit_check(document->n_findings < 100, "%s: %u findings", noises[i].name,
                   document->n_findings);
        ms_document_free(document);
        g_strfreev(parts);
        g_string_free(body, TRUE);
    }
}

/* The eleventh finding says how many more there are. */
static void test_rest(void)
{
    GString *body = g_string_new("<D:multistatus xmlns:D=\"DAV:\">" OK_ROW("/c/"));
    uint32_t count = 0;

    for (int row = 0; row < 25; row++)
        g_string_append(body, RESPONSE("/c/a", ""));
    g_string_append(body, "</D:multistatus>");
    ms_document *document = unit_decode(body->str, &unit_propfind);
    const char *last = "";

    for (uint32_t i = 0; i < document->n_findings; i++) {
        if (strcmp(document->findings[i].rule->id, "no_status") == 0) {
            count++;
            last = document->findings[i].message;
        }
    }
    g_assert_cmpuint(count, ==, MS_FINDINGS_EACH + 1);
    unit_check_text("the last one", last,
                    "... and 15 more: a response with neither status nor propstat");
    ms_document_free(document);
    g_string_free(body, TRUE);
}

/* ------------------------------------------------------------------------ the RFCs' bodies ---- */

typedef struct {
    const char *name;
    const char *method, *uri, *report;
    int http_status;
    const char *findings;
} example;

/* Outcomes that deserve attention are reported. Of rules of form, the RFCs break their own in two
 * places: RFC 4918 sections 9.6.2, 9.8.8 and 9.9.6 do not say which resource is locked, RFC 3744
 * section 5.1.2 still has error inside responsedescription. */
static const example examples[] = {
    {"rfc4918-8.3.1-absolute", "PROPFIND", "/attic/", NULL, 207, ""},
    {"rfc4918-8.3.1-path", "PROPFIND", "/attic/", NULL, 207, ""},
    {"rfc4918-9.1.3-propfind", "PROPFIND", "/ledger", NULL, 207, "failures"},
    {"rfc4918-9.1.4-propname", "PROPFIND", "/drawer/", NULL, 207, ""},
    {"rfc4918-9.1.5-allprop", "PROPFIND", "/drawer/", NULL, 207, ""},
    {"rfc4918-9.2.2-proppatch", "PROPPATCH", "/atlas.html", NULL, 207, "failures refused_property"},
    {"rfc4918-9.6.2-delete", "DELETE", "/drawer/", NULL, 207, "failures lock_token_href"},
    {"rfc4918-9.8.8-copy", "COPY", "/drawer/", NULL, 207, "failures lock_token_href"},
    {"rfc4918-9.9.6-move", "MOVE", "/drawer/", NULL, 207, "failures lock_token_href"},
    {"rfc4918-9.10.9-lock", "LOCK", "/vault/", NULL, 207, "failures"},
    {"rfc4918-15.8.1-lockdiscovery", "PROPFIND", "/vault/", NULL, 207, ""},
    {"rfc4918-15.10.1-supportedlock", "PROPFIND", "/vault/", NULL, 207, ""},
    {"rfc3253-3.7.1-version-tree", "REPORT", "/plan.html", DAV "version-tree", 207, ""},
    {"rfc3253-3.8.1-expand-property", "REPORT", "/plan.html", DAV "expand-property", 207, ""},
    {"rfc3253-5.4.1-locate-by-history", "REPORT", "/ws/open", DAV "locate-by-history", 207, ""},
    {"rfc3253-7.1.1-update", "UPDATE", "/plan.html", NULL, 207, ""},
    {"rfc3253-7.1.1-update-as-printed", "UPDATE", "/plan.html", NULL, 207, "cut_off"},
    {"rfc3253-11.2.1-merge", "MERGE", "/ws/open", NULL, 207, ""},
    {"rfc3744-5.1.1-owner", "PROPFIND", "/minutes/", NULL, 207, ""},
    {"rfc3744-5.1.2-set-owner", "PROPPATCH", "/minutes/", NULL, 207,
     "error_in_text failures refused_property"},
    {"rfc3744-5.3.1-supported-privilege-set", "PROPFIND", "/minutes/", NULL, 207, ""},
    {"rfc3744-5.4.1-current-user-privilege-set", "PROPFIND", "/minutes/", NULL, 207, ""},
    {"rfc3744-5.5.5-acl", "PROPFIND", "/minutes/", NULL, 207, ""},
    {"rfc3744-5.6.5-acl-restrictions", "PROPFIND", "/minutes/", NULL, 207, ""},
    {"rfc3744-5.8.1-principal-collection-set", "PROPFIND", "/minutes/", NULL, 207, ""},
    {"rfc3744-5.9-access-properties", "PROPFIND", "/hall/minutes/", NULL, 207, ""},
    {"rfc3744-9.2.1-acl-principal-prop-set", "REPORT", "/minutes/june.html",
     DAV "acl-principal-prop-set", 207, ""},
    {"rfc3744-9.3.1-principal-match", "REPORT", "/minutes/", DAV "principal-match", 207, ""},
    {"rfc3744-9.4.2-principal-property-search", "REPORT", "/people/",
     DAV "principal-property-search", 207, "failures"},
    {"rfc4791-5.3.1.1-mkcalendar", "MKCALENDAR", "/ines/choir/", NULL, 207,
     "failures not_created refused_property"},
    {"rfc4791-7.8.1-calendar-query-time-range", "REPORT", "/ines/job/", CALDAV "calendar-query",
     207, ""},
    {"rfc4791-7.8.2-calendar-query-recurring", "REPORT", "/ines/job/", CALDAV "calendar-query", 207,
     ""},
    {"rfc4791-7.8.3-calendar-query-expanded", "REPORT", "/ines/job/", CALDAV "calendar-query", 207,
     ""},
    {"rfc4791-7.8.4-calendar-query-freebusy", "REPORT", "/ines/job/", CALDAV "calendar-query", 207,
     ""},
    {"rfc4791-7.8.5-calendar-query-alarm", "REPORT", "/ines/job/", CALDAV "calendar-query", 207,
     ""},
    {"rfc4791-7.8.6-calendar-query-uid", "REPORT", "/ines/job/", CALDAV "calendar-query", 207, ""},
    {"rfc4791-7.8.7-calendar-query-partstat", "REPORT", "/ines/job/", CALDAV "calendar-query", 207,
     ""},
    {"rfc4791-7.8.8-calendar-query-events", "REPORT", "/ines/job/", CALDAV "calendar-query", 207,
     ""},
    {"rfc4791-7.8.9-calendar-query-todos", "REPORT", "/ines/job/", CALDAV "calendar-query", 207,
     ""},
    {"rfc4791-7.9.1-calendar-multiget", "REPORT", "/ines/job/", CALDAV "calendar-multiget", 207,
     "failures"},
    {"rfc4791-B-calendar-collection", "REPORT", "/ines/job/", CALDAV "calendar-query", 207, ""},
    {"rfc5689-3.5-mkcol-response", "MKCOL", "/u/ines/odd/", NULL, 403, "failures refused_property"},
    {"rfc5689-4.1.1-mkcalendar-response", "MKCALENDAR", "/u/ines/cal/", NULL, 201, ""},
    {"rfc5689-4.1.1-mkcol-response", "MKCOL", "/u/ines/cal/", NULL, 201, ""},
    {"rfc5842-7.1.1-propfind-208", "PROPFIND", "/Ring/", NULL, 207, ""},
    {"rfc6352-6.3.1.1-mkcol-response", "MKCOL", "/u/ines/cards/", NULL, 201, ""},
    {"rfc6352-8.6.3-addressbook-query", "REPORT", "/u/ines/cards/", CARDDAV "addressbook-query",
     207, ""},
    {"rfc6352-8.6.4-addressbook-query", "REPORT", "/u/ines/cards/", CARDDAV "addressbook-query",
     207, ""},
    {"rfc6352-8.6.5-truncated", "REPORT", "/u/ines/cards/", CARDDAV "addressbook-query", 207,
     "truncated"},
    {"rfc6352-8.7.1-addressbook-multiget", "REPORT", "/u/ines/cards/",
     CARDDAV "addressbook-multiget", 207, "failures"},
    {"rfc6352-8.7.2-addressbook-multiget", "REPORT", "/u/ines/cards/",
     CARDDAV "addressbook-multiget", 207, "failures"},
    {"rfc6578-3.8-initial", "REPORT", "/u/ines/", DAV "sync-collection", 207, ""},
    {"rfc6578-3.9-with-token", "REPORT", "/u/ines/", DAV "sync-collection", 207, ""},
    {"rfc6578-3.10-truncated", "REPORT", "/u/ines/", DAV "sync-collection", 207, "truncated"},
    {"rfc6578-3.11-limit", "REPORT", "/u/ines/", DAV "sync-collection", 207, "truncated"},
    {"rfc6578-3.13-infinite", "REPORT", "/u/ines/", DAV "sync-collection", 207, ""},
};

/* The request is known, except for the headers that would make it another example. */
static void test_example(const void *data)
{
    const example *entry = data;
    char *name = g_strconcat(entry->name, ".xml", NULL);
    GBytes *body = unit_body(name);
    ms_context context = {
        .method = entry->method,
        .uri = entry->uri,
        .report = entry->report,
        .http_status = entry->http_status,
        .content_type = "application/xml; charset=\"utf-8\"",
        .reason_phrase = entry->http_status == 207 ? "Multi-Status" : "",
        .cache_control = "no-cache",
        .request_known = true,
        .depth = strstr(entry->name, "208") ? "infinity" : NULL,
        .dav = strstr(entry->name, "208") ? "bind" : NULL,
    };
    size_t length;
    const void *bytes = g_bytes_get_data(body, &length);
    ms_document *document = unit_decode_bytes(bytes, length, &context);

    check_findings("findings", document, entry->findings);
    ms_document_free(document);
    g_bytes_unref(body);
    g_free(name);
}

/* A rule may have several rows. */
#define add_rows(subject, table, test)                                                             \
    do {                                                                                           \
        for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {                                         \
            char *path = g_strdup_printf("/rules/%s/%s-%zu", (subject), (table)[i].name, i);       \
                                                                                                   \
            g_test_add_data_func(path, &(table)[i], (test));                                       \
            g_free(path);                                                                          \
        }                                                                                          \
    } while (0)

/* The answer to a REPORT with Depth is a 207 (RFC 3253 section 3.6). */
static void test_report_status(void)
{
    g_assert_true(ms_report_lacks_207("REPORT", DAV "expand-property", "0", 200));
    g_assert_true(ms_report_lacks_207("REPORT", CALDAV "calendar-query", "1", 204));
    g_assert_false(ms_report_lacks_207("REPORT", DAV "expand-property", "0", 207));
    g_assert_false(ms_report_lacks_207("REPORT", DAV "expand-property", "0", 403));
    g_assert_false(ms_report_lacks_207("REPORT", DAV "expand-property", "0", 0));
    g_assert_false(ms_report_lacks_207("REPORT", DAV "expand-property", NULL, 200));
    g_assert_false(ms_report_lacks_207("REPORT", NULL, "0", 200));
    g_assert_false(ms_report_lacks_207("PROPFIND", DAV "propfind", "0", 200));
    /* RFC 4791 section 7.10, RFC 3744 section 9.5, and a product's own. */
    g_assert_false(ms_report_lacks_207("REPORT", CALDAV "free-busy-query", "1", 200));
    g_assert_false(ms_report_lacks_207("REPORT", DAV "principal-search-property-set", "0", 200));
    g_assert_false(ms_report_lacks_207("REPORT", "{svn:}update-report", "0", 200));
}

/* Methods come from outside; the lists in which they are searched are ours. They are on the heap,
 * so that the sanitizers notice reads outside one. */
static void test_methods(void)
{
    static const char *const none[] = {NULL,          "",    " ",   " LOCK", "LOCK ",
                                       "UNLOCK LOCK", "LOC", "OCK", "L"};
    char *list = g_strdup(" UNLOCK LOCK ");

    g_assert_true(ms_is_one_of(list, "LOCK")); /* the second place where this stands */
    g_assert_true(ms_is_one_of(list, "UNLOCK"));
    for (size_t i = 0; i < G_N_ELEMENTS(none); i++) {
        g_assert_false(ms_is_one_of(list, none[i]));
        ms_context context = ASKED(none[i], .host = "dav.example");
        ms_document *document = unit_decode_bytes("<a/>", 4, &context);

        ms_document_free(document);
    }
    g_free(list);
}

int main(int argc, char **argv)
{
    unit_init(argc, argv);
    add_rows("row", rows, test_rule);
    add_rows("unknown", rows, test_unknown);
    add_rows("message", messages, test_message);
    unit_add_table("rules/rfc", examples, test_example);
    add_rows("parts", rows, test_parts);
    g_test_add_func("/rules/every-rule", test_every_rule);
    g_test_add_func("/rules/limit", test_limit);
    g_test_add_func("/rules/header", test_header);
    g_test_add_func("/rules/added", test_added);
    g_test_add_func("/rules/long-names", test_long_names);
    g_test_add_func("/rules/many", test_many);
    g_test_add_func("/rules/methods", test_methods);
    g_test_add_func("/rules/rest", test_rest);
    g_test_add_func("/rules/report-status", test_report_status);
    return g_test_run();
}
