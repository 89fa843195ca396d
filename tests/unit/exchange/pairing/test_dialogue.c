/* test_dialogue.c
 * Segments of both directions in, messages and their pairs out.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <string.h>

#include "dialogue.h"
#include "unit.h"

/* What was reported, in words. */
typedef struct {
    GString *words;
    int open; /* messages that are not gone */
} log;

static void on_begins(void *data, http1_message *of)
{
    (void)of;
    ((log *)data)->open++;
}

static size_t on_keeps(void *data, http1_message *of, const http1_message *request)
{
    (void)data, (void)of, (void)request;
    return 1000;
}

static size_t on_grows(void *data, http1_message *of)
{
    (void)data, (void)of;
    return 1000;
}

static void on_breaks(void *data, http1_message *of)
{
    (void)data, (void)of;
}

static void on_paired(void *data, http1_message *response, http1_message *request, pair_state state,
                      bool final)
{
    (void)data, (void)state, (void) final;
    response->owner = request;
}

/* "207:PROPFIND:5 " or "207:-:3? " if it is not whole. */
static void on_gone(void *data, http1_message *of)
{
    log *to = data;
    const http1_message *request = of->owner;

    to->open--;
    if (!of->request)
        g_string_append_printf(to->words, "%d:%s:%u%s ", of->header.status,
                               request ? request->header.method : "-", of->body ? of->body->len : 0,
                               of->state == MESSAGE_WHOLE ? "" : "?");
}

static bool on_ends(void *data, http1_message *of)
{
    (void)data;
    g_assert_cmpint(of->state, !=, MESSAGE_OPEN);
    return false;
}

typedef struct {
    char from; /* C or S; F and R: FIN and RST of the server */
    const char *text;
    uint32_t at;           /* of its direction */
    uint32_t acknowledged; /* of the other */
} step;

#define ASK(method) method " /c HTTP/1.1\r\nHost: h\r\n\r\n"
#define FIVE "HTTP/1.1 207 M\r\nContent-Length: 5\r\n\r\n"
#define CLOSES "HTTP/1.1 207 M\r\n\r\n"
#define CHUNKED "HTTP/1.1 207 M\r\nTransfer-Encoding: chunked\r\n\r\n"
#define LENGTH(text) (uint32_t)(sizeof(text) - 1)

static const struct {
    const char *name, *told;
    step steps[8];
} rows[] = {
    {"in order",
     "207:PROPFIND:5 ",
     {{'C', ASK("PROPFIND"), 0, 0}, {'S', FIVE "hello", 0, LENGTH(ASK("PROPFIND"))}}},
    {"request behind its answer",
     "207:REPORT:5 ",
     {{'S', FIVE "hello", 0, LENGTH(ASK("REPORT"))}, {'C', ASK("REPORT"), 0, 0}}},
    {"HEAD and PROPFIND at once",
     "207:HEAD:0 207:PROPFIND:5 ",
     {{'C', ASK("HEAD") ASK("PROPFIND"), 0, 0},
      {'S', FIVE FIVE "hello", 0, LENGTH(ASK("HEAD") ASK("PROPFIND"))}}},
    {"FIN before data",
     "207:PROPFIND:3 ",
     {{'C', ASK("PROPFIND"), 0, 0},
      {'F', "", LENGTH(CLOSES "abc"), 9},
      {'S', CLOSES "abc", 0, LENGTH(ASK("PROPFIND"))}}},
    {"behind a reset",
     "207:PROPFIND:2? ",
     {{'C', ASK("PROPFIND"), 0, 0},
      {'R', "", 0, LENGTH(ASK("PROPFIND"))},
      {'S', FIVE "ab", 0, LENGTH(ASK("PROPFIND"))}}},
    {"sent twice",
     "207:PROPFIND:5 ",
     {{'C', ASK("PROPFIND"), 0, 0},
      {'C', ASK("PROPFIND"), 0, 0},
      {'S', FIVE "hello", 0, LENGTH(ASK("PROPFIND"))},
      {'S', FIVE "hello", 0, LENGTH(ASK("PROPFIND"))}}},
    /* Where the first answer ends is not known: the client that had all of it waited. */
    {"bytes missing in chunks, and a client that waits",
     "207:PROPFIND:2? 207:REPORT:5 ",
     {{'C', ASK("PROPFIND"), 0, 0},
      {'S', CHUNKED "5\r\nhe", 0, LENGTH(ASK("PROPFIND"))},
      {'S', "0\r\n\r\n", LENGTH(CHUNKED "5\r\nhello\r\n"), LENGTH(ASK("PROPFIND"))},
      {'C', ASK("REPORT"), LENGTH(ASK("PROPFIND")), LENGTH(CHUNKED "5\r\nhello\r\n0\r\n\r\n")},
      {'S', FIVE "hello", LENGTH(CHUNKED "5\r\nhello\r\n0\r\n\r\n"),
       LENGTH(ASK("PROPFIND") ASK("REPORT"))}}},
    {"... one that does not wait",
     "207:PROPFIND:2? 207:-:5 ",
     {{'C', ASK("PROPFIND"), 0, 0},
      {'S', CHUNKED "5\r\nhe", 0, LENGTH(ASK("PROPFIND"))},
      {'C', ASK("REPORT"), LENGTH(ASK("PROPFIND")), LENGTH(CHUNKED)},
      {'S', "0\r\n\r\n", LENGTH(CHUNKED "5\r\nhello\r\n"), LENGTH(ASK("PROPFIND"))},
      {'S', FIVE "hello", LENGTH(CHUNKED "5\r\nhello\r\n0\r\n\r\n"),
       LENGTH(ASK("PROPFIND") ASK("REPORT"))}}},
    {"... one that does not, as the end of a known length shows",
     "207:PROPFIND:5 207:REPORT:2? 207:-:5 ",
     {{'C', ASK("PROPFIND"), 0, 0},
      {'S', FIVE, 0, LENGTH(ASK("PROPFIND"))},
      {'C', ASK("REPORT"), LENGTH(ASK("PROPFIND")), LENGTH(FIVE)},
      {'S', "hello" CHUNKED "5\r\nhe", LENGTH(FIVE), LENGTH(ASK("PROPFIND") ASK("REPORT"))},
      {'C', ASK("SEARCH"), LENGTH(ASK("PROPFIND") ASK("REPORT")),
       LENGTH(FIVE "hello" CHUNKED "5\r\nhello\r\n0\r\n\r\n")},
      {'S', "0\r\n\r\n", LENGTH(FIVE "hello" CHUNKED "5\r\nhello\r\n"),
       LENGTH(ASK("PROPFIND") ASK("REPORT"))},
      {'S', FIVE "hello", LENGTH(FIVE "hello" CHUNKED "5\r\nhello\r\n0\r\n\r\n"),
       LENGTH(ASK("PROPFIND") ASK("REPORT") ASK("SEARCH"))}}},
    {"answer without its request", "207:-:5 ", {{'S', FIVE "hello", 0, 100}, {'C', "", 100, 0}}},
};

