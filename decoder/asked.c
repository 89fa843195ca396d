/* asked.c
 * What the request of a batch asked for, and what of it the answer does not mention.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "asked.h"

#include <string.h>

#include "json.h"
#include "judge.h"
#include "limit_table.h"
#include "multipart.h"
#include "store.h"

/* ---- the request ---- */

/* Most batches name a handful of things. */
#define TEXT_BLOCK 512

static ms_document *new_rows(size_t length)
{
    ms_document *made = g_new0(ms_document, 1);

    made->store = ms_store_new();
    made->span = (ms_span){0, (uint32_t)length};
    return made;
}

static bool is_multipart(const ms_context *context)
{
    return context->content_type && ms_multipart_suits(context->content_type);
}

static bool read_rows(ms_document *rows, ms_notes *notes, const ms_batch *batch, const void *body,
                      size_t length, const ms_context *context, bool *nested)
{
    ms_encoded encoded;
    bool read = false;

    ms_encoded_init(&encoded, body, length, context->content_type);
    if (batch->form == MS_BATCH_PARTS) {
        read = is_multipart(context) &&
               ms_multipart_parse_asked(rows, notes, body, length, context->content_type, nested);
    } else if (batch->asked.list && ms_json_suits(&encoded, context->content_type)) {
        ms_batch_parse_asked(rows, notes, &encoded, batch);
        read = true;
    } else if (batch->asked_xml &&
               ms_xml_batch_is(batch->asked_xml, body, length, context->content_type)) {
        ms_xml_batch_parse(rows, notes, &encoded, context, batch->asked_xml);
        read = true;
    }
    ms_encoded_clear(&encoded);
    return read && !rows->error.present && !notes->stopped && !notes->limit &&
           rows->n_responses > 0;
}

static const char *href_of(const ms_document *of, uint32_t row, uint32_t number)
{
    const ms_range hrefs = of->responses[row].hrefs;

    return of->hrefs[hrefs.first + MIN(number, hrefs.count - 1)].text;
}

/* Of what was read only the names are kept. */
static ms_asked *new_asked(const char *kind, const ms_document *from)
{
    ms_asked *made = g_new0(ms_asked, 1);

    made->kind = kind;
    made->store = ms_store_new_for_texts(TEXT_BLOCK);
    made->n_rows = from ? from->n_responses : 0;
    made->rows = g_new0(ms_asked_row, made->n_rows);
    made->quiet = from && from->rest_done;
    for (uint32_t i = 0; i < made->n_rows; i++) {
        const char *id = href_of(from, i, 0), *name = href_of(from, i, 1);

        made->rows[i].id = ms_store_text(made->store, id, strlen(id));
        made->rows[i].name =
            name == id ? made->rows[i].id : ms_store_text(made->store, name, strlen(name));
    }
    return made;
}

/* NULL if that is not what the body asks for. */
static ms_asked *read_asked(const ms_batch *batch, const void *body, size_t length,
                            const ms_context *context)
{
    ms_notes notes = {.limits = ms_limits_in_force(NULL)};
    ms_document *rows = new_rows(length);
    ms_asked *made = NULL;
    bool nested = false;

    notes.limits.of[MS_MAX_RESPONSES] = MS_ASKED_ROWS;
    if (read_rows(rows, &notes, batch, body, length, context, &nested)) {
        made = new_asked(batch->id, rows);
        made->nested = nested;
    }
    ms_document_free(rows);
    ms_notes_clear(&notes);
    return made;
}

/* That several requests are in the body is seen in the body alone: Google has a path for each of
 * its interfaces. */
static bool is_read(const ms_batch *batch, const ms_context *context)
{
    if (batch->form == MS_BATCH_PARTS)
        return is_multipart(context) && g_strcmp0(context->method, "POST") == 0;
    return (batch->asked.list || batch->asked_xml) && ms_batch_is_asked(batch, context);
}

static bool may_be_anywhere(const ms_context *context)
{
    return g_strcmp0(context->method, "POST") == 0 && context->content_type &&
           ms_json_is_type(context->content_type);
}

size_t ms_asked_bytes(const ms_context *context)
{
    if (context->batches == MS_BATCHES_OFF)
        return 0;
    for (size_t i = 0; ms_batch_may_be_asked(context) && i < ms_batch_count; i++) {
        if (is_read(&ms_batches[i], context))
            return MS_ASKED_BYTES + 1;
    }
    return may_be_anywhere(context) ? MS_BATCH_WINDOW : 0;
}

