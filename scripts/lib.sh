# shellcheck shell=bash
# lib.sh: what the scripts of this folder share. Sourced, never run.
#
# say, warn, die         messages on stderr, so that stdout stays for results
# need PURPOSE...        installs the packages of the purposes build, test, shells, valgrind, browser,
#                        servers, lint, fuzz, coverage, compat, bench, cluster, package, windows, in-tree that are missing
# fetch_npm FOR PACKAGE   fetches what tests look with, by npm as this machine has it set up
# apt_address SUFFIX     prints where apt gets this release, or its -security updates, from
# configure PRESET       configures and builds one of CMakePresets.json
# pack_sources           writes the files that git knows to stdout, as tar
# source_date            prints when the last of them was committed, in seconds since 1970
# find_python MODULE     prints a python3 that has MODULE
# wireshark_source       prints where the source of the installed Wireshark is, which apt fetches
# within FOLDER COMMAND...   runs it in the system that is unpacked there (root, mount namespaces)
#
# NO_INSTALL=1 installs nothing and only says what is missing.
#
# SPDX-License-Identifier: GPL-2.0-or-later

set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
JOBS=${JOBS:-$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)}

say() { printf '%s\n' "$*" >&2; }
warn() { say "warning: $*"; }
die() {
    say "error: $*"
    exit 1
}

# ---------------------------------------------------------------------------------- packages ----

# Prints the package manager of this system; fails if there is none that is known here.
package_manager() {
    local manager
    for manager in apt-get dnf brew; do
        if command -v "$manager" >/dev/null 2>&1; then
            echo "$manager"
            return
        fi
    done
    return 1
}

# Prints the version of the clang that this Debian has by default.
default_clang() {
    apt-cache depends clang 2>/dev/null | sed -n 's/^ *Depends: clang-\([0-9]*\)$/\1/p' | head -n 1
}

# packages_for MANAGER PURPOSE: prints one package name a line.
# Debian: wireshark-dev has the CMake files, libwireshark-dev and friends the headers and libraries;
# Wireshark's header of TLS wants those of libgcrypt and does not depend on them;
# gcc brings the sanitizers' libraries, but the C library's headers only as a recommendation.
packages_for() {
    local -a list=()
    case $1:$2 in
    apt-get:build)
        list=(cmake ninja-build gcc libc6-dev pkg-config libglib2.0-dev libxml2-dev
            zlib1g-dev libzstd-dev libbrotli-dev libnghttp3-dev libarchive-dev libsqlite3-dev libjansson-dev
            libseccomp-dev wireshark-dev libwireshark-dev libwiretap-dev libwsutil-dev libgcrypt20-dev)
        ;;
    apt-get:test)
        list=(tshark wireshark-common libxml2-utils python3 python3-pytest python3-pytest-xdist
            python3-jsonschema python3-prometheus-client gzip zstd brotli util-linux
            jq sqlite3 python3-yaml)
        ;;
    *:shells)
        list=(zsh fish)
        ;;
    apt-get:valgrind)
        list=(valgrind)
        ;;
    apt-get:browser)
        list=(chromium)
        ;;
    apt-get:servers)
        list=(apache2-bin cadaver curl litmus tcpdump)
        ;;
    apt-get:lint)
        list=(clang-format-14 cppcheck shellcheck python3 pyflakes3 git binutils)
        ;;
    apt-get:fuzz)
        list=(clang "libfuzzer-$(default_clang)-dev")
        ;;
    apt-get:coverage)
        list=(llvm)
        ;;
    apt-get:bench)
        list=(tshark wireshark-common time python3 util-linux)
        ;;
    apt-get:compat)
        list=(debootstrap debian-archive-keyring python3 util-linux)
        ;;
    apt-get:cluster)
        list=(slurmctld slurmd slurm-client munge parallel python3)
        ;;
    apt-get:package)
        list=(build-essential debhelper lintian pkgconf rpm debootstrap
            debian-archive-keyring)
        ;;
    apt-get:windows)
        list=(gcc-mingw-w64-x86-64-win32)
        ;;
    apt-get:in-tree)
        list=(g++ flex libc-ares-dev libspeexdsp-dev libnghttp2-dev libgnutls28-dev libpcre2-dev perl python3)
        ;;
    dnf:build)
        list=(cmake ninja-build gcc pkgconf-pkg-config glib2-devel libxml2-devel zlib-devel
            libzstd-devel brotli-devel libnghttp3-devel libarchive-devel sqlite-devel jansson-devel
            libseccomp-devel libgcrypt-devel wireshark-devel)
        ;;
    dnf:test)
        list=(wireshark-cli libxml2 python3 python3-pytest python3-pytest-xdist
            python3-jsonschema libasan libubsan gzip zstd brotli util-linux jq sqlite
            python3-pyyaml)
        ;;
    dnf:valgrind)
        list=(valgrind)
        ;;
    dnf:browser)
        list=(chromium)
        ;;
    dnf:lint)
        list=(clang-tools-extra cppcheck ShellCheck python3 python3-pyflakes git-core binutils)
        ;;
    dnf:fuzz)
        list=(clang compiler-rt)
        ;;
    dnf:coverage)
        list=(llvm)
        ;;
    brew:build)
        list=(cmake ninja pkg-config glib libxml2 zstd brotli libnghttp3 libarchive sqlite jansson wireshark)
        ;;
    brew:test)
        list=(python pytest)
        ;;
    brew:fuzz | brew:coverage)
        list=(llvm)
        ;;
    brew:lint)
        list=(clang-format cppcheck shellcheck)
        ;;
    dnf:servers | brew:valgrind | brew:browser | brew:servers) ;; # those tests are skipped by name
    *) die "no package list for '$2' with $1" ;;
    esac
    [[ ${#list[@]} -eq 0 ]] || printf '%s\n' "${list[@]}"
}

# is_installed MANAGER PACKAGE
is_installed() {
    case $1 in
    apt-get)
        [[ $(dpkg-query -W -f '${db:Status-Status}' "$2" 2>/dev/null) == installed ]]
        ;;
    dnf) rpm -q --whatprovides "$2" >/dev/null 2>&1 ;;
    brew) brew list --versions "$2" >/dev/null 2>&1 ;;
    esac
}

