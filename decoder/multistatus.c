/* multistatus.c
 * The decoder's entry points.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "multistatus.h"

#include <string.h>

#include "apply.h"
#include "asked.h"
#include "foreign.h"
#include "json.h"
#include "judge.h"
#include "limit_table.h"
#include "multipart.h"
#include "parse.h"
#include "request.h"
#include "roots.h"
#include "rules.h"
#include "store.h"

static ms_document *new_document(const ms_context *context)
{
    ms_document *document = g_new0(ms_document, 1);

    document->store = ms_store_new();
    document->encoding = "UTF-8";
    document->exact_spans = true;
    document->complete = !context->incomplete;
    return document;
}

/* How compressed bytes start (RFC 1952, RFC 8878; RFC 1950 has a check of its own). */
static const struct {
    const char *name, *start, *shown;
} codings[] = {
    {"gzip", "\x1f\x8b", "1f 8b"},
    {"zstd", "\x28\xb5\x2f\xfd", "28 b5 2f fd"},
    {"bzip2", "BZh", "\"BZh\""},
    {"xz",
     "\xfd"
     "7zXZ",
     "fd 37 7a 58 5a"},
};

static bool is_zlib(const unsigned char *body, size_t length)
{
    return length > 2 && (body[0] & 0x0F) == 8 && body[0] >> 4 <= 7 &&
           (body[0] * 256 + body[1]) % 31 == 0 && (body[1] & 0x20) == 0 && body[0] != 'X' &&
           body[0] != '(' && body[0] != '8' && body[0] != 'H';
}

/* Bytes that are still compressed after the codings that the header names were undone (RFC 9110
 * section 8.4): no client reads them. The caller frees it with g_free(); NULL if they are not. */
static char *still_coded(const void *body, size_t length, const ms_context *context)
{
    const char *declared = context->content_encoding;
    const char *name = NULL, *shown = NULL;

    for (size_t i = 0; i < G_N_ELEMENTS(codings) && !name; i++) {
        size_t size = strlen(codings[i].start);

        if (length > size && memcmp(body, codings[i].start, size) == 0) {
            name = codings[i].name;
            shown = codings[i].shown;
        }
    }
    if (!name && is_zlib(body, length)) {
        name = "zlib (deflate)";
        shown = "78";
    }
    if (!name && context->unnamed)
        return g_strdup_printf("the bytes are %s, but the header does not say so: there is no "
                               "Content-Encoding",
                               context->unnamed);
    if (!name)
        return NULL;
    if (!declared || !*declared)
        return g_strdup_printf("the bytes are %s (they start with %s), but the header does not say "
                               "so: there is no Content-Encoding",
                               name, shown);
    return g_strdup_printf("the bytes are still %s (they start with %s) when the Content-Encoding "
                           "%s is undone: they were compressed once more than the header says",
                           name, shown, declared);
}

static ms_document *decode(const void *body, size_t length, const ms_context *context,
                           bool with_parts);

/* A part of a multipart body. */
static ms_document *decode_part(const void *body, size_t length, const ms_context *context)
{
    return decode(body, length, context, false);
}

ms_document *ms_decode(const void *body, size_t length, const ms_context *context)
{
    return decode(body, length, context, true);
}

/* A document for bytes that cannot be read, with what there is to say about the header. */
static ms_document *undecoded(const char *reason, const ms_context *context, unsigned rule)
{
    ms_document *document = new_document(context);

    document->undecoded = ms_store_text(document->store, reason, strlen(reason));
    document->verdict = MS_UNDECODED;
    ms_apply_header_rules(document, context, rule);
    return document;
}

/* One that is recognised, and written in what nobody here reads. NULL if it is none. */
static ms_document *unread_batch(const void *body, size_t length, const ms_context *context)
{
    const char *reason = ms_batch_unread(context->content_type);
    const ms_batch *batch = reason ? ms_batch_find(context, body, length) : NULL;

    if (!batch)
        return NULL;
    ms_document *document = undecoded(reason, context, MS_RULE_UNDECODED);

    document->batch = true;
    document->kind = batch->id;
    return document;
}

