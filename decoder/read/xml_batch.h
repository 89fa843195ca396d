/* xml_batch.h
 * Batches in XML that are no multistatus: where their rows are, and what became of them.
 *
 * RFC 6638 section 10 (schedule-response); RFC 5546 section 3.6 (request-status).
 *
 * Ownership: the document and the notes are the caller's; what describes a kind is constant.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MS_XML_BATCH_H
#define MS_XML_BATCH_H

#include "notes.h"
#include "store.h"

/** What an element says of the row that it is in. */
typedef enum {
    MS_XML_NAME,           /**< which one it is */
    MS_XML_VERSION,        /**< ... of its versions, for those that have some */
    MS_XML_STATUS,         /**< a number of HTTP, also with words after it */
    MS_XML_REQUEST_STATUS, /**< "3.7;Invalid calendar user" */
    MS_XML_CONDITION,      /**< the server's own word for what went wrong */
    MS_XML_REASON,         /**< what it says about it */
    MS_XML_LOCATION,
    MS_XML_CONDITIONS /**< an element of conditions, DAV:error */
} ms_xml_field;

/** A path of local names below the row; with "@name" at its end, an attribute. NULL ends a list. */
typedef struct {
    const char *path;
    ms_xml_field field;
} ms_xml_place;

#define MS_XML_PLACES 8

/** Rows of one name. */
typedef struct {
    const char *element; /**< a child of the root; "" if the root itself is the row; NULL: none */
    ms_said said;        /**< what being such an element says */
    ms_xml_place places[MS_XML_PLACES];
} ms_xml_rows;

#define MS_XML_MARKS 3

/** One kind. */
typedef struct {
    const char *root;                /**< its local name */
    const char *name_space;          /**< NULL: any, or none */
    const char *marks[MS_XML_MARKS]; /**< what the first bytes hold, all of it; NULL ends them */
    ms_xml_rows rows[MS_XML_MARKS];
    bool rest_done; /**< where no row has succeeded, what is not listed has */
} ms_xml_batch;

/** As many bytes of a body are searched for its marks. */
#define MS_XML_MARKED 8192

/** Is the body one of that kind? */
bool ms_xml_batch_is(const ms_xml_batch *kind, const void *body, size_t length,
                     const char *content_type);

/** Fills `document` (its store must exist) and `notes`. A row without a name of its own is that of
 *  the Request-URI if the root is the row, else "entry[1]". */
void ms_xml_batch_parse(ms_document *document, ms_notes *notes, ms_encoded *encoded,
                        const ms_context *context, const ms_xml_batch *kind);

#endif /* MS_XML_BATCH_H */
