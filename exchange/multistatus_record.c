/* multistatus_record.c
 * Why a response was not read.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "multistatus_record.h"

#include <string.h>

#include "codings.h"
#include "rules.h"

unseen_reason multistatus_record_unread(const multistatus_record *response)
{
    const ms_document *document = response->document;
    const char *why = document->undecoded ? document->undecoded : response->missing;

    if (why && strstr(why, CODINGS_UNKNOWN_WORDS))
        return UNSEEN_CODING;
    for (uint32_t i = 0; i < document->n_findings; i++) {
        if (strcmp(document->findings[i].rule->id, "limit") == 0)
            return UNSEEN_LIMIT;
    }
    return UNSEEN_REASONS;
}
