/* record_build.c
 * Memory of records, and what is derived from them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "record_build.h"

#include <string.h>

#include "status.h"

/* ---------------------------------------------------------------------------------- memory ---- */

/* A record of a large body has tens of thousands of small parts: they share blocks. The first block
 * is small, for there may be many records of small bodies at once; each is twice the one before. */
#define FIRST_BLOCK 1024
#define DOUBLED_AT_MOST 4

static size_t next_block_size(const exchange_record *record)
{
    return (size_t)FIRST_BLOCK << MIN(record->blocks->len, DOUBLED_AT_MOST);
}

void *record_allocate(exchange_record *record, size_t size)
{
    size = (size + sizeof(void *) - 1) & ~(sizeof(void *) - 1);
    size_t block = next_block_size(record);

    if (size > record->free_bytes && size > block / 4) {
        void *own = g_malloc0(size);

        g_ptr_array_add(record->blocks, own);
        return own;
    }
    if (size > record->free_bytes || !record->free_at) {
        record->free_at = g_malloc0(block);
        record->free_bytes = block;
        g_ptr_array_add(record->blocks, record->free_at);
    }
    void *at = record->free_at;

    record->free_at += size;
    record->free_bytes -= size;
    return at;
}

/* The start of user information in an authority ("user:password@", RFC 3986 section 3.2.1) from
 * `at` on; NULL if there is none. A path may begin with two slashes elsewhere, too. */
static const char *find_userinfo(const char *text, const char *at, size_t *length)
{
    const char *mark;

    if (at == text && g_str_has_prefix(text, "//"))
        mark = text;
    else
        mark = strstr(at, "://");
    while (mark) {
        const char *authority = mark + (mark[0] == ':' ? 3 : 2);
        size_t end = strcspn(authority, "/?#<>\"'\\ \t\r\n");
        const char *last = g_strrstr_len(authority, (gssize)end, "@");

        if (last) {
            *length = (size_t)(last - authority);
            return authority;
        }
        mark = strstr(authority, "://");
    }
    return NULL;
}

/* The text without the credentials that URIs in it carry; NULL if there are none. */
static char *without_credentials(const char *text)
{
    size_t length;
    const char *found = strchr(text, '@') ? find_userinfo(text, text, &length) : NULL;

    if (!found)
        return NULL;
    GString *clean = g_string_new(NULL);
    const char *at = text;

    for (; found; found = find_userinfo(text, at, &length)) {
        g_string_append_len(clean, at, found - at);
        g_string_append(clean, RECORD_NO_CREDENTIALS);
        at = found + length;
    }
    g_string_append(clean, at);
    return g_string_free(clean, FALSE);
}

const char *record_keep_text(exchange_record *record, const char *text)
{
    if (!text)
        return NULL;
    g_autofree char *repaired =
        g_utf8_validate(text, -1, NULL) ? NULL : g_utf8_make_valid(text, -1);
    const char *valid = repaired ? repaired : text;
    g_autofree char *clean = without_credentials(valid);

    if (clean)
        valid = clean;
    size_t size = strlen(valid) + 1;

    return memcpy(record_allocate(record, size), valid, size);
}

const char *record_keep_name(exchange_record *record, const char *name)
{
    const char *kept = g_hash_table_lookup(record->names, name);

    if (!kept) {
        kept = record_keep_text(record, name);
        g_hash_table_add(record->names, (void *)kept);
    }
    return kept;
}

exchange_record *exchange_record_empty(void)
{
    exchange_record *record = g_new0(exchange_record, 1);

    record->references = 1;
    record->blocks = g_ptr_array_new_with_free_func(g_free);
    record->names = g_hash_table_new(g_str_hash, g_str_equal);
    return record;
}

exchange_record *exchange_record_ref(exchange_record *record)
{
    record->references++;
    return record;
}

void exchange_record_unref(exchange_record *record)
{
    if (!record || --record->references > 0)
        return;
    g_hash_table_destroy(record->names);
    g_ptr_array_free(record->blocks, TRUE);
    g_free(record);
}