ms_asked *ms_asked_read(const void *body, size_t length, const ms_context *context)
{
    ms_asked *made = NULL;

    if (context->batches == MS_BATCHES_OFF || length == 0)
        return NULL;
    bool may_be = length <= MS_ASKED_BYTES && ms_batch_may_be_asked(context);

    for (size_t i = 0; i < ms_batch_count && may_be && !made; i++) {
        if (is_read(&ms_batches[i], context))
            made = read_asked(&ms_batches[i], body, length, context);
    }
    const char *kind = !made && may_be_anywhere(context) ? ms_batch_of_request(body, length) : NULL;

    return kind ? new_asked(kind, NULL) : made;
}

/* ---- the answer ---- */

#define NONE UINT32_MAX

typedef struct {
    ms_document *document;
    const ms_asked *asked;
    GHashTable *ids;    /* of what is asked for: its number, and 1, by what the answer calls it */
    uint32_t *answered; /* by row of the answer: the number of what it answers, or NONE */
    bool *is_answered;  /* by number */
} comparison;

/* False if two are called alike. */
static bool know_ids(comparison *of)
{
    bool unique = true;

    for (uint32_t i = 0; i < of->asked->n_rows; i++) {
        gpointer id = (gpointer)of->asked->rows[i].id;

        unique = g_hash_table_insert(of->ids, id, GUINT_TO_POINTER(i + 1)) && unique;
    }
    return unique;
}

/* True if every row answers something that was asked for. */
static bool match_ids(comparison *of)
{
    bool all = true;

    for (uint32_t i = 0; i < of->document->n_responses; i++) {
        uint32_t found =
            GPOINTER_TO_UINT(g_hash_table_lookup(of->ids, href_of(of->document, i, 0)));

        of->answered[i] = found > 0 ? found - 1 : NONE;
        if (found > 0)
            of->is_answered[found - 1] = true;
        else
            all = false;
    }
    return all;
}

/* ---- parts ---- */

/* "<response-a+1>" answers "<a+1>". The caller frees it with g_free(). */
static char *bare_id(const char *id)
{
    size_t length = strlen(id);

    if (length >= 2 && id[0] == '<' && id[length - 1] == '>') {
        id++;
        length -= 2;
    }
    if (length > strlen("response-") && g_str_has_prefix(id, "response-")) {
        id += strlen("response-");
        length -= strlen("response-");
    }
    return g_strndup(id, length);
}

static bool is_place(const char *id)
{
    return *id == '#';
}

/* By Content-ID, where each is there once. */
static void match_content_ids(comparison *of)
{
    GHashTable *known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    bool unique = true;

    for (uint32_t i = 0; i < of->asked->n_rows; i++) {
        if (!is_place(of->asked->rows[i].id))
            unique = g_hash_table_insert(known, bare_id(of->asked->rows[i].id),
                                         GUINT_TO_POINTER(i + 1)) &&
                     unique;
    }
    for (uint32_t i = 0; i < of->document->n_responses && unique; i++) {
        char *id = bare_id(href_of(of->document, i, 0));
        uint32_t found = GPOINTER_TO_UINT(g_hash_table_lookup(known, id));

        if (found > 0 && !of->is_answered[found - 1]) {
            of->answered[i] = found - 1;
            of->is_answered[found - 1] = true;
        }
        g_free(id);
    }
    g_hash_table_destroy(known);
}

/* Do all rows stand where their requests do, as far as that is known? A part that holds rows of its
 * own shifts them, and so does a change set that failed, which has one answer. */
static bool are_in_place(const comparison *of)
{
    uint32_t n = of->document->n_responses;

    if (n > of->asked->n_rows || (of->asked->nested && n != of->asked->n_rows))
        return false;
    for (uint32_t i = 0; i < n; i++) {
        char *place = g_strdup_printf("#%u", i + 1);
        bool right = of->answered[i] != NONE ? of->answered[i] == i
                                             : strcmp(place, href_of(of->document, i, 0)) == 0;

        g_free(place);
        if (!right)
            return false;
    }
    return true;
}

/* True if every row answers something that was asked for. */
static bool match_parts(comparison *of)
{
    bool all = true;

    match_content_ids(of);
    bool in_place = are_in_place(of);

    for (uint32_t i = 0; i < of->document->n_responses; i++) {
        if (of->answered[i] == NONE && in_place) {
            of->answered[i] = i;
            of->is_answered[i] = true;
        }
        all = all && of->answered[i] != NONE;
    }
    return all;
}

/* ---- names ---- */

