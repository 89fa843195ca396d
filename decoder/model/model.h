/* model.h
 * The model of one Multi-Status body: its resources, what became of them and what there is to say
 * about it; and what has to be known about its exchange.
 *
 * RFC 4918 sections 13, 14 and 16; RFC 5689 section 3; RFC 4791 section 5.3.1; RFC 6578 section 6.
 *
 * Ownership: a document owns everything reachable from it. Nothing in it points into the body or
 * the context that it was made from. Strings are NUL-terminated, valid UTF-8, and never hold a NUL
 * of their own.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MS_MODEL_H
#define MS_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "outcomes.h"

/* ---- limits ---- */

/* Reaching a limit is a finding (rule "limit"); what was read up to there is kept. No well-behaved
 * server comes near any of them. */

/** Bytes of a body that are read; offsets in the model are 32 bits wide. */
#define MS_LIMIT_BODY (256u * 1024 * 1024)
/** Nesting of elements. RFC examples need 9, libxml2 itself refuses more than 256. */
#define MS_LIMIT_DEPTH 200
/** The most that can be asked for: libxml2 refuses more than 256. */
#define MS_DEPTH_MOST 250
/** Bytes of one start tag: libxml2 needs time quadratic in the number of its attributes. */
#define MS_LIMIT_TAG (16u * 1024)
/** Responses of one body: ten times the largest collection seen in bug reports. */
#define MS_LIMIT_RESPONSES 2000000u
/** Properties, conditions and their descendants of one body. */
#define MS_LIMIT_ELEMENTS 20000000u
/** Bytes kept of one text (property value, description); the rest is left out. */
#define MS_LIMIT_TEXT (1024u * 1024)

/** Parts of one multipart body: batch interfaces accept a thousand requests at most. */
#define MS_LIMIT_PARTS 2000u
/** Parts within parts. */
#define MS_LIMIT_NESTING 4u

/** What has a limit that can be set (limit_table.h). */
typedef enum {
    MS_MAX_BODY,
    MS_MAX_RESPONSES,
    MS_MAX_DEPTH,
    MS_MAX_ELEMENTS,
    MS_MAX_TEXT,
    MS_MAX_TAG,
    MS_MAX_PARTS,
    MS_MAX_NESTING
} ms_limit_kind;
#define MS_LIMIT_KINDS (MS_MAX_NESTING + 1)

/** The limits in other than their standard values, by kind. */
typedef struct {
    uint32_t of[MS_LIMIT_KINDS];
} ms_limits;

/* ---- model ---- */

/** A place in the body as it was handed in. Exact for UTF-8, UTF-16 and single-byte encodings;
 *  elsewhere ms_document.exact_spans is false and every span is the whole body. */
typedef struct {
    uint32_t offset; /**< in bytes from the start of the body */
    uint32_t length; /**< in bytes; 0 if the thing is absent */
} ms_span;

/** A run of consecutive entries in one of the document's arrays. */
typedef struct {
    uint32_t first;
    uint32_t count;
} ms_range;

/** A text and the element that held it; text is NULL if there was no such element. Outer white
 *  space is trimmed, entities are resolved, percent-encoding is kept. */
typedef struct {
    const char *text;
    ms_span span;
} ms_text;

/** The answer to "did the request do what was asked?" */
typedef enum {
    MS_SUCCESS,
    MS_BENIGN,
    MS_PARTIAL,
    MS_FAILURE,
    MS_EMPTY,
    MS_MALFORMED,
    MS_UNDECODED /**< nothing says what became of the request: there was no body to decode, or no
                    status in it can be read; ms_document.undecoded says why */
} ms_verdict;
#define MS_VERDICTS (MS_UNDECODED + 1)

typedef enum { MS_CHAT, MS_NOTE, MS_WARN, MS_ERROR } ms_severity;

/** How a body is written. */
typedef enum {
    MS_FORMAT_NONE, /**< there was no body */
    MS_FORMAT_XML,
    MS_FORMAT_JSON,
    MS_FORMAT_MULTIPART
} ms_format;

/** What is said of a resource without a number (JSON: "failed", false, its place in a list of
 *  errors). The gravest last. */
typedef enum {
    MS_SAID_NOTHING,
    MS_SAID_OK,
    MS_SAID_GONE,       /**< there was nothing that could be deleted */
    MS_SAID_UNREADABLE, /**< something whose meaning is unknown */
    MS_SAID_COLLATERAL,
    MS_SAID_FAILED
} ms_said;

/** A status code with its line. code is the number as sent, even one that is no HTTP status
 * (lighttpd sends 1); MS_STATUS_NONE where there was no status element, MS_STATUS_UNREADABLE where
 * it holds no number at all, MS_STATUS_WORD where JSON has a word or a boolean instead. */
