/* test_hints.c
 * Hints: every failing status has one under every method, and the one that fits best is given.
 * And habits of products.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <string.h>

#include "habits.h"
#include "hints.h"
#include "unit.h"

static const char *const methods[] = {
    "PROPFIND", "PROPPATCH", "REPORT", "SEARCH",     "DELETE", "COPY", "MOVE",   "LOCK",
    "UNLOCK",   "MKCOL",     "PUT",    "MKCALENDAR", "ACL",    "POST", "UPDATE", NULL};

/* The other failure is what a 424 is due to. */
static ms_document *answer(const char *method, int code, const char *rest)
{
    char *body = g_strdup_printf(
        MULTISTATUS("<D:response><D:href>/c/a</D:href><D:status>HTTP/1.1 "
                    "%d x</D:status>%s</D:response>"
                    "<D:response><D:href>/c/z</D:href>" STATUS(500) "</D:response>"),
        code, rest);
    ms_context context = {.method = method, .uri = "/c/", .http_status = 207};
    ms_document *document = unit_decode(body, &context);

    g_free(body);
    return document;
}

/* A sentence, with the section that says so. */
static void test_every_status(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(methods); i++) {
        for (int code = 400; code < 600; code++) {
            ms_document *document = answer(methods[i], code, "");
            ms_context context = {.method = methods[i], .uri = "/c/", .http_status = 207};
            const ms_hint *hint = ms_hint_for(document, &document->responses[0], &context);

            unit_check(hint && g_str_has_suffix(hint->text, ".") && *hint->source,
                       "%d under %s has no hint", code, methods[i] ? methods[i] : "no method");
            ms_document_free(document);
        }
    }
}

typedef struct {
    const char *name;
    const char *method;
    int code;
    const char *rest;
    const char *says; /* part of the hint, or NULL for none */
} hint_row;

#define CALDAV_ERROR(name) ERROR("<C:" name " xmlns:C=\"urn:ietf:params:xml:ns:caldav\"/>")

static const hint_row rows[] = {
    {"ok", "PROPFIND", 200, "", NULL},
    {"removed", "PROPFIND", 302, "", NULL},
    {"delete-423", "DELETE", 423, "", "The member is locked"},
    {"move-423", "MOVE", 423, "", "Source or destination"},
    {"put-423", "PUT", 423, "", "the collection that is to hold it"},
    {"proppatch-423", "PROPPATCH", 423, "", "only the lock holder can change its properties"},
    {"lock-424", "LOCK", 424, "", "a LOCK is all or nothing"},
    {"delete-424", "DELETE", 424, "", "because something below or above it failed"},
    {"proppatch-424", "PROPPATCH", 424, "", "these properties"},
    {"mkcol-405", "MKCOL", 405, "", "exists here already"},
    {"put-409", "PUT", 409, "", "create it first"},
    {"copy-412", "COPY", 412, "", "Overwrite: F"},
    {"lock-412", "LOCK", 412, "", "refreshed"},
    {"delete-404", "DELETE", 404, "", "somebody else removed"},
    /* A condition says more than the status. */
    {"finite-depth", "PROPFIND", 403, ERROR("<D:propfind-finite-depth/>"), "level by level"},
    {"sync-token", "REPORT", 409, ERROR("<D:valid-sync-token/>"), "start again with an empty one"},
    {"uid", "PUT", 409, CALDAV_ERROR("no-uid-conflict"), "same UID"},
    {"quota", "PUT", 507, ERROR("<D:quota-not-exceeded/>"), "quota"},
    {"privileges", "DELETE", 403, ERROR("<D:need-privileges/>"), "privilege that the condition"},
    {"unknown-condition", "DELETE", 403, ERROR("<x/>"), "for the reason it gives"},
    {"unregistered-4xx", "DELETE", 499, "", "refuses"},
    {"unregistered-5xx", "DELETE", 599, "", "its own log"},
    {"nonsense", "DELETE", 1, "", "No status that a client can read"},
};

