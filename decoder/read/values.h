/* values.h
 * Values of properties that have a prescribed form, checked while they are parsed: they are not
 * kept unless somebody wants to see them.
 *
 * RFC 4918 section 15, RFC 4331 sections 3 and 4, RFC 3339, RFC 9110 sections 5.6.7 and 8.8.3,
 * [MS-WDVME] section 2.2.2.
 *
 * Ownership: names are constants, texts are only read.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MS_VALUES_H
#define MS_VALUES_H

#include "notes.h"

/** What to do with the value of such a property, besides checking its form. */
typedef enum {
    MS_LOOK_ONLY,  /**< nothing but that the body has it */
    MS_KEEP_TEXT,  /**< it stays in the model even if values are not kept */
    MS_KEEP_HREFS, /**< so do the texts of its children */
    MS_READ_OBJECT /**< calendar or address data: what it says goes to ms_notes.objects */
} ms_value_use;

typedef struct {
    const char *name;  /**< "{DAV:}getetag" */
    ms_note_kind kind; /**< MS_NOTES: it has no form of its own */
    ms_value_use use;
    bool needed; /**< without an href, or an object, it says nothing at all */
} ms_watched_value;

#define MS_WATCHED_VALUES 34
extern const ms_watched_value ms_watched_values[MS_WATCHED_VALUES];

/** Does the body have a property of that name, which is one of the table? */
bool ms_value_met(const ms_notes *notes, const char *name);

/** Is this not a value that a property of the kind may have? `text` is trimmed and not empty. */
bool ms_value_is_odd(ms_note_kind kind, const char *text, size_t length);

#endif /* MS_VALUES_H */