/* The same where the handshake is captured late: s and c are the SYNs of the two sides. */
static const struct {
    const char *name, *told;
    step steps[8];
} late_rows[] = {
    {"SYN/ACK behind the answer, whose second half is captured first",
     "207:PROPFIND:5 ",
     {{'c', "", 0, 0},
      {'C', ASK("PROPFIND"), 0, 0},
      {'S', "hello", LENGTH(FIVE), LENGTH(ASK("PROPFIND"))},
      {'S', FIVE, 0, LENGTH(ASK("PROPFIND"))},
      {'s', "", 0, 0}}},
    {"the server's second half before everything but a SYN",
     "207:PROPFIND:5 ",
     {{'c', "", 0, 0},
      {'S', "hello", LENGTH(FIVE), LENGTH(ASK("PROPFIND"))},
      {'C', ASK("PROPFIND"), 0, 0},
      {'s', "", 0, 0},
      {'S', FIVE, 0, LENGTH(ASK("PROPFIND"))}}},
    {"the client's SYN last",
     "207:HEAD:0 207:PROPFIND:5 ",
     {{'s', "", 0, 0},
      {'S', FIVE FIVE, 0, LENGTH(ASK("HEAD") ASK("PROPFIND"))},
      {'S', "hello", LENGTH(FIVE FIVE), LENGTH(ASK("HEAD") ASK("PROPFIND"))},
      {'C', ASK("HEAD") ASK("PROPFIND"), 0, 0},
      {'c', "", 0, 0}}},
};

static void add(dialogue *to, const step *from)
{
    bool syn = g_ascii_islower(from->from);
    segment came = {.direction = g_ascii_toupper(from->from) != 'C',
                    .sequence = 1000 + from->at - syn,
                    .syn = syn,
                    .has_acknowledged = from->from != 'c',
                    .acknowledged = 1000 + from->acknowledged,
                    .fin = from->from == 'F',
                    .rst = from->from == 'R',
                    .bytes = (const uint8_t *)from->text,
                    .length = strlen(from->text),
                    .reported = strlen(from->text)};

    dialogue_add(to, &came);
}

static void test_row(gconstpointer row)
{
    size_t n = GPOINTER_TO_SIZE(row);
    log to = {g_string_new(NULL), 0};
    dialogue *of = dialogue_new(&(dialogue_listener){on_begins, on_keeps, on_grows, on_breaks,
                                                     on_ends, on_paired, on_gone, &to});

    for (unsigned direction = 0; direction < 2; direction++)
        dialogue_add(of, &(segment){.direction = direction, .sequence = 999, .syn = true});
    for (const step *i = rows[n].steps; i->text; i++)
        add(of, i);
    dialogue_finish(of);
    g_assert_cmpstr(to.words->str, ==, rows[n].told);
    g_assert_cmpint(to.open, ==, 0);
    dialogue_free(of);
    g_string_free(to.words, TRUE);
}