static void test_hint(const void *data)
{
    const hint_row *row = data;
    ms_document *document = answer(row->method, row->code, row->rest);
    ms_context context = {.method = row->method, .uri = "/c/", .http_status = 207};
    const ms_hint *hint = ms_hint_for(document, &document->responses[0], &context);

    if (row->says)
        unit_check(hint && strstr(hint->text, row->says), "\"%s\" says nothing of \"%s\"",
                   hint ? hint->text : "no hint", row->says);
    else
        unit_check(!hint, "a hint: %s", hint ? hint->text : "");
    ms_document_free(document);
}

/* ---- the situation ---- */

#define QUERY "{urn:ietf:params:xml:ns:caldav}calendar-query"
#define CARD_QUERY "{urn:ietf:params:xml:ns:carddav}addressbook-query"
#define MULTIGET "{urn:ietf:params:xml:ns:caldav}calendar-multiget"
#define SAYS(text) "<D:responsedescription>" text "</D:responsedescription>"
#define GROUP(code, rest)                                                                          \
    "<D:propstat><D:prop><D:displayname/></D:prop>" STATUS(code) rest "</D:propstat>"
#define DONE "<D:propstat><D:prop><x xmlns='urn:x'/></D:prop>" STATUS(200) "</D:propstat>"
#define SELF_ROW(rest) RESPONSE("/c/", rest)
#define MEMBER_ROW(rest) RESPONSE("/c/a", rest)

typedef struct {
    const char *name;
    ms_context context;
    const char *row; /* the Request-URI is /c/ */
    const char *says, *says_not;
} situation_row;

#define IN(method_, ...)                                                                           \
    {                                                                                              \
        .method = (method_), .uri = "/c/", .http_status = 207, .request_known = true, __VA_ARGS__  \
    }

