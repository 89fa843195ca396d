/* database.c
 * A SQLite database, made in a nameless temporary file: what reads it need not be a file, too.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "database.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>
#include <sqlite3.h>

#include "record_shape.h"

/* Of the tables and views below; whoever takes one away or renames it raises the number. */
#define VERSION "1"
/* How much of the file is passed on at once. */
#define BLOCK 65536

typedef enum {
    T_CAPTURES,
    T_UNSEEN,
    T_EXCHANGES,
    T_RESOURCES,
    T_MORE_HREFS,
    T_PROPSTATS,
    T_PROPERTIES,
    T_CONDITIONS,
    T_DETAILS,
    T_LOCKS,
    T_FINDINGS,
    TABLES
} table_index;

typedef struct {
    const char *name;
    const char *columns; /* that come first */
    unsigned n_columns;
    const record_shape *of;  /* or NULL */
    const char *without;     /* the key of it that is no column: a reference takes its place */
    const char *constraints; /* or "" */
    bool may_lack;           /* a row may be there before all is known of it */
    const char *kind;        /* "STRICT", ... */
} table;

#define ID "id INTEGER PRIMARY KEY, "
#define REFERENCE(name, table) name " INTEGER NOT NULL REFERENCES " table "(id), "
#define NUMBER "number INTEGER NOT NULL"
#define ROWS "STRICT"
#define KEYED "STRICT, WITHOUT ROWID"

static const table tables[TABLES] = {
    [T_CAPTURES] = {"captures", "id INTEGER PRIMARY KEY", 1, &record_capture_shape, NULL, "", true,
                    ROWS},
    [T_UNSEEN] = {"unseen",
                  REFERENCE("capture_id", "captures") "reason TEXT NOT NULL, count INTEGER NOT "
                                                      "NULL, bytes INTEGER NOT NULL",
                  4, NULL, NULL, ", PRIMARY KEY (capture_id, reason)", false, KEYED},
    [T_EXCHANGES] = {"exchanges", ID "capture_id INTEGER NOT NULL REFERENCES captures(id)", 2,
                     &record_exchange_shape, "capture", "", false, ROWS},
    [T_RESOURCES] = {"resources", ID REFERENCE("exchange_id", "exchanges") NUMBER ", href TEXT", 4,
                     &record_response_shape, NULL, "", false, ROWS},
    [T_MORE_HREFS] = {"more_hrefs",
                      REFERENCE("resource_id", "resources") NUMBER ", href TEXT NOT NULL", 3, NULL,
                      NULL, ", PRIMARY KEY (resource_id, number)", false, KEYED},
    [T_PROPSTATS] = {"propstats", ID REFERENCE("resource_id", "resources") NUMBER, 3,
                     &record_propstat_shape, NULL, "", false, ROWS},
    [T_PROPERTIES] = {"properties",
                      REFERENCE("propstat_id", "propstats") NUMBER ", property TEXT NOT NULL", 3,
                      NULL, NULL, ", PRIMARY KEY (propstat_id, number)", false, KEYED},
    [T_CONDITIONS] = {"conditions",
                      REFERENCE("resource_id", "resources") "propstat_id INTEGER REFERENCES "
                                                            "propstats(id), " NUMBER
                                                            ", condition TEXT NOT NULL",
                      4, NULL, NULL, "", false, ROWS},
    [T_DETAILS] = {"condition_details",
                   "resource_id INTEGER NOT NULL REFERENCES resources(id), " NUMBER, 2,
                   &record_detail_shape, "response", "", false, ROWS},
    [T_LOCKS] = {"locks", "resource_id INTEGER NOT NULL REFERENCES resources(id), " NUMBER, 2,
                 &record_lock_shape, "response", "", false, ROWS},
    [T_FINDINGS] = {"findings", REFERENCE("exchange_id", "exchanges") NUMBER, 2,
                    &record_finding_shape, NULL, ", PRIMARY KEY (exchange_id, number)", false,
                    KEYED},
};

