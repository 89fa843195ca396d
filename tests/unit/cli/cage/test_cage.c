/* test_cage.c
 * What a process in the cage can still do and cannot do any more.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib.h>
#include <glib/gstdio.h>

#include "cage.h"

#ifdef HAVE_SECCOMP
#include <seccomp.h>
#endif

typedef struct {
    char *folder;
    char *readable;
    char *secret;
    int inherited; /* a file that is open for writing */
    int channel;
} place;

/* ---- attempts: 0 or more if they succeed, else -1 with errno ---- */

static int read_allowed(const place *at)
{
    return open(at->readable, O_RDONLY);
}

static int read_library(const place *at)
{
    (void)at;
    return open("/usr/share", O_RDONLY | O_DIRECTORY);
}

static int allocate(const place *at)
{
    (void)at;
    return malloc(64 * 1024 * 1024) ? 0 : -1;
}

static int write_channel(const place *at)
{
    return (int)write(at->channel, "", 1);
}

static int read_secret(const place *at)
{
    return open(at->secret, O_RDONLY);
}

static int read_shadow(const place *at)
{
    (void)at;
    return open("/etc/shadow", O_RDONLY);
}

static int write_allowed(const place *at)
{
    return open(at->readable, O_WRONLY);
}

static int append_allowed(const place *at)
{
    return open(at->readable, O_RDWR | O_APPEND);
}

static int create(const place *at)
{
    g_autofree char *path = g_build_filename(at->folder, "new", NULL);

    return open(path, O_CREAT | O_WRONLY, 0600);
}

static int truncate_by_reading(const place *at)
{
    return open(at->readable, O_RDONLY | O_TRUNC);
}

static int remove_file(const place *at)
{
    return unlink(at->readable);
}

static int rename_file(const place *at)
{
    return rename(at->readable, at->secret);
}

static int make_folder(const place *at)
{
    g_autofree char *path = g_build_filename(at->folder, "new", NULL);

    return mkdir(path, 0700);
}

static int change_mode(const place *at)
{
    return chmod(at->readable, 0);
}

static int write_inherited(const place *at)
{
    return (int)write(at->inherited, "x", 1);
}

static int write_stdout(const place *at)
{
    (void)at;
    return (int)write(STDOUT_FILENO, "", 1);
}

static int open_socket(const place *at)
{
    (void)at;
    return socket(AF_INET, SOCK_STREAM, 0);
}

static int open_local_socket(const place *at)
{
    int ends[2];

    (void)at;
    return socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
}

static int run_program(const place *at)
{
    char *const arguments[] = {"true", NULL};

    (void)at;
    return execv("/bin/true", arguments);
}

static int make_process(const place *at)
{
    pid_t child = fork();

    (void)at;
    if (child == 0)
        _exit(0);
    return child;
}

static int trace_parent(const place *at)
{
    (void)at;
    return (int)ptrace(PTRACE_SEIZE, getppid(), NULL, NULL);
}

static int kill_parent(const place *at)
{
    (void)at;
    return kill(getppid(), SIGCONT);
}

static int write_code(const place *at)
{
    (void)at;
    return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1,
                0) == MAP_FAILED
               ? -1
               : 0;
}

static int turn_into_code(const place *at)
{
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    (void)at;
    return mprotect(page, 4096, PROT_READ | PROT_EXEC);
}

static int raise_limit(const place *at)
{
    const struct rlimit any = {RLIM_INFINITY, RLIM_INFINITY};

    (void)at;
    return setrlimit(RLIMIT_CORE, &any);
}

/* Under another number, one that may be written to. */
static int write_inherited_as_stderr(const place *at)
{
    close(STDERR_FILENO);
    int copy = fcntl(at->inherited, F_DUPFD, STDERR_FILENO);

    if (copy < 0)
        copy = dup(at->inherited);
    return copy == STDERR_FILENO ? (int)write(copy, "x", 1) : -1;
}

static int map_inherited(const place *at)
{
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, at->inherited, 0);

    return page == MAP_FAILED ? -1 : 0;
}

