/* observation.c
 * What two exchanges of a capture say together.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "observation.h"

#include <string.h>

#include "methods.h"

void observe(observer *to, unsigned rule, const char *format, ...)
{
    unsigned i = 0;

    while (i < OBSERVATIONS && to->of[i].count > 0 && to->of[i].rule != rule)
        i++;
    if (i == OBSERVATIONS || to->of[i].count++ > 0)
        return;
    va_list arguments;

    va_start(arguments, format);
    to->of[i].rule = rule;
    to->of[i].message = g_strdup_vprintf(format, arguments);
    va_end(arguments);
}

void observer_finish(observer *of, observation_receiver found, void *data)
{
    for (unsigned i = 0; i < OBSERVATIONS && of->of[i].count > 0; i++) {
        char *more = of->of[i].count > 1 ? g_strdup_printf("%s (and %u more in this body)",
                                                           of->of[i].message, of->of[i].count - 1)
                                         : NULL;

        if (found)
            found(data, of->of[i].rule, more ? more : of->of[i].message);
        g_free(more);
        g_free(of->of[i].message);
    }
    *of = (observer){0};
}

bool is_asked_after(const exchange *of, moment when)
{
    return moment_is_known(when) && moment_is_known(of->request_time) &&
           moment_is_before(when, of->request_time);
}

/* Live exchanges that are looked at. */
#define MOST_EXCHANGES 10000u

bool is_change_under_way(const exchange *of)
{
    unsigned seen = 0;

    for (const GList *i = of->capture->exchanges.tail; i && seen < MOST_EXCHANGES;
         i = i->prev, seen++) {
        const exchange *other = i->data;

        if (other != of && other->http_status == 0 && other->method &&
            !ms_method_has(ms_method_find(other->method), MS_METHOD_SAFE) &&
            (!other->server || !of->server || strcmp(other->server, of->server) == 0))
            return true;
    }
    return false;
}

static const char *opaque_part(const char *etag)
{
    return g_str_has_prefix(etag, "W/") ? etag + 2 : etag;
}

bool is_same_etag(const char *a, const char *b)
{
    return strcmp(opaque_part(a), opaque_part(b)) == 0;
}
