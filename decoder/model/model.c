/* model.c
 * The names of what the model enumerates.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "model.h"

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

const char *ms_kind_of_format(ms_format format)
{
    return format == MS_FORMAT_XML ? "dav" : ms_format_name(format);
}

const char *ms_severity_name(ms_severity severity)
{
    static const char *const names[] = {
        [MS_CHAT] = "chat", [MS_NOTE] = "note", [MS_WARN] = "warn", [MS_ERROR] = "error"};

    return names[severity];
}
