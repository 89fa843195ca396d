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

static ms_document *answer(const char *method, int code, const char *rest)
{
    char *body = g_strdup_printf(MULTISTATUS("<D:response><D:href>/c/a</D:href><D:status>HTTP/1.1 "
                                             "%d x</D:status>%s</D:response>"),
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
    {"proppatch-423", "PROPPATCH", 423, "", "its properties can be changed by who holds the lock"},
    {"lock-424", "LOCK", 424, "", "a LOCK is all or nothing"},
    {"delete-424", "DELETE", 424, "", "because something below or above it failed"},
    {"proppatch-424", "PROPPATCH", 424, "", "these properties"},
    {"mkcol-405", "MKCOL", 405, "", "something at this place already"},
    {"put-409", "PUT", 409, "", "create it first"},
    {"copy-412", "COPY", 412, "", "Overwrite: F"},
    {"lock-412", "LOCK", 412, "", "refreshed"},
    {"delete-404", "DELETE", 404, "", "somebody else removed"},
    {"report-404", "REPORT", 404, "", "asked for this resource by name"},
    /* A condition says more than the status. */
    {"finite-depth", "PROPFIND", 403, ERROR("<D:propfind-finite-depth/>"), "level by level"},
    {"sync-token", "REPORT", 409, ERROR("<D:valid-sync-token/>"), "start again with an empty one"},
    {"uid", "PUT", 409, CALDAV_ERROR("no-uid-conflict"), "same UID"},
    {"quota", "PUT", 507, ERROR("<D:quota-not-exceeded/>"), "quota"},
    {"privileges", "DELETE", 403, ERROR("<D:need-privileges/>"), "privilege that the condition"},
    {"unknown-condition", "DELETE", 403, ERROR("<x/>"), "permissions of the file"},
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
    g_test_add_func("/hints/habits", test_habits);
    return g_test_run();
}