/* Made at the end, when that is cheaper. The views look for these, and people for hrefs. */
static const char indexes[] = "CREATE INDEX exchange_verdict ON exchanges(verdict);"
                              "CREATE INDEX resource_exchange ON resources(exchange_id);"
                              "CREATE INDEX resource_outcome ON resources(outcome);"
                              "CREATE INDEX resource_href ON resources(href);"
                              "CREATE INDEX propstat_resource ON propstats(resource_id);"
                              "CREATE INDEX propstat_outcome ON propstats(outcome);"
                              "CREATE INDEX condition_resource ON conditions(resource_id);"
                              "CREATE INDEX detail_resource ON condition_details(resource_id);"
                              "CREATE INDEX lock_resource ON locks(resource_id);";

/* Exchanges by something that they have. */
#define COUNTS(view, key, name)                                                                    \
    "CREATE VIEW " view " AS SELECT " key " AS " name                                              \
    ", count(*) AS exchanges, sum(is_failed) AS failed_exchanges, sum(resources) AS resources, "   \
    "sum(failed) AS failed, sum(collateral) AS collateral FROM exchanges JOIN verdicts USING "     \
    "(verdict) GROUP BY " key ";"
/* Without its port, which is another one for each connection. */
#define ADDRESS(of)                                                                                \
    "CASE WHEN " of " GLOB '*:[0-9]*' AND " of " NOT GLOB '*]' THEN rtrim(rtrim(" of               \
    ", '0123456789'), ':') ELSE " of " END"

/* CROSS JOIN: in this order, so that what went wrong is found without looking at the rest. */
static const char views[] =
    /* every resource that went wrong, with what was asked */
    "CREATE VIEW failures AS SELECT time, capture, frame, client, server, host, method, uri, "
    "http_status, verdict, href, code AS status, outcome, reason, (SELECT group_concat(condition, "
    "' ') FROM conditions WHERE resource_id = resources.id) AS conditions, description, "
    "exchange_id, resources.id AS resource_id FROM outcomes CROSS JOIN resources USING (outcome) "
    "JOIN exchanges ON exchanges.id = exchange_id JOIN captures ON captures.id = capture_id WHERE "
    "is_trouble;"
    /* every request that failed, if only in part, or whose answer cannot be read */
    "CREATE VIEW failed_exchanges AS SELECT capture, exchanges.* FROM verdicts CROSS JOIN "
    "exchanges USING (verdict) JOIN captures ON captures.id = capture_id WHERE is_failed;"
    "CREATE VIEW failed_properties AS SELECT property, status, outcome, count(*) AS occurrences "
    "FROM outcomes CROSS JOIN propstats USING (outcome) JOIN properties ON propstat_id = "
    "propstats.id WHERE is_trouble GROUP BY property, status, outcome;"
    "CREATE VIEW per_resource AS SELECT server, host, href, count(*) AS occurrences, "
    "sum(is_failure) AS failed, max(CASE WHEN is_failure THEN time END) AS last_failure FROM "
    "resources JOIN outcomes USING (outcome) JOIN exchanges ON exchanges.id = exchange_id GROUP "
    "BY server, host, href;"
    /* clang-format off */
    COUNTS("per_server", "server", "server")
    COUNTS("per_client", ADDRESS("client"), "client")
    COUNTS("per_method", "method", "method")
    COUNTS("per_day", "substr(time, 1, 10)", "day")
    /* clang-format on */
    "CREATE VIEW not_seen AS SELECT reason, count(*) AS captures, sum(count) AS count, sum(bytes) "
    "AS bytes FROM unseen GROUP BY reason;"
    /* those of which nobody can say that all is well because nothing failed */
    "CREATE VIEW capture_problems AS SELECT capture, complete, error, unseen FROM captures WHERE "
    "error IS NOT NULL OR complete IS NOT 1 OR unseen IS NOT 0;";

typedef struct {
    sqlite3 *to;
    sqlite3_stmt *insert[TABLES];
    gint64 last[TABLES]; /* id; of those without, unused */
    GHashTable *open;    /* names of captures whose record has not come -> their ids */
    int file;
    gint64 passed_on; /* bytes of the file */
} database;

