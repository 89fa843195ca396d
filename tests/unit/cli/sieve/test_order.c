/* test_order.c
 * Segments captured in every order, and the order in which dissectors see them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <string.h>

#include <glib.h>

#include "order.h"

#define FRAMES 16

enum { CLIENT, SERVER };

typedef struct {
    unsigned side;
    uint8_t flags;
    uint32_t sequence, acknowledged;
    const char *payload;
} sent;

/* A TLS record, as far as anything looks at it. */
#define RECORD "\x16\x03\x03rest"
#define LENGTH 7u
#define CLIENTS 0xfffffffcu /* numbers wrap */
#define SERVERS 7000u

/* In the order in which they were sent. */
static const sent conversation[] = {
    {CLIENT, TCP_SYN, CLIENTS - 1, 0, ""},
    {SERVER, TCP_SYN | TCP_ACK, SERVERS - 1, CLIENTS, ""},
    {CLIENT, TCP_ACK, CLIENTS, SERVERS, ""},
    {CLIENT, TCP_ACK, CLIENTS, SERVERS, RECORD},
    {SERVER, TCP_ACK, SERVERS, CLIENTS + LENGTH, RECORD},
    {CLIENT, TCP_ACK, CLIENTS + LENGTH, SERVERS + LENGTH, RECORD},
    {SERVER, TCP_ACK, SERVERS + LENGTH, CLIENTS + 2 * LENGTH, RECORD},
};

#define SENT ((unsigned)G_N_ELEMENTS(conversation))

/* Which parts of the conversation the dissectors see, place by place. */
typedef struct {
    unsigned n;
    unsigned seen[FRAMES];
    guint moves;
    unsigned returns, far_returns; /* in the file, by more than no bytes and than two frames */
} outcome;

static sieve_packet packet_of(const sent *from)
{
    return (sieve_packet){
        .kind = PACKET_SEGMENT,
        .flow = {.source_port = 443, .destination_port = 40000},
        .sequence = from->sequence,
        .acknowledged = from->acknowledged,
        .flags = from->flags,
        .payload = (const uint8_t *)from->payload,
        .length = strlen(from->payload),
        .reported = strlen(from->payload),
    };
}

static outcome order_in_capture(const unsigned *captured, unsigned n, bool keys)
{
    order *made = order_new();
    order_of_flow flow = {0};
    outcome found = {.n = n};
    unsigned times[FRAMES] = {0};

    for (unsigned i = 0; i < n; i++) {
        const sent *from = &conversation[captured[i]];
        sieve_packet packet = packet_of(from);

        order_segment(made, &flow, from->side, &packet, order_matters(&packet, keys),
                      &(order_frame){i + 1, 100 * (int64_t)(i + 1)}, 1);
    }
    order_finish(made, &flow);
    const GArray *moves = order_moves(made);

    found.moves = moves->len;
    found.returns = order_returns(moves, 0);
    found.far_returns = order_returns(moves, 250);
    for (unsigned i = 0; i < n; i++) {
        const order_move *moved = order_at(moves, i + 1);
        unsigned number = moved ? moved->number : i + 1;

        g_assert_true(!moved || moved->offset == 100 * (int64_t)moved->number);
        g_assert_cmpuint(number, <=, n);
        times[number - 1]++;
        found.seen[i] = captured[number - 1];
    }
    for (unsigned i = 0; i < n; i++)
        g_assert_cmpuint(times[i], ==, 1);
    order_free(made);
    return found;
}

/* Do those with payload come as they were sent, copies beside each other? */
static bool is_as_sent(const outcome *of)
{
    unsigned before = 0;

    for (unsigned i = 0; i < of->n; i++) {
        if (*conversation[of->seen[i]].payload == '\0')
            continue;
        if (of->seen[i] < before)
            return false;
        before = of->seen[i];
    }
    return true;
}

