/* test_summary.c
 * The line that tells people how an exchange went.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <string.h>

#include "unit.h"

#define MOST 5

typedef struct {
    const char *name;
    const char *method;
    const char *rows;
    const char *says[MOST]; /* in this order */
} summary_row;

#define LOCKED(href) RESPONSE(href, STATUS(423))
#define OK(href) RESPONSE(href, STATUS(200))

static const summary_row rows[] = {
    {"one-ok", "PROPFIND", OK("/a"), {"1 resource ok"}},
    {"all-ok", "PROPFIND", OK("/a") OK("/b"), {"2 resources", "all ok"}},
    {"none", "PROPFIND", "", {"no resources"}},
    {"one-failed", "DELETE", LOCKED("/a"), {"1 failed (423 Locked); only failures are listed"}},
    {"some-failed", "PROPFIND", OK("/a") LOCKED("/b") LOCKED("/c"), {"2 of 3 failed (423 Locked)"}},
    /* An answer to PROPPATCH lists everything (RFC 4918 section 9.2.1), and so does one with a
       2xx. */
    {"listed-success", "DELETE", LOCKED("/a") OK("/b"), {"1 of 2 failed (423 Locked)"}},
    {"missing", "REPORT", OK("/a") RESPONSE("/b", STATUS(404)), {"1 of 2 failed (404 Not Found)"}},
    /* The most frequent first. */
    {"several-codes",
     "DELETE",
     RESPONSE("/a", STATUS(403)) LOCKED("/b") LOCKED("/c"),
     {"3 failed (423 Locked: 2, 403 Forbidden: 1); only failures are listed"}},
    {"unregistered-code",
     "DELETE",
     RESPONSE("/a", STATUS(499)),
     {"1 failed (499); only failures are listed"}},
    {"collateral",
     "DELETE",
     LOCKED("/a") RESPONSE("/b", STATUS(424)) RESPONSE("/c", STATUS(424)),
     {"1 failed (423 Locked), 2 more only because of that (424); only failures are listed"}},
    {"unknown",
     "PROPFIND",
     LOCKED("/a") RESPONSE("/b", "<D:status/>") OK("/c"),
     {"1 of 3 failed (423 Locked)", "1 without a readable status"}},
    {"code-of-a-propstat",
     "PROPPATCH",
     RESPONSE("/a", PROPSTAT(424, "<D:x/>") PROPSTAT(409, "<D:y/>")),
     {"1 of 1 failed (409 Conflict)"}},
    {"harmless",
     "PROPFIND",
     OK("/a") RESPONSE("/b", STATUS(302)) RESPONSE("/c", PROPSTAT(208, "<D:x/>")),
     {"3 resources", "1 ok", "1 duplicate", "1 redirect"}},
    {"only-unknown", "PROPFIND", RESPONSE("/a", ""), {"1 resource", "1 unknown"}},
};

static void check_line(const char *line, const char *const *says)
{
    const char *at = line;

    for (size_t i = 0; i < MOST && says[i] && at; i++) {
        at = strstr(at, says[i]);
        unit_check(at, "\"%s\" does not say \"%s\"", line, says[i]);
    }
    unit_check(!strchr(line, '\n'), "\"%s\" is more than one line", line);
    unit_check(g_utf8_validate(line, -1, NULL), "\"%s\" is not UTF-8", line);
}

static void test_row(const void *data)
{
    const summary_row *row = data;
    char *body = g_strdup_printf(MULTISTATUS("%s"), row->rows);
    ms_context context = unit_propfind;

    context.method = row->method;
    ms_document *document = unit_decode(body, &context);
    char *line = ms_summary(document);

    check_line(line, row->says);
    g_free(line);
    ms_document_free(document);
    g_free(body);
}

/* ---- what is broken ---- */

typedef struct {
    const char *name;
    const char *body;
    const char *says[MOST];
} broken_row;

static const broken_row broken[] = {
    {"cut",
     "<D:multistatus xmlns:D=\"DAV:\">" LOCKED("/a"),
     {"1 of 1 failed (423 Locked)", "cut off at byte "}},
    {"not-well-formed",
     "<D:multistatus xmlns:D=\"DAV:\">" OK("/a") "</D:wrong>",
     {"1 resource ok", "not well-formed at byte "}},
    {"empty", "", {"not decoded: ", "empty"}},
    {"json", "{}", {"not decoded: ", "JSON"}},
    {"other-root", "<D:error xmlns:D=\"DAV:\"/>", {"not decoded: ", "{DAV:}error"}},
};

static void test_broken(const void *data)
{
    const broken_row *row = data;
    ms_document *document = unit_decode(row->body, &unit_propfind);
    char *line = ms_summary(document);

    check_line(line, row->says);
    g_free(line);
    ms_document_free(document);
}

