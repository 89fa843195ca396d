/* json.h
 * Multi-Status bodies in JSON: no standard says what they look like. Which lists hold rows, what
 * identifies a row and what decides its fate is found by the names of members and the types of
 * values.
 *
 * docs/json.md lists the shapes and names. RFC 8259 (JSON), RFC 9457 (problem details).
 *
 * Ownership: what is read becomes the document's store's; a parser and what it points to live as
 * long as the call of ms_json_parse(). A shape owns its lists until ms_json_clear_shape().
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

#define MS_JSON_NO_TOKEN UINT32_MAX

/** What being in a list says about a row. */
typedef enum {
    MS_JSON_LISTED,        /* nothing */
    MS_JSON_LISTED_OK,     /* {"success": [...], "errors": [...]} */
    MS_JSON_LISTED_BESIDE, /* {"data": [...], "errors": [...]}: what failed is in the other list */
    MS_JSON_LISTED_FAILED
} ms_json_listed;

/** How the rows of a list are written. */
typedef enum {
    MS_JSON_ROWS,       /* objects that say what they are */
    MS_JSON_MAP,        /* an object: the names of its members are the identifiers */
    MS_JSON_SINGLE,     /* the container is the only row */
    MS_JSON_KEYED_ROWS, /* {"17": false, "message": "..."} */
    MS_JSON_ADDED_ROWS  /* {"id": 8}, or {"id": false} where there was no success */
} ms_json_style;

typedef struct {
    uint32_t container; /**< token of the array or object whose contents are the rows */
    uint32_t name;      /**< token of its name; 0 if it has none */
    uint32_t parent;    /**< token of the object that it is in */
    ms_text label;      /**< the name, for rows that have no other status than where they are */
    ms_json_listed listed;
    ms_json_style style;
    bool tagged;       /**< after a tag that says that something failed: null is a failure then */
    bool return_codes; /**< 0 is success, what is below 0 an error */
    bool only_errors;  /**< what went wrong is all that rows say: one that says nothing is ok */
    bool codes_tell;   /**< there is a code for success: any other is none */
    bool skips_null;   /**< null means that the row is in another list */
    uint32_t failed;   /**< how many of its rows are failures */
} ms_json_list;

typedef struct {
    GArray *lists;       /**< of ms_json_list, in the order of the text; none: not recognised */
    bool refused;        /**< something beside the rows says that the request failed */
    bool claims_failure; /**< the body's own object says so */
    uint32_t tag;        /**< token of a tag; 0 if there is none */
    uint32_t others;     /**< only failures are listed: token of the name that counts what is not,
                              MS_JSON_NO_TOKEN if nothing does; 0 if other rows are listed as well */
} ms_json_shape;

ms_json_shape ms_json_find_shape(const ms_json *json);
void ms_json_clear_shape(ms_json_shape *shape);

/* ---- words ---- */

#define MS_JSON_NAME_LENGTH 80u
#define MS_JSON_NAME_WORDS 10u

/** The words of a name, in lower case: "http" and "status" of "httpStatus", "HTTP_STATUS". */
typedef struct {
    char whole[MS_JSON_NAME_LENGTH + 1]; /**< in a row; empty for a name that is too long */
    uint8_t start[MS_JSON_NAME_WORDS + 1];
    unsigned count;
} ms_json_words;

void ms_json_split(ms_json_words *words, const char *text, size_t length);

/** The words of a string in the text. */
void ms_json_split_name(const ms_json *json, uint32_t name, ms_json_words *words);

bool ms_json_word_is(const ms_json_words *words, unsigned index, const char *word);
bool ms_json_word_in(const ms_json_words *words, unsigned index, const char *const *list,
                     size_t count);
#define MS_JSON_WORD_IN(words, index, list)                                                        \
    ms_json_word_in((words), (index), (list), G_N_ELEMENTS(list))

/** Is any of the words in the list? */
bool ms_json_any_in(const ms_json_words *words, const char *const *list, size_t count);

/** Is this all the words joined, without what separated them? */
bool ms_json_whole_in(const ms_json_words *words, const char *const *list, size_t count);

/** What a word says that stands for a status: "submitted", "failed", "aborted", "NOT_FOUND". */
ms_said ms_json_word(const char *word);

/** Is it one of those that can only describe a fate: "success", "failed"? */
bool ms_json_word_is_plain(const char *word);

/* ---- members ---- */