/* All orders of what comes after the first `at`. */
static unsigned for_each_order(unsigned *captured, unsigned n, unsigned at,
                               void (*look)(const unsigned *captured, unsigned n))
{
    unsigned count = 0;

    if (at == n) {
        look(captured, n);
        return 1;
    }
    for (unsigned i = at; i < n; i++) {
        unsigned swapped = captured[at];

        captured[at] = captured[i];
        captured[i] = swapped;
        count += for_each_order(captured, n, at + 1, look);
        captured[i] = captured[at];
        captured[at] = swapped;
    }
    return count;
}

static void look_at_order(const unsigned *captured, unsigned n)
{
    outcome found = order_in_capture(captured, n, true);
    g_autoptr(GString) text = g_string_new("");

    for (unsigned i = 0; i < n; i++)
        g_string_append_printf(text, "%u -> %u, ", captured[i], found.seen[i]);
    g_test_message("%s", text->str);
    g_assert_true(is_as_sent(&found));
}

static void test_every_order(void)
{
    unsigned captured[SENT];

    for (unsigned i = 0; i < SENT; i++)
        captured[i] = i;
    g_assert_cmpuint(for_each_order(captured, SENT, 0, look_at_order), ==, 5040);
}

/* Whatever it carries, no SYN comes after bytes of its side. */
static void look_for_late_syn(const unsigned *captured, unsigned n)
{
    outcome found = order_in_capture(captured, n, false);
    bool spoken[2] = {false, false};

    for (unsigned i = 0; i < n; i++) {
        const sent *seen = &conversation[found.seen[i]];

        g_assert_false((seen->flags & TCP_SYN) != 0 && spoken[seen->side]);
        spoken[seen->side] = spoken[seen->side] || *seen->payload != '\0';
    }
}

static void test_late_syn(void)
{
    unsigned captured[SENT];

    for (unsigned i = 0; i < SENT; i++)
        captured[i] = i;
    for_each_order(captured, SENT, 0, look_for_late_syn);
}

/* Each of them twice, the copies anywhere after. */
static void look_at_copies(const unsigned *captured, unsigned n)
{
    unsigned twice[FRAMES];

    for (unsigned first = 1; first < n; first++) {
        memcpy(twice, captured, n * sizeof *captured);
        memcpy(twice + n, captured + first, (n - first) * sizeof *captured);
        order_in_capture(twice, n + n - first, true);
    }
}

static void test_copies(void)
{
    unsigned captured[SENT];

    for (unsigned i = 0; i < SENT; i++)
        captured[i] = i;
    for_each_order(captured, SENT, 1, look_at_copies);
}

static void test_loss(void)
{
    for (unsigned lost = 1; lost < SENT; lost++) {
        unsigned captured[SENT], n = 0;

        for (unsigned i = 0; i < SENT; i++)
            if (i != lost)
                captured[n++] = i;
        outcome found = order_in_capture(captured, n, true);

        /* What came in order stays as it is. */
        g_assert_cmpuint(found.moves, ==, 0);
        for_each_order(captured, n, 1, look_at_order);
    }
}

static void test_order_that_is_no_matter(void)
{
    const unsigned captured[] = {0, 1, 2, 4, 3, 5, 6};
    outcome found = order_in_capture(captured, G_N_ELEMENTS(captured), false);

    g_assert_cmpuint(found.moves, ==, 0);
    found = order_in_capture(captured, G_N_ELEMENTS(captured), true);
    g_assert_cmpuint(found.moves, ==, 2);
}

static void test_sides_behind_each_other(void)
{
    static const unsigned captured[][SENT] = {{0, 2, 3, 5, 1, 4, 6}, {1, 4, 6, 0, 2, 3, 5}};

    for (unsigned i = 0; i < G_N_ELEMENTS(captured); i++) {
        outcome found = order_in_capture(captured[i], SENT, true);

        for (unsigned n = 0; n < SENT; n++)
            g_assert_cmpuint(found.seen[n], ==, n);
        if (i == 0) {
            g_assert_cmpuint(found.returns, ==, 2);
            g_assert_cmpuint(found.far_returns, ==, 1);
        }
    }
}

