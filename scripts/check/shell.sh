#!/usr/bin/env bash
# Checks the scripts: shellcheck has nothing to say about any of them, and their tests pass.
# usage: scripts/check/shell.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"
source "$TANDEM_ROOT/scripts/lib/packages.sh"
source "$TANDEM_ROOT/scripts/lib/bats.sh"

# scripts: whatever begins as one, and what scripts source, whatever its name is.
scripts() {
  find "$TANDEM_ROOT" \( -name .git -o -name target -o -name node_modules -o -path "$TANDEM_BUILD" \) -prune -o -type f -size -256k -print0 \
    | xargs -0 awk 'FNR == 1 { if ($0 ~ /^#!.*(bash|bats|\/sh)$/ || FILENAME ~ /\/scripts\/.*\.(sh|bash|bats)$/) print FILENAME; nextfile }'
}

main() {
  local files packages
  mapfile -t packages < <(missing_packages shellcheck=shellcheck bats=bats jq=jq curl=curl python3=python3 docker=docker.io dockerd=docker.io)
  install_packages "${packages[@]}"
  mapfile -t files < <(scripts)
  shellcheck --external-sources --severity warning "${files[@]}" || die "shellcheck finds fault with the lines above" "https://www.shellcheck.net/wiki/ explains each SC number"
  # The recipes are lists of statements: they run inside of scripts/lib/supply.sh, which gives them _argument.
  shellcheck --shell bash --severity warning --exclude SC2154 "$TANDEM_ROOT"/clusters/supply/images/*.sh \
    || die "shellcheck finds fault with the image recipes" "https://www.shellcheck.net/wiki/ explains each SC number"
  info "shellcheck: $((${#files[@]} + $(find "$TANDEM_ROOT/clusters/supply/images" -name '*.sh' | wc -l))) scripts without a finding"
  use_java
  run_bats "$TANDEM_ROOT/scripts/tests" || die "a test of the scripts failed" "see 'not ok' above; run one with: bats scripts/tests/<file> --filter '<name>'"
}

main "$@"
