/* rules.h
 * The catalogue of findings: one table for expert infos, records and docs/rules.md.
 *
 * Ownership: rules are constants; findings and their messages are the document's.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MS_RULES_H
#define MS_RULES_H

#include "model.h"

/** Those of Wireshark's expert groups that findings need. */
typedef enum {
    MS_GROUP_MALFORMED,
    MS_GROUP_PROTOCOL,
    MS_GROUP_RESPONSE,
    MS_GROUP_SEQUENCE,
    MS_GROUP_SECURITY
} ms_group;

/** What a rule has to know. One that lacks it stays silent. */
typedef enum {
    MS_NEEDS_BODY,    /**< the body; the Content-Type where it is known */
    MS_NEEDS_HEADER,  /**< the header of the response */
    MS_NEEDS_REQUEST, /**< the request */
    MS_NEEDS_CAPTURE  /**< other exchanges of the capture: ms_apply_rules() never finds these */
} ms_needs;

/** How often a rule may report something about one body. */
typedef enum {
    MS_PER_BODY,     /**< once: the first example, and the number of the others */
    MS_PER_RESOURCE, /**< MS_FINDINGS_EACH times, and once more with the number of the rest */
    /** A habit of products, which would be said of every answer: once like MS_PER_BODY, and in a
     *  capture only about the first body of each server. */
    MS_PER_SERVER
} ms_per;

/** Findings of one rule about one body. More would help nobody. */
#define MS_FINDINGS_EACH 10u

/** A rule. `id` is the last part of the expert field multistatus.<id> and the "rule" of a record.
 */
typedef struct ms_rule {
    const char *ref; /**< its number in the catalogue (docs/rules.md) */
    const char *id;
    ms_severity severity;
    ms_group group;
    ms_needs needs;
    ms_per per;
    const char *summary; /**< what it says, without particulars */
    const char *source;  /**< the section it comes from */
} ms_rule;

/* clang-format off */
/*      name                 ref      id                      severity group     needs    per       summary, source */
#define MS_RULES_BODY(RULE) \
    RULE(NO_BODY,            "T1",    "no_body",              WARN,  PROTOCOL,  BODY,    BODY,     "a 207 without a body", "RFC 4918 section 13") \
    RULE(CONTENT_TYPE,       "T2",    "content_type",         WARN,  PROTOCOL,  BODY,    BODY,     "a Multi-Status body whose Content-Type is missing or is not XML", "RFC 4918 section 8.2") \
    RULE(TEXT_XML,           "T3",    "text_xml",             CHAT,  PROTOCOL,  BODY,    SERVER,   "the Content-Type is text/xml; application/xml is preferred", "RFC 4918 section 8.2") \
    RULE(CHARSET,            "T4",    "charset",              WARN,  PROTOCOL,  BODY,    BODY,     "Content-Type, XML declaration and byte order mark do not name the same encoding", "RFC 4918 sections 8.2 and 19, RFC 7303 section 3") \
    RULE(INVALID_BYTES,      "T4",    "invalid_bytes",        WARN,  MALFORMED, BODY,    BODY,     "a byte sequence that is not valid in the body's encoding", "RFC 4918 section 19") \
    RULE(NOT_WELL_FORMED,    "T5",    "not_well_formed",      ERROR, MALFORMED, BODY,    BODY,     "the XML is not well-formed", "RFC 4918 section 8.2") \
    RULE(CUT_OFF,            "T6",    "cut_off",              ERROR, MALFORMED, BODY,    BODY,     "the body ends before the end of its root element, or of its JSON text", "RFC 4918 section 8.2") \
    RULE(NOT_CAPTURED,       "T6",    "not_captured",         NOTE,  MALFORMED, BODY,    BODY,     "the capture does not hold the whole body", "the capture itself") \
    RULE(GARBAGE,            "T7",    "garbage",              ERROR, MALFORMED, BODY,    BODY,     "something else comes before or after the XML document", "RFC 4918 section 8.2, XML 1.0 section 2.1") \
    RULE(NAMESPACE_ERROR,    "T8",    "namespace_error",      ERROR, MALFORMED, BODY,    BODY,     "a name is not namespace-well-formed", "RFC 4918 section 8.2, Namespaces in XML") \
    RULE(ILLEGAL_CHARACTER,  "T9",    "illegal_character",    ERROR, MALFORMED, BODY,    BODY,     "a character that XML does not allow", "XML 1.0 section 2.2") \
    RULE(DOCTYPE,            "T10",   "doctype",              WARN,  SECURITY,  BODY,    BODY,     "the body has a document type declaration", "RFC 4918 sections 17 and 20.6") \
    RULE(ENTITY_DECLARATION, "T11",   "entity_declaration",   ERROR, SECURITY,  BODY,    BODY,     "the body declares entities; they are not expanded", "RFC 4918 section 20.6") \
    RULE(INSTRUCTION,        "T12",   "instruction",          CHAT,  PROTOCOL,  BODY,    SERVER,   "a processing instruction; recipients ignore it", "RFC 4918 section 17") \
    RULE(OTHER_ROOT,         "T13",   "other_root",           WARN,  PROTOCOL,  BODY,    BODY,     "the root element of a 207 is not multistatus", "RFC 4918 section 13") \
    RULE(MKCOL_ROOT,         "T13",   "mkcol_root",           WARN,  PROTOCOL,  HEADER,  BODY,     "mkcol-response under 207; it belongs under the status that says what became of the MKCOL", "RFC 5689 section 3") \
    RULE(WRONG_NAMESPACE,    "T14",   "wrong_namespace",      WARN,  PROTOCOL,  BODY,    BODY,     "the root element is a multistatus, mkcol-response or mkcalendar-response in a wrong namespace", "RFC 4918 section 14") \
    RULE(OTHER_STATUS,       "T15",   "other_status",         WARN,  PROTOCOL,  HEADER,  BODY,     "a Multi-Status body under a status other than 207", "RFC 4918 section 11.1") \
    RULE(REASON_PHRASE,      "T16",   "reason_phrase",        CHAT,  PROTOCOL,  HEADER,  SERVER,   "the reason phrase of a 207 is not \"Multi-Status\"", "RFC 4918 section 11.1") \
    RULE(LOCATION_HEADER,    "T17",   "location_header",      NOTE,  PROTOCOL,  HEADER,  BODY,     "a Location header on a 207, which has no meaning there", "RFC 4918 section 13.1") \
    RULE(CACHEABLE,          "T18",   "cacheable",            NOTE,  PROTOCOL,  HEADER,  BODY,     "an answer that must not be cached, but whose Cache-Control does not say so", "RFC 4918 section 9.2, RFC 3253 sections 7.1, 8.2 and 11.2") \
    RULE(MSDAVEXT_ERROR,     "T19",   "msdavext_error",       NOTE,  RESPONSE,  HEADER,  BODY,     "the server gives a reason of its own in X-MSDAVEXT_ERROR", "[MS-WDV] section 2.2.3") \
    RULE(UNDECODED,          "T20",   "undecoded",            WARN,  PROTOCOL,  BODY,    BODY,     "the body could not be decoded", "RFC 4918 section 13") \
    RULE(CODING,             "T22",   "coding",               WARN,  MALFORMED, BODY,    BODY,     "the bytes of the body are compressed in another way than the header says", "RFC 9110 section 8.4") \
    RULE(LIMIT,              "T21",   "limit",                WARN,  SECURITY,  BODY,    BODY,     "a limit of this decoder was reached", "docs/limits.md")

