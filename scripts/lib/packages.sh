# Installing what is missing from the distribution's packages, saying so first. Sourced after common.sh.
# shellcheck shell=bash

# missing_packages COMMAND=PACKAGE...: the packages of commands that are not there.
missing_packages() {
  local pair
  for pair in "$@"; do
    have "${pair%%=*}" || printf '%s\n' "${pair#*=}"
  done | sort -u
}

install_packages() {
  local packages=("$@")
  ((${#packages[@]} > 0)) || return 0
  have apt-get || die "these are missing and there is no apt-get to install them: ${packages[*]}" "install them with your package manager"
  require_root_for "installing ${packages[*]}" "apt-get install ${packages[*]}"
  info "installing from the distribution's packages: ${packages[*]}"
  mkdir -p "$TANDEM_LOGS"
  # Debian's docker.io starts its daemon on installation where an init system runs; elsewhere scripts/docker.sh does.
  if ! { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}"; } \
    >"$TANDEM_LOGS/apt.log" 2>&1; then
    tail -n 5 "$TANDEM_LOGS/apt.log" >&2
    die "apt-get could not install ${packages[*]}" "read $TANDEM_LOGS/apt.log; check the network and the package sources"
  fi
}
