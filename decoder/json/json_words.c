/* json_words.c
 * Words that stand for a status in JSON Multi-Status bodies: "submitted", "NOT_FOUND", "timedOut".
 *
 * A word is only used if it can hardly mean anything but what became of the row. Whatever is
 * undecided ("pending"), or only half true ("partial"), is no answer.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "json.h"

#include <string.h>

#include "status.h"

/* Without what joins the words that they consist of: "timed_out", "TimedOut" and "timed out" are
 * one. */
static const char *const good[] = {
    "accepted",  "ack",       "acknowledged", "approved",  "authorised", "authorized",
    "added",     "applied",   "complete",     "completed", "confirmed",  "copied",
    "created",   "deleted",   "delivered",    "done",      "enqueued",   "executed",
    "fetched",   "filled",    "finished",     "fulfilled", "imported",   "indexed",
    "ingested",  "inserted",  "merged",       "modified",  "moved",      "nochange",
    "noerror",   "noerrors",  "noop",         "ok",        "okay",       "pass",
    "passed",    "processed", "published",    "queued",    "registered", "removed",
    "replaced",  "retrieved", "saved",        "scheduled", "sent",       "stored",
    "submitted", "succeed",   "succeeded",    "success",   "successful", "successfully",
    "synced",    "unchanged", "updated",      "uploaded",  "upserted",   "up",
    "uptodate",  "valid",     "validated",    "written",
};
static const char *const bad[] = {
    "bad",         "blocked",       "bounced",     "conflict",    "conflicted",    "conflicts",
    "crashed",     "declined",      "denied",      "error",       "errored",       "errors",
    "exceeded",    "exception",     "fail",        "failed",      "failing",       "fails",
    "failure",     "failures",      "fatal",       "fault",       "forbidden",     "illegal",
    "incorrect",   "invalid",       "malformed",   "mismatch",    "missing",       "nonexistent",
    "offline",     "prohibited",    "refused",     "reject",      "rejected",      "rejection",
    "throttled",   "throttling",    "timedout",    "timeout",     "unauthorised",  "unauthorized",
    "unavailable", "undeliverable", "undelivered", "unknownhost", "unprocessable", "unprocessed",
    "unreachable", "unsuccessful",  "unsupported", "ko",          "nok",           "nack",
    "ng",          "err",           "down",
};
/* Part of what went wrong, but on its own just an attribute that a thing may have. */
static const char *const bad_in_part[] = {"disallowed",   "exhausted", "expired",
                                          "insufficient", "violation", "violations"};
static const char *const collateral[] = {
    "aborted",          "canceled",    "cancelled", "dependencyfailed", "halted",
    "notattempted",     "notexecuted", "notrun",    "notstarted",       "nottried",
    "processinghalted", "rolledback",  "rollback",
};
/* With one of these, nothing is decided. */
static const char *const open_ended[] = {
    "partial", "partially", "partly", "pending", "processing", "progress",
    "running", "some",      "to",     "unknown", "waiting",    "mixed",
};
static const char *const negations[] = {"cannot", "cant", "could", "couldnt", "never", "not"};
/* What may be negated by "not" without being a failure. */
static const char *const no_matter[] = {"applicable", "changed", "modified", "needed", "required"};
static const char *const without[] = {"no", "without", "zero"};

static ms_said said_by_code(int code)
{
    if (code < 200 || code >= 600 || code == 207)
        return MS_SAID_UNREADABLE;
    if (code < 300)
        return MS_SAID_OK;
    if (code == 424)
        return MS_SAID_COLLATERAL;
    return code >= 400 ? MS_SAID_FAILED : MS_SAID_UNREADABLE;
}

/* Are these the letters of a reason phrase: "badrequest" of "Bad Request"? */
static bool is_phrase(const char *letters, const char *phrase)
{
    for (; *phrase; phrase++) {
        if (!g_ascii_isalnum(*phrase))
            continue;
        if (*letters++ != g_ascii_tolower(*phrase))
            return false;
    }
    return *letters == '\0';
}