#define MS_RULES_STRUCTURE(RULE) \
    RULE(NO_HREF,            "S1",    "no_href",              WARN,  PROTOCOL,  BODY,    RESOURCE, "a response without href", "RFC 4918 sections 13 and 14.24") \
    RULE(NO_HREF_AT_ALL,     "S1",    "no_href_at_all",       ERROR, PROTOCOL,  BODY,    BODY,     "no response of the body has an href", "RFC 4918 sections 13 and 14.24") \
    RULE(EMPTY_HREF,         "S2",    "empty_href",           WARN,  PROTOCOL,  BODY,    RESOURCE, "an empty href", "RFC 4918 section 14.7") \
    RULE(NO_STATUS,          "S3",    "no_status",            WARN,  PROTOCOL,  BODY,    RESOURCE, "a response with neither status nor propstat", "RFC 4918 section 14.24") \
    RULE(STATUS_AND_PROPSTAT,"S4",    "status_and_propstat",  WARN,  PROTOCOL,  BODY,    RESOURCE, "a response with both status and propstat", "RFC 4918 section 14.24") \
    RULE(HREFS_AND_PROPSTAT, "S5",    "hrefs_and_propstat",   WARN,  PROTOCOL,  BODY,    RESOURCE, "a response with propstat and more than one href", "RFC 4918 section 14.24") \
    RULE(SECOND_STATUS,      "S6",    "second_status",        WARN,  PROTOCOL,  BODY,    BODY,     "more than one status in a response or propstat; the first one counts", "RFC 4918 sections 14.22 and 14.24") \
    RULE(PROPSTAT_STATUS,    "S7",    "propstat_status",      WARN,  PROTOCOL,  BODY,    RESOURCE, "a propstat without status", "RFC 4918 section 14.22") \
    RULE(PROPSTAT_PROP,      "S7",    "propstat_prop",        WARN,  PROTOCOL,  BODY,    RESOURCE, "a propstat without prop", "RFC 4918 section 14.22") \
    RULE(EMPTY_PROPSTAT,     "S8",    "empty_propstat",       CHAT,  PROTOCOL,  BODY,    BODY,     "a propstat that is ok and holds no property", "RFC 4918 section 14.22") \
    RULE(EMPTY_FAILURE,      "S8",    "empty_failure",        NOTE,  PROTOCOL,  BODY,    BODY,     "a propstat with a failure status that names no property, beside one that does; it is ignored", "RFC 4918 section 14.22") \
    RULE(REPEATED_PROPERTY,  "S9",    "repeated_property",    WARN,  PROTOCOL,  BODY,    RESOURCE, "a property that is in two propstats of one resource", "RFC 4918 section 9.1") \
    RULE(TWICE_IN_PROPSTAT,  "S9",    "twice_in_propstat",    NOTE,  PROTOCOL,  BODY,    SERVER,   "a property that occurs twice in one propstat", "RFC 4918 section 9.1") \
    RULE(STRAY_TEXT,         "S10",   "stray_text",           WARN,  PROTOCOL,  BODY,    BODY,     "text where only elements may be", "RFC 4918 sections 14.5, 14.18 and 17") \
    RULE(STRAY_ELEMENT,      "S11",   "stray_element",        WARN,  PROTOCOL,  BODY,    BODY,     "an element where only text may be", "RFC 4918 section 17") \
    RULE(ERROR_IN_TEXT,      "S11",   "error_in_text",        NOTE,  PROTOCOL,  BODY,    BODY,     "error inside responsedescription, as in RFC 3253", "RFC 3253 section 1.6, RFC 4918 section 14.25") \
    RULE(EMPTY_ERROR,        "S12",   "empty_error",          NOTE,  PROTOCOL,  BODY,    BODY,     "an error element that names no condition", "RFC 4918 section 14.5") \
    RULE(BARE_CONDITION,     "S13",   "bare_condition",       WARN,  PROTOCOL,  BODY,    BODY,     "a condition code that is not inside an error element", "RFC 4918 section 16") \
    RULE(SECOND_ELEMENT,     "S14",   "second_element",       NOTE,  PROTOCOL,  BODY,    BODY,     "a second error, responsedescription or prop where there may be one", "RFC 4918 sections 14.22 and 14.24") \
    RULE(BAD_LOCATION,       "S15",   "bad_location",         WARN,  PROTOCOL,  BODY,    BODY,     "a location that does not hold one href, or a second location", "RFC 4918 section 14.9") \
    RULE(NO_LOCATION,        "S16",   "no_location",          WARN,  PROTOCOL,  BODY,    RESOURCE, "a redirection without location", "RFC 4918 section 13.2") \
    RULE(NEEDLESS_LOCATION,  "S17",   "needless_location",    NOTE,  PROTOCOL,  BODY,    SERVER,   "a location with a status that is not a redirection; Finder trips over it", "RFC 4918 section 14.9") \
    RULE(LOCK_TOKEN_HREF,    "S18",   "lock_token_href",      NOTE,  PROTOCOL,  BODY,    BODY,     "lock-token-submitted does not say which resource is locked", "RFC 4918 section 16") \
    RULE(NEED_PRIVILEGES,    "S19",   "need_privileges",      NOTE,  PROTOCOL,  BODY,    BODY,     "need-privileges does not say which privilege is needed on what", "RFC 3744 section 7.1.1") \
    RULE(UNKNOWN_DAV,        "S20",   "unknown_dav",          CHAT,  PROTOCOL,  BODY,    BODY,     "a name in the DAV: namespace that no RFC defines for this place", "RFC 4918 section 17") \
    RULE(NO_RESPONSES,       "S21",   "no_responses",         WARN,  PROTOCOL,  REQUEST, BODY,     "a body without any response, under a method that always has something to report", "RFC 4918 sections 9.1, 9.2 and 9.6") \
    RULE(NO_MATCHES,         "S21",   "no_matches",           CHAT,  RESPONSE,  REQUEST, BODY,     "a report or search that found nothing, or a synchronisation without changes", "RFC 3744 section 9.2, RFC 4791 section 7.8") \
    RULE(ORPHAN_PROPSTAT,    "S24",   "orphan_propstat",      WARN,  PROTOCOL,  BODY,    BODY,     "propstat directly under multistatus, without a response", "RFC 4918 section 14.16")