static void parse_batch(ms_document *document, ms_notes *notes, ms_encoded *encoded,
                        const ms_context *context, const ms_batch *batch, const void *body,
                        size_t length)
{
    switch (batch->form) {
    case MS_BATCH_JSON:
        ms_batch_parse(document, notes, encoded, batch);
        break;
    case MS_BATCH_XML:
        ms_xml_batch_parse(document, notes, encoded, context, batch->xml);
        break;
    case MS_BATCH_PARTS:
        ms_multipart_parse(document, notes, body, length, context, decode_part);
        break;
    }
}

static ms_document *decode(const void *body, size_t length, const ms_context *context,
                           bool with_parts)
{
    ms_document *unread = with_parts ? unread_batch(body, length, context) : NULL;

    if (unread)
        return unread;
    char *coded = with_parts ? still_coded(body, length, context) : NULL;

    if (coded) {
        unread = undecoded(coded, context, MS_RULE_CODING);

        g_free(coded);
        return unread;
    }
    ms_document *document = new_document(context);
    ms_notes notes = {0};
    ms_encoded encoded;

    notes.limits = ms_limits_in_force(context->limits);
    if (length > notes.limits.of[MS_MAX_BODY]) {
        length = notes.limits.of[MS_MAX_BODY];
        notes.limit = &ms_limit_table[MS_MAX_BODY];
        notes.limit_span = (ms_span){(uint32_t)length, 0};
        notes.stopped = true;
    }
    ms_encoded_init(&encoded, length > 0 ? body : "", length, context->content_type);
    document->encoding = ms_store_text(document->store, encoded.name, strlen(encoded.name));
    document->exact_spans = encoded.exact;
    document->span = (ms_span){0, (uint32_t)length};

    const ms_batch *batch = with_parts ? ms_batch_find(context, body, length) : NULL;

    if (batch) {
        document->batch = true;
        document->noted = batch->noted;
        parse_batch(document, &notes, &encoded, context, batch, body, length);
        ms_asked_compare(document, &notes, batch, context);
    } else if (with_parts && length > 0 && ms_multipart_suits(context->content_type)) {
        ms_multipart_parse(document, &notes, body, length, context, decode_part);
    } else if (ms_json_suits(&encoded, context->content_type)) {
        ms_json_parse(document, &notes, &encoded);
        ms_find_foreign(document, &notes, body, length);
    } else {
        document->format = MS_FORMAT_XML;
        ms_parse(document, &notes, &encoded, context);
        ms_store_resolve(document->store, document, context->uri);
        ms_find_foreign(document, &notes, body, length);
    }
    document->kind = batch ? batch->id : ms_kind_of_format(document->format);
    ms_judge(document, context, notes.stopped);
    ms_apply_rules(document, &notes, context);
    /* The rows of a part are judged together with those of the others. */
    if (with_parts && document->verdict == MS_UNDECODED && !document->undecoded)
        document->undecoded = "no status in it can be read";

    ms_encoded_clear(&encoded);
    ms_notes_clear(&notes);
    return document;
}

ms_document *ms_undecoded(const char *reason, const ms_context *context)
{
    return undecoded(reason, context, MS_RULE_UNDECODED);
}

bool ms_has_multistatus_root(const void *body, size_t length, const ms_context *context)
{
    char *name = ms_root_name(body, length, context->content_type);
    const char *brace = name ? strrchr(name, '}') : NULL, *local = brace ? brace + 1 : name;
    const ms_root_kind *kind = name ? ms_root_named(local, strlen(local)) : NULL;
    bool has = kind && (ms_root_answers(kind, context->method) ||
                        (brace == name + 1 + strlen(kind->name_space) &&
                         g_str_has_prefix(name + 1, kind->name_space)));

    g_free(name);
    return has;
}

bool ms_may_be_ours(const void *body, size_t length, const ms_context *context, bool by_root)
{
    return length > 0 &&
           ((by_root && ms_sniff(body, length)) || ms_batch_may_be(context, body, length));
}

bool ms_is_ours(const void *body, size_t length, const ms_context *context, bool by_root)
{
    return length > 0 &&
           ((by_root && ms_sniff(body, length) && ms_has_multistatus_root(body, length, context)) ||
            ms_batch_find(context, body, length) != NULL);
}
