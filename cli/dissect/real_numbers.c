/* real_numbers.c
 * Numbers of frames and streams of which epan does not see all.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "real_numbers.h"

#include "record.h"

void real_numbers_init(real_numbers *of)
{
    *of = (real_numbers){.streams = g_array_new(FALSE, FALSE, sizeof(uint32_t))};
}

void real_numbers_clear(real_numbers *of)
{
    g_array_unref(of->streams);
    sieve_free(of->by);
}

void real_numbers_begin(real_numbers *of)
{
    g_array_set_size(of->streams, 0);
    of->divided = 0;
    of->goes_on = -1;
    of->began_anew = false;
}

void real_numbers_drop_sieve(real_numbers *of)
{
    sieve_free(of->by);
    of->by = NULL;
}

void real_numbers_note_streams(real_numbers *of, uint32_t n_streams)
{
    while (of->by && of->streams->len < n_streams) {
        bool goes_on = of->goes_on >= 0;

        of->divided += goes_on;
        uint32_t real =
            goes_on ? (uint32_t)of->goes_on
                    : of->streams->len - of->divided + sieve_streams_before(of->by, of->frame);

        g_array_append_val(of->streams, real);
        of->goes_on = -1;
    }
}

void real_numbers_divide(real_numbers *of, uint32_t stream)
{
    of->goes_on = real_numbers_stream(of, stream);
}

int64_t real_numbers_stream(const real_numbers *of, int64_t stream)
{
    if (of->began_anew)
        return RECORD_UNKNOWN;
    return of->by && stream >= 0 && stream < (int64_t)of->streams->len
               ? g_array_index(of->streams, uint32_t, stream)
               : stream;
}

uint32_t real_numbers_frame(const real_numbers *of, uint32_t place)
{
    return of->by ? sieve_real_number(of->by, place) : place;
}