#define MS_RULES_STATUS(RULE) \
    RULE(BAD_STATUS_LINE,    "C1 C5", "bad_status_line",      WARN,  PROTOCOL,  BODY,    RESOURCE, "a status that is not an HTTP status line, or no code between 100 and 599", "RFC 4918 section 14.28, RFC 9112 section 4") \
    RULE(STATUS_LINE_FORM,   "C2",    "status_line_form",     CHAT,  PROTOCOL,  BODY,    SERVER,   "a status line without reason phrase, or with more white space than it should have", "RFC 4918 section 14.28, RFC 9112 section 4") \
    RULE(STATUS_VERSION,     "C3",    "status_version",       NOTE,  PROTOCOL,  BODY,    SERVER,   "a status line whose version is not HTTP/1.0 or HTTP/1.1, in capitals", "RFC 4918 section 14.28, RFC 9112 sections 2.3 and 4") \
    RULE(INTERIM_STATUS,     "C4",    "interim_status",       WARN,  PROTOCOL,  BODY,    RESOURCE, "a 1xx status for a resource", "RFC 4918 section 13") \
    RULE(UNREGISTERED_STATUS,"C5",    "unregistered_status",  NOTE,  PROTOCOL,  BODY,    RESOURCE, "a status code that is not registered", "RFC 4918 section 13.3, RFC 9110 section 15") \
    RULE(OTHER_REASON,       "C6",    "other_reason",         NOTE,  PROTOCOL,  BODY,    SERVER,   "the reason phrase belongs to another status code", "RFC 9110 section 15") \
    RULE(NESTED_207,         "C7",    "nested_207",           WARN,  PROTOCOL,  BODY,    RESOURCE, "207 as the status of a resource, which says nothing about it", "RFC 4918 sections 11.1 and 13") \
    RULE(ALREADY_REPORTED,   "C8",    "already_reported",     NOTE,  PROTOCOL,  REQUEST, BODY,     "208 to a client that did not say it understands bindings, or did not ask for all depths", "RFC 5842 section 7.1") \
    RULE(PLACEHOLDER_STATUS, "C9",    "placeholder_status",   CHAT,  PROTOCOL,  BODY,    SERVER,   "a propstat with 418, sabre/dav's way to say nothing about a resource", "sabre/dav Xml/Element/Response.php") \
    RULE(STILL_PROCESSING,   "C10",   "still_processing",     NOTE,  RESPONSE,  BODY,    RESOURCE, "425: the server is still processing the resource", "RFC 8470 section 5.2")

