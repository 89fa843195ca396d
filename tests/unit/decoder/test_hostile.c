/* test_hostile.c
 * Bodies made to do harm by their size, and the limits that stop them: what was read so far is
 * there, the limit is named, and memory and time stay in proportion to the body.
 *
 * RFC 4918 section 20.6; docs/limits.md, docs/security.md.
 *
 * MULTISTATUS_LARGE_TESTS=1 in the environment adds the ones of a gigabyte.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "limit_table.h"
#include "rules.h"
#include "unit.h"

#define START "<D:multistatus xmlns:D=\"DAV:\">"
#define END "</D:multistatus>"
#define BEFORE RESPONSE("/before", STATUS(423))

#define MEGABYTE (1024u * 1024)

/* ---- attacks ---- */

typedef struct {
    const char *name;
    const char *start; /* what comes first */
    const char *again; /* this many times; '#' is its number */
    size_t times;
    const char *end;
    const char *rule; /* the name of the attack; NULL: it is not one */
    bool malformed;
    uint32_t responses; /* at least as many are there */
} attack;

#define IN_ERROR START BEFORE "<D:response><D:href>/a</D:href><D:error>"
#define OUT_ERROR "</D:error>" STATUS(403) "</D:response>" END

static const attack attacks[] = {
    {"attributes", IN_ERROR "<D:x", " a#=\"\"", 1000000, "/>" OUT_ERROR, "limit", true, 1},
    {"namespaces", IN_ERROR "<D:x", " xmlns:a#=\"u\"", 300000, "/>" OUT_ERROR, "limit", true, 1},
    {"long-name", IN_ERROR "<", "n", 4 * MEGABYTE, "/>" OUT_ERROR, "limit", true, 1},
    {"long-names", IN_ERROR, "<nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn#/>",
     100000, OUT_ERROR, NULL, false, 2},
    {"long-attribute", IN_ERROR "<D:x a=\"", "aaaaaaaa", 500000, "\"/>" OUT_ERROR, "limit", true,
     1},
    {"quoted-ends", IN_ERROR "<D:x", " a#=\">\"", 200000, "/>" OUT_ERROR, "limit", true, 1},
    {"depth", IN_ERROR, "<D:x>", 100000, "", "limit", true, 1},
    {"depth-of-nothing", START BEFORE, "<x>", 100000, "", "limit", true, 1},
    {"responses", START, RESPONSE("/#", STATUS(200)), 1000000, END, NULL, false, 1000000},
    {"empty-responses", START, "<D:response/>", 2000001, END, "limit", true, 2000000},
    {"propstats", START "<D:response><D:href>/a</D:href>", "<D:propstat/>", 1000000,
     "</D:response>" END, NULL, false, 1},
    {"hrefs", START "<D:response>", "<D:href>/#</D:href>", 500000, STATUS(423) "</D:response>" END,
     NULL, false, 1},
    {"white-space", START BEFORE, "                ", 2 * MEGABYTE, BEFORE END, NULL, false, 2},
    {"white-space-in-href", START "<D:response><D:href>", "                ", MEGABYTE,
     "/a</D:href>" STATUS(423) "</D:response>" BEFORE END, "limit", false, 2},
    {"white-space-first", "", "                ", MEGABYTE, START BEFORE END, "not_well_formed",
     true, 0},
    {"white-space-in-tag", START BEFORE "<D:response", "                ", MEGABYTE, ">" END,
     "limit", true, 1},
    {"white-space-in-end-tag", START BEFORE BEFORE "</D:multistatus", "                ",
     MEGABYTE / 4, ">", "limit", true, 2},
    {"comment", START BEFORE "<!--", " comment", MEGABYTE / 2, "-->" BEFORE END, NULL, false, 2},
    {"cdata", START "<D:response><D:href><![CDATA[", "/aaaaaaa", MEGABYTE / 2,
     "]]></D:href>" STATUS(423) "</D:response>" BEFORE END, "limit", false, 2},
    {"entities", "<!DOCTYPE x [", "<!ENTITY e# \"&e;\">", 100000, "]>" START BEFORE END,
     "entity_declaration", false, 1},
    {"long-entity", "<!DOCTYPE x [<!ENTITY e \"", "expanded", MEGABYTE / 8,
     "\">]>" START BEFORE END, "limit", true, 1},
    {"quadratic-blow-up",
     "<!DOCTYPE x [<!ENTITY e \"eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee\">]>" START
     "<D:response><D:href>/",
     "&e;", 500000, "</D:href>" STATUS(423) "</D:response>" BEFORE END, "entity_declaration", true,
     2},
    {"nuls", START BEFORE, "\1", MEGABYTE, BEFORE END, "invalid_bytes", true, 1},
    {"invalid-utf-8", START BEFORE "<D:response><D:href>", "\xE9\xFF", MEGABYTE,
     "</D:href></D:response>" BEFORE END, "invalid_bytes", true, 1},
    {"open-brackets", "", "[", MEGABYTE, "", "limit", true, 0},
    {"json-keys", "{\"responses\":[{", "\"k#\":1,", 200000, "\"href\":\"/a\",\"status\":423}]}",
     NULL, false, 0},
};

