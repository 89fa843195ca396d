/* fuzz_har.c
 * A session that a program saved, whichever it is (HAR, compressed, in an archive), from its bytes
 * to its records.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "saved.h"
#include "session_file.h"

static capture_result read_session(const uint8_t *bytes, size_t length, const saved_target *to)
{
    return session_bytes_read(bytes, length, false, to);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_saved(data, size, read_session);
    return 0;
}