#define MS_RULES_HREF(RULE) \
    RULE(DUPLICATE_HREF,     "H1",    "duplicate_href",       WARN,  PROTOCOL,  BODY,    RESOURCE, "an href that occurs in two responses", "RFC 4918 section 14.24, RFC 6578 section 3.2") \
    RULE(SAME_RESOURCE,      "H1 H10","same_resource",        NOTE,  PROTOCOL,  BODY,    BODY,     "two hrefs that differ only in how they are written", "RFC 4918 sections 5.2 and 14.24, RFC 3986 section 6.2") \
    RULE(OTHER_SPELLING,     "H10",   "other_spelling",       NOTE,  PROTOCOL,  REQUEST, BODY,     "an answer whose href is spelled differently than in the request", "RFC 4918 section 8.3, RFC 3986 section 6.2.2") \
    RULE(MIXED_HREFS,        "H2",    "mixed_hrefs",          WARN,  PROTOCOL,  BODY,    BODY,     "absolute URIs and paths in one body; clients have deleted files over this", "RFC 4918 section 8.3") \
    RULE(BAD_HREF,           "H3",    "bad_href",             WARN,  PROTOCOL,  BODY,    BODY,     "an href that is not an absolute URI or an absolute path", "RFC 4918 section 8.3, RFC 3986") \
    RULE(DOT_SEGMENTS,       "H4",    "dot_segments",         WARN,  SECURITY,  BODY,    RESOURCE, "an href with the segments . or ..", "RFC 4918 section 8.3") \
    RULE(OUTSIDE_REQUEST_URI,"H5",    "outside_request_uri",  WARN,  PROTOCOL,  REQUEST, BODY,     "an href that is not below the Request-URI", "RFC 4918 section 8.3") \
    RULE(OTHER_AUTHORITY,    "H6",    "other_authority",      WARN,  PROTOCOL,  REQUEST, BODY,     "an href with another host, port or scheme than the request", "RFC 4918 section 8.3") \
    RULE(TRAILING_SLASH,     "H7",    "trailing_slash",       NOTE,  PROTOCOL,  BODY,    BODY,     "a collection whose href does not end with a slash, or a plain resource whose href does", "RFC 4918 sections 5.2 and 8.3") \
    RULE(TOO_DEEP,           "H8",    "too_deep",             NOTE,  PROTOCOL,  REQUEST, BODY,     "resources below the Depth that was asked for", "RFC 4918 sections 9.1 and 10.2") \
    RULE(TOO_SHALLOW,        "H8",    "too_shallow",          NOTE,  PROTOCOL,  REQUEST, BODY,     "Depth: infinity was asked for, but no collection below the first level shows a member", "RFC 4918 sections 9.1 and 10.2") \
    RULE(NO_REQUEST_URI,     "H9",    "no_request_uri",       NOTE,  PROTOCOL,  REQUEST, BODY,     "the listing lacks the very resource that was asked for", "RFC 4918 section 9.1") \
    RULE(BIND_TWICE,         "H11",   "bind_twice",           NOTE,  PROTOCOL,  BODY,    BODY,     "two hrefs of one resource (the same resource-id)", "RFC 5842 sections 2.7 and 3.1")

