/* test_href.c
 * Comparing hrefs with each other, and hrefs for people.
 *
 * RFC 4918 section 8.3, RFC 3986 sections 2 and 6.2.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "href.h"
#include "near_href.h"

#include <string.h>

#include "unit.h"

/* ---- path ---- */

typedef struct {
    const char *href, *path;
} path_row;

static const path_row paths[] = {
    {"/", "/"},
    {"/a", "/a"},
    {"/a/b", "/a/b"},
    {"/a/b/", "/a/b"},
    {"/a/b//", "/a/b"},
    {"//", "/"},
    {"http://files.example.net/a/b", "/a/b"},
    {"HTTPS://files.example.net:8443/a/b/", "/a/b"},
    {"http://ines:x@files.example.net/a", "/a"},
    {"http://[2001:db8::1]:80/a", "/a"},
    {"http://files.example.net", "/"},
    {"http://files.example.net/", "/"},
    {"http://files.example.net?q=/x", "/"},
    {"http://files.example.net#/x", "/"},
    {"/a?q=1", "/a"},
    {"/a/?q=/b/", "/a"},
    {"/a#part", "/a"},
    {"/a%20b", "/a%20b"},
    {"/%61%62", "/ab"},
    {"/%7Eines", "/~ines"},
    {"/K%C3%A4se", "/K\xC3\xA4se"},
    {"/K%c3%a4se", "/K\xC3\xA4se"},
    {"/K\xC3\xA4se", "/K\xC3\xA4se"},
    /* What would change the meaning stays encoded. */
    {"/a%2Fb", "/a%2Fb"},
    {"/a%2fb", "/a%2Fb"},
    {"/a%3Fb", "/a%3Fb"},
    {"/a%23b", "/a%23b"},
    {"/a%25b", "/a%25b"},
    {"/a%00b", "/a%00b"},
    {"/a%0Ab", "/a%0Ab"},
    /* Characters that a path must not contain stand for their encoded form. */
    {"/100%", "/100%25"},
    {"/100%zz", "/100%25zz"},
    {"/100%4", "/100%254"},
    {"/a b", "/a%20b"},
    {"/[a]\"<b>\\^`{|}", "/%5Ba%5D%22%3Cb%3E%5C%5E%60%7B%7C%7D"},
    {"/%5ba%5d%22%3cb%3e%5c%5e%60%7b%7c%7d", "/%5Ba%5D%22%3Cb%3E%5C%5E%60%7B%7C%7D"},
    {"/a\tb", "/a%09b"},
    /* A scheme inside a path is not a scheme. */
    {"/http://x/y", "/http://x/y"},
};

static void test_path(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(paths); i++) {
        char *href = g_strdup(paths[i].href); /* an over-read of a heap block is seen */
        char *path = ms_href_path(href);

        unit_check_text(paths[i].href, path, paths[i].path);
        g_free(href);
        g_free(path);
    }
}

/* ---- same ---- */

typedef struct {
    const char *a, *b;
    bool same;
} same_row;

static const same_row pairs[] = {
    {"/a", "/a", true},
    {"/a", "/b", false},
    {"/a", "/A", false}, /* RFC 3986 section 6.2.2.1: paths are case-sensitive */
    {"/a", "/ab", false},
    {"/a/b", "/a/c", false},
    {"/", "/a", false},
    /* RFC 4918 section 5.2: the collection with and without its slash. */
    {"/a/", "/a", true},
    /* RFC 4918 section 8.3: absolute URI and path of the same resource. */
    {"http://files.example.net/a", "/a", true},
    {"https://proxy.example.net:8443/a/", "http://inner/a", true},
    {"http://files.example.net", "/", true},
    {"http://files.example.net/a", "/b", false},
    /* RFC 3986 section 6.2.2.2: percent-encoding that does not matter. */
    {"/%7Eines/", "/~ines/", true},
    {"/K%C3%A4se", "/K%c3%a4se", true},
    {"/K%C3%A4se", "/K\xC3\xA4se", true},
    {"/a%20b", "/a%20b", true},
    {"/a%2eb", "/a.b", true},
    /* ... and characters that must not appear there (RFC 3986 section 3.3). */
    {"/a b", "/a%20b", true},
    {"/a[1]", "/a%5B1%5d", true},
    {"/100%", "/100%25", true},
    {"/100%.txt", "/100%25.txt", true},
    {"/a|b", "/a%7Cb", true},
    {"/a b", "/a+b", false},
    {"/a b", "/a%2520b", false},
    {"/100%25", "/100%2525", false},
    /* RFC 3986 section 2.2: percent-encoding that does. */
    {"/a%2Fb", "/a/b", false},
    {"/a%2Fb", "/a%2fb", true},
    {"/a%3Fb", "/a?b", false},
    {"/a%23b", "/a#b", false},
    {"/a%2525", "/a%25", false},
    {"/a%2541", "/aA", false},
    {"/a/%2F", "/a/", false},
    /* The query is not part of the path. */
    {"/a?x=1", "/a", true},
    /* Bytes that are not UTF-8 are still bytes. */
    {"/caf%E9", "/caf%E9", true},
    {"/caf%E9", "/caf%e9", true},
    {"/caf%E9", "/caf%C3%A9", false},
};

