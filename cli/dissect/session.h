/* session.h
 * Wireshark's libraries in this process, with our dissector among theirs.
 *
 * Ownership: session_start() once, then captures are read one after the other. The settings must
 * live as long. What the libraries hold is freed when the process ends: freeing it piece by piece
 * takes longer.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_SESSION_H
#define MULTISTATUS_SESSION_H

#include "dissect_settings.h"
#include "exit_status.h"

/** Starts the libraries and applies the user's settings, then ours, then those of the options.
 *  @return EXIT_ANALYSED, or another status after a message */
exit_status session_start(const dissect_settings *o, bool verbose, const char *program);

#endif /* MULTISTATUS_SESSION_H */
