/* rules_page.c
 * Prints docs/rules.md from the table of rules, or checks that a file is what it would print.
 *
 * Usage: multistatus-rules-page [--check FILE]
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "page.h"
#include "rules.h"

static const char introduction[] =
    "# Rules\n"
    "\n"
    "What is wrong with a Multi-Status body, unusual about it, or worth knowing: each row is a "
    "rule,\n"
    "and what it finds is an expert info in Wireshark (`multistatus.rule.<id>`, a filter field) "
    "and an\n"
    "entry under `findings` in a record. This page is generated from the table in\n"
    "`decoder/rules/rules.h` (`multistatus-rules-page > docs/rules.md`).\n"
    "\n"
    "- **error**: the message cannot be trusted. **warn**: a MUST is violated, or a failure would "
    "go\n"
    "  unnoticed. **note**: a SHOULD, or an outcome worth seeing. **chat**: normal, but unusual.\n"
    "- **needs** says what a rule has to know beside the body. A rule that lacks it stays silent:\n"
    "  *header* is the header of the response, *request* the request with its header and body,\n"
    "  *capture* other exchanges; whoever sees the capture reports those.\n"
    "- A rule speaks once about a body, with the first example and the number of the others; "
    "those\n"
    "  marked \xE2\x80\xA2 are about single resources and speak up to ten times, then once more "
    "with "
    "the number of\n"
    "  the rest.\n"
    "- Those marked \xE2\x97\xA6 are habits: a product that does so does it in every answer, and "
    "nobody is\n"
    "  helped by reading it each time. Like the others they speak once about a body, but in a "
    "capture only\n"
    "  about the first body of each server (address and port), in records, reports and expert "
    "infos alike.\n"
    "- Never flagged, because they are legal: a missing responsedescription (S22), an order of\n"
    "  elements that is not that of the DTD (S23), elements and attributes in other namespaces\n"
    "  (RFC 4918 section 17).\n";

static const struct {
    char letter;
    const char *title;
} families[] = {
    {'T', "Transport and XML"},
    {'S', "Structure"},
    {'C', "Status lines and codes"},
    {'H', "Hrefs"},
    {'M', "Method semantics"},
    {'V', "Values of properties"},
    {'K', "Calendars and address books"},
    {'X', "Several exchanges: where the server contradicts itself"},
    {'J', "JSON"},
    {'P', "Several parts"},
};

/* Rows of the catalogue, or parts of them, that no rule is for. */
static const struct {
    const char *ref, *what, *reason;
} omitted[] = {
    {"S8", "a propstat with status 418 and no property",
     "`placeholder_status` (C9) says it already"},
    {"H3", "`%2F` where a slash is meant",
     "it cannot be told from a name that holds a slash; where it hides the Request-URI, "
     "`outside_request_uri` (H5) speaks"},
    {"H5",
     "Subversion's `/!svn/` hrefs, and collections above the Request-URI under methods other "
     "than PROPFIND",
     "mod_dav_svn answers for a revision with its baseline as a habit; a locked or read-only "
     "parent is the cause of a failure more often than a mistake"},
    {"H6", "an https href in clear-text HTTP, and the ports 80 and 443 against each other",
     "behind a proxy that ends TLS this is how it should be"},
    {"H7", "a plain resource with a slash, unless the body of the PROPFIND is known",
     "the answer to propname holds names only, so that an empty resourcetype says nothing"},
    {"H8", "a listing of all depths with one or two collections that show no member",
     "empty folders are common; from three on it is said"},
    {"H10", "hrefs that differ in case only",
     "on most servers these are two resources; nothing in a body tells otherwise"},
    {"M8, M11", "properties in a body with names that are not namespace-well-formed",
     "such a name cannot be recognised in the answer; `namespace_error` (T8) is said instead"},
    {"M15",
     "a sync-token that the server gave out before the client had the one it goes back from, if "
     "it went to another client, or the client had started again since",
     "a client that lags behind is given older states by right"},
    {"M17", "a multiget with relative hrefs", "what they are relative to differs between servers"},
    {"M20", "`report_not_207` as a finding of the answer",
     "an answer that is no Multi-Status is not shown; `multistatus_request.report_not_207` says it "
     "at the request, once the capture is loaded"},
    {"2f", "a preference for the rules about values", "they are notes, and speak once a body"},
};

static const char *group_name(ms_group group)
{
    static const char *const names[] = {
        [MS_GROUP_MALFORMED] = "Malformed",    [MS_GROUP_PROTOCOL] = "Protocol",
        [MS_GROUP_RESPONSE] = "Response code", [MS_GROUP_SEQUENCE] = "Sequence",
        [MS_GROUP_SECURITY] = "Security",
    };

    return names[group];
}

static const char *needs_name(ms_needs needs)
{
    static const char *const names[] = {
        [MS_NEEDS_BODY] = "",
        [MS_NEEDS_HEADER] = "header",
        [MS_NEEDS_REQUEST] = "request",
        [MS_NEEDS_CAPTURE] = "capture",
    };

    return names[needs];
}

static void append_rule(GString *page, const ms_rule *rule)
{
    g_string_append_printf(page, "| %s | `%s`%s | %s | %s | %s | %s | %s |\n", rule->ref, rule->id,
                           rule->per == MS_PER_RESOURCE ? " \xE2\x80\xA2"
                           : rule->per == MS_PER_SERVER ? " \xE2\x97\xA6"
                                                        : "",
                           ms_severity_name(rule->severity), group_name(rule->group),
                           needs_name(rule->needs), rule->summary, rule->source);
}

static char *make_page(void)
{
    GString *page = g_string_new(introduction);

    for (size_t i = 0; i < G_N_ELEMENTS(families); i++) {
        g_string_append_printf(page,
                               "\n## %s\n\n"
                               "| no. | id | severity | group | needs | what it says | source |\n"
                               "|---|---|---|---|---|---|---|\n",
                               families[i].title);
        for (size_t rule = 0; rule < MS_RULE_COUNT; rule++) {
            if (ms_rules[rule].ref[0] == families[i].letter)
                append_rule(page, &ms_rules[rule]);
        }
    }
    g_string_append(page, "\n## Not implemented\n\n| no. | what | why not |\n|---|---|---|\n");
    for (size_t i = 0; i < G_N_ELEMENTS(omitted); i++)
        g_string_append_printf(page, "| %s | %s | %s |\n", omitted[i].ref, omitted[i].what,
                               omitted[i].reason);
    return g_string_free(page, FALSE);
}

int main(int argc, char **argv)
{
    char *page = make_page();
    int status = page_run(argc, argv, page, "rules");

    g_free(page);
    return status;
}
