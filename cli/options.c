/* options.c
 * The command line.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "options.h"

#include <string.h>

#include <wsutil/ws_getopt.h>

#include "diagnostics.h"

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

APPLY_LIST(apply_read_file, inputs)
APPLY_FLAG(apply_recursive, recursive)
APPLY_LIST(apply_include, include)
APPLY_TEXT(apply_files_from, files_from)
APPLY_FLAG(apply_nul_separated, nul_separated)
APPLY_TEXT(apply_capture_filter, capture_filter)
APPLY_TEXT(apply_checkpoint, checkpoint)
APPLY_FLAG(apply_progress, progress)
APPLY_FLAG(apply_no_sandbox, no_sandbox)
APPLY_TEXT(apply_display_filter, display_filter)
APPLY_FLAG(apply_failed_only, failed_only)
APPLY_TEXT(apply_output, output)
APPLY_FLAG(apply_quiet, quiet)
APPLY_FLAG(apply_verbose, verbose)
APPLY_TEXT(apply_profile, profile)
APPLY_TEXT(apply_keylog, keylog)
APPLY_LIST(apply_preference, preferences)
APPLY_LIST(apply_decode_as, decode_as)
APPLY_LIST(apply_extension, extensions)
APPLY_LIST(apply_disable_protocol, disable_protocols)
APPLY_LIST(apply_enable_protocol, enable_protocols)
APPLY_LIST(apply_disable_heuristic, disable_heuristics)
APPLY_LIST(apply_enable_heuristic, enable_heuristics)
APPLY_FLAG(apply_two_passes, two_passes)
APPLY_FLAG(apply_no_sieve, no_sieve)
APPLY_FLAG(apply_help, help)
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

    for (unsigned i = 0; values(i); i++)
        g_string_append_printf(list, "%s%s", i > 0 ? ", " : "", values(i));
    complain("%s does not know \"%s\"; it takes one of: %s.", option, word, list->str);
    return false;
}

static bool apply_format(options *o, const char *argument)
{
    o->format = format_find(argument);
    return o->format || unknown_word("-T", argument, format_name);
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

    if (slash && read_number(argument, slash, 1, &o->shard) &&
        read_number(slash + 1, argument + strlen(argument), o->shard, &o->shards))
        return true;
    complain("--shard takes K/N, the K-th of N parts, for example 2/4; not \"%s\".", argument);
    return false;
}

static bool apply_number(const char *option, const char *argument, unsigned *number)
{
    if (read_number(argument, argument + strlen(argument), 0, number))
        return true;
    complain("%s takes a whole number, not \"%s\".", option, argument);
    return false;
}

static bool apply_jobs(options *o, const char *argument)
{
    return apply_number("-j", argument, &o->jobs);
}

static bool apply_timeout(options *o, const char *argument)
{
    return apply_number("--timeout-per-file", argument, &o->timeout);
}

static bool apply_live_memory(options *o, const char *argument)
{
    return apply_number("--live-memory", argument, &o->live_memory);
}

/* dumpcap writes to what is standard input then. */
static bool apply_interface(options *o, const char *argument)
{
    if (!o->interface)
        g_ptr_array_add(o->inputs, "-");
    o->interface = argument;
    return true;
}

static bool apply_memory_limit(options *o, const char *argument)
{
    return apply_number("--memory-limit", argument, &o->memory_limit);
}

static const char *color_name(unsigned i)
{
    static const char *const names[] = {
        [COLOR_AUTO] = "auto", [COLOR_ALWAYS] = "always", [COLOR_NEVER] = "never"};

    return i < G_N_ELEMENTS(names) ? names[i] : NULL;
}

static bool apply_color(options *o, const char *argument)
{
    for (unsigned i = 0; color_name(i); i++) {
        if (strcmp(color_name(i), argument) == 0) {
            o->color = (color_when)i;
            return true;
        }
    }
    return unknown_word("--color", argument, color_name);
}

/* ----------------------------------------------------------------------------- the table ---- */

