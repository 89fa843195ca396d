/* record_fields.h
 * The fields of a record: one list for the struct, for what is written and read (NDJSON, and on the
 * way from a worker), for --redact, for -e, for docs/records.md and docs/record.schema.json. Who
 * adds a line here and gives the member its value has added a key (multistatus-record-pages writes
 * the pages). Who reads, writes or replaces records walks the tables of record_shape.h.
 *
 * Ownership: what members point at belongs to the record, and goes with it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_RECORD_FIELDS_H
#define MULTISTATUS_RECORD_FIELDS_H

/** What a field is. Beside each kind the type of the member. */
typedef enum {
    RECORD_TEXT,
    RECORD_TIME,        /**< a text: UTC, ISO 8601 */
    RECORD_NAME,        /**< a text that occurs many times */
    RECORD_DECIMAL,     /**< a number that is kept as its digits, as many decimals as `time` has */
    RECORD_TEXTS,       /**< a list */
    RECORD_NAMES,       /**< a list of texts that occur many times, mostly like the list before */
    RECORD_NUMBER,      /**< from 0 on */
    RECORD_FRAME,       /**< from 1 on; 0 is unknown */
    RECORD_INDEX,       /**< from 0 on; RECORD_UNKNOWN */
    RECORD_TOTAL,       /**< from 0 on */
    RECORD_COUNT,       /**< of the parts of a list: counted, not sent; what is read must agree */
    RECORD_STATUS,      /**< as sent; RECORD_UNKNOWN */
    RECORD_HTTP_STATUS, /**< 0 is unknown */
    RECORD_BOOL,
    RECORD_OUTCOME,
    RECORD_VERDICT,
    RECORD_SEVERITY,
    RECORD_LIST,    /**< of objects */
    RECORD_UNSEEN,  /**< what was not looked into, by reason: a list of objects, or null */
    RECORD_MARK,    /**< true or false, for ourselves: no key */
    RECORD_DERIVED, /**< a status that follows from the others: no key, not sent */
} record_kind;

#define RECORD_C_TEXT const char *
#define RECORD_C_TIME const char *
#define RECORD_C_NAME const char *
#define RECORD_C_DECIMAL const char *
#define RECORD_C_TEXTS record_strings
#define RECORD_C_NAMES record_strings
#define RECORD_C_NUMBER uint32_t
#define RECORD_C_FRAME uint32_t
#define RECORD_C_INDEX int64_t
#define RECORD_C_TOTAL uint64_t
#define RECORD_C_COUNT uint32_t
#define RECORD_C_STATUS int
#define RECORD_C_HTTP_STATUS int
#define RECORD_C_BOOL bool
#define RECORD_C_OUTCOME ms_outcome
#define RECORD_C_VERDICT ms_verdict
#define RECORD_C_SEVERITY ms_severity
#define RECORD_C_UNSEEN unseen_counts
#define RECORD_C_MARK bool
#define RECORD_C_DERIVED int

/** What a record may lack. */
typedef enum {
    RECORD_NEEDED,    /**< nothing: without it, a line is no record */
    RECORD_OR_NULL,   /**< it may be unknown */
    RECORD_OR_NOTHING /**< records of earlier versions have no such key: 0, or an empty list */
} record_presence;

/** What --redact makes of a text. */
typedef enum {
    RECORD_KEPT,
    RECORD_AS_CAPTURE,
    RECORD_AS_TIME,
    RECORD_AS_HOST,
    RECORD_AS_METHOD,
    RECORD_AS_URI,
    RECORD_AS_NAME,
    RECORD_AS_PRODUCTS,
    RECORD_AS_TOKENS,
    RECORD_AS_TOKEN,
    RECORD_AS_TEXT,
    RECORD_AS_MESSAGE,
    RECORD_AS_REASON, /**< registered phrases stay */
    RECORD_AS_RULE,   /**< ids of rules stay */
    RECORD_AS_FINDING /**< what the rule says in general */
} record_redaction;

/* Each list calls, in the order of the keys:
 *  KEY(kind, name, presence, redaction, about)     for a key
 *  COLUMN(kind, name, presence, redaction, about)  for a key that is a field of -e as well
 *  INNER(kind, name, about)                        for a member that is no key
 *  LIST(name, type, presence, about)               for a list of objects
 * `about` is read in pages and in --help-fields. */

/* clang-format off */
#define RECORD_PROPSTAT(KEY, COLUMN, INNER, LIST) \
    KEY(STATUS,      status,          OR_NULL,    KEPT,     "as sent; null if it could not be read") \
    KEY(OUTCOME,     outcome,         NEEDED,     KEPT,     "what became of its properties") \
    KEY(NAMES,       properties,      NEEDED,     AS_NAME,  "`{namespace}name`, top level only") \
    KEY(NAMES,       conditions,      NEEDED,     AS_NAME,  "pre- and postconditions that the server names, `{namespace}name`") \
    KEY(TEXT,        description,     OR_NULL,    AS_TEXT,  "what the server says about it")

