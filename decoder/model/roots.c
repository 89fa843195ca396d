/* roots.c
 * The elements that may be the root of a body that is read.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "roots.h"

#include <string.h>

#include "names.h"

const ms_root_kind ms_root_kinds[MS_ROOT_KINDS] = {
    {MS_ROOT_MULTISTATUS, "multistatus", MS_NS_DAV, NULL},
    {MS_ROOT_MKCOL, "mkcol-response", MS_NS_DAV, "MKCOL"},
    {MS_ROOT_MKCALENDAR, "mkcalendar-response", MS_NS_CALDAV, "MKCALENDAR"},
};

const ms_root_kind *ms_root_named(const char *local, size_t length)
{
    for (size_t i = 0; i < MS_ROOT_KINDS; i++) {
        if (strlen(ms_root_kinds[i].local) == length &&
            memcmp(ms_root_kinds[i].local, local, length) == 0)
            return &ms_root_kinds[i];
    }
    return NULL;
}

const ms_root_kind *ms_root_kind_of(ms_root root)
{
    for (size_t i = 0; i < MS_ROOT_KINDS; i++) {
        if (ms_root_kinds[i].root == root)
            return &ms_root_kinds[i];
    }
    return &ms_root_kinds[0];
}

bool ms_root_answers(const ms_root_kind *kind, const char *method)
{
    return method && kind->method && strcmp(kind->method, method) == 0;
}
