/* pool.c
 * Workers that share the inputs.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#define _GNU_SOURCE /* prlimit() */
#include "pool.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "capture_source.h"
#include "diagnostics.h"
#include "inputs.h"
#include "interrupt.h"
#include "spill.h"
#include "wire.h"
#include "worker.h"

/* Records of captures whose turn has not come: in memory up to this, then in a file. */
#define WAITING_MEMORY ((gsize)32 * 1024 * 1024)
/* Processor time that a capture may take: far more than any ordinary one does (they are read at
 * more than 10 MB a second, compressed ones at 1 MB a second). */
#define CPU_SECONDS 600
#define CPU_SECONDS_PER_MB 10
/* How long workers have to finish after an interrupt. */
#define GRACE_SECONDS 5
/* How often the clock, signals and progress are checked. */
#define TICK_MS 200
/* How much is received at once. */
#define RECEIVED_AT_ONCE ((gsize)256 * 1024)
/* How long workers wait for the parent, which hands out results, before it listens again. */
#define HANDING_OUT_US 1000

typedef struct {
    guint32 frame;
    spilled message;
} found_exchange;

typedef enum { JOB_WAITS, JOB_RUNS, JOB_SKIPPED, JOB_ENDED, JOB_HANDED_OUT } job_state;

typedef struct {
    job_state state;
    bool live;
    GArray *found; /* found_exchange; NULL when there are none */
    guint handed;  /* out, of them */
    guint64 n_found;
    capture_result result;
    capture_record *summary;
    bool lost;    /* its worker did not write it */
    bool lacking; /* a worker without dissectors could not read it */
} job;

typedef struct {
    pid_t pid; /* 0: not started */
    int fd;
    worker_view *view;
    GString *received;
    uint64_t taken;       /* bytes that came over the channel */
    job *on;              /* NULL: idle */
    job *again;           /* what it could not read for lack of dissectors; or NULL */
    gint64 deadline;      /* of the job, monotonic; 0: none */
    unsigned cpu_seconds; /* that the job may take; 0: without limit */
    bool late;            /* ended by us for exceeding it */
    bool wrong;           /* ... because of what it sent */
} colleague;

typedef struct {
    const pool_plan *plan;
    const pool_receiver *to;
    job *jobs;
    guint n_jobs;
    guint next;    /* to give to a worker */
    guint current; /* to hand out */
    guint n_ended, n_handed_out;
    uint64_t bytes; /* of captures that ended */
    colleague *workers;
    worker_view *views;
    spill *waiting;
    bool ended;   /* by the receiver */
    gint64 grace; /* until then, after an interrupt; 0: none was seen */
} pool;

static guint number_of(const pool *p, const job *j)
{
    return (guint)(j - p->jobs);
}

static const input *input_of(const pool *p, const job *j)
{
    return p->plan->inputs->pdata[number_of(p, j)];
}

/* ------------------------------------------------------------------------- handing out ---- */

static gint compare_frames(gconstpointer a, gconstpointer b)
{
    const found_exchange *left = a, *right = b;

    return left->frame < right->frame ? -1 : left->frame > right->frame;
}

static void drop_found(pool *p, job *j)
{
    for (guint i = 0; j->found && i < j->found->len; i++)
        spill_drop(p->waiting, &g_array_index(j->found, found_exchange, i).message);
    g_clear_pointer(&j->found, g_array_unref);
    j->handed = 0;
}

/* NULL after a message */
static exchange_record *take_back(pool *p, found_exchange *found)
{
    gsize length = found->message.length;
    char *bytes = spill_take(p->waiting, &found->message);

    if (!bytes) {
        complain("Results that were put aside could not be read back: %s.", g_strerror(errno));
        return NULL;
    }
    exchange_record *record = wire_read_exchange(bytes, length);

    if (!record)
        complain("A worker sent something that is not a record.");
    else
        record->marked = false; /* selection is decided here */
    return record;
}

static void hand_out_exchange(pool *p, job *j)
{
    exchange_record *record = take_back(p, &g_array_index(j->found, found_exchange, j->handed++));

    if (!record)
        p->to->broken(p->to->data, number_of(p, j));
    if (!record || !p->to->exchange(p->to->data, number_of(p, j), record))
        p->ended = true;
    exchange_record_unref(record);
}

