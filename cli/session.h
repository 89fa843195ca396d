/* session.h
 * Wireshark's libraries in this process, with our dissector among theirs.
 *
 * Ownership: session_start() once, session_end() once; between them captures are read one after
 * the other. The options must live as long.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_SESSION_H
#define MULTISTATUS_SESSION_H

#include "options.h"

/** Starts the libraries and applies the user's settings, then ours, then those of the options.
 *  @return EXIT_ANALYSED, or another status after a message */
exit_status session_start(const options *o, const char *program);

void session_end(void);

#endif /* MULTISTATUS_SESSION_H */