/* The reason phrase of a status, "NOT_FOUND": what its code says. */
static bool by_phrase(const ms_json_words *words, ms_said *said)
{
    static const struct {
        int first, last;
    } registered[] = {{200, 208}, {226, 226}, {300, 308}, {400, 431}, {451, 451}, {500, 511}};

    for (size_t i = 0; i < G_N_ELEMENTS(registered); i++) {
        for (int code = registered[i].first; code <= registered[i].last; code++) {
            const char *reason = ms_status_reason(code);

            if (reason && is_phrase(words->whole, reason)) {
                *said = said_by_code(code);
                return true;
            }
        }
    }
    return false;
}

/* "NO_ERROR", "completed without errors" */
static bool says_no_error(const ms_json_words *words)
{
    for (unsigned i = 0; i + 1 < words->count; i++) {
        if (MS_JSON_WORD_IN(words, i, without) && MS_JSON_WORD_IN(words, i + 1, bad))
            return true;
    }
    return false;
}

/* "NOT_CREATED" is a failure, "NOT_REQUIRED" is none. */
static ms_said by_negation(const ms_json_words *words)
{
    for (unsigned i = 0; i + 1 < words->count; i++) {
        if (MS_JSON_WORD_IN(words, i, negations))
            return MS_JSON_WORD_IN(words, i + 1, no_matter) ? MS_SAID_UNREADABLE : MS_SAID_FAILED;
    }
    return MS_SAID_NOTHING;
}

/* Of several words: "VALIDATION_ERROR", "SUCCESSFULLY_CREATED", "COMPLETED_WITH_ERRORS". */
static ms_said by_parts(const ms_json_words *words)
{
    enum { GOOD_WORDS = 3 };

    for (unsigned i = 0; i < words->count; i++) {
        if (g_ascii_isdigit(words->whole[words->start[i]])) /* "2 failed" */
            return MS_SAID_UNREADABLE;
    }
    if (says_no_error(words))
        return MS_SAID_OK;
    if (ms_json_any_in(words, open_ended, G_N_ELEMENTS(open_ended)))
        return MS_SAID_UNREADABLE;
    ms_said negated = by_negation(words);

    if (negated != MS_SAID_NOTHING)
        return negated;
    if (ms_json_any_in(words, bad, G_N_ELEMENTS(bad)) ||
        ms_json_any_in(words, bad_in_part, G_N_ELEMENTS(bad_in_part)))
        return MS_SAID_FAILED;
    if (ms_json_any_in(words, collateral, G_N_ELEMENTS(collateral)))
        return MS_SAID_COLLATERAL;
    bool fine = MS_JSON_WORD_IN(words, 0, good) || MS_JSON_WORD_IN(words, words->count - 1, good);

    return fine && words->count <= GOOD_WORDS ? MS_SAID_OK : MS_SAID_UNREADABLE;
}

ms_said ms_json_word(const char *word)
{
    ms_json_words words;
    ms_said said;

    ms_json_split(&words, word, strlen(word));
    if (words.count == 0 || words.count == MS_JSON_NAME_WORDS)
        return MS_SAID_UNREADABLE;
    if (ms_json_whole_in(&words, good, G_N_ELEMENTS(good)))
        return MS_SAID_OK;
    if (ms_json_whole_in(&words, bad, G_N_ELEMENTS(bad)))
        return MS_SAID_FAILED;
    if (ms_json_whole_in(&words, collateral, G_N_ELEMENTS(collateral)))
        return MS_SAID_COLLATERAL;
    if (by_phrase(&words, &said))
        return said;
    return words.count > 1 ? by_parts(&words) : MS_SAID_UNREADABLE;
}

bool ms_json_word_is_plain(const char *word)
{
    static const char *const plain[] = {"ok",        "okay",         "success", "successful",
                                        "succeeded", "successfully", "pass",    "passed",
                                        "accepted",  "created",      "noerror"};
    ms_json_words words;
    ms_said said = ms_json_word(word);

    ms_json_split(&words, word, strlen(word));
    return said >= MS_SAID_COLLATERAL ||
           (said == MS_SAID_OK && ms_json_any_in(&words, plain, G_N_ELEMENTS(plain)));
}
