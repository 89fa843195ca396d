/* cage.c
 * Shutting a process in: seccomp (libseccomp), Landlock, limits.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#define _GNU_SOURCE /* O_PATH, O_TMPFILE */
#include "cage.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib.h>

#ifdef __linux__
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

#ifdef HAVE_SECCOMP
#include <seccomp.h>
#endif

#if defined(__linux__) && defined(__has_include)
#if __has_include(<linux/landlock.h>)
#include <linux/landlock.h>
#define HAVE_LANDLOCK 1
#endif
#endif

struct cage {
    int landlock; /* version; 0 without */
    int rules;    /* descriptor of Landlock's rules; -1 without */
};

/* -------------------------------------------------------------------------------- Landlock ---- */

#ifdef HAVE_LANDLOCK

/* Headers are often older than the kernel: the structure as of version 6. A kernel that does not
 * know the later members refuses them unless they are zero. */
typedef struct {
    uint64_t files;
    uint64_t network;
    uint64_t scoped;
} landlock_rights;

/* Bits of `files`: 13 in the first version; then linking elsewhere, truncating, ioctl of devices.
 */
static uint64_t all_file_rights(int version)
{
    unsigned bits = version >= 5 ? 16 : version >= 3 ? 15 : version >= 2 ? 14 : 13;

    return (UINT64_C(1) << bits) - 1;
}

static void landlock_prepare(cage *c)
{
    int version =
        (int)syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);

    if (version <= 0)
        return;
    landlock_rights rights = {.files = all_file_rights(version),
                              .network = version >= 4 ? 3 : 0, /* bind and connect, TCP */
                              .scoped = version >= 6 ? 3 : 0}; /* abstract sockets, signals */

    c->rules = (int)syscall(SYS_landlock_create_ruleset, &rights, sizeof rights, 0);
    c->landlock = c->rules >= 0 ? version : 0;
}

static void landlock_allow(cage *c, const char *path)
{
    struct stat status;
    struct landlock_path_beneath_attr rule = {.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE};

    if (c->rules < 0)
        return;
    rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
    if (rule.parent_fd < 0)
        return;
    if (fstat(rule.parent_fd, &status) == 0 && S_ISDIR(status.st_mode))
        rule.allowed_access |= LANDLOCK_ACCESS_FS_READ_DIR;
    /* Fails for what has no place in a file system, such as pipes: these are not restricted. */
    syscall(SYS_landlock_add_rule, c->rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    close(rule.parent_fd);
}

static bool landlock_enter(const cage *c)
{
    return c->rules >= 0 && syscall(SYS_landlock_restrict_self, c->rules, 0) == 0;
}

#else

static void landlock_prepare(cage *c)
{
    (void)c;
}

static void landlock_allow(cage *c, const char *path)
{
    (void)c;
    (void)path;
}

static bool landlock_enter(const cage *c)
{
    (void)c;
    return false;
}

#endif

/* --------------------------------------------------------------------------------- seccomp ---- */

#ifdef HAVE_SECCOMP

/* What computing and reading need. Whatever is not listed fails with EPERM: sockets, processes,
 * exec, ptrace, new names in folders, changing files, mounts, keys, modules, io_uring, ... Some
 * names exist on some architectures only. */
static const char *const allowed[] = {
    /* memory */
    "brk",
    "munmap",
    "mremap",
    "madvise",
    "membarrier",
    /* reading */
    "read",
    "readv",
    "pread64",
    "lseek",
    "_llseek",
    "close",
    "fadvise64",
    "poll",
    "ppoll",
    "select",
    "pselect6",
    "_newselect",
    /* looking at files */
    "fstat",
    "fstat64",
    "newfstatat",
    "fstatat64",
    "stat",
    "stat64",
    "lstat",
    "lstat64",
    "statx",
    "access",
    "faccessat",
    "faccessat2",
    "readlink",
    "readlinkat",
    "getdents",
    "getdents64",
    "getcwd",
    "statfs",
    "statfs64",
    "fstatfs",
    "fstatfs64",
    /* time */
    "clock_gettime",
    "clock_gettime64",
    "clock_getres",
    "clock_nanosleep",
    "nanosleep",
    "gettimeofday",
    "time",
    /* locks and signals to oneself */
    "futex",
    "futex_time64",
    "sched_yield",
    "rt_sigaction",
    "rt_sigprocmask",
    "rt_sigreturn",
    "sigreturn",
    "sigaltstack",
    "restart_syscall",
    "set_robust_list",
    "rseq",
    /* who and where am I */
    "getpid",
    "gettid",
    "getppid",
    "getuid",
    "geteuid",
    "getgid",
    "getegid",
    "uname",
    "sysinfo",
    "getrandom",
    "getrusage",
    "sched_getaffinity",
    "getrlimit",
    "ugetrlimit",
    /* ending */
    "exit",
    "exit_group",
};

/* Adds a rule that holds under a condition. */
#define ALLOW_IF(filter, name, ...)                                                                \
    seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(name), 1, __VA_ARGS__)

