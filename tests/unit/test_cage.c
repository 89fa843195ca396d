/* test_cage.c
 * What a process that was shut in can and cannot do any more.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib.h>
#include <glib/gstdio.h>

#include "cage.h"

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

    at->inherited = open(path, O_CREAT | O_WRONLY, 0600);
    g_assert_cmpint(at->inherited, >=, 0);
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

/* Makes the attempt in a child that is shut in. @return its errno, 0 if it succeeded */
static int try_inside(const attempt *a, place *at)
{
    cage *around = cage_new();
    int status;

    cage_allow(around, at->readable);
    pid_t child = fork();

    if (child == 0) {
        cage_enter(around, at->channel);
        errno = 0;
        _exit(a->attempt(at) >= 0 ? 0 : errno);
    }
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    cage_free(around);
    g_assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
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
    int err = try_inside(a, at);

    if (a->allowed)
        g_assert_cmpint(err, ==, 0);
    else
        g_assert_true(err == EPERM || err == EACCES);
    free_place(at);
    close(ends[0]);
    close(ends[1]);
}

/* Without the cage all of it works, or the tests above would say nothing. */
static void test_outside(void)
{
    int ends[2];

    g_assert_cmpint(pipe(ends), ==, 0);
    place *at = make_place(ends[1]);

    g_assert_cmpint(read_secret(at), >=, 0);
    g_assert_cmpint(write_inherited(at), ==, 1);
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
    g_test_add_func("/cage/memory", test_memory_is_limited);
    return g_test_run();
}
