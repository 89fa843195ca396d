/* plugin.c
 * What Wireshark and TShark look up when they load the plugin.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <epan/packet.h>
#include <epan/proto.h>

#include "compat.h"
#include "multistatus-tap.h"

#define EXPORTED __attribute__((visibility("default")))

EXPORTED extern const char plugin_version[];
EXPORTED extern const int plugin_want_major;
EXPORTED extern const int plugin_want_minor;

const char plugin_version[] = MULTISTATUS_VERSION;
const int plugin_want_major = WIRESHARK_VERSION_MAJOR;
const int plugin_want_minor = WIRESHARK_VERSION_MINOR;

EXPORTED void plugin_register(void);

void plugin_register(void)
{
    static proto_plugin plugin = {
        .register_protoinfo = proto_register_multistatus,
        .register_handoff = proto_reg_handoff_multistatus,
    };

    proto_register_plugin(&plugin);
}

#if WIRESHARK_AT_LEAST(4, 4)
EXPORTED uint32_t plugin_describe(void);

uint32_t plugin_describe(void)
{
    return WS_PLUGIN_DESC_DISSECTOR;
}
#endif