# as_root COMMAND...: runs it as it is for root, by sudo for everybody else.
as_root() {
    if [[ $(id -u) -eq 0 ]]; then
        "$@"
    else
        sudo "$@"
    fi
}

# need PURPOSE...: says what it will install, then installs it. Without anything missing it is
# silent and needs no network.
need() {
    local manager purpose package
    local -a missing=()
    if ! manager=$(package_manager); then
        warn "no apt-get, dnf or brew here: nothing can be checked or installed." \
            "CONTRIBUTING.md lists what is needed."
        return
    fi
    for purpose in "$@"; do
        while read -r package; do
            if [[ " ${missing[*]-} " != *" $package "* ]] && ! is_installed "$manager" "$package"; then
                missing+=("$package")
            fi
        done < <(packages_for "$manager" "$purpose")
    done
    [[ ${#missing[@]} -gt 0 ]] || return 0

    if [[ ${NO_INSTALL:-} == 1 ]]; then
        warn "not installed, and NO_INSTALL=1 forbids it: ${missing[*]}"
        return
    fi
    say "To be installed with $manager: ${missing[*]}"
    if [[ $manager != brew && $(id -u) -ne 0 ]] && ! command -v sudo >/dev/null 2>&1; then
        die "installing needs root or sudo, and sudo is not here. As root:" \
            "$manager install ${missing[*]}"
    fi
    case $manager in
    apt-get)
        # wireshark-common asks whether ordinary users may capture: noninteractive takes its "no".
        as_root env DEBIAN_FRONTEND=noninteractive \
            apt-get -q -o DPkg::Lock::Timeout=300 update >&2
        as_root env DEBIAN_FRONTEND=noninteractive \
            apt-get -q -y -o DPkg::Lock::Timeout=300 install --no-install-recommends \
            "${missing[@]}" >&2
        ;;
    dnf) as_root dnf -q -y install --setopt=install_weak_deps=False "${missing[@]}" >&2 ;;
    brew) brew install "${missing[@]}" >&2 ;;
    esac
}

