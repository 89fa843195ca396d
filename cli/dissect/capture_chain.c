/* capture_chain.c
 * Several files as one capture.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "capture_chain.h"

#include <string.h>

#include "record_build.h"

void capture_chain_clear(capture_chain *of)
{
    capture_chain_close(of);
    *of = (capture_chain){0};
}

bool capture_chain_joins(const capture_chain *of)
{
    return of->n > 1;
}

/* ------------------------------------------------------------------------------- opening ---- */

void capture_chain_close(capture_chain *of)
{
    for (unsigned i = 0; i < of->n; i++) {
        if (of->links[i].wth)
            wtap_close(of->links[i].wth);
        of->links[i].wth = NULL;
    }
    of->at = 0;
    of->frames = 0;
    of->last = 0;
    of->secrets = NULL;
}

static wtap *open_link(capture_chain *of, unsigned number, int *err, char **err_info)
{
    chain_link *opened = &of->links[number];

    opened->wth = wtap_open_offline(opened->path, of->format, err, err_info, of->random);
    return opened->wth;
}

/* What follows does not go on from the links before `number`. */
static bool break_at(capture_chain *of, unsigned number, const char *what, const char *why)
{
    of->broken = number;
    of->what = what;
    of->why = why;
    return false;
}

bool capture_chain_open(capture_chain *of, wtap **wth, bool random, int *err, char **err_info)
{
    capture_chain_close(of);
    of->random = random;
    of->known = MAX(of->known, 1);
    *wth = open_link(of, 0, err, err_info);
    if (!*wth && of->n > 1)
        break_at(of, 1, of->links[0].path, "is not there any more, or cannot be read");
    return *wth != NULL;
}

/* Of two interfaces or two programs, as far as that is known before anything is read. */
static bool is_other_kind(wtap *one, wtap *other)
{
    int before = wtap_file_encap(one), now = wtap_file_encap(other);

    return wtap_file_type_subtype(one) != wtap_file_type_subtype(other) ||
           (before > WTAP_ENCAP_UNKNOWN && now > WTAP_ENCAP_UNKNOWN && before != now);
}

bool capture_chain_next(capture_chain *of, wtap **wth, int *err, char **err_info)
{
    unsigned next = of->at + 1;

    if (next >= of->n)
        return false;
    const chain_link *here = &of->links[of->at];
    chain_link *there = &of->links[next];
    bool last = next == of->n - 1;

    if (!open_link(of, next, err, err_info)) {
        g_clear_pointer(err_info, g_free);
        *err = 0;
        return break_at(of, last ? next : next + 1, there->path,
                        "is not there any more, or cannot be read");
    }
    if (is_other_kind(here->wth, there->wth))
        return break_at(of, next, there->path, "is of another kind than the file before it");
    if (of->known <= next) {
        int ignored;
        int64_t size = wtap_file_size(here->wth, &ignored);

        there->start = MAX(here->start + MAX(size, 0), of->last) + 1;
        there->before = of->frames;
        of->known = next + 1;
    }
    if (of->secrets)
        wtap_set_cb_new_secrets(there->wth, of->secrets);
    of->at = next;
    *wth = there->wth;
    return true;
}

bool capture_chain_mend(capture_chain *of)
{
    unsigned out = of->broken;

    if (out == 0)
        return false;
    capture_chain_close(of);
    memmove(of->links, of->links + out, (of->n - out) * sizeof *of->links);
    of->n -= out;
    of->leaving -= MIN(of->leaving, out);
    of->known = of->broken = 0;
    of->links[0].start = 0;
    of->links[0].before = 0;
    return true;
}

/* ------------------------------------------------------------------------------- reading ---- */

void capture_chain_note_error(capture_chain *of, int err)
{
    if (err != 0 && of->at + 1 < of->n)
        break_at(of, of->at + 1, of->links[of->at].path, "is damaged");
}

bool capture_chain_read(capture_chain *of, wtap **wth, compat_reader *record, int *err,
                        char **err_info, int64_t *place)
{
    do {
        if (compat_read(*wth, record, err, err_info, place)) {
            *place += of->links[of->at].start;
            of->last = *place;
            of->frames++;
            return true;
        }
        capture_chain_note_error(of, *err);
    } while (*err == 0 && capture_chain_next(of, wth, err, err_info));
    return false;
}

