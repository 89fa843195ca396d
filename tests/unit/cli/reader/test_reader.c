/* test_reader.c
 * Segments of plain HTTP/1, and the exchanges that are told of them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <string.h>

#include <glib.h>

#include "limit_table.h"
#include "reader.h"

static const uint8_t client[] = {10, 0, 0, 2}, server[] = {10, 0, 0, 1};
static const uint8_t client6[16] = {0x20, 1, [15] = 2}, server6[16] = {0x20, 1, [15] = 1};

typedef struct {
    reader *reader;
    GString *told;
    uint32_t frame;
    uint32_t next[2]; /* of the client and the server */
    bool v6;
} conversation;

static void on_exchange(const multistatus_record *record, void *data)
{
    const exchange *of = record->exchange;

    g_string_append_printf(data, "%u %s %s %u %s>%s %" G_GINT64_FORMAT "%s;", of->request_frame,
                           of->method ? of->method : "-", of->uri ? of->uri : "-", of->frame,
                           of->client, of->server, of->stream, of->complete ? "" : " cut");
}

static conversation begin(ms_limits *limits)
{
    *limits = ms_limits_in_force(NULL);
    const reader_terms terms = {limits, MS_BATCHES_AUTO, true};
    GString *told = g_string_new(NULL);

    return (conversation){reader_new(&terms, on_exchange, told), told, 0, {1000, 5000}, false};
}

static bool show_flags(conversation *c, uint32_t stream, unsigned side, uint32_t sequence,
                       uint8_t flags, const char *data)
{
    const uint8_t *addresses[] = {c->v6 ? client6 : client, c->v6 ? server6 : server};
    const uint16_t ports[] = {50000, 80};
    const sieve_packet segment = {
        .kind = PACKET_SEGMENT,
        .flow = {addresses[side], addresses[!side], c->v6 ? 16 : 4, ports[side], ports[!side]},
        .sequence = sequence,
        .acknowledged = c->next[!side],
        .flags = flags,
        .payload = (const uint8_t *)data,
        .length = strlen(data),
        .reported = strlen(data),
    };

    return reader_show(c->reader, &segment, stream, (arrival){++c->frame, 0, 1000});
}

static bool show_at(conversation *c, uint32_t stream, unsigned side, uint32_t sequence,
                    const char *data)
{
    return show_flags(c, stream, side, sequence, TCP_ACK, data);
}

/* The two sides greet each other: so it is known where they begin. */
static void open_stream(conversation *c, uint32_t stream)
{
    show_flags(c, stream, 0, c->next[0] - 1, TCP_SYN, "");
    show_flags(c, stream, 1, c->next[1] - 1, TCP_SYN | TCP_ACK, "");
}

static bool show(conversation *c, uint32_t stream, unsigned side, const char *data)
{
    bool goes_on = show_at(c, stream, side, c->next[side], data);

    c->next[side] += (uint32_t)strlen(data);
    return goes_on;
}

static void assert_told(conversation *c, const char *words)
{
    g_assert_cmpstr(c->told->str, ==, words);
    g_string_truncate(c->told, 0);
}

static void end(conversation *c)
{
    reader_free(c->reader);
    g_string_free(c->told, TRUE);
}

#define ASKED "PROPFIND /a HTTP/1.1\r\nHost: h\r\n\r\n"
#define BODY                                                                                       \
    "<multistatus xmlns='DAV:'><response><href>/a</href><status>HTTP/1.1 200 OK</status>"          \
    "</response></multistatus>"
#define ANSWERED "HTTP/1.1 207 Multi-Status\r\nContent-Length: 108\r\n\r\n" BODY

static void test_told_at_once(void)
{
    ms_limits limits;
    conversation c = begin(&limits);

    G_STATIC_ASSERT(sizeof BODY == 109);
    open_stream(&c, 3);
    g_assert_true(show(&c, 3, 0, ASKED));
    g_assert_true(show(&c, 3, 1, ANSWERED));
    assert_told(&c, "3 PROPFIND /a 4 10.0.0.2:50000>10.0.0.1:80 3;");
    reader_finish(c.reader);
    assert_told(&c, "");
    end(&c);
}

static void test_ipv6(void)
{
    ms_limits limits;
    conversation c = begin(&limits);

    c.v6 = true;
    open_stream(&c, 0);
    show(&c, 0, 0, ASKED);
    show(&c, 0, 1, ANSWERED);
    assert_told(&c, "3 PROPFIND /a 4 [2001::2]:50000>[2001::1]:80 0;");
    end(&c);
}

/* What comes too early waits. */
static void test_order(void)
{
    ms_limits limits;
    conversation c = begin(&limits);

    open_stream(&c, 0);
    show(&c, 0, 0, ASKED);
    show(&c, 0, 1, "HTTP/1.1 207 Multi-Status\r\n");
    show_at(&c, 0, 1, c.next[1] + 4, "ent-Length: 108\r\n\r\n" BODY);
    assert_told(&c, "");
    show(&c, 0, 1, "Cont");
    assert_told(&c, "3 PROPFIND /a 6 10.0.0.2:50000>10.0.0.1:80 0;");
    end(&c);
}

/* At the end, in the order of the streams. */
static void test_cut(void)
{
    ms_limits limits;
    conversation c = begin(&limits);
    const char *half = "HTTP/1.1 207 Multi-Status\r\nContent-Length: 200\r\n\r\n" BODY;

    show(&c, 7, 0, ASKED);
    show(&c, 7, 1, half);
    c.next[0] = c.next[1] = 1;
    show(&c, 2, 0, ASKED);
    show(&c, 2, 1, half);
    assert_told(&c, "");
    reader_finish(c.reader);
    assert_told(&c, "3 PROPFIND /a 4 10.0.0.2:50000>10.0.0.1:80 2 cut;"
                    "1 PROPFIND /a 2 10.0.0.2:50000>10.0.0.1:80 7 cut;");
    end(&c);
}

static void test_other_protocols(void)
{
    static const struct {
        const char *asked, *answered;
    } cases[] = {
        {"CONNECT h:80 HTTP/1.1\r\n\r\n", NULL},
        {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", NULL},
        {"GET / HTTP/1.1\r\nUpgrade: x\r\n\r\n", "HTTP/1.1 101 Switching\r\n\r\n"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        ms_limits limits;
        conversation c = begin(&limits);

        g_test_message("%s", cases[i].asked);
        g_assert_cmpint(show(&c, 0, 0, cases[i].asked), ==, cases[i].answered != NULL);
        if (cases[i].answered)
            g_assert_false(show(&c, 0, 1, cases[i].answered));
        end(&c);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reader/told-at-once", test_told_at_once);
    g_test_add_func("/reader/ipv6", test_ipv6);
    g_test_add_func("/reader/order", test_order);
    g_test_add_func("/reader/cut", test_cut);
    g_test_add_func("/reader/other-protocols", test_other_protocols);
    return g_test_run();
}
