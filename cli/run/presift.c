/* presift.c
 * Sieving while libwireshark starts.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "presift.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif

#include <wsutil/privileges.h>

#include "cage.h"
#include "diagnostics.h"
#include "interrupt.h"
#include "sieve_settings.h"
#include "wire.h"

struct presift {
    const options *o;
    pid_t child;
    int answer;              /* the end of a pipe to read from */
    _Atomic uint64_t *bytes; /* that the child has read: both see them */
    progress *shown;         /* once the parent waits; or NULL */
    struct stat file;
};

/* What comes first; `listed` times sieve_frame follow. */
typedef struct {
    sieve_counts counts;
    uint32_t nanoseconds;
    uint32_t listed;
    uint32_t noted; /* so many noted_flow follow these */
    unseen_counts rest;
} heading;

/* A capture of which more is kept gains little from this. */
#define MOST_LISTED (UINT32_C(1) << 20)

/* ------------------------------------------------------------------------------- the child ---- */

static bool must_end(void *nothing)
{
    (void)nothing;
    return interrupt_signal() != 0;
}

static void tell(void *bytes, uint64_t place)
{
    atomic_store_explicit((_Atomic uint64_t *)bytes, place, memory_order_relaxed);
}

/* Formats whose frames can be had by their place alone, once the head of the file is read. */
static bool is_plain(wtap *wth)
{
    int type = wtap_file_type_subtype(wth);

    return wtap_get_compression_type(wth) == WTAP_UNCOMPRESSED &&
           (type == wtap_pcap_file_type_subtype() || type == wtap_pcap_nsec_file_type_subtype() ||
            type == wtap_pcapng_file_type_subtype());
}

static guint count_interfaces(wtap *wth)
{
    wtapng_iface_descriptions_t *interfaces = wtap_file_get_idb_info(wth);
    guint count = interfaces->interface_data->len;

    g_free(interfaces);
    return count;
}

/* True if some frame that was not read to its inside carries what would be left out. */
static bool is_refuted(wtap *wth, compat_reader *record, sieve *by)
{
    uint32_t number;
    int64_t offset;
    int err = 0;
    char *err_info = NULL;
    bool refuted = false;

    while (!refuted && sieve_has_unread(by) && sieve_next_unread(by, &number, &offset)) {
        refuted =
            !compat_seek_read(wth, offset, record, &err, &err_info) || sift_is_refuted(by, record);
        wtap_rec_reset(&record->rec);
    }
    g_free(err_info);
    return refuted;
}

static void send_answer(int to, const sifted *found)
{
    g_autoptr(GArray) list = sieve_list(found->by);
    const GArray *flows = found->notes->flows;
    const heading first = {sieve_count(found->by), found->nanoseconds, list->len, flows->len,
                           found->notes->rest};

    if (list->len <= MOST_LISTED && flows->len <= MOST_LISTED &&
        wire_send(to, &first, sizeof first) &&
        wire_send(to, list->data, (size_t)list->len * sizeof(sieve_frame)))
        wire_send(to, flows->data, (size_t)flows->len * sizeof(noted_flow));
}

static void sift_file(const char *path, bool keys, int to, _Atomic uint64_t *bytes)
{
    int err = 0;
    char *err_info = NULL;
    compat_reader record;

    wtap_init(false);
    wtap *wth = wtap_open_offline(path, WTAP_TYPE_AUTO, &err, &err_info, true);

    if (!wth || !is_plain(wth))
        return;
    guint interfaces = count_interfaces(wth);

    compat_reader_init(&record);
    const sift_watcher watcher = {must_end, tell, bytes, .expendable = true};
    sifted found = sift(wth, path, &record, keys, &watcher);

    /* Interfaces in the midst of a file are known only to whoever reads up to them. */
    if (found.by && found.notes && found.err == 0 && !found.secrets && !must_end(NULL) &&
        wtap_file_get_num_shbs(wth) == 1 && count_interfaces(wth) == interfaces &&
        !is_refuted(wth, &record, found.by))
        send_answer(to, &found);
}

static void run(const presift *of, const char *path, int to, pid_t parent)
{
    const options *o = of->o;
    int nowhere = open("/dev/null", O_RDWR);

#ifdef __linux__
    prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
    if (getppid() != parent || nowhere < 0)
        return;
    /* Whatever there is to say, a worker says it. */
    for (int i = STDIN_FILENO; i <= STDERR_FILENO; i++)
        dup2(nowhere, i);
    diagnostics_init(false);
    init_process_policies(); /* without it, the next one aborts */
    relinquish_special_privs_perm();
    cage_limit((uint64_t)o->memory_limit * 1024 * 1024);
    if (!o->no_sandbox) {
        cage *around = cage_new();

        cage_allow(around, path);
        cage_enter(around, to);
    }
    sift_file(path, o->dissect.keylog != NULL, to, of->bytes);
}

/* ------------------------------------------------------------------------------ the parent ---- */

