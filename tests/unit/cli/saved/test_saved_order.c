/* test_saved_order.c
 * The order in which the requests and answers of a saved session happened.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <glib.h>

#include "saved_order.h"

#define NONE INT64_MIN

/* Seconds at which entries were sent and answered, and what happened: an entry's number, negative
 * for its request. */
static const struct {
    int64_t times[4][2];
    unsigned count;
    int happened[8];
} cases[] = {
    {{{1, 2}, {3, 4}}, 2, {-1, 1, -2, 2}},
    {{{1, 4}, {2, 3}}, 2, {-1, -2, 2, 1}},
    {{{3, 4}, {1, 2}}, 2, {-2, 2, -1, 1}},
    {{{1, 2}, {NONE, NONE}, {0, 1}}, 3, {-3, -1, 3, 1, 2}},
    {{{1, NONE}, {2, 3}}, 2, {-1, 1, -2, 2}},  /* never answered */
    {{{5, 2}, {3, 4}}, 2, {-1, 1, -2, 2}},     /* answered before it was sent: with its answer */
    {{{NONE, NONE}, {NONE, NONE}}, 2, {1, 2}}, /* in the order of the file */
    {{{1, 1}, {1, 1}}, 2, {-1, 1, -2, 2}},
};

static moment at(int64_t seconds)
{
    return seconds == NONE ? moment_unknown() : (moment){seconds, 0};
}

static void test_order(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GArray) times = g_array_new(FALSE, FALSE, sizeof(saved_times));

        for (unsigned k = 0; k < cases[i].count; k++) {
            saved_times of = {at(cases[i].times[k][0]), at(cases[i].times[k][1])};

            g_array_append_val(times, of);
        }
        g_autoptr(GArray) events = saved_events(times);

        g_test_message("case %zu", i);
        for (unsigned k = 0; k < events->len; k++) {
            const saved_event *event = &g_array_index(events, saved_event, k);
            int number = (int)event->entry + 1;

            g_assert_cmpint(event->answer ? number : -number, ==, cases[i].happened[k]);
        }
        g_assert_cmpint(events->len < 8 ? cases[i].happened[events->len] : 0, ==, 0);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/saved_order/order", test_order);
    return g_test_run();
}
