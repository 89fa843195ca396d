/* test_ranges.c
 * Sets of numbers: against a set that is a bit for each number.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <stdbool.h>

#include <glib.h>

#include "ranges.h"
#include "unit.h"

enum { NUMBERS = 200 };

static void add(number_ranges *to, bool *bits, uint64_t first, uint64_t last)
{
    ranges_add(to, first, last);
    for (uint64_t i = first; i <= last; i++)
        bits[i] = true;
}

static uint64_t count_lacking(const bool *of, const bool *in)
{
    uint64_t lacking = 0;

    for (unsigned i = 0; i < NUMBERS; i++)
        lacking += of[i] && !in[i];
    return lacking;
}

static void test_random(void)
{
    GRand *random = g_rand_new_with_seed(7);

    for (unsigned round = 0; round < 300; round++) {
        number_ranges a = {0}, b = {0};
        bool in_a[NUMBERS] = {0}, in_b[NUMBERS] = {0};

        for (unsigned i = 0; i < round % 20; i++) {
            unsigned first = g_rand_int_range(random, 0, NUMBERS);
            unsigned length = g_rand_int_range(random, 0, 12);
            unsigned last = MIN(first + length, NUMBERS - 1);

            add(i % 3 ? &a : &b, i % 3 ? in_a : in_b, first, last);
            g_assert_cmpuint(ranges_lacking(&a, &b), ==, count_lacking(in_a, in_b));
            g_assert_cmpuint(ranges_lacking(&b, &a), ==, count_lacking(in_b, in_a));
        }
        ranges_clear(&a);
        ranges_clear(&b);
    }
    g_rand_free(random);
}

static void test_ends(void)
{
    number_ranges a = {0}, b = {0};
    const uint64_t most = (UINT64_C(1) << 62) - 1;

    g_assert_cmpuint(ranges_lacking(&a, &b), ==, 0);
    ranges_add(&a, 0, 0);
    ranges_add(&a, most, most);
    ranges_add(&a, 5, 4); /* none */
    g_assert_cmpuint(ranges_lacking(&a, &b), ==, 2);
    ranges_add(&b, 0, most);
    g_assert_cmpuint(ranges_lacking(&a, &b), ==, 0);
    g_assert_cmpuint(ranges_lacking(&b, &a), ==, most - 1);
    ranges_clear(&a);
    ranges_clear(&b);
}

/* What is forgotten in one set does not count in the other. */
static void test_limit(void)
{
    number_ranges every_second = {0}, all = {0};
    const uint64_t numbers = 2 * (RANGES_LIMIT + 100);

    ranges_add(&all, 0, numbers);
    for (uint64_t i = 0; i < numbers; i += 2)
        ranges_add(&every_second, i, i);
    g_assert_cmpuint(ranges_lacking(&every_second, &all), ==, 0);
    g_assert_cmpuint(ranges_lacking(&all, &every_second), ==, RANGES_LIMIT + 2);
    ranges_clear(&every_second);
    ranges_clear(&all);
}

int main(int argc, char **argv)
{
    unit_init(argc, argv);
    g_test_add_func("/ranges/random", test_random);
    g_test_add_func("/ranges/ends", test_ends);
    g_test_add_func("/ranges/limit", test_limit);
    return g_test_run();
}
