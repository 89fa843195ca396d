/* format.h
 * What a report format is: functions that append to a text what they are given.
 *
 * Ownership: what a rendering points to stays the caller's, but `state` is the format's own: made
 * in begin(), and released by release(), or by g_free() where a format has none.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_FORMAT_H
#define MULTISTATUS_FORMAT_H

#include <stdbool.h>

#include "record.h"
#include "settings.h"
#include "view.h"

/** A result in the making. */
typedef struct {
    GString *text; /**< what the functions append to; it is written and emptied between calls */
    const report_settings *settings;
    bool color;
    unsigned width; /**< columns to fill */
    void *state;
    int error; /**< errno of what went wrong: then the result is not there */
} rendering;

/** A format. Every function may be NULL. Records come as they are found, the view after the last.
 *  report() is called once, if at all, and more() after it until it has nothing to append. */
typedef struct {
    const char *name;
    void (*begin)(rendering *r);
    void (*exchange)(rendering *r, const exchange_record *record);
    void (*capture)(rendering *r, const capture_record *record);
    void (*report)(rendering *r, const report_view *view);
    bool (*more)(rendering *r);
    void (*release)(rendering *r);
    bool binary;       /**< nothing for a terminal */
    const char *lacks; /**< the library without which this build cannot write it; or NULL */
} format;

#endif /* MULTISTATUS_FORMAT_H */