/** What a member of a row is for, by its name. */
typedef enum {
    MS_JSON_OTHER,
    MS_JSON_ID,
    MS_JSON_IDS, /* a list of identifiers: "ids", "testCaseIds" */

    /* These say what became of the row. */
    MS_JSON_STATUS,
    MS_JSON_WEAK_STATUS, /* only if it reads like one: "state", "orderStatus" */
    MS_JSON_RESULT,      /* the same, or what holds it */
    MS_JSON_CODE,        /* a status if it looks like one, else the server's own code */
    MS_JSON_RETURN_CODE, /* 0 is success */
    MS_JSON_ERROR_CODE,  /* none is success */
    MS_JSON_FLAG,        /* true says success */
    MS_JSON_ERROR,       /* what went wrong; null, false and empty say that nothing did */

    MS_JSON_MESSAGE,
    MS_JSON_TITLE,
    MS_JSON_REASON,
    MS_JSON_TYPE,
    MS_JSON_INSTANCE,
    MS_JSON_LOCATION,
    MS_JSON_INNER,   /* an object that holds the status: {"response": {"status": ...}} */
    MS_JSON_PAYLOAD, /* the resource, or the answer: {"body": {...}} */
    MS_JSON_NESTED,  /* an object that may hold the identifier: {"taggedItem": {"id": 5}} */
    MS_JSON_ROLES
} ms_json_role;

typedef struct {
    ms_json_role role;
    uint8_t rank; /* the lowest counts where several members have the role */
    uint8_t name; /* equal for equal names; MS_JSON_NO_NAME for one that only ends alike */
} ms_json_member;

#define MS_JSON_NAMES 255u
#define MS_JSON_NO_NAME 255u

/** Identifiers from here on only count: "index", "row". */
#define MS_JSON_COUNTING_RANK 80u

/** Those from here on name a part of the row: "field". */
#define MS_JSON_PART_RANK 90u

/** Flags up to this rank say nothing but that something was done. */
#define MS_JSON_SURE_FLAG 4u

/** What the name of a member says. */
ms_json_member ms_json_member_of(const ms_json *json, uint32_t name);

/** Does it say what became of a row? */
bool ms_json_tells(ms_json_role role);

/** What a member says. */
typedef struct {
    ms_said said; /**< in words, MS_SAID_NOTHING if it has none to say */
    int code;     /**< in numbers, MS_STATUS_NONE if it has none */
    bool plain;   /**< in a way that only describes a fate */
} ms_json_told;

/** @param list  which the row is in; may be NULL */
ms_json_told ms_json_tell(const ms_json *json, const ms_json_list *list, ms_json_member member,
                          uint32_t value);

/** What an object, and what is in it, says of the fate of a row. */
typedef struct {
    bool told;       /**< a member has a name for that */
    bool reads;      /**< and a value that is understood */
    bool plain;      /**< which is nothing but a fate */
    bool status;     /**< there is more than errors */
    bool error;      /**< there is an error, and not an empty one */
    bool failed;     /**< one of them says failure */
    bool named;      /**< it has an identifier */
    bool named_well; /**< which is more than a running number */
    bool by_code;    /**< nothing but a code tells */
    bool by_other;   /**< something else does */
    bool code_ok;    /**< a code says success */
    bool negative;   /**< a number below 0 is a status */
    bool positive;   /**< one above 0, or not whole, is */
} ms_json_fate;

ms_json_fate ms_json_fate_of(const ms_json *json, uint32_t object);

/** How deep the objects in a row are searched. */
#define MS_JSON_INNER_DEEP 2u

/** The object that a value is, or that is first in it; MS_JSON_NO_TOKEN if it is none. */
uint32_t ms_json_object_in(const ms_json *json, uint32_t value);

/** The object that a list means by one of its elements: itself, or the only object in it, as in
 *  {"index": {"_id": 1, "status": 201}}. */
uint32_t ms_json_unwrap(const ms_json *json, uint32_t element);

/* ---- rows ---- */

/** Where rows are made from tokens. */
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

/** The reasons that a value holds, however deep: "name: is too long; ...".
 *  @param error  it is what went wrong, not only what may hold that
 *  @param only   set to the token that says the same, MS_JSON_NO_TOKEN if there is none
 *  @return the caller frees it with g_free(); NULL if there are none */
char *ms_json_reasons(ms_json_parser *parser, uint32_t value, bool error, uint32_t *only);

/** The messages in lists of an object beside the one that was said: "postalCode: is wrong". The
 * caller frees them with g_free(); NULL if there are none. */
char *ms_json_finer_reasons(ms_json_parser *parser, uint32_t object, const char *said);

/** Are there as many responses as there may be? Notes that the rest, from that value on, is not
 * read.
 */
bool ms_json_is_full(ms_json_parser *parser, uint32_t value);

/** Makes a response of an element of a list.
 *  @param name   token of its name, if the list is a map
 *  @param value  token of the element */
void ms_json_add_row(ms_json_parser *parser, const ms_json_list *list, uint32_t name,
                     uint32_t value);

/** Who knows where the rows are: makes responses of the tokens of a parser, which has noted already
 *  where the text is not JSON. */
typedef void (*ms_json_reader)(ms_json_parser *parser, const void *data);

/** ms_json_parse(), with rows by somebody else. */
void ms_json_parse_by(ms_document *document, ms_notes *notes, ms_encoded *encoded,
                      ms_json_reader read, const void *data);

#endif /* MS_JSON_H */
