/* limit_table.h
 * The limits of the decoder, and how far they may be changed: one table for the decoder, the
 * preferences of the plugin (-o multistatus.NAME:VALUE) and what a finding says (docs/limits.md).
 *
 * Ownership: everything here is constant.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MS_LIMIT_TABLE_H
#define MS_LIMIT_TABLE_H

#include "model.h"

typedef struct ms_limit {
    const char *name;  /**< of the preference: "max_depth" */
    const char *what;  /**< in a sentence: "the depth of elements" */
    const char *title; /**< for the person who sets it */
    const char *help;
    uint32_t standard; /**< the default */
    uint32_t most;     /**< the most that can be asked for */
} ms_limit;

extern const ms_limit ms_limit_table[MS_LIMIT_KINDS];

/** A limit in force: what the user set, kept between 1 and the most there may be.
 *  @param limits  NULL for the standard ones */
uint32_t ms_limit_of(const ms_limits *limits, ms_limit_kind kind);

/** The same for all of them. */
ms_limits ms_limits_in_force(const ms_limits *limits);

#endif /* MS_LIMIT_TABLE_H */
