/* test_rfc.c
 * Every Multi-Status example of the RFCs, and what the RFC says about it.
 *
 * RFC 4918 (WebDAV), 3253 (versioning), 3744 (access control), 4791 (CalDAV), 5689 (extended
 * MKCOL), 5842 (bindings), 6352 (CardDAV), 6578 (synchronisation). The bodies have the shapes of
 * the examples and values of their own. The expectations come from the prose around the examples
 * and from docs/outcomes.md.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <string.h>

#include "unit.h"

/* ---- parts of the models ---- */

#define FILES "http://files.example.net"
#define REPO "http://repo.example.net"
#define CAL "http://cal.example.net"
#define DAV "{DAV:}"
#define CALDAV "{urn:ietf:params:xml:ns:caldav}"
#define CARDDAV "{urn:ietf:params:xml:ns:carddav}"
#define SHELF "{urn:example:shelf}"
#define LIBRARY "{urn:example:library}"
#define WORK "{http://work.example.net/ns/}"

#define ROW(outcome, code, href) "response " outcome " " #code "\n href " href "\n"
#define GROUP(outcome, line, names) " propstat " outcome " " line "\n  prop " names "\n"
#define OK_GROUP(names) GROUP("ok", "HTTP/1.1 200 OK", names)
#define ABSENT_GROUP(names) GROUP("absent", "HTTP/1.1 404 Not Found", names)
#define FORBIDDEN_GROUP(names) GROUP("failed", "HTTP/1.1 403 Forbidden", names)
#define COLLATERAL_GROUP(names) GROUP("collateral", "HTTP/1.1 424 Failed Dependency", names)
#define OK_ROW(href, names) ROW("ok", 200, href) OK_GROUP(names)
#define OK_STATUS_ROW(href) ROW("ok", 200, href) " status HTTP/1.1 200 OK\n"
#define LOCKED_ROW(href)                                                                           \
    ROW("failed", 423, href)                                                                       \
    " status HTTP/1.1 423 Locked\n condition " DAV "lock-token-submitted\n"
#define EVENT_ROW(n) OK_ROW(CAL "/ines/job/it" #n ".ics", DAV "getetag " CALDAV "calendar-data")
#define CARD_ROW(n) OK_ROW("/u/ines/cards/k" #n ".vcf", DAV "getetag " CARDDAV "address-data")
#define ETAG_ROW(href) OK_ROW(href, DAV "getetag")
#define NO_SHELF_ROW(href) ETAG_ROW(href) ABSENT_GROUP(SHELF "shelf")
#define TRUNCATED_ROW(href)                                                                        \
    ROW("truncated", 507, href)                                                                    \
    " status HTTP/1.1 507 Insufficient Storage\n"                                                  \
    " condition " DAV "number-of-matches-within-limits\n"
#define TOKEN(n) "sync-token " FILES "/sync/" #n "\n"

/* ---- the table ---- */

typedef struct {
    const char *name; /* of the body, without ".xml" */
    const char *method, *uri, *report;
    int http_status;
    ms_root root;
    ms_verdict verdict;
    const char *model;
} example;

