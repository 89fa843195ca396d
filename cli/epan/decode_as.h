/* decode_as.h
 * The option -d of tshark: LAYER==SELECTOR,PROTOCOL.
 *
 * Ownership: rules are only read.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_DECODE_AS_H
#define MULTISTATUS_DECODE_AS_H

#include <stdbool.h>

/** Applies a rule such as "tcp.port==8000-8010,http", "tcp.port==8000:3,http" (three ports) or
 *  "media_type==application/x-dav,xml". epan must be there.
 *  @return false after a message that says what is wrong */
bool decode_as(const char *rule);

#endif /* MULTISTATUS_DECODE_AS_H */
