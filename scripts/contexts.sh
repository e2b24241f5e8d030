#!/usr/bin/env bash
# Puts the clusters' contexts into the user's kubeconfig, or takes them out; everything else in it stays as it was, the
# current context included. What make down finds as make up left it gets back its very bytes, comments included.
# usage: scripts/contexts.sh add|remove [CONTEXT...]     CONTEXT: to be removed beside those that make up knows
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

# KEPT/original is what the file was before we first wrote to it, KEPT/absent says that there was none; KEPT/written is what we wrote.
KEPT=$TANDEM_STATE/user-kubeconfig

# Clusters, users and contexts are lists of named entries. $ours: the clusters' own kubeconfig; $names: more to take out.
# shellcheck disable=SC2016 # Variables of jq's.
EDIT='
  def entries($list): .[$list] // [];
  def sorted: reduce ("clusters", "users", "contexts") as $list (.; .[$list] = (entries($list) | sort_by(.name)));
  $ours[0] as $ours
  | ($names + [$ours | (.clusters, .users, .contexts) // [] | .[].name] | unique) as $names
  | sorted as $before
  | reduce ("clusters", "users", "contexts") as $list ($before;
      .[$list] = [entries($list)[] | select(.name | IN($names[]) | not)] + if $action == "add" then $ours | entries($list) else [] end)
  | if $action == "remove" and (."current-context" | IN($names[])) then ."current-context" = "" else . end
  | if $action == "add" and $new then ."current-context" = $ours."current-context" else . end
  | sorted
  | if . == $before then empty else . end'

# user_file: the one that kubectl would write to first; behind a symbolic link, so that the link stays one.
user_file() {
  local listed
  IFS=: read -ra listed <<<"${KUBECONFIG:-$HOME/.kube/config}"
  readlink -m "${listed[0]:-${listed[1]:-$HOME/.kube/config}}"
}

# as_json FILE: nothing in it is resolved or left out.
as_json() {
  kubectl config view --kubeconfig "$1" --raw -o json
}

# replace FILE CONTENTS: in one step, and with the owner and mode that the file had.
replace() {
  local temporary
  temporary=$(mktemp "$1.XXXXXX")
  cat "$2" >"$temporary"
  if [[ -f $1 ]]; then
    chmod --reference="$1" "$temporary"
    chown --reference="$1" "$temporary" 2>/dev/null || true
  fi
  mv -f "$temporary" "$1"
}

# edited FILE ACTION [NAME...]: the file's contents with our entries added or removed; nothing when they stay the same.
edited() {
  local file=$1 action=$2 new=false after
  shift 2
  [[ -f $file ]] || new=true
  after=$(as_json "$file" | jq --arg action "$action" --argjson new "$new" --slurpfile ours <(as_json "$TANDEM_KUBECONFIG") \
    '$ARGS.positional as $names | '"$EDIT" --args "$@") || return
  [[ -z $after ]] || kubectl config view --kubeconfig <(printf '%s' "$after") --raw -o yaml
}

add() {
  local file=$1 contents=$2
  if ! cmp -s "$file" "$KEPT/written"; then
    rm -rf "$KEPT"
    mkdir -p "$KEPT"
    if [[ ! -f $file ]]; then
      : >"$KEPT/absent"
    elif [[ -z $(edited "$file" remove) ]]; then
      cp "$file" "$KEPT/original"
    fi
  fi
  mkdir -p "$(dirname "$file")"
  cp "$contents" "$KEPT/written"
  replace "$file" "$contents"
}

remove() {
  local file=$1 contents=$2
  if cmp -s "$file" "$KEPT/written" && [[ -f $KEPT/original ]]; then
    replace "$file" "$KEPT/original"
  elif cmp -s "$file" "$KEPT/written" && [[ -f $KEPT/absent ]]; then
    rm -f "$file"
    rmdir --ignore-fail-on-non-empty "$(dirname "$file")"
  else
    replace "$file" "$contents"
  fi
  rm -rf "$KEPT"
}

main() {
  local action=${1:-} file scratch
  [[ $action == add || $action == remove ]] || die "unknown action '$action'" "usage: scripts/contexts.sh add|remove [CONTEXT...]"
  file=$(user_file)
  [[ $action == add || -f $file ]] || return 0
  umask 077
  mkdir -p "$KEPT"
  scratch=$(mktemp -d)
  # shellcheck disable=SC2064 # The name is wanted as it is now.
  trap "rm -rf '$scratch'" EXIT
  # Somebody else may write to it meanwhile: then once more, from what it is now.
  for _ in 1 2 3 4 5; do
    rm -f "$scratch/before"
    [[ ! -f $file ]] || cp "$file" "$scratch/before"
    edited "$scratch/before" "$@" >"$scratch/after" 2>"$scratch/error" \
      || die "cannot read $file: $(head -n 1 "$scratch/error")" "correct that file (kubectl config view says the same); it was not touched"
    [[ -s $scratch/after ]] || return 0
    if [[ ! -f $file && ! -f $scratch/before ]] || cmp -s "$file" "$scratch/before"; then
      "$action" "$file" "$scratch/after"
      return
    fi
  done
  die "$file is being written to by others all the time" "try again"
}

main "$@"
