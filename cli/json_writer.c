/* json_writer.c
 * Writing JSON.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "json_writer.h"

#include <string.h>

static void put(json_writer *to, const char *bytes, size_t length)
{
    g_string_append_len(to->text, bytes, (gssize)length);
}

static void begin_value(json_writer *to)
{
    if (to->behind_value)
        g_string_append_c(to->text, ',');
    to->behind_value = true;
}

void json_write_open(json_writer *to, char bracket)
{
    begin_value(to);
    g_string_append_c(to->text, bracket);
    to->behind_value = false;
}

void json_write_close(json_writer *to, char bracket)
{
    g_string_append_c(to->text, bracket);
    to->behind_value = true;
}

void json_write_key(json_writer *to, const char *key)
{
    if (to->behind_value)
        g_string_append_c(to->text, ',');
    g_string_append_c(to->text, '"');
    put(to, key, strlen(key));
    put(to, "\":", 2);
    to->behind_value = false;
}

/* Bytes that a string cannot hold as they are, and the slash, which it sometimes cannot. */
static const bool special[256] = {
    [0x00] = true, [0x01] = true, [0x02] = true, [0x03] = true, [0x04] = true, [0x05] = true,
    [0x06] = true, [0x07] = true, [0x08] = true, [0x09] = true, [0x0a] = true, [0x0b] = true,
    [0x0c] = true, [0x0d] = true, [0x0e] = true, [0x0f] = true, [0x10] = true, [0x11] = true,
    [0x12] = true, [0x13] = true, [0x14] = true, [0x15] = true, [0x16] = true, [0x17] = true,
    [0x18] = true, [0x19] = true, [0x1a] = true, [0x1b] = true, [0x1c] = true, [0x1d] = true,
    [0x1e] = true, [0x1f] = true, ['"'] = true,  ['\\'] = true, ['/'] = true};

static void put_escaped(json_writer *to, char byte)
{
    static const char letters[] = "\bb\tt\nn\ff\rr\"\"\\\\//";
    char escape[8];

    for (const char *at = letters; *at; at += 2) {
        if (*at == byte) {
            put(to, (const char[]){'\\', at[1]}, 2);
            return;
        }
    }
    g_snprintf(escape, sizeof escape, "\\u%04x", (unsigned char)byte);
    put(to, escape, strlen(escape));
}

void json_write_string(json_writer *to, const char *value)
{
    if (!value) {
        json_write_verbatim(to, "null");
        return;
    }
    const char *clean = value, *at = value;

    begin_value(to);
    g_string_append_c(to->text, '"');
    for (;; at++) {
        if (!special[(unsigned char)*at] || (*at == '/' && (at == value || at[-1] != '<')))
            continue;
        put(to, clean, (size_t)(at - clean));
        if (*at == '\0')
            break;
        put_escaped(to, *at);
        clean = at + 1;
    }
    g_string_append_c(to->text, '"');
}

void json_write_number(json_writer *to, int64_t value)
{
    char digits[24];
    char *at = digits + sizeof digits;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

    do
        *--at = (char)('0' + rest % 10);
    while ((rest /= 10) > 0);
    if (value < 0)
        *--at = '-';
    begin_value(to);
    put(to, at, (size_t)(digits + sizeof digits - at));
}

void json_write_verbatim(json_writer *to, const char *value)
{
    begin_value(to);
    put(to, value, strlen(value));
}
