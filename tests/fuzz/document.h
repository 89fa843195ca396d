/* document.h
 * Decoding the fuzzer's bytes, and what must be true of the document, whatever they are.
 *
 * Ownership: everything stays the caller's.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef FUZZ_DOCUMENT_H
#define FUZZ_DOCUMENT_H

#include <stddef.h>

#include "multistatus.h"

/** Decodes a body with and without the values of properties, and ends the process unless both
 *  documents are sound and whether somebody looks at the values changes nothing else. */
void document_check(const char *body, size_t length, ms_context context);

#endif /* FUZZ_DOCUMENT_H */
