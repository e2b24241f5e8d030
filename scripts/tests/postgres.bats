#!/usr/bin/env bats
# The entry point of the PostgreSQL image, with stand-ins for initdb and postgres.

load helper

ENTRYPOINT=$ROOT/clusters/supply/files/postgres/docker-entrypoint.sh

setup() {
  own_world
  export PGDATA=$BATS_TEST_TMPDIR/data NEVER=$BATS_TEST_TMPDIR/never
  mkfifo "$NEVER"
  unset POSTGRES_PASSWORD POSTGRES_PASSWORD_FILE POSTGRES_DB POSTGRES_USER
  # shellcheck disable=SC2016 # For the fakes to expand.
  {
    fake initdb <<<'
      for argument; do
        case $argument in
          --pgdata=*) folder=${argument#*=} ;;
          --pwfile=*) printf "password %s\n" "$(cat "${argument#*=}")" >>"$CALLS" ;;
        esac
      done
      [[ -z $(ls -A "$folder") ]] || exit 1
      echo 15 >"$folder/PG_VERSION"
      mkdir "$folder/base"
      touch "$folder/base/1" "$folder/pg_hba.conf"
      if [[ -n ${BLOCK:-} ]]; then touch "$BLOCK"; read -r <>"$NEVER"; fi'
    fake postgres <<<'[[ $1 != --single ]] || cat >>"$CALLS"'
  }
}

@test "the first start makes the database, later ones find it" {
  export POSTGRES_PASSWORD=secret POSTGRES_USER=tandem POSTGRES_DB=tandem
  run "$ENTRYPOINT" postgres -c shared_buffers=32MB
  succeeds_with
  calls_have 'password secret'
  calls_have '--username=tandem'
  calls_have 'CREATE DATABASE "tandem"'
  calls_have "postgres -D $PGDATA -c listen_addresses=* -c shared_buffers=32MB"
  [[ $(<"$PGDATA/PG_VERSION") == 15 && ! -e $PGDATA/.initialising ]]
  : >"$CALLS"
  run "$ENTRYPOINT" postgres
  succeeds_with
  calls_lack initdb
  calls_have "postgres -D $PGDATA"
}

@test "the password may be in a file" {
  printf 'from a file' >"$BATS_TEST_TMPDIR/password"
  POSTGRES_PASSWORD_FILE=$BATS_TEST_TMPDIR/password run "$ENTRYPOINT"
  succeeds_with
  calls_have 'password from a file'
  calls_lack 'CREATE DATABASE'
}

@test "without a password the first start is refused, and nothing is made" {
  run "$ENTRYPOINT" postgres
  fails_with 1 'the first start needs POSTGRES_PASSWORD'
  calls_lack initdb
  [[ ! -e $PGDATA/PG_VERSION ]]
}

@test "a first start that is killed half-way is made again" {
  export POSTGRES_PASSWORD=secret
  BLOCK=$BATS_TEST_TMPDIR/middle setsid "$ENTRYPOINT" postgres >/dev/null 2>&1 3>&- &
  local entrypoint=$!
  eventually test -e "$BATS_TEST_TMPDIR/middle"
  kill -KILL -- "-$entrypoint"
  wait "$entrypoint" || true
  [[ ! -e $PGDATA/PG_VERSION ]]
  run "$ENTRYPOINT" postgres
  succeeds_with
  [[ -s $PGDATA/PG_VERSION ]]
}

@test "a first start that is killed while it moves the database to its place is made again" {
  export POSTGRES_PASSWORD=secret MIDDLE=$BATS_TEST_TMPDIR/middle
  # shellcheck disable=SC2016
  fake mv <<<'[[ $1 != */pg_hba.conf ]] || { touch "$MIDDLE"; read -r <>"$NEVER"; }; exec '"$(type -P mv)"' "$@"'
  setsid "$ENTRYPOINT" postgres >/dev/null 2>&1 3>&- &
  local entrypoint=$!
  eventually test -e "$MIDDLE"
  kill -KILL -- "-$entrypoint"
  wait "$entrypoint" || true
  [[ -e $PGDATA/base/1 && ! -e $PGDATA/PG_VERSION ]]
  rm "$BATS_TEST_TMPDIR/fakes/mv"
  run "$ENTRYPOINT" postgres
  succeeds_with
  [[ -s $PGDATA/PG_VERSION && -e $PGDATA/pg_hba.conf && ! -e $PGDATA/base/base && ! -e $PGDATA/.initialising ]]
}

@test "another command is run as it is" {
  run "$ENTRYPOINT" echo hello
  succeeds_with hello
  [[ ! -e $PGDATA ]]
}
