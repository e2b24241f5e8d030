#!/usr/bin/env bash
# Switches which clusters serve a service, in all clusters together, or in none: each says first that it would accept, then all
# change at the same time; when one fails after all, the others are put back. make up keeps what was chosen.
# usage: SERVICE=user MODE=active-passive ACTIVE=shanghai scripts/mode.sh     MODE: active-active, active-passive or local-first
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
source "$TANDEM_ROOT/scripts/lib/cluster.sh"

# upgrade CLUSTER SERVICE VALUES FLAG...: only the mode changes; pods stay as they are.
upgrade() {
  local cluster=$1 service=$2 values=$3
  shift 3
  helm_on "$cluster" upgrade "$service" "$TANDEM_ROOT/helm-charts/$service" --namespace tandem --reset-then-reuse-values --force-conflicts \
    --values "$values" "$@"
}

revision() { helm_on "$1" history "$2" --namespace tandem --max 1 --output json | jq -r '.[-1].revision'; }

check() {
  local mode=$1 active=$2
  case $mode in
    active-active | local-first) [[ -z $active ]] || die "ACTIVE means nothing with MODE=$mode" "leave it out" ;;
    active-passive)
      [[ -n $active ]] || die "MODE=active-passive without ACTIVE" "ACTIVE=one of: $(cluster_names | paste -sd' ')"
      cluster_names | grep -qx "$active" || die "no cluster '$active' in the topology" "ACTIVE=one of: $(cluster_names | paste -sd' ')"
      ;;
    *) die "MODE is '$mode'" "MODE=active-active, active-passive (with ACTIVE) or local-first" ;;
  esac
}

# all COMMAND...: run for every cluster at the same time, the cluster as its last argument; fails with the names of those that failed.
all() {
  local cluster failed=() pids=() names=()
  for cluster in $(cluster_names); do
    "$@" "$cluster" &
    pids+=($!) names+=("$cluster")
  done
  for cluster in "${!pids[@]}"; do wait "${pids[cluster]}" || failed+=("${names[cluster]}"); done
  ((${#failed[@]} == 0)) || { printf '%s\n' "${failed[*]}" && return 1; }
}

would_accept() { upgrade "$3" "$1" "$2" --dry-run=server >"$_logs/$3.would" 2>&1; }
change() { upgrade "$3" "$1" "$2" >"$_logs/$3.change" 2>&1; }

put_back() {
  local service=$1 cluster=$2
  [[ $(revision "$cluster" "$service") == "${_revisions[$cluster]}" ]] || helm_on "$cluster" rollback "$service" "${_revisions[$cluster]}" --namespace tandem >&2
}

main() {
  local service=${SERVICE:-} mode=${MODE:-} active=${ACTIVE:-} kept values cluster failed started
  declare -gA _revisions=()
  [[ -f $TANDEM_KUBECONFIG ]] || die "no clusters are up" "make up"
  [[ -d $TANDEM_ROOT/services/$service && -n $service ]] || die "there is no service '$service'" "SERVICE=one of: $(cd "$TANDEM_ROOT/services" && ls -m)"
  check "$mode" "$active"
  for cluster in $(cluster_names); do no_migration "$cluster"; done
  kept=$TANDEM_STATE/modes/$service.json
  mkdir -p "${kept%/*}"
  _logs=$(mktemp -d)
  # shellcheck disable=SC2064 # The name is wanted as it is now.
  trap "rm -rf '$_logs'" EXIT
  values=$_logs/values.json
  jq -n --arg mode "$mode" --arg active "$active" '{mesh: {mode: $mode, active: $active}}' >"$values"
  for cluster in $(cluster_names); do _revisions[$cluster]=$(revision "$cluster" "$service"); done
  failed=$(all would_accept "$service" "$values") \
    || die "$service stays as it was: these clusters would not take it: $failed
$(cat "$_logs"/*.would)" "make status"
  started=$(now)
  if ! failed=$(all change "$service" "$values"); then
    warn "$failed did not change; the others are put back"
    cat "$_logs"/*.change >&2
    all put_back "$service" >&2 || die "not every cluster could be put back" "make status, then this command again with the mode that you want"
    die "$service is as it was: $failed did not change" "make status"
  fi
  cp "$values" "$kept"
  info "$service is $mode${active:+, active in $active} in $(cluster_names | paste -sd' '), $(since "$started") s from the first cluster to the last"
}

main "$@"
