#!/bin/sh
# Everything the project needs on a fresh machine, once: a second run sees it is there and ends.
#   deploy/setup.sh            what `make demo` needs
#   deploy/setup.sh test       also the database servers that only tests read from
# Global installs: Debian's ODBC drivers and, for the tests, its redis-server and libfaketime; nothing else. Python packages go to .venv, by the
# hashes in requirements.lock; MariaDB for the tests is unpacked under .venv, not installed.
set -eu
cd "$(dirname "$0")/.."
want="${1:-run}"

say() { printf '%s\n' "$*" >&2; }
fail() { say ""; say "setup: $1"; say "Next step: $2"; exit 1; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

find_python() {
    for name in "${PYTHON:-python3}" python3.13 python3.12 python3.11; do
        if command -v "$name" >/dev/null 2>&1 &&
            "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null
        then command -v "$name"; return; fi
    done
    fail "Python 3.11, 3.12 or 3.13 isn't here" "install it, or name it: make demo PYTHON=/path/to/python3.11"
}

odbc_packages() {
    printf 'unixodbc libsqliteodbc odbc-postgresql'
    [ "$want" = test ] && printf ' odbc-mariadb libfaketime'
    return 0
}

missing_packages() {
    for package in $(odbc_packages); do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || printf '%s ' "$package"
    done
}

install_odbc_drivers() {
    if ! command -v dpkg-query >/dev/null 2>&1 || ! command -v apt-get >/dev/null 2>&1; then
        command -v odbcinst >/dev/null 2>&1 && odbcinst -q -d 2>/dev/null | grep -q 'SQLite3' && return 0
        fail "this isn't Debian or Ubuntu, and unixODBC with the SQLite3 driver isn't here" \
            "install unixODBC and the drivers SQLite3 (sqliteodbc) and PostgreSQL Unicode (psqlodbc), listed in odbcinst.ini under these names"
    fi
    missing="$(missing_packages)"
    [ -n "$missing" ] || return 0
    say "setup: installing ODBC drivers: $missing"
    if [ "$(id -u)" != 0 ] && ! sudo -n true 2>/dev/null; then
        fail "installing ODBC drivers needs root or sudo" "sudo apt-get install $missing"
    fi
    as_root apt-get update -qq || say "setup: apt-get update failed; trying with the lists that are here"
    # shellcheck disable=SC2086
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null ||
        fail "apt-get could not install $missing" "sudo apt-get update && sudo apt-get install $missing"
}

install_python_packages() {
    python="$(find_python)"
    stamp="$( { cat requirements.lock pyproject.toml; "$python" -V; pwd; } | cksum)"
    if [ -f .venv/.setup-stamp ] && [ "$(cat .venv/.setup-stamp)" = "$stamp" ]; then return 0; fi
    if ! [ -x .venv/bin/python ]; then
        say "setup: making .venv"
        "$python" -m venv .venv || fail "could not make a virtual environment" "apt-get install python3-venv, or use another Python by PYTHON="
    fi
    if ! [ -x .venv/bin/uv ]; then
        say "setup: installing the installer (uv)"
        sed -n '/^uv==/,/[^\\]$/p' requirements.lock >.venv/uv.lock
        .venv/bin/python -m pip install -q --require-hashes -r .venv/uv.lock ||
            fail "pip could not install uv" "look at the lines above: is the package index reachable?"
    fi
    say "setup: installing Python packages (about a minute the first time)"
    # Compiled once, here: where PYTHONDONTWRITEBYTECODE is set (many images do), each process would
    # compile all it imports again: half of what a run of its own then costs.
    .venv/bin/uv pip sync -q --compile-bytecode --require-hashes --python .venv/bin/python requirements.lock ||
        fail "packages could not be installed" "look at the lines above: is the package index reachable?"
    .venv/bin/uv pip install -q --no-deps --no-build-isolation --python .venv/bin/python -e . ||
        fail "the project itself could not be installed" "look at the lines above"
    printf '%s' "$stamp" >.venv/.setup-stamp
}

compile_the_project() {
    # Compiled for the same reason as the packages. Every time: a changed source is compiled again,
    # which takes no time for all the others. Left undone (read-only folder), it only costs time.
    .venv/bin/python -m compileall -q vet_pipeline assets resources expectations automation benchmarks || true
}

download_mariadb() {
    # Ubuntu has no libpmem for every architecture; the server does without it there.
    apt-get download -qq mariadb-server-core mariadb-client-core mariadb-common liburing2 libaio1 libnuma1 libpmem1 libdaxctl1 libndctl6 2>/dev/null ||
        apt-get download -qq mariadb-server-core mariadb-client-core mariadb-common liburing2 libnuma1 2>/dev/null
}

unpack_mariadb() {
    [ -x .venv/mariadb/usr/sbin/mariadbd ] && return 0
    command -v apt-get >/dev/null 2>&1 || { say "setup: no apt-get, so tests on MariaDB will say that they are skipped"; return 0; }
    say "setup: unpacking a private MariaDB for the tests"
    rm -rf .venv/mariadb && mkdir -p .venv/mariadb/packages
    (
        cd .venv/mariadb/packages
        download_mariadb || { as_root apt-get update -qq && download_mariadb; }
        for package in *.deb; do dpkg -x "$package" ..; done
    ) || { rm -rf .venv/mariadb; say "setup: MariaDB could not be fetched, so its tests will say that they are skipped"; return 0; }
    rm -rf .venv/mariadb/packages
}

install_redis() {
    command -v redis-server >/dev/null 2>&1 && return 0
    if command -v apt-get >/dev/null 2>&1; then
        say "setup: installing redis-server for the tests on Celery"
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends redis-server >/dev/null 2>&1 ||
            { as_root apt-get update -qq && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends redis-server; } >/dev/null 2>&1 || true
    fi
    command -v redis-server >/dev/null 2>&1 || say "setup: redis-server could not be installed, so tests on Celery will say that they are skipped"
}

install_odbc_drivers
install_python_packages
compile_the_project
[ "$want" != test ] || unpack_mariadb
[ "$want" != test ] || install_redis