/* @return false if it is time to listen to the workers, who wait when nobody does */
static bool hand_out_exchanges(pool *p, job *j, gint64 until)
{
    if (j->found && j->handed == 0)
        g_array_sort(j->found, compare_frames); /* it keeps the order of equal frames */
    while (j->found && j->handed < j->found->len && !p->ended) {
        hand_out_exchange(p, j);
        if (g_get_monotonic_time() >= until)
            return false;
    }
    drop_found(p, j);
    return true;
}

static void hand_out_end(pool *p, job *j)
{
    const pool_receiver *to = p->to;
    guint number = number_of(p, j);
    bool go_on = true;

    if (j->state == JOB_SKIPPED)
        go_on = to->skip(to->data, number);
    else
        go_on = (j->lost ? to->lost : to->capture)(to->data, number, j->result, j->summary);
    g_clear_pointer(&j->summary, capture_record_free);
    j->state = JOB_HANDED_OUT;
    p->n_handed_out++;
    if (!go_on)
        p->ended = true;
}

/* Of the pipe whose turn it is, what there is is handed out at once. @return false if there is more
 */
static bool hand_out_ready(pool *p)
{
    gint64 until = g_get_monotonic_time() + HANDING_OUT_US;

    for (; p->current < p->n_jobs && !p->ended; p->current++) {
        job *j = &p->jobs[p->current];

        if (j->state == JOB_WAITS && interrupt_signal() != 0)
            continue; /* it will never be read */
        bool ended = j->state == JOB_ENDED || j->state == JOB_SKIPPED;

        if (!ended && !j->live)
            break;
        if (!hand_out_exchanges(p, j, j->live ? G_MAXINT64 : until))
            return false;
        if (!ended)
            break;
        if (!p->ended)
            hand_out_end(p, j);
    }
    return true;
}

/* --------------------------------------------------------------------------- a job's end ---- */

static void end_job(pool *p, colleague *w, capture_result result)
{
    w->on->result = result;
    w->on->state = JOB_ENDED;
    p->n_ended++;
    p->bytes += atomic_load_explicit(&w->view->position.bytes, memory_order_relaxed);
    w->on = NULL;
}

static const char *signal_name(int number)
{
    static const struct {
        int number;
        const char *name;
    } names[] = {{SIGABRT, "SIGABRT"}, {SIGBUS, "SIGBUS"},   {SIGFPE, "SIGFPE"},
                 {SIGILL, "SIGILL"},   {SIGKILL, "SIGKILL"}, {SIGSEGV, "SIGSEGV"},
                 {SIGSYS, "SIGSYS"},   {SIGTERM, "SIGTERM"}, {SIGTRAP, "SIGTRAP"},
                 {SIGXCPU, "SIGXCPU"}, {SIGXFSZ, "SIGXFSZ"}};

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        if (names[i].number == number)
            return names[i].name;
    }
    return "a signal";
}

/* Why the worker ended, as the end of 'The file "x" was given up at frame 7: ...'. */
static char *cause_of_death(const pool *p, const colleague *w, int status)
{
    if (w->late)
        return g_strdup_printf("it took longer than %u s (--timeout-per-file)",
                               p->plan->s->workers.timeout);
    if (w->wrong)
        return g_strdup("its worker sent something that is not a record");
    if (atomic_load(&w->view->out_of_memory))
        return g_strdup_printf("its worker ran out of memory (--memory-limit %u)",
                               p->plan->s->workers.memory_limit);
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)
        return g_strdup_printf("it took more than %u s of processor time", w->cpu_seconds);
    if (WIFSIGNALED(status))
        return g_strdup_printf("its worker was ended by %s (%s)", signal_name(WTERMSIG(status)),
                               g_strsignal(WTERMSIG(status)));
    return g_strdup_printf("its worker ended with status %d", WEXITSTATUS(status));
}

/* The capture that killed a worker. What was found in it stays. */
static void lose_job(pool *p, colleague *w, int status)
{
    uint32_t frame = atomic_load_explicit(&w->view->position.frame, memory_order_relaxed);
    capture_record *summary = capture_record_new(input_name(input_of(p, w->on)));
    capture_result result = frame > 0 ? CAPTURE_CUT : CAPTURE_FAILED;

    summary->complete = false;
    summary->frames = frame;
    summary->exchanges = w->on->n_found;
    if (interrupt_signal() != 0 && p->grace != 0) {
        summary->error = g_strdup("was not read to its end: interrupted");
        result = CAPTURE_INTERRUPTED;
    } else {
        g_autofree char *cause = cause_of_death(p, w, status);

        summary->error =
            frame > 0
                ? g_strdup_printf("was given up at frame %" G_GUINT32_FORMAT ": %s", frame, cause)
                : g_strdup_printf("was given up: %s", cause);
    }
    w->on->summary = summary;
    w->on->lost = true;
    end_job(p, w, result);
}