static int allow_reading(scmp_filter_ctx filter)
{
    const scmp_datum_t changing =
        O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND | (O_TMPFILE & ~O_DIRECTORY);
    int err = ALLOW_IF(filter, openat, SCMP_A2(SCMP_CMP_MASKED_EQ, changing, O_RDONLY));

    if (err == 0 && SCMP_SYS(open) >= 0)
        err = ALLOW_IF(filter, open, SCMP_A1(SCMP_CMP_MASKED_EQ, changing, O_RDONLY));
    return err;
}

static int allow_writing(scmp_filter_ctx filter, int fd)
{
    const scmp_datum_t fds[] = {STDERR_FILENO, (scmp_datum_t)fd};
    int err = 0;

    for (size_t i = 0; err == 0 && i < G_N_ELEMENTS(fds); i++) {
        err = ALLOW_IF(filter, write, SCMP_A0(SCMP_CMP_EQ, fds[i]));
        if (err == 0)
            err = ALLOW_IF(filter, writev, SCMP_A0(SCMP_CMP_EQ, fds[i]));
    }
    return err;
}

/* Libraries may be loaded late (iconv's tables); bytes that were written never become code. */
static int allow_mapping(scmp_filter_ctx filter, int call)
{
    int err = seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1,
                               SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));

    if (err == 0)
        err = seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1,
                               SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_WRITE | PROT_EXEC, PROT_EXEC));
    return err;
}

/* For standard input alone, which a capture may come from: if any descriptor could take the place
 * of standard error, anything could be written to. */
static int allow_copying(scmp_filter_ctx filter)
{
    static const int calls[] = {F_DUPFD, F_DUPFD_CLOEXEC};
    int err = ALLOW_IF(filter, dup, SCMP_A0(SCMP_CMP_EQ, STDIN_FILENO));

    for (size_t i = 0; err == 0 && i < G_N_ELEMENTS(calls); i++)
        err = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(fcntl), 2,
                               SCMP_A0(SCMP_CMP_EQ, STDIN_FILENO),
                               SCMP_A1(SCMP_CMP_EQ, (scmp_datum_t)calls[i]));
    return err;
}

/* Some calls are allowed only in part. */
static int allow_in_part(scmp_filter_ctx filter, int writable)
{
    int err = allow_reading(filter);

    if (err == 0)
        err = allow_writing(filter, writable);
    if (err == 0)
        err = allow_copying(filter);
    if (err == 0)
        err = allow_mapping(filter, SCMP_SYS(mmap));
    if (err == 0)
        err = ALLOW_IF(filter, mprotect, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    if (err == 0) /* the limits can be read */
        err = ALLOW_IF(filter, prlimit64, SCMP_A2(SCMP_CMP_EQ, 0));
    if (err == 0) /* abort() */
        err = ALLOW_IF(filter, tgkill, SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid()));
    static const int harmless[] = {F_GETFD, F_SETFD, F_GETFL};

    for (size_t i = 0; err == 0 && i < G_N_ELEMENTS(harmless); i++)
        err = ALLOW_IF(filter, fcntl, SCMP_A1(SCMP_CMP_EQ, (scmp_datum_t)harmless[i]));
    return err;
}