static const situation_row situations[] = {
    /* 404: the Request-URI, a member, what was asked for by name, a query. */
    {"propfind-self", IN("PROPFIND", .tls = false), SELF_ROW(STATUS(404)),
     "should have answered the request with 404", NULL},
    {"propfind-member", IN("PROPFIND", .tls = false), MEMBER_ROW(STATUS(404)), "lists this member",
     "should have answered"},
    {"propfind-unknown-request",
     {.method = "PROPFIND", .http_status = 207},
     SELF_ROW(STATUS(404)),
     "does not exist",
     "should have answered"},
    {"propfind-self-in-another-spelling", IN("PROPFIND", .tls = false),
     RESPONSE("http://dav.example/%63/", STATUS(404)), "should have answered", NULL},
    {"multiget", IN("REPORT", .report = MULTIGET), MEMBER_ROW(STATUS(404)),
     "asked for this resource by name", NULL},
    {"query-self", IN("REPORT", .report = QUERY), SELF_ROW(STATUS(404)), "the query found nothing",
     "by name"},
    {"query-self-says-so", IN("REPORT", .report = QUERY),
     SELF_ROW(STATUS(404) SAYS("No Resources found")), "means that the query found nothing",
     "does not exist"},
    {"address-query-says-so", IN("REPORT", .report = CARD_QUERY),
     SELF_ROW(STATUS(404) SAYS("no matching contact: empty")), "found nothing", "by name"},
    {"query-says-something-else", IN("REPORT", .report = QUERY),
     SELF_ROW(STATUS(404) SAYS("unknown calendar")), "Either this collection", NULL},
    {"query-member", IN("REPORT", .report = QUERY), MEMBER_ROW(STATUS(404)), "removed it meanwhile",
     "by name"},
    {"principal-match", IN("REPORT", .report = "{DAV:}principal-match"), MEMBER_ROW(STATUS(404)),
     "refers to this resource", "by name"},
    {"delete-member", IN("DELETE", .tls = false), MEMBER_ROW(STATUS(404)), "when its turn came",
     "destination"},
    {"copy-elsewhere", IN("COPY", .tls = false), MEMBER_ROW(STATUS(404)),
     "If it is the destination, the collection", NULL},
    {"move-self", IN("MOVE", .tls = false), SELF_ROW(STATUS(404)), "nothing to act on",
     "destination"},
    {"delete-self", IN("DELETE", .tls = false), SELF_ROW(STATUS(404)), "nothing to act on", NULL},
    {"proppatch-mixed-403", IN("PROPPATCH", .tls = false), SELF_ROW(GROUP(403, "") DONE),
     "set other properties", "no other property"},
    {"proppatch-mixed-403-said", IN("PROPPATCH", .tls = false),
     SELF_ROW(GROUP(403, SAYS("Not for you")) DONE), "for the reason it gives. The request should",
     "no other property"},
    {"proppatch-mixed-404", IN("PROPPATCH", .tls = false), SELF_ROW(DONE GROUP(404, "")),
     "set other properties", "nothing of the request"},
    {"proppatch-mixed-409-live", IN("PROPPATCH", .tls = false),
     SELF_ROW(DONE "<D:propstat><D:prop><D:getetag/></D:prop>" STATUS(409) "</D:propstat>"),
     "This is a live property", "no other property"},
    {"proppatch-mixed-words", IN("PROPPATCH", .tls = false),
     SELF_ROW(GROUP(409, SAYS("Property is read-only.")) DONE), "does not let clients set",
     "no other property"},
    {"proppatch-nothing-in-200", IN("PROPPATCH", .tls = false),
     SELF_ROW(GROUP(403, "") "<D:propstat><D:prop/>" STATUS(200) "</D:propstat>"),
     "no other property", "set other properties"},
    {"proppatch-property-404", IN("PROPPATCH", .tls = false), SELF_ROW(GROUP(404, "")),
     "does not know this property", NULL},
    {"proppatch-resource-404", IN("PROPPATCH", .tls = false), SELF_ROW(STATUS(404)),
     "The resource does not exist", "property"},
    /* 403: a property or the resource. */
    {"propfind-property-403", IN("PROPFIND", .tls = false), MEMBER_ROW(GROUP(403, "")),
     "this property of the resource", NULL},
    {"propfind-resource-403", IN("PROPFIND", .tls = false), MEMBER_ROW(STATUS(403)),
     "may not see this resource", "property"},
    /* 412: what the request had. */
    {"412-if", IN("PROPPATCH", .if_header = "(<urn:x>)"), SELF_ROW(STATUS(412)), "in the If header",
     NULL},
    {"412-if-match", IN("DELETE", .if_match = "\"1\""), SELF_ROW(STATUS(412)),
     "in the If-Match header", "its lock is gone"},
    {"412-neither", IN("PROPPATCH", .tls = false), SELF_ROW(STATUS(412)),
     "has no If or If-Match header", "its lock is gone"},
    {"412-overwrite", IN("MOVE", .overwrite = "F"), SELF_ROW(STATUS(412)),
     "The destination exists, and the request said Overwrite: F", "If header"},
    {"412-overwrite-and-if", IN("COPY", .overwrite = "F", .if_header = "(<urn:x>)"),
     SELF_ROW(STATUS(412)), "Overwrite: F, or a condition", NULL},
    {"412-copy-with-if", IN("COPY", .overwrite = "T", .if_header = "(<urn:x>)"),
     SELF_ROW(STATUS(412)), "in the If header", "Overwrite"},
    {"412-unknown-request",
     {.method = "PROPPATCH", .http_status = 207},
     SELF_ROW(STATUS(412)),
     "if it has one",
     NULL},
    {"412-neither-silent", IN("PROPPATCH", .tls = false), SELF_ROW(STATUS(412)),
     "the answer does not say which", NULL},
    {"412-condition", IN("PROPPATCH", .tls = false), SELF_ROW(STATUS(412) ERROR("<D:x/>")),
     "its error element", "does not say which"},
    {"412-said", IN("PROPPATCH", .tls = false),
     SELF_ROW(GROUP(412, SAYS("has unexpected value in filesystem"))), "the server's own words",
     "If"},
    /* What the server itself says wins. */
    {"409-silent", IN("PROPPATCH", .tls = false), SELF_ROW(GROUP(409, "")),
     "cannot take this value", NULL},
    {"409-immutable", IN("PROPPATCH", .tls = false),
     SELF_ROW(GROUP(409, SAYS("This property is immutable"))), "Leave it out", "value"},
    {"409-read-only", IN("PROPPATCH", .tls = false),
     SELF_ROW(GROUP(409, SAYS("Property is read-only."))), "Leave it out", "value"},
    {"409-protected", IN("MKCALENDAR", .tls = false),
     SELF_ROW(GROUP(409, SAYS("PROTECTED property"))), "Leave it out", "value"},
    {"409-other-words", IN("PROPPATCH", .tls = false), SELF_ROW(GROUP(409, SAYS("Name too long"))),
     "for the reason it gives", "Leave it out"},
    {"403-said", IN("DELETE", .tls = false), MEMBER_ROW(STATUS(403) SAYS("Retention period")),
     "for the reason it gives", "permissions of the file"},
    {"507-said", IN("PUT", .tls = false), SELF_ROW(STATUS(507) SAYS("too many files")),
     "for the reason it gives", "quota-available-bytes"},
    {"409-live", IN("PROPPATCH", .tls = false),
     SELF_ROW("<D:propstat><D:prop><D:getetag/></D:prop>" STATUS(409) "</D:propstat>"),
     "maintains itself", "wrong type"},
    {"403-live-said", IN("PROPPATCH", .tls = false),
     SELF_ROW("<D:propstat><D:prop><D:getetag/></D:prop>" STATUS(403) SAYS("no") "</D:propstat>"),
     "for the reason it gives", "maintains itself"},
    {"409-live-is-another-group", IN("PROPPATCH", .tls = false),
     SELF_ROW(
         "<D:propstat><D:prop><D:getetag/></D:prop>" STATUS(424) "</D:propstat>" GROUP(409, "")),
     "wrong type", "maintains itself"},
    /* A request for a collection of a type has to name the type (RFC 5689 section 3). */
    {"409-type-of-mkcol", IN("MKCOL", .tls = false),
     SELF_ROW("<D:propstat><D:prop><D:resourcetype/></D:prop>" STATUS(409) "</D:propstat>"),
     "cannot take this value", "maintains itself"},
    {"409-type-elsewhere", IN("PROPPATCH", .tls = false),
     SELF_ROW("<D:propstat><D:prop><D:resourcetype/></D:prop>" STATUS(409) "</D:propstat>"),
     "maintains itself", "cannot take this value"},
    {"501-property", IN("PROPFIND", .tls = false), SELF_ROW(GROUP(501, "")),
     "has not implemented this property", "method"},
    {"501-property-set", IN("PROPPATCH", .tls = false), SELF_ROW(GROUP(501, "")),
     "has not implemented that clients set this property", "method"},
    {"501-resource", IN("PROPFIND", .tls = false), SELF_ROW(STATUS(501)),
     "does not know the method", "property"},
    {"424-alone", IN("PROPPATCH", .tls = false), SELF_ROW(GROUP(424, "")), "does not say what",
     "Look for"},
    {"424-of-a-tree-alone", IN("DELETE", .tls = false), MEMBER_ROW(STATUS(424)),
     "does not say what", "below or above"},
    {"424-with-cause", IN("DELETE", .tls = false), MEMBER_ROW(STATUS(424)) SELF_ROW(STATUS(403)),
     "below or above", "does not say what"},
    /* A condition is a reason, known or not. */
    {"bind-source", IN("BIND", .tls = false),
     MEMBER_ROW(STATUS(409) ERROR("<D:bind-source-exists/>")), "look at the href", "parent"},
    {"unknown-condition", IN("BIND", .tls = false), MEMBER_ROW(STATUS(409) ERROR("<D:x/>")),
     "for the reason", "parent"},
    {"409-no-condition", IN("BIND", .tls = false), MEMBER_ROW(STATUS(409)), "parent", NULL},
    {"acl-principal", IN("ACL", .tls = false),
     SELF_ROW(STATUS(403) ERROR("<D:recognized-principal/>")), "does not know", "Look at"},
    {"acl-silent", IN("ACL", .tls = false), SELF_ROW(STATUS(403)), "Look at", NULL},
    {"proppatch-condition", IN("PROPPATCH", .tls = false),
     SELF_ROW(GROUP(409, ERROR("<x xmlns='urn:x'/>"))), "for the reason it gives", "wrong type"},
    {"matches-of-a-propfind", IN("PROPFIND", .tls = false),
     MEMBER_ROW(STATUS(507) ERROR("<D:number-of-matches-within-limits/>")), "more here", "report"},
    /* mod_dav says so of the group that did not fail by itself. */
    {"said-of-a-group-that-is-collateral", IN("PROPPATCH", .tls = false),
     SELF_ROW(GROUP(424, SAYS("Attempted operation failed due to other errors")) GROUP(409, "")),
     "cannot take this value", "reason it gives"},
    {"said-of-a-group-that-is-ok", IN("PROPPATCH", .tls = false),
     SELF_ROW(GROUP(200, SAYS("All properties are read-only now")) GROUP(409, "")),
     "cannot take this value", NULL},
};

