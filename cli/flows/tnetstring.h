/* tnetstring.h
 * Typed netstrings, as mitmproxy writes them: "LENGTH:BYTES" and a letter for the type.
 *
 * Ownership: values point into the bytes that they were read from.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_TNETSTRING_H
#define MULTISTATUS_TNETSTRING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    TNET_NONE = 0, /**< there is no value */
    TNET_BYTES = ',',
    TNET_TEXT = ';',
    TNET_INTEGER = '#',
    TNET_FLOAT = '^',
    TNET_BOOLEAN = '!',
    TNET_NULL = '~',
    TNET_LIST = ']',
    TNET_DICTIONARY = '}'
} tnet_type;

typedef struct {
    tnet_type type;
    const uint8_t *bytes; /**< what is between the colon and the letter */
    size_t length;
} tnet;

typedef enum {
    TNET_READ,
    TNET_CUT,    /**< it goes on behind the end */
    TNET_DAMAGED /**< this is none */
} tnet_result;

/** Reads the value that begins at `*at`, and moves there behind it.
 *  @param to  set if it was read */
tnet_result tnet_next(const uint8_t **at, const uint8_t *end, tnet *to);

/** Takes the first value off a list or a dictionary (of which keys and values take turns). False at
 *  the end, and where it is damaged: then `rest` is not empty. */
bool tnet_take(tnet *rest, tnet *to);

/** The value of a key; the last one counts. Its type is TNET_NONE if there is none. */
tnet tnet_member(const tnet *of, const char *key);

/** Is it made of whole values, and a dictionary of pairs? Does not look into them. */
bool tnet_is_whole(const tnet *of);

/** Text or bytes? */
bool tnet_is_string(const tnet *of);

/** The value of a number; the other one if it is none. */
double tnet_number(const tnet *of, double otherwise);

#endif /* MULTISTATUS_TNETSTRING_H */