#define MS_RULES_METHOD(RULE) \
    RULE(FAILURES,           "M1",    "failures",             WARN,  RESPONSE,  BODY,    BODY,     "resources failed", "RFC 4918 section 13") \
    RULE(NO_ROOT_CAUSE,      "M2 M6", "no_root_cause",        WARN,  RESPONSE,  BODY,    BODY,     "424 without any other failure in the body", "RFC 4918 sections 9.10.3 and 11.4") \
    RULE(NEEDLESS_424,       "M3",    "needless_424",         NOTE,  PROTOCOL,  REQUEST, BODY,     "424 in the answer to a DELETE, COPY or MOVE, which should list causes only", "RFC 4918 sections 9.6.1, 9.8.3 and 9.9.2") \
    RULE(NEEDLESS_SUCCESS,   "M4",    "needless_success",     NOTE,  PROTOCOL,  REQUEST, BODY,     "success among the failures of a DELETE, COPY or MOVE, which should list failures only", "RFC 4918 sections 9.6.1, 9.8.3 and 9.9.2") \
    RULE(NEEDLESS_207,       "M5",    "needless_207",         WARN,  PROTOCOL,  REQUEST, BODY,     "a DELETE, COPY or MOVE that succeeded throughout and is answered with 207; Windows takes it for a failure", "RFC 4918 sections 9.6.1, 9.8.5 and 9.9.4") \
    RULE(LOCK_REQUEST_URI,   "M6",    "lock_request_uri",     NOTE,  PROTOCOL,  REQUEST, BODY,     "the answer to a LOCK that failed does not list the Request-URI with 424", "RFC 4918 section 9.10.3") \
    RULE(NOT_ATOMIC,         "M7",    "not_atomic",           WARN,  PROTOCOL,  REQUEST, RESOURCE, "a PROPPATCH of which one part succeeded and another failed", "RFC 4918 section 9.2") \
    RULE(PROPPATCH_MISSING,  "M8",    "proppatch_missing",    WARN,  PROTOCOL,  REQUEST, BODY,     "the answer to a PROPPATCH does not mention a property of the request", "RFC 4918 section 9.2") \
    RULE(PROPPATCH_EXTRA,    "M8",    "proppatch_extra",      NOTE,  PROTOCOL,  REQUEST, BODY,     "the answer to a PROPPATCH mentions a property that was not in the request", "RFC 4918 section 9.2") \
    RULE(REFUSED_PROPERTY,   "M9",    "refused_property",     NOTE,  RESPONSE,  REQUEST, RESOURCE, "the properties because of which a PROPPATCH, MKCOL or MKCALENDAR failed", "RFC 4918 section 9.2.1, RFC 4791 section 5.3.1.1") \
    RULE(NOT_CREATED,        "M10",   "not_created",          WARN,  RESPONSE,  REQUEST, BODY,     "207 to a MKCOL or MKCALENDAR: the collection was not created", "RFC 4791 section 5.3.1.1, RFC 4918 section 9.3.1") \
    RULE(PROPFIND_MISSING,   "M11",   "propfind_missing",     NOTE,  PROTOCOL,  REQUEST, BODY,     "a property that was asked for is in no propstat", "RFC 4918 section 9.1") \
    RULE(PROPFIND_FORM,      "M11",   "propfind_form",        NOTE,  PROTOCOL,  REQUEST, BODY,     "the propfind of the request has several prop, or mixes prop, allprop and propname", "RFC 4918 section 14.20") \
    RULE(MISSING_AS_207,     "M12",   "missing_as_207",       WARN,  RESPONSE,  REQUEST, BODY,     "the resource that was asked for does not exist, and the server says so with a 207", "RFC 4918 section 9.1.1") \
    RULE(NO_SYNC_TOKEN,      "M13",   "no_sync_token",        WARN,  PROTOCOL,  REQUEST, BODY,     "the answer to a sync-collection report has no sync-token", "RFC 6578 sections 3.2 and 6.4") \
    RULE(SECOND_SYNC_TOKEN,  "M13",   "second_sync_token",    WARN,  PROTOCOL,  BODY,    BODY,     "more than one sync-token; the first one counts", "RFC 6578 sections 3.2 and 6.4") \
    RULE(SYNC_TOKEN_URI,     "M13",   "sync_token_uri",       NOTE,  PROTOCOL,  BODY,    SERVER,   "the sync-token is not a URI", "RFC 6578 sections 4 and 6.2") \
    RULE(SYNC_SHAPE,         "M14",   "sync_shape",           WARN,  PROTOCOL,  REQUEST, RESOURCE, "a removed member with propstat or with another status than 404, or a changed one with status", "RFC 6578 sections 3.2 and 3.5") \
    RULE(INITIAL_REMOVAL,    "M14",   "initial_removal",      WARN,  PROTOCOL,  REQUEST, BODY,     "an initial synchronisation lists removed members", "RFC 6578 section 3.4") \
    RULE(TRUNCATED,          "M15",   "truncated",            NOTE,  SEQUENCE,  BODY,    BODY,     "the answer is truncated: there is more to ask for", "RFC 6578 section 3.6, RFC 6352 section 8.6.2") \
    RULE(SYNC_NO_PROGRESS,   "M15",   "sync_no_progress",     WARN,  SEQUENCE,  REQUEST, BODY,     "a truncated synchronisation whose sync-token did not change: the client will get the same again", "RFC 6578 section 3.6") \
    RULE(SYNC_LIMIT,         "M15",   "sync_limit",           NOTE,  SEQUENCE,  REQUEST, BODY,     "as many members as the limit allows, or more, and no 507", "RFC 6578 sections 3.6 and 3.7") \
    RULE(SYNC_TOKEN_BACK,    "M15",   "sync_token_back",      NOTE,  SEQUENCE,  CAPTURE, BODY,     "the server goes back to a sync-token that it issued earlier", "RFC 6578 section 3.2") \
    RULE(SYNC_TOKEN_STILL,   "M15",   "sync_token_still",     NOTE,  SEQUENCE,  REQUEST, BODY,     "members changed, but the sync-token did not", "RFC 6578 section 3.2") \
    RULE(TRUNCATION_REASON,  "M16",   "truncation_reason",    CHAT,  PROTOCOL,  REQUEST, BODY,     "truncated without the condition number-of-matches-within-limits", "RFC 6578 section 3.6, RFC 6352 section 8.6.2") \
    RULE(MULTIGET_MISSING,   "M17",   "multiget_missing",     WARN,  PROTOCOL,  REQUEST, BODY,     "a multiget does not answer for a resource that was asked for", "RFC 4791 section 7.9, RFC 6352 section 8.7") \
    RULE(MULTIGET_EXTRA,     "M17",   "multiget_extra",       NOTE,  PROTOCOL,  REQUEST, BODY,     "a multiget answers for a resource that was not asked for", "RFC 4791 section 7.9, RFC 6352 section 8.7") \
    RULE(NO_DATA,            "M18",   "no_data",              NOTE,  PROTOCOL,  REQUEST, BODY,     "calendar-data, address-data or getetag was asked for but is not mentioned", "RFC 4791 sections 7.8 and 7.9, RFC 6352 section 8.7") \
    RULE(FOREIGN_FAILURE,    "M19",   "foreign_failure",      NOTE,  PROTOCOL,  REQUEST, BODY,     "a failure of a COPY or MOVE that is neither in the source nor in the destination", "RFC 4918 section 9.8.5") \
    RULE(TRUNCATED_AGAIN,    "M15",   "truncated_again",      NOTE,  SEQUENCE,  CAPTURE, BODY,     "the same request is truncated at the same place again and again", "RFC 6578 section 3.6, RFC 6352 section 8.6.2") \
    RULE(REPORT_NOT_207,     "M20",   "report_not_207",       NOTE,  PROTOCOL,  CAPTURE, BODY,     "a successful REPORT with a Depth header is not answered with 207", "RFC 3253 section 3.6") \
    RULE(REPEATED_FAILURE,   "M21",   "repeated_failure",     NOTE,  SEQUENCE,  CAPTURE, BODY,     "the same request fails in the same way again and again", "RFC 4918 section 13") \
    RULE(NOT_ANNOUNCED,      "M22",   "not_announced",        NOTE,  PROTOCOL,  CAPTURE, BODY,     "a request that needs what the server did not announce for its resource (DAV, Allow)", "RFC 4918 sections 10.1 and 18, RFC 9110 section 10.2.1") \
    RULE(UNEXPECTED_METHOD,  "M23",   "unexpected_method",    WARN,  PROTOCOL,  REQUEST, BODY,     "207 to a method that is about one resource and has no use for it: GET, HEAD, PUT, UNLOCK, OPTIONS", "RFC 4918 sections 9.10.3, 9.11 and 13") \
    RULE(PROPPATCH_OTHER,    "M24",   "proppatch_other",      WARN,  PROTOCOL,  REQUEST, BODY,     "the answer to a PROPPATCH is about another resource than the Request-URI", "RFC 4918 sections 9.2 and 8.3") \
    RULE(PROPNAME_VALUES,    "M25",   "propname_values",      NOTE,  PROTOCOL,  REQUEST, BODY,     "only names of properties were asked for, but there are values", "RFC 4918 sections 9.1 and 14.21") \
    RULE(PREFERENCE_IGNORED, "M26",   "preference_ignored",   CHAT,  PROTOCOL,  REQUEST, BODY,     "a preference of the client that the server did not follow, as it may", "RFC 8144 sections 2.1 and 3") \
    RULE(MKCOL_MISSING,      "M27",   "mkcol_missing",        WARN,  PROTOCOL,  REQUEST, BODY,     "the answer to a MKCOL or MKCALENDAR does not mention a property of the request", "RFC 5689 section 3, RFC 4791 section 5.3.1") \
    RULE(SYNC_DEPTH,         "M28",   "sync_depth",           NOTE,  PROTOCOL,  REQUEST, BODY,     "a sync-collection report with a Depth other than 0", "RFC 6578 section 3.2") \
    RULE(NEED_PRIVILEGES_MISSING, "M29", "need_privileges_missing", NOTE, PROTOCOL, REQUEST, BODY,  "403 without need-privileges, from a server that announces access-control", "RFC 3744 section 7.1.1") \
    RULE(QUOTA_CONDITION,    "M30",   "quota_condition",      NOTE,  PROTOCOL,  REQUEST, BODY,     "507 that does not say whether a quota or the disk is exceeded", "RFC 4331 section 6")

