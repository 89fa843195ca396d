/* rules.h
 * The catalogue of findings: one table for expert infos, records and docs/rules.md.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MS_RULES_H
#define MS_RULES_H

#include "multistatus.h"
#include "parse.h"

/** Wireshark's expert groups, as far as findings need them. */
typedef enum {
    MS_GROUP_MALFORMED,
    MS_GROUP_PROTOCOL,
    MS_GROUP_RESPONSE,
    MS_GROUP_SEQUENCE,
    MS_GROUP_SECURITY
} ms_group;

/** A rule. `id` is the last part of the expert field multistatus.<id> and the "rule" of a record.
 */
typedef struct ms_rule {
    const char *id;
    ms_severity severity;
    ms_group group;
    const char *summary; /**< what it says, without the particulars */
    const char *source;  /**< the section it comes from */
} ms_rule;

/* clang-format off */
/*      name               id                    severity  group      summary                                                      source */
#define MS_RULES(RULE) \
    RULE(NO_BODY,            "no_body",            WARN,  PROTOCOL,  "207 without a body",                                          "RFC 4918 section 13") \
    RULE(UNDECODED,          "undecoded",          WARN,  PROTOCOL,  "the body could not be decoded",                               "RFC 4918 section 13") \
    RULE(NOT_WELL_FORMED,    "not_well_formed",    ERROR, MALFORMED, "the XML is not well-formed",                                  "RFC 4918 section 8.2") \
    RULE(CUT_OFF,            "cut_off",            ERROR, MALFORMED, "the body ends before the end of its root element",            "RFC 4918 section 8.2") \
    RULE(NOT_CAPTURED,       "not_captured",       NOTE,  MALFORMED, "the capture does not hold the whole body",                    "the capture itself") \
    RULE(NAMESPACE_ERROR,    "namespace_error",    ERROR, MALFORMED, "a name is not namespace-well-formed",                         "RFC 4918 section 8.2, Namespaces in XML") \
    RULE(DOCTYPE,            "doctype",            WARN,  SECURITY,  "the body has a document type declaration",                    "RFC 4918 sections 17 and 20.6") \
    RULE(ENTITY_DECLARATION, "entity_declaration", ERROR, SECURITY,  "the body declares entities; they are not expanded",           "RFC 4918 section 20.6") \
    RULE(LIMIT,              "limit",              WARN,  SECURITY,  "a limit of this decoder was reached",                         "docs/limits.md") \
    RULE(OTHER_ROOT,         "other_root",         WARN,  PROTOCOL,  "the root element of a 207 is not multistatus",                "RFC 4918 section 13") \
    RULE(WRONG_NAMESPACE,    "wrong_namespace",    WARN,  PROTOCOL,  "the root element is a multistatus in a wrong namespace",      "RFC 4918 section 14") \
    RULE(OTHER_STATUS,       "other_status",       WARN,  PROTOCOL,  "a Multi-Status body under a status other than 207",           "RFC 4918 section 11.1") \
    RULE(ORPHAN_PROPSTAT,    "orphan_propstat",    WARN,  PROTOCOL,  "propstat directly under multistatus, without a response",     "RFC 4918 section 14.16") \
    RULE(NO_HREF,            "no_href",            WARN,  PROTOCOL,  "a response without href",                                     "RFC 4918 section 14.24") \
    RULE(NO_STATUS,          "no_status",          WARN,  PROTOCOL,  "a response with neither status nor propstat",                 "RFC 4918 section 14.24") \
    RULE(STATUS_AND_PROPSTAT,"status_and_propstat",WARN,  PROTOCOL,  "a response with both status and propstat",                    "RFC 4918 section 14.24") \
    RULE(PROPSTAT_STATUS,    "propstat_status",    WARN,  PROTOCOL,  "a propstat without status",                                   "RFC 4918 section 14.22") \
    RULE(PROPSTAT_PROP,      "propstat_prop",      WARN,  PROTOCOL,  "a propstat without prop",                                     "RFC 4918 section 14.22") \
    RULE(BAD_STATUS_LINE,    "bad_status_line",    WARN,  PROTOCOL,  "a status that is not an HTTP status line",                    "RFC 4918 section 14.28") \
    RULE(FAILURES,           "failures",           WARN,  RESPONSE,  "resources failed",                                            "RFC 4918 section 13") \
    RULE(NO_ROOT_CAUSE,      "no_root_cause",      WARN,  RESPONSE,  "424 without any other failure in the body",                   "RFC 4918 section 11.4")
/* clang-format on */

#define MS_RULE_INDEX(name, id, severity, group, summary, source) MS_RULE_##name,
enum { MS_RULES(MS_RULE_INDEX) MS_RULE_COUNT };
#undef MS_RULE_INDEX

extern const ms_rule ms_rules[MS_RULE_COUNT];

/** Adds what the rules find to the document's findings. The outcomes and the verdict are there. */
void ms_apply_rules(ms_document *document, const ms_notes *notes, const ms_context *context);

/** Adds one finding. */
void ms_add_finding(ms_document *document, unsigned rule, uint32_t response, ms_span span,
                    const char *format, ...) G_GNUC_PRINTF(5, 6);

#endif /* MS_RULES_H */
