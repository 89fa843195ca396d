/* fuzz_h3.c
 * STREAM frames of an HTTP/3 connection, from their bytes to messages and pairs: order, overlaps,
 * holes, frames, QPACK.
 *
 * The input is a list of steps: what to do and whose it is, a stream, where the bytes are (behind
 * those that came last, or so many before or behind that), two bytes of length, bytes.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "fuzz.h"

#include "h3_dialogue.h"

/* The bits of the first byte of a step. */
enum { OF_SERVER = 1, WITH_FIN = 2, ELSEWHERE = 4, RESET = 0x18, CLOSE = 0x38, NOT_KEPT = 0x80 };

enum { STREAMS = 16, MOST_STEPS = 1000, MOST_BODY = 64 * 1024, MOST_WAITING = 8 * 1024 * 1024 };

typedef struct {
    h3_dialogue *of;
    h3_budget budget;
    uint64_t next[2][STREAMS]; /* behind what came last */
    unsigned messages;         /* those that are not gone */
    size_t keep;
    uint32_t frame;
} talk;

/* What was told of a message. */
typedef struct {
    bool ended, final;
} told;

static void check_text(const char *text)
{
    fuzz_check(!text || g_utf8_validate(text, -1, NULL));
}

static void on_begins(void *data, http1_message *of)
{
    talk *in = data;

    in->messages++;
    of->owner = g_new0(told, 1);
    fuzz_check(of->state == MESSAGE_OPEN && of->stream >= 0 && of->stream % 4 == 0);
    fuzz_check(of->request ? of->header.method != NULL : of->header.status >= 200);
    for (unsigned i = 0; i < HTTP_FIELDS; i++)
        check_text(of->header.fields[i]);
}

static size_t on_keeps(void *data, http1_message *of, const http1_message *request)
{
    const talk *in = data;

    fuzz_check(!request || (request->request && !of->request && request->stream == of->stream));
    return in->keep;
}

static size_t on_grows(void *data, http1_message *of)
{
    const talk *in = data;

    fuzz_check(!((told *)of->owner)->ended && of->body->len <= of->length);
    return in->keep;
}

static void on_breaks(void *data, http1_message *of)
{
    (void)data;
    fuzz_check(of->state == MESSAGE_OPEN && of->missing > 0);
}

static bool on_ends(void *data, http1_message *of)
{
    told *about = of->owner;

    (void)data;
    fuzz_check(!about->ended && of->state != MESSAGE_OPEN);
    fuzz_check(of->state == MESSAGE_PARTIAL || of->missing == 0);
    about->ended = true;
    return false;
}

static void on_paired(void *data, http1_message *response, http1_message *request, pair_state state,
                      bool final)
{
    told *about = response->owner;

    (void)data;
    fuzz_check(final && !about->final && !response->request);
    fuzz_check((request != NULL) == (state == PAIR_NAMED));
    fuzz_check(!request || (request->request && request->stream == response->stream));
    about->final = true;
}

static void on_gone(void *data, http1_message *of)
{
    talk *in = data;
    told *about = of->owner;

    fuzz_check(about->ended && (of->request || about->final));
    in->messages--;
    g_free(about);
}

static void add(talk *in, unsigned flags, fuzz_input *from)
{
    unsigned direction = flags & OF_SERVER, stream = fuzz_byte(from) % STREAMS;
    uint64_t *next = &in->next[direction][stream], at = *next;

    if (flags & ELSEWHERE) {
        at += (uint64_t)(int64_t)(int8_t)fuzz_byte(from);
        at = at > INT64_MAX ? 0 : at;
    }
    size_t length = (size_t)fuzz_byte(from) << 8;

    length |= fuzz_byte(from);
    char *bytes = fuzz_copy(from, &length);

    h3_dialogue_add(in->of, &(h3_bytes){.direction = direction,
                                        .stream = stream,
                                        .at = at,
                                        .bytes = (const uint8_t *)bytes,
                                        .length = length,
                                        .fin = (flags & WITH_FIN) != 0,
                                        .when = {.frame = in->frame}});
    *next = at + length;
    free(bytes);
}

static void step(talk *in, fuzz_input *from)
{
    unsigned flags = fuzz_byte(from);
    arrival when = {.frame = ++in->frame};

    if ((flags & CLOSE) == CLOSE)
        h3_dialogue_finish(in->of, ENDING_CLOSE, &when);
    else if ((flags & CLOSE) == RESET)
        h3_dialogue_reset(in->of, flags & OF_SERVER, fuzz_byte(from) % STREAMS, &when);
    else
        add(in, flags, from);
    fuzz_check(in->budget.waiting < MOST_WAITING);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input input = {data, size};
    unsigned first = fuzz_byte(&input);
    talk in = {.keep = first & NOT_KEPT ? first & 3 : MOST_BODY};

    in.of = h3_dialogue_new(&(dialogue_listener){on_begins, on_keeps, on_grows, on_breaks, on_ends,
                                                 on_paired, on_gone, &in},
                            &in.budget);
    if (first & 4)
        h3_dialogue_set_patience(in.of, first >> 3 & 15);
    for (unsigned n = 0; n < MOST_STEPS && input.left > 0; n++)
        step(&in, &input);
    h3_dialogue_finish(in.of, ENDING_NONE, NULL);
    fuzz_check(in.messages == 0);
    h3_dialogue_free(in.of);
    fuzz_check(in.budget.waiting == 0 && in.budget.kept == 0);
    return 0;
}
