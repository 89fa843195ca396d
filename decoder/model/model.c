/* model.c
 * The names of what the model enumerates.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "model.h"

const char *ms_outcome_name(ms_outcome outcome)
{
    static const char *const names[MS_OUTCOMES] = {
        [MS_OK] = "ok",
        [MS_PLACEHOLDER] = "placeholder",
        [MS_DUPLICATE] = "duplicate",
        [MS_ABSENT] = "absent",
        [MS_REDIRECT] = "redirect",
        [MS_REMOVED] = "removed",
        [MS_NOT_TRAVERSED] = "not-traversed",
        [MS_TRUNCATED] = "truncated",
        [MS_UNKNOWN] = "unknown",
        [MS_COLLATERAL] = "collateral",
        [MS_MISSING] = "missing",
        [MS_FAILED] = "failed",
    };

    return names[outcome];
}

const char *ms_verdict_name(ms_verdict verdict)
{
    static const char *const names[MS_VERDICTS] = {
        [MS_SUCCESS] = "success",     [MS_BENIGN] = "benign", [MS_PARTIAL] = "partial",
        [MS_FAILURE] = "failure",     [MS_EMPTY] = "empty",   [MS_MALFORMED] = "malformed",
        [MS_UNDECODED] = "undecoded",
    };

    return names[verdict];
}

const char *ms_format_name(ms_format format)
{
    static const char *const names[] = {
        [MS_FORMAT_NONE] = NULL,
        [MS_FORMAT_XML] = "xml",
        [MS_FORMAT_JSON] = "json",
        [MS_FORMAT_MULTIPART] = "multipart",
    };

    return names[format];
}

const char *ms_severity_name(ms_severity severity)
{
    static const char *const names[] = {
        [MS_CHAT] = "chat", [MS_NOTE] = "note", [MS_WARN] = "warn", [MS_ERROR] = "error"};

    return names[severity];
}

bool ms_outcome_is_failure(ms_outcome outcome)
{
    return outcome == MS_FAILED || outcome == MS_MISSING;
}
