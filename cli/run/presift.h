/* presift.h
 * The sieve's pass over a single capture, made beside the start of Wireshark's libraries: by a
 * process of its own, which needs only wiretap for it and is caged like a worker.
 *
 * It looks ahead of what is not known yet, so its answer may turn out to be of no use: then the
 * capture is read as if nothing had been done. The same happens if it fails in any way.
 *
 * Ownership: what presift_start() made is released by presift_finish().
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_PRESIFT_H
#define MULTISTATUS_PRESIFT_H

#include "options.h"
#include "progress.h"
#include "sift.h"

typedef struct presift presift;

/** To be called before the session starts.
 *  @return NULL if it would not help */
presift *presift_start(const options *o);

/** Waits for the answer.
 *  @param from  may be NULL
 *  @param use   whether there may be a sieve at all, now that this is known
 *  @param shown  how far it is, in the meantime; or NULL
 *  @return NULL if there is no answer of use; freed by sifted_free() */
sifted *presift_finish(presift *from, sieve_use use, progress *shown);

#endif /* MULTISTATUS_PRESIFT_H */
