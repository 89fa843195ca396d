/* test_pairing.c
 * Which request a response answers, by places alone.
 *
 * RFC 9112 section 9.3.2, RFC 9293 section 3.4. Conversations of up to four exchanges are generated
 * from what the two sides say in turn, so that the truth is known. Then one of their messages is
 * lost, comes late, or all come in any order: a pair that is named must be the true one.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "pairing.h"
#include "stream.h"
#include "unit.h"

#define MOST 4
#define REQUEST_BYTES 100
#define RESPONSE_BYTES 500

typedef struct {
    message_places at[MOST];
    bool lost[MOST];
    bool hole[MOST]; /* before it */
} side;

/* Places of the messages of both sides. */
typedef struct {
    unsigned n;
    side client, server;
    unsigned confirms; /* so many answers are told before one says what it answers; 0 for none */
} conversation;

typedef struct {
    int request[MOST]; /* that a response is said to answer; -1 for none */
    bool final[MOST];
    pair_state first[MOST]; /* what was said first */
} answers;

static int messages[2][MOST];

static void on_told(void *data, void *response, void *request, pair_state state, bool final)
{
    answers *said = data;
    size_t n = (size_t)((int *)response - messages[1]);

    g_assert_false(said->final[n]);
    g_assert_cmpint(request != NULL, ==, state == PAIR_NAMED || state == PAIR_ASSUMED);
    if (said->first[n] == PAIR_OPEN)
        said->first[n] = state;
    said->request[n] = request ? (int)((int *)request - messages[0]) : -1;
    said->final[n] = final;
}

static void on_done(void *data, void *request)
{
    (void)data;
    g_assert_nonnull(request);
}

/* The bits of `asks`, the lowest first, say who speaks next: 1 for the client. */
static bool converse(conversation *of, unsigned n, unsigned asks)
{
    unsigned asked = 0, answered = 0;

    *of = (conversation){.n = n};
    for (unsigned turn = 0; turn < 2 * n; turn++) {
        bool client = (asks >> turn & 1) != 0;
        unsigned which = client ? asked++ : answered++;

        if (asked > n || answered > asked)
            return false;
        int64_t at = client ? which * REQUEST_BYTES : which * RESPONSE_BYTES;
        int64_t length = client ? REQUEST_BYTES : RESPONSE_BYTES;
        message_places *made = client ? &of->client.at[which] : &of->server.at[which];

        *made = (message_places){
            .start = at,
            .begin = at,
            .header_end = at + 50,
            .end = at + length,
            .acknowledged = client ? answered * RESPONSE_BYTES : asked * REQUEST_BYTES,
            .sure = true,
            .hasty = false,
        };
    }
    return asked == n && answered == n;
}

static void lose(side *of, unsigned n, unsigned which)
{
    of->lost[which] = true;
    for (unsigned i = which + 1; i < n && !of->lost[i]; i++) {
        of->hole[i] = true;
        of->at[i].sure = false;
        break;
    }
}

/* The messages of both sides, each side in its order; bit by bit of `order` says which comes next:
 * 1 for a request. What follows a hole comes when the hole is given up. */
static void tell(const conversation *of, unsigned order, answers *said)
{
    pairing *made = pairing_new(on_told, on_done, said);
    unsigned asked = 0, answered = 0;

    for (unsigned i = 0; i < MOST; i++)
        said->request[i] = -1, said->final[i] = false, said->first[i] = PAIR_OPEN;
    for (unsigned turn = 0; turn < 2 * of->n; turn++) {
        bool client = answered >= of->n || (asked < of->n && (order >> turn & 1) != 0);
        unsigned n = client ? asked++ : answered++;
        const side *from = client ? &of->client : &of->server;

        if (from->lost[n])
            continue;
        if (client && from->hole[n])
            pairing_client_lost(made);
        if (client) {
            pairing_request(made, &from->at[n], &messages[0][n]);
            pairing_request_ends(made, from->at[n].end);
            pairing_client_read(made, from->at[n].end);
        } else {
            pairing_response(made, &from->at[n], &messages[1][n]);
            if (of->confirms == n + 1)
                pairing_confirm(made);
            pairing_response_ends(made, from->at[n].end);
        }
    }
    pairing_end(made);
    pairing_free(made);
    for (unsigned i = 0; i < of->n; i++)
        g_assert_true(said->final[i] || of->server.lost[i]);
}

static bool is_waiting(const conversation *of)
{
    for (unsigned i = 1; i < of->n; i++) {
        if (of->client.at[i].acknowledged < of->server.at[i - 1].end)
            return false;
    }
    return true;
}

typedef void (*check)(const conversation *of, const answers *said);

/* Every conversation of up to four exchanges, its messages captured in every order. */
static void for_all(void (*change)(conversation *of, unsigned which), unsigned changes, check look)
{
    conversation whole, changed;
    answers said;

    for (unsigned n = 1; n <= MOST; n++) {
        for (unsigned asks = 0; asks < 1u << (2 * n); asks++) {
            if (!converse(&whole, n, asks))
                continue;
            for (unsigned which = 0; which < MAX(changes * n, 1); which++) {
                changed = whole;
                if (change)
                    change(&changed, which);
                for (unsigned order = 0; order < 1u << (2 * n); order++) {
                    tell(&changed, order, &said);
                    look(&changed, &said);
                }
            }
        }
    }
}

static void check_all_named(const conversation *of, const answers *said)
{
    for (unsigned i = 0; i < of->n; i++)
        g_assert_cmpint(said->request[i], ==, (int)i);
}

