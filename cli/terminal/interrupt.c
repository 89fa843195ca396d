/* interrupt.c
 * Signals.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "interrupt.h"

#include <signal.h>
#include <stddef.h>

/* A signal handler has nothing else to write to. */
static volatile sig_atomic_t received;

static volatile sig_atomic_t hung_up;

static void on_signal(int number)
{
    received = number;
}

void interrupt_init(void)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        /* Without SA_RESTART, so that a read that waits for a pipe returns. */
        struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
        struct sigaction before;

        sigemptyset(&action.sa_mask);
        /* nohup and shells that start a job in the background ignore signals on purpose. */
        if (sigaction(numbers[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
            sigaction(numbers[i], &action, NULL);
    }
}

static void on_hangup(int number)
{
    (void)number;
    hung_up = 1;
}

void interrupt_catch_hangup(void)
{
    struct sigaction action = {.sa_handler = on_hangup};

    sigemptyset(&action.sa_mask);
    sigaction(SIGHUP, &action, NULL);
}

bool interrupt_was_hung_up(void)
{
    return hung_up;
}

void interrupt_hangup_is_done(void)
{
    hung_up = 0;
}

int interrupt_signal(void)
{
    return received;
}
