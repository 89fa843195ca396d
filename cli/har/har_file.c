/* har_file.c
 * The encodings of a HAR file.
 *
 * RFC 2781 (UTF-16).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "har_file.h"

#include <stdbool.h>
#include <string.h>

#include <glib.h>

/* -------------------------------------------------------------------------------- encoding ---- */

typedef struct {
    size_t mark;
    bool wide;   /* UTF-16 */
    bool little; /* ... little-endian */
} encoding;

static bool has(const uint8_t *bytes, size_t length, const char *beginning, size_t n)
{
    return length >= n && memcmp(bytes, beginning, n) == 0;
}

/* A JSON text begins with two characters of ASCII (RFC 4627 section 3). */
static encoding encoding_of(const uint8_t *bytes, size_t length)
{
    if (has(bytes, length, "\xEF\xBB\xBF", 3))
        return (encoding){3, false, false};
    if (has(bytes, length, "\xFF\xFE", 2))
        return (encoding){2, true, true};
    if (has(bytes, length, "\xFE\xFF", 2))
        return (encoding){2, true, false};
    if (length >= 2 && bytes[0] != 0 && bytes[1] == 0)
        return (encoding){0, true, true};
    if (length >= 2 && bytes[0] == 0 && bytes[1] != 0)
        return (encoding){0, true, false};
    return (encoding){0, false, false};
}

static gunichar unit_at(const uint8_t *bytes, size_t at, bool little)
{
    return little ? bytes[at] | (gunichar)bytes[at + 1] << 8
                  : (gunichar)bytes[at] << 8 | bytes[at + 1];
}

static bool is_high(gunichar unit)
{
    return unit >= 0xD800 && unit < 0xDC00;
}

static bool is_low(gunichar unit)
{
    return unit >= 0xDC00 && unit < 0xE000;
}

#define REPLACEMENT 0xFFFD

/* Half a surrogate pair becomes U+FFFD: it does not make the file unreadable. */
static void convert(GString *to, const uint8_t *bytes, size_t length, bool little, size_t limit)
{
    for (size_t at = 0; at + 1 < length && to->len < limit; at += 2) {
        gunichar unit = unit_at(bytes, at, little);

        if (is_high(unit) && at + 3 < length && is_low(unit_at(bytes, at + 2, little))) {
            unit = 0x10000 + ((unit - 0xD800) << 10) + (unit_at(bytes, at + 2, little) - 0xDC00);
            at += 2;
        } else if (is_high(unit) || is_low(unit)) {
            unit = REPLACEMENT;
        }
        g_string_append_unichar(to, unit);
    }
}

/* ------------------------------------------------------------------------------------ text ---- */

har_text har_text_of(const uint8_t *bytes, size_t length, size_t limit)
{
    encoding is = encoding_of(bytes, length);
    har_text made = {.mark = is.mark};

    if (is.wide) {
        GString *text = g_string_new(NULL);

        convert(text, bytes + is.mark, length - is.mark, is.little, limit);
        made.mark = 0;
        made.length = text->len;
        made.text = g_string_free(text, FALSE);
        return made;
    }
    made.length = length - is.mark;
    made.text = g_malloc(made.length + 1);
    if (made.length > 0)
        memcpy(made.text, bytes + is.mark, made.length);
    made.text[made.length] = '\0';
    return made;
}

void har_text_clear(har_text *of)
{
    g_clear_pointer(&of->text, g_free);
}
