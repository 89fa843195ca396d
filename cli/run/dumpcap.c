/* dumpcap.c
 * Capturing.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "dumpcap.h"

#include <errno.h>
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

/* What a shell says when a program is not there. */
#define NOT_FOUND 127

/* Out of the reach of a terminal's Ctrl-C, so that what was captured is read to its end; ends with
 * the parent. */
static void be_dumpcap(const char *interface, const char *filter, int to)
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
    complain("dumpcap, which comes with Wireshark, could not be started: %s.", g_strerror(errno));
    _exit(NOT_FOUND);
}

pid_t dumpcap_start(const char *interface, const char *filter)
{
    int ends[2];

    fflush(NULL);
    pid_t process = pipe(ends) == 0 ? fork() : -1;

    if (process == 0) {
        close(ends[0]);
        be_dumpcap(interface, filter, ends[1]);
    }
    if (process < 0) {
        complain("dumpcap could not be started: %s.", g_strerror(errno));
        return 0;
    }
    close(ends[1]);
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
