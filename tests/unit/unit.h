/* unit.h
 * What the unit tests of the decoder share: bodies, decoding, checks that say what they saw, and a
 * model written as text, so that a whole document is compared at once.
 *
 * Ownership: everything that is returned without const belongs to the caller: documents go to
 * ms_document_free(), strings to g_free(), string vectors to g_strfreev().
 *
 * A check that fails says where and what, marks the test as failed and lets it go on.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef UNIT_H
#define UNIT_H

#include <stdbool.h>
#include <stddef.h>

#include <glib.h>

#include "multistatus.h"

/** g_test_init(), with the rest of the tests going on after one that failed. */
void unit_init(int argc, char **argv);

/* ---- XML parts ---- */

/* Parts of bodies for tests that build their own. */
#define MULTISTATUS(rows) "<D:multistatus xmlns:D=\"DAV:\">" rows "</D:multistatus>"
#define RESPONSE(href, rest) "<D:response><D:href>" href "</D:href>" rest "</D:response>"
#define STATUS(code) "<D:status>HTTP/1.1 " #code " x</D:status>"
#define PROPSTAT(code, prop) "<D:propstat><D:prop>" prop "</D:prop>" STATUS(code) "</D:propstat>"
#define ERROR(conditions) "<D:error>" conditions "</D:error>"

/* ---- bodies ---- */

/** A body of the bodies folder, by its file name. Ends the test program if there is none. */
GBytes *unit_body(const char *name);

/** The file names of all bodies, sorted. */
char **unit_body_names(void);

/** The name of a test about a body: "/cut/rfc4918-9.6.2-delete". */
char *unit_path(const char *subject, const char *body_name);

/* ---- decoding ---- */

/** A PROPFIND of /c/ answered with 207; values are kept. */
extern const ms_context unit_propfind;

/** Decodes a copy of the bytes that is exactly as long as they are and is gone on return: neither
 *  an over-read nor a pointer into the body stays unseen. */
ms_document *unit_decode_bytes(const void *bytes, size_t length, const ms_context *context);

/** The same for a string. */
ms_document *unit_decode(const char *xml, const ms_context *context);

/* ---- model ---- */

enum {
    UNIT_VALUES = 1, /* properties with their values and what is below them; else their names */
    UNIT_SPANS = 2   /* the place of everything */
};

/** The document's model as text, a line for each fact: see test_rfc.c for what it looks like. */
char *unit_model(const ms_document *document, unsigned flags);

/** The part of a model behind its root and verdict. */
const char *unit_rows(const char *model);

/** The part of it that is about one resource. */
char *unit_response_model(const ms_document *document, uint32_t response, unsigned flags);

/** "ok 200, failed 423": outcome and code of every resource. */
char *unit_outcomes(const ms_document *document);

/** Index of the resource with this href as its first one, or MS_NO_RESPONSE. */
uint32_t unit_find(const ms_document *document, const char *href);

/** The first finding of a rule, NULL if there is none. */
const ms_finding *unit_finding(const ms_document *document, const char *rule);

/** The identifiers of the rules that found something, once each: "cut_off failures". */
char *unit_findings(const ms_document *document);

/** Calls `visit` for every element that the model knows the place of. */
typedef void (*unit_visitor)(const char *what, ms_span span, void *data);
void unit_visit_spans(const ms_document *document, unit_visitor visit, void *data);

/** Checks what has to be true of every document: ranges within their arrays, spans within the
 *  body, children within their parents, counts that add up. */
void unit_check_sound(const ms_document *document, size_t length);

/** Checks that of no part of a body anything is found that is not in all of it: what the capture
 *  lacks is not the server's fault. */
void unit_check_parts(const char *body, const ms_context *context);

/* ---- checks ---- */

/** If `condition` is false: fails the test with a message in printf()'s format. */
#define unit_check(condition, ...)                                                                 \
    do {                                                                                           \
        if (!(condition))                                                                          \
            unit_fail(__FILE__, __LINE__, __VA_ARGS__);                                            \
    } while (0)

#define unit_check_text(what, actual, expected)                                                    \
    unit_compare(__FILE__, __LINE__, (what), (actual), (expected))

#define unit_check_verdict(document, expected)                                                     \
    unit_check_text("verdict", ms_verdict_name((document)->verdict), ms_verdict_name(expected))

#define unit_check_finding(document, rule)                                                         \
    unit_expect_finding(__FILE__, __LINE__, (document), (rule), true)

#define unit_check_no_finding(document, rule)                                                      \
    unit_expect_finding(__FILE__, __LINE__, (document), (rule), false)

/** How many checks failed so far in this process. */
unsigned unit_failures(void);

void unit_fail(const char *file, int line, const char *format, ...) G_GNUC_PRINTF(3, 4);

/** NULL differs from every string but NULL. */
void unit_compare(const char *file, int line, const char *what, const char *actual,
                  const char *expected);
void unit_expect_finding(const char *file, int line, const ms_document *document, const char *rule,
                         bool expected);

/** Adds a test for every entry of a table; `name` is the entry's first member. */
#define unit_add_table(subject, table, test)                                                       \
    do {                                                                                           \
        for (size_t unit_i = 0; unit_i < G_N_ELEMENTS(table); unit_i++) {                          \
            char *unit_p = g_strdup_printf("/%s/%s", (subject), (table)[unit_i].name);             \
            g_test_add_data_func(unit_p, &(table)[unit_i], (test));                                \
            g_free(unit_p);                                                                        \
        }                                                                                          \
    } while (0)

/** Adds a test for every body; its data is the file name. */
void unit_add_bodies(const char *subject, GTestDataFunc test);

#endif /* UNIT_H */
