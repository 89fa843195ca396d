/* capture_position.h
 * How far a capture has been read, for those who watch from another thread or process.
 *
 * Ownership: the position is that of who watches, and has to last as long as a teller knows it.
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
    int64_t first_half;         /**< so much was told when the second time began */
} position_teller;

/** A capture begins. */
void capture_position_begin(position_teller *by, bool read_twice);

/** From here on it is read for the second time.
 *  @param size  of the file */
void capture_position_turn(position_teller *by, int64_t size);

/** @param place  in the file */
void capture_position_bytes(const position_teller *by, int64_t place);
void capture_position_frame(const position_teller *by, uint32_t frame);

/** The second time is over, wherever it ended. */
void capture_position_end(const position_teller *by);

#endif /* MULTISTATUS_CAPTURE_POSITION_H */
