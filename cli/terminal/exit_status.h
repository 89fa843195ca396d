/* exit_status.h
 * How the command exits.
 *
 * Ownership: nothing is owned.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_EXIT_STATUS_H
#define MULTISTATUS_EXIT_STATUS_H

/** The exit status of the process (docs: exit status). */
typedef enum {
    EXIT_ANALYSED = 0,
    EXIT_USAGE = 1,
    EXIT_SOME_FAILED = 2,  /**< some input failed or was cut off, or the output did */
    EXIT_EVERY_FAILED = 3, /**< no input could be opened */
    EXIT_BAD_SETTING = 4,  /**< filter, preference, decode-as rule, protocol, key log */
    EXIT_MATCHED = 10,     /**< --fail-on */
    EXIT_INTERRUPTED = 130
} exit_status;

#endif /* MULTISTATUS_EXIT_STATUS_H */
