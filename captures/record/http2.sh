#!/bin/bash
# http2.sh - Apache httpd over HTTP/2: cleartext, TLS with a key log, TLS without keys.
#
# SPDX-License-Identifier: GPL-2.0-or-later

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=servers.sh
. "$RECORD_DIR/servers.sh"
# shellcheck source=scenarios.sh
. "$RECORD_DIR/scenarios.sh"

PACKAGES=("${APACHE_PACKAGES[@]}" nghttp2-client)

record_cleartext() {
    capture_start apache-h2c-prior-knowledge 'tcp port 80'
    mixed_requests http://127.0.0.1/dav/ --http2-prior-knowledge
    mixed_requests http://127.0.0.1/davz/ --http2-prior-knowledge -H 'Accept-Encoding: gzip'
    # Two requests at a time; curl 7.88 gives up on the second one (error 16), newer ones do not.
    curl --silent --no-progress-meter --http2-prior-knowledge --parallel \
        -X PROPFIND -H 'Depth: infinity' --output /dev/null --output /dev/null \
        http://127.0.0.1/dav/enc/ http://127.0.0.1/dav/enc/sub/ || true
    capture_stop
}

record_tls() {
    # curl writes the secrets of its sessions where SSLKEYLOGFILE says.
    export SSLKEYLOGFILE=$OUT_DIR/apache-tls-http2.keylog
    rm -f "$SSLKEYLOGFILE"
    capture_start apache-tls-http2 'tcp port 443'
    mixed_requests https://127.0.0.1/dav/ --http2
    mixed_requests https://127.0.0.1/davz/ --http2 -H 'Accept-Encoding: gzip'
    capture_stop
    unset SSLKEYLOGFILE

    capture_start apache-tls-nokeys 'tcp port 443'
    mixed_requests https://127.0.0.1/dav/
    capture_stop
}

# Three listings of 121 resources, large enough that the server interleaves their DATA frames.
record_interleaved() {
    local data folder number base=http://127.0.0.1/dav
    data=$(apache_data)
    for folder in one two three; do
        mkdir "$data/$folder"
        for number in {001..120}; do
            printf '%s\n' "$number" > "$data/$folder/f$number.txt"
        done
    done
    chown -R www-data:www-data "$data"
    printf '%s' '<?xml version="1.0"?><D:propfind xmlns:D="DAV:"><D:prop><D:getetag/><D:resourcetype/><D:getlastmodified/><x xmlns="urn:x"/></D:prop></D:propfind>' > "$WORK_DIR/propfind.xml"
    capture_start apache-h2c-interleaved 'tcp port 80'
    nghttp -n --data="$WORK_DIR/propfind.xml" -H ':method: PROPFIND' -H 'depth: 1' \
        -H 'content-type: text/xml' \
        $base/one/ $base/two/ $base/three/ $base/nosuch $base/one/f001.txt
    capture_stop
}

record_begin "$@"
apache_start
mixed_setup http://127.0.0.1/dav/
record_cleartext
record_tls
record_interleaved
record_end
