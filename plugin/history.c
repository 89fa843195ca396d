/* history.c
 * What the capture showed before an exchange and what follows from that.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "history.h"

#include <string.h>

#include "rules.h"
#include "sequence.h"
#include "sides.h"

/* Resources of one body whose locks are looked for: a person reads no more, and each costs a look
 * at every lock of the server. */
#define LOCKED_RESOURCES 200

typedef struct {
    unsigned rule;
    const char *message;
} kept_finding;

typedef struct {
    uint32_t response;
    const lock *lock;
} kept_lock;

struct history {
    wmem_array_t *findings; /* of kept_finding; NULL without any */
    wmem_array_t *locks;    /* of kept_lock, in the order of the resources; likewise */
};

void history_init(void)
{
    sides_init();
    locks_init();
    sequence_init();
}

void history_answered(exchange *of, tvbuff_t *body)
{
    static const char *const others[] = {"OPTIONS", "PUT", "DELETE"};
    unsigned length = body ? tvb_captured_length(body) : 0;
    bool matters = of->http_status == 207 || of->webdav;

    for (size_t i = 0; of->method && i < G_N_ELEMENTS(others); i++)
        matters = matters || strcmp(of->method, others[i]) == 0;
    if (!matters)
        return;
    sides_answered(of);
    if (of->http_status == 423 && of->request_kept && of->uri)
        of->blocking = locks_holding(of, of->uri);
    locks_answered(of, length > 0 ? tvb_get_ptr(body, 0, (int)length) : NULL, length);
}

/* ---- judging ---- */

static void keep_finding(void *data, unsigned rule, const char *message)
{
    struct history *history = (struct history *)data;
    kept_finding made = {rule, wmem_strdup(wmem_file_scope(), message)};

    if (!history->findings)
        history->findings = wmem_array_new(wmem_file_scope(), sizeof(kept_finding));
    wmem_array_append_one(history->findings, made);
}

static void find_locks(struct history *history, const exchange *of, const ms_document *document)
{
    unsigned asked = 0;

    for (uint32_t i = 0; i < document->n_responses && asked < LOCKED_RESOURCES; i++) {
        const ms_response *response = &document->responses[i];

        if (response->outcome != MS_FAILED)
            continue;
        kept_lock made = {i, locks_in_the_way(of, document, response)};

        asked++;
        if (!made.lock)
            continue;
        if (!history->locks)
            history->locks = wmem_array_new(wmem_file_scope(), sizeof(kept_lock));
        wmem_array_append_one(history->locks, made);
    }
}

void history_judge(exchange *of, const ms_document *document)
{
    if (of->history)
        return;
    struct history *history = wmem_new0(wmem_file_scope(), struct history);

    of->history = history;
    sides_answered(of);
    if (of->unannounced)
        keep_finding(history, MS_RULE_NOT_ANNOUNCED, of->unannounced);
    sequence_judge(of, document, keep_finding, history);
    find_locks(history, of, document);
}

/* ---- showing ---- */

void history_add_findings(const exchange *of, ms_document *document)
{
    unsigned count =
        of->history && of->history->findings ? wmem_array_get_count(of->history->findings) : 0;

    for (unsigned i = 0; i < count; i++) {
        const kept_finding *one = (const kept_finding *)wmem_array_index(of->history->findings, i);

        ms_add_finding(document, one->rule, MS_NO_RESPONSE, document->span, "%s", one->message);
    }
}

const lock *history_lock(const exchange *of, uint32_t response)
{
    unsigned low = 0, high = of->history && of->history->locks
                                 ? wmem_array_get_count(of->history->locks)
                                 : 0;

    while (low < high) {
        unsigned middle = low + (high - low) / 2;
        const kept_lock *one = (const kept_lock *)wmem_array_index(of->history->locks, middle);

        if (one->response == response)
            return one->lock;
        if (one->response < response)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

char *history_lock_words(wmem_allocator_t *scope, const lock *of)
{
    char *words = ms_lock_words(&of->known);
    char *kept = wmem_strdup(scope, words);

    g_free(words);
    return kept;
}
