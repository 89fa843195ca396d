/* dissectors.h
 * Wireshark's dissectors, with ours among them: a module that is opened when they are needed.
 *
 * Opening libwireshark takes far longer than reading most captures, and many need none of it. What
 * calls it is in cli/epan/, in the module; the command knows it by this table only.
 *
 * Ownership: tables are constants.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_DISSECTORS_H
#define MULTISTATUS_DISSECTORS_H

#include <stdbool.h>

#include "coverage.h"
#include "dissect_settings.h"
#include "exit_status.h"
#include "libraries.h"

struct dissection;

typedef struct {
    const char *build;            /**< DISSECTORS_BUILD */
    const char *(*version)(void); /**< of libwireshark */
    /** Starts them, and applies the user's settings, then ours, then those of the options.
     *  @return EXIT_ANALYSED, or another status after a message */
    exit_status (*start)(const dissect_settings *o);

    /* The rest may be called when they have been started. */

    /** Does a preference or a table differ from the default that may matter?
     *  @param[in,out] keys  set if one may open TLS */
    bool (*settings_differ)(bool *keys);
    const char *(*keylog)(void);      /**< its path, by a preference; or NULL */
    const char *(*read_format)(void); /**< of -X; or NULL */
    coverage_terms (*terms)(bool keys);

    /** Dissects the capture that is open from its start, all frames of it.
     *  @return wiretap's error, or 0 */
    int (*read_all)(struct dissection *by, char **err_info);
    /** Dissects what the sieve has kept of it. As always, it ends where it cannot be read.
     *  @param seeks  frames are fetched by their places */
    int (*read_kept)(struct dissection *by, bool seeks, char **err_info);
    void (*end_session)(struct dissection *by);
} dissectors;

/** Program and module fit each other if this is the same in both. */
#define DISSECTORS_BUILD                                                                           \
    MULTISTATUS_VERSION " for Wireshark " G_STRINGIFY(WIRESHARK_VERSION_MAJOR) "." G_STRINGIFY(    \
        WIRESHARK_VERSION_MINOR)

/** The only name that is looked up in the module. */
__attribute__((visibility("default"))) extern const dissectors multistatus_dissectors;

/** Where the module is: seen from the folder of the program, or else. It is looked for nowhere
 * else. Both have to last. */
void dissectors_are_at(const char *from_program, const char *folder);

/** Opens the module, unless it is. @return NULL after a message */
const dissectors *dissectors_open(void);

/** For a program that has them without a module. */
void dissectors_have(const dissectors *table);

/** Starts them, unless they are. @return as start() */
exit_status dissectors_start(const dissect_settings *o);

/** NULL if they have not been started, in this process or the one that has forked it. */
const dissectors *dissectors_there(void);

#endif /* MULTISTATUS_DISSECTORS_H */
