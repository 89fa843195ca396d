#!/bin/bash
# svn.sh - Subversion: the svn client and mod_dav_svn, HTTP protocol v2.
#
# SPDX-License-Identifier: GPL-2.0-or-later

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=servers.sh
. "$RECORD_DIR/servers.sh"
# shellcheck source=scenarios.sh
. "$RECORD_DIR/scenarios.sh"

PACKAGES=("${APACHE_PACKAGES[@]}" libapache2-mod-svn subversion)
REPOSITORY_URL=http://127.0.0.1/svn

# svn_lab ARGUMENT...: some commands fail on purpose (locks of anonymous users, missing paths, an
# out-of-date commit), so no exit status counts here; the log keeps the messages.
svn_lab() {
    svn --non-interactive --config-dir "$WORK_DIR/svn-configuration" --username lab "$@" \
        >> "$WORK_DIR/logs/svn.log" 2>&1 || true
}

create_repository() {
    local repository
    repository=$(apache_repository)
    mkdir -p "$WORK_DIR/apache"
    svnadmin create "$repository"
    # Changing a log message needs this hook.
    printf '#!/bin/sh\nexit 0\n' > "$repository/hooks/pre-revprop-change"
    chmod 755 "$repository/hooks/pre-revprop-change"
    chown -R www-data:www-data "$repository"
}

# $1: working copy
first_revisions() {
    local number
    svn_lab mkdir -m layout $REPOSITORY_URL/trunk $REPOSITORY_URL/branches
    svn_lab checkout -q $REPOSITORY_URL/trunk "$1"
    cd "$1"
    for number in {1..12}; do
        printf 'int f%d(void) { return %d; }\n' "$number" "$number" > "f$number.c"
    done
    mkdir docs
    printf 'readme\n' > docs/README
    printf '<b>&</b>\n' > 'docs/a & b.txt'
    svn_lab add -q --force .
    svn_lab commit -q -m 'add files'
    svn_lab propset -q svn:eol-style native f1.c
    svn_lab propset -q my:review 'ok, <fine> & "done"' f2.c
    printf 'more\n' >> f3.c
    svn_lab commit -q -m props
}

read_repository() {
    svn_lab update
    svn_lab log -v
    svn_lab ls -v -R $REPOSITORY_URL/trunk
    svn_lab info $REPOSITORY_URL/trunk/f1.c
    svn_lab lock -m mine f4.c
    svn_lab unlock f4.c
    svn_lab propget my:review $REPOSITORY_URL/trunk/f2.c
    svn_lab proplist -v $REPOSITORY_URL/trunk/f2.c
    svn_lab blame f3.c
    svn_lab diff -r 2:HEAD
    svn_lab propset --revprop -r 1 svn:log 'layout, edited' $REPOSITORY_URL
    svn_lab propget --revprop -r 1 svn:log $REPOSITORY_URL
    svn_lab proplist --revprop -v -r 2 $REPOSITORY_URL
}

branch_and_merge() {
    svn_lab copy -q -m branch $REPOSITORY_URL/trunk $REPOSITORY_URL/branches/b1
    svn_lab switch -q $REPOSITORY_URL/branches/b1
    svn_lab rm -q f9.c
    svn_lab move -q f8.c g8.c
    svn_lab commit -q -m 'rm+mv'
    svn_lab log -q
    svn_lab mergeinfo $REPOSITORY_URL/branches/b1 $REPOSITORY_URL/trunk
}

# $1: second working copy
failures() {
    svn_lab ls $REPOSITORY_URL/nosuch
    svn_lab propget my:review $REPOSITORY_URL/trunk/nosuch.c
    svn_lab checkout -q $REPOSITORY_URL/trunk "$1"
    svn_lab lock "$1/f5.c"
    printf 'x\n' >> "$1/f6.c"
    svn_lab commit -q -m 'from the other copy' "$1"
    svn_lab switch -q $REPOSITORY_URL/trunk
    svn_lab update -q -r 3
    printf 'y\n' >> f6.c
    svn_lab commit -q -m 'out of date'
    printf 'z\n' >> f5.c
    svn_lab commit -q -m 'not locked' f5.c
    svn_lab lock f5.c
}

record_begin "$@"
create_repository
apache_start
capture_start apache-svn-httpv2 'tcp port 80'
first_revisions "$WORK_DIR/copy-a"
read_repository
branch_and_merge
failures "$WORK_DIR/copy-b"
capture_stop
record_end