/* The text of an attack. */
static GString *body_of(const attack *a)
{
    GString *body = g_string_new(a->start);
    char **parts = g_strsplit(a->again, "#", 2);

    for (size_t i = 0; i < a->times; i++) {
        g_string_append(body, parts[0]);
        if (parts[1])
            g_string_append_printf(body, "%zu%s", i, parts[1]);
    }
    g_strfreev(parts);
    return g_string_append(body, a->end);
}

static long peak_kilobytes(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

/* An element of the model takes 32 bytes, and the shortest that makes one four; lists double. What
 * a sanitizer adds does not count. */
static void check_memory(long before, size_t length)
{
#if !defined(__SANITIZE_ADDRESS__)
    long grown = peak_kilobytes() - before, most = 32 * 1024 + (long)(length / 1024) * 40;

    unit_check(grown < most, "memory grew by %ld KB for a body of %zu KB", grown, length / 1024);
#else
    (void)before;
    (void)length;
#endif
}

static const char *group_of(const ms_document *document, const char *rule)
{
    const ms_finding *finding = unit_finding(document, rule);

    return finding && finding->rule->group == MS_GROUP_SECURITY ? "Security" : "another";
}

static void run_attack(const attack *a)
{
    GString *body = body_of(a);

    if (strcmp(a->name, "nuls") == 0) {
        for (size_t i = 0; i < body->len; i++)
            body->str[i] = body->str[i] == '\1' ? '\0' : body->str[i];
    }
    long before = peak_kilobytes();
    ms_document *document = ms_decode(body->str, body->len, &unit_propfind);

    check_memory(before, body->len);
    unit_check((document->verdict == MS_MALFORMED) == a->malformed, "the verdict is %s",
               ms_verdict_name(document->verdict));
    unit_check(document->n_responses >= a->responses, "%u of %u resources are there",
               document->n_responses, a->responses);
    unit_check_sound(document, body->len);
    if (a->rule)
        unit_check_finding(document, a->rule);
    else
        unit_check_no_finding(document, "limit");
    if (a->rule && (strcmp(a->rule, "limit") == 0 || strcmp(a->rule, "entity_declaration") == 0))
        unit_check_text("group", group_of(document, a->rule), "Security");
    ms_document_free(document);
    g_string_free(body, TRUE);
}

/* In a process of its own, whose memory is only this body's. Two minutes of CPU time mean a
 * runaway, on any machine. */
static void in_subprocess(void)
{
    g_test_trap_subprocess(NULL, 0, 0);
    unit_check(g_test_trap_has_passed(), "it fails, or takes two minutes of CPU time");
}

static void limit_time(void)
{
    const struct rlimit two_minutes = {120, 120};

    setrlimit(RLIMIT_CPU, &two_minutes);
}

static void test_attack(const void *data)
{
    if (!g_test_subprocess()) {
        in_subprocess();
        return;
    }
    limit_time();
    run_attack(data);
}

/* ---- a gigabyte ---- */

/* White space without end: the same pages of memory over and over. */
static char *endless_space(size_t length, size_t page)
{
    char *path;
    int file = g_file_open_tmp("space-XXXXXX", &path, NULL);
    char *space = g_strnfill(page, ' ');

    if (file < 0 || write(file, space, page) != (ssize_t)page)
        g_error("no file for the white space");
    g_unlink(path);
    g_free(path);
    char *all = mmap(NULL, length, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    for (size_t at = 0; at < length; at += page) {
        if (mmap(all + at, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED, file, 0) ==
            MAP_FAILED)
            g_error("cannot map");
    }
    close(file);
    g_free(space);
    return all;
}

/* The body's limit ends it; what came before is there. */
static void test_gigabyte(void)
{
    static const char start[] = START BEFORE;
    const size_t length = (size_t)1024 * MEGABYTE;

    if (!g_getenv("MULTISTATUS_LARGE_TESTS")) {
        g_test_skip("MULTISTATUS_LARGE_TESTS is not set");
        return;
    }
    if (!g_test_subprocess()) {
        in_subprocess();
        return;
    }
    limit_time();
    char *body = endless_space(length, MEGABYTE);
    long before = peak_kilobytes();

    memcpy(body, start, sizeof start - 1);
    ms_document *document = ms_decode(body, length, &unit_propfind);

    unit_check(document->n_responses == 1, "%u resources", document->n_responses);
    unit_check_verdict(document, MS_MALFORMED);
    unit_check_finding(document, "limit");
    /* Those of its pages that were looked at count, too. */
    unit_check(peak_kilobytes() - before < (256 + 64) * 1024, "memory grew by %ld KB",
               peak_kilobytes() - before);
    ms_document_free(document);
    munmap(body, length);
}

/* ---- limits ---- */

typedef struct {
    const char *name;
    ms_limit_kind kind;
    uint32_t enough; /* with this limit the body is read to its end, with one less it is not */
    bool stops;      /* what is left out ends the reading */
    const char *body;
} limit_row;

#define TWO START RESPONSE("/a", STATUS(423)) RESPONSE("/b", STATUS(403)) END

static const limit_row limit_rows[] = {
    {"body", MS_MAX_BODY, sizeof TWO - 1, true, TWO},
    {"responses", MS_MAX_RESPONSES, 2, true, TWO},
    {"depth", MS_MAX_DEPTH, 3, true, TWO},
    {"depth-of-properties", MS_MAX_DEPTH, 6, true,
     START RESPONSE("/a", PROPSTAT(200, "<D:x><D:y/></D:x>")) END},
    {"elements", MS_MAX_ELEMENTS, 3, true,
     START RESPONSE("/a", PROPSTAT(200, "<D:x><D:y/></D:x>") ERROR("<D:z/>")) END},
    {"text", MS_MAX_TEXT, 14, false, TWO}, /* HTTP/1.1 423 x */
    {"tag", MS_MAX_TAG, sizeof START - 2, true, TWO},
    {"json-responses", MS_MAX_RESPONSES, 2, true,
     "{\"responses\":[{\"href\":\"/a\",\"status\":423},{\"href\":\"/b\",\"status\":403}]}"},
    {"json-depth", MS_MAX_DEPTH, 3, true, "{\"responses\":[{\"href\":\"/a\",\"status\":423}]}"},
    {"json-text", MS_MAX_TEXT, 12, false,
     "{\"responses\":[{\"href\":\"/a-long-href\",\"status\":423}]}"},
};

static void check_limit(const limit_row *row, uint32_t limit, bool reached)
{
    ms_limits limits = ms_limits_in_force(NULL);
    ms_context context = unit_propfind;

    limits.of[row->kind] = limit;
    context.limits = &limits;
    ms_document *document = unit_decode(row->body, &context);
    const ms_finding *finding = unit_finding(document, "limit");
    char *number = g_strdup_printf("which is %u;", limit);

    unit_check((finding != NULL) == reached, "with %u the limit is %sreached", limit,
               finding ? "" : "not ");
    if (finding) {
        unit_check(strstr(finding->message, ms_limit_table[row->kind].name) &&
                       strstr(finding->message, number),
                   "the message does not say how to raise it: %s", finding->message);
    }
    unit_check((document->verdict == MS_MALFORMED) == (reached && row->stops),
               "with %u the verdict is %s", limit, ms_verdict_name(document->verdict));
    unit_check_sound(document, strlen(row->body));
    g_free(number);
    ms_document_free(document);
}

static void test_limit(const void *data)
{
    const limit_row *row = data;

    check_limit(row, row->enough, false);
    check_limit(row, row->enough - 1, true);
    check_limit(row, 1, true);
}

/* No setting makes a limit useless. */
static void test_extremes(void)
{
    for (int kind = 0; kind < MS_LIMIT_KINDS; kind++) {
        const ms_limit *limit = &ms_limit_table[kind];
        ms_limits limits = {{0}};

        unit_check(ms_limit_of(&limits, (ms_limit_kind)kind) == 1, "%s: 0 is not 1", limit->name);
        limits.of[kind] = UINT32_MAX;
        unit_check(ms_limit_of(&limits, (ms_limit_kind)kind) == limit->most, "%s: too much",
                   limit->name);
        unit_check(ms_limit_of(NULL, (ms_limit_kind)kind) == limit->standard &&
                       limit->standard <= limit->most,
                   "%s: not the standard", limit->name);
    }
}

int main(int argc, char **argv)
{
    unit_init(argc, argv);
    unit_add_table("hostile/attack", attacks, test_attack);
    g_test_add_func("/hostile/gigabyte", test_gigabyte);
    unit_add_table("hostile/limit", limit_rows, test_limit);
    g_test_add_func("/hostile/extremes", test_extremes);
    return g_test_run();
}
