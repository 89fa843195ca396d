/* notes.h
 * What the readers of a body notice beside the model; the rules make findings of it.
 *
 * Ownership: ms_notes_clear() releases what ms_notes own; they do not own the text.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MS_NOTES_H
#define MS_NOTES_H

#include "content_lines.h"
#include "encoding.h"
#include "model.h"

/** What may be wrong with an element. The parser counts, and keeps the first example. */
typedef enum {
    MS_NOTE_STRAY_TEXT,     /**< text directly in an element of elements; example: its name */
    MS_NOTE_STRAY_ELEMENT,  /**< an element within href, status or another text; its name */
    MS_NOTE_ERROR_IN_TEXT,  /**< error within responsedescription */
    MS_NOTE_EMPTY_ERROR,    /**< error without a condition */
    MS_NOTE_BARE_CONDITION, /**< a condition outside of error; its name */
    MS_NOTE_SECOND_STATUS,  /**< a second status beside the first */
    MS_NOTE_SECOND_ELEMENT, /**< a second error, responsedescription or prop; its name */
    MS_NOTE_SECOND_TOKEN,   /**< a second sync-token */
    MS_NOTE_BAD_LOCATION,   /**< a location without exactly one href, or a second location; which of
                               the two */
    MS_NOTE_UNKNOWN_DAV,    /**< an element of DAV: that does not belong where it is; its name */
    MS_NOTE_INSTRUCTION,    /**< a processing instruction; its target */
    MS_NOTE_PADDED_STATUS,  /**< white space around a status line; the line */
    MS_NOTE_JSON_NAME,      /**< a name that is twice in a row; the name */
    MS_NOTE_JSON_CHARACTER, /**< a character that had to be replaced; the text */
    MS_NOTE_JSON_TEXT,      /**< a numeric status that is sent as a string; the string */
    MS_NOTE_JSON_NO_ID,     /**< a row without identifier */
    MS_NOTE_JSON_OTHERS,    /**< only failures are listed; what counts the others, or NULL */
    MS_NOTE_PART,           /**< a part with unknown contents; its media type */
    MS_NOTE_VALUE_MODIFIED, /**< values that are not what they should be (values.h) */
    MS_NOTE_VALUE_CREATED,
    MS_NOTE_VALUE_LENGTH,
    MS_NOTE_VALUE_ETAG,
    MS_NOTE_VALUE_TYPE,
    MS_NOTE_VALUE_WIN32,
    MS_NOTE_VALUE_QUOTA,
    MS_NOTE_VALUE_HREF,
    MS_NOTE_VALUE_EMPTY,  /**< a property that should hold an href and holds nothing; its name */
    MS_NOTE_VALUE_REPORT, /**< text in supported-report/report; the text */
    MS_NOTES
} ms_note_kind;
#define MS_NOTE_VALUES MS_NOTE_VALUE_MODIFIED

typedef struct {
    uint32_t count;
    uint32_t response; /**< of the first example, or MS_NO_RESPONSE */
    ms_span span;
    char *example; /**< owned */
} ms_note;

/** Calendar or address data that a property holds. */
typedef struct {
    uint32_t response, propstat; /**< ms_document.responses and .propstats */
    bool is_calendar;            /**< C:calendar-data; else CR:address-data */
    ms_span span;
    ms_object object;
} ms_note_object;

/** Objects of one body that are looked at: ten times the largest calendar seen in bug reports. */
#define MS_NOTE_OBJECTS 200000u

/** What kind of syntax error ended the well-formed part of a body. */
typedef enum { MS_BROKEN_XML, MS_BROKEN_CHARACTER, MS_BROKEN_GARBAGE } ms_broken;

/** What the parser noticed beside the model; the rules make findings of it. */
typedef struct {
    const ms_encoded *encoded; /**< not owned: the body's encoding */
    uint32_t namespace_errors; /**< names that are not namespace-well-formed */
    char *namespace_example;   /**< the first such name; owned */
    ms_span namespace_span;
    bool doctype, entity_declaration;
    ms_span doctype_span;
    uint32_t orphan_propstats; /**< propstat elements directly under multistatus */
    int orphan_status;         /**< the gravest status among them, or MS_STATUS_NONE */
    ms_span orphan_span;
    bool wrong_namespace; /**< the root is a multistatus or the like, in another namespace */
    ms_limits limits;     /**< in force */
    const struct ms_limit *limit; /**< the one that was reached, NULL if none */
    ms_span limit_span;
    bool stopped;            /**< it kept the rest of the body from being read */
    ms_broken broken;        /**< of document.error */
    char *broken_in;         /**< the element that was open there, as sent; owned; NULL if none */
    size_t broken_at;        /**< the place of the error in the text */
    bool invalid_bytes;      /**< document.error was found before the parse: bytes that are no valid
                                character */
    bool rest_cut;           /**< what follows the first document is cut off, too */
    const char *first_root;  /**< the root of a document before the multistatus; NULL if none */
    const char *first_words; /**< what it says, if it is an error */
    GHashTable *entities;    /**< names that the body declares; NULL if there are none; owned */
    bool last_part_open;     /**< a multipart body does not end with its boundary */
    ms_note of[MS_NOTES];
    uint64_t met; /**< the properties of ms_watched_values that the body has, a bit for each */
    bool json_claims_failure; /**< the body in JSON says of the whole that it failed */
    bool json_refused;        /**< JSON that lists no rows says that the request failed */
    bool weak_etag;           /**< a getetag is weak */
    GArray *objects; /**< of ms_note_object, in the order of the body; NULL if there are none */
} ms_notes;

void ms_notes_clear(ms_notes *notes);

#endif /* MS_NOTES_H */