typedef struct {
    const char *line; /**< as sent, white space trimmed; NULL if there was no element */
    ms_span span;
    int code;
    ms_said said; /**< beside the number, or instead of it; JSON only */
} ms_status;
#define MS_STATUS_NONE (-1)
#define MS_STATUS_UNREADABLE (-2)
#define MS_STATUS_WORD (-3)

/** A property or a condition, or an element inside one; ms_document.properties and .conditions hold
 *  them in document order, every element before its children. An attribute of a condition is a
 * child named "@errcode". Going through a range, `i = array[i].end` steps over the children. */
typedef struct {
    const char *name; /**< "{DAV:}getetag"; "p:x" for an undeclared prefix, "x" without namespace */
    const char *value; /**< the element's own character data, trimmed; NULL if there is none */
    ms_span span;
    uint32_t end; /**< index in the same array, one past the last descendant */
} ms_element;

typedef struct {
    ms_span span;
    ms_status status;
    ms_range
        properties; /**< ms_document.properties: the children of prop, all that is below them */
    ms_range conditions; /**< ms_document.conditions: the children of error, all that is below */
    ms_text description;
    ms_outcome outcome;
    uint32_t cause;  /**< of a collateral one: ms_document.propstats; MS_NO_CAUSE */
    uint32_t caused; /**< properties that are collateral to these */
    bool has_prop;
} ms_propstat;

/** One resource: a response that is a direct child of the root. The propstats of an
 *  mkcol-response or mkcalendar-response, which has no response element, form one without hrefs. */
typedef struct {
    ms_span span;
    ms_range hrefs;     /**< ms_document.hrefs */
    ms_range propstats; /**< ms_document.propstats */
    ms_range conditions;
    ms_status status;
    ms_text description;
    ms_text location; /**< the href inside location */
    ms_outcome outcome;
    int code;           /**< the status that decided the outcome, or MS_STATUS_NONE/... */
    const char *reason; /**< the server's own word for what went wrong, where it gives no number */
    uint32_t cause;     /**< of a collateral one: ms_document.responses; MS_NO_CAUSE */
    uint32_t caused;    /**< resources that are collateral to this one */
    bool complete;      /**< its end tag was there */
} ms_response;

/** The resource or propstat is not collateral, or its cause cannot be determined. */
#define MS_NO_CAUSE UINT32_MAX

/** Something a person should know about a body. */
typedef struct {
    const struct ms_rule *rule;
    const char *message; /**< plain words, names the href or property */
    uint32_t response;   /**< index of the resource it is about, or MS_NO_RESPONSE */
    ms_span span;
} ms_finding;
#define MS_NO_RESPONSE UINT32_MAX

typedef enum {
    MS_ROOT_NONE,
    MS_ROOT_MULTISTATUS,
    MS_ROOT_MKCOL,
    MS_ROOT_MKCALENDAR,
    MS_ROOT_IMPLIED, /**< a multistatus, its first propstats without a response around them */
    MS_ROOT_OTHER,
    MS_ROOT_JSON,      /**< no element: rows of JSON */
    MS_ROOT_MULTIPART, /**< no element: the rows of all parts */
    MS_ROOT_BATCH      /**< that of a batch in XML which is no multistatus (batches.h) */
} ms_root;

/** Where a body stops being well-formed. Lines and columns count from 1, columns in characters. */
typedef struct {
    bool present;
    bool cut; /**< the body just ends: nothing else is wrong with it */
    uint32_t line, column;
    uint32_t offset;     /**< byte offset in the body */
    const char *message; /**< the parser's words */
} ms_syntax_error;

typedef struct {
    ms_format format;
    const char *kind; /**< what it is: "dav", "json", "multipart", or the id of a batch
                         (batches.h); NULL if there was no body */
    ms_root root;
    const char *root_name; /**< like ms_element.name; NULL if there was no element at all */
    ms_span span;          /**< of the root element */
    const char *encoding;  /**< the encoding the body was read as, "UTF-8" for most */
    bool exact_spans;
    bool complete; /**< the context said so */

    /* The arrays are never NULL, however many entries they have. */
    ms_response *responses;
    uint32_t n_responses;
    ms_propstat *propstats;
    uint32_t n_propstats;
    ms_text *hrefs;
    uint32_t n_hrefs;
    ms_text *targets; /**< what each href names: relative ones resolved against the Request-URI */
    ms_element *properties;
    uint32_t n_properties;
    ms_element *conditions;
    uint32_t n_conditions;
    ms_finding *findings;
    uint32_t n_findings;

    ms_range root_conditions; /**< of a body that is a DAV:error instead of a multistatus */

    ms_text description; /**< the body's own responsedescription, or the words of a DAV:error */
    ms_text sync_token;

    ms_verdict verdict;
    const char *undecoded;          /**< for MS_UNDECODED: the reason; else NULL */
    bool batch;                     /**< one that is no 207: a kind of batches.h */
    bool rest_done;                 /**< ... of which only what was not done is listed */
    bool noted;                     /**< ... whose failures are a note: clients expect some */
    uint32_t outcomes[MS_OUTCOMES]; /**< how many resources had each outcome */
    uint32_t failed;                /**< MS_FAILED and MS_MISSING together */
    ms_syntax_error error;

    struct ms_store *store; /**< private: owns every string and array */
} ms_document;

