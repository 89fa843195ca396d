/* sift.h
 * The sieve's pass over a capture: every record is read, none is dissected.
 *
 * Ownership: the caller frees the sieve that it gets.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_SIFT_H
#define MULTISTATUS_SIFT_H

#include <stdbool.h>

#include "libraries.h"
#include "sieve.h"

typedef struct {
    sieve *by;         /**< NULL if nothing can be left out */
    flow_notes *notes; /**< what the connections carry; the caller's */
    uint32_t frames;   /**< in the capture */
    bool nanoseconds;  /**< some time stamp is that exact */
    bool secrets;      /**< the capture holds keys */
    int err;           /**< of wiretap, 0 at the end of the capture */
    char *err_info;    /**< the caller frees it with g_free() */
} sifted;

/** Can the capture be read twice? A pipe cannot. */
bool sift_can_read(const char *path);

/** One of the files of a capture, mostly the only one. */
typedef struct {
    wtap *wth;
    const char *path;
    int64_t start;   /**< of its places among those of the capture */
    int64_t last;    /**< where its last frame is */
    uint32_t frames; /**< so far, in all files */
} sift_part;

/** Who watches. Both are called now and then. */
typedef struct {
    bool (*must_end)(void *data);             /**< does the user want to end? */
    void (*tell)(void *data, uint64_t bytes); /**< how much of the file was read; or NULL */
    void *data;
    bool impatient; /**< ends as soon as it is certain that only Wireshark can read it */
    /** The file has ended: how does the capture go on? NULL: not at all.
     *  @param[in,out] part  that was read, and the one to read
     *  @return false at the end, or with an error */
    bool (*next)(void *data, sift_part *part, int *err, char **err_info);
} sift_watcher;

/** @param wth     the capture at `path`, open and read no further than its head
 *  @param record  to read into
 *  @param task    what the sieve is made for */
sifted sift(wtap *wth, const char *path, compat_reader *record, sieve_task task,
            const sift_watcher *watcher);

/** Shows a sieve that only counts the record that was just read. */
void sift_show(sieve *to, compat_reader *record);

/** Does the capture hold keys, as far as it was read? */
bool sift_has_secrets(wtap *wth);

/** sieve_is_refuted() of the record that was just read. */
bool sift_is_refuted(const sieve *by, compat_reader *record);

#endif /* MULTISTATUS_SIFT_H */
