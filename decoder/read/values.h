/* values.h
 * Values of properties that have a form of their own, looked at while they are parsed: they are
 * not kept unless somebody wants to see them.
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

typedef struct {
    const char *name; /**< "{DAV:}getetag" */
    ms_note_kind kind;
} ms_watched_value;

#define MS_WATCHED_VALUES 10
extern const ms_watched_value ms_watched_values[MS_WATCHED_VALUES];

/** Is this not a value that a property of the kind may have? `text` is trimmed and not empty. */
bool ms_value_is_odd(ms_note_kind kind, const char *text, size_t length);

#endif /* MS_VALUES_H */
