/* flows.h
 * Files of mitmproxy: the flows that mitmproxy, mitmdump and mitmweb save.
 *
 * Ownership: as in saved_session.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_FLOWS_H
#define MULTISTATUS_FLOWS_H

#include "saved_session.h"

/** Flows of a file; what is behind them is not read. */
#define FLOWS_LIMIT 1000000u

/** Does a file begin like one? No capture format does. */
bool flows_begin(const uint8_t *start, size_t length);

/** Reads one. The frame of an exchange is the number of its flow, from 1. */
capture_result flows_read(const saved_file *from, const saved_target *to);

#endif /* MULTISTATUS_FLOWS_H */
