/* settled.c
 * Exchanges of which nothing more will be learned.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "settled.h"

#include "history.h"
#include "unfinished.h"

/* It is told of before it is certain which request it answers: one that only seems to be it does
 * not count. Over HTTP/2 and HTTP/3, the stream says which. */
static void tell_early(exchange *of)
{
    bool known = of->request_frame != 0 || of->request_unknown;

    if (of->h2_stream >= 0 || of->h3_stream >= 0 || (known && !of->assumed))
        return;
    if (of->assumed)
        exchange_forget_request(of);
    of->assumed = false;
    of->request_unknown = "too many responses waited for their requests: this one was told of "
                          "before it was certain which one it answers";
}

bool settled_decode(exchange *of, settled_record *made)
{
    if (unfinished_had_to_go(of))
        tell_early(of);
    GByteArray *body = unfinished_body(of, &made->missing);

    of->complete = !made->missing;
    ms_context context = exchange_context(of, of->capture->limits, history_wants_values(of));
    bool ours = of->http_status == 207 ||
                ms_has_multistatus_root(body->data, body->len, &context) ||
                ms_batch_find(&context, body->data, body->len);

    made->document =
        body->len > 0
            ? ms_decode(body->data, body->len, &context)
            : ms_undecoded(made->missing ? made->missing : "the response has no body", &context);
    if (ours) {
        history_judge(of, made->document);
        history_add_findings(of, made->document);
    }
    made->record = (multistatus_record){.exchange = of,
                                        .document = made->document,
                                        .body_length = body->len,
                                        .missing = made->missing};
    g_byte_array_unref(body);
    return ours;
}

void settled_clear(settled_record *of)
{
    ms_document_free(of->document);
    g_free(of->missing);
}

static void tell(exchange *of, settled_call call, void *data)
{
    settled_record told;
    bool ours = settled_decode(of, &told);

    if (ours)
        call(&told.record, data);
    settled_clear(&told);
    unfinished_forget(of);
    if (of->finished)
        exchange_free(of);
}

void settled_tell(settled_call call, void *data)
{
    exchange *of;

    while ((of = unfinished_next_settled()) != NULL) {
        if (!unfinished_is_reported(of))
            tell(of, call, data);
    }
}

void settled_tell_all(settled_call call, void *data)
{
    exchange *of;

    while ((of = unfinished_next_settled()) != NULL)
        tell(of, call, data);
    while ((of = unfinished_oldest()) != NULL)
        tell(of, call, data);
}
