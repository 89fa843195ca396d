/* test_h3_dialogue.c
 * Bytes of the streams of an HTTP/3 connection in, messages and their pairs out.
 *
 * Frames and header sections are written by hand, as RFC 9114 and RFC 9204 have them: nothing that
 * reads them made them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <string.h>

#include "h3_dialogue.h"
#include "h3_frames.h"
#include "qpack.h"
#include "quic_number.h"
#include "unit.h"

/* ---- what is told ---- */

typedef struct {
    h3_dialogue *of;
    h3_budget budget;
    GString *words;
    unsigned open, breaks; /* messages that are not gone; holes that were told */
    size_t keep;
    uint32_t frame;
} talk;

/* Of a response: its request, what pairs them. */
typedef struct {
    const http1_message *request;
    pair_state state;
    bool final;
} answered;

static void on_begins(void *data, http1_message *of)
{
    ((talk *)data)->open++;
    of->owner = g_new0(answered, 1);
    ((answered *)of->owner)->state = PAIR_OPEN;
}

static size_t on_keeps(void *data, http1_message *of, const http1_message *request)
{
    (void)of, (void)request;
    return ((talk *)data)->keep;
}

static size_t on_grows(void *data, http1_message *of)
{
    g_assert_cmpuint(of->body->len, <=, ((talk *)data)->keep);
    return ((talk *)data)->keep;
}

static void on_breaks(void *data, http1_message *of)
{
    g_assert_cmpint(of->missing, >, 0);
    ((talk *)data)->breaks++;
}

static bool on_ends(void *data, http1_message *of)
{
    (void)data;
    g_assert_cmpint(of->state, !=, MESSAGE_OPEN);
    return false;
}

static void on_paired(void *data, http1_message *response, http1_message *request, pair_state state,
                      bool final)
{
    (void)data;
    *(answered *)response->owner = (answered){request, state, final};
}

/* "207:PROPFIND:body " or, of one that is not whole, "207:?:bo(3 missing, ending 5) ". */
static void on_gone(void *data, http1_message *of)
{
    talk *to = data;
    answered *about = of->owner;

    to->open--;
    if (!of->request) {
        g_assert_true(about->final);
        g_assert_true((about->request != NULL) == (about->state == PAIR_NAMED));
        g_string_append_printf(to->words, "%d:%s:%.*s", of->header.status,
                               about->request                    ? about->request->header.method
                               : about->state == PAIR_UNREADABLE ? "?"
                                                                 : "-",
                               (int)of->body->len, of->body->data);
        if (of->state != MESSAGE_WHOLE)
            g_string_append_printf(to->words, "(%d missing, ending %d)", (int)of->missing,
                                   of->ending);
        g_string_append_c(to->words, ' ');
    }
    g_free(about);
}

static talk begin(void)
{
    return (talk){.words = g_string_new(NULL), .keep = 1000000};
}

static h3_dialogue *dialogue_of(talk *in)
{
    if (!in->of)
        in->of = h3_dialogue_new(&(dialogue_listener){on_begins, on_keeps, on_grows, on_breaks,
                                                      on_ends, on_paired, on_gone, in},
                                 &in->budget);
    return in->of;
}

static void end(talk *in, const char *expected)
{
    h3_dialogue_finish(dialogue_of(in), ENDING_NONE, NULL);
    g_assert_cmpstr(in->words->str, ==, expected);
    g_assert_cmpuint(in->open, ==, 0);
    h3_dialogue_free(in->of);
    g_assert_cmpuint(in->budget.waiting, ==, 0);
    g_assert_cmpuint(in->budget.kept, ==, 0);
    g_assert_cmpuint(in->budget.streams, ==, 0);
    g_string_free(in->words, TRUE);
}

/* ---- bytes ---- */

typedef GByteArray bytes;

static void put(bytes *to, const void *what, size_t length)
{
    g_byte_array_append(to, what, (guint)length);
}

/* RFC 9000 section 16, in two bytes. */
static void put_number(bytes *to, size_t number)
{
    uint8_t two[] = {(uint8_t)(0x40 | number >> 8), (uint8_t)number};

    g_assert_cmpuint(number, <, 1u << 14);
    put(to, two, 2);
}

static void put_frame(bytes *to, size_t type, const void *what, size_t length)
{
    put_number(to, type);
    put_number(to, length);
    put(to, what, length);
}

