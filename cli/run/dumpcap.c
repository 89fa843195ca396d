/* dumpcap.c
 * Capturing.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "dumpcap.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "diagnostics.h"

/* The status that a shell reports when a program is not there. */
#define NOT_FOUND 127

/* Out of the reach of a terminal's Ctrl-C, so that what was captured is read to its end; ends with
 * the parent. */
static void be_dumpcap(const char *interface, const char *filter, int to, int failure)
{
    const char *arguments[9] = {"dumpcap", "-q", "-i", interface, "-w", "-"};

    if (filter) {
        arguments[6] = "-f";
        arguments[7] = filter;
    }
    setpgid(0, 0);
#ifdef __linux__
    prctl(PR_SET_PDEATHSIG, SIGTERM);
#endif
    dup2(to, STDOUT_FILENO);
    close(to);
    execvp(arguments[0], (char *const *)arguments);
    int err = errno;

    if (write(failure, &err, sizeof err) < 0)
        complain("dumpcap could not be started: %s.", g_strerror(err));
    _exit(NOT_FOUND);
}

/* Nothing comes through this pipe but its end, once dumpcap has started. */
static int wait_for_start(int failure)
{
    int err = 0;
    ssize_t got;

    do
        got = read(failure, &err, sizeof err);
    while (got < 0 && errno == EINTR);
    return got == (ssize_t)sizeof err ? err : 0;
}

static pid_t complain_start(int err)
{
    complain("dumpcap, which comes with Wireshark, could not be started: %s.", g_strerror(err));
    return 0;
}

pid_t dumpcap_start(const char *interface, const char *filter)
{
    int ends[2], failure[2];

    fflush(NULL);
    pid_t process = pipe(ends) == 0 && pipe(failure) == 0 ? fork() : -1;

    if (process == 0) {
        close(ends[0]);
        fcntl(failure[1], F_SETFD, FD_CLOEXEC);
        be_dumpcap(interface, filter, ends[1], failure[1]);
    }
    if (process < 0)
        return complain_start(errno);
    close(ends[1]);
    close(failure[1]);
    int err = wait_for_start(failure[0]);

    close(failure[0]);
    if (err != 0) {
        close(ends[0]);
        waitpid(process, NULL, 0);
        return complain_start(err);
    }
    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    return process;
}

bool dumpcap_stop(pid_t process)
{
    int status = 0;

    kill(process, SIGINT);
    while (waitpid(process, &status, 0) < 0 && errno == EINTR)
        ;
    return !WIFEXITED(status) || WEXITSTATUS(status) == 0;
}