#define MS_RULES_VALUE(RULE) \
    RULE(VALUE_MODIFIED,     "V1",    "value_modified",       NOTE,  PROTOCOL,  BODY,    BODY,     "getlastmodified is not an HTTP date, or lies before 1970", "RFC 4918 section 15.7") \
    RULE(VALUE_CREATED,      "V2",    "value_created",        NOTE,  PROTOCOL,  BODY,    SERVER,   "creationdate is not an RFC 3339 date", "RFC 4918 section 15.1") \
    RULE(VALUE_LENGTH,       "V3",    "value_length",         NOTE,  PROTOCOL,  BODY,    BODY,     "getcontentlength is not a number of bytes", "RFC 4918 section 15.4") \
    RULE(VALUE_ETAG,         "V4",    "value_etag",           NOTE,  PROTOCOL,  BODY,    BODY,     "getetag is not a quoted entity tag", "RFC 4918 section 15.6, RFC 9110 section 8.8.3") \
    RULE(VALUE_TYPE,         "V5",    "value_type",           NOTE,  PROTOCOL,  BODY,    BODY,     "resourcetype holds text instead of elements", "RFC 4918 section 15.9") \
    RULE(VALUE_LOCKS,        "V6",    "value_locks",          NOTE,  PROTOCOL,  BODY,    BODY,     "lockdiscovery or supportedlock lacks what describes a lock", "RFC 4918 sections 14.1, 14.10, 15.8 and 15.10") \
    RULE(VALUE_WIN32,        "V7",    "value_win32",          NOTE,  PROTOCOL,  BODY,    BODY,     "a Win32 time that is not an HTTP date", "[MS-WDVME] section 2.2.2") \
    RULE(VALUE_QUOTA,        "V8",    "value_quota",          NOTE,  PROTOCOL,  BODY,    SERVER,   "a quota that is not a number of bytes", "RFC 4331 sections 3 and 4") \
    RULE(VALUE_HREF,         "V9",    "value_href",           NOTE,  PROTOCOL,  BODY,    BODY,     "text in a property that holds href: clients find nothing in it", "RFC 3744 sections 4 and 5, RFC 4791 section 6.2.1, RFC 5397 section 3, RFC 5842 section 3.1") \
    RULE(VALUE_EMPTY,        "V9",    "value_empty",          NOTE,  PROTOCOL,  REQUEST, BODY,     "a property that names a principal or a home is empty, or calendar or address data is", "RFC 5397 section 3, RFC 3744 section 4.2, RFC 4791 section 6.2.1, RFC 6352 section 7.1.1") \
    RULE(EMPTY_OWNER,        "V9",    "empty_owner",          CHAT,  PROTOCOL,  REQUEST, BODY,     "owner is empty, as it may be", "RFC 3744 section 5.1") \
    RULE(VALUE_REPORT,       "V11",   "value_report",         NOTE,  PROTOCOL,  BODY,    BODY,     "supported-report-set names a report as text, not as an element", "RFC 3253 section 3.1.5") \
    RULE(VALUE_ACL,          "V10",   "value_acl",            NOTE,  PROTOCOL,  BODY,    BODY,     "an ace without principal, or with not exactly one of grant and deny", "RFC 3744 section 5.5")