/* RFC 7541 section 5.1: in so many bits of the first byte. */
static void put_prefixed(bytes *to, uint8_t first, unsigned bits, size_t number)
{
    size_t most = (1u << bits) - 1;
    uint8_t byte = (uint8_t)(first | MIN(number, most));

    put(to, &byte, 1);
    if (number < most)
        return;
    for (number -= most; number >= 128; number >>= 7) {
        byte = (uint8_t)(number | 128);
        put(to, &byte, 1);
    }
    byte = (uint8_t)number;
    put(to, &byte, 1);
}

static void put_text(bytes *to, uint8_t first, unsigned bits, const char *text)
{
    put_prefixed(to, first, bits, strlen(text));
    put(to, text, strlen(text));
}

/* RFC 9204 section 4.5.6: a literal field with a literal name. */
static void put_field(bytes *to, const char *name, const char *value)
{
    put_text(to, 0x20, 3, name);
    put_text(to, 0x00, 7, value);
}

/* A HEADERS frame that needs no table: "name", "value", ..., NULL. */
static void put_headers(bytes *to, const char *name, ...)
{
    bytes *section = g_byte_array_new();
    va_list more;

    put(section, "\0\0", 2);
    va_start(more, name);
    for (; name; name = va_arg(more, const char *))
        put_field(section, name, va_arg(more, const char *));
    va_end(more);
    put_frame(to, 1, section->data, section->len);
    g_byte_array_unref(section);
}

static void put_request(bytes *to, const char *method)
{
    put_headers(to, ":method", method, ":path", "/c/", ":scheme", "https", NULL);
}

static void put_response(bytes *to, const char *status)
{
    put_headers(to, ":status", status, "content-type", "application/xml", NULL);
}

/* A DATA frame. */
static void put_data(bytes *to, const char *text)
{
    put_frame(to, 0, text, strlen(text));
}

/* Sends some of them, a copy that is as long as it is. */
static void send_part(talk *in, unsigned direction, uint64_t stream, const bytes *all, size_t from,
                      size_t to)
{
    uint8_t *copy = g_memdup2(all->data + from, to - from);

    h3_dialogue_add(dialogue_of(in), &(h3_bytes){.direction = direction,
                                                 .stream = stream,
                                                 .at = from,
                                                 .bytes = copy,
                                                 .length = to - from,
                                                 .fin = to == all->len,
                                                 .when = {.frame = ++in->frame}});
    g_free(copy);
}

static void send(talk *in, unsigned direction, uint64_t stream, bytes *all)
{
    send_part(in, direction, stream, all, 0, all->len);
    g_byte_array_unref(all);
}

static void ask(talk *in, uint64_t stream, const char *method)
{
    bytes *asked = g_byte_array_new();

    put_request(asked, method);
    send(in, H3_CLIENT, stream, asked);
}

/* A response of two DATA frames, with a trailer and frames that nobody knows between them. */
static bytes *answer(const char *status, const char *first, const char *second)
{
    bytes *made = g_byte_array_new();

    put_frame(made, 0x21, "grease", 6);
    put_response(made, "103");
    put_response(made, status);
    put_data(made, first);
    put_frame(made, 0x2a, "", 0);
    put_data(made, second);
    put_headers(made, "x-trailer", "1", NULL);
    return made;
}

/* ---- messages ---- */

static void test_whole(void)
{
    talk in = begin();

    ask(&in, 0, "PROPFIND");
    send(&in, H3_SERVER, 0, answer("207", "he", "llo"));
    g_assert_cmpstr(in.words->str, ==, "207:PROPFIND:hello ");
    end(&in, "207:PROPFIND:hello ");
}

