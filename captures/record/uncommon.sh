#!/bin/bash
# uncommon.sh - Bodies that few servers send: zstd, UTF-16, ISO-8859-1, no Content-Type, text/html, and
# a chunked one that the server aborts in the middle of a character. The server is uncommon.py.
#
# SPDX-License-Identifier: GPL-2.0-or-later

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

PACKAGES=(zstd)

record_begin "$@"
start_server uncommon 8090 python3 "$RECORD_DIR/uncommon.py" 8090
capture_start python-uncommon-bodies 'tcp port 8090'
for path in zstd utf16 latin1 no-type html aborted; do
    curl --silent --no-progress-meter -X PROPFIND -H 'Depth: 1' --output /dev/null \
        "http://127.0.0.1:8090/$path" || true # it complains of the last one, rightly
done
capture_stop
record_end
