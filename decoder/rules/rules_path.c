/* rules_path.c
 * Hrefs compared without a copy of them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "rules_path.h"

#include <string.h>

#include <glib.h>

/* Set in the value of an octet that means another thing when it is not percent-encoded. */
#define ENCODED 0x100u

typedef struct {
    const char *at, *end;
} path;

const char *ms_path_of(const char *href)
{
    const char *at = href;

    while (g_ascii_isalnum(*at) || *at == '+' || *at == '-' || *at == '.')
        at++;
    if (at == href || strncmp(at, "://", 3) != 0)
        return href;
    return at + 3 + strcspn(at + 3, "/?#");
}

/* Without the slashes at the end, unless they are part of a query. */
static path path_with_query(const char *href)
{
    const char *at = ms_path_of(href);
    size_t length = strlen(at);
    const char *fragment = memchr(at, '#', length);

    if (fragment)
        length = (size_t)(fragment - at);
    if (!memchr(at, '?', length)) {
        while (length > 0 && at[length - 1] == '/')
            length--;
    }
    return (path){at, at + length};
}

static path path_alone(const char *href)
{
    const char *at = ms_path_of(href);
    size_t length = strcspn(at, "?#");

    while (length > 0 && at[length - 1] == '/')
        length--;
    return (path){at, at + length};
}

/* These mean something else when they are encoded (RFC 3986 section 2.2). */
static bool is_delimiter(unsigned octet)
{
    return octet == '/' || octet == '?' || octet == '#';
}

/* The next octet; percent-encoding is undone where it does not matter: what may not stand in a path
 * as it is, a space or a "%" that begins no escape, means its encoded form. */
static inline unsigned next_octet(path *p)
{
    unsigned octet = (unsigned char)*p->at;

    if (G_UNLIKELY(octet == '%') && p->end - p->at >= 3 && g_ascii_isxdigit(p->at[1]) &&
        g_ascii_isxdigit(p->at[2])) {
        octet = (unsigned)(g_ascii_xdigit_value(p->at[1]) * 16 + g_ascii_xdigit_value(p->at[2]));
        p->at += 3;
        return is_delimiter(octet) ? octet | ENCODED : octet;
    }
    p->at++;
    return octet;
}

static bool same_authority(const char *a, const char *b)
{
    size_t length_a = (size_t)(ms_path_of(a) - a), length_b = (size_t)(ms_path_of(b) - b);

    return length_a == 0 || length_b == 0 ||
           (length_a == length_b && g_ascii_strncasecmp(a, b, length_a) == 0);
}

bool ms_path_same(const char *a, const char *b)
{
    path p = path_with_query(a), q = path_with_query(b);

    while (p.at < p.end && q.at < q.end) {
        if (next_octet(&p) != next_octet(&q))
            return false;
    }
    return p.at == p.end && q.at == q.end && same_authority(a, b);
}

bool ms_path_spelled_alike(const char *a, const char *b)
{
    path p = path_with_query(a), q = path_with_query(b);

    return p.end - p.at == q.end - q.at && memcmp(p.at, q.at, (size_t)(p.end - p.at)) == 0;
}

ms_path_base ms_path_base_of(const char *href)
{
    path p = path_alone(href);

    return (ms_path_base){p.at, p.end, memchr(p.at, '%', (size_t)(p.end - p.at)) != NULL};
}

const char *ms_path_below_base(const char *href, const ms_path_base *base)
{
    path p = {ms_path_of(href), NULL}, b = {base->at, base->end};
    size_t length = (size_t)(b.end - b.at);

    /* The same bytes, and nothing in them to undo. */
    if (!base->encoded && strncmp(p.at, b.at, length) == 0) {
        char next = p.at[length];

        return next == '/' || next == '\0' || next == '?' || next == '#' ? p.at + length : NULL;
    }
    p.end = p.at + strcspn(p.at, "?#");
    while (b.at < b.end) {
        if (p.at == p.end || next_octet(&p) != next_octet(&b))
            return NULL;
    }
    return p.at == p.end || *p.at == '/' ? p.at : NULL;
}

const char *ms_path_below(const char *href, const char *base)
{
    ms_path_base of = ms_path_base_of(base);

    return ms_path_below_base(href, &of);
}

unsigned ms_path_depth(const char *rest)
{
    unsigned depth = 0;

    /* "/member", as nearly all of them are. */
    if (rest[0] == '/' && rest[1] != '\0' && !strchr("/?#", rest[1]) && !strchr(rest + 2, '/'))
        return 1;
    for (bool start = true; *rest && *rest != '?' && *rest != '#'; rest++) {
        if (*rest == '/') {
            start = true;
        } else if (start) {
            depth++;
            start = false;
        }
    }
    return depth;
}

