/* disorder.c
 * Segments that were captured out of order, where Wireshark does not put them in order.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "disorder.h"

#include <glib.h>

#include <epan/prefs.h>

/* Needs the other one before it. */
#include <epan/prefs-int.h>

#include "serial.h"

void disorder_note(disorder *of, const segment *came)
{
    uint32_t length = (uint32_t)came->reported, end = came->sequence + length;

    if (came->syn) {
        *of = (disorder){.known = true, .next = came->sequence + 1, .times = of->times};
        return;
    }
    if (length == 0)
        return;
    int32_t ahead = of->known ? serial_distance(of->next, came->sequence) : 0;

    /* What comes once more was not missing. */
    if (ahead > 0 || (ahead < 0 && of->missing > 0))
        of->times++;
    if (ahead > 0)
        of->missing += (uint32_t)ahead;
    else if (ahead < 0)
        of->missing -= MIN(of->missing, length);
    if (!of->known || serial_distance(of->next, end) > 0)
        of->next = end;
    of->known = true;
}

bool disorder_matters(void)
{
    module_t *tcp = prefs_find_module("tcp");
    pref_t *orders = tcp ? prefs_find_preference(tcp, "reassemble_out_of_order") : NULL;

    return !orders || !prefs_get_bool_value(orders, pref_current);
}
