/* options.c
 * The command line.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "options.h"

#include <string.h>

#include <wsutil/ws_getopt.h>

#include "completion.h"
#include "diagnostics.h"
#include "predicate.h"
#include "suggest.h"

/* -------------------------------------------------------------------------- what they do ---- */

#define APPLY_FLAG(function, member)                                                               \
    static bool function(options *o, const char *argument)                                         \
    {                                                                                              \
        (void)argument;                                                                            \
        o->member = true;                                                                          \
        return true;                                                                               \
    }
#define APPLY_TEXT(function, member)                                                               \
    static bool function(options *o, const char *argument)                                         \
    {                                                                                              \
        o->member = argument;                                                                      \
        return true;                                                                               \
    }
#define APPLY_LIST(function, member)                                                               \
    static bool function(options *o, const char *argument)                                         \
    {                                                                                              \
        g_ptr_array_add(o->member, (char *)argument);                                              \
        return true;                                                                               \
    }

APPLY_LIST(apply_read_file, run.inputs.arguments)
APPLY_FLAG(apply_recursive, run.inputs.recursive)
APPLY_LIST(apply_include, run.inputs.include)
APPLY_TEXT(apply_files_from, run.inputs.files_from)
APPLY_FLAG(apply_nul_separated, run.inputs.nul_separated)
APPLY_TEXT(apply_capture_filter, run.inputs.capture_filter)
APPLY_TEXT(apply_checkpoint, run.workers.checkpoint)
APPLY_FLAG(apply_progress, run.messages.progress)
APPLY_FLAG(apply_no_sandbox, run.workers.no_sandbox)
APPLY_TEXT(apply_display_filter, run.dissect.display_filter)
APPLY_TEXT(apply_output, run.results.output)
APPLY_FLAG(apply_quiet, run.messages.quiet)
APPLY_FLAG(apply_verbose, run.messages.verbose)
APPLY_TEXT(apply_profile, run.dissect.profile)
APPLY_TEXT(apply_keylog, run.dissect.keylog)
APPLY_LIST(apply_preference, run.dissect.preferences)
APPLY_LIST(apply_decode_as, run.dissect.decode_as)
APPLY_LIST(apply_extension, run.dissect.extensions)
APPLY_LIST(apply_disable_protocol, run.dissect.disable_protocols)
APPLY_LIST(apply_enable_protocol, run.dissect.enable_protocols)
APPLY_LIST(apply_disable_heuristic, run.dissect.disable_heuristics)
APPLY_LIST(apply_enable_heuristic, run.dissect.enable_heuristics)
APPLY_FLAG(apply_two_passes, run.dissect.two_passes)
APPLY_FLAG(apply_no_sieve, run.dissect.no_sieve)
APPLY_FLAG(apply_help, help)
APPLY_FLAG(apply_help_all, help_all)
APPLY_FLAG(apply_help_asciidoc, help_asciidoc)
APPLY_FLAG(apply_help_fields, help_fields)
APPLY_FLAG(apply_version, version)

static bool apply_no_resolution(options *o, const char *argument)
{
    (void)o;
    (void)argument;
    return true;
}

/* Complains about a word that is not one of those an option takes. */
static bool unknown_word(const char *option, const char *word, const char *(*values)(unsigned))
{
    g_autoptr(GString) list = g_string_new(NULL);
    suggestion near = suggestion_for(word);

    for (unsigned i = 0; values(i); i++) {
        g_string_append_printf(list, "%s%s", i > 0 ? ", " : "", values(i));
        suggestion_offer(&near, values(i));
    }
    g_autofree char *meant = suggestion_text(&near, "");

    complain("%s does not know \"%s\"; it takes one of: %s.%s", option, word, list->str, meant);
    return false;
}

static bool apply_format(options *o, const char *argument)
{
    o->run.results.format = format_find(argument);
    return o->run.results.format || unknown_word("-T", argument, format_name);
}

/* A whole number from `least` up. */
static bool read_number(const char *text, const char *end, unsigned least, unsigned *number)
{
    char *stop;
    guint64 value = g_ascii_isdigit(*text) ? g_ascii_strtoull(text, &stop, 10) : 0;

    if (!g_ascii_isdigit(*text) || stop != end || value < least || value > G_MAXINT)
        return false;
    *number = (unsigned)value;
    return true;
}

