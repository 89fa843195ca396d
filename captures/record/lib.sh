# lib.sh - what the recording scripts share: arguments, packages, network namespace, servers,
# captures and clean-up.
#
# Sourced, not run.  A script sets PACKAGES, then calls record_begin "$@"; from there on it runs as
# root in a network and process namespace of its own, where lo is the only interface, and may use
#   OUT_DIR   folder for the captures (kept)
#   WORK_DIR  private folder for configurations, data and logs (removed at the end)
# and the functions below.  record_end is the last call of a script.
#
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash

set -euo pipefail

RECORD_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
SCRIPT_NAME=$(basename "$0")

OUT_DIR=
WORK_DIR=
INSTALL=no
SERVER_PIDS=()
CAPTURE_PID=
CAPTURE_FILE=

note() { printf '%s\n' "$*"; }
die() { printf '%s: %s\n' "$SCRIPT_NAME" "$*" >&2; exit 1; }

usage() {
    cat <<EOF
usage: $SCRIPT_NAME [--install] [OUTDIR]

Records captures into OUTDIR (default: a new folder below \$TMPDIR, named at the end).
  --install   install missing Debian packages with apt-get (otherwise they are only named)
Needs root, for the network namespace and for the capture.
EOF
}

# ---------------------------------------------------------------- start

parse_arguments() {
    while [ $# -gt 0 ]; do
        case $1 in
            --install) INSTALL=yes ;;
            -h | --help) usage; exit 0 ;;
            -*) usage >&2; exit 2 ;;
            *) [ -z "$OUT_DIR" ] || { usage >&2; exit 2; }; OUT_DIR=$1 ;;
        esac
        shift
    done
}

require_root() {
    [ "$(id -u)" -eq 0 ] ||
        die "root is needed (network namespace, capture on lo, servers that change their user)"
}

