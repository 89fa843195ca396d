/* diagnostics.c
 * Messages on standard error.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "diagnostics.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "libraries.h"
#include <wsutil/report_message.h>

#include "text.h"

/* There is one standard error, and one of this. */
static bool line_is_shown;

/* A line that is wider than the terminal could not be removed again. Only ASCII is passed here. */
static int columns_to_use(void)
{
    struct winsize size;

    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col - 1 : 79;
}

void passing_line(const char *text)
{
    if (text)
        fprintf(stderr, "\r%.*s\x1b[K", columns_to_use(), text);
    else if (line_is_shown)
        fputs("\r\x1b[K", stderr);
    line_is_shown = text != NULL;
}

static void print_message(const char *text)
{
    fflush(stdout);
    passing_line(NULL);
    fprintf(stderr, PROGRAM_NAME ": %s\n", text);
}

void announce(const char *text)
{
    g_autoptr(GString) safe = g_string_new(NULL);

    text_append_safe(safe, text);
    fflush(stdout);
    passing_line(NULL);
    fprintf(stderr, "%s\n", safe->str);
}

void complain_va(const char *format, va_list arguments)
{
    g_autofree char *text = g_strdup_vprintf(format, arguments);

    print_message(text);
}

void complain(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);

    va_end(arguments);
    /* File names may hold anything. */
    g_autoptr(GString) safe = g_string_new(NULL);

    text_append_safe(safe, text);
    print_message(safe->str);
}

/* --------------------------------------------------------------- what the libraries report ---- */

#if COMPAT_SINCE(4, 2)
typedef bool report_bool;
typedef uint64_t report_frame;
#else
typedef gboolean report_bool;
typedef guint32 report_frame;
#endif

static void on_open_failure(const char *name, int err, report_bool writing)
{
    complain("The file \"%s\" could not be %s: %s.", name, writing ? "written" : "opened",
             g_strerror(err));
}

static void on_read_failure(const char *name, int err)
{
    complain("The file \"%s\" could not be read: %s.", name, g_strerror(err));
}

static void on_write_failure(const char *name, int err)
{
    complain("The file \"%s\" could not be written: %s.", name, g_strerror(err));
}

/* Only newer versions of Wireshark report this. */
G_GNUC_UNUSED static void on_rename_failure(const char *from, const char *to, int err)
{
    complain("The file \"%s\" could not be renamed to \"%s\": %s.", from, to, g_strerror(err));
}

static void on_capture_open_failure(const char *name, int err, char *err_info)
{
    g_autofree char *text = open_error_text(err, err_info);

    complain("The file \"%s\" %s.", name, text);
}

static void on_capture_read_failure(const char *name, int err, char *err_info)
{
    g_autofree char *text = read_error_text(err, err_info);

    complain("The file \"%s\" %s.", name, text);
}

/* The command writes no captures: these two are there because the table must be full. */
static void on_dump_open_failure(const char *name, int err, char *err_info, int type)
{
    (void)type;
    on_capture_open_failure(name, err, err_info);
}

static void on_capture_write_failure(const char *in, const char *out, int err, char *err_info,
                                     report_frame frame, int type)
{
    (void)in;
    (void)frame;
    (void)type;
    on_capture_open_failure(out, err, err_info);
}

void diagnostics_init(bool verbose)
{
    static const struct report_message_routines routines = {
        .vreport_failure = complain_va,
        .vreport_warning = complain_va,
        .report_open_failure = on_open_failure,
        .report_read_failure = on_read_failure,
        .report_write_failure = on_write_failure,
        .report_cfile_open_failure = on_capture_open_failure,
        .report_cfile_dump_open_failure = on_dump_open_failure,
        .report_cfile_read_failure = on_capture_read_failure,
        .report_cfile_write_failure = on_capture_write_failure,
        .report_cfile_close_failure = on_capture_read_failure,
        COMPAT_RENAME_FAILURE(on_rename_failure)};

    compat_log_init(PROGRAM_NAME, complain_va);
    /* A dissector's warning is about one packet: noise in a run over an archive. */
    if (!verbose && !g_getenv("WIRESHARK_LOG_LEVEL"))
        ws_log_set_level(LOG_LEVEL_CRITICAL);
    init_report_message(PROGRAM_NAME, &routines);
}

/* ------------------------------------------------------------------------ errors of captures ----
 */

typedef struct {
    int err;
    const char *opening; /* NULL: as for reading */
    const char *reading;
} error_words;

static const error_words words[] = {
    {WTAP_ERR_NOT_REGULAR_FILE, NULL, "is neither a file nor a pipe"},
    {WTAP_ERR_RANDOM_OPEN_PIPE, NULL, "is a pipe, which two passes (-2) cannot read"},
    {WTAP_ERR_RANDOM_OPEN_STDIN, NULL, "is a pipe, which two passes (-2) cannot read"},
    {WTAP_ERR_FILE_UNKNOWN_FORMAT, NULL, "is not a capture file in a format that is understood"},
    {WTAP_ERR_UNSUPPORTED, NULL, "contains records that are not supported"},
    {WTAP_ERR_ENCAP_PER_PACKET_UNSUPPORTED, NULL,
     "is a capture of a network type that is not supported"},
    {WTAP_ERR_CANT_OPEN, NULL, "could not be opened for some unknown reason"},
    {WTAP_ERR_SHORT_READ, "appears to have been cut short in its header",
     "appears to have been cut short in the middle of a packet"},
    {WTAP_ERR_BAD_FILE, NULL, "appears to be damaged or corrupt"},
    {WTAP_ERR_DECOMPRESS, NULL, "cannot be decompressed; it may be damaged or corrupt"},
    {WTAP_ERR_DECOMPRESSION_NOT_SUPPORTED, NULL,
     "is compressed in a way that this Wireshark library does not support"},
    {WTAP_ERR_INTERNAL, NULL, "could not be read because of an internal error"},
    {ENOENT, "does not exist", "does not exist"},
    {EACCES, "could not be opened: permission denied", NULL},
    {EISDIR, "is a directory", NULL},
};

static char *error_text(int err, char *err_info, bool opening)
{
    g_autofree char *details = err_info;
    const char *text = NULL;

    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        if (words[i].err == err)
            text = opening && words[i].opening ? words[i].opening : words[i].reading;
    }
    if (!text)
        return g_strdup_printf("could not be %s: %s", opening ? "opened" : "read",
                               wtap_strerror(err));
    if (err < 0 && details)
        return g_strdup_printf("%s (%s)", text, g_strstrip(g_strdelimit(details, "\n", ' ')));
    return g_strdup(text);
}

char *open_error_text(int err, char *err_info)
{
    return error_text(err, err_info, true);
}

char *read_error_text(int err, char *err_info)
{
    return error_text(err, err_info, false);
}
