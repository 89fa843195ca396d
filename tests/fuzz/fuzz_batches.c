/* fuzz_batches.c
 * A body under a status of success, with the request and the header of some kind of batch, of
 * another one or of none: which kind is found, and what is decoded.
 *
 * The input: five bytes that choose the context (kinds of request and header, status, switches, and
 * how long the body of the request is, in fours), the body of the request, the body.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "fuzz.h"

#include "document.h"

static const int statuses[] = {200, 201, 202, 207, 400, 0};

enum {
    INCOMPLETE = 1,
    PRODUCT = 2,
    OTHER_METHOD = 4,
    SECOND_WORD = 8,
};

/* One beyond the last kind is none. */
static const ms_batch *choose(fuzz_input *input)
{
    size_t number = fuzz_byte(input) % (ms_batch_count + 1);

    return number < ms_batch_count ? &ms_batches[number] : NULL;
}

static const char *word_of(const char *const *words, unsigned set)
{
    return words[0] && words[1] && set & SECOND_WORD ? words[1] : words[0];
}

/* What the request asks for, read with the media type of its answer. The caller frees it. */
static ms_asked *read_asked(fuzz_input *input, ms_context context, size_t length)
{
    char *body = fuzz_copy(input, &length);

    context.batches = MS_BATCHES_AUTO;
    ms_asked *asked = ms_asked_read(body, length, &context);

    fuzz_check(!asked || ms_asked_bytes(&context) > 0);
    free(body);
    return asked;
}

/* The caller frees its uri and what is asked for. */
static ms_context read_context(fuzz_input *input)
{
    const ms_batch *asked = choose(input), *answered = choose(input);
    int status = statuses[fuzz_byte(input) % G_N_ELEMENTS(statuses)];
    unsigned set = fuzz_byte(input);

    size_t length = 4 * (size_t)fuzz_byte(input);
    const char *path = asked ? word_of(asked->request.paths, set) : NULL;
    const char *query = asked ? word_of(asked->request.queries, set) : NULL;
    ms_context made = {
        .method = set & OTHER_METHOD ? "GET" : "POST",
        .http_status = status,
        .uri = g_strdup_printf("/a/%s%s%s", path ? path : "", query ? "?" : "", query ? query : ""),
        .amz_target = asked ? word_of(asked->request.targets, set) : NULL,
        .content_type = answered && answered->header.types[0] ? word_of(answered->header.types, set)
                                                              : "application/json",
        .elastic_product = set & PRODUCT ? "Elasticsearch" : NULL,
        .incomplete = set & INCOMPLETE,
    };

    made.asked = read_asked(input, made, length);
    return made;
}

static const ms_batch *find(const char *body, size_t length, ms_context context, ms_batch_mode mode)
{
    context.batches = mode;
    const ms_batch *found = ms_batch_find(&context, body, length);

    fuzz_check(!found || ms_batch_may_be(&context, body, length));
    fuzz_check(!found || mode == MS_BATCHES_ALL || ms_batch_is_promising(&context));
    return found;
}

/* What the kinds are found by does not depend on more kinds being looked for. */
static void check_finding(const char *body, size_t length, const ms_context *context)
{
    const ms_batch *some = find(body, length, *context, MS_BATCHES_AUTO);
    const ms_batch *all = find(body, length, *context, MS_BATCHES_ALL);

    fuzz_check(!some || all);
    fuzz_check(!find(body, length, *context, MS_BATCHES_OFF));
    fuzz_check(!all || (context->http_status >= 200 && context->http_status < 300 &&
                        context->http_status != 207));
}

/* What is cut off or damaged never succeeded. */
static void check_verdict(const char *body, size_t length, const ms_context *context)
{
    ms_document *document = ms_decode(body, length, context);

    fuzz_check(!document->batch || (document->kind && document->format != MS_FORMAT_NONE));
    fuzz_check(!document->batch || document->verdict != MS_SUCCESS ||
               (!document->error.present && document->failed == 0));
    ms_document_free(document);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input input = {data, size};
    ms_context context = read_context(&input);
    size_t length = input.left;
    char *uri = (char *)context.uri, *body = fuzz_copy(&input, &length);

    check_finding(body, length, &context);
    context.batches = MS_BATCHES_ALL;
    check_verdict(body, length, &context);
    document_check(body, length, context);
    ms_asked_free((ms_asked *)context.asked);
    g_free(uri);
    free(body);
    return 0;
}