static const example examples[] = {
    /* "In this case, the server should return two 'href' elements", absolute or as paths. */
    {"rfc4918-8.3.1-absolute", "PROPFIND", "/attic/", NULL, 207, MS_ROOT_MULTISTATUS, MS_SUCCESS,
     OK_ROW(FILES "/attic/", DAV "resourcetype")
         OK_ROW(FILES "/attic/old%20map", DAV "resourcetype")},
    /* "a legal URI may still contain characters that need to be escaped within XML character
     * data, such as the ampersand" */
    {"rfc4918-8.3.1-path", "PROPFIND", "/attic/", NULL, 207, MS_ROOT_MULTISTATUS, MS_SUCCESS,
     OK_ROW("/attic/", DAV "resourcetype") OK_ROW("/attic/old%20map", DAV "resourcetype")
         OK_ROW("/attic/Tom%20&%20Ann", DAV "resourcetype")},

    /* "only two properties were returned, since the principal ... did not have sufficient access
     * rights to see the third and fourth properties": some of what was asked for was done. */
    {"rfc4918-9.1.3-propfind", "PROPFIND", "/ledger", NULL, 207, MS_ROOT_MULTISTATUS, MS_PARTIAL,
     ROW("failed", 403, FILES "/ledger") OK_GROUP(SHELF "shelf " SHELF "keeper") FORBIDDEN_GROUP(
         SHELF "Appraisal " SHELF
               "Insurer") "  description You may not read the\\n   Appraisal of this item.\n"
                          "description Some of what was asked for is off limits.\n"},
    /* "six properties defined on it", "nine properties defined on it" */
    {"rfc4918-9.1.4-propname", "PROPFIND", "/drawer/", NULL, 207, MS_ROOT_MULTISTATUS, MS_SUCCESS,
     OK_ROW(FILES "/drawer/", SHELF "shelf " SHELF "keeper " DAV "creationdate " DAV
                                    "displayname " DAV "resourcetype " DAV "supportedlock")
         OK_ROW(FILES "/drawer/index.txt",
                SHELF "shelf " DAV "creationdate " DAV "displayname " DAV "getcontentlength " DAV
                      "getcontenttype " DAV "getetag " DAV "getlastmodified " DAV
                      "resourcetype " DAV "supportedlock")},
    {"rfc4918-9.1.5-allprop", "PROPFIND", "/drawer/", NULL, 207, MS_ROOT_MULTISTATUS, MS_SUCCESS,
     OK_ROW("/drawer/", SHELF "shelf " SHELF "keeper " DAV "creationdate " DAV "displayname " DAV
                              "resourcetype " DAV "supportedlock")
         OK_ROW("/drawer/index.txt",
                SHELF "shelf " DAV "creationdate " DAV "displayname " DAV "getcontentlength " DAV
                      "getcontenttype " DAV "getetag " DAV "getlastmodified " DAV
                      "resourcetype " DAV "supportedlock")},
    /* "Since the ... property could not be removed, no property modifications occur" */
    {"rfc4918-9.2.2-proppatch", "PROPPATCH", "/atlas.html", NULL, 207, MS_ROOT_MULTISTATUS,
     MS_FAILURE,
     ROW("failed", 409, FILES "/atlas.html") COLLATERAL_GROUP(LIBRARY "Editors") GROUP(
         "failed", "HTTP/1.1 409 Conflict",
         LIBRARY
         "Rights-Holder") " description The holder of the rights is\\n      there to stay.\n"},
    /* The body lists failures only: what it does not list was deleted, copied, moved. */
    {"rfc4918-9.6.2-delete", "DELETE", "/drawer/", NULL, 207, MS_ROOT_MULTISTATUS, MS_PARTIAL,
     LOCKED_ROW(FILES "/drawer/deed")},
    {"rfc4918-9.8.8-copy", "COPY", "/drawer/", NULL, 207, MS_ROOT_MULTISTATUS, MS_PARTIAL,
     LOCKED_ROW(FILES "/cabinet/K4/")},
    {"rfc4918-9.9.6-move", "MOVE", "/drawer/", NULL, 207, MS_ROOT_MULTISTATUS, MS_PARTIAL,
     LOCKED_ROW(FILES "/cabinet/M1/")},
    /* "Because this resource could not be locked, none of the resources were locked" */
    {"rfc4918-9.10.9-lock", "LOCK", "/vault/", NULL, 207, MS_ROOT_MULTISTATUS, MS_FAILURE,
     ROW("failed", 403, FILES "/vault/sealed") " status HTTP/1.1 403 Forbidden\n" ROW(
         "collateral", 424, FILES "/vault/") " status HTTP/1.1 424 Failed Dependency\n"},
    {"rfc4918-15.8.1-lockdiscovery", "PROPFIND", "/vault/", NULL, 207, MS_ROOT_MULTISTATUS,
     MS_SUCCESS, OK_ROW(FILES "/vault/", DAV "lockdiscovery")},
    {"rfc4918-15.10.1-supportedlock", "PROPFIND", "/vault/", NULL, 207, MS_ROOT_MULTISTATUS,
     MS_SUCCESS, OK_ROW(FILES "/vault/", DAV "supportedlock")},

    {"rfc3253-3.7.1-version-tree", "REPORT", "/plan.html", DAV "version-tree", 207,
     MS_ROOT_MULTISTATUS, MS_SUCCESS,
     OK_ROW(REPO "/h/5/v/A", DAV "version-name " DAV "creator-displayname " DAV "successor-set")
         OK_ROW(REPO "/h/5/v/B", DAV "version-name " DAV "creator-displayname " DAV "successor-set")
             OK_ROW(REPO "/h/5/v/B.1",
                    DAV "version-name " DAV "creator-displayname " DAV "successor-set")},
    /* One resource was asked about; the responses within its property belong to the property. */
    {"rfc3253-3.8.1-expand-property", "REPORT", "/plan.html", DAV "expand-property", 207,
     MS_ROOT_MULTISTATUS, MS_SUCCESS,
     OK_ROW("http://www.example.net/plan.html", DAV "version-history")},
    {"rfc3253-5.4.1-locate-by-history", "REPORT", "/ws/open", DAV "locate-by-history", 207,
     MS_ROOT_MULTISTATUS, MS_SUCCESS,
     OK_ROW("http://www.example.net/ws/open/y/notes.html", DAV "version-history")},
    /* "The response for a successful request MUST be a 207" */
    {"rfc3253-7.1.1-update", "UPDATE", "/plan.html", NULL, 207, MS_ROOT_MULTISTATUS, MS_SUCCESS,
     OK_STATUS_ROW("http://www.example.net/plan.html")},
    /* The RFC prints this one without its end tag. */
    {"rfc3253-7.1.1-update-as-printed", "UPDATE", "/plan.html", NULL, 207, MS_ROOT_MULTISTATUS,
     MS_MALFORMED, OK_STATUS_ROW("http://www.example.net/plan.html")},
    {"rfc3253-11.2.1-merge", "MERGE", "/ws/open", NULL, 207, MS_ROOT_MULTISTATUS, MS_SUCCESS,
     OK_STATUS_ROW("http://www.example.net/ws/open/src/lexer.c")
         OK_STATUS_ROW("http://www.example.net/ws/open/doc/lexer.html")},

    {"rfc3744-5.1.1-owner", "PROPFIND", "/minutes/", NULL, 207, MS_ROOT_MULTISTATUS, MS_SUCCESS,
     OK_ROW(FILES "/minutes/", DAV "owner")},
    /* The error stands inside the responsedescription (RFC 3253 section 1.6). */
    {"rfc3744-5.1.2-set-owner", "PROPPATCH", "/minutes/", NULL, 207, MS_ROOT_MULTISTATUS,
     MS_FAILURE,
     ROW("failed", 403, FILES "/minutes/") FORBIDDEN_GROUP(
         DAV "owner") "  condition " DAV "cannot-modify-protected-property\n"
                      "  description The owner of this collection is protected (DAV:owner)\n"},
    {"rfc3744-5.3.1-supported-privilege-set", "PROPFIND", "/minutes/", NULL, 207,
     MS_ROOT_MULTISTATUS, MS_SUCCESS, OK_ROW(FILES "/minutes/", DAV "supported-privilege-set")},
    {"rfc3744-5.4.1-current-user-privilege-set", "PROPFIND", "/minutes/", NULL, 207,
     MS_ROOT_MULTISTATUS, MS_SUCCESS, OK_ROW(FILES "/minutes/", DAV "current-user-privilege-set")},
    {"rfc3744-5.5.5-acl", "PROPFIND", "/minutes/", NULL, 207, MS_ROOT_MULTISTATUS, MS_SUCCESS,
     OK_ROW(FILES "/minutes/", DAV "acl")},
    {"rfc3744-5.6.5-acl-restrictions", "PROPFIND", "/minutes/", NULL, 207, MS_ROOT_MULTISTATUS,
     MS_SUCCESS, OK_ROW(FILES "/minutes/", DAV "acl-restrictions")},
    {"rfc3744-5.8.1-principal-collection-set", "PROPFIND", "/minutes/", NULL, 207,
     MS_ROOT_MULTISTATUS, MS_SUCCESS, OK_ROW(FILES "/minutes/", DAV "principal-collection-set")},
    {"rfc3744-5.9-access-properties", "PROPFIND", "/hall/minutes/", NULL, 207, MS_ROOT_MULTISTATUS,
     MS_SUCCESS,
     OK_ROW(FILES "/hall/minutes/", DAV "owner " DAV "supported-privilege-set " DAV
                                        "current-user-privilege-set " DAV "acl")},
    {"rfc3744-9.2.1-acl-principal-prop-set", "REPORT", "/minutes/june.html",
     DAV "acl-principal-prop-set", 207, MS_ROOT_MULTISTATUS, MS_SUCCESS,
     OK_ROW(FILES "/people/noor", DAV "displayname")
         OK_ROW(FILES "/groups/clerks", DAV "displayname")},
    {"rfc3744-9.3.1-principal-match", "REPORT", "/minutes/", DAV "principal-match", 207,
     MS_ROOT_MULTISTATUS, MS_SUCCESS,
     OK_STATUS_ROW(FILES "/minutes/june.html") OK_STATUS_ROW(FILES "/minutes/scan/page1.gif")},
    /* The RFC calls this report "successful", although one property "is not returned, since the
     * principal ... does not have sufficient access permissions to read this property". */
    {"rfc3744-9.4.2-principal-property-search", "REPORT", "/people/",
     DAV "principal-property-search", 207, MS_ROOT_MULTISTATUS, MS_PARTIAL,
     ROW("failed", 403, FILES "/people/ihaddad")
         OK_GROUP(DAV "displayname " WORK "team " WORK "extension " WORK "room")
             FORBIDDEN_GROUP(WORK "wage") ROW("failed", 403, FILES "/people/khaddadi")
                 OK_GROUP(DAV "displayname " WORK "team " WORK "extension " WORK "room")
                     FORBIDDEN_GROUP(WORK "wage")},

    /* "The calendar collection resource was not created since one or more DAV:set instructions ...
     * could not be processed" */
    {"rfc4791-5.3.1.1-mkcalendar", "MKCALENDAR", "/ines/choir/", NULL, 207, MS_ROOT_MULTISTATUS,
     MS_FAILURE,
     ROW("failed", 403, "/ines/choir/") FORBIDDEN_GROUP("{http://apple.com/ns/ical/}calendar-color")
         COLLATERAL_GROUP(DAV "displayname " CALDAV "calendar-description")},
    {"rfc4791-7.8.1-calendar-query-time-range", "REPORT", "/ines/job/", CALDAV "calendar-query",
     207, MS_ROOT_MULTISTATUS, MS_SUCCESS, EVENT_ROW(2) EVENT_ROW(3)},
    {"rfc4791-7.8.2-calendar-query-recurring", "REPORT", "/ines/job/", CALDAV "calendar-query", 207,
     MS_ROOT_MULTISTATUS, MS_SUCCESS, EVENT_ROW(2) EVENT_ROW(3)},
    {"rfc4791-7.8.3-calendar-query-expanded", "REPORT", "/ines/job/", CALDAV "calendar-query", 207,
     MS_ROOT_MULTISTATUS, MS_SUCCESS, EVENT_ROW(2) EVENT_ROW(3)},
    {"rfc4791-7.8.4-calendar-query-freebusy", "REPORT", "/ines/job/", CALDAV "calendar-query", 207,
     MS_ROOT_MULTISTATUS, MS_SUCCESS, EVENT_ROW(8)},
    {"rfc4791-7.8.5-calendar-query-alarm", "REPORT", "/ines/job/", CALDAV "calendar-query", 207,
     MS_ROOT_MULTISTATUS, MS_SUCCESS, EVENT_ROW(4)},
    {"rfc4791-7.8.6-calendar-query-uid", "REPORT", "/ines/job/", CALDAV "calendar-query", 207,
     MS_ROOT_MULTISTATUS, MS_SUCCESS, EVENT_ROW(3)},
    {"rfc4791-7.8.7-calendar-query-partstat", "REPORT", "/ines/job/", CALDAV "calendar-query", 207,
     MS_ROOT_MULTISTATUS, MS_SUCCESS, EVENT_ROW(3)},
    {"rfc4791-7.8.8-calendar-query-events", "REPORT", "/ines/job/", CALDAV "calendar-query", 207,
     MS_ROOT_MULTISTATUS, MS_SUCCESS, EVENT_ROW(1) EVENT_ROW(2) EVENT_ROW(3)},
    {"rfc4791-7.8.9-calendar-query-todos", "REPORT", "/ines/job/", CALDAV "calendar-query", 207,
     MS_ROOT_MULTISTATUS, MS_SUCCESS, EVENT_ROW(4) EVENT_ROW(5)},
    /* "does not exist, resulting in an error status response" */
    {"rfc4791-7.9.1-calendar-multiget", "REPORT", "/ines/job/", CALDAV "calendar-multiget", 207,
     MS_ROOT_MULTISTATUS, MS_PARTIAL,
     EVENT_ROW(1) ROW("missing", 404, CAL "/ines/job/lost.ics") " status HTTP/1.1 404 Not Found\n"},
    {"rfc4791-B-calendar-collection", "REPORT", "/ines/job/", CALDAV "calendar-query", 207,
     MS_ROOT_MULTISTATUS, MS_SUCCESS,
     EVENT_ROW(1) EVENT_ROW(2) EVENT_ROW(3) EVENT_ROW(4) EVENT_ROW(5) EVENT_ROW(6) EVENT_ROW(7)
         EVENT_ROW(8)},

    /* "an error occurred specifically with the DAV:resourcetype property" */
    {"rfc5689-3.5-mkcol-response", "MKCOL", "/u/ines/odd/", NULL, 403, MS_ROOT_MKCOL, MS_FAILURE,
     "response failed 403\n" FORBIDDEN_GROUP(
         DAV "resourcetype") "  condition " DAV "valid-resourcetype\n"
                             "  description Collections of this kind cannot\\n    be made "
                             "here\n" COLLATERAL_GROUP(DAV "displayname")},
    {"rfc5689-4.1.1-mkcalendar-response", "MKCALENDAR", "/u/ines/cal/", NULL, 201,
     MS_ROOT_MKCALENDAR, MS_SUCCESS, "response ok 200\n" OK_GROUP(DAV "displayname")},
    {"rfc5689-4.1.1-mkcol-response", "MKCOL", "/u/ines/cal/", NULL, 201, MS_ROOT_MKCOL, MS_SUCCESS,
     "response ok 200\n" OK_GROUP(DAV "resourcetype " DAV "displayname")},

    /* "only one will be reported with a 200 status, while subsequent DAV:response elements for all
     * other bindings will use the 208 status" */
    {"rfc5842-7.1.1-propfind-208", "PROPFIND", "/Ring/", NULL, 207, MS_ROOT_MULTISTATUS, MS_BENIGN,
     OK_ROW(FILES "/Ring/", DAV "displayname " DAV "resource-id") OK_ROW(
         FILES "/Ring/Kites", DAV "displayname " DAV "resource-id") ROW("duplicate", 208,
                                                                        FILES "/Ring/Again")
         GROUP("duplicate", "HTTP/1.1 208 Already Reported", DAV "displayname " DAV "resource-id")},

    {"rfc6352-6.3.1.1-mkcol-response", "MKCOL", "/u/ines/cards/", NULL, 201, MS_ROOT_MKCOL,
     MS_SUCCESS,
     "response ok 200\n" OK_GROUP(DAV "resourcetype " DAV "displayname " CARDDAV
                                      "addressbook-description")},
    {"rfc6352-8.6.3-addressbook-query", "REPORT", "/u/ines/cards/", CARDDAV "addressbook-query",
     207, MS_ROOT_MULTISTATUS, MS_SUCCESS, CARD_ROW(7)},
    {"rfc6352-8.6.4-addressbook-query", "REPORT", "/u/ines/cards/", CARDDAV "addressbook-query",
     207, MS_ROOT_MULTISTATUS, MS_SUCCESS, CARD_ROW(7) CARD_ROW(9)},
    /* "a 507 status for the Request-URI indicating that there were more than two resources" */
    {"rfc6352-8.6.5-truncated", "REPORT", "/u/ines/cards/", CARDDAV "addressbook-query", 207,
     MS_ROOT_MULTISTATUS, MS_BENIGN,
     TRUNCATED_ROW("/u/ines/cards/") " description There are more than two such cards\n" ETAG_ROW(
         "/u/ines/cards/k7.vcf") ETAG_ROW("/u/ines/cards/k9.vcf")},
    {"rfc6352-8.7.1-addressbook-multiget", "REPORT", "/u/ines/cards/",
     CARDDAV "addressbook-multiget", 207, MS_ROOT_MULTISTATUS, MS_PARTIAL,
     CARD_ROW(7)
         ROW("missing", 404, "/u/ines/cards/gone.vcf") " status HTTP/1.1 404 No such card\n"},
    /* "exists but in a media type format that the server is unable to convert" */
    {"rfc6352-8.7.2-addressbook-multiget", "REPORT", "/u/ines/cards/",
     CARDDAV "addressbook-multiget", 207, MS_ROOT_MULTISTATUS, MS_FAILURE,
     ROW("failed", 415,
         "/u/ines/cards/k3.vcf") " status HTTP/1.1 415 Unsupported Media Type\n"
                                 " condition " CARDDAV "supported-address-data-conversion\n"
                                 " description This card exists as\\n    vCard 3.0 only\n"},

    {"rfc6578-3.8-initial", "REPORT", "/u/ines/", DAV "sync-collection", 207, MS_ROOT_MULTISTATUS,
     MS_SUCCESS,
     OK_ROW(FILES "/u/ines/draft.txt", DAV "getetag " SHELF "shelf")
         NO_SHELF_ROW(FILES "/u/ines/k7.vcf") NO_SHELF_ROW(FILES "/u/ines/week.ics") TOKEN(801)},
    /* "listing the items that have been added, changed, or removed" */
    {"rfc6578-3.9-with-token", "REPORT", "/u/ines/", DAV "sync-collection", 207,
     MS_ROOT_MULTISTATUS, MS_BENIGN,
     NO_SHELF_ROW(FILES "/u/ines/list.xml") NO_SHELF_ROW(FILES "/u/ines/k7.vcf") ROW(
         "removed", 404, FILES "/u/ines/draft.txt") " status HTTP/1.1 404 Not Found\n" TOKEN(805)},
    {"rfc6578-3.10-truncated", "REPORT", "/u/ines/", DAV "sync-collection", 207,
     MS_ROOT_MULTISTATUS, MS_BENIGN,
     ETAG_ROW(FILES "/u/ines/draft.txt") ETAG_ROW(FILES "/u/ines/k7.vcf")
         TRUNCATED_ROW(FILES "/u/ines/") TOKEN(800)},
    {"rfc6578-3.11-limit", "REPORT", "/u/ines/", DAV "sync-collection", 207, MS_ROOT_MULTISTATUS,
     MS_BENIGN, ETAG_ROW(FILES "/u/ines/draft.txt") TRUNCATED_ROW(FILES "/u/ines/") TOKEN(799)},
    /* "returned with a 403 status indicating that a collection exists, but it is unable to report
     * on changes within it" */
    {"rfc6578-3.13-infinite", "REPORT", "/u/ines/", DAV "sync-collection", 207, MS_ROOT_MULTISTATUS,
     MS_BENIGN,
     OK_ROW("/u/ines/folder1/", DAV "getetag " SHELF "shelf")
         OK_ROW("/u/ines/folder1/draft.txt", DAV "getetag " SHELF "shelf")
             ROW("absent", 404, "/u/ines/folder2/") ABSENT_GROUP(DAV "getetag")
                 ABSENT_GROUP(SHELF "shelf") NO_SHELF_ROW("/u/ines/week.ics")
                     ROW("not-traversed", 403,
                         "/u/ines/common/") " status HTTP/1.1 403 Forbidden\n condition " DAV
                                            "sync-traversal-supported\n" TOKEN(801)},
};