/* --------------------------------------------------------------------------------- columns ---- */

static const char *type_of(const record_field *field)
{
    switch (field->kind) {
    case RECORD_TEXT:
    case RECORD_TIME:
    case RECORD_NAME:
        return "TEXT";
    case RECORD_OUTCOME:
        return "TEXT REFERENCES outcomes(outcome)";
    case RECORD_VERDICT:
        return "TEXT REFERENCES verdicts(verdict)";
    case RECORD_SEVERITY:
        return "TEXT";
    case RECORD_DECIMAL:
        return "REAL";
    case RECORD_NUMBER:
    case RECORD_FRAME:
    case RECORD_INDEX:
    case RECORD_TOTAL:
    case RECORD_COUNT:
    case RECORD_STATUS:
    case RECORD_HTTP_STATUS:
    case RECORD_BOOL:
    case RECORD_DERIVED:
    case RECORD_UNSEEN:
        return "INTEGER";
    case RECORD_TEXTS:
    case RECORD_NAMES:
    case RECORD_LIST:
    case RECORD_MARK:
        break;
    }
    return NULL; /* tables of their own */
}

static bool is_column(const table *in, const record_field *field)
{
    return type_of(field) && g_strcmp0(in->without, field->key) != 0;
}

/* @return how many there are */
static unsigned add_columns(GString *sql, const table *in)
{
    unsigned n = in->n_columns;

    for (const record_field *field = in->of ? in->of->fields : NULL; field && field < in->of->end;
         field++) {
        bool unknown =
            in->may_lack || field->presence != RECORD_NEEDED || field->kind == RECORD_DERIVED;

        if (!is_column(in, field))
            continue;
        g_string_append_printf(sql, ", \"%s\" %s%s", field->key, type_of(field),
                               unknown ? "" : " NOT NULL");
        n++;
    }
    return n;
}

/* ---------------------------------------------------------------------------------- errors ---- */

/* Nothing is tried any more after the first. SQLite keeps errno only in part of the cases. */
static void note_error(rendering *r, int code)
{
    if (r->error == 0)
        r->error = code == SQLITE_FULL    ? ENOSPC
                   : code == SQLITE_NOMEM ? ENOMEM
                   : errno                ? errno
                                          : EIO;
}

static void run(rendering *r, const char *sql)
{
    const database *d = r->state;

    errno = 0;
    int code = r->error == 0 ? sqlite3_exec(d->to, sql, NULL, NULL, NULL) : SQLITE_OK;

    if (code != SQLITE_OK)
        note_error(r, code);
}

/* ----------------------------------------------------------------------------------- begin ---- */

static void prepare(rendering *r, table_index i, unsigned n_columns)
{
    database *d = r->state;
    g_autoptr(GString) sql = g_string_new(NULL);

    g_string_printf(sql, "INSERT OR %s INTO %s VALUES (?", tables[i].may_lack ? "REPLACE" : "ABORT",
                    tables[i].name);
    for (unsigned k = 1; k < n_columns; k++)
        g_string_append(sql, ", ?");
    g_string_append(sql, ")");
    int code = r->error == 0 ? sqlite3_prepare_v3(d->to, sql->str, -1, SQLITE_PREPARE_PERSISTENT,
                                                  &d->insert[i], NULL)
                             : SQLITE_OK;

    if (code != SQLITE_OK)
        note_error(r, code);
}

static void make_tables(rendering *r)
{
    for (table_index i = 0; i < TABLES; i++) {
        g_autoptr(GString) sql = g_string_new(NULL);

        g_string_printf(sql, "CREATE TABLE %s (%s", tables[i].name, tables[i].columns);
        unsigned n_columns = add_columns(sql, &tables[i]);

        g_string_append_printf(sql, "%s) %s", tables[i].constraints, tables[i].kind);
        run(r, sql->str);
        prepare(r, i, n_columns);
    }
}