/* One capture: with more of them, workers have something to do in the meantime. */
static const char *path_of(const options *o)
{
    if (o->jobs == 0 || o->checkpoint || o->interface || o->files_from || o->shards > 0 ||
        o->inputs->len != 2 /* NULL is one */ || !sieve_allowed(&o->dissect))
        return NULL;
    return sift_can_read(o->inputs->pdata[0]) ? o->inputs->pdata[0] : NULL;
}

presift *presift_start(const options *o)
{
    const char *path = path_of(o);
    presift made = {.o = o};
    int ends[2];
    pid_t parent = getpid();

    if (!path || stat(path, &made.file) != 0)
        return NULL;
    made.bytes =
        mmap(NULL, sizeof *made.bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (made.bytes == MAP_FAILED)
        return NULL;
    if (pipe(ends) != 0) {
        munmap(made.bytes, sizeof *made.bytes);
        return NULL;
    }
    made.child = fork();
    if (made.child == 0) {
        close(ends[0]);
        run(&made, path, ends[1], parent);
        _exit(0);
    }
    close(ends[1]);
    if (made.child < 0) {
        close(ends[0]);
        munmap(made.bytes, sizeof *made.bytes);
        return NULL;
    }
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    made.answer = ends[0];
    return g_memdup2(&made, sizeof made);
}

/* So often, in milliseconds, somebody looks at the clock and at the progress. */
#define TICK 200

/* What is sifted is read twice, and each time counts half. */
static void show_progress(const presift *from)
{
    progress_update(from->shown, 0, atomic_load_explicit(from->bytes, memory_order_relaxed) / 2);
}

/* In time, as if a worker had read the capture, and not when the user wants to end. */
static bool wait_for_bytes(const presift *from, gint64 until)
{
    struct pollfd watched = {.fd = from->answer, .events = POLLIN};

    while (interrupt_signal() == 0 && (from->o->timeout == 0 || g_get_monotonic_time() < until)) {
        int ready = poll(&watched, 1, TICK);

        if (ready != 0)
            return ready > 0;
        show_progress(from);
    }
    return false;
}

static bool receive(const presift *from, void *bytes, size_t length, gint64 until)
{
    char *at = bytes;

    while (length > 0 && wait_for_bytes(from, until)) {
        ssize_t got = read(from->answer, at, length);

        if (got <= 0)
            return false;
        at += got;
        length -= (size_t)got;
    }
    return length == 0;
}

/* The child has read what strangers wrote: nothing is taken on trust. */
static bool is_sound(const GArray *list, const heading *first)
{
    uint32_t before = 0;

    for (guint i = 0; i < list->len; i++) {
        const sieve_frame *frame = &g_array_index(list, sieve_frame, i);

        if (frame->number <= before || frame->number > first->counts.frames || frame->offset < 0)
            return false;
        before = frame->number;
    }
    return list->len == first->counts.kept_frames;
}

static sifted *receive_answer(const presift *from)
{
    gint64 until = g_get_monotonic_time() + (gint64)from->o->timeout * G_USEC_PER_SEC;
    heading first;

    if (!receive(from, &first, sizeof first, until) || first.listed > MOST_LISTED ||
        first.noted > MOST_LISTED)
        return NULL;
    g_autoptr(GArray) list = g_array_sized_new(FALSE, FALSE, sizeof(sieve_frame), first.listed);

    g_array_set_size(list, first.listed);
    if (!receive(from, list->data, (size_t)first.listed * sizeof(sieve_frame), until) ||
        !is_sound(list, &first))
        return NULL;
    flow_notes *notes = flow_notes_new();

    notes->rest = first.rest;
    g_array_set_size(notes->flows, first.noted);
    if (!receive(from, notes->flows->data, (size_t)first.noted * sizeof(noted_flow), until) ||
        !flow_notes_are_sound(notes)) {
        flow_notes_free(notes);
        return NULL;
    }
    sifted answer = {.notes = notes,
                     .by = sieve_of_list(list, first.counts),
                     .frames = first.counts.frames,
                     .nanoseconds = first.nanoseconds != 0};

    return g_memdup2(&answer, sizeof answer);
}

static bool is_same_file(const presift *from)
{
    struct stat now;

    return stat(from->o->inputs->pdata[0], &now) == 0 && now.st_dev == from->file.st_dev &&
           now.st_ino == from->file.st_ino && now.st_size == from->file.st_size &&
           now.st_mtime == from->file.st_mtime;
}

sifted *presift_finish(presift *from, sieve_use use, progress *shown)
{
    sifted *answer = NULL;

    if (!from)
        return NULL;
    from->shown = shown;
    if (use == SIEVE_ON || (use == SIEVE_OPEN && from->o->dissect.keylog))
        answer = receive_answer(from);
    if (answer && !is_same_file(from)) {
        sifted_free(answer);
        answer = NULL;
    }
    if (answer && from->o->verbose)
        complain("The capture was sieved while the libraries started.");
    close(from->answer);
    munmap(from->bytes, sizeof *from->bytes);
    kill(from->child, SIGKILL);
    while (waitpid(from->child, NULL, 0) < 0 && errno == EINTR)
        continue;
    g_free(from);
    return answer;
}