static bool apply_shard(options *o, const char *argument)
{
    const char *slash = strchr(argument, '/');

    if (slash && read_number(argument, slash, 1, &o->run.inputs.shard) &&
        read_number(slash + 1, argument + strlen(argument), o->run.inputs.shard,
                    &o->run.inputs.shards))
        return true;
    complain("--shard takes K/N, the K-th of N parts, for example 2/4; not \"%s\".", argument);
    return false;
}

/* Passes a sentence about an argument on. */
static bool complain_argument(const char *option, char *message)
{
    if (message)
        complain("%s: %s", option, message);
    g_free(message);
    return !message;
}

#define APPLY_SELECTION(function, option, key)                                                     \
    static bool function(options *o, const char *argument)                                         \
    {                                                                                              \
        return complain_argument(option,                                                           \
                                 selection_add(o->run.results.report->chosen, key, argument));     \
    }

APPLY_SELECTION(apply_status, "--status", SELECT_STATUS)
APPLY_SELECTION(apply_path, "--path", SELECT_PATH)
APPLY_SELECTION(apply_outcome, "--outcome", SELECT_OUTCOME)
APPLY_SELECTION(apply_verdict, "--verdict", SELECT_VERDICT)
APPLY_SELECTION(apply_method, "--method", SELECT_METHOD)
APPLY_SELECTION(apply_host, "--host", SELECT_HOST)
APPLY_SELECTION(apply_client, "--client", SELECT_CLIENT)
APPLY_SELECTION(apply_server, "--server", SELECT_SERVER)
APPLY_SELECTION(apply_since, "--since", SELECT_SINCE)
APPLY_SELECTION(apply_until, "--until", SELECT_UNTIL)

static bool apply_failed_only(options *o, const char *argument)
{
    (void)argument;
    selection_set_failed_only(o->run.results.report->chosen);
    return true;
}

static bool apply_group_by(options *o, const char *argument)
{
    return complain_argument("--group-by", settings_add_grouping(o->run.results.report, argument));
}

static bool apply_explain(options *o, const char *argument)
{
    (void)argument;
    o->run.results.report->explain = true;
    return true;
}

static bool apply_sort(options *o, const char *argument)
{
    for (unsigned i = 0; view_sort_key(i); i++) {
        if (strcmp(view_sort_key(i), argument) == 0) {
            o->run.results.report->sort = argument;
            return true;
        }
    }
    return unknown_word("--sort", argument, view_sort_key);
}

/* A whole number of an option that has no other limits. */
static bool apply_number(const char *option, const char *argument, unsigned *number)
{
    if (read_number(argument, argument + strlen(argument), 0, number))
        return true;
    complain("%s takes a whole number, not \"%s\".", option, argument);
    return false;
}

static bool apply_jobs(options *o, const char *argument)
{
    return apply_number("-j", argument, &o->run.workers.jobs);
}

static bool apply_timeout(options *o, const char *argument)
{
    return apply_number("--timeout-per-file", argument, &o->run.workers.timeout);
}

static bool apply_live_memory(options *o, const char *argument)
{
    return apply_number("--live-memory", argument, &o->run.dissect.live_memory);
}

/* dumpcap writes to what is standard input then. */
static bool apply_interface(options *o, const char *argument)
{
    if (!o->run.inputs.interface)
        g_ptr_array_add(o->run.inputs.arguments, "-");
    o->run.inputs.interface = argument;
    return true;
}

static bool apply_memory_limit(options *o, const char *argument)
{
    return apply_number("--memory-limit", argument, &o->run.workers.memory_limit);
}

static bool apply_top(options *o, const char *argument)
{
    unsigned top = 0;

    if (!apply_number("--top", argument, &top))
        return false;
    o->run.results.report->top = (int)top;
    return true;
}

#define LEAST_WIDTH 40

static bool apply_width(options *o, const char *argument)
{
    if (!apply_number("--width", argument, &o->run.results.width))
        return false;
    if (o->run.results.width >= LEAST_WIDTH)
        return true;
    complain("--width takes %d or more.", LEAST_WIDTH);
    return false;
}

