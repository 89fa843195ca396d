#!/bin/bash
# uncommon.sh - Bodies that few servers send: zstd, UTF-16, ISO-8859-1, no Content-Type, text/html, and
# a chunked one that the server aborts in the middle of a character; then one with the coding compress.
# The server is uncommon.py.
#
# SPDX-License-Identifier: GPL-2.0-or-later

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

PACKAGES=(zstd ncompress)

# ask PATH...
ask() {
    local path
    for path in "$@"; do
        curl --silent --no-progress-meter -X PROPFIND -H 'Depth: 1' --output /dev/null \
            "http://127.0.0.1:8090/$path" || true # it complains of the last one, rightly
    done
}

record_begin "$@"
start_server uncommon 8090 python3 "$RECORD_DIR/uncommon.py" 8090
capture_start python-uncommon-bodies 'tcp port 8090'
ask zstd utf16 latin1 no-type html aborted
capture_stop
capture_start python-compress 'tcp port 8090'
ask compress
capture_stop
record_end