/* Cut at every place, and each cut in every order of three pieces. */
static void test_pieces(void)
{
    bytes *all = answer("207", "he", "llo");
    static const unsigned orders[][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                         {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};

    for (guint first = 0; first <= all->len; first++) {
        for (guint second = first; second <= all->len; second += 7) {
            const guint cuts[] = {0, first, second, all->len};
            talk in = begin();

            ask(&in, 4, "PROPFIND");
            for (unsigned i = 0; i < 3; i++) {
                unsigned part = orders[(first + second) % 6][i];

                send_part(&in, H3_SERVER, 4, all, cuts[part], cuts[part + 1]);
                /* It comes twice. */
                send_part(&in, H3_SERVER, 4, all, cuts[part], cuts[part + 1]);
            }
            end(&in, "207:PROPFIND:hello ");
        }
    }
    g_byte_array_unref(all);
}

static void test_answer_first(void)
{
    talk in = begin();

    send(&in, H3_SERVER, 0, answer("207", "a", ""));
    g_assert_cmpstr(in.words->str, ==, "");
    ask(&in, 0, "DELETE");
    end(&in, "207:DELETE:a ");
}

static void test_no_request(void)
{
    talk in = begin();

    send(&in, H3_SERVER, 0, answer("207", "a", ""));
    end(&in, "207:-:a ");
}

/* By its length, a response ends before the stream does. */
static void test_length(void)
{
    talk in = begin();
    bytes *made = g_byte_array_new();

    ask(&in, 0, "PROPFIND");
    put_headers(made, ":status", "207", "content-length", "3", NULL);
    put_data(made, "abc");
    send_part(&in, H3_SERVER, 0, made, 0, made->len - 1);
    send_part(&in, H3_SERVER, 0, made, made->len - 1, made->len);
    g_byte_array_unref(made);
    end(&in, "207:PROPFIND:abc ");
}

static void test_reset(void)
{
    talk in = begin();
    bytes *made = answer("207", "he", "llo");
    arrival when = {.frame = 99};

    ask(&in, 0, "PROPFIND");
    send_part(&in, H3_SERVER, 0, made, 0, made->len - 30);
    h3_dialogue_reset(in.of, H3_SERVER, 0, &when);
    g_byte_array_unref(made);
    g_autofree char *expected =
        g_strdup_printf("207:PROPFIND:he(0 missing, ending %d) ", ENDING_RESET_STREAM);

    end(&in, expected);
}

static void test_close(void)
{
    talk in = begin();
    bytes *made = answer("207", "he", "llo");
    arrival when = {.frame = 99};

    ask(&in, 0, "PROPFIND");
    send_part(&in, H3_SERVER, 0, made, 0, made->len - 30);
    h3_dialogue_finish(in.of, ENDING_CLOSE, &when);
    g_byte_array_unref(made);
    g_autofree char *expected =
        g_strdup_printf("207:PROPFIND:he(0 missing, ending %d) ", ENDING_CLOSE);

    end(&in, expected);
}

/* ---- what is missing ---- */

/* Where a text is. */
static size_t place_of(const bytes *in, const char *text)
{
    size_t at = 0;

    while (memcmp(in->data + at, text, strlen(text)) != 0)
        g_assert_cmpuint(++at + strlen(text), <=, in->len);
    return at;
}

static void test_hole_in_body(void)
{
    talk in = begin();
    bytes *made = answer("207", "hello", "world");
    size_t at = place_of(made, "hello") + 2;

    ask(&in, 0, "PROPFIND");
    send_part(&in, H3_SERVER, 0, made, 0, at);
    send_part(&in, H3_SERVER, 0, made, at + 2, made->len);
    g_assert_cmpuint(in.breaks, ==, 0);
    g_byte_array_unref(made);
    g_autofree char *expected =
        g_strdup_printf("207:PROPFIND:he(2 missing, ending %d) ", ENDING_NONE);

    end(&in, expected);
    g_assert_cmpuint(in.breaks, ==, 1);
}

static void test_hole_across_frames(void)
{
    talk in = begin();
    bytes *made = answer("207", "hello", "world");
    size_t from = place_of(made, "hello") + 2, to = place_of(made, "world") + 1;

    ask(&in, 0, "PROPFIND");
    send_part(&in, H3_SERVER, 0, made, 0, from);
    send_part(&in, H3_SERVER, 0, made, to, made->len);
    g_byte_array_unref(made);
    g_autofree char *expected =
        g_strdup_printf("207:PROPFIND:he(%d missing, ending %d) ", (int)(to - from), ENDING_NONE);

    end(&in, expected);
}

static void test_hole_in_request(void)
{
    talk in = begin();
    bytes *asked = g_byte_array_new();

    put_request(asked, "PROPFIND");
    put_data(asked, "<a/>");
    send_part(&in, H3_CLIENT, 0, asked, 5, asked->len);
    send(&in, H3_SERVER, 0, answer("207", "a", "b"));
    g_byte_array_unref(asked);
    end(&in, "207:?:ab ");
}

/* Patience is counted in frames of the connection. */
static void test_patience(void)
{
    talk in = begin();
    bytes *made = answer("207", "hello", "world");
    size_t at = place_of(made, "hello") + 2;

    h3_dialogue_set_patience(dialogue_of(&in), 10);
    ask(&in, 0, "PROPFIND");
    send_part(&in, H3_SERVER, 0, made, 0, at);
    send_part(&in, H3_SERVER, 0, made, at + 2, made->len);
    for (unsigned i = 0; i < 12; i++) {
        g_assert_cmpuint(in.breaks, ==, i >= 10);
        ask(&in, 4 + 4 * i, "GET");
    }
    g_assert_cmpuint(in.breaks, ==, 1);
    g_assert_true(g_str_has_prefix(in.words->str, "207:PROPFIND:he(2 missing"));
    g_byte_array_unref(made);
    g_string_truncate(in.words, 0);
    end(&in, "");
}

/* ---- the table ---- */

/* The server lets the client's table have 4096 bytes. */
static void allow_table(talk *in, unsigned direction)
{
    bytes *made = g_byte_array_new();
    static const uint8_t settings[] = {0x01, 0x50, 0x00, 0x07, 0x10}; /* 4096 */

    put(made, "\0", 1);
    put_frame(made, 4, settings, sizeof settings);
    send_part(in, direction, direction == H3_SERVER ? 3 : 2, made, 0, made->len - 1);
    send_part(in, direction, direction == H3_SERVER ? 3 : 2, made, made->len - 1, made->len);
    g_byte_array_unref(made);
}

/* RFC 9204 section 4.3: capacity 4096, and an entry :method PROPFIND. */
static bytes *instructions(void)
{
    bytes *made = g_byte_array_new();

    put(made, "\x02", 1);
    put_prefixed(made, 0x20, 5, 4096);
    put_text(made, 0x40, 5, ":method");
    put_text(made, 0x00, 7, "PROPFIND");
    put(made, "", 0);
    return made;
}

/* A request whose method is that entry: Required Insert Count 1, encoded as 2; base 1. */
static bytes *table_request(void)
{
    bytes *section = g_byte_array_new(), *made = g_byte_array_new();

    put(section, "\x02\x00\x80", 3);
    put_field(section, ":path", "/c/");
    put_frame(made, 1, section->data, section->len);
    g_byte_array_unref(section);
    return made;
}

/* Whatever comes first, the request is read when all of it is there. */
static void test_table(void)
{
    static const char orders[][5] = {"SEQA", "ESQA", "QSEA", "QESA", "SQAE", "QAES"};

    for (unsigned i = 0; i < G_N_ELEMENTS(orders); i++) {
        talk in = begin();

        for (const char *step = orders[i]; *step; step++) {
            bytes *told = instructions();

            if (*step == 'S')
                allow_table(&in, H3_SERVER);
            else if (*step == 'E')
                for (guint at = 0; at < told->len; at++)
                    send_part(&in, H3_CLIENT, 2, told, at, at + 1);
            else if (*step == 'Q')
                send(&in, H3_CLIENT, 0, table_request());
            else
                send(&in, H3_SERVER, 0, answer("207", "a", "b"));
            g_byte_array_unref(told);
        }
        end(&in, "207:PROPFIND:ab ");
    }
}

/* A byte of the instructions is missing: what needs the table is not known, what does not is. */
static void test_table_with_hole(void)
{
    talk in = begin();
    bytes *told = instructions();

    allow_table(&in, H3_SERVER);
    send_part(&in, H3_CLIENT, 2, told, 0, 6);
    send_part(&in, H3_CLIENT, 2, told, 7, told->len);
    send(&in, H3_CLIENT, 0, table_request());
    send(&in, H3_SERVER, 0, answer("207", "a", "b"));
    ask(&in, 4, "DELETE");
    send(&in, H3_SERVER, 4, answer("423", "", ""));
    g_byte_array_unref(told);
    end(&in, "423:DELETE: 207:?:ab ");
}

/* The server's SETTINGS are missing: how sections count entries is not known. */
static void test_no_settings(void)
{
    talk in = begin();

    send(&in, H3_CLIENT, 2, instructions());
    send(&in, H3_CLIENT, 0, table_request());
    send(&in, H3_SERVER, 0, answer("207", "a", "b"));
    end(&in, "207:?:ab ");
}

/* More sections wait than anybody allows. */
static void test_many_wait(void)
{
    talk in = begin();

    allow_table(&in, H3_SERVER);
    for (unsigned i = 0; i < 2 * H3_LIMIT_BLOCKED; i++)
        send(&in, H3_CLIENT, 4 * i, table_request());
    send(&in, H3_SERVER, 0, answer("207", "a", "b"));
    send(&in, H3_SERVER, 4 * (2 * H3_LIMIT_BLOCKED - 1), answer("207", "c", "d"));
    send(&in, H3_CLIENT, 2, instructions());
    end(&in, "207:PROPFIND:cd 207:?:ab ");
}

/* ---- other things ---- */

/* Nothing of these is HTTP/3, or of interest. */
static void test_foreign(void)
{
    talk in = begin();
    bytes *dns = g_byte_array_new(), *push = g_byte_array_new(), *tunnel = g_byte_array_new();

    put(dns, "\0\x1d\x12\x34\1\0\0\1\0\0\0\0\0\0\3www\7example\0\0\1\0\1", 31);
    send(&in, H3_CLIENT, 0, dns);
    put(push, "\1\0", 2);
    put_response(push, "207");
    send(&in, H3_SERVER, 3, push);
    put(tunnel, "\x40\x41\0", 3);
    put_response(tunnel, "207");
    send(&in, H3_SERVER, 4, tunnel);
    send(&in, H3_SERVER, 1, answer("207", "a", "")); /* a stream that the server began */
    send(&in, H3_CLIENT, 7, answer("207", "a", "")); /* one way, and not the client's */
    end(&in, "");
}

/* More than is kept: nothing is left of what has ended, and the oldest that has not is let go. */
static void test_many_streams(void)
{
    talk in = begin();
    GString *expected = g_string_new(NULL);

    for (unsigned i = 0; i < 50000; i++) {
        ask(&in, 4 * i, "PROPFIND");
        send(&in, H3_SERVER, 4 * i, answer("207", "a", "b"));
        g_string_append(expected, "207:PROPFIND:ab ");
        g_assert_cmpuint(in.open, ==, 0);
    }
    /* They come once more. */
    for (unsigned i = 0; i < 50000; i += 111)
        send(&in, H3_SERVER, 4 * i, answer("207", "a", "b"));
    end(&in, expected->str);
    g_string_free(expected, TRUE);
}

static void test_open_streams(void)
{
    talk in = begin();

    for (unsigned i = 0; i < 5000; i++) {
        ask(&in, 4 * i, "PROPFIND");
        g_assert_cmpuint(in.open, <=, H3_LIMIT_STREAMS);
    }
    end(&in, "");
}

/* Streams of which nobody knows what they are, too. */
static void test_untold_streams(void)
{
    talk in = begin();

    for (unsigned i = 0; i < 5000; i++) {
        h3_dialogue_add(dialogue_of(&in), &(h3_bytes){.direction = H3_CLIENT,
                                                      .stream = 4 * i + 2,
                                                      .bytes = (const uint8_t *)"@",
                                                      .length = 1});
        g_assert_cmpuint(in.budget.streams, <=, H3_LIMIT_STREAMS);
    }
    end(&in, "");
}

/* What waits behind holes of many streams is bounded in all. */
static void test_waiting(void)
{
    enum { STREAMS = 1000, PIECE = 500 * 1000 };
    talk in = begin();
    uint8_t *zeros = g_malloc0(PIECE);

    for (unsigned i = 0; i < STREAMS; i++) {
        h3_dialogue_add(dialogue_of(&in), &(h3_bytes){.direction = H3_SERVER,
                                                      .stream = 4 * i,
                                                      .at = 10,
                                                      .bytes = zeros,
                                                      .length = PIECE});
        g_assert_cmpuint(in.budget.waiting, <=, H3_LIMIT_WAITING + 2 * PIECE);
    }
    g_free(zeros);
    end(&in, "");
}

/* A body that is of no interest is not kept, and holes in it do not wait. */
static void test_not_kept(void)
{
    enum { PIECE = 16000, PIECES = 10000 };
    talk in = begin();
    bytes *made = g_byte_array_new();
    uint8_t *zeros = g_malloc0(PIECE);

    in.keep = 0;
    ask(&in, 0, "GET");
    put_response(made, "200");
    put(made, "\0\xc0\0\0\0\x10\0\0\0\0\0", 10); /* a DATA frame of 256 MiB */
    h3_dialogue_add(in.of,
                    &(h3_bytes){.direction = H3_SERVER, .bytes = made->data, .length = made->len});
    for (unsigned i = 0; i < PIECES; i++) {
        h3_dialogue_add(in.of, &(h3_bytes){.direction = H3_SERVER,
                                           .at = made->len + (uint64_t)i * (PIECE + 1),
                                           .bytes = zeros,
                                           .length = PIECE});
        g_assert_cmpuint(in.budget.waiting, <=, 2 * PIECE);
        g_assert_cmpuint(in.budget.kept, ==, 0);
    }
    g_free(zeros);
    g_byte_array_unref(made);
    g_autofree char *expected =
        g_strdup_printf("200:GET:(%d missing, ending %d) ", PIECES - 1, ENDING_NONE);

    end(&in, expected);
}

/* Bytes that were made to be as bad as can be: nothing but the bounds matters. */
static void test_noise(void)
{
    for (guint32 seed = 0; seed < 300; seed++) {
        talk in = begin();
        GRand *random = g_rand_new_with_seed(seed);
        bytes *all = answer("207", "hello", "world");

        in.keep = 3;
        for (unsigned i = 0; i < 200; i++) {
            size_t from = (size_t)g_rand_int_range(random, 0, (gint32)all->len);
            size_t to = (size_t)g_rand_int_range(random, (gint32)from, (gint32)all->len + 1);

            all->data[g_rand_int_range(random, 0, (gint32)all->len)] =
                (uint8_t)g_rand_int_range(random, 0, 256);
            send_part(&in, (unsigned)g_rand_int_range(random, 0, 2),
                      (uint64_t)g_rand_int_range(random, 0, 16), all, from, to);
        }
        h3_dialogue_finish(in.of, ENDING_NONE, NULL);
        g_assert_cmpuint(in.open, ==, 0);
        h3_dialogue_free(in.of);
        g_assert_cmpuint(in.budget.waiting, ==, 0);
        g_string_free(in.words, TRUE);
        g_byte_array_unref(all);
        g_rand_free(random);
    }
}

/* ---- numbers ---- */

static void test_numbers(void)
{
    /* RFC 9000 appendix A.1. */
    static const uint8_t eight[] = {0xc2, 0x19, 0x7c, 0x5e, 0xff, 0x14, 0xe8, 0x8c};
    uint64_t number = 0;

    g_assert_cmpuint(quic_number(eight, 8, &number), ==, 8);
    g_assert_cmpuint(number, ==, G_GUINT64_CONSTANT(151288809941952652));
    g_assert_cmpuint(quic_number(eight, 7, &number), ==, 0);
    g_assert_cmpuint(quic_number((const uint8_t *)"\x9d\x7f\x3e\x7d", 4, &number), ==, 4);
    g_assert_cmpuint(number, ==, 494878333);
    g_assert_cmpuint(quic_number((const uint8_t *)"\x7b\xbd", 2, &number), ==, 2);
    g_assert_cmpuint(number, ==, 15293);
    g_assert_cmpuint(quic_number((const uint8_t *)"\x25", 1, &number), ==, 1);
    g_assert_cmpuint(number, ==, 37);
    g_assert_cmpuint(quic_number(eight, 0, &number), ==, 0);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *path;
        GTestFunc test;
    } with_qpack[] = {
        {"/h3/whole", test_whole},
        {"/h3/pieces", test_pieces},
        {"/h3/answer-first", test_answer_first},
        {"/h3/no-request", test_no_request},
        {"/h3/length", test_length},
        {"/h3/reset", test_reset},
        {"/h3/close", test_close},
        {"/h3/hole-in-body", test_hole_in_body},
        {"/h3/hole-across-frames", test_hole_across_frames},
        {"/h3/hole-in-request", test_hole_in_request},
        {"/h3/patience", test_patience},
        {"/h3/table", test_table},
        {"/h3/table-with-hole", test_table_with_hole},
        {"/h3/no-settings", test_no_settings},
        {"/h3/many-wait", test_many_wait},
        {"/h3/many-streams", test_many_streams},
        {"/h3/open-streams", test_open_streams},
        {"/h3/not-kept", test_not_kept},
    };

    unit_init(argc, argv);
    for (size_t i = 0; qpack_is_there() && i < G_N_ELEMENTS(with_qpack); i++)
        g_test_add_func(with_qpack[i].path, with_qpack[i].test);
    g_test_add_func("/h3/foreign", test_foreign);
    g_test_add_func("/h3/untold-streams", test_untold_streams);
    g_test_add_func("/h3/waiting", test_waiting);
    g_test_add_func("/h3/noise", test_noise);
    g_test_add_func("/h3/numbers", test_numbers);
    return g_test_run();
}
