/* fetcher.c
 * Fetching frames of a capture by their numbers.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "fetcher.h"

bool fetcher_fetch(fetcher *with, dissection *by, uint32_t number, int64_t offset, int *err,
                   char **err_info)
{
    bool read = true;

    if (with->seeks)
        return dissection_seek(by, offset, err, err_info);
    while (read && with->at < number) {
        wtap_rec_reset(&by->record.rec);
        read = dissection_read(by, err, err_info, &offset);
        with->at++;
    }
    return read;
}
