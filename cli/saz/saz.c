/* saz.c
 * Reading SAZ files: putting the halves of the exchanges together, whatever their order.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "saz.h"

#include <string.h>

#include "saz_entry.h"

/* More digits are no number. */
#define MOST_DIGITS 9

/* raw/12_c.txt, raw/12_s.txt, raw/12_m.xml; programs for Windows may write a backslash. */
static bool read_name(const char *name, uint64_t *number, saz_part *part)
{
    static const char *const ends[SAZ_PARTS] = {"_c.txt", "_s.txt", "_m.xml"};

    if (g_ascii_strncasecmp(name, "raw", 3) != 0 || (name[3] != '/' && name[3] != '\\'))
        return false;
    const char *digits = name + 4;
    size_t length = strspn(digits, "0123456789");

    if (length == 0 || length > MOST_DIGITS)
        return false;
    *number = g_ascii_strtoull(digits, NULL, 10);
    for (unsigned i = 0; i < SAZ_PARTS; i++) {
        if (g_ascii_strcasecmp(digits + length, ends[i]) == 0) {
            *part = (saz_part)i;
            return true;
        }
    }
    return false;
}

bool saz_is_member(const char *name)
{
    uint64_t number;
    saz_part part;

    return read_name(name, &number, &part);
}

/* --------------------------------------------------------------------------------- sessions ----
 */

static int compare_numbers(const void *a, const void *b)
{
    const saz_session *one = a, *other = b;

    return one->number < other->number ? -1 : one->number > other->number;
}

/* Of members with the same name the first counts. */
static void add_member(GArray *sessions, GHashTable *places, const zip_member *member)
{
    uint64_t number;
    saz_part part;
    gpointer place;

    if (!read_name(member->name, &number, &part))
        return;
    gpointer key = GUINT_TO_POINTER((guint)number);

    if (!g_hash_table_lookup_extended(places, key, NULL, &place)) {
        saz_session made = {.number = number,
                            .about = {.times = {moment_unknown(), moment_unknown()}}};

        place = GUINT_TO_POINTER(sessions->len);
        g_hash_table_insert(places, key, place);
        g_array_append_val(sessions, made);
    }
    saz_session *of = &g_array_index(sessions, saz_session, GPOINTER_TO_UINT(place));

    if (!of->parts[part])
        of->parts[part] = member;
}

static void clear_session(void *data)
{
    saz_about_clear(&((saz_session *)data)->about);
}

/* In the order of their numbers. */
static GArray *sessions_of(const zip_contents *from)
{
    GArray *sessions = g_array_new(FALSE, FALSE, sizeof(saz_session));
    GHashTable *places = g_hash_table_new(NULL, NULL);

    g_array_set_clear_func(sessions, clear_session);
    for (guint i = 0; i < from->members->len; i++)
        add_member(sessions, places, &g_array_index(from->members, zip_member, i));
    g_hash_table_destroy(places);
    g_array_sort(sessions, compare_numbers);
    return sessions;
}

/* An exchange without an answer has no time of one. */
static GArray *look_over(GArray *sessions, unseen_counts *unseen)
{
    GArray *times = g_array_new(FALSE, FALSE, sizeof(saved_times));

    for (guint i = 0; i < sessions->len; i++) {
        saz_session *of = &g_array_index(sessions, saz_session, i);

        if (of->parts[SAZ_ABOUT])
            of->about = saz_about_read(of->parts[SAZ_ABOUT]->bytes);
        g_array_append_val(times, of->about.times);
        if (of->about.flags & SAZ_BLIND_TUNNEL)
            unseen_add(unseen, UNSEEN_PASSED, 1, 0);
    }
    return times;
}

/* A file whose requests or responses are missing is not what was seen. */
static char *find_missing(const GArray *sessions)
{
    for (guint i = 0; i < sessions->len; i++) {
        const saz_session *of = &g_array_index(sessions, saz_session, i);

        for (saz_part part = SAZ_REQUEST; part <= SAZ_RESPONSE; part++) {
            if (!of->parts[part])
                return g_strdup_printf("is a SAZ file without the %s of exchange %" G_GUINT64_FORMAT
                                       " (raw/%" G_GUINT64_FORMAT "_%c.txt)",
                                       part == SAZ_REQUEST ? "request" : "response", of->number,
                                       of->number, part == SAZ_REQUEST ? 'c' : 's');
        }
    }
    return NULL;
}

capture_result saz_read(const zip_contents *from, const saved_target *to)
{
    GArray *sessions = sessions_of(from);
    GArray *times = look_over(sessions, &to->summary->unseen);
    saved_source source = {times, saz_entry_read, sessions};
    capture_result result = saved_session_read(&source, to);
    char *missing = from->wrong ? g_strdup(from->wrong) : find_missing(sessions);

    if (result == CAPTURE_COMPLETE && missing)
        result = saved_fail(to->summary, CAPTURE_CUT, g_steal_pointer(&missing));
    g_free(missing);
    g_array_unref(times);
    g_array_unref(sessions);
    return result;
}