/* What the words mean, so that no query has to list them. */
static void make_words(rendering *r)
{
    record_response response = {0};
    g_autoptr(GString) sql = g_string_new(
        "CREATE TABLE outcomes (outcome TEXT PRIMARY KEY, is_failure INTEGER NOT NULL, is_trouble "
        "INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
        "CREATE TABLE verdicts (verdict TEXT PRIMARY KEY, is_failed INTEGER NOT NULL) STRICT, "
        "WITHOUT ROWID;");

    for (unsigned i = 0; i < MS_OUTCOMES; i++) {
        response.outcome = (ms_outcome)i;
        g_string_append_printf(sql, "INSERT INTO outcomes VALUES ('%s', %d, %d);",
                               ms_outcome_name((ms_outcome)i), ms_outcome_is_failure((ms_outcome)i),
                               record_response_is_trouble(&response));
    }
    for (unsigned i = 0; i < MS_VERDICTS; i++)
        g_string_append_printf(sql, "INSERT INTO verdicts VALUES ('%s', %d);",
                               ms_verdict_name((ms_verdict)i),
                               record_verdict_is_failed((ms_verdict)i));
    run(r, sql->str);
}

/* SQLite opens files by their name, which goes as soon as it has. */
static int open_file(database *d)
{
    g_autofree char *name = g_build_filename(g_get_tmp_dir(), "multistatus-XXXXXX", NULL);

    d->file = g_mkstemp_full(name, O_RDWR | O_CLOEXEC, 0600);
    if (d->file < 0)
        return SQLITE_CANTOPEN;
    int code = sqlite3_open_v2(name, &d->to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);

    g_unlink(name);
    return code;
}

void database_begin(rendering *r)
{
    database *d = g_new0(database, 1);
    g_autofree char *mark = g_strdup_printf("PRAGMA application_id = %d;", DATABASE_MARK);

    r->state = d;
    d->open = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    errno = 0;
    int code = open_file(d);

    if (code != SQLITE_OK) {
        note_error(r, code);
        return;
    }
    /* Nobody else sees the file, and half of it is of no use. */
    run(r, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;"
           "PRAGMA foreign_keys = ON; BEGIN EXCLUSIVE; PRAGMA user_version = " VERSION ";");
    run(r, mark);
    make_words(r);
    make_tables(r);
    run(r, "CREATE INDEX exchange_capture ON exchanges(capture_id)"); /* for foreign keys */
}

/* ------------------------------------------------------------------------------------ rows ---- */

static void put_text(sqlite3_stmt *to, int at, const char *text)
{
    sqlite3_bind_text(to, at, text, -1, SQLITE_STATIC); /* NULL is NULL */
}

static void put_number_but(sqlite3_stmt *to, int at, gint64 number, gint64 unknown)
{
    if (number == unknown)
        sqlite3_bind_null(to, at);
    else
        sqlite3_bind_int64(to, at, number);
}

static void put_value(sqlite3_stmt *to, int at, const record_field *field, const void *object)
{
    const record_value value = record_value_of(field, object);

    switch (field->kind) {
    case RECORD_TEXT:
    case RECORD_TIME:
    case RECORD_NAME:
        put_text(to, at, *value.text);
        break;
    case RECORD_DECIMAL:
        if (*value.text)
            sqlite3_bind_double(to, at, g_ascii_strtod(*value.text, NULL));
        else
            sqlite3_bind_null(to, at);
        break;
    case RECORD_NUMBER:
    case RECORD_COUNT:
        sqlite3_bind_int64(to, at, *value.number);
        break;
    case RECORD_FRAME:
        put_number_but(to, at, *value.number, field->presence == RECORD_OR_NULL ? 0 : -1);
        break;
    case RECORD_INDEX:
    case RECORD_TOTAL:
        put_number_but(to, at, *value.large, RECORD_UNKNOWN);
        break;
    case RECORD_STATUS:
    case RECORD_DERIVED:
        put_number_but(to, at, *value.status, RECORD_UNKNOWN);
        break;
    case RECORD_HTTP_STATUS:
        put_number_but(to, at, *value.status, 0);
        break;
    case RECORD_BOOL:
        sqlite3_bind_int(to, at, *value.flag);
        break;
    case RECORD_OUTCOME:
    case RECORD_VERDICT:
    case RECORD_SEVERITY:
        put_text(to, at, record_word(field->kind, *value.word));
        break;
    case RECORD_UNSEEN:
        put_number_but(
            to, at, value.unseen->known ? (gint64)unseen_sum(value.unseen).count : RECORD_UNKNOWN,
            RECORD_UNKNOWN);
        break;
    case RECORD_TEXTS:
    case RECORD_NAMES:
    case RECORD_LIST:
    case RECORD_MARK:
        break;
    }
}

