#!/usr/bin/env bash
# Runs a service once on this machine, on the runtime of its image, so that the JVM writes a start-up cache (JEP 514) when it
# stops. The service answers health calls, and its own methods as far as it can: it has nothing that it would have in a cluster.
# usage: scripts/services/trial.sh ROOT CACHE METHODS [VARIABLE=VALUE...]
#   ROOT: a folder with the image's files, of which /opt/java and /app are used; METHODS: a file, a method in each line, which
#   is called with an empty request; VARIABLE=VALUE: the service's settings
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"
source "$TANDEM_ROOT/scripts/lib/supply.sh"

CALLS=20
UNAUTHENTICATED=16

# call METHOD: the status of a call with an empty request in gRPC's frame. curl speaks HTTP/2 without TLS when told so.
call() {
  printf '\0\0\0\0\0' | curl -fsS --max-time 5 --http2-prior-knowledge -o /dev/null -D - -H 'content-type: application/grpc' -H 'te: trailers' \
    -H 'grpc-timeout: 2S' -H "authorization: Bearer $_token" --data-binary @- "http://127.0.0.1:$_port/$1" \
    | sed -n 's/^grpc-status: \([0-9]*\).*/\1/p'
}

healthy() { [[ -d /proc/$_service && $(call grpc.health.v1.Health/Check) == 0 ]]; }

# sign KEYS: a token of the key in the folder KEYS. A signature is two numbers of 32 bytes (RFC 7518, section 3.4), which
# OpenSSL packs into DER.
sign() {
  local keys=$1 now unsigned
  now=$(date +%s)
  unsigned=$(printf '{"alg":"ES256","kid":"%s"}' "$(<"$keys/kid")" | base64url)
  unsigned+=.$(printf '{"iss":"trial","aud":"trial","sub":"trial","iat":%s,"exp":%s}' "$now" $((now + 600)) | base64url)
  printf '%s.%s' "$unsigned" "$(printf '%b' "$(printf '%s' "$unsigned" | openssl dgst -sha256 -sign "$keys/key.pem" | openssl asn1parse -inform DER \
    | awk -F: '/INTEGER/ { number = $NF; while (length(number) < 64) number = "0" number; printf "%s", number }' | sed 's/../\\x&/g')" | base64url)"
}

main() {
  local root=$1 cache=$2 methods=$3 keys method time options status
  shift 3
  _scratch=$(mktemp -d)
  trap '[[ -z ${_service:-} ]] || kill "$_service" 2>/dev/null || true; rm -rf "$_scratch"' EXIT
  trap 'exit 130' INT TERM
  # A key for this run: a service that verifies a token loads and compiles what it needs for that.
  TANDEM_STATE=$_scratch "$TANDEM_ROOT/scripts/tokens.sh"
  keys=$_scratch/secrets/tokens
  _token=$(sign "$keys")
  mapfile -t options < <(chart_jvm_options)
  _port=$(shuf -i 20000-29998 -n 1)
  _log=$cache.log
  # What the shell has set for services is not for this one.
  (cd "$root/app" && exec env -i PATH=/usr/bin:/bin HOME=/tmp QUARKUS_GRPC_SERVER_PORT="$_port" QUARKUS_HTTP_PORT=$((_port + 1)) QUARKUS_HTTP_HOST=127.0.0.1 \
    QUARKUS_GRPC_SERVER_HOST=127.0.0.1 TANDEM_AUTH_ISSUER=trial TANDEM_AUTH_AUDIENCE=trial TANDEM_AUTH_JWKS_LOCATION="$keys/jwks.json" \
    QUARKUS_DATASOURCE_PASSWORD=trial TANDEM_LIFECYCLE_WITHDRAW_DELAY=PT0S "$@" \
    "$root/opt/java/bin/java" "${options[@]}" -Xmx256m -XX:AOTCacheOutput="$cache" -jar "$root/app/quarkus-run.jar") >"$_log" 2>&1 &
  _service=$!
  await 60 "a trial run of $root/app" healthy || { tail -n 20 "$_log" >&2; die "the service does not start for its start-up cache" "see above; AOT=0 builds the image without one"; }
  for ((time = 0; time < CALLS; time++)); do
    healthy
    while read -r method; do
      status=$(call "$method") || true
      [[ $status != "$UNAUTHENTICATED" ]] || die "the service refuses the trial's token for $method" "see $_log"
    done <"$methods"
  done
  curl -fsS -o /dev/null "http://127.0.0.1:$((_port + 1))/health/live"
  kill "$_service"
  wait "$_service" || true
  [[ -s $cache ]] || { tail -n 20 "$_log" >&2; die "the JVM wrote no start-up cache" "see above; AOT=0 builds the image without one"; }
  rm -f "$_log"
}

main "$@"
