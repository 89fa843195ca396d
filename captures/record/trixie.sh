# trixie.sh - programs of Debian 13 for the captures of HTTP/3: Debian 12 has neither a curl nor an
# nginx that speaks it.
#
# Sourced after lib.sh.  trixie_prepare comes before record_begin, because it needs the network (once:
# the folder is kept, see below), trixie_enter after it; in_trixie runs a program.
#   TRIXIE_DIR  where Debian 13 is unpacked, by debootstrap; /var/cache/multistatus-trixie by default
#
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash

TRIXIE_DIR=${TRIXIE_DIR:-/var/cache/multistatus-trixie}
TRIXIE_PACKAGES=(curl nginx libnginx-mod-http-dav-ext python3 python3-aioquic)

in_trixie() { chroot "$TRIXIE_DIR" "$@"; }

# Where apt gets this release.
trixie_mirror() {
    # shellcheck disable=SC2016  # apt-get expands it
    apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 'Codename: bookworm' | head -n 1
}

# As lib.sh does with packages: without --install it only says what is missing.
trixie_prepare() {
    [ -z "${MULTISTATUS_RECORD_NAMESPACE:-}" ] || return 0
    [ ! -e "$TRIXIE_DIR/.complete" ] || return 0
    [ "$(id -u)" -eq 0 ] || return 0 # record_begin says why
    case " $* " in
        *' --install '*) ;;
        *) die "no Debian 13 in $TRIXIE_DIR (run again with --install, or name another TRIXIE_DIR)" ;;
    esac
    # shellcheck disable=SC2034  # lib.sh reads it
    INSTALL=yes
    require_packages debootstrap
    rm -rf "$TRIXIE_DIR"
    debootstrap --variant=minbase --include=ca-certificates trixie "$TRIXIE_DIR" "$(trixie_mirror)"
    # What this machine tells apt about the way to the mirror; no service may start.
    apt-config dump | grep -E '^Acquire::https?::' > "$TRIXIE_DIR/etc/apt/apt.conf.d/80record" || true
    printf '#!/bin/sh\nexit 101\n' > "$TRIXIE_DIR/usr/sbin/policy-rc.d"
    chmod 755 "$TRIXIE_DIR/usr/sbin/policy-rc.d"
    in_trixie apt-get -q update
    DEBIAN_FRONTEND=noninteractive in_trixie apt-get -q -y --no-install-recommends install \
        "${TRIXIE_PACKAGES[@]}"
    touch "$TRIXIE_DIR/.complete"
}

# The mounts are gone with the namespace of the script.
trixie_enter() {
    mount --make-rprivate /
    mount -t tmpfs tmpfs "$TRIXIE_DIR/tmp"
    mkdir -p "$TRIXIE_DIR$WORK_DIR"
    mount --bind "$WORK_DIR" "$TRIXIE_DIR$WORK_DIR"
    mount --bind /dev "$TRIXIE_DIR/dev"
    mount -t proc proc "$TRIXIE_DIR/proc"
}

# A small key, so that the handshake is small.
certificate() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
        -subj /CN=dav.example -addext subjectAltName=DNS:dav.example \
        -keyout "$WORK_DIR/key.pem" -out "$WORK_DIR/certificate.pem" 2> "$WORK_DIR/logs/openssl.log"
}
