# shellcheck shell=bash
# The base image both Dockerfiles start from, and the servers of the full set: the ones here, the
# registry's, or stand-ins.
# Sourced by .ci/run, after engine.sh.

BASE_IMAGE="python:3.13-slim"
STAND_IN_LABEL="bouquet.stand-in"
CA_BUNDLE="${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}"

# The registry has answered once a pull names what it is pulling from; until then a pull
# may hang for minutes where no registry can be reached.
pull_base_image() {
    local log waited=0 pull
    log="$(mktemp)"
    timeout 300 docker pull "$BASE_IMAGE" >"$log" 2>&1 </dev/null &
    pull=$!
    while kill -0 "$pull" 2>/dev/null && [ "$waited" -lt 15 ]; do
        grep -q "Pulling from" "$log" && break
        sleep 1
        waited=$((waited + 1))
    done
    grep -q "Pulling from" "$log" || kill "$pull" 2>/dev/null
    wait "$pull" 2>/dev/null
    local status=$?
    [ "$status" -eq 0 ] || PULL_FAILURE="$(tail -n 1 "$log" | sed -E 's#(https?://)?[A-Za-z0-9.-]+\.[a-z]+[^ ]*#…#g')"
    rm -f "$log"
    return "$status"
}

# A stand-in made by another version of this file, or with other certificates, is stale.
stand_in_mark() {
    cat "${BASH_SOURCE[0]}" "$CA_BUNDLE" | sha256sum | cut -c 1-16
}

image_mark() {
    docker image inspect --format "{{index .Config.Labels \"$STAND_IN_LABEL\"}}" "$BASE_IMAGE" 2>/dev/null
}

# The mirror this machine's own apt uses; none named leaves debootstrap its default.
apt_mirror() {
    # shellcheck disable=SC2016 # apt expands it
    apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 2>/dev/null \
        | grep -E '/debian/?$' | head -n 1
}

# What a build inside the stand-in needs of this machine to fetch packages: its certificates,
# and its package index if it has one of its own (never one with a password in it).
carry_machine_settings() {
    local root="$1" index
    mkdir -p "$root/etc/ssl/certs"
    cp "$CA_BUNDLE" "$root/etc/ssl/certs/ca-certificates.crt"
    # A machine without an index of its own has no such setting, which pip says with an error: then there is none.
    index="$(python3 -m pip config get global.index-url 2>/dev/null || true)"
    {
        echo "[global]"
        echo "cert = /etc/ssl/certs/ca-certificates.crt"
        case "$index" in *@*) ;; ?*) echo "index-url = $index" ;; esac
    } >"$root/etc/pip.conf"
}

# The names and the emptiness of the real image.
shape_like_slim() {
    local root="$1"
    ln -sf /usr/bin/python3 "$root/usr/local/bin/python3"
    ln -sf /usr/bin/python3 "$root/usr/local/bin/python"
    rm -rf "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/* "$root"/var/log/* \
        "$root"/usr/share/doc/* "$root"/usr/share/man/* "$root"/usr/share/locale/* \
        "$root"/usr/share/info/* "$root"/debootstrap
}

import_stand_in() {
    tar -C "$1" --numeric-owner -c . | docker import \
        --change 'ENV PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin' \
        --change 'ENV LANG=C.UTF-8' \
        --change 'CMD ["python3"]' \
        --change "LABEL $STAND_IN_LABEL=$(stand_in_mark)" \
        - "$BASE_IMAGE" >/dev/null
}

make_stand_in() {
    local root mirror
    command -v debootstrap >/dev/null || {
        need_root_and_apt "debootstrap not found" && install_packages debootstrap
    } || return 1
    root="$(mktemp -d)"
    mirror="$(apt_mirror)"
    debootstrap --variant=minbase --include=python3,python3-venv,python3-pip,ca-certificates \
        trixie "$root" ${mirror:+"$mirror"} >"$root.log" 2>&1 </dev/null \
        && carry_machine_settings "$root" && shape_like_slim "$root" && import_stand_in "$root"
    local status=$?
    [ "$status" -eq 0 ] || { say "the stand-in could not be made:"; tail -n 10 "$root.log"; }
    rm -rf "$root" "$root.log"
    return "$status"
}