static bool apply_field(options *o, const char *argument)
{
    o->rows_by = "-e";
    return complain_argument("-e", row_layout_add(o->run.results.report->rows, argument));
}

static bool apply_layout(options *o, const char *argument)
{
    o->rows_by = "-E";
    return complain_argument("-E", row_layout_set(o->run.results.report->rows, argument));
}

static bool apply_fail_on(options *o, const char *argument)
{
    char *message = NULL;
    predicate *parsed = predicate_parse(argument, &message);

    if (parsed)
        g_ptr_array_add(o->run.results.fail_on, parsed);
    return complain_argument("--fail-on", message);
}

static bool set_redaction(options *o, redactor *with)
{
    redactor_free(o->run.results.redaction);
    o->run.results.redaction = with;
    return with != NULL;
}

/* With a key that was given, that one counts. */
static bool apply_redact(options *o, const char *argument)
{
    (void)argument;
    if (o->run.results.redaction || set_redaction(o, redactor_new(NULL, 0)))
        return true;
    complain("--redact needs a random key, and /dev/urandom has none; --redact-key takes a file.");
    return false;
}

static bool apply_redact_key(options *o, const char *argument)
{
    g_autofree char *key = NULL;
    g_autoptr(GError) error = NULL;
    gsize length;

    if (!g_file_get_contents(argument, &key, &length, &error)) {
        complain("--redact-key: %s.", error->message);
        return false;
    }
    if (length == 0) {
        complain("--redact-key: \"%s\" is empty.", argument);
        return false;
    }
    o->run.results.redact_key = argument;
    return set_redaction(o, redactor_new(key, length));
}

#define APPLY_EXTRA(function, name)                                                                \
    static bool function(options *o, const char *argument)                                         \
    {                                                                                              \
        extra_output extra = {format_find(name), argument};                                        \
                                                                                                   \
        g_array_append_val(o->run.results.extra, extra);                                           \
        return true;                                                                               \
    }

APPLY_EXTRA(apply_csv, "csv")
APPLY_EXTRA(apply_tsv, "tsv")
APPLY_EXTRA(apply_json, "json")
APPLY_EXTRA(apply_ndjson, "ndjson")
APPLY_EXTRA(apply_markdown, "markdown")
APPLY_EXTRA(apply_html, "html")

static const char *color_name(unsigned i)
{
    static const char *const names[] = {
        [COLOR_AUTO] = "auto", [COLOR_ALWAYS] = "always", [COLOR_NEVER] = "never"};

    return i < G_N_ELEMENTS(names) ? names[i] : NULL;
}

static bool apply_completion(options *o, const char *argument)
{
    for (unsigned i = 0; completion_shell(i); i++) {
        if (strcmp(completion_shell(i), argument) == 0) {
            o->completion = argument;
            return true;
        }
    }
    return unknown_word("--completion", argument, completion_shell);
}

static bool apply_color(options *o, const char *argument)
{
    for (unsigned i = 0; color_name(i); i++) {
        if (strcmp(color_name(i), argument) == 0) {
            o->run.results.color = (color_when)i;
            return true;
        }
    }
    return unknown_word("--color", argument, color_name);
}

/* ----------------------------------------------------------------------------- the table ---- */

