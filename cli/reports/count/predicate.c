/* predicate.c
 * Conditions on what was counted.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "predicate.h"

#include <string.h>

#include "suggest.h"

/* What is compared: a count by its place in the aggregate, or one of a list. */
typedef struct {
    uint64_t (*count)(const aggregate *totals, int first, int last);
    int first, last;
} quantity;

typedef enum { EQUAL, UNEQUAL, AT_LEAST, AT_MOST, MORE, LESS } relation;

typedef struct {
    quantity what;
    relation is;
    uint64_t number;
    bool begins; /* the first comparison behind an "or" */
} comparison;

struct predicate {
    GArray *comparisons;
};

/* ------------------------------------------------------------------------------- quantities ----
 */

static uint64_t count_captures(const aggregate *totals, int first, int last)
{
    (void)first, (void)last;
    return totals->captures;
}

static uint64_t count_problems(const aggregate *totals, int first, int last)
{
    (void)first, (void)last;
    return totals->troubled->len;
}

static uint64_t count_exchanges(const aggregate *totals, int first, int last)
{
    (void)first, (void)last;
    return totals->exchanges;
}

static uint64_t count_failed_exchanges(const aggregate *totals, int first, int last)
{
    (void)first, (void)last;
    return failure_list_length(totals->failures);
}

static uint64_t count_resources(const aggregate *totals, int first, int last)
{
    (void)first, (void)last;
    return totals->resources;
}

static uint64_t count_failed(const aggregate *totals, int first, int last)
{
    (void)first, (void)last;
    return totals->failed;
}

static uint64_t count_unseen(const aggregate *totals, int first, int last)
{
    (void)first, (void)last;
    return unseen_sum(&totals->unseen).count;
}

static uint64_t count_unseen_bytes(const aggregate *totals, int first, int last)
{
    (void)first, (void)last;
    return unseen_sum(&totals->unseen).bytes;
}

static uint64_t count_outcome(const aggregate *totals, int first, int last)
{
    (void)last;
    return totals->outcomes[first];
}

static uint64_t count_verdict(const aggregate *totals, int first, int last)
{
    (void)last;
    return totals->verdicts[first];
}

static uint64_t count_status(const aggregate *totals, int first, int last)
{
    g_autoptr(GArray) counts = aggregate_statuses(totals);
    uint64_t sum = 0;

    for (guint i = 0; i < counts->len; i++) {
        const status_count *entry = &g_array_index(counts, status_count, i);

        if (entry->code >= first && entry->code <= last)
            sum += entry->count;
    }
    return sum;
}

static const struct {
    const char *name;
    quantity what;
} quantities[] = {
    {"captures", {count_captures, 0, 0}},
    {"problems", {count_problems, 0, 0}},
    {"exchanges", {count_exchanges, 0, 0}},
    {"failed_exchanges", {count_failed_exchanges, 0, 0}},
    {"resources", {count_resources, 0, 0}},
    {"failed", {count_failed, 0, 0}},
    {"unseen", {count_unseen, 0, 0}},
    {"unseen_bytes", {count_unseen_bytes, 0, 0}},
    {"collateral", {count_outcome, MS_COLLATERAL, 0}},
    {"unknown", {count_outcome, MS_UNKNOWN, 0}},
};

static bool find_verdict(const char *name, quantity *what)
{
    for (int i = 0; i < MS_VERDICTS; i++) {
        if (strcmp(ms_verdict_name((ms_verdict)i), name) == 0) {
            *what = (quantity){count_verdict, i, 0};
            return true;
        }
    }
    return false;
}

static bool find_outcome(const char *name, quantity *what)
{
    for (int i = 0; i < MS_OUTCOMES; i++) {
        if (strcmp(ms_outcome_name((ms_outcome)i), name) == 0) {
            *what = (quantity){count_outcome, i, 0};
            return true;
        }
    }
    return false;
}

static bool find_status(const char *text, quantity *what)
{
    what->count = count_status;
    return selection_status_range(text, &what->first, &what->last);
}

static bool find_quantity(const char *name, quantity *what)
{
    static const struct {
        const char *prefix;
        bool (*find)(const char *rest, quantity *what);
    } prefixes[] = {{"status:", find_status},
                    {"outcome:", find_outcome},
                    {"verdict:", find_verdict},
                    {"", find_verdict}};

    for (size_t i = 0; i < G_N_ELEMENTS(quantities); i++) {
        if (strcmp(quantities[i].name, name) == 0) {
            *what = quantities[i].what;
            return true;
        }
    }
    for (size_t i = 0; i < G_N_ELEMENTS(prefixes); i++) {
        if (g_str_has_prefix(name, prefixes[i].prefix))
            return prefixes[i].find(name + strlen(prefixes[i].prefix), what);
    }
    return false;
}

