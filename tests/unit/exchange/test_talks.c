/* test_talks.c
 * What stays of the messages of a connection.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <string.h>

#include "history.h"
#include "limit_table.h"
#include "settled.h"
#include "talks.h"
#include "unfinished.h"
#include "unit.h"

#define ASK "PROPFIND /c/ HTTP/1.1\r\nHost: h\r\nDepth: 1\r\nContent-Length: 0\r\n\r\n"
#define BODY                                                                                       \
    "<multistatus xmlns=\"DAV:\"><response><href>/c/</href>"                                       \
    "<status>HTTP/1.1 423 Locked</status></response></multistatus>"
#define ANSWERS 200u
#define FEW 2u

/* More than is kept of all bodies together (unfinished.h), each a megabyte. */
#define MEGABYTE (1024u * 1024)
#define TOO_MANY (UNFINISHED_LIMIT_ALL / MEGABYTE + 20)

typedef struct {
    ms_limits limits;
    talk talk;
    dialogue *dialogue;
    uint32_t sequence[2];
    char *answer;
    size_t length;        /* of its body */
    unsigned told, asked; /* those that were told of, and of these, those with their request */
    unsigned explained;   /* ... and those that say why they have none */
} connection;

static void on_told(const multistatus_record *record, void *data)
{
    connection *of = data;

    of->told++;
    of->asked += record->exchange->method != NULL;
    of->explained += !record->exchange->method && record->exchange->request_unknown != NULL;
    g_assert_true(record->exchange->complete);
    g_assert_null(record->missing);
    g_assert_cmpuint(record->body_length, ==, of->length);
}

static void begin_with(connection *of, const char *body)
{
    *of = (connection){.length = strlen(body)};
    of->limits = ms_limits_in_force(NULL);
    of->answer = g_strdup_printf(
        "HTTP/1.1 207 Multi-Status\r\nContent-Type: text/xml\r\nContent-Length: %zu\r\n\r\n%s",
        of->length, body);
    of->talk.capture = history_begin();
    of->talk.capture->forget = unfinished_forget;
    of->talk.capture->limits = &of->limits;
    of->talk.http = true;
    talks_settle_first(false);
    dialogue_listener listener = talk_listener(&of->talk);

    of->dialogue = dialogue_new(&listener);
    talk_name_sides(&of->talk, 0, "10.0.0.2:50000", "10.0.0.1:80");
}

static void begin(connection *of)
{
    begin_with(of, BODY);
}

/* No XML, or it would take long. */
static void begin_large(connection *of)
{
    g_autofree char *body = g_strnfill(MEGABYTE, 'x');

    begin_with(of, body);
    of->limits.of[MS_MAX_BODY] = MEGABYTE;
}

static void add(connection *of, segment came)
{
    static uint32_t frame;

    came.sequence = of->sequence[came.direction];
    came.acknowledged = of->sequence[!came.direction];
    came.has_acknowledged = !came.syn || came.direction == 1;
    came.reported = came.length;
    came.when = (arrival){.frame = ++frame, .seconds = 1700000000 + frame};
    of->sequence[came.direction] += (uint32_t)came.length + came.syn;
    talks_begin_frame();
    dialogue_add(of->dialogue, &came);
    settled_tell(on_told, of);
}

static void say(connection *of, unsigned direction, const char *text)
{
    add(of,
        (segment){.direction = direction, .bytes = (const uint8_t *)text, .length = strlen(text)});
}

static void open_both(connection *of)
{
    add(of, (segment){.direction = 0, .syn = true});
    add(of, (segment){.direction = 1, .syn = true});
}

/* Answers, and nothing of what they answer. */
static void answer_alone(connection *of, unsigned times)
{
    add(of, (segment){.direction = 1, .syn = true});
    for (unsigned i = 0; i < times; i++) {
        say(of, 1, of->answer);
        of->sequence[0] += (uint32_t)strlen(ASK);
    }
}

static void end(connection *of)
{
    dialogue_finish(of->dialogue);
    settled_tell_all(on_told, of);
    dialogue_free(of->dialogue);
    talk_clear(&of->talk);
    talks_end();
    history_end(of->talk.capture);
    unfinished_end();
    g_free(of->answer);
}

