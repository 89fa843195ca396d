/* rules.c
 * The catalogue of findings.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "rules.h"

#include <stdarg.h>
#include <string.h>

#include "store.h"

/* clang-format off */
#define MS_RULE_ENTRY(name, ref, id, severity, group, needs, per, summary, source) \
    {ref, id, MS_##severity, MS_GROUP_##group, MS_NEEDS_##needs, MS_PER_##per, summary, source},
/* clang-format on */
const ms_rule ms_rules[MS_RULE_COUNT] = {MS_RULES(MS_RULE_ENTRY)};
#undef MS_RULE_ENTRY

const ms_rule *ms_rule_named(const char *id)
{
    for (size_t i = 0; i < MS_RULE_COUNT; i++) {
        if (strcmp(ms_rules[i].id, id) == 0)
            return &ms_rules[i];
    }
    return NULL;
}

/* ---- findings ---- */

ms_finding ms_finding_new(ms_document *document, unsigned rule, uint32_t response, ms_span span,
                          char *message)
{
    const char *kept = ms_store_text(document->store, message, strlen(message));

    g_free(message);
    return (ms_finding){&ms_rules[rule], kept, response, span};
}

void ms_finding_append(ms_document *document, ms_finding finding)
{
    g_array_append_val(document->store->findings, finding);
    ms_store_publish(document->store, document);
}

void ms_drop_finding(ms_document *document, unsigned rule)
{
    GArray *findings = document->store->findings;

    for (guint i = findings->len; i > 0; i--) {
        if (g_array_index(findings, ms_finding, i - 1).rule == &ms_rules[rule])
            g_array_remove_index(findings, i - 1);
    }
    ms_store_publish(document->store, document);
}

void ms_add_finding(ms_document *document, unsigned rule, uint32_t response, ms_span span,
                    const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    char *message = g_strdup_vprintf(format, arguments);

    va_end(arguments);
    ms_finding_append(document, ms_finding_new(document, rule, response, span, message));
}
