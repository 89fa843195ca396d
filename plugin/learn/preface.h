/* preface.h
 * Clear-text HTTP/2 away from HTTP's ports.
 *
 * Ownership: nothing is handed out.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_PREFACE_H
#define MULTISTATUS_PREFACE_H

/** Call it at handoff.
 *  @param proto  the protocol without which it does nothing */
void preface_register(int proto);

#endif /* MULTISTATUS_PREFACE_H */
