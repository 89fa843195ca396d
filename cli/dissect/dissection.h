/* dissection.h
 * A capture that is being read, whether its frames go through epan (cli/epan/frames.h) or not, and
 * the exchanges that are found in it.
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
#include "libraries.h"
#include "real_numbers.h"
#include <epan/frame_data_sequence.h>

/** What epan asks for frames (cli/epan/frame_provider.h). The name is epan's, the contents are
 * ours. */
struct packet_provider_data {
    wtap *wth;                   /**< opened and closed by the user */
    frame_data_sequence *frames; /**< two passes only */
    const frame_data *reference;
    const frame_data *previous_displayed;
    const frame_data *previous_captured;
    frame_data kept_reference, kept_previous; /**< copies, where frames do not last */
    nstime_t elapsed;                         /**< up to the frame dissected last */
    uint32_t bytes;                           /**< ... and captured */
};

typedef struct packet_provider_data frame_provider;

typedef struct dissection {
    bool listens; /**< exchanges are told to this one, and frames are numbered by it */
    bool two_passes;
    size_t renew_at;         /**< of pipes: bytes by which the session of epan may grow; 0: any */
    bool live;               /**< it is a pipe */
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

/** What follows is about the frame that is seen in that place. */
void dissection_at(dissection *of, uint32_t place);

/** An exchange is told to a dissection that is `data`, whoever has found it. Its stream has the
 * number that it has in the capture. */
void dissection_tell(const multistatus_record *told, void *data);

/** The same. @return the record that was made of it, whose stream is not the real one yet; or NULL,
 *  if it was told when one of the files before this one was read */
exchange_record *dissection_take(dissection *of, const multistatus_record *told);

/** Reads the next frame, or the one at a place, into dissection.record. */
bool dissection_read(dissection *of, int *err, char **err_info, int64_t *offset);
bool dissection_seek(dissection *of, int64_t offset, int *err, char **err_info);

/** Does the user or the receiver want to stop? */
bool dissection_must_end(const dissection *of);

#endif /* MULTISTATUS_DISSECTION_H */