static bool seccomp_enter(int writable)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    int err = filter ? 0 : -ENOMEM;

    for (size_t i = 0; err == 0 && i < G_N_ELEMENTS(allowed); i++) {
        int call = seccomp_syscall_resolve_name(allowed[i]);

        if (call >= 0) /* negative: not on this architecture */
            err = seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0);
    }
    if (err == 0)
        err = allow_in_part(filter, writable);
    if (err == 0)
        err = seccomp_load(filter);
    seccomp_release(filter);
    return err == 0;
}

#else

static bool seccomp_enter(int writable)
{
    (void)writable;
    return false;
}

#endif

/* ------------------------------------------------------------------------------------ cage ---- */

/* What the C library, GLib and libxml2 may read later on: libraries, tables of encodings, time
 * zones. There is nothing secret in these. */
static const char *const public_paths[] = {
    "/lib",           "/lib64",     "/usr/lib",         "/usr/lib64",
    "/usr/local/lib", "/usr/share", "/usr/local/share", "/etc/ld.so.cache",
    "/etc/localtime", "/dev/null",  "/dev/urandom",
};

cage *cage_new(void)
{
    cage *c = g_new0(cage, 1);

    c->rules = -1;
    landlock_prepare(c);
    for (size_t i = 0; i < G_N_ELEMENTS(public_paths); i++)
        cage_allow(c, public_paths[i]);
    return c;
}

void cage_free(cage *c)
{
    if (!c)
        return;
    if (c->rules >= 0)
        close(c->rules);
    g_free(c);
}

void cage_allow(cage *c, const char *path)
{
    landlock_allow(c, path);
}

#define MOST_DESCRIPTORS 65536

static void close_all(unsigned first, unsigned last)
{
#ifdef SYS_close_range
    if (first > last || syscall(SYS_close_range, first, last, 0) == 0)
        return;
#endif
    for (unsigned fd = first; fd <= MIN(last, MOST_DESCRIPTORS); fd++)
        close((int)fd);
}

/* Inherited descriptors: a file that is open for writing could be mapped and changed without a
 * system call.
 */
static void close_others(int writable)
{
    unsigned first = STDERR_FILENO + 1;

    if (writable >= (int)first) {
        close_all(first, (unsigned)writable - 1);
        first = (unsigned)writable + 1;
    }
    close_all(first, INT_MAX);
}

cage_state cage_enter(const cage *c, int writable)
{
    cage_state state = {false, 0};

#ifdef __linux__
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return state;
#endif
    if (landlock_enter(c))
        state.landlock = c->landlock;
    close_others(writable);
    state.seccomp = seccomp_enter(writable);
    return state;
}

/* A sanitizer's shadow takes more address space than any limit. */
#if defined(__SANITIZE_ADDRESS__)
#define LIMITS_MEMORY false
#else
#define LIMITS_MEMORY true
#endif

void cage_limit(uint64_t memory)
{
    const struct rlimit none = {0, 0};
    const struct rlimit space = {memory, memory};

    setrlimit(RLIMIT_CORE, &none);
#ifdef __linux__
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); /* core dumps by a pipe, and other processes' ptrace */
#endif
    if (memory > 0 && LIMITS_MEMORY)
        setrlimit(RLIMIT_AS, &space);
}

bool cage_is_out_of_memory(void)
{
    struct rlimit space;

    if (getrlimit(RLIMIT_AS, &space) != 0 || space.rlim_cur == RLIM_INFINITY)
        return false;
    /* How much was asked for is not known; memory counts as exhausted if an eighth of the limit
     * cannot be allocated. */
    size_t length = space.rlim_cur / 8;
    void *piece = mmap(NULL, length, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (piece == MAP_FAILED)
        return true;
    munmap(piece, length);
    return false;
}

cage_state cage_probe(void)
{
    cage_state state = {false, 0};
    cage *c = cage_new();
    int ends[2];

    fflush(NULL);
    if (pipe(ends) == 0) {
        pid_t child = fork();

        if (child == 0) {
            state = cage_enter(c, ends[1]);
            _exit(write(ends[1], &state, sizeof state) == sizeof state ? 0 : 1);
        }
        close(ends[1]);
        if (child < 0 || read(ends[0], &state, sizeof state) != sizeof state)
            state = (cage_state){false, 0};
        close(ends[0]);
        if (child > 0)
            waitpid(child, NULL, 0);
    }
    cage_free(c);
    return state;
}
