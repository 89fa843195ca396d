/* tnetstring.c
 * Typed netstrings. Each length is checked against what holds it, so that whatever is read lies
 * inside the file, and nothing is read twice for being nested.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "tnetstring.h"

#include <math.h>
#include <string.h>

#include <glib.h>

/* Digits of a length: those that mitmproxy itself takes. */
#define MOST_DIGITS 12

static bool is_type(uint8_t c)
{
    return c != '\0' && strchr(",;#^!~]}", c) != NULL;
}

tnet_result tnet_next(const uint8_t **at, const uint8_t *end, tnet *to)
{
    const uint8_t *from = *at;
    uint64_t length = 0;

    while (from < end && g_ascii_isdigit(*from) && from - *at < MOST_DIGITS)
        length = length * 10 + (uint64_t)(*from++ - '0');
    if (from == end)
        return TNET_CUT;
    if (from == *at || *from != ':')
        return TNET_DAMAGED;
    from++;
    if (length >= (uint64_t)(end - from))
        return TNET_CUT;
    if (!is_type(from[length]))
        return TNET_DAMAGED;
    *to = (tnet){(tnet_type)from[length], from, (size_t)length};
    *at = from + length + 1;
    return TNET_READ;
}

bool tnet_take(tnet *rest, tnet *to)
{
    if (rest->length == 0)
        return false;
    const uint8_t *at = rest->bytes, *end = rest->bytes + rest->length;

    if (tnet_next(&at, end, to) != TNET_READ)
        return false;
    rest->length = (size_t)(end - at);
    rest->bytes = at;
    return true;
}

bool tnet_is_string(const tnet *of)
{
    return of->type == TNET_BYTES || of->type == TNET_TEXT;
}

tnet tnet_member(const tnet *of, const char *key)
{
    tnet found = {TNET_NONE, NULL, 0}, rest = *of, name, value;
    size_t length = strlen(key);

    if (of->type != TNET_DICTIONARY)
        return found;
    while (tnet_take(&rest, &name) && tnet_take(&rest, &value)) {
        if (tnet_is_string(&name) && name.length == length && memcmp(name.bytes, key, length) == 0)
            found = value;
    }
    return found;
}

bool tnet_is_whole(const tnet *of)
{
    tnet rest = *of, value;
    bool key = false;

    while (tnet_take(&rest, &value))
        key = !key;
    return rest.length == 0 && (of->type != TNET_DICTIONARY || !key);
}

double tnet_number(const tnet *of, double otherwise)
{
    char text[64], *end;

    if ((of->type != TNET_FLOAT && of->type != TNET_INTEGER) || of->length == 0 ||
        of->length >= sizeof text)
        return otherwise;
    memcpy(text, of->bytes, of->length);
    text[of->length] = '\0';
    double value = g_ascii_strtod(text, &end);

    return *end == '\0' && isfinite(value) ? value : otherwise;
}
