/* saz.h
 * SAZ files, the sessions that Fiddler saves: a ZIP archive with three members for each exchange,
 * the request (raw/1_c.txt) and the response (raw/1_s.txt) as on the wire, and what Fiddler knows
 * of them (raw/1_m.xml).
 *
 * Ownership: as in saved_session.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_SAZ_H
#define MULTISTATUS_SAZ_H

#include "saved_session.h"
#include "zip_members.h"

/** Is it the name of such a member? */
bool saz_is_member(const char *name);

/** Reads them; others are passed over. The frame of an exchange is its place in the order of their
 *  numbers, from 1. */
capture_result saz_read(const zip_contents *from, const saved_target *to);

#endif /* MULTISTATUS_SAZ_H */