/* clang-format off */
const option_spec option_table[] = {
    {'r', "read-file", "FILE", GROUP_INPUT, "read a capture; the same as naming it", NULL, apply_read_file},
    {'i', "interface", "NAME", GROUP_INPUT, "capture there with dumpcap until Ctrl-C", NULL, apply_interface},
    {'f', NULL, "FILTER", GROUP_INPUT, "capture filter of -i, for example \"port 80\"", NULL, apply_capture_filter},
    {0, "recursive", NULL, GROUP_INPUT, "read directories with everything below them", NULL, apply_recursive},
    {0, "include", "GLOB", GROUP_INPUT, "of directories only files with such a name (repeatable)", NULL, apply_include},
    {0, "files-from", "FILE", GROUP_INPUT, "read the inputs that FILE lists, - for standard input", NULL, apply_files_from},
    {'0', NULL, NULL, GROUP_INPUT, "the names of --files-from end with NUL", NULL, apply_nul_separated},
    {0, "shard", "K/N", GROUP_INPUT, "only the K-th of N parts of the inputs", NULL, apply_shard},

    {'j', "jobs", "N", GROUP_BATCH, "N worker processes (default: one per processor)", NULL, apply_jobs},
    {0, "timeout-per-file", "SECONDS", GROUP_BATCH, "give a capture up that takes longer", NULL, apply_timeout},
    {0, "memory-limit", "MIB", GROUP_BATCH, "give a capture up that needs more (default 8192)", NULL, apply_memory_limit},
    {0, "live-memory", "MIB", GROUP_BATCH, "on pipes, start a new session when it grew so much (256)", NULL, apply_live_memory},
    {0, "checkpoint", "DIR", GROUP_BATCH, "keep records there; read only what is new or changed", NULL, apply_checkpoint},
    {0, "progress", NULL, GROUP_BATCH, "say how far it is also without a terminal", NULL, apply_progress},
    {0, "no-sandbox", NULL, GROUP_BATCH, "let workers do what this process may do", NULL, apply_no_sandbox},

    {'Y', "display-filter", "FILTER", GROUP_SELECTION, "only exchanges whose response is in a frame that matches", NULL, apply_display_filter},
    {0, "failed-only", NULL, GROUP_SELECTION, "only exchanges that are partial, failure, malformed, undecoded", NULL, apply_failed_only},

    {'T', "format", "FORMAT", GROUP_OUTPUT, "text (a report to read) or ndjson (a record a line)", format_name, apply_format},
    {'O', "output", "FILE", GROUP_OUTPUT, "write there; FILE appears when it is complete", NULL, apply_output},
    {0, "color", "WHEN", GROUP_OUTPUT, "auto, always or never (NO_COLOR is respected)", color_name, apply_color},
    {'q', "quiet", NULL, GROUP_OUTPUT, "no notes on standard error, only errors", NULL, apply_quiet},
    {'v', "verbose", NULL, GROUP_OUTPUT, "say more on standard error, with Wireshark's warnings", NULL, apply_verbose},

    {'o', NULL, "PREF:VALUE", GROUP_DISSECTION, "set a preference", NULL, apply_preference},
    {'d', NULL, "LAYER==SEL,PROTO", GROUP_DISSECTION, "decode as, for example tcp.port==8000-8010,http", NULL, apply_decode_as},
    {0, "keylog", "FILE", GROUP_DISSECTION, "TLS secrets (SSLKEYLOGFILE)", NULL, apply_keylog},
    {'C', NULL, "PROFILE", GROUP_DISSECTION, "use this configuration profile", NULL, apply_profile},
    {0, "disable-protocol", "PROTO", GROUP_DISSECTION, "do not dissect a protocol", NULL, apply_disable_protocol},
    {0, "enable-protocol", "PROTO", GROUP_DISSECTION, "dissect a protocol that is disabled", NULL, apply_enable_protocol},
    {0, "disable-heuristic", "NAME", GROUP_DISSECTION, "do not use a heuristic dissector", NULL, apply_disable_heuristic},
    {0, "enable-heuristic", "NAME", GROUP_DISSECTION, "use a heuristic dissector that is disabled", NULL, apply_enable_heuristic},
    {'2', NULL, NULL, GROUP_DISSECTION, "two passes: filters may use what later frames tell", NULL, apply_two_passes},
    {0, "no-sieve", NULL, GROUP_DISSECTION, "dissect every frame, also those that cannot matter", NULL, apply_no_sieve},
    {'X', NULL, "KEY:VALUE", GROUP_DISSECTION, "extension option, for example lua_script:FILE", NULL, apply_extension},
    {'n', NULL, NULL, GROUP_DISSECTION, "accepted: names are never resolved", NULL, apply_no_resolution},

    {'h', "help", NULL, GROUP_OTHER, "this page", NULL, apply_help},
    {0, "version", NULL, GROUP_OTHER, "versions of the command and of its Wireshark library", NULL, apply_version},
};
/* clang-format on */
const unsigned n_options = G_N_ELEMENTS(option_table);

