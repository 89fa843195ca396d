/* fuzz.h
 * What the fuzz targets share: taking a fuzzer's bytes apart, and copies on the heap that are
 * exactly as long as what they hold, so that reading one byte too many is noticed.
 *
 * Ownership: what fuzz_copy() and fuzz_text() return belongs to the caller, who calls free() for
 * the first, g_free() for the second.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** The rest of the fuzzer's bytes. */
typedef struct {
    const uint8_t *at;
    size_t left;
} fuzz_input;

/** The next byte; 0 after the end. */
static inline uint8_t fuzz_byte(fuzz_input *input)
{
    if (input->left == 0)
        return 0;
    input->left--;
    return *input->at++;
}

/** The next `length` bytes or as many as there are, as a copy; `length` becomes how many. */
static inline char *fuzz_copy(fuzz_input *input, size_t *length)
{
    *length = MIN(*length, input->left);
    char *copy = malloc(*length > 0 ? *length : 1);

    if (!copy)
        abort();
    if (*length == 0)
        return copy;
    memcpy(copy, input->at, *length);
    input->at += *length;
    input->left -= *length;
    return copy;
}

/** The same as a string, up to its first NUL. */
static inline char *fuzz_text(fuzz_input *input, size_t length)
{
    char *copy = fuzz_copy(input, &length);
    char *text = g_strndup(copy, length);

    free(copy);
    return text;
}

/** Ends the process, which the fuzzer takes for a finding, if what has to be true is not. */
#define fuzz_check(condition)                                                                      \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            g_printerr("%s:%d: not true: %s\n", __FILE__, __LINE__, #condition);                   \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

#endif /* FUZZ_H */