/* clang-format off */
const option_spec option_table[] = {
    {'r', "read-file", "FILE", GROUP_INPUT, "read a capture; the same as naming it", NULL, apply_read_file, false},
    {'i', "interface", "NAME", GROUP_INPUT, "capture there with dumpcap until Ctrl-C", NULL, apply_interface, true},
    {'f', NULL, "FILTER", GROUP_INPUT, "capture filter of -i, for example \"port 80\"", NULL, apply_capture_filter, false},
    {0, "recursive", NULL, GROUP_INPUT, "read directories and everything below them", NULL, apply_recursive, true},
    {0, "include", "GLOB", GROUP_INPUT, "in directories, only files with such a name (repeatable)", NULL, apply_include, false},
    {0, "files-from", "FILE", GROUP_INPUT, "read the inputs that FILE lists, - for standard input", NULL, apply_files_from, false},
    {'0', NULL, NULL, GROUP_INPUT, "the names in --files-from are separated by NUL", NULL, apply_nul_separated, false},
    {0, "shard", "K/N", GROUP_INPUT, "only the K-th of N parts of the inputs", NULL, apply_shard, false},

    {'j', "jobs", "N", GROUP_BATCH, "N worker processes (default: one per processor)", NULL, apply_jobs, true},
    {0, "timeout-per-file", "SECONDS", GROUP_BATCH, "give up on captures that take longer", NULL, apply_timeout, false},
    {0, "memory-limit", "MIB", GROUP_BATCH, "give up on captures that need more (default 8192)", NULL, apply_memory_limit, false},
    {0, "live-memory", "MIB", GROUP_BATCH, "on pipes, start a new session after growing so much (256)", NULL, apply_live_memory, false},
    {0, "checkpoint", "DIR", GROUP_BATCH, "keep records; read only what is new or changed", NULL, apply_checkpoint, true},
    {0, "progress", NULL, GROUP_BATCH, "show progress even without a terminal", NULL, apply_progress, false},
    {0, "no-sandbox", NULL, GROUP_BATCH, "do not confine the workers", NULL, apply_no_sandbox, false},

    {'Y', "display-filter", "FILTER", GROUP_SELECTION, "only responses in frames that match", NULL, apply_display_filter, true},
    {0, "failed-only", NULL, GROUP_SELECTION, "only partial, failure, malformed, undecoded", NULL, apply_failed_only, true},
    {0, "status", "LIST", GROUP_SELECTION, "of resource or response: 423, 4xx, 404-410", NULL, apply_status, true},
    {0, "path", "GLOB", GROUP_SELECTION, "of resource or Request-URI, for example '/cal/*'", NULL, apply_path, true},
    {0, "outcome", "LIST", GROUP_SELECTION, "of resources: failed, missing, collateral, ...", NULL, apply_outcome, false},
    {0, "verdict", "LIST", GROUP_SELECTION, "of responses: partial, failure, undecoded, ...", NULL, apply_verdict, false},
    {0, "method", "LIST", GROUP_SELECTION, "of requests", NULL, apply_method, false},
    {0, "host", "GLOB", GROUP_SELECTION, "of requests", NULL, apply_host, false},
    {0, "client", "GLOB", GROUP_SELECTION, "address, with or without port", NULL, apply_client, false},
    {0, "server", "GLOB", GROUP_SELECTION, "address, with or without port", NULL, apply_server, false},
    {0, "since", "TIME", GROUP_SELECTION, "2026-11-22, 2026-11-22T07:30, with offset or UTC", NULL, apply_since, false},
    {0, "until", "TIME", GROUP_SELECTION, "the same; a date means its end", NULL, apply_until, false},

    {0, "group-by", "LIST", GROUP_REPORT, "counts by status, resource, client, method, ...", grouping_dimension_name, apply_group_by, true},
    {0, "sort", "KEY", GROUP_REPORT, "of groups: failed, exchanges, first, last, ...", view_sort_key, apply_sort, false},
    {0, "top", "N", GROUP_REPORT, "table rows, exchanges to list; 0 for all", NULL, apply_top, true},
    {0, "explain", NULL, GROUP_REPORT, "what each failure means, what to look at next", NULL, apply_explain, true},
    {0, "fail-on", "CONDITION", GROUP_REPORT, "exit with status 10 if it holds: 'failed>0'", NULL, apply_fail_on, true},

    {'T', "format", "FORMAT", GROUP_OUTPUT, "text, json, ndjson, csv, tsv, markdown or html", format_name, apply_format, true},
    {'O', "output", "FILE", GROUP_OUTPUT, "write there; FILE appears when it is complete", NULL, apply_output, true},
    {'e', NULL, "FIELD", GROUP_OUTPUT, "a column of csv and tsv (repeatable)", NULL, apply_field, true},
    {'E', NULL, "NAME=VALUE", GROUP_OUTPUT, "header, separator, quote, aggregator, occurrence, bom", NULL, apply_layout, false},
    {0, "csv", "FILE", GROUP_OUTPUT, "also write CSV to FILE (repeatable, like those below)", NULL, apply_csv, false},
    {0, "tsv", "FILE", GROUP_OUTPUT, "also write TSV to FILE", NULL, apply_tsv, false},
    {0, "json", "FILE", GROUP_OUTPUT, "also write JSON to FILE", NULL, apply_json, false},
    {0, "ndjson", "FILE", GROUP_OUTPUT, "also write NDJSON to FILE", NULL, apply_ndjson, false},
    {0, "markdown", "FILE", GROUP_OUTPUT, "also write Markdown to FILE", NULL, apply_markdown, false},
    {0, "html", "FILE", GROUP_OUTPUT, "also write an HTML report to FILE", NULL, apply_html, true},
    {0, "redact", NULL, GROUP_OUTPUT, "replace paths, hosts, names, texts by pseudonyms", NULL, apply_redact, false},
    {0, "redact-key", "FILE", GROUP_OUTPUT, "pseudonyms that are the same with the same key", NULL, apply_redact_key, false},
    {0, "width", "N", GROUP_OUTPUT, "width of text, in columns", NULL, apply_width, false},
    {0, "color", "WHEN", GROUP_OUTPUT, "auto, always or never (NO_COLOR is respected)", color_name, apply_color, false},
    {'q', "quiet", NULL, GROUP_OUTPUT, "only errors on standard error, no notes", NULL, apply_quiet, false},
    {'v', "verbose", NULL, GROUP_OUTPUT, "say more on standard error, with Wireshark's warnings", NULL, apply_verbose, false},

    {'o', NULL, "PREF:VALUE", GROUP_DISSECTION, "set a preference", NULL, apply_preference, false},
    {'d', NULL, "LAYER==SEL,PROTO", GROUP_DISSECTION, "decode as, for example tcp.port==8000-8010,http", NULL, apply_decode_as, true},
    {0, "keylog", "FILE", GROUP_DISSECTION, "TLS secrets (SSLKEYLOGFILE)", NULL, apply_keylog, true},
    {'C', NULL, "PROFILE", GROUP_DISSECTION, "use this configuration profile", NULL, apply_profile, false},
    {0, "disable-protocol", "PROTO", GROUP_DISSECTION, "do not dissect a protocol", NULL, apply_disable_protocol, false},
    {0, "enable-protocol", "PROTO", GROUP_DISSECTION, "dissect a protocol that is disabled", NULL, apply_enable_protocol, false},
    {0, "disable-heuristic", "NAME", GROUP_DISSECTION, "do not use a heuristic dissector", NULL, apply_disable_heuristic, false},
    {0, "enable-heuristic", "NAME", GROUP_DISSECTION, "use a heuristic dissector that is disabled", NULL, apply_enable_heuristic, false},
    {'2', NULL, NULL, GROUP_DISSECTION, "two passes: filters may use what later frames tell", NULL, apply_two_passes, false},
    {0, "no-sieve", NULL, GROUP_DISSECTION, "dissect even frames that cannot matter", NULL, apply_no_sieve, false},
    {'X', NULL, "KEY:VALUE", GROUP_DISSECTION, "extension option, for example lua_script:FILE", NULL, apply_extension, false},
    {'n', NULL, NULL, GROUP_DISSECTION, "accepted: names are never resolved", NULL, apply_no_resolution, false},

    {'h', "help", NULL, GROUP_OTHER, "the options used most, with examples", NULL, apply_help, true},
    {0, "help-all", NULL, GROUP_OTHER, "all options", NULL, apply_help_all, true},
    {0, "help-asciidoc", NULL, GROUP_OTHER, "all options as the manual has them", NULL, apply_help_asciidoc, false},
    {0, "help-fields", NULL, GROUP_OTHER, "the fields that -e takes", NULL, apply_help_fields, false},
    {0, "completion", "SHELL", GROUP_OTHER, "print completions for bash, zsh or fish", completion_shell, apply_completion, false},
    {0, "version", NULL, GROUP_OTHER, "of the command and of its Wireshark library", NULL, apply_version, true},
};
/* clang-format on */
const unsigned n_options = G_N_ELEMENTS(option_table);