static void test_late_row(gconstpointer row)
{
    size_t n = GPOINTER_TO_SIZE(row);
    log to = {g_string_new(NULL), 0};
    dialogue *of = dialogue_new(&(dialogue_listener){on_begins, on_keeps, on_grows, on_breaks,
                                                     on_ends, on_paired, on_gone, &to});

    for (const step *i = late_rows[n].steps; i->text; i++)
        add(of, i);
    dialogue_finish(of);
    g_assert_cmpstr(to.words->str, ==, late_rows[n].told);
    g_assert_cmpint(to.open, ==, 0);
    dialogue_free(of);
    g_string_free(to.words, TRUE);
}

/* Where the body ends that a side was in the middle of, in segments that it sends then. */
static void test_end_of_body(void)
{
    static const char three[] = "HTTP/1.1 207 M\r\nContent-Length: 6\r\n\r\nabc";
    const uint32_t asked = LENGTH(ASK("PROPFIND")), begun = LENGTH(three);
    log to = {g_string_new(NULL), 0};
    dialogue *of = dialogue_new(&(dialogue_listener){on_begins, on_keeps, on_grows, on_breaks,
                                                     on_ends, on_paired, on_gone, &to});
    uint32_t first, end;

    g_assert_false(dialogue_in_body(of, 1));
    add(of, &(step){'C', ASK("PROPFIND"), 0, 0});
    add(of, &(step){'S', FIVE "hello", 0, asked});
    g_assert_false(dialogue_in_body(of, 0));
    g_assert_false(dialogue_in_body(of, 1));
    g_assert_true(dialogue_body_end(of, 1, &first));
    add(of, &(step){'S', three, LENGTH(FIVE "hello"), asked});
    g_assert_true(dialogue_in_body(of, 1));
    g_assert_true(dialogue_body_end(of, 1, &end));
    g_assert_cmpuint(end - first, ==, begun);
    /* Its end, a whole answer, and the beginning of another body. */
    add(of, &(step){'S', "def" FIVE "hello" FIVE "h", LENGTH(FIVE "hello") + begun, asked});
    g_assert_true(dialogue_body_end(of, 1, &end));
    g_assert_cmpuint(end - first, ==, begun + 3);
    g_assert_true(dialogue_in_body(of, 1));
    g_assert_true(dialogue_body_end(of, 1, &end));
    g_assert_cmpuint(end - first, ==, begun + 3 + LENGTH(FIVE "hello" FIVE "h"));
    dialogue_finish(of);
    dialogue_free(of);
    g_string_free(to.words, TRUE);
}

/* What is said to a SOCKS proxy, byte by byte. */
static void test_socks(void)
{
    static const uint8_t asks[] =
        "\x05\x02\x00\x02\x01\x02me\x03you\x05\x01\x00\x01\xc0\x00\x02\x01\x00\x50" ASK("PROPFIND");
    static const uint8_t answers[] =
        "\x05\x02\x01\x00\x05\x00\x00\x01\xc0\x00\x02\x01\x00\x50" FIVE "hello";
    log to = {g_string_new(NULL), 0};
    dialogue *of = dialogue_new(&(dialogue_listener){on_begins, on_keeps, on_grows, on_breaks,
                                                     on_ends, on_paired, on_gone, &to});

    for (unsigned side = 0; side < 2; side++) {
        const uint8_t *bytes = side ? answers : asks;
        uint32_t length = side ? LENGTH(answers) : LENGTH(asks);

        dialogue_add(of, &(segment){.direction = side, .sequence = 999, .syn = true});
        for (uint32_t i = 0; i < length; i++)
            dialogue_add(of, &(segment){.direction = side,
                                        .sequence = 1000 + i,
                                        .has_acknowledged = true,
                                        .acknowledged = 1000 + side * LENGTH(asks),
                                        .bytes = bytes + i,
                                        .length = 1,
                                        .reported = 1});
    }
    dialogue_finish(of);
    g_assert_cmpstr(to.words->str, ==, "207:PROPFIND:5 ");
    dialogue_free(of);
    g_string_free(to.words, TRUE);
}

int main(int argc, char **argv)
{
    unit_init(argc, argv);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        char *path = g_strdup_printf("/dialogue/%s", rows[i].name);

        g_test_add_data_func(path, GSIZE_TO_POINTER(i), test_row);
        g_free(path);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(late_rows); i++) {
        char *path = g_strdup_printf("/dialogue/late/%s", late_rows[i].name);

        g_test_add_data_func(path, GSIZE_TO_POINTER(i), test_late_row);
        g_free(path);
    }
    g_test_add_func("/dialogue/end of body", test_end_of_body);
    g_test_add_func("/dialogue/socks", test_socks);
    return g_test_run();
}
