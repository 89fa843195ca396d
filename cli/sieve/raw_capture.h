/* raw_capture.h
 * The packets of an ordinary pcap or pcapng file, read without wiretap's cost per record: for a
 * pass over all of them that needs only their bytes.
 *
 * It gives exactly the packets that wiretap would, or it says that it is not sure: about whatever
 * is rare in such a file, or wrong.
 *
 * Ownership: raw_capture_open() returns what raw_capture_close() releases. A packet's bytes are
 * valid until the next call.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_RAW_CAPTURE_H
#define MULTISTATUS_RAW_CAPTURE_H

#include <stdbool.h>
#include <stdint.h>

#include <wiretap/wtap.h>

typedef struct raw_capture raw_capture;

typedef struct {
    int encapsulation; /**< wiretap's WTAP_ENCAP_ */
    bool nanoseconds;  /**< its time stamp is that exact */
    const uint8_t *bytes;
    uint32_t captured, reported;
    int64_t offset; /**< as wtap_read() tells it */
} raw_packet;

typedef enum {
    RAW_PACKET,
    RAW_END,   /**< of a file that holds nothing else and is in order */
    RAW_UNSURE /**< only wiretap knows how this file goes on */
} raw_answer;

/** @param wth  the same file, open and read no further than its head
 *  @return NULL if this is not for it */
raw_capture *raw_capture_open(const char *path, wtap *wth);
void raw_capture_close(raw_capture *capture);

/** The next packet. Not to be called again after another answer than RAW_PACKET. */
raw_answer raw_capture_next(raw_capture *from, raw_packet *packet);

#endif /* MULTISTATUS_RAW_CAPTURE_H */