/* What no example of an RFC breaks, but for the one that lacks its end tag. */
static const char *const form_rules[] = {
    "not_well_formed", "namespace_error",     "doctype",         "limit",         "other_root",
    "wrong_namespace", "orphan_propstat",     "no_href",         "no_status",     "propstat_status",
    "propstat_prop",   "status_and_propstat", "bad_status_line", "no_root_cause", "other_status",
};

static ms_document *decode_example(const example *entry)
{
    char *name = g_strconcat(entry->name, ".xml", NULL);
    GBytes *body = unit_body(name);
    ms_context context = {
        .method = entry->method,
        .uri = entry->uri,
        .report = entry->report,
        .http_status = entry->http_status,
        .content_type = "application/xml; charset=\"utf-8\"",
    };
    size_t length;
    const void *bytes = g_bytes_get_data(body, &length);
    ms_document *document = unit_decode_bytes(bytes, length, &context);

    unit_check_sound(document, length);
    g_bytes_unref(body);
    g_free(name);
    return document;
}

static void test_example(const void *data)
{
    const example *entry = data;
    ms_document *document = decode_example(entry);
    char *model = unit_model(document, 0);

    unit_check(document->root == entry->root, "the root is %d, expected %d", document->root,
               entry->root);
    unit_check_verdict(document, entry->verdict);
    unit_check_text("model", unit_rows(model), entry->model);
    unit_check(document->error.present == (entry->verdict == MS_MALFORMED),
               "the syntax error is %s", document->error.present ? "there" : "not there");
    for (size_t i = 0; i < G_N_ELEMENTS(form_rules); i++)
        unit_check_no_finding(document, form_rules[i]);
    g_free(model);
    ms_document_free(document);
}

