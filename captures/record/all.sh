#!/bin/bash
# all.sh - every recording, one after the other, then the derived captures.
#
# usage: all.sh [--install] [OUTDIR]
#
# SPDX-License-Identifier: GPL-2.0-or-later

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

parse_arguments "$@"
require_root
prepare_out_dir
options=()
if [ "$INSTALL" = yes ]; then options=(--install); fi

failed=()
for family in apache lighttpd nginx radicale sabredav xandikos tomcat svn http2 clients batch batches background \
    uncommon mitmproxy quic http3 ssh derive; do
    "$RECORD_DIR/$family.sh" "${options[@]}" "$OUT_DIR" || failed+=("$family")
done
[ ${#failed[@]} -eq 0 ] || die "failed: ${failed[*]}; the other captures are in $OUT_DIR"
