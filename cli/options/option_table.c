/* option_table.c
 * Every option in one place: what it does, and everything that is said about it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "option_table.h"

#include <string.h>

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
APPLY_TEXT(apply_follow, run.inputs.follow)
APPLY_FLAG(apply_join, run.inputs.join)
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

/* A preference of ours, with an option of its own. */
#define BATCHES "multistatus.batches:"

static const char *const batches_settings[] = {BATCHES "auto", BATCHES "off", BATCHES "all"};

static const char *batches_name(unsigned i)
{
    return i < G_N_ELEMENTS(batches_settings) ? batches_settings[i] + strlen(BATCHES) : NULL;
}

static bool apply_batches(options *o, const char *argument)
{
    for (unsigned i = 0; batches_name(i); i++) {
        if (strcmp(batches_name(i), argument) == 0) {
            g_ptr_array_add(o->run.dissect.preferences, (char *)batches_settings[i]);
            return true;
        }
    }
    return unknown_word("--batches", argument, batches_name);
}

static bool can_write(const format *as)
{
    if (as->lacks)
        complain("This build cannot write %s: it was made without %s.", as->name, as->lacks);
    return !as->lacks;
}

static bool apply_format(options *o, const char *argument)
{
    const format *as = format_find(argument);

    o->run.results.format = as;
    return as ? can_write(as) : unknown_word("-T", argument, format_name);
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

/* If a key was given, that one is used. */
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
        return can_write(extra.as);                                                                \
    }

APPLY_EXTRA(apply_csv, "csv")
APPLY_EXTRA(apply_tsv, "tsv")
APPLY_EXTRA(apply_json, "json")
APPLY_EXTRA(apply_ndjson, "ndjson")
APPLY_EXTRA(apply_markdown, "markdown")
APPLY_EXTRA(apply_html, "html")
APPLY_EXTRA(apply_junit, "junit")
APPLY_EXTRA(apply_sarif, "sarif")
APPLY_EXTRA(apply_ecs, "ecs")
APPLY_EXTRA(apply_metrics, "metrics")
APPLY_EXTRA(apply_sqlite, "sqlite")

static const char *color_name(unsigned i)
{
    static const char *const names[] = {
        [COLOR_AUTO] = "auto", [COLOR_ALWAYS] = "always", [COLOR_NEVER] = "never"};

    return i < G_N_ELEMENTS(names) ? names[i] : NULL;
}

const char *option_shell(unsigned i)
{
    static const char *const names[] = {"bash", "zsh", "fish"};

    return i < G_N_ELEMENTS(names) ? names[i] : NULL;
}

const char *option_form(unsigned i)
{
    static const char *const names[] = {"man", "markdown"};

    return i < G_N_ELEMENTS(names) ? names[i] : NULL;
}

static bool apply_completion(options *o, const char *argument)
{
    for (unsigned i = 0; option_shell(i); i++) {
        if (strcmp(option_shell(i), argument) == 0) {
            o->completion = argument;
            return true;
        }
    }
    return unknown_word("--completion", argument, option_shell);
}

static bool apply_help_as(options *o, const char *argument)
{
    for (unsigned i = 0; option_form(i); i++) {
        if (strcmp(option_form(i), argument) == 0) {
            o->help_as = argument;
            return true;
        }
    }
    return unknown_word("--help-as", argument, option_form);
}

static const char *outcome_name(unsigned i)
{
    return i < MS_OUTCOMES ? ms_outcome_name((ms_outcome)i) : NULL;
}

static const char *verdict_name(unsigned i)
{
    return i < MS_VERDICTS ? ms_verdict_name((ms_verdict)i) : NULL;
}

