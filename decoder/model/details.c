/* details.c
 * What conditions name.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "details.h"

#include <string.h>

#include <glib.h>

#include "href.h"
#include "names.h"

typedef struct {
    const ms_element *elements;
    ms_detail *to;
    unsigned n;
} details;

static void add(details *d, ms_detail detail)
{
    if (d->n < MS_DETAILS_MOST && (detail.name || detail.href))
        d->to[d->n++] = detail;
}

static bool is(const details *d, uint32_t element, const char *name)
{
    return strcmp(d->elements[element].name, name) == 0;
}

/* resource (href, privilege): the privilege holds an element with its name. Some servers leave the
 * resource out, or name several privileges of one. */
static void add_privileges_of(details *d, uint32_t parent, const char *condition)
{
    ms_detail detail = {.condition = condition};
    bool any = false;

    for (uint32_t i = parent + 1; i < d->elements[parent].end; i = d->elements[i].end) {
        if (is(d, i, MS_DAV("href")) && !detail.href)
            detail.href = d->elements[i].value;
    }
    for (uint32_t i = parent + 1; i < d->elements[parent].end; i = d->elements[i].end) {
        if (is(d, i, MS_DAV("privilege")) && d->elements[i].end > i + 1) {
            detail.name = d->elements[i + 1].name;
            add(d, detail);
            any = true;
        }
    }
    if (!any)
        add(d, detail);
}

static void add_privileges(details *d, uint32_t condition)
{
    const char *name = d->elements[condition].name;

    add_privileges_of(d, condition, name);
    for (uint32_t i = condition + 1; i < d->elements[condition].end; i = d->elements[i].end) {
        if (is(d, i, MS_DAV("resource")))
            add_privileges_of(d, i, name);
    }
}

/* comp-filter and the like, nested: the innermost is the one that is meant. */
static void add_filter(details *d, uint32_t condition)
{
    ms_detail detail = {.condition = d->elements[condition].name};

    for (uint32_t i = condition + 1; i < d->elements[condition].end; i++) {
        if (g_str_has_suffix(d->elements[i].name, "-filter"))
            detail.name = d->elements[i].name;
        else if (is(d, i, "@name"))
            detail.value = d->elements[i].value;
    }
    add(d, detail);
}

/* Most conditions that name anything name resources. */
static void add_hrefs(details *d, uint32_t condition)
{
    for (uint32_t i = condition + 1; i < d->elements[condition].end; i = d->elements[i].end) {
        if (is(d, i, MS_DAV("href")))
            add(d, (ms_detail){.condition = d->elements[condition].name,
                               .href = d->elements[i].value});
    }
}

unsigned ms_details_add(const ms_document *document, ms_range conditions,
                        ms_detail to[MS_DETAILS_MOST], unsigned n)
{
    details d = {document->conditions, to, n};
    uint32_t end = conditions.first + conditions.count;

    for (uint32_t i = conditions.first; i < end && d.n < MS_DETAILS_MOST; i = d.elements[i].end) {
        if (is(&d, i, MS_DAV("need-privileges")))
            add_privileges(&d, i);
        else if (g_str_has_suffix(d.elements[i].name, "}supported-filter"))
            add_filter(&d, i);
        else
            add_hrefs(&d, i);
    }
    return d.n;
}

unsigned ms_details_of(const ms_document *document, const ms_response *response,
                       ms_detail to[MS_DETAILS_MOST])
{
    unsigned n = ms_details_add(document, response->conditions, to, 0);

    for (uint32_t i = 0; i < response->propstats.count && n < MS_DETAILS_MOST; i++)
        n = ms_details_add(document, document->propstats[response->propstats.first + i].conditions,
                           to, n);
    return n;
}

char *ms_detail_words(const ms_detail *detail)
{
    char *name = detail->name ? ms_short_name(detail->name) : NULL;
    char *href = detail->href ? ms_href_readable(detail->href) : NULL;
    char *words = g_strconcat(name ? name : "", name && detail->value ? " " : "",
                              detail->value ? detail->value : "", name && href ? " on " : "",
                              href ? href : "", NULL);

    g_free(name);
    g_free(href);
    return words;
}