#define RECORD_RESPONSE(KEY, COLUMN, INNER, LIST) \
    KEY(TEXTS,       hrefs,           NEEDED,     AS_URI,   "the resource, as sent: percent-encoding kept, outer white space trimmed") \
    KEY(STATUS,      status,          OR_NULL,    KEPT,     "of the response itself; null where its propstats have it") \
    INNER(DERIVED,   code,                                  "the status that decided the outcome, or RECORD_UNKNOWN") \
    COLUMN(OUTCOME,  outcome,         NEEDED,     KEPT,     "of the resource") \
    COLUMN(TEXT,     reason,          OR_NULL,    AS_REASON, "registered phrase of the deciding status, or the server's own word") \
    LIST(            propstats, propstat, NEEDED,           "the groups of its properties") \
    KEY(NAMES,       conditions,      NEEDED,     AS_NAME,  "pre- and postconditions that the server names, `{namespace}name`") \
    KEY(TEXT,        description,     OR_NULL,    AS_TEXT,  "what the server says about it") \
    COLUMN(TEXT,     location,        OR_NULL,    AS_URI,   "where it is instead") \
    INNER(MARK,      selected,                              "what selection_mark() found")

#define RECORD_LOCK(KEY, COLUMN, INNER, LIST) \
    KEY(NUMBER,      response,        NEEDED,     KEPT,     "which one of `responses`, from 0") \
    KEY(FRAME,       frame,           OR_NOTHING, KEPT,     "of the LOCK request, or of its answer if the capture lacks that") \
    KEY(TEXT,        root,            OR_NULL,    AS_URI,   "href as sent") \
    KEY(TEXT,        owner,           OR_NULL,    AS_TEXT,  "what the client said about its user") \
    KEY(TEXT,        client,          OR_NULL,    AS_HOST,  "address and port of the client that took it") \
    KEY(TEXT,        user_agent,      OR_NULL,    AS_PRODUCTS, "of the client that took it")

#define RECORD_DETAIL(KEY, COLUMN, INNER, LIST) \
    KEY(NUMBER,      response,        NEEDED,     KEPT,     "which one of `responses`, from 0") \
    KEY(TEXT,        condition,       NEEDED,     AS_NAME,  "which one of its conditions, or of those of its propstats") \
    KEY(TEXT,        name,            OR_NULL,    AS_NAME,  "the privilege that is lacking, or the filter that is not supported, `{namespace}name`") \
    KEY(TEXT,        value,           OR_NULL,    AS_TEXT,  "what the filter is for") \
    KEY(TEXT,        href,            OR_NULL,    AS_URI,   "the resource that the condition names, as sent")

#define RECORD_FINDING(KEY, COLUMN, INNER, LIST) \
    KEY(NAME,        rule,            NEEDED,     AS_RULE,  "its id, see [rules.md](rules.md)") \
    KEY(SEVERITY,    severity,        NEEDED,     KEPT,     "of the rule") \
    KEY(TEXT,        message,         NEEDED,     AS_FINDING, "what it says") \
    KEY(TEXT,        href,            OR_NULL,    AS_URI,   "of the resource that it is about")

