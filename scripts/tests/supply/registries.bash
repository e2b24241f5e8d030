# Real registries for the supply's tests: the pinned one, as processes on loopback. Loaded after helper.bash.
# shellcheck shell=bash

# registry_at PORT FOLDER: serve a folder; answers when this returns. Ended by end_processes.
registry_at() {
  mkdir -p "$2"
  REGISTRY_HTTP_ADDR=127.0.0.1:$1 REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY=$2 \
    "$ROOT/build/bin/registry" serve "$ROOT/clusters/supply/files/registry.yaml" >"$2.log" 2>&1 3>&- &
  PROCESSES+=($!)
  eventually curl -fsS "http://127.0.0.1:$1/v2/"
}

# silent_listener PORT: takes connections and never says a word.
silent_listener() {
  python3 -c 'import socket, sys
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
taken = []
while True: taken.append(listener.accept())' "$1" 3>&- &
  PROCESSES+=($!)
  eventually bash -c ': </dev/tcp/127.0.0.1/$0' "$1"
}

end_processes() {
  ((${#PROCESSES[@]} == 0)) || kill "${PROCESSES[@]}" 2>/dev/null || true
  PROCESSES=()
}

PROCESSES=()
# shellcheck disable=SC2034 # The tests use it.
PAUSE=$(jq -r .images.pause.reference "$ROOT/clusters/supply/lock.json")

# only_pause: a lock of the smallest image and the node image's name.
only_pause() {
  export TANDEM_LOCK=$BATS_TEST_TMPDIR/lock.json
  jq '.images = {pause: .images.pause} | .images.pause.digest = null | .node.digest = null' "$ROOT/clusters/supply/lock.json" >"$TANDEM_LOCK"
}

# own_registry: the local registry of this test.
own_registry() {
  TANDEM_REGISTRY_PORT=$(free_port)
  export TANDEM_REGISTRY_PORT
  registry_at "$TANDEM_REGISTRY_PORT" "$TANDEM_CACHE/registry"
}

# digest_at PORT REFERENCE
digest_at() { "$ROOT/build/bin/crane" digest "127.0.0.1:$1/$2"; }

has_no() { ! digest_at "$1" "$2" 2>/dev/null; }
