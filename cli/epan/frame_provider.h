/* frame_provider.h
 * What epan asks about frames other than the one that it dissects: when they were captured, and on
 * which interface.
 *
 * Ownership: a provider is its user's, who begins and ends it around a session of epan and keeps
 * the capture open meanwhile. The frames of the first of two passes are the provider's.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_FRAME_PROVIDER_H
#define MULTISTATUS_FRAME_PROVIDER_H

#include <stdbool.h>
#include <stdint.h>

#include "dissection.h"

/** @param keep_frames  there will be a second pass */
void frame_provider_begin(frame_provider *of, bool keep_frames);
void frame_provider_end(frame_provider *of);

/** A session of epan that asks this provider; the caller's. */
epan_t *frame_provider_session(frame_provider *of);

/** To be called before the dissection of a frame. */
void frame_provider_before(frame_provider *of, frame_data *frame);

/** The frame was dissected, and is not needed any more: what is asked of it later is kept. */
void frame_provider_drop(frame_provider *of, frame_data *frame);

/** The frame was dissected in the first pass: it is kept for the second one. */
void frame_provider_keep(frame_provider *of, frame_data *frame);

#endif /* MULTISTATUS_FRAME_PROVIDER_H */