static const char *const group_titles[OPTION_GROUPS] = {
    [GROUP_INPUT] = "Input",         [GROUP_BATCH] = "Many captures",
    [GROUP_SELECTION] = "Selection", [GROUP_REPORT] = "Report",
    [GROUP_OUTPUT] = "Output",       [GROUP_DISSECTION] = "Dissection, as in tshark",
    [GROUP_OTHER] = "Other",
};

/* ------------------------------------------------------------------------------- parsing ---- */

/* Options without a letter are told apart by numbers beyond all letters. */
#define FIRST_LONG 256

/* MiB of address space. libwireshark takes 300 of them before the first packet. */
#define DEFAULT_MEMORY_LIMIT 8192
#define DEFAULT_LIVE_MEMORY 256

typedef struct {
    GString *letters;
    struct ws_option *names;
} getopt_tables;

static getopt_tables make_tables(void)
{
    getopt_tables tables = {g_string_new(":"), g_new0(struct ws_option, n_options + 1)};
    struct ws_option *next = tables.names;

    for (unsigned i = 0; i < n_options; i++) {
        const option_spec *spec = &option_table[i];

        if (spec->letter) {
            g_string_append_c(tables.letters, spec->letter);
            if (spec->argument)
                g_string_append_c(tables.letters, ':');
        }
        if (spec->name) {
            next->name = spec->name;
            next->has_arg = spec->argument ? ws_required_argument : ws_no_argument;
            next->val = spec->letter ? spec->letter : FIRST_LONG + (int)i;
            next++;
        }
    }
    return tables;
}

