/* text.h
 * Text for people: what came from the wire made safe to print, lines that wrap at words.
 *
 * Ownership: a page appends to a GString that stays the caller's.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_TEXT_H
#define MULTISTATUS_TEXT_H

#include <stdbool.h>

#include <glib.h>

typedef enum { STYLE_PLAIN, STYLE_STRONG, STYLE_QUIET, STYLE_BAD, STYLE_WARN, STYLE_GOOD } style;

/** Appends text from the wire, in one line: what controls a terminal or hides something is shown
 *  (visible.h). */
void text_append_safe(GString *to, const char *text);

/** The columns that a text takes up on a terminal. */
unsigned text_columns(const char *text);

/** "1 capture", "2 captures". The caller frees it with g_free(). */
char *text_count(guint64 n, const char *one, const char *many);

/** "2026-11-22 07:33:23" of a time of ISO 8601; a text that is no such time stays as it is. The
 *  caller frees it with g_free().
 *  @param clock  characters of the time of day: 5 for minutes, 8 for seconds */
char *text_time(const char *time, int clock);

/** Where text goes, and the place in the present line. */
typedef struct {
    GString *to;
    bool color;
    unsigned width;
    unsigned indent; /**< of the lines that follow when one is full */
    unsigned column;
} page;

/** Begins a line: the first one is indented by `first`, the following ones by `rest`. */
void page_line(page *p, unsigned first, unsigned rest);

/** Appends a piece that is kept whole, after `separator` or on a new line. The piece is made safe
 *  to print. */
void page_put(page *p, style look, const char *separator, const char *piece);
/** The same for a phrase, which is broken between words where even a whole line is too short for
 *  it. */
void page_printf(page *p, style look, const char *separator, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

/** Appends a text word by word. Lines end where they are full, not where the text breaks. */
void page_put_words(page *p, style look, const char *text);

void page_end(page *p);

#endif /* MULTISTATUS_TEXT_H */
