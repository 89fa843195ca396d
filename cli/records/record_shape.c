/* record_shape.c
 * The tables of the fields.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "record_shape.h"

#define MEMBER(name) ",\"" #name "\":", sizeof ",\"" #name "\":" - 1

#define KEY(kind, name, presence, redaction, about)                                                \
    {#name, RECORD_##kind, RECORD_##presence, RECORD_##redaction, AT(name), 0,                     \
     NULL,  about,         MEMBER(name)},
#define INNER(kind, name, about)                                                                   \
    {#name, RECORD_##kind, RECORD_NEEDED, RECORD_KEPT, AT(name), 0, NULL, about, MEMBER(name)},
#define LIST(name, type, presence, about)                                                          \
    {#name,       RECORD_LIST,  RECORD_##presence,      RECORD_KEPT,                               \
     AT(name),    AT(n_##name), &record_##type##_shape, about,                                     \
     MEMBER(name)},

#define SENT(kind, ...) +(RECORD_##kind != RECORD_COUNT && RECORD_##kind != RECORD_DERIVED)
#define SENT_LIST(...) +1

#define SHAPE(name, FIELDS, size)                                                                  \
    static const record_field name[] = {FIELDS(KEY, KEY, INNER, LIST)};                            \
    const record_shape record_##name##_shape = {#name, name, name + sizeof name / sizeof *name,    \
                                                size, 0 FIELDS(SENT, SENT, SENT, SENT_LIST)}

#define AT(member) offsetof(record_propstat, member)
SHAPE(propstat, RECORD_PROPSTAT, sizeof(record_propstat));
#undef AT
#define AT(member) offsetof(record_response, member)
SHAPE(response, RECORD_RESPONSE, sizeof(record_response));
#undef AT
#define AT(member) offsetof(record_lock, member)
SHAPE(lock, RECORD_LOCK, sizeof(record_lock));
#undef AT
#define AT(member) offsetof(record_detail, member)
SHAPE(detail, RECORD_DETAIL, sizeof(record_detail));
#undef AT
#define AT(member) offsetof(record_finding, member)
SHAPE(finding, RECORD_FINDING, sizeof(record_finding));
#undef AT
#define AT(member) offsetof(exchange_record, member)
SHAPE(exchange, RECORD_EXCHANGE, AT(references));
#undef AT
#define AT(member) offsetof(capture_record, member)
SHAPE(capture, RECORD_CAPTURE, sizeof(capture_record));
#undef AT

const char *record_word(record_kind kind, unsigned value)
{
    return kind == RECORD_OUTCOME   ? ms_outcome_name((ms_outcome)value)
           : kind == RECORD_VERDICT ? ms_verdict_name((ms_verdict)value)
                                    : ms_severity_name((ms_severity)value);
}