static void unref_record(gpointer record)
{
    exchange_record_unref(record);
}

GPtrArray *exchange_records_new(void)
{
    return g_ptr_array_new_with_free_func(unref_record);
}

/* ----------------------------------------------------------------------------------- derived ----
 */

int record_deciding_status(const record_response *response)
{
    if (response->status != RECORD_UNKNOWN &&
        ms_outcome_follows(response->outcome, response->status))
        return response->status;
    for (uint32_t i = 0; i < response->n_propstats; i++) {
        if (response->propstats[i].outcome == response->outcome)
            return response->propstats[i].status;
    }
    return response->status;
}

/* Items about resources are in the order of the resources.
 * @param least  the first one that it may be about */
static const char *order_fault(const exchange_record *record, uint32_t response, uint64_t least)
{
    if (response >= record->n_responses)
        return "is not in the list of responses";
    return response < least ? "is not in the order of responses" : NULL;
}

/* A resource has at most one lock. */
static const char *lock_fault(const exchange_record *record, const record_lock *locks,
                              uint32_t index)
{
    return order_fault(record, locks[index].response,
                       index > 0 ? (uint64_t)locks[index - 1].response + 1 : 0);
}

/* A resource may have several details of conditions. */
static const char *detail_fault(const exchange_record *record, const record_detail *details,
                                uint32_t index)
{
    return order_fault(record, details[index].response,
                       index > 0 ? details[index - 1].response : 0);
}

const char *record_complete(exchange_record *record, const record_shape *shape, void *objects,
                            uint32_t index)
{
    record_response *responses = objects;

    if (shape == &record_lock_shape)
        return lock_fault(record, objects, index);
    if (shape == &record_detail_shape)
        return detail_fault(record, objects, index);
    if (shape == &record_response_shape)
        responses[index].code = record_deciding_status(&responses[index]);
    return NULL;
}

void record_count_outcomes(exchange_record *record)
{
    record->resources = record->n_responses;
    for (uint32_t i = 0; i < record->n_responses; i++) {
        ms_outcome outcome = record->responses[i].outcome;

        record->ok += outcome == MS_OK;
        record->failed += ms_outcome_is_failure(outcome);
        record->collateral += outcome == MS_COLLATERAL;
    }
}

bool record_verdict_is_failed(ms_verdict verdict)
{
    switch (verdict) {
    case MS_PARTIAL:
    case MS_FAILURE:
    case MS_MALFORMED:
    case MS_UNDECODED:
        return true;
    case MS_SUCCESS:
    case MS_BENIGN:
    case MS_EMPTY:
        break;
    }
    return false;
}

bool exchange_record_is_failed(const exchange_record *record)
{
    return record_verdict_is_failed(record->verdict);
}

bool record_response_is_trouble(const record_response *response)
{
    return ms_outcome_is_failure(response->outcome) || response->outcome == MS_COLLATERAL ||
           response->outcome == MS_UNKNOWN;
}

/* -------------------------------------------------------------------------------- captures ---- */

/* Names are any bytes; two that differ must stay two in the records. */
static char *valid_name(const char *name)
{
    GString *valid = g_string_new(NULL);
    const char *end;

    while (!g_utf8_validate(name, -1, &end)) {
        g_string_append_len(valid, name, end - name);
        g_string_append_printf(valid, "\\x%02x", (unsigned char)*end);
        name = end + 1;
    }
    g_string_append(valid, name);
    return g_string_free(valid, FALSE);
}

capture_record *capture_record_new(const char *capture)
{
    capture_record *record = g_new0(capture_record, 1);

    record->capture = valid_name(capture);
    record->complete = true;
    return record;
}

capture_record *capture_record_copy(const capture_record *record)
{
    capture_record *copy = g_new(capture_record, 1);

    *copy = *record;
    copy->capture = g_strdup(record->capture);
    copy->error = g_strdup(record->error);
    return copy;
}

void capture_record_free(capture_record *record)
{
    if (!record)
        return;
    g_free((char *)record->capture);
    g_free((char *)record->error);
    g_free(record);
}