#define MS_RULES_CALENDAR(RULE) \
    RULE(CALENDAR_OBJECT,    "K1",    "calendar_object",      WARN,  PROTOCOL,  BODY,    RESOURCE, "calendar or address data that is not what a collection may hold", "RFC 4791 section 4.1, RFC 6352 section 5.1") \
    RULE(UID_CONFLICT,       "K2",    "uid_conflict",         WARN,  PROTOCOL,  BODY,    RESOURCE, "the same UID in two resources of one collection", "RFC 4791 sections 4.1 and 5.3.2.1, RFC 6352 sections 5.1 and 6.3.2.1") \
    RULE(ETAG_WEAK,          "K3",    "etag_weak",            WARN,  PROTOCOL,  BODY,    BODY,     "calendar or address data whose getetag is weak or missing: it cannot be changed safely", "RFC 4791 section 5.3.4, RFC 6352 section 6.3.2.3, RFC 9110 section 13.1.1") \
    RULE(EXPAND_IGNORED,     "K4",    "expand_ignored",       WARN,  PROTOCOL,  REQUEST, BODY,     "instances were asked for (expand), but the data has recurrences or time zones", "RFC 4791 section 9.6.5") \
    RULE(FILTER_IGNORED,     "K5",    "filter_ignored",       WARN,  PROTOCOL,  REQUEST, BODY,     "data that the filter of the query excludes", "RFC 4791 sections 7.8, 9.7.1 and 9.9") \
    RULE(DEPTH_DEFAULT,      "K6",    "depth_default",        NOTE,  RESPONSE,  REQUEST, BODY,     "a query without Depth, which means 0: only the collection itself was searched, and nothing was found", "RFC 4791 section 7.8, RFC 6352 section 8.6, RFC 3253 section 3.6") \
    RULE(QUERY_LIMIT,        "K7",    "query_limit",          NOTE,  PROTOCOL,  REQUEST, BODY,     "more resources than the limit of the query allows, and no 507", "RFC 6352 sections 8.6.1, 8.6.2 and 10.6.1, RFC 5323 section 5.17") \
    RULE(DATA_VERSION,       "K8",    "data_version",         NOTE,  PROTOCOL,  REQUEST, BODY,     "data of another media type or version than was asked for", "RFC 4791 section 9.6, RFC 6352 sections 5.1.1 and 10.4") \
    RULE(FREEBUSY_207,       "K9",    "freebusy_207",         WARN,  PROTOCOL,  REQUEST, BODY,     "a free-busy-query that is answered with 207 instead of free-busy data", "RFC 4791 section 7.10") \
    RULE(SCHEDULE_STATUS,    "K10",   "schedule_status",      NOTE,  RESPONSE,  BODY,    RESOURCE, "an invitation or reply that was not delivered (SCHEDULE-STATUS 3 or 5)", "RFC 6638 sections 3.2.9 and 7.3")

#define MS_RULES_EXCHANGES(RULE) \
    RULE(DELETED_STILL_THERE,"X1",    "deleted_still_there",  NOTE,  SEQUENCE,  CAPTURE, BODY,     "a resource that the server removed earlier is there again, unless a client outside the capture created it", "RFC 4918 sections 9.6 and 9.9") \
    RULE(PROPERTY_NOT_KEPT,  "X2",    "property_not_kept",    NOTE,  SEQUENCE,  CAPTURE, BODY,     "a property that was set successfully is not there, or has another value", "RFC 4918 section 9.2") \
    RULE(ETAG_DIFFERS,       "X3",    "etag_differs",         NOTE,  SEQUENCE,  CAPTURE, BODY,     "getetag is not the ETag that a GET or PUT was answered with, and nothing in the capture changed the resource in between", "RFC 4918 section 15.6, RFC 4791 section 5.3.4") \
    RULE(VALUE_DIFFERS,      "X4",    "value_differs",        NOTE,  SEQUENCE,  CAPTURE, BODY,     "getcontentlength is not the Content-Length of a GET, and nothing in the capture changed the resource in between", "RFC 4918 section 15.4") \
    RULE(SYNC_MISSES,        "X5",    "sync_misses",          NOTE,  SEQUENCE,  CAPTURE, BODY,     "a synchronisation does not report a member that was created or removed after its token was issued", "RFC 6578 sections 3.2 and 3.5") \
    RULE(SYNC_TOKEN_REFUSED, "X6",    "sync_token_refused",   NOTE,  SEQUENCE,  CAPTURE, BODY,     "the server refused a sync-token that it had issued, as it may; the client has to start over", "RFC 6578 section 3.2") \
    RULE(CTAG_STILL,         "X7",    "ctag_still",           NOTE,  SEQUENCE,  CAPTURE, BODY,     "members changed, but the getctag of their collection did not", "CalDAV-CTag section 4.1") \
    RULE(LOCK_EXPIRED,       "X8",    "lock_expired",         NOTE,  SEQUENCE,  CAPTURE, BODY,     "412 or 423 to a request that submits the token of a lock whose timeout had run out", "RFC 4918 sections 6.6 and 10.7")

