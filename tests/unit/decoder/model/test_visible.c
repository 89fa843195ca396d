/* test_visible.c
 * Text from the wire made fit to print.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <stdint.h>
#include <string.h>

#include <glib.h>

#include "unit.h"
#include "visible.h"

static void assert_shown(const char *text, size_t most, const char *expected)
{
    g_autoptr(GString) to = g_string_new(NULL);

    ms_append_visible(to, text, most);
    g_assert_cmpstr(to->str, ==, expected);
    g_assert_cmpint(ms_is_visible(text, most), ==, strcmp(text, expected) == 0);
}

static void test_plain(void)
{
    assert_shown("", 10, "");
    assert_shown("/coll/a b?c=%20", 100, "/coll/a b?c=%20");
    assert_shown("Grüße, 日本語, Ελλάδα, \U0001f600", SIZE_MAX,
                 "Grüße, 日本語, Ελλάδα, \U0001f600");
    assert_shown("C:\\new\\table", 100, "C:\\new\\table");
    assert_shown("e\u0301", 100, "e\u0301");
}

static void test_escapes(void)
{
    static const struct {
        const char *text, *shown;
    } rows[] = {
        {"a\nb\r\nc\td", "a\\nb\\r\\nc\\td"},
        {"\x01\x1b[2J\x7f", "\\x01\\x1b[2J\\x7f"},
        {"\xc2\x80\xc2\x9b"
         "31m\xc2\x85",
         "\\u0080\\u009b31m\\u0085"},
        {"\u202a\u202e\u2066\u2069\u200e\u200f\u061c",
         "\\u202a\\u202e\\u2066\\u2069\\u200e\\u200f\\u061c"},
        {"\u2028\u2029", "\\u2028\\u2029"},
        {"\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e",
         "\\u200b\\u200c\\u200d\\u2060\\ufeff\\u00ad\\u180e"},
        {"\u3164\uffa0\u034f\ufe0f", "\\u3164\\uffa0\\u034f\\ufe0f"},
        {"\U000e0041\U000e0100\U0001d173", "\\U000e0041\\U000e0100\\U0001d173"},
        {"\ufffe\ufdd0\U0001ffff", "\\ufffe\\ufdd0\\U0001ffff"},
        {"\xff\xc3", "\\xff\\xc3"},
        {"\xc0\x80\xed\xa0\x80z", "\\xc0\\x80\\xed\\xa0\\x80z"},
        {"\xf4\x90\x80\x80\xe2\x80", "\\xf4\\x90\\x80\\x80\\xe2\\x80"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        assert_shown(rows[i].text, SIZE_MAX, rows[i].shown);
}

static void test_bound(void)
{
    g_autofree char *text = g_strnfill(2310, 'x');

    assert_shown("abcdef", 6, "abcdef");
    assert_shown(text, 2310, text);
    assert_shown(text, 26, "xxx\u2026 (2,310 bytes)");
    assert_shown(text, 23, "\u2026 (2,310 bytes)");
    assert_shown("ab\ncdefghijklmnopqrstuvwxyz0123456789", 26, "ab\u2026 (37 bytes)");
    assert_shown("ab\ncdefghijklmnopqrstuvwxyz0123456789", 27, "ab\\n\u2026 (37 bytes)");
    assert_shown("äöüäöüäöüäöüäöüäöüäöüäöü", 28, "äö\u2026 (48 bytes)");
}

/* What is appended fits, whatever is in it. */
static void test_never_longer(void)
{
    static const char *const texts[] = {"\x1b", "\U000e0001", "\xff", "ä", "x", "\n"};

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        for (size_t most = 23; most < 70; most++) {
            g_autoptr(GString) text = g_string_new(NULL), shown = g_string_new("before");

            for (unsigned n = 0; n < 1000; n++)
                g_string_append(text, texts[i]);
            ms_append_visible(shown, text->str, most);
            g_assert_cmpuint(shown->len, <=, strlen("before") + most);
            g_assert_true(g_utf8_validate(shown->str, (gssize)shown->len, NULL));
        }
    }
}

/* No more of a large text is kept than is asked for. */
static void test_large(void)
{
    g_autofree char *text = g_strnfill(1000000, '\x1b');
    g_autoptr(GString) shown = g_string_new(NULL);

    ms_append_visible(shown, text, 100);
    g_assert_true(g_str_has_suffix(shown->str, "\\x1b\u2026 (1,000,000 bytes)"));
    g_assert_cmpuint(shown->allocated_len, <, 1000);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/visible/plain", test_plain);
    g_test_add_func("/visible/escapes", test_escapes);
    g_test_add_func("/visible/bound", test_bound);
    g_test_add_func("/visible/never-longer", test_never_longer);
    g_test_add_func("/visible/large", test_large);
    return g_test_run();
}