ensure_base_image() {
    local mark
    if docker image inspect "$BASE_IMAGE" >/dev/null 2>&1; then
        mark="$(image_mark)"
        [ -z "$mark" ] && return 0
        [ "$mark" = "$(stand_in_mark)" ] && { say "$BASE_IMAGE is the stand-in made by an earlier run"; return 0; }
        say "the stand-in for $BASE_IMAGE is from other settings: making it anew"
    elif PULL_FAILURE="no answer in 15 s"; pull_base_image; then
        return 0
    else
        say "$BASE_IMAGE cannot be pulled (${PULL_FAILURE}): making a stand-in from Debian trixie"
    fi
    make_stand_in
}

# The servers. A stand-in is the base image with the distribution's own package, and the variables,
# the user and the volume that the real image has.

SERVER_IMAGES="postgres:17 redis:7"

postgres_stand_in() {
    cat >"$1/Dockerfile" <<EOF
FROM $BASE_IMAGE
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends postgresql \\
 && rm -rf /var/lib/apt/lists/* /var/lib/postgresql/* \\
 && install -d -o postgres -g postgres -m 0700 /var/lib/postgresql/data \\
 && install -d -o postgres -g postgres -m 3777 /run/postgresql
COPY docker-entrypoint.sh /usr/local/bin/
ENV PGDATA=/var/lib/postgresql/data POSTGRES_USER=postgres POSTGRES_DB=postgres
VOLUME /var/lib/postgresql/data
ENTRYPOINT ["sh", "/usr/local/bin/docker-entrypoint.sh"]
CMD ["postgres"]
EOF
    cat >"$1/docker-entrypoint.sh" <<'EOF'
set -e
PATH="$(echo /usr/lib/postgresql/*/bin):$PATH"
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    umask 077
    mkdir -p "$PGDATA"
    printf '%s' "$POSTGRES_PASSWORD" >/tmp/password
    initdb --pgdata "$PGDATA" --username "$POSTGRES_USER" --pwfile /tmp/password \
        --auth-local trust --auth-host scram-sha-256 >/dev/null
    rm /tmp/password
    echo "host all all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
    [ "$POSTGRES_DB" = postgres ] || echo "CREATE DATABASE \"$POSTGRES_DB\";" \
        | postgres --single -D "$PGDATA" postgres >/dev/null
fi
exec "$@" -c 'listen_addresses=*' -k /var/run/postgresql
EOF
}

redis_stand_in() {
    cat >"$1/Dockerfile" <<EOF
FROM $BASE_IMAGE
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends redis-server redis-tools \\
 && rm -rf /var/lib/apt/lists/* && install -d -o redis -g redis /data
WORKDIR /data
VOLUME /data
CMD ["redis-server", "--protected-mode", "no"]
EOF
}

make_server_stand_in() {
    local folder status
    folder="$(mktemp -d)"
    "${1%:*}_stand_in" "$folder"
    docker build --tag "$1" --label "$STAND_IN_LABEL=1" "$folder" >"$folder.log" 2>&1
    status=$?
    [ "$status" -eq 0 ] || { say "the stand-in could not be made:"; tail -n 10 "$folder.log"; }
    rm -rf "$folder" "$folder.log"
    return "$status"
}

ensure_server_images() {
    local image
    for image in $SERVER_IMAGES; do
        docker image inspect "$image" >/dev/null 2>&1 && continue
        PULL_FAILURE="no answer in 15 s"
        if BASE_IMAGE="$image" pull_base_image; then continue; fi
        say "$image cannot be pulled (${PULL_FAILURE}): making a stand-in from Debian's package"
        make_server_stand_in "$image" || return 1
    done
}
