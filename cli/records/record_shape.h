/* record_shape.h
 * The fields of records as tables, made of the lists in record_fields.h: for everything that goes
 * through a record field by field.
 *
 * Ownership: tables are constant; values belong to the record.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_RECORD_SHAPE_H
#define MULTISTATUS_RECORD_SHAPE_H

#include <stddef.h>
#include <string.h>

#include "record.h"

typedef struct record_field {
    const char *key; /**< and member */
    record_kind kind;
    record_presence presence;
    record_redaction redaction;
    size_t at;                     /**< of the member, in the struct */
    size_t count_at;               /**< RECORD_LIST: of the number of objects */
    const struct record_shape *of; /**< RECORD_LIST: what the objects are */
    const char *about;
    const char *member; /**< the key as it stands in JSON, with a comma before */
    size_t member_length;
} record_field;

/** The fields of one struct. */
typedef struct record_shape {
    const char *name; /**< of records: their "type" */
    const record_field *fields;
    const record_field *end;
    size_t size;   /**< of the fields, from the start of the struct */
    unsigned sent; /**< how many of them a worker sends */
} record_shape;

extern const record_shape record_exchange_shape;
extern const record_shape record_response_shape;
extern const record_shape record_propstat_shape;
extern const record_shape record_lock_shape;
extern const record_shape record_detail_shape;
extern const record_shape record_finding_shape;
extern const record_shape record_capture_shape;

/** Where the value of a field is, by its kind. */
typedef union {
    void *at;
    const char **text;
    record_strings *texts;
    uint32_t *number;
    int64_t *large;
    int *status;
    bool *flag;
    unseen_counts *unseen;
    unsigned *word; /**< RECORD_OUTCOME, RECORD_VERDICT, RECORD_SEVERITY */
} record_value;

static inline record_value record_value_of(const record_field *field, const void *object)
{
    return (record_value){.at = (char *)object + field->at};
}

/** The objects of a RECORD_LIST, and how many there are. */
static inline char *record_list_of(const record_field *field, const void *object, uint32_t *count)
{
    char *first;

    memcpy(&first, (const char *)object + field->at, sizeof first);
    memcpy(count, (const char *)object + field->count_at, sizeof *count);
    return first;
}

static inline void record_set_list(const record_field *field, void *object, void *first,
                                   uint32_t count)
{
    memcpy((char *)object + field->at, &first, sizeof first);
    memcpy((char *)object + field->count_at, &count, sizeof count);
}

static inline bool record_field_is_key(const record_field *field)
{
    return field->kind != RECORD_MARK && field->kind != RECORD_DERIVED;
}

/** The words for the values of a kind from RECORD_OUTCOME to RECORD_SEVERITY. */
static inline unsigned record_word_count(record_kind kind)
{
    return kind == RECORD_OUTCOME   ? MS_OUTCOMES
           : kind == RECORD_VERDICT ? MS_VERDICTS
                                    : MS_ERROR + 1;
}

const char *record_word(record_kind kind, unsigned value);

#endif /* MULTISTATUS_RECORD_SHAPE_H */
