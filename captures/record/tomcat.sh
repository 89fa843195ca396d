#!/bin/bash
# tomcat.sh - the WebDAV servlet of Apache Tomcat, port 8080.
#
# SPDX-License-Identifier: GPL-2.0-or-later

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=servers.sh
. "$RECORD_DIR/servers.sh"
# shellcheck source=scenarios.sh
. "$RECORD_DIR/scenarios.sh"

PACKAGES=("${TOMCAT_PACKAGES[@]}")
BASE=http://127.0.0.1:8080/dav/

record_begin "$@"
tomcat_start

capture_start tomcat-locks 'tcp port 8080'
delete_locked $BASE
copy_move_locked $BASE
lock_conflict $BASE
proppatch_protected $BASE
propfind_unknown $BASE
capture_stop
record_end