static void test_situation(const void *data)
{
    const situation_row *row = data;
    char *body = g_strdup_printf(MULTISTATUS("%s"), row->row);
    ms_document *document = unit_decode(body, &row->context);
    const ms_hint *hint = ms_hint_for(document, &document->responses[0], &row->context);

    unit_check(hint && strstr(hint->text, row->says), "\"%s\" says nothing of \"%s\"",
               hint ? hint->text : "no hint", row->says);
    unit_check(!hint || !row->says_not || !strstr(hint->text, row->says_not),
               "\"%s\" speaks of \"%s\"", hint ? hint->text : "", row->says_not);
    ms_document_free(document);
    g_free(body);
}

/* The reason that stands for the whole body is one of the server's own words. */
static void test_description_of_body(void)
{
    static const char body[] = MULTISTATUS("<D:response><D:href>/c/</D:href>" GROUP(
        409, "") "</D:response>" SAYS("All properties here are read-only"));
    const ms_context context = IN("PROPPATCH", .tls = false);
    ms_document *document = unit_decode(body, &context);
    const ms_hint *hint = ms_hint_for(document, &document->responses[0], &context);

    unit_check(hint && strstr(hint->text, "Leave it out"), "the hint is \"%s\"",
               hint ? hint->text : "");
    ms_document_free(document);
}

