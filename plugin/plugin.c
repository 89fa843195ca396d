/* plugin.c
 * What Wireshark and TShark look up when they load the plugin.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <epan/packet.h>
#include <epan/proto.h>

#include "compat.h"
#include "multistatus-tap.h"

/* Windows: what is declared above comes from Wireshark's libraries, what follows goes out of this
 * one. */
#undef WS_BUILD_DLL
#define WS_BUILD_DLL
#define RESET_SYMBOL_EXPORT
#include <ws_symbol_export.h>

WS_DLL_PUBLIC const char plugin_version[];
WS_DLL_PUBLIC const int plugin_want_major;
WS_DLL_PUBLIC const int plugin_want_minor;

WS_DLL_PUBLIC_DEF const char plugin_version[] = MULTISTATUS_VERSION;
WS_DLL_PUBLIC_DEF const int plugin_want_major = WIRESHARK_VERSION_MAJOR;
WS_DLL_PUBLIC_DEF const int plugin_want_minor = WIRESHARK_VERSION_MINOR;

WS_DLL_PUBLIC void plugin_register(void);

void plugin_register(void)
{
    static proto_plugin plugin = {
        .register_protoinfo = proto_register_multistatus,
        .register_handoff = proto_reg_handoff_multistatus,
    };

    proto_register_plugin(&plugin);
}

#if WIRESHARK_AT_LEAST(4, 4)
WS_DLL_PUBLIC uint32_t plugin_describe(void);

uint32_t plugin_describe(void)
{
    return WS_PLUGIN_DESC_DISSECTOR;
}
#endif
