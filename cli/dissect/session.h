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

#include <stdbool.h>

#include "dissect_settings.h"
#include "exit_status.h"

/** No plugins from folders: an installed multistatus.so would register the same protocol a second
 *  time, which ends the process, and what a report says must not depend on what is installed. */
#define SESSION_LOADS_PLUGINS false

/** Prepares the process for reading captures. The dissectors are started unless they may wait until
 *  a capture needs them: that takes longer than reading most captures, and many need none.
 *  @return EXIT_ANALYSED, or another status after a message */
exit_status session_start(const dissect_settings *o, bool verbose, const char *program);

/** Starts the dissectors, unless they are (dissectors.h).
 *  @return as above */
exit_status session_start_dissectors(void);

#endif /* MULTISTATUS_SESSION_H */
