#!/usr/bin/env bash
# Runs a service once on this machine, on the runtime of its image, and gives it real work, so that the JVM writes a start-up
# cache (JEP 514, 515) when it stops: what a pod's first calls need is loaded and linked, and their methods' profiles are known.
# usage: scripts/services/trial.sh ROOT CACHE TRIAL
#   ROOT: a folder with the image's files, of which /opt/java and /app are used
#   TRIAL: a file of the service's folder, a statement in each line:
#     set NAME=VALUE      a setting of the service
#     file NAME PATH      a setting that is the path of a file in the service's folder
#     database            a PostgreSQL beside it, in a container, empty
#     service NAME        another service beside it, which it calls
#     call N ARGUMENT...  N calls by the caller's command (e2e/caller), all of which have to be answered
#     refused ARGUMENT... a call that has to be refused
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"
source "$TANDEM_ROOT/scripts/lib/supply.sh"

CALLER=$TANDEM_ROOT/e2e/caller/target/image/quarkus-app

# An even port and the one after it, of the range from which the kernel gives none to others.
any_port() { printf '%s' $((2 * $(shuf -i 10000-14998 -n 1))); }

ready() { curl -fsS --max-time 2 -o /dev/null "http://127.0.0.1:$(($1 + 1))/health/ready" 2>/dev/null; }
settled() { [[ ! -d /proc/$1 ]] || ready "$2"; }

# launch NAME APPLICATION PORT OPTION...: a service with its HTTP port after that of gRPC. What the shell has set for services is
# not for this one. Sets _launched.
launch() {
  local name=$1 application=$2 port=$3
  shift 3
  (cd "$application" && exec env -i PATH=/usr/bin:/bin HOME=/tmp QUARKUS_GRPC_SERVER_HOST=127.0.0.1 QUARKUS_GRPC_SERVER_PORT="$port" \
    QUARKUS_HTTP_HOST=127.0.0.1 QUARKUS_HTTP_PORT=$((port + 1)) TANDEM_AUTH_ISSUER=trial TANDEM_AUTH_AUDIENCE=trial \
    TANDEM_AUTH_JWKS_LOCATION="$_keys/jwks.json" TANDEM_RATELIMIT_LIMIT=1000000/s TANDEM_LIFECYCLE_WITHDRAW_DELAY=PT0S \
    TANDEM_TELEMETRY_LOGS=json "${_settings[@]}" "$_java" "${_options[@]}" -Xmx256m "$@" -jar "$application/quarkus-run.jar") >"$_scratch/$name.log" 2>&1 &
  _launched=$!
  _processes+=("$_launched")
  if ! await 90 "$name in the trial run" settled "$_launched" "$port" || [[ ! -d /proc/$_launched ]]; then
    tail -n 20 "$_scratch/$name.log" >&2
    die "$name does not start in the trial run for a start-up cache" "see above; AOT=0 builds images without one"
  fi
}

# database_image: PostgreSQL for the Docker Engine. It is imported, because engines before 23 read no layers that are packed by
# Zstandard, and an import has no settings.
database_image() {
  local reference=tandem/postgres:$1
  docker image inspect "$reference" >/dev/null 2>&1 || crane export "$2" - | docker import - "$reference" >/dev/null
  printf '%s' "$reference"
}

accepts_connections() { docker exec "$_database" pg_isready --quiet --host 127.0.0.1 --username tandem 2>/dev/null; }

# database: where the service looks for it is added to its settings.
database() {
  local port error reference digest image settings=()
  port=$(any_port)
  reference=$(image_reference postgres)
  digest=$(registry_digest "$reference") || die "the local registry has no $reference for a trial run" "make up puts it there; AOT=0 builds images without start-up caches"
  image=$(database_image "${digest: -12}" "$(local_name "$reference")")
  mapfile -t settings < <(crane config "$(local_name "$reference")" | jq -r '.config.Env[] | "--env", .')
  _database=tandem-trial-$$
  error=$(docker run --detach --name "$_database" --label dev.tandem=trial --publish "127.0.0.1:$port:5432" "${settings[@]}" --env POSTGRES_USER=tandem \
    --env POSTGRES_DB=tandem --env POSTGRES_PASSWORD=trial --env PGDATA=/var/lib/postgresql/data/trial --entrypoint docker-entrypoint.sh --user 999:999 "$image" postgres 2>&1) \
    || die "no database for a trial run: $error" "AOT=0 builds images without start-up caches"
  await 60 "the trial run's database" accepts_connections || die "the trial run's database does not start: $(docker logs "$_database" 2>&1 | tail -n 3)"
  _settings+=("QUARKUS_DATASOURCE_JDBC_URL=jdbc:postgresql://127.0.0.1:$port/tandem" QUARKUS_DATASOURCE_USERNAME=tandem QUARKUS_DATASOURCE_PASSWORD=trial)
}

