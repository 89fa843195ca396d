/* test_community_id.c
 * The Community ID, against the identifiers that its specification publishes.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <glib.h>

#include "community_id.h"

/* github.com/corelight/community-id-spec, baseline with seed 0. */
static const struct {
    const char *one, *other;
    bool udp;
    const char *id;
} published[] = {
    {"128.232.110.120:34855", "66.35.250.204:80", false, "1:LQU9qZlK+B5F3KDmev6m5PMibrg="},
    {"192.168.1.52:54585", "8.8.8.8:53", true, "1:d/FP5EW3wiY1vCndhwleRRKHowQ="},
};

static void test_published(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(published); i++) {
        g_autofree char *there =
            community_id(published[i].one, published[i].other, published[i].udp);
        g_autofree char *back =
            community_id(published[i].other, published[i].one, published[i].udp);

        g_assert_cmpstr(there, ==, published[i].id);
        g_assert_cmpstr(back, ==, published[i].id);
    }
}

/* One address talks to itself: the ports decide. */
static void test_order(void)
{
    g_autofree char *there = community_id("[::1]:9", "[::1]:1000", false);
    g_autofree char *back = community_id("[::1]:1000", "[::1]:9", false);
    g_autofree char *udp = community_id("[::1]:9", "[::1]:1000", true);

    g_assert_cmpstr(there, ==, back);
    g_assert_cmpstr(there, !=, udp);
}

static void test_none(void)
{
    static const char *const odd[] = {
        NULL,    "",      ":80",  "dav.example:80", "192.0.2.1", "192.0.2.1:", "192.0.2.1:65536",
        "[]:80", "[::1]", "]:80", "[192.0.2.1]:80", "::1:80",    "[::1]:80",   "192.0.2.1:+8"};

    for (size_t i = 0; i < G_N_ELEMENTS(odd); i++) {
        g_assert_null(community_id(odd[i], "192.0.2.2:80", false));
        g_assert_null(community_id("192.0.2.2:80", odd[i], true));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/community-id/published", test_published);
    g_test_add_func("/community-id/order", test_order);
    g_test_add_func("/community-id/none", test_none);
    return g_test_run();
}
