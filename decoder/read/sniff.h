/* sniff.h
 * Is a body worth parsing?
 *
 * Ownership: the body is only read.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MS_SNIFF_H
#define MS_SNIFF_H

#include <stdbool.h>
#include <stddef.h>

/** As many bytes of a body ms_sniff() looks at. */
#define MS_SNIFF_WINDOW 8192

/** Could this body be Multi-Status? Looks at the name of the first tag in the first few kilobytes,
 *  without parsing, in any encoding that leaves ASCII readable or interleaves it with NULs
 *  (UTF-16). False positives are possible; a root after more than that many bytes of comments is
 *  missed. */
bool ms_sniff(const void *body, size_t length);

#endif /* MS_SNIFF_H */