/* ---- tables ---- */

/* Bytes of a path that are put on the stack. */
#define SHORT_PATH 512

/* Probes until an href is assumed not to be there. Tables are half empty, so ordinary hrefs need
 * few; the limit keeps time linear for hrefs that were made to collide. */
#define MOST_PROBES 64

typedef struct {
    const char *href; /* NULL: free */
    uint32_t hash;
    uint32_t number;
} slot;

struct ms_path_table {
    slot *slots;
    uint32_t mask; /* their number, a power of two, less one */
};

ms_path_table *ms_path_table_new(uint32_t capacity)
{
    ms_path_table *table = g_new(ms_path_table, 1);
    uint32_t size = 16;

    while (size / 2 < capacity && size < (1u << 31))
        size *= 2;
    table->slots = g_new0(slot, size);
    table->mask = size - 1;
    return table;
}

void ms_path_table_free(ms_path_table *table)
{
    if (!table)
        return;
    g_free(table->slots);
    g_free(table);
}

/* Eight bytes at a time. */
static uint32_t hash_bytes(const char *at, size_t length)
{
    uint64_t hash = length, word;

    for (; length >= sizeof word; at += sizeof word, length -= sizeof word) {
        memcpy(&word, at, sizeof word);
        hash = (hash ^ word) * 0x9E3779B97F4A7C15u;
        hash ^= hash >> 32;
    }
    word = 0;
    memcpy(&word, at, length);
    hash = (hash ^ word) * 0x9E3779B97F4A7C15u;
    return (uint32_t)(hash ^ (hash >> 32));
}

/* Of the path as it is if nothing in it is percent-encoded, as in most; else of its octets. */
static uint32_t hash_of(const char *href)
{
    path p = path_with_query(href);
    size_t length = (size_t)(p.end - p.at);

    if (!memchr(p.at, '%', length))
        return hash_bytes(p.at, length);
    char few[SHORT_PATH] = "", *octets = length <= sizeof few ? few : g_malloc(length);
    size_t n = 0;

    /* Here, what stays encoded is as good as its octet. */
    while (p.at < p.end)
        octets[n++] = (char)next_octet(&p);
    uint32_t hash = hash_bytes(octets, n);

    if (octets != few)
        g_free(octets);
    return hash;
}

/* The slot of the href, or the free one where it would be, or NULL. */
static slot *probe(const ms_path_table *table, const char *href, uint32_t hash)
{
    for (uint32_t i = 0; i < MOST_PROBES; i++) {
        slot *at = &table->slots[(hash + i) & table->mask];

        if (!at->href || (at->hash == hash && ms_path_same(at->href, href)))
            return at;
    }
    return NULL;
}

bool ms_path_table_add(ms_path_table *table, const char *href, uint32_t number, uint32_t *before)
{
    uint32_t hash = hash_of(href);
    slot *at = probe(table, href, hash);

    if (at && at->href) {
        *before = at->number;
        return false;
    }
    if (at)
        *at = (slot){href, hash, number};
    return true;
}

bool ms_path_table_find(const ms_path_table *table, const char *href, uint32_t *number)
{
    const slot *at = probe(table, href, hash_of(href));

    if (!at || !at->href)
        return false;
    *number = at->number;
    return true;
}

/* ---- surveys ---- */

/* Bits for each href: with ordinary hrefs, one in sixteen to thirty-two shares its bit. */
#define BITS_EACH 16

struct ms_path_survey {
    uint64_t *repeated, *simple; /* a bit for each href */
    uint32_t repeats;
};

/* A bit for each hash that occurs, and for each that occurs more than once: small enough to stay in
 * a cache. */
typedef struct {
    uint64_t *once, *again;
    uint32_t mask; /* the number of bits, a power of two, less one */
} hash_filter;

static uint64_t bit_of(const uint64_t *bits, uint32_t bit)
{
    return bits[bit / 64] >> (bit % 64) & 1;
}

static void set_bit(uint64_t *bits, uint32_t bit)
{
    bits[bit / 64] |= (uint64_t)1 << (bit % 64);
}

static hash_filter new_filter(uint32_t n_hrefs)
{
    uint32_t bits = 64;

    while (bits / BITS_EACH < n_hrefs && bits < (1u << 31))
        bits *= 2;
    return (hash_filter){g_new0(uint64_t, bits / 64), g_new0(uint64_t, bits / 64), bits - 1};
}

