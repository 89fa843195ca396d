# npm.sh - servers from npm for the captures of batches: Debian has none that answers these.
#
# Sourced after lib.sh.  npm_prepare comes before record_begin, because it needs the network (once: the
# folder is kept, see below).
#   NPM_DIR  where the packages are, /var/cache/multistatus-npm by default
#
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash

NPM_DIR=${NPM_DIR:-/var/cache/multistatus-npm}
NPM_PACKAGES=(@apollo/server@4.12.2 @sap-ux/fe-mockserver-core@1.7.16 azurite@3.35.0 dynalite@4.0.0
    graphql@16.11.0 jayson@4.2.0 kinesalite@3.3.3 s3rver@3.7.1)
export NODE_PATH=$NPM_DIR/node_modules

# As lib.sh does with packages: without --install it only says what is missing.
npm_prepare() {
    local wanted="${NPM_PACKAGES[*]}"
    [ -z "${MULTISTATUS_RECORD_NAMESPACE:-}" ] || return 0
    [ "$(node --version 2>/dev/null | tr -dc '0-9.' | cut -d . -f 1)" -ge 20 ] 2>/dev/null ||
        die "Node.js 20 or later is needed (Debian 12 has 18)"
    [ "$(cat "$NPM_DIR/.complete" 2>/dev/null)" != "$wanted" ] || return 0
    case " $* " in
        *' --install '*) ;;
        *) die "no such servers in $NPM_DIR (run again with --install, or name another NPM_DIR)" ;;
    esac
    mkdir -p "$NPM_DIR"
    # Nothing of the packages runs while they are installed.
    npm install --prefix "$NPM_DIR" --ignore-scripts --no-audit --no-fund "${NPM_PACKAGES[@]}"
    printf '%s\n' "$wanted" > "$NPM_DIR/.complete"
}

# npm_server NAME PORT PROGRAM [OPTION...]: one that a package brings, by its path there
npm_server() {
    local name=$1 port=$2 program=$3
    shift 3
    start_server "$name" "$port" env -C "$WORK_DIR" node "$NODE_PATH/$program" "$@"
}

# library_server KIND PORT: one of npm_servers.js
library_server() {
    start_server "$1" "$2" node "$RECORD_DIR/npm_servers.js" "$1" "$2" "$WORK_DIR"
}
