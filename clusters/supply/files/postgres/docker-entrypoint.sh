#!/usr/bin/bash
# Starts PostgreSQL, after making its database on the first start. Understands the settings of the upstream image that
# Tandem's chart uses: POSTGRES_USER, POSTGRES_DB, POSTGRES_PASSWORD (or POSTGRES_PASSWORD_FILE), PGDATA.
set -euo pipefail

initialise() {
  local staging entry
  if [[ -n ${POSTGRES_PASSWORD_FILE:-} ]]; then POSTGRES_PASSWORD=$(<"$POSTGRES_PASSWORD_FILE"); fi
  : "${POSTGRES_PASSWORD:?the first start needs POSTGRES_PASSWORD}"
  # Made beside the final place and moved, PG_VERSION last: a first start that is killed half-way leaves nothing that looks
  # finished, and the next one replaces what it had moved.
  staging=$PGDATA/.initialising
  rm -rf "$staging"
  mkdir -p "$staging"
  chmod 0700 "$staging"
  initdb --pgdata="$staging" --username="${POSTGRES_USER:-postgres}" --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD") \
    --auth-local=trust --auth-host=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8
  printf 'host all all all scram-sha-256\n' >>"$staging/pg_hba.conf"
  if [[ ${POSTGRES_DB:-postgres} != postgres ]]; then
    printf 'CREATE DATABASE "%s"\n' "$POSTGRES_DB" | postgres --single -j -D "$staging" postgres >/dev/null
  fi
  for entry in "$staging"/*; do
    [[ ${entry##*/} != PG_VERSION ]] || continue
    rm -rf "${PGDATA:?}/${entry##*/}"
    mv "$entry" "$PGDATA"/
  done
  mv "$staging/PG_VERSION" "$PGDATA"/
  rmdir "$staging"
}

main() {
  [[ ${1:-postgres} == postgres ]] || exec "$@"
  mkdir -p "$PGDATA"
  chmod 0700 "$PGDATA" 2>/dev/null || true
  [[ -s $PGDATA/PG_VERSION ]] || initialise
  shift || true
  exec postgres -D "$PGDATA" -c listen_addresses='*' "$@"
}

main "$@"