/* A row whose first columns are bound already. */
static void add_row(rendering *r, table_index i, const void *object)
{
    database *d = r->state;
    sqlite3_stmt *to = d->insert[i];
    int at = (int)tables[i].n_columns;

    for (const record_field *field = object ? tables[i].of->fields : NULL;
         field && field < tables[i].of->end; field++) {
        if (is_column(&tables[i], field))
            put_value(to, ++at, field, object);
    }
    errno = 0;
    if (r->error == 0)
        sqlite3_step(to);
    int code = sqlite3_reset(to);

    sqlite3_clear_bindings(to);
    if (code != SQLITE_OK)
        note_error(r, code);
}

/* @return the row's statement, with its number bound */
static sqlite3_stmt *begin_row(database *d, table_index i)
{
    sqlite3_bind_int64(d->insert[i], 1, ++d->last[i]);
    return d->insert[i];
}

/* ...(owner, number, text) */
static void put_list(rendering *r, table_index i, gint64 owner, const record_strings *texts,
                     uint32_t from)
{
    database *d = r->state;

    for (uint32_t k = from; k < texts->count; k++) {
        sqlite3_bind_int64(d->insert[i], 1, owner);
        sqlite3_bind_int64(d->insert[i], 2, k);
        put_text(d->insert[i], 3, texts->items[k]);
        add_row(r, i, NULL);
    }
}

/* @param propstat  0: those of the resource itself */
static void put_conditions(rendering *r, gint64 propstat, const record_strings *conditions)
{
    database *d = r->state;
    sqlite3_stmt *to = d->insert[T_CONDITIONS];

    for (uint32_t i = 0; i < conditions->count; i++) {
        sqlite3_bind_int64(to, 1, d->last[T_RESOURCES]);
        put_number_but(to, 2, propstat, 0);
        sqlite3_bind_int64(to, 3, i);
        put_text(to, 4, conditions->items[i]);
        add_row(r, T_CONDITIONS, NULL);
    }
}

static void put_propstat(rendering *r, uint32_t number, const record_propstat *propstat)
{
    database *d = r->state;
    sqlite3_stmt *to = begin_row(d, T_PROPSTATS);

    sqlite3_bind_int64(to, 2, d->last[T_RESOURCES]);
    sqlite3_bind_int64(to, 3, number);
    add_row(r, T_PROPSTATS, propstat);
    put_list(r, T_PROPERTIES, d->last[T_PROPSTATS], &propstat->properties, 0);
    put_conditions(r, d->last[T_PROPSTATS], &propstat->conditions);
}

static void put_resource(rendering *r, uint32_t number, const record_response *response)
{
    database *d = r->state;
    sqlite3_stmt *to = begin_row(d, T_RESOURCES);

    sqlite3_bind_int64(to, 2, d->last[T_EXCHANGES]);
    sqlite3_bind_int64(to, 3, number);
    put_text(to, 4, response->hrefs.count > 0 ? response->hrefs.items[0] : NULL);
    add_row(r, T_RESOURCES, response);
    put_list(r, T_MORE_HREFS, d->last[T_RESOURCES], &response->hrefs, 1);
    put_conditions(r, 0, &response->conditions);
    for (uint32_t i = 0; i < response->n_propstats; i++)
        put_propstat(r, i, &response->propstats[i]);
}