bool capture_chain_seek(capture_chain *of, wtap **wth, int64_t place, compat_reader *record,
                        int *err, char **err_info)
{
    unsigned at = of->known - 1;

    while (at > 0 && of->links[at].start > place)
        at--;
    if (!of->links[at].wth)
        return false;
    *wth = of->links[at].wth;
    return compat_seek_read(*wth, place - of->links[at].start, record, err, err_info);
}

bool capture_chain_any(const capture_chain *of, bool (*is)(wtap *wth))
{
    bool any = false;

    for (unsigned i = 0; i < of->n; i++)
        any = any || (of->links[i].wth && is(of->links[i].wth));
    return any;
}

void capture_chain_tell_secrets(capture_chain *of, wtap_new_secrets_callback_t to)
{
    of->secrets = to;
    for (unsigned i = 0; i < of->n; i++) {
        if (of->links[i].wth)
            wtap_set_cb_new_secrets(of->links[i].wth, to);
    }
}

/* ------------------------------------------------------------------------------- numbers ---- */

uint32_t capture_chain_before(const capture_chain *of)
{
    return of->n <= 1 ? 0 : of->known == of->n ? of->links[of->n - 1].before : UINT32_MAX;
}

int64_t capture_chain_start(const capture_chain *of)
{
    return of->n <= 1 ? 0 : of->known == of->n ? of->links[of->n - 1].start : INT64_MAX;
}

static unsigned link_of(const capture_chain *of, uint32_t frame)
{
    unsigned at = of->known - 1;

    while (at > 0 && of->links[at].before >= frame)
        at--;
    return at;
}

bool capture_chain_leaves(const capture_chain *of, uint32_t frame)
{
    return link_of(of, frame) < of->leaving;
}

/* "... in frame 120, ..." becomes "... in frame 7 of ring_00002.pcap, ..." */
static const char *localize_text(const capture_chain *of, exchange_record *record, unsigned home,
                                 const char *text)
{
    static const char *const words[] = {"frame ", "frames ", " and "};
    GString *made = g_string_new(NULL);
    bool frames = false; /* "between frames 3 and 7" */
    const char *at = text;

    while (*at) {
        size_t length = 0;

        for (size_t i = 0; i < G_N_ELEMENTS(words) && length == 0; i++) {
            if (g_str_has_prefix(at, words[i]) && g_ascii_isdigit(at[strlen(words[i])]) &&
                (i < 2 || frames))
                length = strlen(words[i]);
        }
        if (length == 0) {
            g_string_append_c(made, *at++);
            continue;
        }
        char *end;
        guint64 number = g_ascii_strtoull(at + length, &end, 10);
        unsigned link = number <= of->frames ? link_of(of, (uint32_t)number) : home;
        g_autofree char *name = g_path_get_basename(of->links[link].path);

        frames = length == strlen("frames ");
        g_string_append_len(made, at, (gssize)length);
        g_string_append_printf(made, "%" G_GUINT64_FORMAT,
                               number > of->links[link].before ? number - of->links[link].before
                                                               : number);
        if (link != home)
            g_string_append_printf(made, " of %s", name);
        at = end;
    }
    const char *kept = record_keep_text(record, made->str);

    g_string_free(made, TRUE);
    return kept;
}

static uint32_t localize(const capture_chain *of, unsigned home, uint32_t frame)
{
    return frame > 0 && link_of(of, frame) == home ? frame - of->links[home].before : 0;
}

void capture_chain_localize(const capture_chain *of, exchange_record *record)
{
    if (!capture_chain_joins(of))
        return;
    unsigned home = link_of(of, record->frame);

    if (home != of->n - 1)
        record->capture = record_keep_text(record, of->links[home].path);
    record->frame -= of->links[home].before;
    record->request_frame = localize(of, home, record->request_frame);
    record->stream = RECORD_UNKNOWN; /* each file numbers its own */
    for (uint32_t i = 0; i < record->n_locks; i++)
        record->locks[i].frame = localize(of, home, record->locks[i].frame);
    for (uint32_t i = 0; i < record->n_findings; i++)
        record->findings[i].message = localize_text(of, record, home, record->findings[i].message);
}
