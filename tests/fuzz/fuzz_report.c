/* fuzz_report.c
 * A file of records, as `multistatus report` makes a report of it: lines, captures put together,
 * counts, tables, all formats, pseudonyms.
 *
 * The input: a byte that chooses the options, then the file.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "fuzz.h"

#include <wsutil/ws_getopt.h>

#include "exit_status.h"
#include "memory_file.h"
#include "options.h"
#include "record_files.h"
#include "results.h"

#define MOST_ARGUMENTS 12

/* The command lines, without the program and the input. */
static const char *const lines[][MOST_ARGUMENTS] = {
    {"-T", "text", "--group-by", "resource"},
    {"-T", "html", "--top", "3"},
    {"-T", "json", "--group-by", "condition"},
    {"-T", "markdown", "--group-by", "user-agent"},
    {"-T", "csv", "--redact"},
    {"-T", "tsv", "--failed-only"},
    {"-T", "ndjson", "--redact"},
    {"-T", "text", "--status", "4xx", "--path", "/c*", "--group-by", "method", "--color", "always"},
    {"-T", "html", "--group-by", "host", "--redact"},
    {"-T", "json", "--group-by", "capture", "--fail-on", "failed>0"},
    {"-T", "junit"},
    {"-T", "ecs"},
    {"-T", "sarif", "--redact"},
    {"-T", "metrics", "--group-by", "resource,method"},
#ifdef MULTISTATUS_SQLITE
    {"-T", "sqlite"},
#endif
};

static memory_file file;
static options of_line[G_N_ELEMENTS(lines)];

static void start(void)
{
    static char program[] = "report", output_option[] = "-O", nowhere[] = "/dev/null";

    file = memory_file_new();
    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
        static char *arguments[G_N_ELEMENTS(lines)][MOST_ARGUMENTS + 5];
        int n = 0;

        arguments[i][n++] = program;
        for (size_t k = 0; k < MOST_ARGUMENTS && lines[i][k]; k++)
            arguments[i][n++] = g_strdup(lines[i][k]);
        arguments[i][n++] = output_option;
        arguments[i][n++] = nowhere;
        arguments[i][n++] = file.path;
        ws_optind = 1; /* from the start again */
        fuzz_check(options_parse(&of_line[i], n, arguments[i]));
    }
}

static bool on_record(void *data, exchange_record *exchange, const capture_record *capture)
{
    return exchange ? results_exchange(data, exchange) : results_capture(data, capture);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input input = {data, size};

    if (!file.fd)
        start();
    const options *o = &of_line[fuzz_byte(&input) % G_N_ELEMENTS(lines)];

    memory_file_set(&file, input.at, input.left);
    results *r = results_open(&o->run.results);
    record_files *files = record_files_new(true);

    fuzz_check(r);
    (void)record_files_add(files, file.path);
    (void)record_files_add(files, file.path); /* the same once more: every capture is taken once */
    fuzz_check(record_files_deliver(files, on_record, r));
    record_files_free(files);
    int status = results_close(r, EXIT_ANALYSED);

    fuzz_check(status == EXIT_ANALYSED || status == EXIT_MATCHED);
    return 0;
}