static void test_undecoded(void)
{
    const char *says[MOST] = {"not decoded: the response never completed"};
    char *reason = g_strdup("the response never completed");
    ms_document *document = ms_undecoded(reason, &unit_propfind);

    memset(reason, '!', strlen(reason)); /* it is copied */
    char *line = ms_summary(document);

    check_line(line, says);
    unit_check_verdict(document, MS_UNDECODED);
    unit_check_text("reason", document->undecoded, "the response never completed");
    unit_check_finding(document, "undecoded");
    unit_check_sound(document, 0);
    g_free(line);
    g_free(reason);
    ms_document_free(document);
}

/* The finding says what the line says. */
static void test_finding(void)
{
    ms_document *document = unit_decode(MULTISTATUS(OK("/a") LOCKED("/b")), &unit_propfind);
    const ms_finding *finding = unit_finding(document, "failures");
    char *line = ms_summary(document);

    g_assert_nonnull(finding);
    unit_check_text("finding", finding->message, line);
    g_free(line);
    ms_document_free(document);
}

/* ---- names ---- */

/* The names of fields and records: a public interface (docs/fields.md, docs/record.schema.json). */
static void test_names(void)
{
    static const char *const outcomes[MS_OUTCOMES] = {
        "ok",        "placeholder", "duplicate",  "absent",  "redirect", "removed", "not-traversed",
        "truncated", "unknown",     "collateral", "missing", "failed"};
    static const char *const verdicts[MS_VERDICTS] = {"success", "benign",    "partial",  "failure",
                                                      "empty",   "malformed", "undecoded"};
    static const char *const severities[] = {"chat", "note", "warn", "error"};

    for (int i = 0; i < MS_OUTCOMES; i++)
        unit_check_text("outcome", ms_outcome_name((ms_outcome)i), outcomes[i]);
    for (int i = 0; i < MS_VERDICTS; i++)
        unit_check_text("verdict", ms_verdict_name((ms_verdict)i), verdicts[i]);
    for (size_t i = 0; i < G_N_ELEMENTS(severities); i++)
        unit_check_text("severity", ms_severity_name((ms_severity)i), severities[i]);
    for (int i = 0; i < MS_OUTCOMES; i++)
        unit_check(ms_outcome_is_failure((ms_outcome)i) == (i == MS_FAILED || i == MS_MISSING),
                   "%s is wrong", outcomes[i]);
}

/* What a status can lead to by itself; of a propstat's "absent" and "placeholder" none can. */
static void test_statuses(void)
{
    static const struct {
        int status;
        unsigned outcomes; /* bits */
    } cases[] = {
        {0, 1u << MS_UNKNOWN},
        {199, 1u << MS_UNKNOWN},
        {200, 1u << MS_OK},
        {208, 1u << MS_DUPLICATE},
        {299, 1u << MS_OK},
        {302, 1u << MS_REDIRECT},
        {403, 1u << MS_NOT_TRAVERSED | 1u << MS_FAILED},
        {404, 1u << MS_REMOVED | 1u << MS_MISSING},
        {424, 1u << MS_COLLATERAL},
        {425, 1u << MS_TRUNCATED | 1u << MS_FAILED},
        {507, 1u << MS_TRUNCATED | 1u << MS_FAILED},
        {599, 1u << MS_FAILED},
        {600, 1u << MS_UNKNOWN},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        for (int j = 0; j < MS_OUTCOMES; j++)
            unit_check(ms_outcome_follows((ms_outcome)j, cases[i].status) ==
                           ((cases[i].outcomes >> j & 1) != 0),
                       "%d and %s", cases[i].status, ms_outcome_name((ms_outcome)j));
    }
}

/* Reports count each harmless outcome in words of its own, and no other. */
static void test_harmless(void)
{
    unsigned seen = 0;

    for (const ms_harmless *kind = NULL; (kind = ms_outcome_next_harmless(kind));) {
        unit_check((seen >> kind->outcome & 1) == 0, "%s twice", ms_outcome_name(kind->outcome));
        seen |= 1u << kind->outcome;
        unit_check(strcmp(kind->one, kind->many) != 0, "%s is many", kind->one);
    }
    for (int i = 0; i < MS_OUTCOMES; i++)
        unit_check((seen >> i & 1) == (i != MS_OK && i < MS_UNKNOWN), "%s has words or none",
                   ms_outcome_name((ms_outcome)i));
}

int main(int argc, char **argv)
{
    unit_init(argc, argv);
    unit_add_table("summary/row", rows, test_row);
    unit_add_table("summary/broken", broken, test_broken);
    g_test_add_func("/summary/undecoded", test_undecoded);
    g_test_add_func("/summary/finding", test_finding);
    g_test_add_func("/summary/names", test_names);
    g_test_add_func("/summary/statuses", test_statuses);
    g_test_add_func("/summary/harmless", test_harmless);
    return g_test_run();
}
