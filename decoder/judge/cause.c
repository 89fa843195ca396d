/* cause.c
 * Root causes.
 *
 * A property fails because another one of the same resource did (RFC 4918 section 9.2.1). A
 * resource fails because of one below it (the lock on a collection, section 9.10.9, or its removal,
 * section 9.6.1) or above it (Apache's PUT into a locked collection); otherwise because of the only
 * failure there is, or of any failure where one is enough.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "cause.h"

#include <string.h>

#include "href.h"

/* Collections above a resource that are considered: no real tree is deeper. */
#define LEVELS 64

/* Resources that failed, by their paths in the order of strcmp(). */
typedef struct {
    char *path;
    uint32_t response;
} failure;

static int by_path(const void *a, const void *b)
{
    const failure *p = a, *q = b;
    int order = strcmp(p->path, q->path);

    return order != 0 ? order : (p->response > q->response) - (p->response < q->response);
}

/* Without a slash at the end, "" for the root; NULL without an href. */
static char *path_of(const ms_document *document, const ms_response *response)
{
    char *path = NULL;

    if (response->hrefs.count > 0) {
        path = ms_href_path(document->targets[response->hrefs.first].text);
        if (strcmp(path, "/") == 0)
            *path = '\0';
    }
    return path;
}

static void free_failure(void *entry)
{
    g_free(((failure *)entry)->path);
}

/* Of those that have an href. */
static GArray *list_failures(const ms_document *document)
{
    GArray *list = g_array_new(FALSE, FALSE, sizeof(failure));

    g_array_set_clear_func(list, free_failure);
    for (uint32_t i = 0; i < document->n_responses; i++) {
        failure entry = {NULL, i};

        if (!ms_outcome_is_failure(document->responses[i].outcome))
            continue;
        entry.path = path_of(document, &document->responses[i]);
        if (entry.path)
            g_array_append_val(list, entry);
    }
    g_array_sort(list, by_path);
    return list;
}

/* The first failure whose path is not before this one. */
static const failure *at_or_behind(const GArray *failures, const char *path)
{
    guint low = 0, high = failures->len;

    while (low < high) {
        guint middle = low + (high - low) / 2;

        if (strcmp(g_array_index(failures, failure, middle).path, path) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < failures->len ? &g_array_index(failures, failure, low) : NULL;
}

static uint32_t find_same(const GArray *failures, const char *path)
{
    const failure *found = at_or_behind(failures, path);

    return found && strcmp(found->path, path) == 0 ? found->response : MS_NO_CAUSE;
}

static uint32_t find_below(const GArray *failures, const char *path)
{
    char *folder = g_strdup_printf("%s/", path);
    const failure *found = at_or_behind(failures, folder);
    uint32_t cause = found && g_str_has_prefix(found->path, folder) ? found->response : MS_NO_CAUSE;

    g_free(folder);
    return cause;
}

/* Shortens `path` on its way up. */
static uint32_t find_above(const GArray *failures, char *path)
{
    for (unsigned level = 0; level < LEVELS; level++) {
        char *slash = strrchr(path, '/');

        if (!slash)
            break;
        *slash = '\0';
        uint32_t cause = find_same(failures, path);

        if (cause != MS_NO_CAUSE)
            return cause;
    }
    return MS_NO_CAUSE;
}

static uint32_t find_related(const ms_document *document, const GArray *failures,
                             const ms_response *response)
{
    char *path = path_of(document, response);
    uint32_t cause = MS_NO_CAUSE;

    if (path) {
        cause = find_same(failures, path);
        if (cause == MS_NO_CAUSE)
            cause = find_below(failures, path);
        if (cause == MS_NO_CAUSE)
            cause = find_above(failures, path);
    }
    g_free(path);
    return cause;
}

static uint32_t first_failure(const ms_document *document)
{
    uint32_t i = 0;

    while (!ms_outcome_is_failure(document->responses[i].outcome))
        i++;
    return i;
}

static void find_in_responses(ms_document *document, bool any_will_do)
{
    if (document->outcomes[MS_COLLATERAL] == 0 || document->failed == 0)
        return;
    GArray *failures = list_failures(document);
    uint32_t first = first_failure(document);

    for (uint32_t i = 0; i < document->n_responses; i++) {
        ms_response *response = &document->responses[i];

        if (response->outcome != MS_COLLATERAL)
            continue;
        response->cause = find_related(document, failures, response);
        if (response->cause == MS_NO_CAUSE && any_will_do)
            response->cause = first;
        if (response->cause != MS_NO_CAUSE)
            document->responses[response->cause].caused++;
    }
    g_array_free(failures, TRUE);
}

static uint32_t count_properties(const ms_document *document, ms_range range)
{
    uint32_t count = 0;

    for (uint32_t i = range.first; i < range.first + range.count; i = document->properties[i].end)
        count++;
    return count;
}

/* Among the properties of one resource. */
static void find_in_propstats(ms_document *document, ms_range range)
{
    uint32_t cause = range.first, end = range.first + range.count;

    while (cause < end && !ms_outcome_is_failure(document->propstats[cause].outcome))
        cause++;
    for (uint32_t i = range.first; cause < end && i < end; i++) {
        ms_propstat *propstat = &document->propstats[i];

        if (propstat->outcome == MS_COLLATERAL) {
            propstat->cause = cause;
            document->propstats[cause].caused += count_properties(document, propstat->properties);
        }
    }
}

void ms_find_causes(ms_document *document, bool all_or_nothing, bool whole)
{
    for (uint32_t i = 0; i < document->n_propstats; i++) {
        document->propstats[i].cause = MS_NO_CAUSE;
        document->propstats[i].caused = 0;
    }
    for (uint32_t i = 0; document->n_propstats > 0 && i < document->n_responses; i++)
        find_in_propstats(document, document->responses[i].propstats);
    find_in_responses(document, all_or_nothing || (whole && document->failed == 1));
}
