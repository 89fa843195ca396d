/* batches.h
 * Batches whose answer is no 207: a status of success over a body in which each row has a fate of
 * its own. One table says which there are, how they are recognised, where their rows are and what
 * failed means; docs/batches.md is made from it (multistatus-batches-page).
 *
 * A kind is recognised by two of three: its request (path, or a header field), the header of the
 * response (media type, or a field), and the shape of the body. Where nobody else has that shape,
 * it may do alone (MS_BATCHES_ALL).
 *
 * Ownership: the table is constant; bodies and contexts are only read.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MS_BATCHES_H
#define MS_BATCHES_H

#include "json.h"
#include "model.h"
#include "xml_batch.h"

/* ---- what speaks for a kind ---- */

/** Types of values, as a set. */
#define MS_BATCH_TYPE(type) (1u << (type))
#define MS_BATCH_LIST MS_BATCH_TYPE(MS_JSON_ARRAY)
#define MS_BATCH_OBJECT MS_BATCH_TYPE(MS_JSON_OBJECT)
#define MS_BATCH_STRING MS_BATCH_TYPE(MS_JSON_STRING)
#define MS_BATCH_NUMBER MS_BATCH_TYPE(MS_JSON_NUMBER)
#define MS_BATCH_BOOL (MS_BATCH_TYPE(MS_JSON_TRUE) | MS_BATCH_TYPE(MS_JSON_FALSE))
#define MS_BATCH_ANY (~0u)

/** A member of the body's own object. */
typedef struct {
    const char *name;
    unsigned types;   /**< that its value may have */
    const char *text; /**< that it is, or that the first of its list is; NULL: any */
    bool needed;      /**< without it the body does not have the shape */
    bool filled;      /**< nor with a list in which nothing is */
} ms_batch_member;

#define MS_BATCH_WORDS 8
#define MS_BATCH_MEMBERS 8

/** Lists end with NULL. */
typedef struct {
    const char *targets[MS_BATCH_WORDS]; /**< X-Amz-Target of the request */
    const char *paths[MS_BATCH_WORDS];   /**< what its path ends with, whole segments; "*" is any */
    const char *method;                  /**< for paths that are used for more; NULL: any */
    const char *queries[MS_BATCH_WORDS]; /**< parameters of its query: "delete", "comp=batch" */
} ms_batch_request;

typedef struct {
    const char *types[MS_BATCH_WORDS]; /**< media types */
    const char *product;               /**< X-Elastic-Product of the response */
} ms_batch_header;

typedef struct {
    ms_batch_member members[MS_BATCH_MEMBERS];
    bool array;           /**< the body is a list of rows: `members` are those of its elements */
    bool any;             /**< of which one has what is needed, and all have these members only */
    bool unique;          /**< nobody else has it */
    bool empty;           /**< an object without members has it, too */
    bool always;          /**< request and header do not do without it */
    const char *mark;     /**< what the first bytes of a body hold that has a unique one */
    const char *in_words; /**< for the page */
} ms_batch_shape;

/* ---- where the rows are ---- */

typedef enum {
    MS_BATCH_ROWS,    /**< elements of a list */
    MS_BATCH_ACTIONS, /**< ... each of which is an object with one member, the row */
    MS_BATCH_TABLES,  /**< elements of the lists that are the members of an object */
    MS_BATCH_COUNTS,  /**< none: members of an object (`tells`) count how many failed */
    MS_BATCH_GRAPHS, /**< elements of the list (`inner`) in each element, which has a name (`outer`)
                      */
    MS_BATCH_ANSWERS, /**< elements of the lists in the elements of the body; one without is ok */
} ms_batch_layout;

/** Names lead into objects: "error.type". A name of several alternatives ends with NULL. */
typedef struct {
    const char *list; /**< member of the body; "" if the body itself is the list */
    ms_batch_layout layout;
    ms_said said;                      /**< what being in that list says */
    const char *tells[MS_BATCH_WORDS]; /**< a row has at least one of these, or is none */
    const char *needs[MS_BATCH_WORDS]; /**< and all of these */
    const char *names[MS_BATCH_WORDS]; /**< of which the first that is there names the row */
    const char *within;                /**< what comes before that name: "_index" */
    const char *inner, *outer;
    const char *path;                       /**< or the list of names and places that leads to it */
    const char *place_in;                   /**< list of the request where that name is a place */
    const char *status[MS_BATCH_WORDS];     /**< a number of HTTP */
    const char *error[MS_BATCH_WORDS];      /**< what is there only if it failed */
    const char *good[MS_BATCH_WORDS];       /**< what is there only if it did not */
    const char *answer;                     /**< the same, even if it holds null or nothing */
    const char *flag;                       /**< true if it did not fail, false if it did */
    const char *conditions[MS_BATCH_WORDS]; /**< the server's own word for what went wrong */
    const char *reasons[MS_BATCH_WORDS];    /**< what it says about it */
    const char *text; /**< or, in a text, the body that says both: that of the row's own response */
    const char *location;
    const char *verb, *target; /**< of a request: the method and the URI that it is for */
    const char *answered_in;   /**< ... and the list of the answer where it has the same place */
    const char *collateral[MS_BATCH_WORDS]; /**< conditions of rows that only went with others */
    const char *gone;  /**< "name=value": with 404 and no error, there was nothing to delete */
    const char *alone; /**< what a row that failed has only if those that did not are not listed */
} ms_batch_rows;