static const char *field_name(unsigned i)
{
    const row_field *of = row_field_at(i);

    return of ? of->name : NULL;
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
    {.letter = 'r', .name = "read-file", .argument = "FILE", .group = GROUP_INPUT,
     .help = "read a capture; the same as naming it",
     .text = "Reads a capture, as in tshark. Arguments without an option are captures as well.",
     .example = "multistatus -r capture.pcapng",
     .since = "0.1.0", .see = "--recursive --files-from",
     .apply = apply_read_file},
    {.letter = 'i', .name = "interface", .argument = "NAME", .group = GROUP_INPUT,
     .help = "capture there with dumpcap until Ctrl-C",
     .text = "Starts dumpcap, which comes with Wireshark, on this interface and reads what it "
             "captures until Ctrl-C. Records are written as exchanges complete; text and HTML "
             "come at the end. On a terminal each failure has a line as it happens.",
     .example = "multistatus -i eth0 -f 'port 80'",
     .since = "0.1.0", .see = "-f --live-memory",
     .apply = apply_interface, .brief = true},
    {.letter = 'f', .argument = "FILTER", .group = GROUP_INPUT,
     .help = "capture filter of -i, for example \"port 80\"",
     .text = "The capture filter that dumpcap gets, in libpcap's language.",
     .example = "multistatus -i lo -f 'tcp port 8080'",
     .since = "0.1.0", .see = "-i -Y",
     .apply = apply_capture_filter},
    {.name = "follow", .argument = "DIR", .group = GROUP_INPUT,
     .help = "read captures in DIR as they are closed, until Ctrl-C",
     .text = "Reads the captures in a folder, and then each new one as soon as its writer (tcpdump "
             "`-G` or `-C`, dumpcap `-b`) has closed it or moved it there; never one that is being "
             "written. Records are written as captures are read, reports come after SIGINT or SIGTERM. "
             "`ndjson` and `ecs` are appended to their files, which SIGHUP opens anew.",
     .example = "multistatus --follow /var/captures -T ndjson -O /var/log/multistatus.ndjson",
     .since = "0.1.0", .see = "--include --join --checkpoint --format",
     .apply = apply_follow},
    {.name = "join", .group = GROUP_INPUT,
     .help = "read the files of a ring buffer as one capture",
     .text = "What begins in one file of a ring (tcpdump `-C` or `-G`, dumpcap `-b`) and ends in another is read "
             "as a whole, and reported with the file and the frame in which it ends. Files in one folder whose "
             "names differ only in numbers and times are of one ring. Each is read together with the files "
             "before it, up to 256 of them and 64 MiB, but at least one. Without `--follow`, the files of a ring are put "
             "in the order of their first packets.",
     .example = "multistatus --join --include 'ring_*.pcapng' /var/captures",
     .since = "0.1.0", .see = "--follow --checkpoint",
     .apply = apply_join},
    {.name = "recursive", .group = GROUP_INPUT,
     .help = "read directories and everything below them",
     .text = "Reads everything below a directory, each subdirectory at the place of its own name. "
             "A directory to which a link leads is not read twice.",
     .example = "multistatus --recursive archive/",
     .since = "0.1.0", .see = "--include",
     .apply = apply_recursive, .brief = true},
    {.name = "include", .argument = "GLOB", .group = GROUP_INPUT,
     .help = "in directories, only files with such a name (repeatable)",
     .text = "Takes from directories only the files whose names match. Files that are named on "
             "the command line are always read.",
     .example = "multistatus --recursive --include '*.pcapng' archive/",
     .since = "0.1.0", .see = "--recursive",
     .apply = apply_include},
    {.name = "files-from", .argument = "FILE", .group = GROUP_INPUT,
     .help = "read the inputs that FILE lists, - for standard input",
     .text = "Reads names of inputs, one a line. Empty names are skipped, and an empty list is "
             "not an error.",
     .example = "find archive -name '*.pcap' | multistatus --files-from -",
     .since = "0.1.0", .see = "-0 --shard",
     .apply = apply_files_from},
    {.letter = '0', .group = GROUP_INPUT,
     .help = "the names in --files-from are separated by NUL",
     .text = "The names that `--files-from` reads end with NUL instead of a line's end, as "
             "`find -print0` writes them.",
     .example = "find archive -name '*.pcap' -print0 | multistatus -0 --files-from -",
     .since = "0.1.0", .see = "--files-from",
     .apply = apply_nul_separated},
    {.name = "shard", .argument = "K/N", .group = GROUP_INPUT,
     .help = "only the K-th of N parts of the inputs",
     .text = "Reads the captures whose names fall into the K-th of N parts. Which part that is "
             "depends on the name alone, so several machines can share a folder; their records "
             "together are those of a single run.",
     .example = "multistatus --shard 2/4 -T ndjson archive/",
     .since = "0.1.0", .see = "--files-from --checkpoint",
     .apply = apply_shard},

    {.letter = 'j', .name = "jobs", .argument = "N", .group = GROUP_BATCH,
     .help = "N worker processes (default: one per processor)",
     .text = "Dissects in that many worker processes, by default one for each processor; 0 "
             "dissects in the command itself. The results are the same, byte for byte, for "
             "every number.",
     .example = "multistatus -j 2 captures/",
     .since = "0.1.0", .see = "--memory-limit --timeout-per-file",
     .apply = apply_jobs, .brief = true},
    {.name = "timeout-per-file", .argument = "SECONDS", .group = GROUP_BATCH,
     .help = "give up on captures that take longer",
     .text = "A capture that takes longer is given up; what was found by then is reported, "
             "with status 2. There is no limit by default, and never one for a pipe.",
     .example = "multistatus --timeout-per-file 60 captures/",
     .since = "0.1.0", .see = "--memory-limit",
     .apply = apply_timeout},
    {.name = "memory-limit", .argument = "MIB", .group = GROUP_BATCH,
     .help = "give up on captures that need more (default 8192)",
     .text = "A worker that needs more address space is stopped, and its capture given up; what "
             "was found by then is reported, with status 2. The default is 8192; 0: no limit.",
     .example = "multistatus --memory-limit 2048 captures/",
     .since = "0.1.0", .see = "--timeout-per-file --live-memory",
     .apply = apply_memory_limit},
    {.name = "live-memory", .argument = "MIB", .group = GROUP_BATCH,
     .help = "on pipes, start a new session after growing so much (256)",
     .text = "libwireshark remembers every connection. On a pipe it is restarted when it has "
             "grown by that many MiB, at a quiet moment, or at once at twice as much. The "
             "default is 256; 0: never.",
     .example = "multistatus --live-memory 64 -T ndjson -",
     .since = "0.1.0", .see = "-i --memory-limit",
     .apply = apply_live_memory},
    {.name = "checkpoint", .argument = "DIR", .group = GROUP_BATCH,
     .help = "keep records; read only what is new or changed",
     .text = "Keeps the records of each capture in a folder, and takes them from there the "
             "next time unless the capture, the settings or the versions have changed.",
     .example = "multistatus --checkpoint records/ archive/",
     .since = "0.1.0", .see = "--shard",
     .apply = apply_checkpoint, .brief = true},
    {.name = "progress", .group = GROUP_BATCH,
     .help = "show progress even without a terminal",
     .text = "Shows progress also where there is no terminal, in a line every five seconds. On "
             "a terminal it is shown anyway, unless `-q` is given.",
     .example = "multistatus --progress archive/",
     .since = "0.1.0", .see = "--quiet",
     .apply = apply_progress},
    {.name = "no-sandbox", .group = GROUP_BATCH,
     .help = "do not confine the workers",
     .text = "Workers may then do whatever the command may. Lua scripts that write files need "
             "it.",
     .example = "multistatus --no-sandbox -X lua_script:mine.lua captures/",
     .since = "0.1.0", .see = "-X",
     .apply = apply_no_sandbox},

    {.letter = 'Y', .name = "display-filter", .argument = "FILTER", .group = GROUP_SELECTION,
     .help = "only responses in frames that match",
     .text = "Selects by a display filter of Wireshark, which the frame of the response has to "
             "match. `report` refuses it: records are not frames.",
     .example = "multistatus -Y 'multistatus.failed > 3' captures/",
     .since = "0.1.0", .see = "-2 --status",
     .apply = apply_display_filter, .brief = true},
    {.name = "failed-only", .group = GROUP_SELECTION,
     .help = "only partial, failure, malformed, undecoded",
     .text = "Selects exchanges that are partial, failure, malformed or undecoded, and those of "
             "their resources that went wrong.",
     .example = "multistatus --failed-only -T csv captures/",
     .since = "0.1.0", .see = "--verdict --outcome",
     .apply = apply_failed_only, .brief = true},
    {.name = "status", .argument = "LIST", .group = GROUP_SELECTION,
     .help = "of resource or response: 423, 4xx, 404-410",
     .text = "Selects exchanges and resources by status: numbers, classes and ranges between "
             "commas.",
     .example = "multistatus --status 423,5xx captures/",
     .since = "0.1.0", .see = "--outcome --fail-on",
     .apply = apply_status, .brief = true},
    {.name = "path", .argument = "GLOB", .group = GROUP_SELECTION,
     .help = "of resource or Request-URI, for example '/cal/*'",
     .text = "Selects by the path of a resource or of the Request-URI; `*` matches slashes, "
             "too. Compared as sent and with percent-encoding undone, without scheme, host and "
             "closing slash.",
     .example = "multistatus --path '/cal/*' captures/",
     .since = "0.1.0", .see = "--host",
     .apply = apply_path, .brief = true},
    {.name = "outcome", .argument = "LIST", .group = GROUP_SELECTION,
     .help = "of resources: failed, missing, collateral, ...",
     .values = outcome_name, .takes = TAKES_LIST,
     .text = "Selects resources by what became of them.",
     .example = "multistatus --outcome failed,missing captures/",
     .since = "0.1.0", .see = "--verdict --failed-only",
     .apply = apply_outcome},
    {.name = "verdict", .argument = "LIST", .group = GROUP_SELECTION,
     .help = "of responses: partial, failure, undecoded, ...",
     .values = verdict_name, .takes = TAKES_LIST,
     .text = "Selects exchanges by verdict.",
     .example = "multistatus --verdict partial,failure captures/",
     .since = "0.1.0", .see = "--outcome --failed-only",
     .apply = apply_verdict},
    {.name = "method", .argument = "LIST", .group = GROUP_SELECTION,
     .help = "of requests",
     .text = "Selects exchanges by the method of the request, in upper or lower case.",
     .example = "multistatus --method DELETE,MOVE captures/",
     .since = "0.1.0", .see = "--path --group-by",
     .apply = apply_method},
    {.name = "host", .argument = "GLOB", .group = GROUP_SELECTION,
     .help = "of requests",
     .text = "Selects by the header Host, or `:authority`, with or without port.",
     .example = "multistatus --host 'dav.*' captures/",
     .since = "0.1.0", .see = "--server",
     .apply = apply_host},
    {.name = "client", .argument = "GLOB", .group = GROUP_SELECTION,
     .help = "address, with or without port",
     .text = "Selects by the address of the client, with or without port.",
     .example = "multistatus --client 192.0.2.7 captures/",
     .since = "0.1.0", .see = "--server --group-by",
     .apply = apply_client},
    {.name = "server", .argument = "GLOB", .group = GROUP_SELECTION,
     .help = "address, with or without port",
     .text = "Selects by the address of the server, with or without port.",
     .example = "multistatus --server '*:8080' captures/",
     .since = "0.1.0", .see = "--client --host",
     .apply = apply_server},
    {.name = "since", .argument = "TIME", .group = GROUP_SELECTION,
     .help = "2026-11-22, 2026-11-22T07:30, with offset or UTC",
     .text = "Selects exchanges that are not earlier than a date, or a date and a time: UTC, "
             "unless it has an offset.",
     .example = "multistatus --since 2026-11-22T07:30 captures/",
     .since = "0.1.0", .see = "--until",
     .apply = apply_since},
    {.name = "until", .argument = "TIME", .group = GROUP_SELECTION,
     .help = "the same; a date means its end",
     .text = "Selects exchanges that are not later than a date, which means its end, or a date "
             "and a time.",
     .example = "multistatus --since 2026-11-22 --until 2026-11-22 captures/",
     .since = "0.1.0", .see = "--since",
     .apply = apply_until},

    {.name = "group-by", .argument = "LIST", .group = GROUP_REPORT,
     .help = "counts by status, resource, client, method, ...",
     .values = grouping_dimension_name, .takes = TAKES_LIST,
     .text = "A table with a row for each combination of these dimensions that occurs. Given "
             "several times, several tables. With `resource`, `status`, `condition` or "
             "`property` only what went wrong is counted.",
     .example = "multistatus --group-by client,status captures/",
     .since = "0.1.0", .see = "--sort --top",
     .apply = apply_group_by, .brief = true},
    {.name = "sort", .argument = "KEY", .group = GROUP_REPORT,
     .help = "of groups: failed, exchanges, first, last, ...",
     .values = view_sort_key, .takes = TAKES_ONE,
     .text = "The column by which groups are ordered, the largest numbers and times first.",
     .example = "multistatus --group-by client --sort last captures/",
     .since = "0.1.0", .see = "--group-by --top",
     .apply = apply_sort},
    {.name = "top", .argument = "N", .group = GROUP_REPORT,
     .help = "table rows, exchanges to list; 0 for all",
     .text = "How many rows of each table, and how many failed exchanges, are shown; 0 shows "
             "all. Without it, text and Markdown show 20, the other formats all.",
     .example = "multistatus --top 0 captures/",
     .since = "0.1.0", .see = "--sort",
     .apply = apply_top, .brief = true},
    {.name = "explain", .group = GROUP_REPORT,
     .help = "what each failure means, what to look at next",
     .text = "Says for each failure what its status means there and what to look at next, with "
             "its source, and what was noticed in answers that did not fail.",
     .example = "multistatus --explain captures/",
     .since = "0.1.0", .see = "--failed-only",
     .apply = apply_explain, .brief = true},
    {.name = "fail-on", .argument = "CONDITION", .group = GROUP_REPORT,
     .help = "exit with status 10 if it holds: 'failed>0'",
     .values = predicate_count_name, .takes = TAKES_PARTS,
     .text = "Exits with status 10 if the condition holds for what was selected: comparisons "
             "of counts with numbers (`==` `!=` `>=` `<=` `>` `<`), joined by `and` and `or`. "
             "Besides the names below, `status:423`, `status:4xx`, `outcome:NAME` and "
             "`verdict:NAME` are counted. Given several times, one that holds is enough.",
     .example = "multistatus -q --fail-on 'failed>0 or unseen>0' captures/",
     .since = "0.1.0", .see = "--status --quiet",
     .apply = apply_fail_on, .brief = true},

    {.letter = 'T', .name = "format", .argument = "FORMAT", .group = GROUP_OUTPUT,
     .help = "text, html, markdown, csv, json, ndjson, ...",
     .values = format_name, .takes = TAKES_ONE,
     .text = "What is printed: `text` to read, `html` to share, `markdown` to paste, `csv` and "
             "`tsv` for spreadsheets, `json` and `ndjson` for programs, `junit`, `sarif`, "
             "`ecs` and `metrics` for pipelines, `sqlite` for queries. `multistatus report` reads "
             "`ndjson`.",
     .example = "multistatus -T html -O report.html captures/",
     .since = "0.1.0", .see = "--output -e",
     .apply = apply_format, .brief = true},
    {.letter = 'O', .name = "output", .argument = "FILE", .group = GROUP_OUTPUT,
     .help = "write there; FILE appears when it is complete",
     .text = "Writes to a file, which gets its name only when it is complete, so that nobody "
             "reads half a report.",
     .example = "multistatus -T html -O report.html captures/",
     .since = "0.1.0", .see = "--format",
     .apply = apply_output, .brief = true},
    {.letter = 'e', .argument = "FIELD", .group = GROUP_OUTPUT,
     .help = "a column of csv and tsv (repeatable)",
     .values = field_name, .takes = TAKES_ONE,
     .text = "Chooses the columns of csv and tsv, in this order. With fields of the exchange "
             "alone, a row is an exchange. `--help-fields` says what each is.",
     .example = "multistatus -T csv -e time -e href -e status captures/",
     .since = "0.1.0", .see = "-E --format",
     .apply = apply_field, .brief = true},
    {.letter = 'E', .argument = "NAME=VALUE", .group = GROUP_OUTPUT,
     .help = "header, separator, quote, aggregator, occurrence, bom",
     .values = row_layout_word, .takes = TAKES_PARTS,
     .text = "Lays out csv and tsv, as in tshark: `header=y|n`, `separator=/t|/s|CHARACTER`, "
             "`quote=d|s|n|a`, `aggregator=/s|CHARACTER`, `occurrence=a|f|l`, `bom=y|n`.",
     .example = "multistatus -T csv -E 'separator=;,bom=y' captures/",
     .since = "0.1.0", .see = "-e",
     .apply = apply_layout},
    {.name = "csv", .argument = "FILE", .group = GROUP_OUTPUT,
     .help = "also write CSV to FILE (repeatable, like those below)",
     .text = "Writes CSV to FILE as well, besides what `-T` prints.",
     .example = "multistatus --csv failed.csv captures/",
     .since = "0.1.0", .see = "--format",
     .apply = apply_csv},
    {.name = "tsv", .argument = "FILE", .group = GROUP_OUTPUT,
     .help = "also write TSV to FILE",
     .text = "Writes TSV to FILE as well, besides what `-T` prints.",
     .example = "multistatus --tsv failed.tsv captures/",
     .since = "0.1.0", .see = "--format",
     .apply = apply_tsv},
    {.name = "json", .argument = "FILE", .group = GROUP_OUTPUT,
     .help = "also write JSON to FILE",
     .text = "Writes JSON to FILE as well, besides what `-T` prints.",
     .example = "multistatus --json report.json captures/",
     .since = "0.1.0", .see = "--format",
     .apply = apply_json},
    {.name = "ndjson", .argument = "FILE", .group = GROUP_OUTPUT,
     .help = "also write NDJSON to FILE",
     .text = "Writes the records as well, from which `multistatus report` can make every report.",
     .example = "multistatus --ndjson records.ndjson captures/",
     .since = "0.1.0", .see = "--format --checkpoint",
     .apply = apply_ndjson},
    {.name = "markdown", .argument = "FILE", .group = GROUP_OUTPUT,
     .help = "also write Markdown to FILE",
     .text = "Writes Markdown to FILE as well, besides what `-T` prints.",
     .example = "multistatus --markdown report.md captures/",
     .since = "0.1.0", .see = "--format",
     .apply = apply_markdown},
    {.name = "html", .argument = "FILE", .group = GROUP_OUTPUT,
     .help = "also write an HTML report to FILE",
     .text = "Writes an HTML report to FILE as well, besides what `-T` prints.",
     .example = "multistatus --html report.html captures/",
     .since = "0.1.0", .see = "--format",
     .apply = apply_html, .brief = true},
    {.name = "junit", .argument = "FILE", .group = GROUP_OUTPUT,
     .help = "also write JUnit XML to FILE, for what shows tests",
     .text = "Writes JUnit XML to FILE as well: a test suite for each capture, a test case for "
             "each exchange. What nobody can say is an error, what was not looked into is skipped.",
     .example = "multistatus --junit report.xml --fail-on 'failed>0' captures/",
     .since = "0.1.0", .see = "--format --sarif --fail-on",
     .apply = apply_junit},
    {.name = "sarif", .argument = "FILE", .group = GROUP_OUTPUT,
     .help = "also write SARIF to FILE, for what shows findings",
     .text = "Writes SARIF 2.1.0 to FILE as well: a result for each resource that failed and for "
             "each other finding, with the catalogue of rules.",
     .example = "multistatus --sarif report.sarif captures/",
     .since = "0.1.0", .see = "--format --junit",
     .apply = apply_sarif},
    {.name = "ecs", .argument = "FILE", .group = GROUP_OUTPUT,
     .help = "also write lines of the Elastic Common Schema",
     .text = "Writes lines of the Elastic Common Schema (JSON) to FILE as well: one for each "
             "exchange, and one for each capture that was not read or looked into as a whole.",
     .example = "multistatus --ecs exchanges.ecs captures/",
     .since = "0.1.0", .see = "--format --ndjson",
     .apply = apply_ecs},
    {.name = "metrics", .argument = "FILE", .group = GROUP_OUTPUT,
     .help = "also write the counts to FILE as OpenMetrics",
     .text = "Writes the counts as OpenMetrics text to FILE as well, for the textfile collector of "
             "Prometheus' node exporter. `--group-by` adds gauges with these labels.",
     .example = "multistatus -q --group-by method --metrics report.prom captures/",
     .since = "0.1.0", .see = "--format --group-by",
     .apply = apply_metrics},
    {.name = "sqlite", .argument = "FILE", .group = GROUP_OUTPUT,
     .help = "also write a SQLite database to FILE",
     .text = "Writes a SQLite database to FILE as well: tables of captures, exchanges, resources, "
             "properties, conditions and findings, and views of failures, by resource, server, "
             "client, method and day. It takes libsqlite3; `--version` says whether this build "
             "has it.",
     .example = "multistatus --sqlite exchanges.db captures/",
     .since = "0.1.0", .see = "--format --ndjson --csv",
     .apply = apply_sqlite},
    {.name = "redact", .group = GROUP_OUTPUT,
     .help = "replace paths, hosts, names, texts by pseudonyms",
     .text = "Replaces whatever names people, places and things, in every format: paths, "
             "hosts, addresses, captures, texts of servers. Methods, statuses, times and "
             "counts stay. The key is random, a new one for each run.",
     .example = "multistatus --redact -T html -O report.html captures/",
     .since = "0.1.0", .see = "--redact-key",
     .apply = apply_redact},
    {.name = "redact-key", .argument = "FILE", .group = GROUP_OUTPUT,
     .help = "pseudonyms that are the same with the same key",
     .text = "Like `--redact`, with the content of FILE as key: the same text has the same "
             "pseudonym in every run. Whoever has the key can test guesses.",
     .example = "multistatus --redact-key secret.txt captures/",
     .since = "0.1.0", .see = "--redact",
     .apply = apply_redact_key},
    {.name = "width", .argument = "N", .group = GROUP_OUTPUT,
     .help = "width of text, in columns",
     .text = "The width of text in columns, at least 40. Without it, that of the terminal, and "
             "100 elsewhere.",
     .example = "multistatus --width 132 captures/",
     .since = "0.1.0", .see = "--color",
     .apply = apply_width},
    {.name = "color", .argument = "WHEN", .group = GROUP_OUTPUT,
     .help = "auto, always or never (NO_COLOR is respected)",
     .values = color_name, .takes = TAKES_ONE,
     .text = "Colours the text report. By default it is coloured on a terminal, unless "
             "NO_COLOR is set.",
     .example = "multistatus --color always captures/ | less -R",
     .since = "0.1.0", .see = "--width",
     .apply = apply_color},
    {.letter = 'q', .name = "quiet", .group = GROUP_OUTPUT,
     .help = "only errors on standard error, no notes",
     .text = "Only errors on standard error: no notes and no progress.",
     .example = "multistatus -q --fail-on 'failed>0' captures/",
     .since = "0.1.0", .see = "--verbose --fail-on",
     .apply = apply_quiet},
    {.letter = 'v', .name = "verbose", .group = GROUP_OUTPUT,
     .help = "say more on standard error, with Wireshark's warnings",
     .text = "Says what is left out and why, whether a capture was read without Wireshark's "
             "dissectors, what would help with what could not be looked into, and what the "
             "dissectors warn about.",
     .example = "multistatus -v captures/",
     .since = "0.1.0", .see = "--quiet",
     .apply = apply_verbose},

    {.letter = 'o', .argument = "PREF:VALUE", .group = GROUP_DISSECTION,
     .help = "set a preference",
     .text = "Sets a preference of Wireshark for this run.",
     .example = "multistatus -o http.tcp.port:80,8207 captures/",
     .since = "0.1.0", .see = "-C -d",
     .apply = apply_preference},
    {.letter = 'd', .argument = "LAYER==SEL,PROTO", .group = GROUP_DISSECTION,
     .help = "decode as, for example tcp.port==8000-8010,http",
     .text = "Dissects a port as another protocol.",
     .example = "multistatus -d tcp.port==8207,http captures/",
     .since = "0.1.0", .see = "-o --enable-heuristic",
     .apply = apply_decode_as, .brief = true},
    {.name = "batches", .argument = "WHICH", .group = GROUP_DISSECTION,
     .help = "batches that are no 207: auto (default), off, all",
     .values = batches_name, .takes = TAKES_ONE,
     .text = "Which batches are decoded that are answered with 200 or the like while rows of them may "
             "have failed: with `auto`, those that two of their request, the header of the response "
             "and the shape of the body tell; with `all`, also those that only their shape tells; "
             "with `off`, none.",
     .example = "multistatus --batches all captures/",
     .since = "0.1.0", .see = "-o --group-by",
     .apply = apply_batches},
    {.name = "keylog", .argument = "FILE", .group = GROUP_DISSECTION,
     .help = "TLS secrets (SSLKEYLOGFILE)",
     .text = "Secrets to decrypt TLS with, as browsers and curl write them if SSLKEYLOGFILE is "
             "set.",
     .example = "multistatus --keylog keys.log captures/",
     .since = "0.1.0", .see = "-o",
     .apply = apply_keylog, .brief = true},
    {.letter = 'C', .argument = "PROFILE", .group = GROUP_DISSECTION,
     .help = "use this configuration profile",
     .text = "Uses the preferences of this profile of Wireshark.",
     .example = "multistatus -C Default captures/",
     .since = "0.1.0", .see = "-o",
     .apply = apply_profile},
    {.name = "disable-protocol", .argument = "PROTO", .group = GROUP_DISSECTION,
     .help = "do not dissect a protocol",
     .text = "As if the protocol were unchecked in Wireshark's list of enabled protocols.",
     .example = "multistatus --disable-protocol quic captures/",
     .since = "0.1.0", .see = "--enable-protocol",
     .apply = apply_disable_protocol},
    {.name = "enable-protocol", .argument = "PROTO", .group = GROUP_DISSECTION,
     .help = "dissect a protocol that is disabled",
     .text = "As if the protocol were checked in Wireshark's list of enabled protocols.",
     .example = "multistatus --enable-protocol http captures/",
     .since = "0.1.0", .see = "--disable-protocol",
     .apply = apply_enable_protocol},
    {.name = "disable-heuristic", .argument = "NAME", .group = GROUP_DISSECTION,
     .help = "do not use a heuristic dissector",
     .text = "Does not let this heuristic dissector look at packets; `tshark -G "
             "heuristic-decodes` lists them.",
     .example = "multistatus --disable-heuristic http_tcp captures/",
     .since = "0.1.0", .see = "--enable-heuristic",
     .apply = apply_disable_heuristic},
    {.name = "enable-heuristic", .argument = "NAME", .group = GROUP_DISSECTION,
     .help = "use a heuristic dissector that is disabled",
     .text = "Lets this heuristic dissector look at packets, for example for HTTP on ports "
             "that Wireshark does not know.",
     .example = "multistatus --enable-heuristic http_tcp captures/",
     .since = "0.1.0", .see = "--disable-heuristic -d",
     .apply = apply_enable_heuristic},
    {.letter = '2', .group = GROUP_DISSECTION,
     .help = "two passes: filters may use what later frames tell",
     .text = "Reads each capture twice, so that `-Y` sees what later frames reveal. Pipes cannot "
             "be read twice.",
     .example = "multistatus -2 -Y 'http.response_in' captures/",
     .since = "0.1.0", .see = "-Y",
     .apply = apply_two_passes},
    {.name = "no-sieve", .group = GROUP_DISSECTION,
     .help = "dissect even frames that cannot matter",
     .text = "Dissects even what cannot be part of an exchange. The results are the same; it "
             "takes longer.",
     .example = "multistatus --no-sieve captures/",
     .since = "0.1.0", .see = "-2",
     .apply = apply_no_sieve},
    {.letter = 'X', .argument = "KEY:VALUE", .group = GROUP_DISSECTION,
     .help = "extension option, for example lua_script:FILE",
     .text = "Hands an extension its option, as in tshark.",
     .example = "multistatus -X lua_script:mine.lua captures/",
     .since = "0.1.0", .see = "--no-sandbox",
     .apply = apply_extension},
    {.letter = 'n', .group = GROUP_DISSECTION,
     .help = "accepted: names are never resolved",
     .text = "Accepted for those who know it from tshark: names are never resolved.",
     .example = "multistatus -n captures/",
     .since = "0.1.0",
     .apply = apply_no_resolution},

    {.letter = 'h', .name = "help", .group = GROUP_OTHER,
     .help = "the options used most, with examples",
     .text = "The options used most and some examples, on one screen.",
     .example = "multistatus --help",
     .since = "0.1.0", .see = "--help-all",
     .apply = apply_help, .brief = true},
    {.name = "help-all", .group = GROUP_OTHER,
     .help = "all options",
     .text = "Every option in one line.",
     .example = "multistatus --help-all",
     .since = "0.1.0", .see = "--help-fields --help-as",
     .apply = apply_help_all, .brief = true},
    {.name = "help-as", .argument = "FORM", .group = GROUP_OTHER,
     .help = "all options at length, as man page or markdown",
     .values = option_form, .takes = TAKES_ONE,
     .text = "Every option at length: `man` is the manual page (`multistatus --help-as man | "
             "man -l -`), `markdown` what docs/options.md has.",
     .example = "multistatus --help-as man",
     .since = "0.1.0", .see = "--help-all",
     .apply = apply_help_as},
    {.name = "help-fields", .group = GROUP_OTHER,
     .help = "the fields that -e takes",
     .text = "What `-e` takes, each in one line.",
     .example = "multistatus --help-fields",
     .since = "0.1.0", .see = "-e",
     .apply = apply_help_fields},
    {.name = "completion", .argument = "SHELL", .group = GROUP_OTHER,
     .help = "print completions for bash, zsh or fish",
     .values = option_shell, .takes = TAKES_ONE,
     .text = "Prints a script with which the shell completes options and their values; "
             "packages install all three.",
     .example = "multistatus --completion bash",
     .since = "0.1.0", .see = "--help-all",
     .apply = apply_completion},
    {.name = "version", .group = GROUP_OTHER,
     .help = "of the command and of its Wireshark library",
     .text = "The versions of the command and of its Wireshark library, and whether HTTP/3 is "
             "read; with `-v` also how workers are confined.",
     .example = "multistatus --version",
     .since = "0.1.0", .see = "--verbose",
     .apply = apply_version, .brief = true},
};
/* clang-format on */
const unsigned n_options = G_N_ELEMENTS(option_table);

const char *const option_group_titles[OPTION_GROUPS] = {
    [GROUP_INPUT] = "Input",         [GROUP_BATCH] = "Many captures",
    [GROUP_SELECTION] = "Selection", [GROUP_REPORT] = "Report",
    [GROUP_OUTPUT] = "Output",       [GROUP_DISSECTION] = "Dissection, as in tshark",
    [GROUP_OTHER] = "Other",
};
