/* ascii.h
 * How much of a text is plain ASCII: most bodies are, and need no closer look.
 *
 * Ownership: nothing is handed out.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MS_ASCII_H
#define MS_ASCII_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/** How many bytes at the start of `text` are ASCII and no NUL. */
static inline size_t ms_ascii_length(const char *text, size_t length)
{
    static const uint64_t ones = 0x0101010101010101u, tops = 0x8080808080808080u;
    size_t at = 0;

    /* A byte of zero borrows from above when one is taken away, so that its top bit is set. */
    for (uint64_t words[4]; at + sizeof words <= length; at += sizeof words) {
        memcpy(words, text + at, sizeof words);
        if ((words[0] | (words[0] - ones) | words[1] | (words[1] - ones) | words[2] |
             (words[2] - ones) | words[3] | (words[3] - ones)) &
            tops)
            break;
    }
    for (uint64_t word; at + sizeof word <= length; at += sizeof word) {
        memcpy(&word, text + at, sizeof word);
        if ((word | (word - ones)) & tops)
            break;
    }
    while (at < length && text[at] != '\0' && (unsigned char)text[at] < 0x80)
        at++;
    return at;
}

#endif /* MS_ASCII_H */