/* Rows of JSON get none, except for HomeKit's numbers. */
static void test_numbers(void)
{
    static const char body[] =
        "{\"characteristics\":[{\"aid\":1,\"iid\":2,\"status\":-70402},{\"aid\":1,\"iid\":3,"
        "\"status\":0},{\"aid\":1,\"iid\":4,\"status\":-7}]}";
    const ms_context context = {.method = "PUT",
                                .http_status = 207,
                                .content_type = "application/hap+json",
                                .request_known = true};
    ms_document *document = unit_decode(body, &context);

    g_assert_cmpuint(document->n_responses, ==, 3);
    const ms_hint *hint = ms_hint_for(document, &document->responses[0], &context);

    unit_check(hint && strstr(hint->text, "could not reach"), "the hint is \"%s\"",
               hint ? hint->text : "");
    g_assert_null(ms_hint_for(document, &document->responses[1], &context));
    g_assert_null(ms_hint_for(document, &document->responses[2], &context));
    ms_document_free(document);
}

static void test_habits(void)
{
    const ms_rule *status = &ms_rules[MS_RULE_OTHER_STATUS];

    g_assert_nonnull(ms_habit(status, "Apache/2.4.62 (Debian)", "DELETE"));
    g_assert_null(ms_habit(status, "Apache/2.4.62 (Debian)", "PROPFIND"));
    g_assert_null(ms_habit(status, "Apache/2.4.62 (Debian)", NULL));
    g_assert_null(ms_habit(status, "lighttpd/1.4.69", "DELETE"));
    g_assert_null(ms_habit(status, NULL, "DELETE"));
    g_assert_null(ms_habit(&ms_rules[MS_RULE_FAILURES], "Apache/2.4.62", "DELETE"));
    g_assert_nonnull(ms_habit(&ms_rules[MS_RULE_NAMESPACE_ERROR],
                              "Apache/2.4.62 (Debian) SVN/1.14.2", "PROPFIND"));
}

int main(int argc, char **argv)
{
    unit_init(argc, argv);
    g_test_add_func("/hints/every-status", test_every_status);
    unit_add_table("hints/row", rows, test_hint);
    unit_add_table("hints/situation", situations, test_situation);
    g_test_add_func("/hints/description-of-body", test_description_of_body);
    g_test_add_func("/hints/numbers", test_numbers);
    g_test_add_func("/hints/habits", test_habits);
    return g_test_run();
}