# fetch_npm FOR PACKAGE@VERSION: a package for some tests, into a folder of its own below build/npm. The
# tests that look with it are skipped where it is not available.
fetch_npm() {
    local package=${2%@*}
    local folder=$ROOT/build/npm/${package##*/}
    [[ ! -s $folder/node_modules/$package/package.json ]] || return 0
    if ! command -v npm >/dev/null 2>&1; then
        warn "npm is not installed: $1 not checked with $package"
    elif [[ ${NO_INSTALL:-} == 1 ]]; then
        warn "$package is not there, and NO_INSTALL=1 forbids to fetch it"
    else
        mkdir -p "$folder"
        timeout 120 npm install --prefix "$folder" --no-save --no-audit --no-fund --ignore-scripts \
            --loglevel error "$2" >&2 || warn "npm could not fetch $package"
    fi
}

# apt_address SUFFIX: prints the address from which apt gets this machine's own release (SUFFIX is
# empty) or its security updates ("-security"); nothing if it is configured for none.
apt_address() {
    local codename
    codename=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
    # shellcheck disable=SC2016  # apt expands these
    apt-get indextargets --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
        awk -v release="$codename$1" \
            '$1 == release && $2 == "main" { sub(/\/$/, "", $3); print $3; exit }'
}

# wireshark_source: prints the folder with the source of the Wireshark that is installed, as far as its
# checkers and our tests read it: tools, dissectors, the captures of its own tests. It is WIRESHARK_SOURCE, or
# what apt fetches into build-wireshark, or nothing. apt gets a configuration and folders of its own, because
# the machine's own may lack sources.
wireshark_source() {
    local fetched=$ROOT/build-wireshark
    if [[ -n ${WIRESHARK_SOURCE:-} ]]; then
        printf '%s\n' "$WIRESHARK_SOURCE"
    elif [[ $(package_manager) == apt-get ]] && (fetch_wireshark "$fetched" >&2); then
        printf '%s\n' "$fetched/source"
    fi
}

# fetch_wireshark FOLDER: in a shell of its own.
fetch_wireshark() {
    local fetched=$1 version codename suffix address keyring options
    version=$(dpkg-query -W -f '${source:Version}' libwireshark-dev 2>/dev/null)
    [[ -n $version ]] || exit 1
    [[ $(cat "$fetched/.version" 2>/dev/null) != "$version" ]] || exit 0
    rm -rf "$fetched"
    mkdir -p "$fetched/lists/partial" "$fetched/archives/partial"
    keyring=/usr/share/keyrings/debian-archive-keyring.gpg
    codename=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
    for suffix in "" -security; do
        address=$(apt_address "$suffix")
        [[ -z $address ]] ||
            printf 'deb-src [%s] %s %s%s main\n' "signed-by=$keyring" "$address" "$codename" "$suffix"
    done >"$fetched/sources.list"
    options=(-q -o "Dir::Etc::SourceList=$fetched/sources.list" -o Dir::Etc::SourceParts=-
        -o "Dir::State::Lists=$fetched/lists" -o "Dir::Cache=$fetched" -o APT::Sandbox::User="")
    cd "$fetched" || exit 1
    timeout 300 apt-get "${options[@]}" update >fetch.log 2>&1 &&
        timeout 300 apt-get "${options[@]}" source --download-only "wireshark=$version" \
            >>fetch.log 2>&1 &&
        mkdir source &&
        tar -C source --strip-components=1 -xf wireshark_*.orig.tar.* --wildcards \
            '*/tools/*' '*/epan/*' '*/test/captures/*' &&
        printf '%s\n' "$version" >.version
}

# within FOLDER COMMAND...: runs it in the system that is unpacked there, in an environment of its own.
# Mounts and processes end with it.
within() {
    # shellcheck disable=SC2016  # the inner shell is to expand these
    unshare --mount --pid --fork --kill-child --propagation private bash -c '
        set -e
        root=$1
        shift
        mount -t proc proc "$root/proc"
        mount --rbind /dev "$root/dev"
        cp --remove-destination -L /etc/resolv.conf "$root/etc/resolv.conf" 2>/dev/null || true
        exec chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TZ=UTC LC_ALL=C \
            DEBIAN_FRONTEND=noninteractive PYTHONDONTWRITEBYTECODE=1 "$@"' \
        within "$@" </dev/null
}

# ------------------------------------------------------------------------------------- build ----

# build_folder PRESET: prints where CMakePresets.json puts it.
build_folder() {
    if [[ $1 == release ]]; then
        echo "$ROOT/build"
    else
        echo "$ROOT/build-$1"
    fi
}

# configure PRESET [CMAKE-OPTION...]: configures and builds; what the tools say goes to stderr.
configure() {
    local preset=$1 folder
    shift
    folder=$(build_folder "$preset")
    # A folder that was copied or moved here, or made with another generator, cannot be used.
    if [[ -f $folder/CMakeCache.txt ]] &&
        ! { grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$ROOT" "$folder/CMakeCache.txt" &&
            grep -qxF "CMAKE_GENERATOR:INTERNAL=Ninja" "$folder/CMakeCache.txt"; }; then
        say "Starting over in $folder, which was made elsewhere or with another generator."
        rm -rf "$folder"
    fi
    # Joined by && because "set -e" is off wherever a caller asks for the outcome.
    (cd "$ROOT" && cmake --preset "$preset" -G Ninja "$@") >&2 &&
        cmake --build "$folder" --parallel "$JOBS" >&2
}

# A container may have got the folder from somebody else; only the names of its files are asked for.
git_here() { git -c safe.directory="$ROOT" -C "$ROOT" "$@"; }

# pack_sources: the files that git knows, as tar; without git, everything but what was built.
pack_sources() {
    (
        cd "$ROOT"
        if git_here rev-parse --is-inside-work-tree >/dev/null 2>&1; then
            git_here ls-files -z
        else
            find . \( -name .git -o -name 'build*' -o -name dist \) -prune -o -type f -print0
        fi | tar --null --files-from=- --create --file=-
    )
}

# source_date: when the last of them was committed, in seconds since 1970.
source_date() { git_here log -1 --format=%ct 2>/dev/null || stat -c %Y "$ROOT/CHANGES.md"; }

# find_python MODULE: the system's own first, because that is where the packages put modules.
find_python() {
    local python
    for python in /usr/bin/python3 python3; do
        if command -v "$python" >/dev/null 2>&1 && "$python" -c "import $1" 2>/dev/null; then
            echo "$python"
            return
        fi
    done
    die "no python3 with the module '$1'"
}