static int read_inherited(const place *at)
{
    char byte;

    return (int)pread(at->inherited, &byte, 1, 0);
}

static int send_datagram(const place *at)
{
    const struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons(9), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_DGRAM, 0);

    (void)at;
    return fd < 0 ? fd : (int)sendto(fd, "x", 1, 0, (const struct sockaddr *)&to, sizeof to);
}

static int link_file(const place *at)
{
    g_autofree char *path = g_build_filename(at->folder, "new", NULL);

    return link(at->readable, path);
}

static int link_name(const place *at)
{
    g_autofree char *path = g_build_filename(at->folder, "new", NULL);

    return symlink(at->readable, path);
}

static int make_pipe(const place *at)
{
    g_autofree char *path = g_build_filename(at->folder, "new", NULL);

    return mkfifo(path, 0600);
}

static int truncate_name(const place *at)
{
    return truncate(at->readable, 0);
}

static int touch(const place *at)
{
    return utimensat(AT_FDCWD, at->readable, NULL, 0);
}

static int memory_file(const place *at)
{
    (void)at;
    return (int)syscall(SYS_memfd_create, "x", 0);
}

static int read_parent(const place *at)
{
    char byte;
    const struct iovec mine = {&byte, 1}, theirs = {(void *)(uintptr_t)at, 1};

    return (int)syscall(SYS_process_vm_readv, getppid(), &mine, 1, &theirs, 1, 0);
}

static int limit_parent(const place *at)
{
    const struct rlimit none = {0, 0};

    (void)at;
    return (int)syscall(SYS_prlimit64, getppid(), RLIMIT_CORE, &none, NULL);
}

#ifdef SYS_io_uring_setup
/* Its queue would open files and sockets behind seccomp's back. */
static int io_uring(const place *at)
{
    static char parameters[256];

    (void)at;
    return (int)syscall(SYS_io_uring_setup, 1, parameters);
}
#endif

static int new_namespace(const place *at)
{
    (void)at;
    return (int)syscall(SYS_unshare, 0x10000000 /* CLONE_NEWUSER */);
}

typedef struct {
    const char *name;
    int (*attempt)(const place *at);
    bool allowed;
    bool needs_landlock; /* to be refused: seccomp does not see names */
} attempt;

static const attempt attempts[] = {
    {"read-allowed", read_allowed, true, false},
    {"read-library", read_library, true, false},
    {"allocate", allocate, true, false},
    {"write-channel", write_channel, true, false},
    {"read-secret", read_secret, false, true},
    {"read-shadow", read_shadow, false, true},
    {"write-allowed", write_allowed, false, false},
    {"append-allowed", append_allowed, false, false},
    {"create", create, false, false},
    {"truncate-by-reading", truncate_by_reading, false, false},
    {"remove", remove_file, false, false},
    {"rename", rename_file, false, false},
    {"make-folder", make_folder, false, false},
    {"change-mode", change_mode, false, false},
    {"write-inherited", write_inherited, false, false},
    {"write-stdout", write_stdout, false, false},
    {"socket", open_socket, false, false},
    {"local-socket", open_local_socket, false, false},
    {"exec", run_program, false, false},
    {"fork", make_process, false, false},
    {"ptrace", trace_parent, false, false},
    {"kill", kill_parent, false, false},
    {"write-code", write_code, false, false},
    {"turn-into-code", turn_into_code, false, false},
    {"raise-limit", raise_limit, false, false},
    {"write-inherited-as-stderr", write_inherited_as_stderr, false, false},
    {"map-inherited", map_inherited, false, false},
    {"read-inherited", read_inherited, false, false},
    {"datagram", send_datagram, false, false},
    {"link", link_file, false, false},
    {"symbolic-link", link_name, false, false},
    {"named-pipe", make_pipe, false, false},
    {"truncate", truncate_name, false, false},
    {"touch", touch, false, false},
    {"memory-file", memory_file, false, false},
    {"read-parent", read_parent, false, false},
    {"limit-parent", limit_parent, false, false},
    {"new-namespace", new_namespace, false, false},
#ifdef SYS_io_uring_setup
    {"io-uring", io_uring, false, false},
#endif
};