/* What may follow a character of a simple path without a closer look: letters, digits and
 * -_.~!$&'()*+,;=:@ (RFC 3986 section 3.3). By ASCII code. */
static const uint8_t simple_characters[256] = {
    ['!'] = 1, ['$'] = 1, ['&'] = 1, ['\''] = 1, ['('] = 1, [')'] = 1, ['*'] = 1, ['+'] = 1,
    [','] = 1, ['-'] = 1, ['.'] = 1, ['0'] = 1,  ['1'] = 1, ['2'] = 1, ['3'] = 1, ['4'] = 1,
    ['5'] = 1, ['6'] = 1, ['7'] = 1, ['8'] = 1,  ['9'] = 1, [':'] = 1, [';'] = 1, ['='] = 1,
    ['@'] = 1, ['A'] = 1, ['B'] = 1, ['C'] = 1,  ['D'] = 1, ['E'] = 1, ['F'] = 1, ['G'] = 1,
    ['H'] = 1, ['I'] = 1, ['J'] = 1, ['K'] = 1,  ['L'] = 1, ['M'] = 1, ['N'] = 1, ['O'] = 1,
    ['P'] = 1, ['Q'] = 1, ['R'] = 1, ['S'] = 1,  ['T'] = 1, ['U'] = 1, ['V'] = 1, ['W'] = 1,
    ['X'] = 1, ['Y'] = 1, ['Z'] = 1, ['_'] = 1,  ['a'] = 1, ['b'] = 1, ['c'] = 1, ['d'] = 1,
    ['e'] = 1, ['f'] = 1, ['g'] = 1, ['h'] = 1,  ['i'] = 1, ['j'] = 1, ['k'] = 1, ['l'] = 1,
    ['m'] = 1, ['n'] = 1, ['o'] = 1, ['p'] = 1,  ['q'] = 1, ['r'] = 1, ['s'] = 1, ['t'] = 1,
    ['u'] = 1, ['v'] = 1, ['w'] = 1, ['x'] = 1,  ['y'] = 1, ['z'] = 1, ['~'] = 1,
};

/* The end of a simple path; NULL if it is not simple. */
static const char *end_of_simple(const char *href)
{
    const char *at = href;

    if (at[0] != '/' || at[1] == '/')
        return NULL;
    for (;;) {
        while (simple_characters[(unsigned char)*at])
            at++;
        if (*at == '\0')
            return at;
        if (*at != '/' || at[1] == '.')
            return NULL;
        at++;
    }
}

/* The hash of an href, and whether it is simple. */
static uint32_t survey_one(const char *href, uint64_t *simple)
{
    const char *end = end_of_simple(href);

    *simple = end != NULL;
    if (!end)
        return hash_of(href);
    while (end > href && end[-1] == '/')
        end--;
    return hash_bytes(href, (size_t)(end - href));
}

ms_path_survey *ms_path_survey_new(const ms_text *hrefs, uint32_t n_hrefs)
{
    ms_path_survey *survey = g_new(ms_path_survey, 1);
    hash_filter filter = new_filter(n_hrefs);
    uint32_t *places = g_new(uint32_t, n_hrefs + (size_t)1);

    *survey = (ms_path_survey){g_new0(uint64_t, n_hrefs / 64 + (size_t)1),
                               g_new0(uint64_t, n_hrefs / 64 + (size_t)1), 0};
    for (uint32_t i = 0; i < n_hrefs; i++) {
        uint64_t simple;

        places[i] = survey_one(hrefs[i].text, &simple) & filter.mask;
        set_bit(bit_of(filter.once, places[i]) ? filter.again : filter.once, places[i]);
        survey->simple[i / 64] |= simple << (i % 64);
    }
    for (uint32_t i = 0; i < n_hrefs; i++) {
        uint64_t is = bit_of(filter.again, places[i]);

        survey->repeated[i / 64] |= is << (i % 64);
        survey->repeats += (uint32_t)is;
    }
    g_free(places);
    g_free(filter.once);
    g_free(filter.again);
    return survey;
}

void ms_path_survey_free(ms_path_survey *survey)
{
    g_free(survey->repeated);
    g_free(survey->simple);
    g_free(survey);
}

uint32_t ms_path_survey_repeats(const ms_path_survey *survey)
{
    return survey->repeats;
}

bool ms_path_survey_repeated(const ms_path_survey *survey, uint32_t number)
{
    return bit_of(survey->repeated, number);
}

bool ms_path_survey_simple(const ms_path_survey *survey, uint32_t number)
{
    return bit_of(survey->simple, number);
}