/* A segment in fragments moves with all of them, of which some came before others were held. */
static void test_fragments(void)
{
    static const order_frame whole[] = {{1, 100}, {2, 200}, {3, 300}, {4, 400}, {5, 500}},
                             first[] = {{6, 600}, {9, 900}}, second[] = {{7, 700}, {8, 800}};
    static const unsigned seen[] = {6, 9, 7, 8};
    order *made = order_new();
    order_of_flow flow = {.matters = true};
    sieve_packet packet;

    for (unsigned i = 0; i < 3; i++) {
        packet = packet_of(&conversation[i]);
        order_segment(made, &flow, conversation[i].side, &packet, false, &whole[i], 1);
    }
    packet = packet_of(&conversation[4]);
    order_segment(made, &flow, SERVER, &packet, false, second, 2);
    packet = packet_of(&conversation[3]);
    order_segment(made, &flow, CLIENT, &packet, false, first, 2);
    g_assert_null(flow.held);
    const GArray *moves = order_moves(made);

    for (unsigned i = 0; i < G_N_ELEMENTS(seen); i++) {
        const order_move *moved = order_at(moves, 6 + i);

        g_assert_cmpuint(moved ? moved->number : 6 + i, ==, seen[i]);
        g_assert_true(!moved || moved->offset == 100 * (int64_t)seen[i]);
    }
    order_free(made);
}

/* What never comes is not waited for indefinitely. */
static void test_bound(void)
{
    order *made = order_new();
    order_of_flow flow = {0};
    sieve_packet packet = packet_of(&conversation[3]);

    for (uint32_t i = 0; i < 300000; i++) {
        packet.sequence = i * 2 * LENGTH;
        flow.matters = true;
        order_segment(made, &flow, i % 2, &packet, false, &(order_frame){i + 1, i}, 1);
    }
    order_finish(made, &flow);
    g_assert_null(flow.held);
    order_free(made);
}

/* ... in any number of connections. */
static void test_many(void)
{
    enum { MANY = 40000 };
    order *made = order_new();
    order_of_flow *flows = g_new0(order_of_flow, MANY);
    sieve_packet open = packet_of(&conversation[0]), reset = packet_of(&conversation[3]);
    unsigned held = 0;

    for (uint32_t i = 0; i < MANY; i++)
        order_segment(made, &flows[i], SERVER, &reset, false, &(order_frame){i + 1, i}, 1);
    for (uint32_t i = 0; i < MANY; i++) {
        held += flows[i].held != NULL;
        order_finish(made, &flows[i]);
    }
    g_assert_cmpuint(held, ==, 32768);
    /* A closed port holds nothing back. */
    flows[0] = (order_of_flow){0};
    reset = packet_of(&(sent){SERVER, TCP_RST | TCP_ACK, 0, CLIENTS, ""});
    order_segment(made, &flows[0], CLIENT, &open, false, &(order_frame){1, 1}, 1);
    order_segment(made, &flows[0], SERVER, &reset, false, &(order_frame){2, 2}, 1);
    g_assert_null(flows[0].held);
    g_free(flows);
    order_free(made);
}

#define HELLO "\x16\x03\x01\x00\x0c\x01\x00\x00\x08\x03\x03rest.."
#define DATA "\x17\x03\x03\x00\x0c\x01\x00\x00\x08\x03\x03rest.."
#define SETTINGS "\0\0\0\x04\0\0\0\0\0"
#define PREFACE "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
#define UPGRADE "GET / HTTP/1.1\r\nhttp2-settings: AAMAAABk\r\nUpgrade: h2c\r\n\r\n"
#define TUNNEL "CONNECT a:1 HTTP/1.1\r\n\r\n"
#define OTHER "GET / HTTP/1.1\r\nHost: HTTP2-Settings\r\n\r\n"

typedef struct {
    const char *bytes;
    size_t length;
} text;

