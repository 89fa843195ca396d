/* parse.h
 * From the bytes of a body to the model, before anything is judged.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MS_PARSE_H
#define MS_PARSE_H

#include "encoding.h"
#include "store.h"

/** What the parser noticed beside the model; the rules make findings of it. */
typedef struct {
    uint32_t namespace_errors; /**< names that are not namespace-well-formed */
    char *namespace_example;   /**< the first such name; owned */
    ms_span namespace_span;
    bool doctype, entity_declaration;
    ms_span doctype_span;
    uint32_t processing_instructions;
    uint32_t orphan_propstats; /**< propstat elements directly under multistatus */
    int orphan_status;         /**< the gravest status among them, or MS_STATUS_NONE */
    ms_span orphan_span;
    bool wrong_namespace; /**< the root is a multistatus, but not in DAV: */
    const char *limit;    /**< the limit that was reached, NULL if none */
    ms_span limit_span;
    bool stopped; /**< because of it, the rest of the body was not read */
} ms_notes;

void ms_notes_clear(ms_notes *notes);

/** Fills `document` (its store must exist) and `notes`. The document's arrays are published. */
void ms_parse(ms_document *document, ms_notes *notes, ms_encoded *encoded,
              const ms_context *context);

#endif /* MS_PARSE_H */