/** Releases a document and everything in it. @param document  may be NULL */
void ms_document_free(ms_document *document);

/* ---- requests of batches ---- */

typedef struct {
    const char *id;   /**< what the answer calls it */
    const char *name; /**< what people do: "GET Products(1)"; the same if there is nothing better */
} ms_asked_row;

/** What the body of a request for a batch asks for, where the answer is no 207 (batches.h). Whole:
 *  one that is damaged, or too long, is not kept at all. */
typedef struct {
    const char *kind; /**< id of the kind */
    ms_asked_row *rows;
    uint32_t n_rows;
    bool nested;            /**< parts are within parts: there may be fewer answers than requests */
    bool quiet;             /**< only what fails is answered */
    struct ms_store *store; /**< private */
} ms_asked;

/** Rows that are kept of a request: ten times what those interfaces accept that name a limit. */
#define MS_ASKED_ROWS 100000u

/** Bytes of a request that are looked at. */
#define MS_ASKED_BYTES (2u * 1024 * 1024)

/** @param asked  may be NULL */
void ms_asked_free(ms_asked *asked);

/* ---- context ---- */

/** Which batches are looked for whose answer is no 207 (batches.h). */
typedef enum {
    MS_BATCHES_OFF,
    MS_BATCHES_AUTO, /**< those that their request or the header of the response tells, too */
    MS_BATCHES_ALL   /**< also those that only their body tells */
} ms_batch_mode;

/** What is known about the exchange that the body belongs to. Strings may be NULL: unknown. */
typedef struct {
    const char *method;       /**< of the request */
    const char *uri;          /**< Request-URI as sent */
    const char *report;       /**< root element of a REPORT body as "{namespace}name" */
    int http_status;          /**< of the response itself; 0 if unknown */
    const char *content_type; /**< with its parameters */
    bool incomplete;          /**< the capture does not hold the body to its end */

    bool bomb; /**< with its content codings undone it is longer than what is handed in */

    /* What the rules need besides that. */
    const struct ms_request *request; /**< the body of the request; NULL if it is not known */
    const ms_asked *asked; /**< what it asks for, if that is a batch and known; else NULL */
    bool request_known;    /**< the capture holds the request: NULL below means "not sent" */
    const char *host;      /**< Host or :authority of the request */
    bool tls;              /**< the connection is encrypted */
    const char *depth;     /**< request headers as sent */
    const char *prefer;
    const char *brief;
    const char *overwrite;
    const char *if_header; /**< If */
    const char *if_match;  /**< If-Match, or another of its kind (RFC 9110 section 13.1) */
    const char *destination;
    const char *dav;           /**< DAV header of the request */
    const char *reason_phrase; /**< of the response itself, "" if it has none */
    const char *miscoded; /**< what the bytes are, if the header names another coding: that coding
                             was undone all the same */
    const char *unnamed;  /**< a coding that the bytes have, if no header names one and they do
                             not start with a mark: "brotli" */
    const char *content_encoding; /**< response headers as sent */
    const char *location;
    const char *cache_control;
    const char *msdavext_error; /**< X-MSDAVEXT_ERROR */
    const char *preference_applied;
    const char *server_dav; /**< compliance classes that the server announced: "1, 2" */

    const ms_limits *limits; /**< NULL: the standard ones */
    ms_batch_mode batches;
    const char *amz_target;      /**< X-Amz-Target of the request, as sent */
    const char *elastic_product; /**< X-Elastic-Product of the response, as sent */
    bool values;                 /**< keep the values of properties (a tree shows them) */
} ms_context;

/* ---- names ---- */

/* Names of the enumerations, as in fields and records. Never NULL. */
const char *ms_verdict_name(ms_verdict verdict);
const char *ms_severity_name(ms_severity severity);

/** "xml", "json" or "multipart"; NULL for MS_FORMAT_NONE. */
const char *ms_format_name(ms_format format);

/** What a body of that format is that is no batch of batches.h: "dav", "json" or "multipart"; NULL
 *  for MS_FORMAT_NONE. */
const char *ms_kind_of_format(ms_format format);

#endif /* MS_MODEL_H */
