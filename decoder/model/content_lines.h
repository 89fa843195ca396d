/* content_lines.h
 * Calendar and address data (iCalendar, vCard), as far as the rules look into it: a reader of
 * unfolded content lines, and what it learns about one object.
 *
 * RFC 5545 sections 3.1 to 3.4, RFC 6350 section 3.3; what is looked for: RFC 4791 sections 4.1 and
 * 9.9, RFC 6352 section 5.1, RFC 6638 section 7.3.
 *
 * Why not libical: the data is a text within a body of another format, read in the process of
 * Wireshark as well as in the sandboxed workers of the command. The rules ask for a dozen names. A
 * general library parses every value, allocates for each, and has no limits; it would be one more
 * dependency to build, ship and keep patched in each distribution. This reader allocates one line,
 * looks at each byte once, keeps a bounded number of bounded texts, and does not recurse.
 *
 * Ownership: facts borrow the strings of the store that they were read into.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MS_CONTENT_LINES_H
#define MS_CONTENT_LINES_H

#include "store.h"

/* ---- lines ---- */

/** Bytes of an unfolded line that are examined: names, parameters and short values. Anything longer
 *  is an attachment or a photo. */
#define MS_LINE_LENGTH 4096

/** A content line: name *(";" parameter) ":" value. */
typedef struct {
    const char *name;       /**< in capitals, with the group prefix that vCard allows */
    const char *parameters; /**< after the first ";", "" if there are none */
    const char *value;
} ms_content_line;

/** Beginnings of names: by their first letter, a bit for each second letter. */
typedef uint32_t ms_line_starts[26];

/** A reading of some text. Its last line is valid until the next one is asked for. */
typedef struct {
    const char *at, *end;
    GString *line;          /**< private; made by the caller, so that many texts share it */
    const uint32_t *starts; /**< ms_line_starts: others need not be returned; NULL: all of them */
} ms_content_lines;

/** The next line that has a name and a colon; others are skipped. False at the end. */
bool ms_content_lines_next(ms_content_lines *lines, ms_content_line *line);

/** The value of a parameter without its quotes, as part of the line.
 *  @param length  of the value; only set if there is one
 *  @return NULL if the line has no such parameter */
const char *ms_content_parameter(const ms_content_line *line, const char *name, size_t *length);

/* ---- times ---- */

/** A DATE or DATE-TIME in seconds since 1970, as if it were UTC. */
typedef struct {
    int64_t seconds;
    bool is_date; /**< no time of day */
    bool is_utc;  /**< it says so; else it is a time of some time zone */
} ms_calendar_time;

/** "20060102T120000Z", "20060102T120000", "20060102", with nothing after it. */
bool ms_calendar_time_read(const char *text, ms_calendar_time *time);

/* ---- objects ---- */

typedef enum {
    MS_OBJECT_OTHER, /**< its kind is unknown */
    MS_OBJECT_CALENDAR,
    MS_OBJECT_CARD,
    MS_OBJECT_MARKUP /**< jCal, jCard, xCal or xCard: it is not looked into */
} ms_object_kind;

/** What one calendar or address object says. Strings are NULL where it does not say it, and no
 *  longer than MS_OBJECT_TEXT. */
typedef struct {
    ms_object_kind kind;
    bool whole; /**< read from BEGIN to END: what is not there is not in the object */
    bool cut;   /**< it is longer than what was read */
    bool two;   /**< another object begins after the first one */
    const char *version;
    const char *uid, *other_uid; /**< the first, and the first that differs from it */

    /* Calendars only. */
    const char *method;
    const char *component, *other_component; /**< "VEVENT"; likewise. Never VTIMEZONE */
    bool has_timezone;                       /**< VTIMEZONE */
    const char *lost_timezone; /**< a TZID for which there is no VTIMEZONE; only if whole */
    const char *recurrence;    /**< "RRULE": the first that is not part of a VTIMEZONE */
    uint32_t masters;          /**< components without RECURRENCE-ID */
    uint32_t instances;        /**< components with it */

    /* The first component whose organizer or attendee was not notified. */
    const char *undelivered; /**< "mailto:mike@example.org" */
    const char *status;      /**< "3.7" */
    uint32_t n_undelivered;

    /* The last component. */
    bool has_start, has_end;
    ms_calendar_time start, end; /**< DTEND, or DTSTART and DURATION, or the default without both */
} ms_object;

/** Bytes kept of a text. */
#define MS_OBJECT_TEXT 255

/** Reads one object.
 *  @param scratch  for its lines
 *  @param cut      there was more of the text */
void ms_object_read(ms_object *object, const char *text, size_t length, bool cut, GString *scratch,
                    struct ms_store *store);

#endif /* MS_CONTENT_LINES_H */
