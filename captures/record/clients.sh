#!/bin/bash
# clients.sh - cadaver and rclone as clients of Apache httpd, and rclone as a server (port 8090).
#
# SPDX-License-Identifier: GPL-2.0-or-later

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=servers.sh
. "$RECORD_DIR/servers.sh"
# shellcheck source=scenarios.sh
. "$RECORD_DIR/scenarios.sh"

PACKAGES=("${APACHE_PACKAGES[@]}" cadaver rclone)
BASE=http://127.0.0.1/dav/

record_cadaver() {
    capture_start apache-cadaver 'tcp port 80'
    tree "${BASE}c1/"
    lock "${BASE}c1/b.txt" # by another client, so that cadaver meets a lock that is not its own
    mkdir "$WORK_DIR/cadaver"
    printf 'data\n' > "$WORK_DIR/cadaver/up.txt"
    (cd "$WORK_DIR/cadaver" && cadaver "$BASE") > "$WORK_DIR/logs/cadaver.log" 2>&1 <<'EOF' || true
ls
cd c1
ls
put up.txt
rmcol /dav/c1/
delete b.txt
lock a.txt
propset up.txt color red
propget up.txt color
propget up.txt nosuch
propnames up.txt
showlocks
unlock a.txt
mkcol sub2
move /dav/c1/ /dav/c2/
copy sub sub3
cd /dav/nosuch
discover b.txt
quit
EOF
    capture_stop
    unlock "${BASE}c1/b.txt" "$LOCK_TOKEN"
}

# rclone_lab ARGUMENT...: the last command asks for what is not there and fails
rclone_lab() {
    rclone --config /dev/null --webdav-url "$BASE" --webdav-vendor other "$@" \
        >> "$WORK_DIR/logs/rclone.log" 2>&1 || true
}

record_rclone_client() {
    local number
    mkdir "$WORK_DIR/notes"
    for number in {01..13}; do
        printf 'note %s\n' "$number" > "$WORK_DIR/notes/note-$number.txt"
    done
    capture_start apache-rclone-client 'tcp port 80'
    rclone_lab lsf -R :webdav:
    rclone_lab copy -q "$WORK_DIR/notes" :webdav:notes
    rclone_lab lsl :webdav:notes
    rclone_lab about :webdav:
    rclone_lab purge :webdav:notes
    rclone_lab lsf :webdav:nosuch
    capture_stop
}

record_rclone_server() {
    local base=http://127.0.0.1:8090/
    mkdir "$WORK_DIR/served"
    start_server rclone 8090 rclone --config /dev/null serve webdav --addr 127.0.0.1:8090 \
        "$WORK_DIR/served"
    # Not recorded: they leave the folders that PROPFIND lists below.
    delete_locked $base
    copy_move_locked $base
    lock_conflict $base
    capture_start rclone-proppatch-propfind 'tcp port 8090'
    proppatch_protected $base
    propfind_unknown $base
    capture_stop
}

record_begin "$@"
apache_start
record_cadaver
record_rclone_client
record_rclone_server
record_end
