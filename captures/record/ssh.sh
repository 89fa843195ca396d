#!/bin/bash
# ssh.sh - WebDAV through a forwarded port of OpenSSH: nothing can be told of what is inside.
#
# SPDX-License-Identifier: GPL-2.0-or-later

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=servers.sh
. "$RECORD_DIR/servers.sh"
# shellcheck source=scenarios.sh
. "$RECORD_DIR/scenarios.sh"

PACKAGES=("${APACHE_PACKAGES[@]}" openssh-server openssh-client)
LOCAL_PORT=8022 # of the client's end of the tunnel

# Throw-away keys; www-data may log in because no shell is asked for.
sshd_start() {
    local root=$WORK_DIR/ssh
    mkdir "$root"
    ssh-keygen -q -t ed25519 -N '' -C lab -f "$root/host"
    ssh-keygen -q -t ed25519 -N '' -C lab -f "$root/user"
    mv "$root/user.pub" "$root/authorized" # ssh would offer to read it
    chmod 711 "$root"
    mount -t tmpfs -o mode=755 tmpfs /run # seen in this namespace only
    mkdir /run/sshd
    cat > "$root/sshd_config" <<EOF
ListenAddress 127.0.0.1:22
HostKey $root/host
PidFile none
AuthorizedKeysFile $root/authorized
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
AllowUsers www-data
AllowTcpForwarding local
PermitOpen 127.0.0.1:80
EOF
    start_server sshd 22 /usr/sbin/sshd -D -e -f "$root/sshd_config"
}

# tunnel_start: the port LOCAL_PORT of this end leads to Apache at the other
tunnel_start() {
    start_server ssh "$LOCAL_PORT" ssh -F none -N -i "$WORK_DIR/ssh/user" \
        -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o IdentitiesOnly=yes \
        -o ExitOnForwardFailure=yes -L "127.0.0.1:$LOCAL_PORT:127.0.0.1:80" www-data@127.0.0.1
}

record_begin "$@"
apache_start
mixed_setup http://127.0.0.1/dav/
sshd_start
capture_start apache-ssh-tunnel 'tcp port 22'
tunnel_start
mixed_requests "http://127.0.0.1:$LOCAL_PORT/dav/"
kill "${SERVER_PIDS[-1]}" # the end of the tunnel belongs to the recording
capture_stop
record_end