static const option_spec *find_option(int value)
{
    if (value >= FIRST_LONG)
        return &option_table[value - FIRST_LONG];
    for (unsigned i = 0; i < n_options; i++) {
        if (option_table[i].letter == value)
            return &option_table[i];
    }
    return NULL;
}

/* Where the option is explained at length. */
static const char *const group_pages[OPTION_GROUPS] = {
    [GROUP_INPUT] = "docs/batch.md",       [GROUP_BATCH] = "docs/batch.md",
    [GROUP_SELECTION] = "docs/reports.md", [GROUP_REPORT] = "docs/reports.md",
    [GROUP_OUTPUT] = "docs/reports.md",    [GROUP_DISSECTION] = "docs/options.md",
    [GROUP_OTHER] = "docs/options.md",
};

/* @param about  what was wrong, or NULL */
static void usage_hint(const option_spec *about)
{
    complain("\"" PROGRAM_NAME " --help-all\" lists all options; see also %s.",
             about ? group_pages[about->group] : "docs/options.md");
}

static void complain_unknown(const char *argument)
{
    size_t length = strcspn(argument, "=");
    g_autofree char *name = g_strndup(argument, length);
    suggestion near = suggestion_for(name + strspn(name, "-"));

    for (unsigned i = 0; i < n_options; i++) {
        if (option_table[i].name)
            suggestion_offer(&near, option_table[i].name);
    }
    g_autofree char *meant = suggestion_text(&near, "--");

    complain("There is no option %s.%s", name, meant);
}

/* ':' (an argument is missing) or '?' (no such option) came back for argument `at`. */
static bool complain_option(int answer, const char *argument)
{
    const option_spec *spec = ws_optopt ? find_option(ws_optopt) : NULL;

    if (answer == ':' && spec && spec->letter)
        complain("The option -%c needs an argument: %s.", spec->letter, spec->argument);
    else if (answer == ':' && spec)
        complain("The option --%s needs an argument: %s.", spec->name, spec->argument);
    else if (ws_optopt && !spec)
        complain("There is no option -%c.", ws_optopt);
    else if (spec)
        complain("The option --%s takes no argument.", spec->name);
    else
        complain_unknown(argument);
    usage_hint(spec);
    return false;
}

