#!/bin/bash
# nginx.sh - nginx with the WebDAV extension module, port 8080.
#
# SPDX-License-Identifier: GPL-2.0-or-later

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=servers.sh
. "$RECORD_DIR/servers.sh"
# shellcheck source=scenarios.sh
. "$RECORD_DIR/scenarios.sh"

PACKAGES=("${NGINX_PACKAGES[@]}" litmus)
BASE=http://127.0.0.1:8080/

record_litmus() {
    nginx_start
    capture_start nginx-litmus-http11 'tcp port 8080'
    # litmus writes its logs into the working folder, and fails when a server fails a test.
    (cd "$WORK_DIR/logs" && litmus -k "$BASE" > litmus.log 2>&1) || true
    capture_stop
    stop_servers
    rm -rf "$WORK_DIR/nginx"
}

record_failures() {
    nginx_start
    # Not recorded: they leave the folders that PROPFIND lists below.
    delete_locked "$BASE"
    copy_move_locked "$BASE"
    lock_conflict "$BASE"
    capture_start nginx-proppatch-propfind 'tcp port 8080'
    proppatch_protected "$BASE"
    propfind_unknown "$BASE"
    capture_stop
}

record_begin "$@"
record_litmus
record_failures
record_end
