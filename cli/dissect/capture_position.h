/* capture_position.h
 * How far a capture has been read, for whoever watches from another thread or process.
 *
 * Ownership: the position belongs to whoever watches it, and has to outlive every teller that was
 * given it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_CAPTURE_POSITION_H
#define MULTISTATUS_CAPTURE_POSITION_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct {
    _Atomic uint32_t frame;       /**< begun last; 0 before the first */
    _Atomic uint64_t bytes;       /**< of the file */
    _Atomic uint32_t connections; /**< over TCP that are open now; of a pipe only */
} capture_position;

/** Who tells it. */
typedef struct {
    capture_position *position; /**< NULL if nobody watches */
    bool halves;                /**< the capture is read twice: each time counts half */
    uint32_t before;            /**< frames of other files, which do not count */
    int64_t start;              /**< ... and where they end */
    int64_t first_half;         /**< what had been reported when the second reading began */
} position_teller;

/** A capture begins. */
void capture_position_begin(position_teller *by, bool read_twice);

/** From here on it is being read a second time.
 *  @param size  of the file */
void capture_position_turn(position_teller *by, int64_t size);

/** @param place  in the file */
void capture_position_bytes(const position_teller *by, int64_t place);
void capture_position_frame(const position_teller *by, uint32_t frame);

/** The second reading is over, wherever it ended. */
void capture_position_end(const position_teller *by);

#endif /* MULTISTATUS_CAPTURE_POSITION_H */
