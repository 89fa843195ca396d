/* test_tnetstring.c
 * Typed netstrings: what is read, where the damage is seen, and that nothing outside is looked at.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <string.h>

#include <glib.h>

#include "flows.h"
#include "tnetstring.h"

/* Reads from a copy without anything behind it. */
static tnet_result read_text(const char *text, tnet_type *type, size_t *length)
{
    size_t size = strlen(text);
    g_autofree uint8_t *copy = g_memdup2(text, size);
    const uint8_t *at = copy;
    tnet value = {TNET_NONE, NULL, 0};
    tnet_result result = tnet_next(&at, copy ? copy + size : copy, &value);

    *type = value.type;
    *length = value.length;
    return result;
}

static void test_values(void)
{
    static const struct {
        const char *text;
        tnet_result result;
        tnet_type type;
        size_t length;
    } cases[] = {
        {"5:hello,", TNET_READ, TNET_BYTES, 5},
        {"0:~", TNET_READ, TNET_NULL, 0},
        {"8:2:ab,0:~}", TNET_READ, TNET_DICTIONARY, 8},
        {"5:hello,rest", TNET_READ, TNET_BYTES, 5},
        {"05:hello;", TNET_READ, TNET_TEXT, 5},
        {"5:hello", TNET_CUT, TNET_NONE, 0},
        {"6:hello,", TNET_CUT, TNET_NONE, 0},
        {"5", TNET_CUT, TNET_NONE, 0},
        {"5:", TNET_CUT, TNET_NONE, 0},
        {"999999999999:x,", TNET_CUT, TNET_NONE, 0},
        {"9999999999999:x,", TNET_DAMAGED, TNET_NONE, 0},
        {"5:hello?", TNET_DAMAGED, TNET_NONE, 0},
        {"-1:x,", TNET_DAMAGED, TNET_NONE, 0},
        {":x,", TNET_DAMAGED, TNET_NONE, 0},
        {"hello", TNET_DAMAGED, TNET_NONE, 0},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        tnet_type type;
        size_t length;

        g_test_message("%s", cases[i].text);
        g_assert_cmpint(read_text(cases[i].text, &type, &length), ==, cases[i].result);
        g_assert_cmpint(type, ==, cases[i].type);
        g_assert_cmpuint(length, ==, cases[i].length);
    }
}

static tnet value_of(const char *text)
{
    const uint8_t *at = (const uint8_t *)text;
    tnet value;

    g_assert_cmpint(tnet_next(&at, at + strlen(text), &value), ==, TNET_READ);
    return value;
}

static void test_members(void)
{
    tnet of = value_of("25:1:a,1:1#1:b;0:~1:a;3:2.5^}");
    tnet last = tnet_member(&of, "a"), null = tnet_member(&of, "b"), none = tnet_member(&of, "c");

    g_assert_cmpfloat(tnet_number(&last, 0), ==, 2.5);
    g_assert_cmpint(null.type, ==, TNET_NULL);
    g_assert_cmpint(none.type, ==, TNET_NONE);
    g_assert_cmpfloat(tnet_number(&null, 7), ==, 7);
    g_assert_true(tnet_is_whole(&of));
    for (size_t i = 0; i < 4; i++) {
        static const char *const damaged[] = {"4:1:a,}", "8:1:a,1:1#}", "7:1:a,9:1}", "5:1:a,x]"};
        tnet broken = value_of(damaged[i]);

        g_assert_true(tnet_is_whole(&broken) == (i == 1));
        g_assert_cmpint(tnet_member(&broken, "b").type, ==, TNET_NONE);
    }
}

static void test_numbers(void)
{
    static const char *const none[] = {"3:nan^", "3:inf^", "3:1e999^", "2:1x#", "0:#", "4:true!"};
    tnet value = value_of("17:1700000000.123456^");

    (void)value;
    for (size_t i = 0; i < G_N_ELEMENTS(none); i++) {
        const uint8_t *at = (const uint8_t *)none[i];
        tnet of;

        if (tnet_next(&at, at + strlen(none[i]), &of) == TNET_READ)
            g_assert_cmpfloat(tnet_number(&of, -1), ==, -1);
    }
}

static void test_beginnings(void)
{
    static const struct {
        const char *text;
        bool begins;
    } cases[] = {
        {"5523:9:websocket;0:~", true},
        {"99:2:id;", true},
        {"99:7:request;4:ab", true},
        {"99:7:unknown;0:~", false},
        {"12:30 lunch", false},
        {"", false},
        {"12", false},
        {"12:2:id#1:1#", false},
        {"12:2:id;x", false},
        {"{\"log\":1}", false},
        {"99:9:websocke", false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].text);
        g_assert_true(flows_begin((const uint8_t *)cases[i].text, strlen(cases[i].text)) ==
                      cases[i].begins);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/tnetstring/values", test_values);
    g_test_add_func("/tnetstring/members", test_members);
    g_test_add_func("/tnetstring/numbers", test_numbers);
    g_test_add_func("/tnetstring/beginnings", test_beginnings);
    return g_test_run();
}
