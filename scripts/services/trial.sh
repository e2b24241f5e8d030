#!/usr/bin/env bash
# Runs a service once on this machine, on the runtime of its image, so that the JVM writes a start-up cache (JEP 514) when it
# stops. The service answers health calls, and needs nothing that it would need in a cluster.
# usage: scripts/services/trial.sh ROOT CACHE [VARIABLE=VALUE...]
#   ROOT: a folder with the image's files, of which /opt/java and /app are used; VARIABLE=VALUE: the service's settings
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"
source "$TANDEM_ROOT/scripts/lib/supply.sh"

# The key of RFC 7517, appendix A.1: nobody is authenticated by it, but a service with keys loads what it needs for that.
KEYS=$SUPPLY/files/trial/jwks.json
CALLS=20

# healthy: an empty HealthCheckRequest in gRPC's frame is answered. curl speaks HTTP/2 without TLS when told so.
healthy() {
  [[ -d /proc/$_service ]] || return 1
  printf '\0\0\0\0\0' | curl -fsS --max-time 5 --http2-prior-knowledge -o /dev/null -H 'content-type: application/grpc' -H 'te: trailers' \
    --data-binary @- "http://127.0.0.1:$_port/grpc.health.v1.Health/Check"
}

main() {
  local root=$1 cache=$2 call options
  shift 2
  mapfile -t options < <(chart_jvm_options)
  _port=$(shuf -i 20000-29998 -n 1)
  _log=$cache.log
  # What the shell has set for services is not for this one.
  (cd "$root/app" && exec env -i PATH=/usr/bin:/bin HOME=/tmp QUARKUS_GRPC_SERVER_PORT="$_port" QUARKUS_HTTP_PORT=$((_port + 1)) QUARKUS_HTTP_HOST=127.0.0.1 \
    QUARKUS_GRPC_SERVER_HOST=127.0.0.1 TANDEM_AUTH_ISSUER=trial TANDEM_AUTH_AUDIENCE=trial TANDEM_AUTH_JWKS_LOCATION="$KEYS" \
    QUARKUS_DATASOURCE_PASSWORD=trial TANDEM_LIFECYCLE_WITHDRAW_DELAY=PT0S "$@" \
    "$root/opt/java/bin/java" "${options[@]}" -Xmx256m -XX:AOTCacheOutput="$cache" -jar "$root/app/quarkus-run.jar") >"$_log" 2>&1 &
  _service=$!
  trap 'kill "$_service" 2>/dev/null || true' EXIT
  trap 'exit 130' INT TERM
  await 60 "a trial run of $root/app" healthy || { tail -n 20 "$_log" >&2; die "the service does not start for its start-up cache" "see above; AOT=0 builds the image without one"; }
  for ((call = 0; call < CALLS; call++)); do healthy; done
  curl -fsS -o /dev/null "http://127.0.0.1:$((_port + 1))/health/live"
  kill "$_service"
  wait "$_service" || true
  [[ -s $cache ]] || { tail -n 20 "$_log" >&2; die "the JVM wrote no start-up cache" "see above; AOT=0 builds the image without one"; }
  rm -f "$_log"
}

main "$@"
