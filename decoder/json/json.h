/* json.h
 * Multi-Status bodies in JSON: no standard says what they look like, but the interfaces that answer
 * with 207 and JSON share a handful of shapes. Shape and rows are found by the names of members.
 *
 * docs/json.md lists the shapes and names. RFC 8259 (JSON), RFC 9457 (problem details).
 *
 * Ownership: what is read becomes the document's store's; a parser and what it points to live as
 * long as the call of ms_json_parse().
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MS_JSON_H
#define MS_JSON_H

#include "json_tokens.h"
#include "notes.h"
#include "store.h"

/** Is this body to be read as JSON: by its first character, or, if that is no "<", by its
 *  Content-Type? */
bool ms_json_suits(const ms_encoded *encoded, const char *content_type);

/** Is this the media type of JSON: application/json, text/json, anything + "json"? */
bool ms_json_is_type(const char *content_type);

/** Fills `document` and `notes` like ms_parse(). Sets document.undecoded if the text is JSON in
 *  which no rows can be found. */
void ms_json_parse(ms_document *document, ms_notes *notes, ms_encoded *encoded);

/* ---- shapes ---- */

/** What being in a list says about a row. */
typedef enum {
    MS_JSON_LISTED,    /* nothing */
    MS_JSON_LISTED_OK, /* {"success": [...], "errors": [...]} */
    MS_JSON_LISTED_FAILED
} ms_json_listed;

/** How the rows of a list are written. */
typedef enum {
    MS_JSON_ROWS,       /* objects that say what they are */
    MS_JSON_MAP,        /* an object: the names of its members are the identifiers */
    MS_JSON_KEYED_ROWS, /* {"17": false, "message": "..."} */
    MS_JSON_ADDED_ROWS  /* {"id": 8}, or {"id": false} where there was no success */
} ms_json_style;

typedef struct {
    uint32_t container; /**< token of the array or object whose contents are the rows */
    uint32_t name;      /**< token of its name; 0 if it has none */
    ms_text label;      /**< the name, for rows that have no other status than where they are */
    ms_json_listed listed;
    ms_json_style style;
    bool tagged; /**< behind a tag that says that something failed: null is a failure then */
} ms_json_list;

#define MS_JSON_LISTS 2u

typedef struct {
    ms_json_list lists[MS_JSON_LISTS]; /**< in the order of the text */
    unsigned count;                    /**< 0: the shape is not recognised */
    uint32_t tag;                      /**< token of a tag; 0 if there is none */
} ms_json_shape;

ms_json_shape ms_json_find_shape(const ms_json *json);

/* ---- members ---- */

/** What a member of a row is for, by its name. */
typedef enum {
    MS_JSON_OTHER,
    MS_JSON_ID,
    MS_JSON_IDS, /* a list of identifiers: "ids", "testCaseIds" */
    MS_JSON_STATUS,
    MS_JSON_CODE,  /* a status if it looks like one, else the server's own code */
    MS_JSON_FLAG,  /* true says success */
    MS_JSON_ERROR, /* what went wrong; null, false and empty say that nothing did */
    MS_JSON_MESSAGE,
    MS_JSON_TITLE,
    MS_JSON_REASON,
    MS_JSON_TYPE,
    MS_JSON_INSTANCE,
    MS_JSON_LOCATION,
    MS_JSON_INNER, /* an object that holds the status: {"response": {"status": ...}} */
    MS_JSON_ROLES
} ms_json_role;

typedef struct {
    ms_json_role role;
    uint8_t rank; /* the lowest counts where several members have the role */
} ms_json_member;

/** Above every rank of the roles from MS_JSON_STATUS to MS_JSON_ERROR. */
#define MS_JSON_RANKS 8

/** What the name of a member says. */
ms_json_member ms_json_member_of(const ms_json *json, uint32_t name);

/** Does an object have a member that says what became of a row? */
bool ms_json_is_row(const ms_json *json, uint32_t object);

/** The object that a list means by one of its elements: itself, or the only object in it, as in
 *  {"index": {"_id": 1, "status": 201}}. */
uint32_t ms_json_unwrap(const ms_json *json, uint32_t element);

/** Is this name an identifier in itself: "16", "/a/b.txt", "urn:x:1"? */
bool ms_json_is_keyed(const ms_json *json, uint32_t name);

/** Where rows are made of tokens. */
typedef struct {
    ms_document *document;
    ms_notes *notes;
    ms_encoded *encoded;
    const ms_json *json;
    GString *text;
} ms_json_parser;

ms_span ms_json_span(const ms_json_parser *parser, uint32_t token);

/** The text of a value, kept by the document. */
ms_text ms_json_text(ms_json_parser *parser, uint32_t token);

/** Counts something worth a finding, and keeps the first example. */
void ms_json_note(ms_json_parser *parser, ms_note_kind kind, uint32_t token);

/** Makes a response of an element of a list.
 *  @param name   token of its name, if the list is a map
 *  @param value  token of the element */
void ms_json_add_row(ms_json_parser *parser, const ms_json_list *list, uint32_t name,
                     uint32_t value);

/** What a word says that stands for a status: "submitted", "failed", "aborted", "NOT_FOUND". */
ms_said ms_json_word(const char *word);

#endif /* MS_JSON_H */
