/* srt.h
 * Response times of the answers that are shown, by method: Statistics > Service Response Time >
 * Multi-Status, and -z multistatus,srt[,FILTER].
 *
 * Ownership: nothing is handed out.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_SRT_H
#define MULTISTATUS_SRT_H

/** Registers the table of `proto`. Call it at registration. */
void srt_register(int proto);

#endif /* MULTISTATUS_SRT_H */
