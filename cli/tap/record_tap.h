/* record_tap.h
 * Records of what the dissector's tap delivers.
 *
 * Ownership: the caller owns the first reference to the record; what was tapped is copied.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_RECORD_TAP_H
#define MULTISTATUS_RECORD_TAP_H

#include "multistatus_record.h"
#include "record.h"

/** Makes a record of what the tap delivers.
 *  @param capture  name of the capture, any bytes
 *  @param digits   of fractions of a second: 6 or 9
 *  @return a record with one reference */
exchange_record *exchange_record_new(const multistatus_record *tapped, const char *capture,
                                     int digits);

#endif /* MULTISTATUS_RECORD_TAP_H */
