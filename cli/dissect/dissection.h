/* dissection.h
 * Frames through epan: a session, the frames that it dissects one after the other, and the
 * exchanges that our dissector reports meanwhile.
 *
 * Ownership: a dissection is its user's, who sets what stands first in it and begins and ends it
 * for each capture. There is one at a time, since there is one epan.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_DISSECTION_H
#define MULTISTATUS_DISSECTION_H

#include <stdbool.h>
#include <stdint.h>

#include "capture_chain.h"
#include "capture_coverage.h"
#include "capture_position.h"
#include "delivery.h"
#include "frame_provider.h"
#include "libraries.h"
#include "real_numbers.h"

typedef struct {
    bool listens; /**< exchanges are told to this one, and frames are numbered by it */
    dfilter_t *filter;
    bool two_passes;
    bool at_once;            /**< hand out every exchange at once */
    bool lacks;              /**< the dissectors are needed and not started: nothing was read */
    capture_record *summary; /**< of the capture that is being read */
    capture_chain *chain;    /**< of the files that it goes on from; NULL: none */
    bool finishing;          /**< no more frames follow */

    frame_provider provider;
    delivery delivery;
    real_numbers numbers;
    capture_coverage coverage;
    position_teller teller;

    compat_reader record; /**< that was read last */
    int file_type;
    bool wants_fields;
    int digits;      /**< of a second, in this frame's time stamp */
    int most_digits; /**< ... of any frame so far */
    epan_t *epan;
    epan_dissect_t *edt; /**< while frames are dissected */
} dissection;

/** A capture was opened; nothing of it has been dissected yet. */
void dissection_begin(dissection *of, capture_record *summary);
void dissection_end(dissection *of);

/** Dissection begins now, from the first frame on. */
void dissection_begin_frames(dissection *of);

/** libwireshark remembers every conversation until its session ends. A new one goes on with the
 *  same frame numbers, as with tshark's -M; responses that had begun are reported as unfinished,
 *  answers to earlier requests have no request. */
void dissection_renew(dissection *of);

/** A pass over frames begins, and ends.
 *  @param taps  it is the pass that reports exchanges and is filtered */
void dissection_begin_pass(dissection *of, bool taps);
void dissection_end_pass(dissection *of);

/** What follows is about the frame that is seen in that place. */
void dissection_at(dissection *of, uint32_t place);

/** Dissects the record that was just read: the frame of an only pass, of the first of two, or of
 *  the second. */
void dissection_only(dissection *of, frame_data *frame);
void dissection_first(dissection *of, frame_data *frame);
void dissection_second(dissection *of, frame_data *frame);

/** An exchange is told to a dissection that is `data`, whoever has found it. Its stream has the
 * number that it has in the capture. */
void dissection_tell(const multistatus_record *told, void *data);

/** No more frames follow: what is open stays open. */
void dissection_finish_exchanges(dissection *of);

/** Reads the next frame, or the one at a place, into dissection.record. */
bool dissection_read(dissection *of, int *err, char **err_info, int64_t *offset);
bool dissection_seek(dissection *of, int64_t offset, int *err, char **err_info);

/** Does the user or the receiver want to stop? */
bool dissection_must_end(const dissection *of);

#endif /* MULTISTATUS_DISSECTION_H */