static void test_same(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++) {
        const same_row *row = &pairs[i];

        unit_check(ms_href_same(row->a, row->b) == row->same, "%s and %s are %sthe same", row->a,
                   row->b, row->same ? "not " : "");
        unit_check(ms_href_same(row->b, row->a) == row->same, "%s and %s are %sthe same", row->b,
                   row->a, row->same ? "not " : "");
    }
}

/* ---- near ---- */

typedef struct {
    const char *a, *b;
    bool part;
    const char *words; /* NULL: nobody takes them for one */
} near_row;

#define COMPOSED "characters that one composes and the other decomposes (Unicode NFC and NFD)"
#define LATIN "characters in UTF-8 and in ISO 8859-1"
#define PLUS "a + for a space (in a path it is a plus sign)"
#define SLASH "a slash that is percent-encoded (%2F is part of a name)"
#define TWICE "percent-encoding that was done twice (%25)"

static const near_row near_rows[] = {
    {"/a/B.ics", "/a/b.ics", false, "upper and lower case"},
    {"/%C3%89t%C3%A9", "/%C3%A9t%C3%A9", false, "upper and lower case"},
    {"/M%C3%BCller.ics", "/Mu%CC%88ller.ics", false, COMPOSED},
    {"/M\xC3\xBCller.ics", "/Mu\xCC\x88ller.ics", false, COMPOSED},
    {"/%ED%95%9C", "/%E1%84%92%E1%85%A1%E1%86%AB", false, COMPOSED},
    {"/M%FCller.ics", "/M%C3%BCller.ics", false, LATIN},
    {"/a+b.ics", "/a%20b.ics", false, PLUS},
    {"/a+b.ics", "/a b.ics", false, PLUS},
    {"/a%2Fb", "/a/b", false, SLASH},
    {"/a%2fb/c", "/a/b/c", false, SLASH},
    {"/a//b", "/a/b", false, "a slash that is doubled"},
    {"/a%2520b", "/a%20b", false, TWICE},
    {"/a%25C3%25A9", "/a%C3%A9", false, TWICE},
    {"/a%252Fb", "/a%2Fb", false, TWICE},
    {"/A+b", "/a%20b", false, "upper and lower case, and " PLUS},
    {"http://dav.example/M%C3%9C/a%2Fb", "/mu%CC%88/a/b", false,
     "upper and lower case, and " COMPOSED ", and " SLASH},
    {"/Cal/", "/cal/a.ics", true, "upper and lower case"},
    {"/a%2Fb", "/a/b/c", true, SLASH},
    /* The same resource: there is no difference to report. */
    {"/a b", "/a%20b", false, NULL},
    {"/a%c3%a9/", "/a%C3%A9", false, NULL},
    {"/a%2fb", "/a%2Fb", false, NULL},
    /* Other names. */
    {"/a-b", "/a%20b", false, NULL},
    {"/a.ics", "/a.ics.bak", false, NULL},
    {"/a%26b", "/a%2526c", false, NULL},
    {"/Cal/", "/cal/a.ics", false, NULL},
    {"/Cal", "/calendar/a.ics", true, NULL},
    {"/mu\xCC\x88", "/mu", false, NULL},
    {"/stra%C3%9Fe", "/strase", false, NULL},
};

static void test_near(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(near_rows); i++) {
        const near_row *row = &near_rows[i];
        char *there = ms_href_difference(row->a, row->b, row->part);
        char *back = row->part ? g_strdup(there) : ms_href_difference(row->b, row->a, false);

        unit_check_text(row->a, there, row->words);
        unit_check_text(row->b, back, row->words);
        if (row->words && !row->part) {
            char *one = ms_href_loose(row->a), *other = ms_href_loose(row->b);

            unit_check_text(row->a, one, other);
            g_free(one);
            g_free(other);
        }
        g_free(there);
        g_free(back);
    }
}

/* Every resource is the same as itself, however it is written. */
static void test_reflexive(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(paths); i++) {
        char *path = ms_href_path(paths[i].href);

        unit_check(ms_href_same(paths[i].href, paths[i].href), "%s is not itself", paths[i].href);
        unit_check(ms_href_same(paths[i].href, path), "%s is not %s", paths[i].href, path);
        g_free(path);
    }
}

/* ---- relative references ---- */

typedef struct {
    const char *href, *base;
    const char *target; /* NULL: it is none */
} relative_row;

