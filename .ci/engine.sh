# shellcheck shell=bash
# A Docker engine for the container suite: the one that answers, or one started here.
# Sourced by .ci/run.

ENGINE_PID=""
ENGINE_LOG=""

engine_answers() { timeout 10 docker info >/dev/null 2>&1; }

# Another client may stand earlier on PATH; the distribution's own matches its engine and
# carries BuildKit, so it goes first.
prefer_system_docker() {
    if [ -x /usr/bin/docker ]; then
        PATH="/usr/bin:$PATH"
        hash -r
    fi
}

need_root_and_apt() {
    if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
        say "$1; it can be installed here only as root on Debian, so please install it"
        return 1
    fi
}

install_packages() {
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq </dev/null
    apt-get install -y -qq --no-install-recommends "$@" </dev/null >/dev/null
}

install_engine() {
    local missing=()
    [ -x /usr/bin/docker ] && command -v dockerd >/dev/null || missing+=(docker.io)
    command -v docker-compose >/dev/null || docker compose version >/dev/null 2>&1 \
        || missing+=(docker-compose)
    [ "${#missing[@]}" -eq 0 ] && return 0
    need_root_and_apt "${missing[*]} not found" || return 1
    say "${missing[*]} not found: installing from the distribution's packages"
    install_packages "${missing[@]}" ca-certificates
    hash -r
}

start_engine() {
    ENGINE_LOG="$(mktemp)"
    # setsid: Ctrl-C must reach this script first, which then takes the containers down.
    setsid dockerd >"$ENGINE_LOG" 2>&1 </dev/null &
    ENGINE_PID=$!
    local tries
    for tries in $(seq 1 120); do
        engine_answers && return 0
        kill -0 "$ENGINE_PID" 2>/dev/null || break
        sleep 0.5
    done
    say "the Docker engine did not start (try $tries); the end of its log:"
    tail -n 20 "$ENGINE_LOG"
    return 1
}

ensure_engine() {
    prefer_system_docker
    if ! engine_answers; then
        install_engine && prefer_system_docker
        engine_answers || { say "no Docker engine answers: starting one"; start_engine; }
    fi || return 1
    install_engine
}

stop_engine() {
    [ -n "$ENGINE_PID" ] || return 0
    kill "$ENGINE_PID" 2>/dev/null && wait "$ENGINE_PID" 2>/dev/null
    rm -f "$ENGINE_LOG"
    ENGINE_PID=""
}