/* How often each name is asked for: a name alone does not tell two apart. */
static GHashTable *count_names(const ms_asked *asked)
{
    GHashTable *counts = g_hash_table_new(g_str_hash, g_str_equal);

    for (uint32_t i = 0; i < asked->n_rows; i++) {
        gpointer name = (gpointer)asked->rows[i].name;

        g_hash_table_insert(
            counts, name,
            GUINT_TO_POINTER(GPOINTER_TO_UINT(g_hash_table_lookup(counts, name)) + 1));
    }
    return counts;
}

/* "GET Products(1)", or "POST Products (#2)". */
static const char *name_of(struct ms_store *store, const ms_asked *asked, uint32_t number,
                           GHashTable *counts)
{
    const ms_asked_row *row = &asked->rows[number];

    if (row->name == row->id || GPOINTER_TO_UINT(g_hash_table_lookup(counts, row->name)) == 1)
        return ms_store_text(store, row->name, strlen(row->name));
    char *id = bare_id(row->id);
    const char *made = ms_store_take(store, g_strdup_printf("%s (%s)", row->name, id));

    g_free(id);
    return made;
}

static void name_rows(const comparison *of, GHashTable *counts)
{
    struct ms_store *store = of->document->store;

    for (uint32_t i = 0; i < of->document->n_responses; i++) {
        uint32_t number = of->answered[i];
        const ms_range hrefs = of->document->responses[i].hrefs;

        if (number != NONE && hrefs.count > 0 &&
            of->asked->rows[number].name != of->asked->rows[number].id)
            g_array_index(store->hrefs, ms_text, hrefs.first).text =
                name_of(store, of->asked, number, counts);
    }
}

/* ---- what is not in it ---- */

static void add_rest(const comparison *of, uint32_t number, bool done, GHashTable *counts)
{
    struct ms_store *store = of->document->store;
    const ms_text href = {name_of(store, of->asked, number, counts), of->document->span};
    ms_response made = {
        .span = of->document->span,
        .hrefs = {store->hrefs->len, 1},
        .conditions = {store->conditions.len, 0},
        .propstats = {store->propstats->len, 0},
        .status = {.code = MS_STATUS_NONE},
        .complete = true,
    };

    if (done) {
        made.status = (ms_status){"not listed", of->document->span, MS_STATUS_WORD, MS_SAID_OK};
        made.reason = made.status.line;
    }
    g_array_append_val(store->hrefs, href);
    ms_judge_row(&made);
    g_array_append_val(store->responses, made);
}

static void add_all_rest(const comparison *of, const ms_notes *notes, GHashTable *counts)
{
    bool done = of->document->rest_done;

    for (uint32_t i = 0; i < of->asked->n_rows; i++) {
        if (!of->is_answered[i] &&
            of->document->store->responses->len < notes->limits.of[MS_MAX_RESPONSES])
            add_rest(of, i, done, counts);
    }
    of->document->rest_done = false;
    ms_store_publish(of->document->store, of->document);
}

/* Where nothing was done because something failed, what is not listed was not done either, as far
 * as anybody can tell. */
static bool may_add(const comparison *of, const ms_batch *batch)
{
    if (of->asked->nested && of->document->n_responses < of->asked->n_rows)
        return false;
    return of->document->rest_done || !batch->rest_done;
}

void ms_asked_compare(ms_document *document, const ms_notes *notes, const ms_batch *batch,
                      const ms_context *context)
{
    const ms_asked *asked = context->asked;

    if (!asked || asked->n_rows == 0 || strcmp(asked->kind, batch->id) != 0 ||
        document->undecoded || document->error.present || notes->stopped || !document->complete)
        return;
    comparison of = {
        .document = document,
        .asked = asked,
        .ids = g_hash_table_new(g_str_hash, g_str_equal),
        .answered = g_new(uint32_t, document->n_responses + 1),
        .is_answered = g_new0(bool, asked->n_rows),
    };

    document->rest_done = document->rest_done || asked->quiet;
    memset(of.answered, 0xFF, sizeof(uint32_t) * document->n_responses);
    bool clear = batch->form == MS_BATCH_PARTS ? match_parts(&of) : know_ids(&of) && match_ids(&of);
    GHashTable *counts = count_names(asked);

    name_rows(&of, counts);
    if (clear && may_add(&of, batch))
        add_all_rest(&of, notes, counts);
    g_hash_table_destroy(counts);
    g_hash_table_destroy(of.ids);
    g_free(of.answered);
    g_free(of.is_answered);
}
