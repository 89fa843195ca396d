/* json_writer.h
 * Writing JSON (RFC 8259): the one way on which the command does it. Strings are valid UTF-8; what
 * must be escaped in them is, and "</", so that a script element may hold the text.
 *
 * Ownership: the text that is written to stays the caller's.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_JSON_WRITER_H
#define MULTISTATUS_JSON_WRITER_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

/** Begun with a text and nothing else set. */
typedef struct {
    GString *text;
    bool behind_value; /**< private: what comes next needs a comma */
} json_writer;

/** @param bracket  '{' or '[', '}' or ']' */
void json_write_open(json_writer *to, char bracket);
void json_write_close(json_writer *to, char bracket);

/** The name of a member, which is written as it is: plain ASCII. Its value comes next. */
void json_write_key(json_writer *to, const char *key);

/** A string, or null. */
void json_write_string(json_writer *to, const char *value);
void json_write_number(json_writer *to, int64_t value);

/** What is JSON already: "true", "null", a decimal number. */
void json_write_verbatim(json_writer *to, const char *value);

#endif /* MULTISTATUS_JSON_WRITER_H */