# companion NAME: another service, as Maven has just built it; its address is added to the settings.
companion() {
  local port settings=("${_settings[@]}")
  port=$(any_port)
  _settings=()
  launch "$1" "$TANDEM_ROOT/services/$1/target/image/quarkus-app" "$port"
  _settings=("${settings[@]}" "TANDEM_TRANSPORT_CHANNELS_${1^^}_TARGET=127.0.0.1:$port")
}

call() {
  env -i PATH=/usr/bin:/bin TANDEM_TOKEN_SIGNER="$_keys" TANDEM_AUTH_ISSUER=trial TANDEM_AUTH_AUDIENCE=trial \
    "$JAVA_HOME/bin/java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -jar "$CALLER/quarkus-run.jar" call --target "127.0.0.1:$_port" "$@" >"$_scratch/call.log" 2>&1
}

# failed WHAT: end, with what the last call said.
failed() {
  cat "$_scratch/call.log" >&2
  tail -n 20 "$_scratch/service.log" >&2
  die "the trial run's call was not $1: ${*:2}" "see above; AOT=0 builds images without start-up caches"
}

# end: whatever happened, nothing of the run is left.
end() {
  ((${#_processes[@]} == 0)) || kill "${_processes[@]}" 2>/dev/null || true
  [[ -z $_database ]] || docker rm --force --volumes "$_database" >/dev/null 2>&1 || true
  rm -rf "$_scratch"
}

main() {
  local root=$1 cache=$2 trial=$3 calls=() service word rest times
  _scratch=$(mktemp -d)
  _processes=() _settings=() _database=''
  trap end EXIT
  trap 'exit 130' INT TERM
  # A key for this run: a service that verifies a token loads and compiles what it needs for that.
  TANDEM_STATE=$_scratch "$TANDEM_ROOT/scripts/tokens.sh"
  _keys=$_scratch/secrets/tokens
  _java=$root/opt/java/bin/java
  mapfile -t _options < <(chart_jvm_options)
  while read -r word rest; do
    case $word in
      '' | '#'*) ;;
      set) _settings+=("$rest") ;;
      file) _settings+=("${rest%% *}=${trial%/*}/${rest#* }") ;;
      database) database ;;
      service) companion "$rest" ;;
      call | refused) calls+=("$word $rest") ;;
      *) die "$trial has a line that begins with '$word'" "one of: set, file, database, service, call, refused" ;;
    esac
  done <"$trial"
  _port=$(any_port)
  # Nobody takes the spans, and the service's own HTTP says so: they are made and sent all the same.
  _settings+=(TANDEM_TELEMETRY_EXPORT=otlp "TANDEM_TELEMETRY_ENDPOINT=http://127.0.0.1:$((_port + 1))")
  launch service "$root/app" "$_port" -XX:AOTCacheOutput="$cache"
  service=$_launched
  for rest in "${calls[@]}"; do
    read -ra word <<<"$rest"
    case ${word[0]} in
      call)
        times=${word[1]}
        call --times "$times" "${word[@]:2}" || failed answered "${word[@]:2}"
        ;;
      refused) ! call "${word[@]:1}" || failed refused "${word[@]:1}" ;;
    esac
  done
  curl -fsS -o /dev/null "http://127.0.0.1:$((_port + 1))/health/live"
  kill "$service"
  wait "$service" || true
  [[ -s $cache ]] || { tail -n 20 "$_scratch/service.log" >&2; die "the JVM wrote no start-up cache" "see above; AOT=0 builds images without one"; }
}

main "$@"