/* --------------------------------------------------------------------- what workers say ---- */

static bool take_exchange(pool *p, colleague *w, const wire_heading *heading, const char *bytes)
{
    job *j = w->on;
    found_exchange found = {heading->value, spill_put(p->waiting, bytes, heading->length)};

    if (!j->found)
        j->found = g_array_new(FALSE, FALSE, sizeof found);
    g_array_append_val(j->found, found);
    j->n_found++;
    return true;
}

static bool take_end(pool *p, colleague *w, const wire_heading *heading, const char *bytes)
{
    if (heading->value > CAPTURE_INTERRUPTED)
        return false;
    w->on->summary = wire_read_capture(bytes, heading->length);
    if (!w->on->summary)
        return false;
    end_job(p, w, (capture_result)heading->value);
    return true;
}

static bool take_retraction(pool *p, colleague *w)
{
    drop_found(p, w->on);
    w->on->n_found = 0;
    return !w->on->live;
}

/* Another worker in its place, which has the dissectors, gets it again. */
static bool take_lack(pool *p, colleague *w)
{
    take_retraction(p, w);
    w->on->lacking = true;
    w->on->state = JOB_WAITS;
    w->again = w->on;
    w->on = NULL;
    return true;
}

static bool take_message(pool *p, colleague *w, const wire_heading *heading, const char *bytes)
{
    switch (heading->kind) {
    case WIRE_EXCHANGE:
        return w->on && take_exchange(p, w, heading, bytes);
    case WIRE_CAPTURE:
        return w->on && take_end(p, w, heading, bytes);
    case WIRE_RETRACTION:
        return w->on && take_retraction(p, w);
    case WIRE_LACK:
        return w->on && !w->on->lacking && take_lack(p, w);
    default:
        return false;
    }
}

static void take_messages(pool *p, colleague *w)
{
    gsize start = 0;
    wire_heading heading;

    while (!w->wrong && w->received->len - start >= sizeof heading) {
        const char *at = w->received->str + start;

        memcpy(&heading, at, sizeof heading);
        w->wrong = heading.length > WIRE_MOST;
        if (w->wrong || w->received->len - start - sizeof heading < heading.length)
            break;
        w->wrong = !take_message(p, w, &heading, at + sizeof heading);
        start += sizeof heading + heading.length;
    }
    g_string_erase(w->received, 0, (gssize)start);
}

/* ------------------------------------------------------------------------------- workers ---- */

static void forget(colleague *w)
{
    close(w->fd);
    w->pid = 0;
    w->fd = -1;
    g_string_truncate(w->received, 0);
    w->taken = 0;
    w->late = w->wrong = false;
}

/* What a worker that died did not send. It may have died while it did. */
static void take_gathered(pool *p, colleague *w)
{
    uint32_t gathered = atomic_load(&w->view->gathered);
    uint64_t came = w->taken - atomic_load(&w->view->sent);

    if (gathered > WORKER_GATHERS || came > gathered)
        return;
    g_string_append_len(w->received, w->view->bytes + came, (gssize)(gathered - came));
    take_messages(p, w);
}

static void bury(pool *p, colleague *w)
{
    int status = 0;

    while (waitpid(w->pid, &status, 0) < 0 && errno == EINTR)
        ;
    take_gathered(p, w);
    if (w->on)
        lose_job(p, w, status);
    forget(w);
}

static void listen_to(pool *p, colleague *w)
{
    gsize before = w->received->len;

    g_string_set_size(w->received, before + RECEIVED_AT_ONCE);
    ssize_t length = recv(w->fd, w->received->str + before, RECEIVED_AT_ONCE, MSG_DONTWAIT);
    int err = errno;

    g_string_truncate(w->received, before + (gsize)MAX(length, 0));
    errno = err;
    if (length > 0) {
        w->taken += (gsize)length;
        take_messages(p, w);
        if (w->wrong)
            kill(w->pid, SIGKILL);
    } else if (length == 0 || (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)) {
        bury(p, w);
    }
}

static void be_worker(const pool *p, const colleague *w, int channel, pid_t parent)
{
    const worker_setup setup = {.s = p->plan->s,
                                .inputs = p->plan->inputs,
                                .around = p->plan->around,
                                .view = w->view,
                                .channel = channel,
                                .parent = parent};

    for (unsigned i = 0; i < p->plan->workers; i++) {
        if (p->workers[i].fd >= 0)
            close(p->workers[i].fd);
    }
    worker_run(&setup);
}

