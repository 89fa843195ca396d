/* json_lists.c
 * What the name of a list says of what is in it: "notUpdated", "failedItems", "results".
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "json_lists.h"

#include <string.h>

static const char *const good[] = {
    "success",   "successes", "successful", "successfully", "succeeded", "ok",         "passed",
    "accepted",  "processed", "completed",  "done",         "created",   "updated",    "deleted",
    "removed",   "added",     "inserted",   "saved",        "imported",  "upserted",   "modified",
    "applied",   "sent",      "queued",     "stored",       "written",   "registered", "synced",
    "uploaded",  "delivered", "published",  "indexed",      "ingested",  "valid",      "affected",
    "changed",   "patched",   "replaced",   "granted",      "revoked",   "assigned",   "scheduled",
    "moved",     "copied",    "archived",   "restored",     "found",     "enqueued",   "serviced",
    "persisted", "succeed",
};
static const char *const bad[] = {
    "error",         "errors",     "errored",    "failure",     "failures",
    "failed",        "fail",       "fails",      "nok",         "ko",
    "rejected",      "rejects",    "invalid",    "missing",     "unprocessed",
    "unprocessable", "conflicts",  "denied",     "fault",       "faults",
    "unsuccessful",  "exceptions", "unserviced", "undelivered", "forbidden",
    "unauthorized",  "unsent",     "errs",       "duplicates",  "duplicated",
};
/* The requests that a list answers: {"create": [...], "delete": [...]}. */
static const char *const verbs[] = {"create", "update", "delete", "upsert", "insert",
                                    "patch",  "add",    "remove", "put",    "replace"};
static const char *const rows[] = {
    "items",       "value",       "values",        "results",        "result",
    "responses",   "response",    "operations",    "entries",        "entry",
    "data",        "batchitems",  "elements",      "records",        "rows",
    "list",        "objects",     "resources",     "statuses",       "status",
    "statuscodes", "multistatus", "multistatuses", "multiplestatus", "multiplestatuses",
    "outcomes",    "batch",       "reports",       "members",        "docs",
    "documents",   "output",      "outputs",       "batchresults",   "itemresults",
    "resultset",   "bulk",        "payload",
};
/* About something other than rows. */
static const char *const never[] = {
    "links",      "link",     "meta",        "metadata",  "pagination", "paging",
    "page",       "warnings", "warning",     "include",   "included",   "includes",
    "headers",    "header",   "schema",      "schemas",   "config",     "debug",
    "jsonapi",    "params",   "permissions", "features",  "facets",     "settings",
    "extensions", "skipped",  "ignored",     "unchanged", "infos",      "info",
};
/* Often about one row, its fields or its problem; now and then the rows. */
static const char *const aside[] = {
    "details",       "detail",  "messages", "violations", "validations", "fields",     "parameters",
    "notifications", "logs",    "history",  "tags",       "steps",       "properties", "causes",
    "constraints",   "reasons", "events",   "changes",    "requests",    "attributes", "columns",
};
/* Of a number, and of the time or the cause of something. */
static const char *const counts[] = {"count", "counts",  "total", "num", "number",
                                     "rate",  "percent", "at",    "by",  "time",
                                     "date",  "since",   "until"};

/* "notUpdated", "not_found", "nonCompliant" */
static bool is_negated(const ms_json_words *words)
{
    static const char *const negations[] = {"not", "non", "never", "could"};

    for (unsigned i = 0; i + 1 < words->count; i++) {
        if (MS_JSON_WORD_IN(words, i, negations))
            return true;
    }
    return false;
}

/* "itemResults", "api_response_list" */
static bool ends_in_rows(const ms_json_words *words)
{
    static const char *const endings[] = {"results",  "result",   "responses", "response",
                                          "statuses", "outcomes", "status"};
    unsigned last = words->count - 1;

    if (last > 0 && ms_json_word_is(words, last, "list"))
        last--;
    return last + 1 > 1 && MS_JSON_WORD_IN(words, last, endings);
}

ms_json_list_name ms_json_list_name_of(const ms_json *json, uint32_t name)
{
    ms_json_words words;

    ms_json_split_name(json, name, &words);
    if (words.count == 0)
        return MS_JSON_ANY_LIST;
    if (ms_json_whole_in(&words, rows, G_N_ELEMENTS(rows)))
        return MS_JSON_ROW_LIST;
    if (ms_json_whole_in(&words, verbs, G_N_ELEMENTS(verbs)))
        return MS_JSON_VERB_LIST;
    if (ms_json_any_in(&words, counts, G_N_ELEMENTS(counts)))
        return MS_JSON_NO_LIST;
    if (ms_json_any_in(&words, bad, G_N_ELEMENTS(bad)) || is_negated(&words))
        return MS_JSON_BAD_LIST;
    if (ms_json_any_in(&words, never, G_N_ELEMENTS(never)))
        return MS_JSON_NO_LIST;
    if (ms_json_whole_in(&words, aside, G_N_ELEMENTS(aside)))
        return MS_JSON_ASIDE_LIST;
    if (ms_json_any_in(&words, good, G_N_ELEMENTS(good)))
        return words.count == 1 ? MS_JSON_GOOD_LIST : MS_JSON_FAIR_LIST;
    if (ends_in_rows(&words))
        return MS_JSON_ROW_LIST;
    return ms_json_word_is(&words, 0, "new") ? MS_JSON_FAIR_LIST : MS_JSON_ANY_LIST;
}

bool ms_json_counts_good(const ms_json *json, uint32_t name)
{
    static const char *const all[] = {"processed", "done", "found"}; /* whatever became of them */
    ms_json_words words;

    ms_json_split_name(json, name, &words);
    if (ms_json_any_in(&words, all, G_N_ELEMENTS(all)))
        return false;
    /* {"ok": 1} is a flag. */
    if (strcmp(words.whole, "ok") == 0 && json->tokens[name + 1].length == 1 &&
        json->text[json->tokens[name + 1].offset] == '1')
        return false;
    return ms_json_any_in(&words, good, G_N_ELEMENTS(good)) &&
           !ms_json_any_in(&words, bad, G_N_ELEMENTS(bad)) && !is_negated(&words) &&
           !ms_json_word_is(&words, words.count - 1, "at") &&
           !ms_json_word_is(&words, words.count - 1, "by");
}
