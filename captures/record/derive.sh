#!/bin/bash
# derive.sh - the captures that are made from other captures: losses, other file formats, merges.
#
# usage: derive.sh DIR     (DIR holds recordings; the derived files are written there, too)
#
# Needs no root and makes no traffic.  What has no source in DIR is skipped.
#
# SPDX-License-Identifier: GPL-2.0-or-later

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

# have FILE...: are all of these recordings there?
have() {
    local file
    for file in "$@"; do
        [ -e "$file" ] || { note "-- skipped, no $file"; return 1; }
    done
}

# The section options that editcap and mergecap write name this computer and its folders.
strip_in_place() {
    "$RECORD_DIR/pcapng.py" strip-host "$1" "$1.stripped"
    mv "$1.stripped" "$1"
}

derive_from_large() {
    local large=apache-large-propfind.pcapng
    have $large || return 0
    editcap -r -s 200 $large snaplen200-apache-large.pcapng 1-400
    strip_in_place snaplen200-apache-large.pcapng
    "$RECORD_DIR/pcapng.py" lose $large loss-apache-large.pcapng
    "$RECORD_DIR/pcapng.py" reorder $large ooo-dup-apache-large.pcapng
    gzip -9nf ooo-dup-apache-large.pcapng
}

# "svn diff" asks for the properties of a file: the request and the first segment of the response
# go, so that the file starts in the middle of a response.
derive_midstart() {
    local source=apache-svn-httpv2.pcapng stream request first
    have $source || return 0
    read -r request stream < <(tshark -n -r $source -T fields -e frame.number -e tcp.stream \
        -Y 'http.request.method == PROPFIND && http.request.uri matches "/rvr/2/trunk/f1.c$"')
    first=$(tshark -n -r $source -T fields -e frame.number -Y "tcp.stream == $stream &&
        frame.number > $request && tcp.srcport == 80 && tcp.len > 0" | head -n 1)
    editcap $source midstart-apache-svn-httpv2.pcapng "1-$first"
    strip_in_place midstart-apache-svn-httpv2.pcapng
}

derive_secrets() {
    have apache-tls-http2.pcapng apache-tls-http2.keylog || return 0
    editcap --inject-secrets tls,apache-tls-http2.keylog \
        apache-tls-http2.pcapng apache-tls-http2-dsb.pcapng
    strip_in_place apache-tls-http2-dsb.pcapng
}

derive_formats() {
    if have apache-lock-collection-conflict.pcapng; then
        editcap -F pcap apache-lock-collection-conflict.pcapng untagged.pcap
        "$RECORD_DIR/pcapng.py" vlan untagged.pcap vlan-apache-lock.pcap 42
        rm untagged.pcap
    fi
    if have radicale-sync-collection-deleted.pcapng; then
        editcap -F nsecpcap radicale-sync-collection-deleted.pcapng nsec-radicale-sync.pcap
    fi
    if have apache-permission-denied-children.pcapng; then
        editcap -F pcap apache-permission-denied-children.pcapng usec-apache-perm.pcap
    fi
    if have rclone-proppatch-propfind.pcapng; then
        gzip -9nc rclone-proppatch-propfind.pcapng > gz-rclone-proppatch.pcapng.gz
    fi
}

# Four interfaces: Ethernet with a VLAN tag, Ethernet twice, raw IP.
derive_interfaces() {
    have vlan-apache-lock.pcap radicale-carddav-multiget.pcapng \
        apache-partial-delete-423.pcapng radicale-calendar-query-multiget.pcapng || return 0
    # -C removes the Ethernet header; -L corrects the original length as well.
    editcap -F pcap -C 14 -L -T rawip radicale-calendar-query-multiget.pcapng rawip.pcap
    mergecap -w multiif-apache-radicale.pcapng vlan-apache-lock.pcap \
        radicale-carddav-multiget.pcapng apache-partial-delete-423.pcapng rawip.pcap
    rm rawip.pcap
    strip_in_place multiif-apache-radicale.pcapng
}

# The file ends eight packets and a half before its end, after the responses to COPY and MOVE.
derive_cut() {
    local source=apache-copy-move-locked.pcapng packets
    have $source || return 0
    packets=$(tshark -n -r $source -T fields -e frame.number | tail -n 1)
    "$RECORD_DIR/pcapng.py" cut $source cutfile-apache-copy-move.pcapng $((packets - 9))
}

parse_arguments "$@"
[ -n "$OUT_DIR" ] || die "which folder? (derive.sh DIR)"
require_packages wireshark-common tshark python3
prepare_out_dir
cd "$OUT_DIR"
note "== derive.sh"
derive_from_large
derive_midstart
derive_secrets
derive_formats
derive_interfaces
derive_cut
record_end
