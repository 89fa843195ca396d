/* fuzz_flows.c
 * A file of mitmproxy, from its bytes to its records.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "flows.h"
#include "saved.h"

static capture_result read_flows(const uint8_t *bytes, size_t length, const saved_target *to)
{
    saved_file file = {bytes, length, NULL};

    flows_begin(bytes, length);
    saved_begin(to->summary);
    return flows_read(&file, to);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_saved(data, size, read_flows);
    return 0;
}
