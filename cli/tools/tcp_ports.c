/* tcp_ports.c
 * Prints, as C, the TCP ports of which Wireshark takes what comes for a certain protocol: the sieve
 * has to know them without it (cli/sieve/ports.h). Run by the build.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <stdint.h>
#include <stdio.h>

#include "libraries.h"
#include <wsutil/privileges.h>

#define PORTS 65536

static uint8_t taken[PORTS / 8];

static void note_port(const gchar *table, ftenum_t type, gpointer key, gpointer value,
                      gpointer data)
{
    unsigned port = GPOINTER_TO_UINT(key);

    (void)table;
    (void)type;
    (void)value;
    (void)data;
    if (port < PORTS)
        taken[port / 8] |= (uint8_t)(1u << port % 8);
}

int main(int argc, char **argv)
{
    (void)argc;
    compat_log_init("tcp_ports", NULL);
    init_process_policies();
    g_free(compat_configuration_init(argv[0]));
    wtap_init(FALSE);
    if (!epan_init(NULL, NULL, FALSE))
        return 1;
    dissector_table_foreach("tcp.port", note_port, NULL);
    printf("/* Made by cli/tools/tcp_ports.c. */\n#include \"ports.h\"\n\n"
           "const uint8_t ports_taken[%d] = {",
           PORTS / 8);
    for (size_t i = 0; i < sizeof taken; i++)
        printf("%s%u,", i % 16 == 0 ? "\n    " : " ", taken[i]);
    printf("\n};\n");
    return fflush(stdout) == 0 ? 0 : 1;
}
