/* predicate.c
 * Conditions on what was counted.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "predicate.h"

#include <string.h>

#include "suggest.h"

/* Counts that have a name of their own. */
#define COUNTS(X)                                                                                  \
    X("captures", totals->captures)                                                                \
    X("problems", totals->troubled->len)                                                           \
    X("unseen", unseen_sum(&totals->unseen).count)                                                 \
    X("unseen_bytes", unseen_sum(&totals->unseen).bytes)                                           \
    X("exchanges", totals->exchanges)                                                              \
    X("failed_exchanges", failure_list_length(totals->failures))                                   \
    X("resources", totals->resources)                                                              \
    X("failed", totals->failed)                                                                    \
    X("collateral", totals->outcomes[MS_COLLATERAL])                                               \
    X("unknown", totals->outcomes[MS_UNKNOWN])
#define NAME_OF(name, count) name,
#define COUNT_OF(name, count) count,

static const char *const names[] = {COUNTS(NAME_OF)};

/* What is compared: one of those names, by its index, or one of these. */
enum { OUTCOME = G_N_ELEMENTS(names), VERDICT, STATUS };

/* How a count compares with the number: a relation is the set of what is allowed. */
enum { LESS = 1, EQUAL = 2, MORE = 4 };

typedef struct {
    unsigned what;
    int first, last; /* of outcomes, verdicts and statuses */
    int allowed;
    uint64_t number;
    bool begins; /* the first comparison after an "or" */
} comparison;

struct predicate {
    GArray *comparisons;
};

/* ------------------------------------------------------------------------------- quantities ----
 */

static const char *name_of(unsigned what, int i)
{
    return what == VERDICT ? ms_verdict_name((ms_verdict)i) : ms_outcome_name((ms_outcome)i);
}

const char *predicate_count_name(unsigned i)
{
    if (i < G_N_ELEMENTS(names))
        return names[i];
    i -= (unsigned)G_N_ELEMENTS(names);
    return i < MS_VERDICTS ? ms_verdict_name((ms_verdict)i) : NULL;
}

static bool find_one(comparison *c, unsigned what, const char *name)
{
    int n = what == VERDICT ? (int)MS_VERDICTS : (int)MS_OUTCOMES;

    c->what = what;
    while (c->first < n && strcmp(name_of(what, c->first), name) != 0)
        c->first++;
    return c->first < n;
}

static bool find_quantity(comparison *c, const char *name)
{
    for (; c->what < G_N_ELEMENTS(names); c->what++) {
        if (strcmp(names[c->what], name) == 0)
            return true;
    }
    if (g_str_has_prefix(name, "outcome:"))
        return find_one(c, OUTCOME, name + strlen("outcome:"));
    if (!g_str_has_prefix(name, "status:"))
        return find_one(c, VERDICT,
                        name + (g_str_has_prefix(name, "verdict:") ? strlen("verdict:") : 0));
    c->what = STATUS;
    return selection_status_range(name + strlen("status:"), &c->first, &c->last);
}

static uint64_t count_status(const aggregate *totals, int first, int last)
{
    g_autoptr(GArray) counts = aggregate_statuses(totals);
    uint64_t sum = 0;

    for (guint i = 0; i < counts->len; i++) {
        const ms_failure_count *entry = &g_array_index(counts, ms_failure_count, i);

        if (entry->code >= first && entry->code <= last)
            sum += entry->count;
    }
    return sum;
}

static uint64_t count(const comparison *c, const aggregate *totals)
{
    const uint64_t named[] = {COUNTS(COUNT_OF)};

    return c->what < OUTCOME    ? named[c->what]
           : c->what == OUTCOME ? totals->outcomes[c->first]
           : c->what == VERDICT ? totals->verdicts[c->first]
                                : count_status(totals, c->first, c->last);
}

/* ---------------------------------------------------------------------------------- parsing ----
 */

/* A comparison and what joins it to the next one; all but the first part may be missing. */
static const char grammar[] = "^\\s*([A-Za-z_:0-9-]*)\\s*(==|!=|>=|<=|>|<|=)?"
                              "\\s*(?:([0-9]{1,18})(?![0-9]))?"
                              "\\s*((?:\\|\\||or(?![A-Za-z0-9]))|(?:&&|and(?![A-Za-z0-9])))?";
enum { NAME = 1, RELATION, NUMBER, JOINT };

static int allowed_by(const char *sign)
{
    return *sign == '!' ? LESS | MORE
                        : (*sign == '<'   ? LESS
                           : *sign == '>' ? MORE
                                          : EQUAL) |
                              (sign[1] == '=' ? EQUAL : 0);
}

static char *unknown_quantity(const char *name)
{
    suggestion near = suggestion_for(name);
    g_autoptr(GString) known = g_string_new(NULL);

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        suggestion_offer(&near, names[i]);
        g_string_append_printf(known, "%s, ", names[i]);
    }
    for (int i = 0; i < MS_VERDICTS; i++)
        suggestion_offer(&near, name_of(VERDICT, i));
    g_autofree char *meant = suggestion_text(&near, "");

    return g_strdup_printf("\"%s\" cannot be counted; write %sa verdict, status:423, "
                           "outcome:missing or verdict:partial.%s",
                           name, known->str, meant);
}

/* Reads a comparison. Returns what is wrong with it, or NULL. */
static char *read_comparison(comparison *c, const GMatchInfo *match)
{
    g_autofree char *name = g_match_info_fetch(match, NAME);
    g_autofree char *sign = g_match_info_fetch(match, RELATION);
    g_autofree char *number = g_match_info_fetch(match, NUMBER);

    if (!find_quantity(c, name))
        return unknown_quantity(name);
    if (!sign || !*sign)
        return g_strdup_printf("Behind \"%s\" there must be one of == != >= <= > <.", name);
    if (!number || !*number)
        return g_strdup_printf("\"%s\" is compared with a number that is missing.", name);
    c->allowed = allowed_by(sign);
    c->number = g_ascii_strtoull(number, NULL, 10);
    return NULL;
}

predicate *predicate_parse(const char *text, char **message)
{
    predicate *p = g_new0(predicate, 1);
    g_autoptr(GRegex) regex = g_regex_new(grammar, G_REGEX_RAW, (GRegexMatchFlags)0, NULL);
    bool begins = true, more = true;

    p->comparisons = g_array_new(FALSE, FALSE, sizeof(comparison));
    *message = NULL;
    while (more && !*message) {
        comparison next = {.begins = begins};
        g_autoptr(GMatchInfo) match = NULL;
        int end = 0;

        g_regex_match(regex, text, (GRegexMatchFlags)0, &match);
        g_autofree char *joint = g_match_info_fetch(match, JOINT);

        *message = read_comparison(&next, match);
        g_array_append_val(p->comparisons, next);
        more = joint && *joint;
        begins = more && (*joint == '|' || *joint == 'o');
        g_match_info_fetch_pos(match, 0, NULL, &end);
        text += end;
    }
    if (!*message && *text)
        *message =
            g_strdup_printf("\"%s\" is more than a condition; they are joined by && and ||.", text);
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

bool predicate_holds(const predicate *p, const aggregate *totals)
{
    bool all = false;

    for (guint i = 0; i < p->comparisons->len; i++) {
        const comparison *c = &g_array_index(p->comparisons, comparison, i);
        uint64_t n = count(c, totals);
        int is = n < c->number ? LESS : n > c->number ? MORE : EQUAL;

        if (c->begins && all)
            return true;
        all = (c->begins || all) && (c->allowed & is) != 0;
    }
    return all;
}