/* Does another connection begin with `again`, so far behind the bytes with which the first one
 * began? */
static bool divides(text first, text again, int64_t ahead, uint8_t end, bool keys)
{
    const uint32_t base = 4000000000u;
    const uint32_t next = base + (uint32_t)first.length + (end != 0);
    const struct {
        text said;
        sent how;
    } segments[] = {{{"", 0}, {CLIENT, TCP_SYN, base - 1, 0, ""}},
                    {first, {CLIENT, (uint8_t)(TCP_ACK | end), base, SERVERS, ""}},
                    {again, {CLIENT, TCP_ACK, next + (uint32_t)ahead, SERVERS, ""}}};
    order *made = order_new();
    order_of_flow flow = {0};
    bool another = false;

    for (unsigned i = 0; i < G_N_ELEMENTS(segments); i++) {
        sieve_packet packet = packet_of(&segments[i].how);

        packet.payload = (const uint8_t *)segments[i].said.bytes;
        packet.length = packet.reported = segments[i].said.length;
        g_assert_false(another);
        another = !order_segment(made, &flow, CLIENT, &packet, order_matters(&packet, keys),
                                 &(order_frame){i + 1, i}, 1);
    }
    order_forget(made, &flow);
    order_free(made);
    return another;
}

#define TEXT(literal) ((text){literal, sizeof(literal) - 1})
#define DIVIDES(first, again, ahead, end, keys) divides(TEXT(first), TEXT(again), ahead, end, keys)

static void test_beginnings(void)
{
    static const int64_t far[] = {3000000, -3000000, 1 << 30, -(1 << 30), INT32_MAX, INT32_MIN + 1};

    for (unsigned i = 0; i < G_N_ELEMENTS(far); i++) {
        g_assert_true(DIVIDES(OTHER, HELLO, far[i], 0, true));
        g_assert_true(DIVIDES(OTHER, PREFACE, far[i], 0, false));
        g_assert_true(DIVIDES(OTHER, SETTINGS, far[i], 0, false));
        g_assert_true(DIVIDES(OTHER, UPGRADE, far[i], 0, false));
        g_assert_true(DIVIDES(OTHER, TUNNEL, far[i], 0, false));
        g_assert_false(DIVIDES(OTHER, HELLO, far[i], 0, false)); /* nobody can read it */
        g_assert_false(DIVIDES(OTHER, DATA, far[i], 0, true));
        g_assert_false(DIVIDES(OTHER, OTHER, far[i], 0, true));
    }
    /* As the first one began, or behind its end, a beginning may be nearer. */
    g_assert_true(DIVIDES(HELLO, HELLO, 100000, 0, true));
    g_assert_true(DIVIDES(PREFACE, PREFACE, 100000, 0, true));
    g_assert_false(DIVIDES(PREFACE, SETTINGS, 100000, 0, true));
    g_assert_false(DIVIDES(OTHER, HELLO, 100000, 0, true));
    g_assert_false(DIVIDES(HELLO, HELLO, 10000, 0, true)); /* RFC 8446 section 4.1.4 */
    g_assert_false(DIVIDES(HELLO, HELLO, -(int64_t)(sizeof HELLO - 1), 0, true));
    g_assert_true(DIVIDES(OTHER, HELLO, 10000, TCP_FIN, true));
    g_assert_false(DIVIDES(OTHER, HELLO, -10000, TCP_FIN, true));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/order/every-order", test_every_order);
    g_test_add_func("/order/late-syn", test_late_syn);
    g_test_add_func("/order/copies", test_copies);
    g_test_add_func("/order/loss", test_loss);
    g_test_add_func("/order/no-matter", test_order_that_is_no_matter);
    g_test_add_func("/order/sides", test_sides_behind_each_other);
    g_test_add_func("/order/fragments", test_fragments);
    g_test_add_func("/order/beginnings", test_beginnings);
    g_test_add_func("/order/bound", test_bound);
    g_test_add_func("/order/many", test_many);
    return g_test_run();
}