static bool start(pool *p, colleague *w)
{
    int ends[2];
    pid_t parent = getpid();

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return false;
    memset(w->view, 0, sizeof *w->view);
    fflush(stderr);
    w->pid = fork();
    if (w->pid == 0) {
        close(ends[0]);
        be_worker(p, w, ends[1], parent);
    }
    close(ends[1]);
    if (w->pid < 0) {
        w->pid = 0;
        close(ends[0]);
        return false;
    }
    w->fd = ends[0];
    return true;
}

/* Sets a new limit from now on. */
static void limit_cpu(colleague *w)
{
    struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};
    struct timespec used = {0, 0};
    clockid_t clock;

    if (w->cpu_seconds > 0 && clock_getcpuclockid(w->pid, &clock) == 0 &&
        clock_gettime(clock, &used) == 0)
        limit.rlim_cur = (rlim_t)used.tv_sec + w->cpu_seconds + 1;
#ifdef __linux__
    prlimit(w->pid, RLIMIT_CPU, &limit, NULL);
#endif
}

static void set_limits(const pool *p, colleague *w, const job *j)
{
    struct stat status;
    bool known = stat(input_of(p, j)->path, &status) == 0 && S_ISREG(status.st_mode);
    unsigned timeout = p->plan->s->workers.timeout;

    w->cpu_seconds =
        j->live || !known
            ? 0
            : CPU_SECONDS + (unsigned)MIN(status.st_size / 1000000, 100000000) * CPU_SECONDS_PER_MB;
    w->deadline = timeout > 0 && !j->live ? g_get_monotonic_time() + timeout * G_USEC_PER_SEC : 0;
    limit_cpu(w);
}

static bool give(pool *p, colleague *w, job *j)
{
    guint32 number = number_of(p, j);

    if (w->pid == 0 && !start(p, w)) {
        complain("A worker could not be started: %s.", g_strerror(errno));
        p->ended = true;
        return false;
    }
    j->live = capture_source_is_live(input_of(p, j)->path);
    if (p->plan->s->messages.verbose && !j->lacking)
        complain("Reading \"%s\".", input_name(input_of(p, j)));
    set_limits(p, w, j);
    atomic_store(&w->view->position.frame, 0);
    atomic_store(&w->view->position.bytes, 0);
    w->on = j;
    j->state = JOB_RUNS;
    /* A worker that is already dead is noticed when it is read from. */
    (void)!send(w->fd, &number, sizeof number, MSG_NOSIGNAL);
    return true;
}

/* The next input that has to be read. */
static job *next_job(pool *p)
{
    while (p->next < p->n_jobs) {
        job *j = &p->jobs[p->next++];

        if (!p->to->is_done(p->to->data, number_of(p, j)))
            return j;
        j->state = JOB_SKIPPED;
        p->n_ended++;
    }
    return NULL;
}