/* Those that were told of are forgotten. */
static void test_told(void)
{
    connection of;

    begin(&of);
    open_both(&of);
    for (unsigned i = 0; i < ANSWERS; i++) {
        say(&of, 0, ASK);
        say(&of, 1, of.answer);
        g_assert_cmpuint(of.told, ==, i + 1);
        g_assert_cmpuint(of.talk.capture->exchanges.length, <=, FEW);
    }
    end(&of);
    g_assert_cmpuint(of.asked, ==, ANSWERS);
}

/* A request that goes on behind its answer is still read. */
static void test_answered_early(void)
{
    static const char first[] = "<propfind xmlns=\"DAV:\">", rest[] = "<allprop/></propfind>";
    g_autofree char *begins =
        g_strdup_printf("PROPFIND /c/ HTTP/1.1\r\nHost: h\r\nContent-Length: %zu\r\n\r\n%s",
                        strlen(first) + strlen(rest), first);
    connection of;

    begin(&of);
    open_both(&of);
    for (unsigned i = 0; i < ANSWERS; i++) {
        say(&of, 0, begins);
        say(&of, 1, of.answer);
        say(&of, 0, rest);
        g_assert_cmpuint(of.told, ==, i + 1);
        g_assert_cmpuint(of.talk.capture->exchanges.length, <=, FEW);
    }
    end(&of);
    g_assert_cmpuint(of.asked, ==, ANSWERS);
}

/* In a capture that holds one direction alone, all wait until it ends. */
static void test_one_direction(void)
{
    connection of;

    begin(&of);
    answer_alone(&of, ANSWERS);
    g_assert_cmpuint(of.told, ==, 0);
    end(&of);
    g_assert_cmpuint(of.told, ==, ANSWERS);
    g_assert_cmpuint(of.asked, ==, 0);
}

/* Their bodies are kept once, for those who tell of them, and given back with them. */
static void test_bodies(void)
{
    connection of;
    GList *in;

    begin(&of);
    answer_alone(&of, 1);
    in = of.talk.capture->exchanges.head;
    g_assert_nonnull(in);
    const GByteArray *body = unfinished_data(in->data);

    g_assert_nonnull(body);
    g_assert_cmpmem(body->data, body->len, BODY, strlen(BODY));
    end(&of);
    g_assert_cmpuint(of.told, ==, 1);
}

/* Those that cannot be kept until it is certain what they answer are whole all the same. */
static void test_too_many(void)
{
    connection of;

    begin_large(&of);
    answer_alone(&of, TOO_MANY);
    g_assert_cmpuint(of.told, >, 10);
    g_assert_cmpuint(of.told, <, 30);
    end(&of);
    g_assert_cmpuint(of.told, ==, TOO_MANY);
    g_assert_cmpuint(of.asked, ==, 0);
    g_assert_cmpuint(of.explained, ==, TOO_MANY);
}

/* The same on a connection that began before the capture, where what follows confirms the pairs. */
static void test_too_many_midway(void)
{
    connection of;

    begin_large(&of);
    for (unsigned i = 0; i < TOO_MANY; i++) {
        say(&of, 0, ASK);
        say(&of, 1, of.answer);
    }
    unsigned early = of.told;

    g_assert_cmpuint(early, >, 10);
    g_assert_cmpuint(of.asked + of.explained, ==, early);
    g_assert_cmpuint(of.explained, >, 0);
    end(&of);
    g_assert_cmpuint(of.told, ==, TOO_MANY);
    g_assert_cmpuint(of.asked, ==, TOO_MANY - of.explained);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/talks/told", test_told);
    g_test_add_func("/talks/answered-early", test_answered_early);
    g_test_add_func("/talks/one-direction", test_one_direction);
    g_test_add_func("/talks/bodies", test_bodies);
    g_test_add_func("/talks/too-many", test_too_many);
    g_test_add_func("/talks/too-many/midway", test_too_many_midway);
    return g_test_run();
}
