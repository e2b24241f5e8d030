# Running the scripts' own tests. Sourced after common.sh.
# shellcheck shell=bash

# run_bats FOLDER [BATS-ARGUMENT...]: every test of a folder, a line each, and the sum at the end.
run_bats() {
  local results status=0
  results=$(mktemp)
  # shellcheck disable=SC2064 # The name is wanted as it is now.
  trap "rm -f '$results'" EXIT
  bats --formatter tap --timing "${@:2}" "$1" | tee "$results" || status=$?
  info "$(basename "$1"): $(grep -c '^ok ' "$results" || true) tests passed, $(grep -c '^not ok ' "$results" || true) failed, $(grep -c '^ok .*# skip' "$results" || true) skipped"
  return "$status"
}