# The captures of the project are only replaced by hand, after a look at the new ones.
prepare_out_dir() {
    local project_dir
    project_dir=$(dirname "$RECORD_DIR")
    [ -n "$OUT_DIR" ] || OUT_DIR=$(mktemp -d "${TMPDIR:-/tmp}/multistatus-captures.XXXXXX")
    OUT_DIR=$(realpath -m "$OUT_DIR")
    case $OUT_DIR/ in
        "$(realpath "$project_dir")"/*) die "OUTDIR must lie outside of $project_dir" ;;
    esac
    mkdir -p "$OUT_DIR"
}

# require_packages PACKAGE...
require_packages() {
    local package missing=()
    for package in "$@"; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
            missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    [ "$INSTALL" = yes ] ||
        die "missing packages: ${missing[*]} (install them, or run again with --install)"
    install_packages "${missing[@]}"
}

# The packages bring service units.  A policy-rc.d that says "no" keeps apt-get from starting them;
# a policy that the machine already has is left alone.
install_packages() {
    local policy=/usr/sbin/policy-rc.d ours=no status=0
    if [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' > "$policy"
        chmod 755 "$policy"
        ours=yes
    fi
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" || status=$?
    if [ "$ours" = yes ]; then rm -f "$policy"; fi
    [ "$status" -eq 0 ] || die "apt-get install failed"
}

# Runs the script again in new network and process namespaces.  They need no tear-down: when the
# script ends, the kernel ends what it started (--kill-child) and removes the namespaces.
enter_namespace() {
    [ "${MULTISTATUS_RECORD_NAMESPACE:-}" != "$PPID" ] || return 0
    export MULTISTATUS_RECORD_NAMESPACE=0 # the parent of the first process in a pid namespace
    exec unshare --net --pid --fork --kill-child --mount-proc bash "$0" "$OUT_DIR"
}

# Loopback that behaves like Ethernet: 1500 bytes, and no frames larger than that, because
# Wireshark's view of reassembly depends on the size of the segments.
prepare_loopback() {
    ip link set lo mtu 1500 up
    ethtool -K lo tso off gso off gro off
}

prepare_work_dir() {
    WORK_DIR=$(mktemp -d "${TMPDIR:-/tmp}/multistatus-record.XXXXXX")
    chmod 711 "$WORK_DIR" # the servers change to users of their own
    mkdir "$WORK_DIR/logs" "$WORK_DIR/home"
    # No configuration of the caller may leak into clients and servers.
    export HOME=$WORK_DIR/home TZ=UTC LC_ALL=C.UTF-8
    unset SSLKEYLOGFILE http_proxy https_proxy HTTP_PROXY HTTPS_PROXY all_proxy ALL_PROXY
}

record_begin() {
    parse_arguments "$@"
    require_root
    require_packages iproute2 ethtool wireshark-common curl python3 openssl "${PACKAGES[@]}"
    prepare_out_dir
    enter_namespace
    trap clean_up EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    prepare_work_dir
    prepare_loopback
    note "== $SCRIPT_NAME"
}

record_end() { note "captures are in $OUT_DIR"; }

clean_up() {
    local status=$?
    trap - EXIT
    if [ -n "$CAPTURE_PID" ]; then kill -INT "$CAPTURE_PID" 2>/dev/null || true; fi
    stop_servers
    if [ "$status" -ne 0 ] && [ -d "$WORK_DIR/logs" ]; then
        printf '%s: failed; last lines of the logs:\n' "$SCRIPT_NAME" >&2
        tail -n 5 "$WORK_DIR"/logs/* >&2 2>/dev/null || true
    fi
    rm -rf "$WORK_DIR"
    exit "$status"
}

# ---------------------------------------------------------------- waiting

# wait_until SECONDS COMMAND...: tries the command ten times a second
wait_until() {
    local tries=$(($1 * 10))
    shift
    while ! "$@" 2>/dev/null; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || return 1
        sleep 0.1
    done
}

port_is_open() { (: < "/dev/tcp/127.0.0.1/$1"); }
wait_for_port() { wait_until 20 port_is_open "$1" || die "nothing listens on port $1"; }

# ---------------------------------------------------------------- servers

# start_server NAME PORT COMMAND...
start_server() {
    local name=$1 port=$2
    shift 2
    "$@" > "$WORK_DIR/logs/$name.log" 2>&1 &
    SERVER_PIDS+=($!)
    wait_for_port "$port"
}

stop_servers() {
    local pid
    for pid in "${SERVER_PIDS[@]}"; do
        kill "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    SERVER_PIDS=()
}

# ---------------------------------------------------------------- captures

# capture_start NAME FILTER: dumpcap on lo into NAME.pcapng
capture_start() {
    local log=$WORK_DIR/logs/dumpcap.log
    CAPTURE_FILE=$WORK_DIR/$1.pcapng
    dumpcap -q -i lo -f "$2" -w "$CAPTURE_FILE" 2> "$log" &
    CAPTURE_PID=$!
    wait_until 10 grep -q '^File:' "$log" || die "dumpcap does not start"
    sleep 0.3 # it names the file a moment before the first packet is taken
    note "-- $1"
}

# capture_start_any NAME FILTER: tcpdump on all interfaces (Linux cooked v2) into NAME.pcap
capture_start_any() {
    local log=$WORK_DIR/logs/tcpdump.log
    CAPTURE_FILE=$WORK_DIR/$1.pcap
    tcpdump -i any -y LINUX_SLL2 -w "$CAPTURE_FILE" "$2" 2> "$log" &
    CAPTURE_PID=$!
    wait_until 10 grep -q 'listening on' "$log" || die "tcpdump does not start"
    sleep 0.3
    note "-- $1"
}

capture_stop() {
    sleep 1 # packets reach the capture in batches, and connections still have to close
    kill -INT "$CAPTURE_PID"
    wait "$CAPTURE_PID" || die "the capture of $CAPTURE_FILE failed"
    CAPTURE_PID=
    if grep -hqE 'received/dropped.*: [0-9]+/[1-9]' "$WORK_DIR/logs/dumpcap.log" 2>/dev/null; then
        die "dumpcap lost packets in $CAPTURE_FILE"
    fi
    local target=$OUT_DIR/${CAPTURE_FILE##*/}
    case $CAPTURE_FILE in
        *.pcapng) "$RECORD_DIR/pcapng.py" strip-host "$CAPTURE_FILE" "$target" ;;
        *) cp "$CAPTURE_FILE" "$target" ;;
    esac
    rm -f "$CAPTURE_FILE"
}
