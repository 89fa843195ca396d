/* worker.c
 * What runs in a worker.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "worker.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "capture_source.h"
#include "diagnostics.h"
#include "sieve_settings.h"
#include "wire.h"

typedef struct {
    const worker_setup *setup;
    GString *message;
    bool live; /* what is found is wanted at once */
} worker;

/* A signal handler has no other way to reach it. */
static worker_view *own_view;

/* When memory cannot be allocated, GLib ends the program as for a defect: with SIGTRAP or SIGABRT.
 */
static void on_abort(int number)
{
    if (cage_is_out_of_memory())
        atomic_store(&own_view->out_of_memory, true);
    signal(number, SIG_DFL);
    raise(number);
}

static void watch_memory(worker_view *view)
{
    static const int numbers[] = {SIGABRT, SIGTRAP};

    own_view = view;
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++)
        signal(numbers[i], on_abort);
}

/* Without a parent there is nothing left to do. */
static void send_bytes(worker *w, const char *bytes, size_t length)
{
    if (!wire_send(w->setup->channel, bytes, length))
        _exit(1);
}

/* In this order: should the worker die, nothing is taken twice. */
static void send_gathered(worker *w)
{
    worker_view *view = w->setup->view;
    uint32_t length = atomic_load(&view->gathered);

    send_bytes(w, view->bytes, length);
    atomic_store(&view->gathered, 0);
    atomic_fetch_add(&view->sent, length);
}

static void gather_message(worker *w)
{
    worker_view *view = w->setup->view;
    uint32_t length = atomic_load(&view->gathered);

    memcpy(view->bytes + length, w->message->str, w->message->len);
    atomic_store(&view->gathered, length + (uint32_t)w->message->len);
}

/* Sends the message, or keeps it where the parent finds it. */
static void send_message(worker *w, bool at_once)
{
    if (w->message->len > WORKER_GATHERS - atomic_load(&w->setup->view->gathered))
        send_gathered(w);
    if (w->message->len <= WORKER_GATHERS) {
        gather_message(w);
    } else {
        send_bytes(w, w->message->str, w->message->len);
        atomic_fetch_add(&w->setup->view->sent, w->message->len);
    }
    if (at_once)
        send_gathered(w);
    g_string_truncate(w->message, 0);
}

static bool on_exchange(void *data, exchange_record *record)
{
    worker *w = data;

    if (!wire_write_exchange(w->message, record))
        _exit(1);
    send_message(w, w->live);
    return true;
}

static void on_retraction(void *data)
{
    worker *w = data;

    wire_write_alone(w->message, WIRE_RETRACTION);
    send_message(w, true);
}

capture_reader *worker_reader(const run_settings *s, capture_receiver receiver, void *data)
{
    capture_reader *reader = capture_reader_new(s->dissect.display_filter != NULL,
                                                s->dissect.two_passes, receiver, data);

    sieve_settings_apply(reader, &s->dissect, s->messages.verbose);
    capture_reader_renew_at(reader, (size_t)s->dissect.live_memory * 1024 * 1024);
    return reader;
}

capture_result worker_read(capture_reader *reader, const input *entry, capture_record *summary)
{
    capture_reader_expect_session(reader, entry->session);
    capture_reader_goes_on(reader, entry->before, entry->leaving);
    return capture_read(reader, entry->path, summary);
}

static void read_capture(worker *w, capture_reader *reader, const input *entry)
{
    capture_record *summary = capture_record_new(input_name(entry));

    w->live = capture_source_is_live(entry->path);
    capture_result result = worker_read(reader, entry, summary);

    if (result == CAPTURE_LACKS)
        wire_write_alone(w->message, WIRE_LACK);
    else
        wire_write_capture(w->message, summary, result);
    send_message(w, true);
    capture_record_free(summary);
}

static bool next_number(int channel, guint32 *number)
{
    ssize_t length;

    do
        length = read(channel, number, sizeof *number);
    while (length < 0 && errno == EINTR);
    return length == (ssize_t)sizeof *number;
}

/* Detaches: ends with its parent, is out of the reach of a terminal's signals, which the parent
 * passes on, and writes no results. */
static void detach(const worker_setup *setup)
{
    setpgid(0, 0);
#ifdef __linux__
    prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
    if (getppid() != setup->parent)
        _exit(1);
    dup2(STDERR_FILENO, STDOUT_FILENO);
}

/* Standard input is for the worker only if it is a capture. */
static void leave_stdin(const worker_setup *setup)
{
    if (setup->channel == STDIN_FILENO)
        return;
    for (guint i = 0; i < setup->inputs->len; i++) {
        if (strcmp(((const input *)setup->inputs->pdata[i])->path, INPUT_STDIN) == 0)
            return;
    }
    int nowhere = open("/dev/null", O_RDONLY);

    dup2(nowhere, STDIN_FILENO);
    close(nowhere);
}

static void enter_cage(const worker_setup *setup)
{
    leave_stdin(setup);
    cage_limit((uint64_t)setup->s->workers.memory_limit * 1024 * 1024);
    if (setup->around)
        cage_enter(setup->around, setup->channel);
}

void worker_run(const worker_setup *setup)
{
    worker w = {.setup = setup, .message = g_string_new(NULL)};
    guint32 number;

    detach(setup);
    watch_memory(setup->view);
    capture_reader *reader = worker_reader(setup->s, on_exchange, &w);

    capture_reader_hurry(reader, on_retraction);
    capture_reader_watch(reader, &setup->view->position);
    enter_cage(setup);
    while (next_number(setup->channel, &number) && number < setup->inputs->len)
        read_capture(&w, reader, setup->inputs->pdata[number]);
    _exit(0);
}