/* ---- the frame ---- */

static place *make_place(int channel)
{
    place *at = g_new0(place, 1);

    at->folder = g_dir_make_tmp("cage-XXXXXX", NULL);
    at->readable = g_build_filename(at->folder, "readable", NULL);
    at->secret = g_build_filename(at->folder, "secret", NULL);
    g_assert_true(g_file_set_contents(at->readable, "r", 1, NULL));
    g_assert_true(g_file_set_contents(at->secret, "s", 1, NULL));
    g_autofree char *path = g_build_filename(at->folder, "inherited", NULL);

    at->inherited = open(path, O_CREAT | O_RDWR, 0600);
    g_assert_cmpint(at->inherited, >=, 0);
    g_assert_cmpint(write(at->inherited, "i", 1), ==, 1);
    g_unlink(path);
    at->channel = channel;
    return at;
}

static void free_place(place *at)
{
    close(at->inherited);
    g_unlink(at->readable);
    g_unlink(at->secret);
    g_assert_cmpint(g_rmdir(at->folder), ==, 0); /* nothing else came into it */
    g_free(at->folder);
    g_free(at->readable);
    g_free(at->secret);
    g_free(at);
}

typedef enum { WHOLE_KERNEL, NO_LANDLOCK, NO_SECCOMP } lacking;

/* Makes this process's kernel look older from now on. False where that cannot be simulated. */
static bool take_away(lacking what)
{
#ifdef HAVE_SECCOMP
    static const int landlock[] = {444, 445, 446}; /* the same on all architectures */
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    int err = 0;

    for (size_t i = 0; err == 0 && what == NO_LANDLOCK && i < G_N_ELEMENTS(landlock); i++)
        err = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), landlock[i], 0);
    if (what == NO_SECCOMP)
        err = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(seccomp), 0);
    if (err == 0 && what == NO_SECCOMP)
        err = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EINVAL), SCMP_SYS(prctl), 1,
                               SCMP_A0(SCMP_CMP_EQ, PR_SET_SECCOMP));
    if (err == 0)
        err = seccomp_load(filter);
    seccomp_release(filter);
    return err == 0;
#else
    return what == WHOLE_KERNEL;
#endif
}

#define NOT_AS_PLANNED 255