/* RFC 3986 section 5.4, and what servers send. */
static const relative_row relatives[] = {
    {"g", "http://a/b/c/d;p?q", "http://a/b/c/g"},
    {"./g", "http://a/b/c/d;p?q", "http://a/b/c/g"},
    {"g/", "http://a/b/c/d;p?q", "http://a/b/c/g/"},
    {"?y", "http://a/b/c/d;p?q", "http://a/b/c/d;p?y"},
    {"g?y", "http://a/b/c/d;p?q", "http://a/b/c/g?y"},
    {"#s", "http://a/b/c/d;p?q", "http://a/b/c/d;p#s"},
    {";x", "http://a/b/c/d;p?q", "http://a/b/c/;x"},
    {".", "http://a/b/c/d;p?q", "http://a/b/c/"},
    {"..", "http://a/b/c/d;p?q", "http://a/b/"},
    {"../g", "http://a/b/c/d;p?q", "http://a/b/g"},
    {"../..", "http://a/b/c/d;p?q", "http://a/"},
    {"../../../g", "http://a/b/c/d;p?q", "http://a/g"},
    {"g.", "http://a/b/c/d;p?q", "http://a/b/c/g."},
    {"..g", "http://a/b/c/d;p?q", "http://a/b/c/..g"},
    {"./g/.", "http://a/b/c/d;p?q", "http://a/b/c/g/"},
    {"g/./h", "http://a/b/c/d;p?q", "http://a/b/c/g/h"},
    {"g/../h", "http://a/b/c/d;p?q", "http://a/b/c/h"},
    {"g?y/../x", "http://a/b/c/d;p?q", "http://a/b/c/g?y/../x"},
    {"a.ics", "/cal/My%20Cal/", "/cal/My%20Cal/a.ics"},
    {"a.ics", "/cal", "/a.ics"},
    {"a.ics", "/", "/a.ics"},
    {"a.ics", "http://h", "http://h/a.ics"},
    {"a b", "/c/", "/c/a b"},
    {"http%3A//h%3A80/c/a%2520b", "/c/", "http://h:80/c/a%20b"},
    {"HTTPS%3a%2F%2fh/%00%1B%c3%A4%20", "/c/", "HTTPS://h/%00%1B%c3%A4%20"},
    {"http%3Ac", "/c/", "/c/http%3Ac"},
    {"x/http%3A//h/c", "/c/", "/c/x/http%3A//h/c"},
    {"/a", "/c/", NULL},
    {"//h/a", "/c/", NULL},
    {"http://h/a", "/c/", NULL},
    {"urn:x", "/c/", NULL},
    {"", "/c/", NULL},
};

static void test_relative(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(relatives); i++) {
        const relative_row *row = &relatives[i];
        char *target =
            ms_href_is_relative(row->href) ? ms_href_resolve(row->href, row->base) : NULL;

        unit_check_text(row->href, target, row->target);
        g_free(target);
    }
}

/* ---- readable ---- */

static const path_row readable[] = {
    {"", ""},
    {"/a", "/a"},
    {"/a%20b", "/a b"},
    {"/K%C3%A4se%20%26%20Brot", "/K\xC3\xA4se & Brot"},
    {"/%E2%82%AC", "/\xE2\x82\xAC"},
    {"http://files.example.net/K%C3%A4se?x=%20", "http://files.example.net/K\xC3\xA4se?x= "},
    /* What cannot be shown, or would be mistaken for something else, stays encoded. */
    {"/caf%E9", "/caf%E9"},
    {"/caf%C3", "/caf%C3"},
    {"/%ED%A0%80", "/%ED%A0%80"},
    {"/a%00b", "/a%00b"},
    {"/a%0Ab", "/a%0Ab"},
    {"/a%1B[31m", "/a%1B[31m"},
    {"/a%7Fb", "/a%7Fb"},
    {"/100%25", "/100%25"},
    {"/a%2541", "/a%2541"},
    {"/100%", "/100%"},
    {"/100%4", "/100%4"},
    {"/100%zz", "/100%zz"},
};

static void test_readable(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(readable); i++) {
        char *href = g_strdup(readable[i].href);
        char *text = ms_href_readable(href);

        unit_check_text(readable[i].href, text, readable[i].path);
        unit_check(g_utf8_validate(text, -1, NULL), "%s: not UTF-8", readable[i].href);
        g_free(href);
        g_free(text);
    }
}

/* U+0080 to U+009F are control characters too: a terminal takes U+009B for the start of a command.
 */
static void test_readable_control(void)
{
    char *text = ms_href_readable("/a%C2%9B31m");

    unit_check_text("U+009B", text, "/a%C2%9B31m");
    g_free(text);
}

int main(int argc, char **argv)
{
    unit_init(argc, argv);
    g_test_add_func("/href/path", test_path);
    g_test_add_func("/href/same", test_same);
    g_test_add_func("/href/near", test_near);
    g_test_add_func("/href/reflexive", test_reflexive);
    g_test_add_func("/href/relative", test_relative);
    g_test_add_func("/href/readable", test_readable);
    g_test_add_func("/href/readable-control", test_readable_control);
    return g_test_run();
}
