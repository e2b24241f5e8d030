# How much memory Tandem's containers and its Docker daemon use. Sourced after common.sh.
# shellcheck shell=bash

# tandem_memory: the working sets (usage without the page cache that can be dropped) of all our containers, in MiB.
tandem_memory() {
  local id file total=0 usage inactive
  for id in $(docker ps -q --no-trunc --filter network="$(topology .docker.network)" 2>/dev/null); do
    for file in /sys/fs/cgroup/memory/docker/"$id"/memory.usage_in_bytes /sys/fs/cgroup/docker/"$id"/memory.current \
      /sys/fs/cgroup/system.slice/docker-"$id".scope/memory.current; do
      [[ -r $file ]] || continue
      usage=$(<"$file") || continue
      inactive=$(awk '$1 == "total_inactive_file" { v1 = $2 } $1 == "inactive_file" { v2 = $2 } END { print v1 ? v1 : v2 + 0 }' "$(dirname "$file")/memory.stat")
      total=$((total + usage - inactive))
      break
    done
  done
  printf '%s' $((total / 1048576))
}

# sample_memory FILE: keep the highest value seen in a file until killed.
sample_memory() {
  local peak=0 value
  while :; do
    value=$(tandem_memory)
    if ((value > peak)); then
      peak=$value
      printf '%s\n' "$peak" >"$1"
    fi
    read -r -t 1 <> <(:) || true
  done
}