/* Makes the attempt in a caged child. @return its errno, 0 if it succeeded */
static int try_inside(const attempt *a, place *at, lacking what)
{
    int status;
    pid_t child = fork();

    if (child == 0) {
        if (what != WHOLE_KERNEL && !take_away(what))
            _exit(NOT_AS_PLANNED);
        cage *around = cage_new();

        cage_allow(around, at->readable);
        cage_state state = cage_enter(around, at->channel);

        if ((what == NO_LANDLOCK && state.landlock != 0) || (what == NO_SECCOMP && state.seccomp))
            _exit(NOT_AS_PLANNED);
        errno = 0;
        _exit(a->attempt(at) >= 0 ? 0 : errno);
    }
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

/* Refused, or its descriptor is no longer valid. */
static void assert_refused(int err)
{
    g_assert_true(err == EPERM || err == EACCES || err == EBADF);
}

static void test_attempt(gconstpointer data)
{
    const attempt *a = data;
    cage_state state = cage_probe();
    int ends[2];

    if (!a->allowed && !(a->needs_landlock ? state.landlock > 0 : state.seccomp)) {
        g_test_skip("this kernel or this build cannot refuse it");
        return;
    }
    g_assert_cmpint(pipe(ends), ==, 0);
    place *at = make_place(ends[1]);
    int err = try_inside(a, at, WHOLE_KERNEL);

    if (a->allowed)
        g_assert_cmpint(err, ==, 0);
    else
        assert_refused(err);
    free_place(at);
    close(ends[0]);
    close(ends[1]);
}

/* seccomp alone refuses everything but reading what has another name. */
static void test_without_landlock(void)
{
    int ends[2];

    if (!cage_probe().seccomp) {
        g_test_skip("this kernel or this build has no seccomp");
        return;
    }
    g_assert_cmpint(pipe(ends), ==, 0);
    place *at = make_place(ends[1]);

    for (size_t i = 0; i < G_N_ELEMENTS(attempts); i++) {
        int err = try_inside(&attempts[i], at, NO_LANDLOCK);

        g_test_message("%s: %s", attempts[i].name, g_strerror(err));
        if (attempts[i].allowed || attempts[i].needs_landlock)
            g_assert_true(err == 0 || attempts[i].needs_landlock);
        else
            assert_refused(err);
    }
    free_place(at);
    close(ends[0]);
    close(ends[1]);
}

/* Landlock alone refuses other files, and everything that would change one. */
static void test_without_seccomp(void)
{
    static const char *const refused[] = {
        "read-secret",
        "read-shadow",
        "write-allowed",
        "append-allowed",
        "create",
        "remove",
        "rename",
        "make-folder",
        "link",
        "symbolic-link",
        "named-pipe",
        "write-inherited",
        "map-inherited",
        "read-inherited",
        "write-inherited-as-stderr",
        NULL,
    };
    int ends[2];

    if (!cage_probe().seccomp || cage_probe().landlock == 0) {
        g_test_skip("this kernel or this build has not both");
        return;
    }
    g_assert_cmpint(pipe(ends), ==, 0);
    place *at = make_place(ends[1]);

    for (size_t i = 0; i < G_N_ELEMENTS(attempts); i++) {
        if (!g_strv_contains(refused, attempts[i].name) && !attempts[i].allowed)
            continue;
        int err = try_inside(&attempts[i], at, NO_SECCOMP);

        g_test_message("%s: %s", attempts[i].name, g_strerror(err));
        if (attempts[i].allowed)
            g_assert_cmpint(err, ==, 0);
        else
            assert_refused(err);
    }
    free_place(at);
    close(ends[0]);
    close(ends[1]);
}

/* Without the cage all of it works; otherwise the tests above would prove nothing. */
static void test_outside(void)
{
    int ends[2];

    g_assert_cmpint(pipe(ends), ==, 0);
    place *at = make_place(ends[1]);

    g_assert_cmpint(read_secret(at), >=, 0);
    g_assert_cmpint(write_inherited(at), ==, 1);
    g_assert_cmpint(map_inherited(at), ==, 0);
    g_assert_cmpint(read_inherited(at), ==, 1);
    g_assert_cmpint(send_datagram(at), ==, 1);
    g_assert_cmpint(memory_file(at), >=, 0);
    g_assert_cmpint(open_socket(at), >=, 0);
    g_assert_cmpint(open_local_socket(at), >=, 0);
    g_assert_cmpint(write_allowed(at), >=, 0);
    g_assert_cmpint(write_code(at), ==, 0);
    free_place(at);
}

static void test_memory_is_limited(void)
{
    int status;
    pid_t child = fork();

    if (child == 0) {
        cage_limit((uint64_t)256 * 1024 * 1024);
        bool before = cage_is_out_of_memory();

        while (mmap(NULL, 4096 * 1024, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED)
            ;
        _exit(!before && cage_is_out_of_memory() ? 0 : 1);
    }
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
#if !defined(__SANITIZE_ADDRESS__)
    g_assert_cmpint(status, ==, 0);
#endif
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(attempts); i++) {
        g_autofree char *path = g_strconcat("/cage/", attempts[i].name, NULL);

        g_test_add_data_func(path, &attempts[i], test_attempt);
    }
    g_test_add_func("/cage/outside", test_outside);
    g_test_add_func("/cage/without-landlock", test_without_landlock);
    g_test_add_func("/cage/without-seccomp", test_without_seccomp);
    g_test_add_func("/cage/memory", test_memory_is_limited);
    return g_test_run();
}