static const char *const group_titles[OPTION_GROUPS] = {
    [GROUP_INPUT] = "Input",   [GROUP_SELECTION] = "Selection",
    [GROUP_OUTPUT] = "Output", [GROUP_DISSECTION] = "Dissection, as in tshark",
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

static void usage_hint(void)
{
    complain("\"" PROGRAM_NAME " --help\" lists all options.");
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
        complain("There is no option %s.", argument);
    usage_hint();
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
            usage_hint();
            return false;
        }
    }
    for (int i = ws_optind; i < argc; i++)
        g_ptr_array_add(o->inputs, argv[i]);
    return true;
}

static void init_lists(options *o)
{
    GPtrArray **lists[] = {
        &o->inputs,           &o->include,           &o->preferences,      &o->decode_as,
        &o->extensions,       &o->disable_protocols, &o->enable_protocols, &o->disable_heuristics,
        &o->enable_heuristics};

    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
        *lists[i] = g_ptr_array_new();
}

bool options_parse(options *o, int argc, char **argv)
{
    memset(o, 0, sizeof *o);
    init_lists(o);
    o->jobs = JOBS_AUTO;
    o->memory_limit = DEFAULT_MEMORY_LIMIT;
    o->live_memory = DEFAULT_LIVE_MEMORY;
    o->format = format_find("text");

    getopt_tables tables = make_tables();
    bool ok = parse_options(o, argc, argv, &tables);

    g_string_free(tables.letters, TRUE);
    g_free(tables.names);
    if (ok && !o->help && !o->version && o->inputs->len == 0 && !o->files_from) {
        complain("There is nothing to read: name a capture, a directory, or - for standard input.");
        usage_hint();
        ok = false;
    }
    g_ptr_array_add(o->inputs, NULL);
    return ok;
}

void options_clear(options *o)
{
    GPtrArray *lists[] = {
        o->inputs,           o->include,           o->preferences,      o->decode_as,
        o->extensions,       o->disable_protocols, o->enable_protocols, o->disable_heuristics,
        o->enable_heuristics};

    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
        g_ptr_array_unref(lists[i]);
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

void options_print_help(FILE *to)
{
    fprintf(
        to,
        "Usage: " PROGRAM_NAME " [scan] [OPTIONS] CAPTURE|DIR|-...\n"
        "       " PROGRAM_NAME " report [OPTIONS] RECORDS.ndjson|-...   (saved with -T ndjson)\n"
        "Reports which resources of HTTP 207 Multi-Status responses in captures failed, and why."
        "\n");
    for (int group = 0; group < OPTION_GROUPS; group++) {
        fprintf(to, "\n%s:\n", group_titles[group]);
        for (unsigned i = 0; i < n_options; i++) {
            if (option_table[i].group == (option_group)group)
                print_option(to, &option_table[i]);
        }
    }
    fprintf(to, "\nExit status: 0 analysed; 1 usage; 2 some input failed or was cut off; "
                "3 every input failed;\n4 bad filter or preference; 130 interrupted.\n");
}