static bool parse_options(options *o, int argc, char **argv, const getopt_tables *tables)
{
    int answer;

    ws_opterr = 0;
    while ((answer = ws_getopt_long(argc, argv, tables->letters->str, tables->names, NULL)) != -1) {
        if (answer == ':' || answer == '?')
            return complain_option(answer, argv[ws_optind - 1]);
        if (!find_option(answer)->apply(o, ws_optarg)) {
            usage_hint(find_option(answer));
            return false;
        }
    }
    for (int i = ws_optind; i < argc; i++)
        g_ptr_array_add(o->run.inputs.arguments, argv[i]);
    return true;
}

static void init_lists(options *o)
{
    GPtrArray **lists[] = {&o->run.inputs.arguments,         &o->run.inputs.include,
                           &o->run.dissect.preferences,      &o->run.dissect.decode_as,
                           &o->run.dissect.extensions,       &o->run.dissect.disable_protocols,
                           &o->run.dissect.enable_protocols, &o->run.dissect.disable_heuristics,
                           &o->run.dissect.enable_heuristics};

    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
        *lists[i] = g_ptr_array_new();
}

static void free_predicate(gpointer data)
{
    predicate_free(data);
}

/* Two results in one place would be none. */
static bool check_outputs(const options *o)
{
    g_autoptr(GHashTable) paths = g_hash_table_new(g_str_hash, g_str_equal);

    g_hash_table_add(paths, (gpointer)(o->run.results.output ? o->run.results.output : "-"));
    for (guint i = 0; i < o->run.results.extra->len; i++) {
        const char *path = g_array_index(o->run.results.extra, extra_output, i).path;

        if (!g_hash_table_add(paths, (gpointer)path)) {
            complain("Two results cannot both go to \"%s\".", path);
            return false;
        }
    }
    return true;
}

static bool has_rows(const format *as)
{
    return strcmp(as->name, "csv") == 0 || strcmp(as->name, "tsv") == 0;
}

/* Silence would look as if the columns had been chosen. */
static bool check_rows(const options *o)
{
    bool used = !o->rows_by || has_rows(o->run.results.format);

    for (guint i = 0; i < o->run.results.extra->len; i++)
        used = used || has_rows(g_array_index(o->run.results.extra, extra_output, i).as);
    if (!used)
        complain("%s is about the columns of csv and tsv, and neither is asked for: add -T csv, or "
                 "--csv FILE beside the rest.",
                 o->rows_by);
    return used;
}

bool options_parse(options *o, int argc, char **argv)
{
    memset(o, 0, sizeof *o);
    init_lists(o);
    o->run.workers.jobs = JOBS_AUTO;
    o->run.workers.memory_limit = DEFAULT_MEMORY_LIMIT;
    o->run.dissect.live_memory = DEFAULT_LIVE_MEMORY;
    o->run.results.format = format_find("text");
    o->run.results.report = settings_new();
    o->run.results.extra = g_array_new(FALSE, FALSE, sizeof(extra_output));
    o->run.results.fail_on = g_ptr_array_new_with_free_func(free_predicate);

    getopt_tables tables = make_tables();
    bool ok = parse_options(o, argc, argv, &tables);

    g_string_free(tables.letters, TRUE);
    g_free(tables.names);
    if (ok && !o->help && !o->help_all && !o->help_asciidoc && !o->completion && !o->help_fields &&
        !o->version && o->run.inputs.arguments->len == 0 && !o->run.inputs.files_from) {
        complain("There is nothing to read: name a capture, a directory, or - for standard input.");
        usage_hint(NULL);
        ok = false;
    }
    g_ptr_array_add(o->run.inputs.arguments, NULL);
    return ok && check_outputs(o) && check_rows(o);
}

void options_clear(options *o)
{
    GPtrArray *lists[] = {o->run.inputs.arguments,         o->run.inputs.include,
                          o->run.dissect.preferences,      o->run.dissect.decode_as,
                          o->run.dissect.extensions,       o->run.dissect.disable_protocols,
                          o->run.dissect.enable_protocols, o->run.dissect.disable_heuristics,
                          o->run.dissect.enable_heuristics};

    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
        g_ptr_array_unref(lists[i]);
    settings_free(o->run.results.report);
    g_array_unref(o->run.results.extra);
    g_ptr_array_unref(o->run.results.fail_on);
    redactor_free(o->run.results.redaction);
}

/* ---------------------------------------------------------------------------------- help ---- */

