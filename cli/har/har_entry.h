/* har_entry.h
 * The entries of a HAR file, one after the other.
 *
 * Ownership: a source borrows the JSON; har_source_clear() releases the rest.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_HAR_ENTRY_H
#define MULTISTATUS_HAR_ENTRY_H

#include "json_tokens.h"
#include "saved_session.h"

typedef struct {
    const ms_json *json;
    GArray *entries; /**< their tokens */
    GArray *times;   /**< saved_times of each */
} har_source;

/** The value of a member, 0 (which is the root, never a member) if there is none. */
uint32_t har_member(const ms_json *json, uint32_t object, const char *name);

/** The entries of the array, as far as they are whole. */
har_source har_source_new(const ms_json *json, uint32_t array);
void har_source_clear(har_source *of);

/** For saved_source. */
bool har_entry_read(void *source, uint32_t index, bool whole, saved_entry *to);

#endif /* MULTISTATUS_HAR_ENTRY_H */