#define RECORD_EXCHANGE(KEY, COLUMN, INNER, LIST) \
    COLUMN(TEXT,     capture,         NEEDED,     AS_CAPTURE, "name of the capture, as it was given") \
    COLUMN(FRAME,    frame,           NEEDED,     KEPT,     "number of the frame with the response") \
    COLUMN(FRAME,    request_frame,   OR_NULL,    KEPT,     "number of the frame with the request") \
    COLUMN(TIME,     time,            OR_NULL,    AS_TIME,  "of the response, UTC") \
    COLUMN(TEXT,     client,          OR_NULL,    AS_HOST,  "address and port; IPv6 addresses in brackets") \
    COLUMN(TEXT,     server,          OR_NULL,    AS_HOST,  "address and port; IPv6 addresses in brackets") \
    COLUMN(TEXT,     community_id,    OR_NULL,    AS_TOKEN, "Community ID of the connection, for joining with Zeek, Suricata, Arkime, Wireshark") \
    COLUMN(TEXT,     protocol,        OR_NULL,    AS_PRODUCTS, "HTTP/1.1, HTTP/2, HTTP/3, ...") \
    COLUMN(INDEX,    stream,          OR_NULL,    KEPT,     "tcp.stream") \
    COLUMN(INDEX,    h2_stream,       OR_NULL,    KEPT,     "http2.streamid") \
    COLUMN(INDEX,    h3_stream,       OR_NULL,    KEPT,     "quic.stream.stream_id") \
    COLUMN(TEXT,     host,            OR_NULL,    AS_HOST,  "header Host or :authority") \
    COLUMN(TEXT,     method,          OR_NULL,    AS_METHOD, "of the request") \
    COLUMN(TEXT,     uri,             OR_NULL,    AS_URI,   "of the request") \
    COLUMN(TEXT,     report,          OR_NULL,    AS_NAME,  "root element of a REPORT body") \
    COLUMN(TEXT,     request_conditions, OR_NULL, AS_TOKENS, "headers that made the request conditional: If, If-Match (and its kind), Overwrite: F") \
    COLUMN(TEXT,     request_unknown, OR_NULL,    AS_MESSAGE, "why the request is not known; null if it is, or if nothing tells why") \
    COLUMN(HTTP_STATUS, http_status,  OR_NULL,    KEPT,     "of the HTTP response itself") \
    COLUMN(BOOL,     complete,        NEEDED,     KEPT,     "whether the whole response is there and could be read") \
    COLUMN(NUMBER,   body_bytes,      OR_NOTHING, KEPT,     "of the body, codings undone") \
    COLUMN(TEXT,     missing,         OR_NULL,    AS_MESSAGE, "why not all of the body is there or could be read") \
    COLUMN(TEXT,     format,          OR_NULL,    AS_PRODUCTS, "of the body: xml, json, multipart") \
    COLUMN(TEXT,     kind,            OR_NULL,    KEPT,     "what the body is: dav, json, multipart, or a kind of batch that is no 207, see batches.md") \
    COLUMN(DECIMAL,  response_time,   OR_NULL,    KEPT,     "seconds from request to response") \
    COLUMN(TEXT,     user_agent,      OR_NULL,    AS_PRODUCTS, "of the client") \
    COLUMN(TEXT,     server_software, OR_NULL,    AS_PRODUCTS, "header Server") \
    COLUMN(TEXT,     server_dav,      OR_NULL,    AS_TOKENS, "WebDAV compliance classes of the server") \
    COLUMN(TEXT,     server_allow,    OR_NULL,    AS_TOKENS, "methods the server said it allows") \
    COLUMN(VERDICT,  verdict,         NEEDED,     KEPT,     "did the request do what was asked?") \
    COLUMN(COUNT,    resources,       NEEDED,     KEPT,     "how many the body lists") \
    COLUMN(COUNT,    ok,              NEEDED,     KEPT,     "how many of them are ok") \
    COLUMN(COUNT,    failed,          NEEDED,     KEPT,     "how many are failed or missing") \
    COLUMN(COUNT,    collateral,      NEEDED,     KEPT,     "how many failed only because of another one") \
    LIST(            responses, response, NEEDED,           "the resources, in the order of the body") \
    COLUMN(TEXT,     sync_token,      OR_NULL,    AS_TOKEN, "of a sync-collection report") \
    COLUMN(TEXT,     body_description, OR_NULL, AS_TEXT, "what the server says about all of it") \
    LIST(            condition_details, detail, OR_NOTHING, "what conditions name: privileges, resources, filters; at most 8 for each resource, and 200 in all") \
    LIST(            locks, lock, OR_NOTHING,               "the locks in the way of resources, where the capture saw them taken, at most one for each and for the first 200") \
    LIST(            findings, finding, NEEDED,             "what is wrong with the body, unusual about it, or worth knowing") \
    INNER(MARK,      open,                                  "the next file of its ring may tell how it goes on") \
    INNER(MARK,      marked,                                "selection_mark() was there")

#define RECORD_CAPTURE(KEY, COLUMN, INNER, LIST) \
    KEY(TEXT,        capture,         NEEDED,     AS_CAPTURE, "name of the capture, as it was given") \
    KEY(TOTAL,       frames,          OR_NOTHING, KEPT,     "how many were read") \
    KEY(TOTAL,       exchanges,       OR_NOTHING, KEPT,     "how many the capture holds, listed or not") \
    KEY(BOOL,        complete,        NEEDED,     KEPT,     "whether it was read to its end") \
    KEY(TEXT,        error,           OR_NULL,    AS_MESSAGE, "what was wrong with it, without the name: \"is not ...\"") \
    KEY(UNSEEN,      unseen,          OR_NULL,    KEPT,     "what was not looked into, by reason; null if it was not counted") \
    INNER(MARK,      joined,                                "it was read as what follows the file before it in its ring")
/* clang-format on */

#endif /* MULTISTATUS_RECORD_FIELDS_H */