#define HELP_COLUMN 30

static void print_option(FILE *to, const option_spec *spec)
{
    g_autoptr(GString) left = g_string_new("  ");

    if (spec->letter)
        g_string_append_printf(left, "-%c", spec->letter);
    else
        g_string_append(left, "  ");
    if (spec->name)
        g_string_append_printf(left, "%s --%s", spec->letter ? "," : " ", spec->name);
    if (spec->argument)
        g_string_append_printf(left, " %s", spec->argument);
    fprintf(to, "%-*s  %s\n", HELP_COLUMN, left->str, spec->help);
}

static void print_usage(FILE *to)
{
    fputs("Usage: " PROGRAM_NAME " [scan] [OPTIONS] CAPTURE|DIR|-...\n"
          "       " PROGRAM_NAME " report [OPTIONS] RECORDS.ndjson|-...   (saved with -T ndjson)\n"
          "Reports which resources of HTTP 207 Multi-Status responses failed, and why.\n\n",
          to);
}

static void print_groups(FILE *to, bool brief)
{
    for (int group = 0; group < OPTION_GROUPS; group++) {
        fprintf(to, "%s:\n", group_titles[group]);
        for (unsigned i = 0; i < n_options; i++) {
            if (option_table[i].group == (option_group)group && (!brief || option_table[i].brief))
                print_option(to, &option_table[i]);
        }
    }
}

static void print_exit_statuses(FILE *to)
{
    fputs("\nExit status: 0 analysed; 1 usage; 2 some input failed or was cut off; 3 every\n"
          "input failed; 4 bad filter or preference; 10 --fail-on; 130 interrupted.\n",
          to);
}

/* Between the marks of a literal passage: nothing in it is markup. */
static void put_literal(FILE *to, const char *text)
{
    fprintf(to, "pass:c[");
    for (; *text; text++)
        fprintf(to, "%s%c", *text == ']' ? "\\" : "", *text);
    fputc(']', to);
}

static void print_asciidoc_option(FILE *to, const option_spec *spec)
{
    if (spec->letter)
        fprintf(to, "*-%c*", spec->letter);
    if (spec->letter && spec->name)
        fputs(", ", to);
    if (spec->name)
        fprintf(to, "*--%s*", spec->name);
    if (spec->argument) {
        fputs(" _", to);
        put_literal(to, spec->argument);
        fputc('_', to);
    }
    fputs("::\n", to);
    put_literal(to, spec->help);
    fputc('\n', to);
}

void options_print_asciidoc(FILE *to)
{
    for (int group = 0; group < OPTION_GROUPS; group++) {
        fprintf(to, "=== %s\n\n", group_titles[group]);
        for (unsigned i = 0; i < n_options; i++) {
            if (option_table[i].group == (option_group)group)
                print_asciidoc_option(to, &option_table[i]);
        }
        fputc('\n', to);
    }
}

void options_print_help(FILE *to)
{
    print_usage(to);
    print_groups(to, true);
    fputs("\nSummary of a folder, who gets 423, failed resources as CSV, a gate for CI, a\n"
          "report to mail:\n"
          "  " PROGRAM_NAME " captures/\n"
          "  " PROGRAM_NAME " --status 423 --group-by client,resource captures/\n"
          "  " PROGRAM_NAME " --outcome failed -T csv -O failed.csv captures/\n"
          "  " PROGRAM_NAME " -q --fail-on 'failed>0' captures/\n"
          "  " PROGRAM_NAME " -T html -O report.html captures/\n",
          to);
    print_exit_statuses(to);
    fputs("All options: " PROGRAM_NAME " --help-all. The manual: man " PROGRAM_NAME ".\n", to);
}

void options_print_all_help(FILE *to)
{
    print_usage(to);
    print_groups(to, false);
    print_exit_statuses(to);
}

void options_print_fields(FILE *to)
{
    const row_field *of;

    fprintf(to, "Fields of an exchange and (*) of a resource, for -e:\n");
    for (unsigned i = 0; (of = row_field_at(i)); i++)
        fprintf(to, "  %-16s %c  %s\n", of->name, of->of_resource ? '*' : ' ', of->help);
}