#define MS_RULES_JSON(RULE) \
    RULE(JSON_NO_ROWS,       "J1",    "json_no_rows",         NOTE,  PROTOCOL,  BODY,    BODY,     "a JSON body without any row", "docs/json.md") \
    RULE(JSON_INVALID,       "J2",    "json_invalid",         ERROR, MALFORMED, BODY,    BODY,     "the body is not valid JSON", "RFC 8259 section 2") \
    RULE(JSON_SHAPE,         "J3",    "json_shape",           WARN,  PROTOCOL,  BODY,    BODY,     "JSON in which no rows can be recognised: nothing is counted", "docs/json.md") \
    RULE(JSON_NO_STATUS,     "J4",    "json_no_status",       WARN,  PROTOCOL,  BODY,    RESOURCE, "a row that does not say what became of it", "docs/json.md") \
    RULE(JSON_BAD_STATUS,    "J5",    "json_bad_status",      WARN,  PROTOCOL,  BODY,    RESOURCE, "a status that is neither a final HTTP status nor a word that is known", "RFC 9110 section 15, docs/json.md") \
    RULE(JSON_TEXT_STATUS,   "J6",    "json_text_status",     CHAT,  PROTOCOL,  BODY,    SERVER,   "a status code that is sent as a string", "RFC 9457 section 3.1.2") \
    RULE(JSON_ALL_OK,        "J7",    "json_all_ok",          CHAT,  RESPONSE,  BODY,    BODY,     "all rows are ok: a plain 200 would have said so", "RFC 9110 section 15.3.1") \
    RULE(JSON_ALL_FAILED,    "J8",    "json_all_failed",      NOTE,  RESPONSE,  BODY,    BODY,     "all rows failed under a status that looks like success", "RFC 9110 section 15.3") \
    RULE(JSON_CONTRADICTION, "J9",    "json_contradiction",   WARN,  PROTOCOL,  BODY,    RESOURCE, "a row whose status says success while something else in it says failure, which counts; or a body that says so of the whole", "docs/json.md") \
    RULE(JSON_REPEATED_NAME, "J10",   "json_repeated_name",   WARN,  PROTOCOL,  BODY,    BODY,     "a row with two members of the same name; the last one counts", "RFC 8259 section 4") \
    RULE(JSON_CHARACTER,     "J11",   "json_character",       NOTE,  MALFORMED, BODY,    BODY,     "an escape that is not a character: half of a surrogate pair, or NUL", "RFC 8259 section 8.2") \
    RULE(JSON_CONTENT_TYPE,  "J12",   "json_content_type",    NOTE,  PROTOCOL,  BODY,    BODY,     "a JSON body whose Content-Type is missing or is not JSON", "RFC 8259 section 11") \
    RULE(JSON_ENCODING,      "J13",   "json_encoding",        NOTE,  PROTOCOL,  BODY,    BODY,     "JSON with a byte order mark, or in an encoding other than UTF-8", "RFC 8259 section 8.1") \
    RULE(JSON_NO_ID,         "J14",   "json_no_id",           NOTE,  PROTOCOL,  BODY,    BODY,     "a row that does not say which resource it is about", "docs/json.md") \
    RULE(GRAPHQL_ERRORS,     "J15",   "graphql_errors",       NOTE,  RESPONSE,  BODY,    BODY,     "errors in an answer of GraphQL, under a status that says success", "GraphQL specification section 7.1") \
    RULE(MULTIPART_PART,     "P1",    "multipart_part",       WARN,  PROTOCOL,  BODY,    BODY,     "a part that holds neither Multi-Status nor an HTTP response", "RFC 2046 section 5.1") \
    RULE(MULTIPART_END,      "P2",    "multipart_end",        ERROR, MALFORMED, BODY,    BODY,     "the last part does not end with the boundary", "RFC 2046 section 5.1.1")
/* clang-format on */

#define MS_RULES(RULE)                                                                             \
    MS_RULES_BODY(RULE)                                                                            \
    MS_RULES_STRUCTURE(RULE)                                                                       \
    MS_RULES_STATUS(RULE)                                                                          \
    MS_RULES_HREF(RULE)                                                                            \
    MS_RULES_METHOD(RULE)                                                                          \
    MS_RULES_VALUE(RULE)                                                                           \
    MS_RULES_CALENDAR(RULE)                                                                        \
    MS_RULES_EXCHANGES(RULE)                                                                       \
    MS_RULES_JSON(RULE)

#define MS_RULE_INDEX(name, ref, id, severity, group, needs, per, summary, source) MS_RULE_##name,
enum { MS_RULES(MS_RULE_INDEX) MS_RULE_COUNT };
#undef MS_RULE_INDEX

extern const ms_rule ms_rules[MS_RULE_COUNT];

/** The rule with that id, NULL if there is none. */
const ms_rule *ms_rule_named(const char *id);

/** Does the answer to a REPORT lack the 207 that its Depth header makes a must (RFC 3253 section
 *  3.6)? Not for reports that are defined to be answered otherwise, nor for failures.
 *  @param report  root of its body, "{namespace}name"; NULL if not known */
bool ms_report_lacks_207(const char *method, const char *report, const char *depth, int status);

/** How a reason for ms_undecoded() begins if the response has no body at all. */
#define MS_REASON_NO_BODY "the response has no body"

/** Adds one finding. For rules that need the capture: whoever knows it calls this. */
void ms_add_finding(ms_document *document, unsigned rule, uint32_t response, ms_span span,
                    const char *format, ...) G_GNUC_PRINTF(5, 6);

/** A finding whose `message` becomes the store's. */
ms_finding ms_finding_new(ms_document *document, unsigned rule, uint32_t response, ms_span span,
                          char *message);

/** Removes the finding of that rule from the document; its message remains the document's. */
void ms_drop_finding(ms_document *document, unsigned rule);

/** It becomes the last finding of the document. */
void ms_finding_append(ms_document *document, ms_finding finding);

#endif /* MS_RULES_H */
