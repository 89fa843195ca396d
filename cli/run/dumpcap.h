/* dumpcap.h
 * Capturing: dumpcap, Wireshark's own program for that, writes to this process's standard input.
 *
 * Ownership: one at a time; dumpcap_stop() ends what dumpcap_start() began.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_DUMPCAP_H
#define MULTISTATUS_DUMPCAP_H

#include <stdbool.h>
#include <sys/types.h>

/** Starts it; its messages go to standard error.
 *  @param filter  of libpcap, or NULL
 *  @return its process, 0 after a message */
pid_t dumpcap_start(const char *interface, const char *filter);

/** Ends it, if it has not ended by itself. @return false if it had failed */
bool dumpcap_stop(pid_t process);

#endif /* MULTISTATUS_DUMPCAP_H */
