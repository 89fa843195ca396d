/* saz_entry.h
 * An exchange of a SAZ file.
 *
 * Ownership: a source borrows its bytes from the archive; what was read from the XML belongs to the
 * session.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_SAZ_ENTRY_H
#define MULTISTATUS_SAZ_ENTRY_H

#include "saved_session.h"
#include "zip_members.h"

typedef enum { SAZ_REQUEST, SAZ_RESPONSE, SAZ_ABOUT, SAZ_PARTS } saz_part;

/** What Fiddler knows of an exchange. */
typedef struct {
    saved_times times;
    char *client, *client_port; /**< NULL where it does not say */
    char *server;
    unsigned flags;
} saz_about;

/** Bits of `flags`. */
#define SAZ_BLIND_TUNNEL 0x1000u

typedef struct {
    uint64_t number;
    const zip_member *parts[SAZ_PARTS]; /**< NULL where one is missing */
    saz_about about;
} saz_session;

/** Of XML that is damaged, what stands before the damage counts. */
saz_about saz_about_read(const GByteArray *xml);
void saz_about_clear(saz_about *of);

/** For saved_source: `source` is a GArray of saz_session. */
bool saz_entry_read(void *source, uint32_t index, bool whole, saved_entry *to);

#endif /* MULTISTATUS_SAZ_ENTRY_H */