/* "some of what was asked for": the counts that the verdict is made of. */
static void test_counts(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(examples); i++) {
        ms_document *document = decode_example(&examples[i]);
        bool failures = strstr(examples[i].model, "response failed") ||
                        strstr(examples[i].model, "response missing");

        unit_check((document->failed > 0) == failures, "%s: %u failed", examples[i].name,
                   document->failed);
        unit_check((unit_finding(document, "failures") != NULL) == failures,
                   "%s: the finding \"failures\" is wrong", examples[i].name);
        ms_document_free(document);
    }
}

/* Every body has an example in the table. */
static void test_every_body(void)
{
    char **names = unit_body_names();

    for (size_t i = 0; names[i]; i++) {
        bool known = !g_str_has_prefix(names[i], "rfc");

        for (size_t j = 0; j < G_N_ELEMENTS(examples); j++)
            known = known || (g_str_has_prefix(names[i], examples[j].name) &&
                              strcmp(names[i] + strlen(examples[j].name), ".xml") == 0);
        unit_check(known, "%s is in no example", names[i]);
    }
    g_strfreev(names);
}

int main(int argc, char **argv)
{
    unit_init(argc, argv);
    unit_add_table("rfc", examples, test_example);
    g_test_add_func("/rfc/counts", test_counts);
    g_test_add_func("/rfc/every-body", test_every_body);
    return g_test_run();
}