/* ...(owner, number, ...) */
static void put_object(rendering *r, table_index i, gint64 owner, uint32_t number,
                       const void *object)
{
    database *d = r->state;

    sqlite3_bind_int64(d->insert[i], 1, owner);
    sqlite3_bind_int64(d->insert[i], 2, number);
    add_row(r, i, object);
}

/* A capture is there from its first exchange on; its record, which comes last, replaces that. */
static gint64 capture_of(rendering *r, const char *name)
{
    database *d = r->state;
    const gint64 *known = g_hash_table_lookup(d->open, name);

    if (known)
        return *known;
    gint64 *id = g_new(gint64, 1);

    put_text(begin_row(d, T_CAPTURES), 2, name);
    add_row(r, T_CAPTURES, NULL);
    *id = d->last[T_CAPTURES];
    g_hash_table_insert(d->open, g_strdup(name), id);
    return *id;
}

void database_exchange(rendering *r, const exchange_record *record)
{
    database *d = r->state;

    if (r->error != 0)
        return;
    gint64 capture = capture_of(r, record->capture);
    gint64 first = d->last[T_RESOURCES] + 1;
    sqlite3_stmt *to = begin_row(d, T_EXCHANGES);

    sqlite3_bind_int64(to, 2, capture);
    add_row(r, T_EXCHANGES, record);
    for (uint32_t i = 0; i < record->n_responses; i++)
        put_resource(r, i, &record->responses[i]);
    for (uint32_t i = 0; i < record->n_condition_details; i++)
        put_object(r, T_DETAILS, first + record->condition_details[i].response, i,
                   &record->condition_details[i]);
    for (uint32_t i = 0; i < record->n_locks; i++)
        put_object(r, T_LOCKS, first + record->locks[i].response, i, &record->locks[i]);
    for (uint32_t i = 0; i < record->n_findings; i++)
        put_object(r, T_FINDINGS, d->last[T_EXCHANGES], i, &record->findings[i]);
}

static void put_unseen(rendering *r, gint64 capture, const unseen_counts *unseen)
{
    database *d = r->state;
    sqlite3_stmt *to = d->insert[T_UNSEEN];

    for (unsigned i = 0; i < UNSEEN_REASONS; i++) {
        if (unseen->of[i].count == 0)
            continue;
        sqlite3_bind_int64(to, 1, capture);
        put_text(to, 2, unseen_name((unseen_reason)i));
        sqlite3_bind_int64(to, 3, (gint64)unseen->of[i].count);
        sqlite3_bind_int64(to, 4, (gint64)unseen->of[i].bytes);
        add_row(r, T_UNSEEN, NULL);
    }
}

void database_capture(rendering *r, const capture_record *record)
{
    database *d = r->state;

    if (r->error != 0)
        return;
    gint64 id = capture_of(r, record->capture);

    sqlite3_bind_int64(d->insert[T_CAPTURES], 1, id);
    add_row(r, T_CAPTURES, record);
    put_unseen(r, id, &record->unseen);
    g_hash_table_remove(d->open, record->capture); /* the next of that name is another one */
}

/* ------------------------------------------------------------------------------------- end ---- */

static void close_file(database *d)
{
    for (table_index i = 0; i < TABLES; i++)
        g_clear_pointer(&d->insert[i], sqlite3_finalize);
    g_clear_pointer(&d->to, sqlite3_close);
}

void database_report(rendering *r, const report_view *view)
{
    (void)view;
    run(r, indexes);
    run(r, views);
    run(r, "COMMIT");
    close_file(r->state);
}

bool database_more(rendering *r)
{
    database *d = r->state;
    char block[BLOCK];

    if (r->error != 0)
        return false;
    ssize_t got = pread(d->file, block, sizeof block, d->passed_on);

    if (got < 0)
        r->error = errno;
    if (got <= 0)
        return false;
    g_string_append_len(r->text, block, got);
    d->passed_on += got;
    return true;
}

void database_release(rendering *r)
{
    database *d = r->state;

    close_file(d);
    if (d->file >= 0)
        close(d->file);
    g_hash_table_unref(d->open);
    g_free(d);
}