/* ---------------------------------------------------------------------------------- parsing ----
 */

/* Longer ones first: the first that fits counts. */
static const struct {
    const char *sign;
    relation is;
} relations[] = {{"==", EQUAL}, {"!=", UNEQUAL}, {">=", AT_LEAST}, {"<=", AT_MOST},
                 {">", MORE},   {"<", LESS},     {"=", EQUAL}};

static const char *skip_spaces(const char *at)
{
    while (g_ascii_isspace(*at))
        at++;
    return at;
}

/* Steps over one of two words if it is there. */
static bool take_word(const char **at, const char *sign, const char *word)
{
    const char *start = skip_spaces(*at);
    size_t length =
        g_str_has_prefix(start, sign)
            ? strlen(sign)
            : (g_str_has_prefix(start, word) && !g_ascii_isalnum(start[strlen(word)]) ? strlen(word)
                                                                                      : 0);

    if (length > 0)
        *at = start + length;
    return length > 0;
}

static bool take_relation(const char **at, relation *is)
{
    const char *start = skip_spaces(*at);

    for (size_t i = 0; i < G_N_ELEMENTS(relations); i++) {
        if (g_str_has_prefix(start, relations[i].sign)) {
            *is = relations[i].is;
            *at = start + strlen(relations[i].sign);
            return true;
        }
    }
    return false;
}

static bool take_number(const char **at, uint64_t *number)
{
    const char *start = skip_spaces(*at);
    char *end = NULL;

    if (!g_ascii_isdigit(*start) || strspn(start, "0123456789") > 18)
        return false;
    *number = g_ascii_strtoull(start, &end, 10);
    *at = end;
    return true;
}

static char *unknown_quantity(const char *name)
{
    suggestion near = suggestion_for(name);

    for (size_t i = 0; i < G_N_ELEMENTS(quantities); i++)
        suggestion_offer(&near, quantities[i].name);
    for (int i = 0; i < MS_VERDICTS; i++)
        suggestion_offer(&near, ms_verdict_name((ms_verdict)i));
    g_autofree char *meant = suggestion_text(&near, "");

    return g_strdup_printf(
        "\"%s\" cannot be counted; write captures, problems, unseen, unseen_bytes, exchanges, "
        "failed_exchanges, "
        "resources, failed, collateral, unknown, a verdict, status:423, outcome:missing or "
        "verdict:partial.%s",
        name, meant);
}

static char *take_comparison(const char **at, comparison *to)
{
    const char *start = skip_spaces(*at);
    size_t length =
        strspn(start, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_:-0123456789");
    g_autofree char *name = g_strndup(start, length);

    if (!find_quantity(name, &to->what))
        return unknown_quantity(name);
    *at = start + length;
    if (!take_relation(at, &to->is))
        return g_strdup_printf("Behind \"%s\" there must be one of == != >= <= > <.", name);
    if (!take_number(at, &to->number))
        return g_strdup_printf("\"%s\" is compared with a number that is missing.", name);
    return NULL;
}

predicate *predicate_parse(const char *text, char **message)
{
    predicate *p = g_new0(predicate, 1);
    bool begins = true, more;

    p->comparisons = g_array_new(FALSE, FALSE, sizeof(comparison));
    do {
        comparison next = {.begins = begins};

        *message = take_comparison(&text, &next);
        g_array_append_val(p->comparisons, next);
        begins = !*message && take_word(&text, "||", "or");
        more = begins || (!*message && take_word(&text, "&&", "and"));
    } while (more);
    if (!*message && *skip_spaces(text))
        *message = g_strdup_printf("\"%s\" is more than a condition; they are joined by && and ||.",
                                   skip_spaces(text));
    if (!*message)
        return p;
    predicate_free(p);
    return NULL;
}

void predicate_free(predicate *p)
{
    g_array_unref(p->comparisons);
    g_free(p);
}

/* ------------------------------------------------------------------------------- evaluation ----
 */

static bool compare(const comparison *c, const aggregate *totals)
{
    uint64_t count = c->what.count(totals, c->what.first, c->what.last);

    switch (c->is) {
    case EQUAL:
        return count == c->number;
    case UNEQUAL:
        return count != c->number;
    case AT_LEAST:
        return count >= c->number;
    case AT_MOST:
        return count <= c->number;
    case MORE:
        return count > c->number;
    case LESS:
        return count < c->number;
    }
    return false;
}

bool predicate_holds(const predicate *p, const aggregate *totals)
{
    bool all = false;

    for (guint i = 0; i < p->comparisons->len; i++) {
        const comparison *c = &g_array_index(p->comparisons, comparison, i);

        if (c->begins && all)
            return true;
        all = (c->begins || all) && compare(c, totals);
    }
    return all;
}
