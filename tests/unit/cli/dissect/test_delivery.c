/* test_delivery.c
 * Records on their way to the receiver, and the position in a capture that is reported meanwhile.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <glib.h>

#include "capture_position.h"
#include "delivery.h"
#include "record_build.h"

typedef struct {
    GString *got; /* the frames */
    unsigned most;
} receiver;

static bool receive(void *data, exchange_record *record)
{
    receiver *to = data;

    g_string_append_printf(to->got, "%u%s ", record->frame, record->method ? record->method : "");
    return --to->most > 0;
}

static void hold(delivery *of, uint32_t frame, const char *mark)
{
    exchange_record *record = exchange_record_empty();

    record->frame = frame;
    record->method = mark;
    delivery_hold(of, record);
}

static void assert_got(receiver *to, const char *expected)
{
    g_assert_cmpstr(to->got->str, ==, expected);
    g_string_truncate(to->got, 0);
}

static void retract(void *data)
{
    g_string_append(((receiver *)data)->got, "none ");
}

/* What is held is gone, and who receives hears that the rest does not count. */
static void test_retraction(void)
{
    receiver to = {g_string_new(NULL), 100};
    delivery of;

    delivery_init(&of, receive, &to, false);
    hold(&of, 1, NULL);
    delivery_retract(&of);
    delivery_hand_out(&of);
    assert_got(&to, "");
    of.retracts = retract;
    hold(&of, 2, NULL);
    delivery_hand_out(&of);
    hold(&of, 3, NULL);
    delivery_retract(&of);
    delivery_hand_out(&of);
    assert_got(&to, "2 none ");
    delivery_clear(&of);
    g_string_free(to.got, TRUE);
}

/* By frame, and those of one frame in the order in which they came. */
static void test_order(void)
{
    receiver to = {g_string_new(NULL), 100};
    delivery of;

    delivery_init(&of, receive, &to, false);
    hold(&of, 9, "a");
    hold(&of, 3, NULL);
    hold(&of, 9, "b");
    hold(&of, 9, "c");
    assert_got(&to, "");
    delivery_hand_out(&of);
    assert_got(&to, "3 9a 9b 9c ");
    delivery_hand_out(&of);
    assert_got(&to, "");
    hold(&of, 2, NULL);
    delivery_begin(&of); /* the next capture */
    delivery_hand_out(&of);
    assert_got(&to, "");
    delivery_clear(&of);
    g_string_free(to.got, TRUE);
}

static void test_filter(void)
{
    receiver to = {g_string_new(NULL), 100};
    delivery of;

    delivery_init(&of, receive, &to, true);
    for (uint32_t frame = 1; frame <= 20; frame++)
        hold(&of, frame, NULL);
    delivery_match(&of, 8);
    delivery_match(&of, 17);
    delivery_match(&of, 1);
    delivery_match(&of, 400);
    delivery_hand_out(&of);
    assert_got(&to, "1 8 17 ");
    delivery_begin(&of);
    hold(&of, 8, NULL);
    delivery_hand_out(&of);
    assert_got(&to, "");
    delivery_clear(&of);
    g_string_free(to.got, TRUE);
}

/* A receiver that has had enough gets nothing more, from any capture. */
static void test_end(void)
{
    receiver to = {g_string_new(NULL), 2};
    delivery of;

    delivery_init(&of, receive, &to, false);
    for (uint32_t frame = 1; frame <= 3; frame++)
        hold(&of, frame, NULL);
    delivery_hand_out(&of);
    assert_got(&to, "1 2 ");
    g_assert_true(of.ended);
    delivery_begin(&of);
    hold(&of, 1, NULL);
    delivery_hand_out(&of);
    assert_got(&to, "");
    delivery_clear(&of);
    g_string_free(to.got, TRUE);
}

/* What is read twice counts half each time, and adds up to the whole file. */
static void test_position(void)
{
    capture_position position = {0};
    position_teller by = {.position = &position};

    capture_position_begin(&by, false);
    capture_position_bytes(&by, 700);
    capture_position_frame(&by, 12);
    g_assert_cmpuint(position.bytes, ==, 700);
    g_assert_cmpuint(position.frame, ==, 12);
    capture_position_begin(&by, true);
    capture_position_bytes(&by, 700);
    g_assert_cmpuint(position.bytes, ==, 350);
    capture_position_turn(&by, 1000);
    g_assert_cmpuint(position.bytes, ==, 500);
    capture_position_bytes(&by, 700);
    g_assert_cmpuint(position.bytes, ==, 850);
    capture_position_end(&by);
    g_assert_cmpuint(position.bytes, ==, 1000);

    position_teller nobody = {0};

    capture_position_begin(&nobody, true);
    capture_position_turn(&nobody, 1000);
    capture_position_frame(&nobody, 1);
    capture_position_end(&nobody);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/delivery/retraction", test_retraction);
    g_test_add_func("/delivery/order", test_order);
    g_test_add_func("/delivery/filter", test_filter);
    g_test_add_func("/delivery/end", test_end);
    g_test_add_func("/delivery/position", test_position);
    return g_test_run();
}
