#!/usr/bin/env bash
# Removes the caches and everything built; the next make up starts from nothing.
# usage: scripts/clean.sh      (make clean runs make down first)
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

main() {
  if have docker && docker version >/dev/null 2>&1; then
    docker images -q --filter reference='tandem/*' | sort -u | xargs -r docker rmi --force >/dev/null
  fi
  rm -rf "${TANDEM_CACHE:?}" "${TANDEM_BUILD:?}"
  find "$TANDEM_ROOT" -type d -name target -not -path '*/.git/*' -prune -exec rm -rf {} +
  rm -f "$TANDEM_ROOT"/helm-charts/*/charts/*.tgz "$TANDEM_ROOT"/helm-charts/*/Chart.lock
  info "caches and build results are gone; Go's and Maven's own download caches are left to their owners"
}

main "$@"