/* Ends a worker that has nothing to do. */
static void end_idle(colleague *w)
{
    shutdown(w->fd, SHUT_RDWR);
    while (waitpid(w->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    forget(w);
}

/* A worker that is forked from now on has dissectors. @return what it is to read; NULL if there are
 * none */
static job *replace(pool *p, colleague *w)
{
    job *again = g_steal_pointer(&w->again);

    if (w->pid != 0)
        end_idle(w);
    if (p->to->lacks(p->to->data))
        return again;
    p->ended = true;
    return NULL;
}

static void give_work(pool *p)
{
    for (unsigned i = 0; i < p->plan->workers && !p->ended; i++) {
        colleague *w = &p->workers[i];
        job *j = w->on ? NULL : w->again ? replace(p, w) : next_job(p);

        if (j && !give(p, w, j))
            return;
    }
}

/* ----------------------------------------------------------------------------- the clock ---- */

static void end_late(pool *p)
{
    gint64 now = g_get_monotonic_time();

    for (unsigned i = 0; i < p->plan->workers; i++) {
        colleague *w = &p->workers[i];
        bool over = p->grace != 0 && now >= p->grace;

        if (!w->on || (!over && (w->deadline == 0 || now < w->deadline)))
            continue;
        w->late = true;
        kill(w->pid, SIGKILL);
    }
}

/* An interrupt: the workers finish what they are doing, and send what they have. */
static void pass_on_interrupt(pool *p)
{
    p->grace = g_get_monotonic_time() + GRACE_SECONDS * G_USEC_PER_SEC;
    for (unsigned i = 0; i < p->plan->workers; i++) {
        if (p->workers[i].on)
            kill(p->workers[i].pid, SIGTERM);
    }
}

static void tick(pool *p)
{
    pool_state now = {.done = p->n_ended, .bytes = p->bytes};

    for (unsigned i = 0; i < p->plan->workers; i++) {
        const capture_position *at = &p->workers[i].view->position;

        if (!p->workers[i].on)
            continue;
        now.bytes += atomic_load_explicit(&at->bytes, memory_order_relaxed);
        if (!p->workers[i].on->live)
            continue;
        now.live = true;
        now.frames += atomic_load_explicit(&at->frame, memory_order_relaxed);
        now.connections += atomic_load_explicit(&at->connections, memory_order_relaxed);
    }
    p->to->tick(p->to->data, &now);
}

/* Waits until a worker says something, or for a moment. @return false if nobody works */
static bool wait_for_workers(pool *p, int milliseconds)
{
    g_autofree struct pollfd *fds = g_new0(struct pollfd, p->plan->workers);
    bool busy = false;

    for (unsigned i = 0; i < p->plan->workers; i++) {
        fds[i].fd = p->workers[i].on ? p->workers[i].fd : -1;
        fds[i].events = POLLIN;
        busy = busy || p->workers[i].on;
    }
    if (!busy)
        return false;
    if (poll(fds, p->plan->workers, milliseconds) > 0) {
        for (unsigned i = 0; i < p->plan->workers; i++) {
            if (fds[i].fd >= 0 && fds[i].revents != 0)
                listen_to(p, &p->workers[i]);
        }
    }
    return true;
}

/* ---------------------------------------------------------------------------------- run ---- */

static void init(pool *p, const pool_plan *plan, const pool_receiver *to)
{
    *p = (pool){.plan = plan, .to = to, .n_jobs = plan->inputs->len};
    p->jobs = g_new0(job, p->n_jobs + 1);
    p->workers = g_new0(colleague, plan->workers);
    p->waiting = spill_new(WAITING_MEMORY, g_get_tmp_dir());
    p->views = mmap(NULL, plan->workers * sizeof *p->views, PROT_READ | PROT_WRITE,
                    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (p->views == MAP_FAILED)
        g_error("no memory to share with workers: %s", g_strerror(errno));
    for (unsigned i = 0; i < plan->workers; i++) {
        p->workers[i].fd = -1;
        p->workers[i].view = &p->views[i];
        p->workers[i].received = g_string_new(NULL);
    }
}

/* Idle workers end when their channel does; the others were told to. */
static void dismiss(pool *p)
{
    for (unsigned i = 0; i < p->plan->workers; i++) {
        colleague *w = &p->workers[i];

        if (w->pid != 0 && w->on)
            kill(w->pid, SIGKILL);
        if (w->pid != 0)
            end_idle(w);
        g_string_free(w->received, TRUE);
    }
}

static void clear(pool *p)
{
    dismiss(p);
    for (guint i = 0; i < p->n_jobs; i++) {
        drop_found(p, &p->jobs[i]);
        capture_record_free(p->jobs[i].summary);
    }
    munmap(p->views, p->plan->workers * sizeof *p->views);
    spill_free(p->waiting);
    g_free(p->workers);
    g_free(p->jobs);
}

static bool is_any_again(const pool *p)
{
    for (unsigned i = 0; i < p->plan->workers; i++) {
        if (p->workers[i].again)
            return true;
    }
    return false;
}

guint pool_run(const pool_plan *plan, const pool_receiver *to)
{
    pool p;
    bool busy = true;

    init(&p, plan, to);
    while (busy && p.current < p.n_jobs && !p.ended) {
        /* Work first: a worker that is done gets the next capture before its results are handed
         * out. */
        if (interrupt_signal() == 0)
            give_work(&p);
        else if (p.grace == 0)
            pass_on_interrupt(&p);
        bool all = hand_out_ready(&p);

        if (p.ended)
            break;
        end_late(&p);
        busy = wait_for_workers(&p, all ? TICK_MS : 0) || !all || p.next < p.n_jobs ||
               is_any_again(&p);
        if (interrupt_signal() != 0 && !busy)
            break;
        tick(&p);
    }
    guint handed_out = p.n_handed_out;

    clear(&p);
    return handed_out;
}