/** Of which the last one is none. */
#define MS_BATCH_LISTS 3

/** How a body is written. Only of JSON two of three do without the shape: a root, or the parts of a
 *  body, are always looked at. */
typedef enum {
    MS_BATCH_JSON,
    MS_BATCH_XML,  /**< as `xml` says; its mark is in the first bytes */
    MS_BATCH_PARTS /**< HTTP responses in several parts (RFC 2046, RFC 9112 section 10.2) */
} ms_batch_form;

/** One kind. */
typedef struct {
    const char *id;    /**< multistatus.kind */
    const char *title; /**< for people */
    ms_batch_form form;
    const ms_xml_batch *xml; /**< for MS_BATCH_XML; NULL for others */
    ms_batch_request request;
    ms_batch_header header;
    ms_batch_shape shape;
    ms_batch_rows rows[MS_BATCH_LISTS]; /**< those without a list end them */
    ms_batch_rows asked;                /**< of the body of the request; without a list: unread */
    const ms_xml_batch *asked_xml;      /**< ... of one in XML */
    const char *quiet;    /**< member of the request: false if only what fails is answered */
    bool rest_done;       /**< what is not listed was done: only the others are listed */
    const char *rest_in;  /**< the same, but only if this member holds more than nulls */
    bool may_lack_rows;   /**< without their list all was done */
    bool noted;           /**< its failures are a note: those who ask expect some */
    const char *fails_if; /**< what failed means, for the page */
    const char *source;
} ms_batch;

extern const ms_batch ms_batches[];
extern const size_t ms_batch_count;

/* ---- recognising ---- */

/** Has the request or the response a trait of one of the kinds that is to be looked for? Needs no
 *  body, and is cheap. In MS_BATCHES_ALL any JSON has. */
bool ms_batch_is_promising(const ms_context *context);

/** Could a body that begins so be one? Looks at no more than the first MS_BATCH_WINDOW bytes. */
bool ms_batch_may_be(const ms_context *context, const void *body, size_t length);
#define MS_BATCH_WINDOW 512u

/** The kind of a body, NULL if it is none. */
const ms_batch *ms_batch_find(const ms_context *context, const void *body, size_t length);

/** Is this a target (X-Amz-Target), path or media type of one of the kinds? Asked by whoever sees
 *  a message before its exchange is known. Lengths are in bytes. */
bool ms_batch_is_target(const char *target, size_t length);
bool ms_batch_is_path(const char *uri, size_t length);

/** Could a request be one of any kind? Cheap; false positives are possible. */
bool ms_batch_may_be_asked(const ms_context *context);

/** Is it a request of that kind, by its target or path, or by what its body asks for? */
bool ms_batch_is_asked(const ms_batch *batch, const ms_context *context);

/** The kind of batch that a request in JSON asks for whose body begins so, where any path may be
 *  one for it: that of GraphQL or JSON-RPC. NULL if it is neither. Looks at MS_BATCH_WINDOW bytes.
 */
const char *ms_batch_of_request(const void *body, size_t length);

/* ---- reading ---- */

/** Some clients of Amazon ask for CBOR (RFC 8949): that is recognised, and not read. */
#define MS_BATCH_CBOR "application/x-amz-cbor-1.1"

/** Why the rows of a batch in that media type cannot be read; NULL if they can. */
const char *ms_batch_unread(const char *content_type);

/** Fills `document` and `notes` like ms_json_parse(), with the rows of that kind, whose form is
 * JSON. */
void ms_batch_parse(ms_document *document, ms_notes *notes, ms_encoded *encoded,
                    const ms_batch *batch);

/** "GET Products(1)": how people call a request within a batch. What signs its URI (`sig`, of Azure
 *  Storage) is left out. The caller frees it with g_free(). */
char *ms_batch_line(const char *method, const char *uri);

/** The same for the body of a request in JSON: its rows are what is asked for. Where the request
 *  says that only failures are answered, the rest is done. */
void ms_batch_parse_asked(ms_document *document, ms_notes *notes, ms_encoded *encoded,
                          const ms_batch *batch);

#endif /* MS_BATCHES_H */