static void test_whole(void)
{
    for_all(NULL, 0, check_all_named);
}

/* Without what was acknowledged, as in TLS: the order is enough as long as nothing is missing. */
static void forget_acknowledged(conversation *of, unsigned which)
{
    (void)which;
    for (unsigned i = 0; i < of->n; i++)
        of->client.at[i].acknowledged = of->server.at[i].acknowledged = NO_PLACE;
}

static void test_unacknowledged(void)
{
    for_all(forget_acknowledged, 1, check_all_named);
}

/* One message is lost; the number says which. */
static void lose_one(conversation *of, unsigned which)
{
    if (which < of->n)
        lose(&of->client, of->n, which);
    else
        lose(&of->server, of->n, which - of->n);
}

static unsigned named, unnamed;

/* The answers of a client that waits are never given a wrong request. */
static void check_waiting(const conversation *of, const answers *said)
{
    if (!is_waiting(of))
        return;
    for (unsigned i = 0; i < of->n; i++) {
        if (of->server.lost[i])
            continue;
        g_assert_true(said->request[i] == -1 || said->request[i] == (int)i);
        if (of->client.lost[i])
            g_assert_cmpint(said->request[i], ==, -1);
        named += said->request[i] != -1;
        unnamed += said->request[i] == -1 && !of->client.lost[i];
    }
}

static void test_lost(void)
{
    named = unnamed = 0;
    for_all(lose_one, 2, check_waiting);
    g_assert_cmpuint(named, >, 0);
    g_assert_cmpuint(unnamed, ==, 0);
}

/* One that does not wait is given no wrong one either, if a response is lost. */
static void lose_response(conversation *of, unsigned which)
{
    lose(&of->server, of->n, which);
}

static void check_never_wrong(const conversation *of, const answers *said)
{
    for (unsigned i = 0; i < of->n; i++)
        g_assert_true(of->server.lost[i] || said->request[i] == -1 || said->request[i] == (int)i);
}

static void test_response_lost(void)
{
    for_all(lose_response, 1, check_never_wrong);
}

/* Its first answer tells that the server had more than the first request then: the client does not
 * wait, whatever the rest looks like. */
static void test_sent_on(void)
{
    conversation of;
    answers said;

    g_assert_true(converse(&of, 3, 0xb));
    lose(&of.client, 3, 1);
    lose(&of.server, 3, 2);
    tell(&of, 0xb, &said);
    g_assert_cmpint(said.request[0], ==, 0);
    g_assert_cmpint(said.request[1], ==, -1);
}

/* A client that waits, captured from the middle on. */
static conversation begun_before(unsigned n, unsigned confirms)
{
    conversation of;

    g_assert_true(converse(&of, n, 0x55));
    of.client.at[0].sure = of.server.at[0].sure = false;
    of.confirms = confirms;
    return of;
}

/* Which request is answered there is only assumed until something confirms it. */
static void test_assumed(void)
{
    conversation of = begun_before(3, 0);
    answers said;

    tell(&of, 0x15, &said);
    for (unsigned i = 0; i < 3; i++) {
        g_assert_cmpint(said.first[i], ==, PAIR_ASSUMED);
        g_assert_cmpint(said.request[i], ==, (int)i);
    }
    of = begun_before(4, 2);
    tell(&of, 0x55, &said);
    g_assert_cmpint(said.first[1], ==, PAIR_ASSUMED);
    g_assert_cmpint(said.first[2], ==, PAIR_NAMED);
    g_assert_cmpint(said.first[3], ==, PAIR_NAMED);
}

/* ... and anew when the count was lost after that. */
static void test_assumed_again(void)
{
    conversation of = begun_before(4, 1);
    answers said;

    lose(&of.server, 4, 1);
    tell(&of, 0x55, &said);
    g_assert_cmpint(said.first[2], ==, PAIR_ASSUMED);
    g_assert_cmpint(said.request[2], ==, 2);
    g_assert_cmpint(said.first[3], ==, PAIR_ASSUMED);
}

/* What a server says unasked when it gives up waiting uses up no request. */
static void test_unasked(void)
{
    conversation of;
    answers said;

    g_assert_true(converse(&of, 2, 0x5));
    of.server.at[1].unasked = true;
    of.server.at[1].acknowledged = REQUEST_BYTES;
    tell(&of, 0x5, &said);
    g_assert_cmpint(said.request[0], ==, 0);
    g_assert_cmpint(said.request[1], ==, -1);
}

static void test_reasons(void)
{
    g_assert_null(pair_reason(PAIR_NAMED));
    g_assert_null(pair_reason(PAIR_OPEN));
    g_assert_nonnull(pair_reason(PAIR_ASSUMED));
    g_assert_nonnull(pair_reason(PAIR_NOT_HELD));
    g_assert_nonnull(pair_reason(PAIR_UNDECIDED));
    g_assert_nonnull(pair_reason(PAIR_CONTRADICTED));
}

int main(int argc, char **argv)
{
    unit_init(argc, argv);
    g_test_add_func("/pairing/whole", test_whole);
    g_test_add_func("/pairing/unacknowledged", test_unacknowledged);
    g_test_add_func("/pairing/lost", test_lost);
    g_test_add_func("/pairing/response-lost", test_response_lost);
    g_test_add_func("/pairing/sent-on", test_sent_on);
    g_test_add_func("/pairing/assumed", test_assumed);
    g_test_add_func("/pairing/assumed-again", test_assumed_again);
    g_test_add_func("/pairing/unasked", test_unasked);
    g_test_add_func("/pairing/reasons", test_reasons);
    return g_test_run();
}
