#!/usr/bin/env bash
# Prove `./dev up` on a fresh clone: as root, as an ordinary user, and on a bare Debian without Pango, Chromium,
# Postgres or Redis. Needs root and, for the bare ones, debootstrap. docs/how-to/prove-a-fresh-start.md explains it.
#     tests/platform/prove_fresh_start.sh [root] [user] [bare-root] [bare-user]
set -euo pipefail
project=$(git -C "$(dirname "$0")" rev-parse --show-toplevel)
bare=${BARE_ROOT:-/var/tmp/practice-bare-root}
person=practice-proof
port=${PORT:-8411}
work=$(mktemp -d /var/tmp/practice-proof.XXXXXX)
chmod 755 "$work"
failures=0

say() { printf '%s\n' "$*"; }
fail() { say "FAILED: $*"; failures=$((failures + 1)); }

clean_up() {
    userdel "$person" 2>/dev/null || true
    for mount in "$bare/dev/shm" "$bare/dev" "$bare/proc"; do mountpoint -q "$mount" && umount "$mount"; done
    rm -rf "$work"
}
trap clean_up EXIT

# The caller's way to the package index comes along, and nothing else of the caller's surroundings.
carried() { env | grep -E '^(PIP_|https?_proxy=|HTTPS?_PROXY=|no_proxy=|NO_PROXY=|SSL_CERT_FILE=)' | tr '\n' '\0' | xargs -0 printf '%q ' || true; }

make_bare_root() {
    if [ ! -x "$bare/usr/bin/python3" ]; then
        debootstrap --variant=minbase --include=python3,python3-venv,ca-certificates bookworm "$bare" >"$work/debootstrap.log"
    fi
    cp /etc/resolv.conf "$bare/etc/resolv.conf"
    cp /etc/ssl/certs/ca-certificates.crt "$bare/etc/ssl/certs/ca-certificates.crt"
    mountpoint -q "$bare/proc" || mount -t proc proc "$bare/proc"
    mountpoint -q "$bare/dev" || mount --bind /dev "$bare/dev"
    mountpoint -q "$bare/dev/shm" || mount -t tmpfs tmpfs "$bare/dev/shm"
    for name in postgres redis-server valkey-server chromium uv docker make git; do
        if chroot "$bare" sh -c "command -v $name" >/dev/null; then fail "the bare root is not bare: $name"; fi
    done
}

# start FILE COMMAND...: seconds until "Ready", or nothing.
seconds_until_ready() {
    local out=$1 pid=$2 begun=$SECONDS
    while [ $((SECONDS - begun)) -lt 900 ]; do
        if grep -q "^Ready: http://127.0.0.1:$port$" "$out"; then say "$((SECONDS - begun))"; return; fi
        kill -0 "$pid" 2>/dev/null || return 0
        sleep 0.2
    done
}

# run LABEL FOLDER COMMAND...: start cold, look, stop, start warm, kill outright; nothing may be left each time.
run() {
    local label=$1 folder=$2
    shift 2
    : >"$work/said"
    for round in cold warm; do
        "$@" >"$work/out" 2>&1 &
        local pid=$! seconds
        seconds=$(seconds_until_ready "$work/out" "$pid")
        if [ -z "$seconds" ]; then
            fail "$label, $round: not ready"
            cat "$work/out"
            kill "$pid" 2>/dev/null || true
            return
        fi
        [ "$(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$port/health/")" = 200 ] || fail "$label, $round: health"
        [ "$(curl -s -o /dev/null -w '%{http_code}' -L "http://127.0.0.1:$port/")" = 200 ] || fail "$label, $round: first page"
        cat "$work/out" >>"$work/said"
        say "$label, $round start: ready after $seconds s$(grep -o 'PDFs need Pango' "$work/out" | sed 's/^/; said: /' || true)"
        if [ "$round" = cold ]; then kill -TERM "$pid"; else kill -9 "$pid"; fi
        wait "$pid" 2>/dev/null || true
        for _ in $(seq 100); do left_over "$folder" || break; sleep 0.2; done
        if left_over "$folder"; then fail "$label, $round: processes left behind"; fi
    done
}

left_over() {
    local mark=$1 entry
    for entry in /proc/[0-9]*; do
        if tr '\0' '\n' 2>/dev/null <"$entry/environ" | grep -qxF "DATA_DIR=$mark/.data"; then return 0; fi
        if tr '\0' ' ' 2>/dev/null <"$entry/cmdline" | grep -qF -- "-D $mark/.data/postgres"; then return 0; fi
    done
    return 1
}

clone() { git clone -q "$project" "$1"; }

prove_root() {
    clone "$work/root folder/practice"
    run "root" "$work/root folder/practice" env -i PATH="$PATH" HOME=/root PORT="$port" $(carried) "$work/root folder/practice/dev" up
}

prove_user() {
    useradd --create-home --home-dir "$work/home of $person" "$person"
    clone "$work/home of $person/my practice"
    chown -R "$person" "$work/home of $person"
    run "ordinary user" "$work/home of $person/my practice" \
        setpriv --reuid "$person" --regid "$person" --clear-groups --no-new-privs \
        env -i PATH=/usr/local/bin:/usr/bin:/bin HOME="$work/home of $person" PORT="$port" $(carried) \
        "$work/home of $person/my practice/dev" up
}

prove_bare() {
    local account=$1 folder=$2
    make_bare_root
    rm -rf "${bare:?}$folder"
    mkdir -p "$(dirname "$bare$folder")"
    clone "$bare$folder"
    if [ "$account" != root ]; then
        chroot "$bare" dpkg --purge --force-depends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 >/dev/null 2>&1 || true
        chroot "$bare" id "$account" >/dev/null 2>&1 || chroot "$bare" useradd --create-home "$account"
        chroot "$bare" chown -R "$account" "$folder"
    fi
    run "bare Debian, $account" "$folder" \
        chroot --userspec="$account" "$bare" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp PORT="$port" $(carried) "$folder/dev" up
    if [ "$account" != root ] && ! grep -q 'PDFs need Pango' "$work/said"; then fail "bare Debian, $account: nothing said of Pango"; fi
    rm -rf "${bare:?}$folder"
}

for case in "${@:-root user bare-root bare-user}"; do
    for one in $case; do
        case $one in
        root) prove_root ;;
        user) prove_user ;;
        bare-user) prove_bare "$person" "/home/$person/my practice" ;;
        bare-root) prove_bare root "/srv/a practice" ;;
        *) say "unknown: $one"; exit 2 ;;
        esac
    done
done
say "$failures failed"
exit "$((failures > 0))"
