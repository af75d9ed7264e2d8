#!/bin/bash
# The hand-written baseline: what a careful script needs to start prepared bundles, each with a
# network of its own, watched by conmon; and the floor, the bare OCI runtime without network.
#
# usage: baseline-start.sh loop|floor BUNDLES [WORKERS]
#
# BUNDLES holds one folder for each container, with config.json, and a line "ADDRESS GATEWAY" in the
# file `network`. Prints one line: KIND COUNT SECONDS PER_SECOND. Removes what it started.
set -euo pipefail
kind=$1 bundles=$(realpath "$2") workers=${3:-4}
run=$(mktemp -d /run/muster-baseline.XXXXXX)
mkdir "$run"/{oci,exits,pids,logs}
names=$(ls "$bundles")
count=$(wc -w <<<"$names")

# crun 1.8 does not create containers beside a second cgroup hierarchy that holds controllers.
oci=(crun --root "$run/oci")
create=("${oci[@]}")
unified=/sys/fs/cgroup/unified
if [ -n "$(cat "$unified/cgroup.controllers" 2>/dev/null)" ]; then
  create=(unshare -m --propagation=private sh -c 'umount "$1"; shift; exec "$@"' sh "$unified"
    "${oci[@]}")
fi

one_floor() {
  "${create[@]}" create --bundle "$bundles/$1" --pid-file "$run/pids/$1" "$1" \
    </dev/null >"$run/logs/$1" 2>&1
  "${oci[@]}" start "$1"
}

one_loop() {
  local name=$1 interface=b$1 address gateway options=() argument pid
  read -r address gateway <"$bundles/$name/network"
  for argument in "${create[@]:1}"; do options+=("--runtime-arg=$argument"); done
  # conmon writes {"pid": N} to descriptor 3 when the container is created.
  pid=$(_OCI_SYNCPIPE=3 conmon -c "$name" -u "$name" -n "$name" -b "$bundles/$name" \
    -r "$(command -v "${create[0]}")" "${options[@]}" -p "$run/pids/$name" \
    -P "$run/pids/$name.conmon" -l "k8s-file:$run/logs/$name" --exit-dir "$run/exits" \
    --full-attach 3>&1 </dev/null >/dev/null 2>&1 | head -n 1)
  pid=${pid//[^0-9]/}
  ip -batch - <<EOF
link add $interface type veth peer name eth0 netns $pid
link set $interface up
addr add $gateway/32 dev $interface
route add $address/32 dev $interface
EOF
  nsenter -t "$pid" -n ip -batch - <<EOF
link set lo up
addr add $address/32 dev eth0
link set eth0 up
route add $gateway/32 dev eth0
route add default via $gateway dev eth0
EOF
  "${oci[@]}" start "$name"
}

work() {
  local index=0 name
  for name in $names; do
    if ((index++ % workers == $1)); then "one_$kind" "$name"; fi
  done
}

clean() {
  local name
  for name in $names; do
    "${oci[@]}" delete --force "$name" >/dev/null 2>&1 || true
  done
  rm -rf "$run"
}
trap clean EXIT

began=$EPOCHREALTIME
pids=()
for ((worker = 0; worker < workers; worker++)); do
  work "$worker" &
  pids+=($!)
done
for pid in "${pids[@]}"; do wait "$pid"; done
ended=$EPOCHREALTIME
awk -v kind="$kind" -v count="$count" -v began="$began" -v ended="$ended" \
  'BEGIN { s = ended - began; printf "%s %d %.3f %.1f\n", kind, count, s, count / s }'
