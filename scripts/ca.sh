#!/usr/bin/env bash
# Makes the mesh's root certificate and one intermediate authority per control plane, once; keys stay in the state folder (mode 0700).
# usage: scripts/ca.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
source "$TANDEM_ROOT/scripts/lib/cluster.sh"

ROOT_DAYS=3650
INTERMEDIATE_DAYS=730

root() {
  local folder=$1
  [[ ! -s $folder/root-cert.pem ]] || return 0
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -sha256 -days "$ROOT_DAYS" -subj "/O=Tandem/CN=Tandem root" \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign \
    -keyout "$folder/root-key.pem" -out "$folder/root-cert.pem.tmp" 2>/dev/null
  mv "$folder/root-cert.pem.tmp" "$folder/root-cert.pem"
}

intermediate() {
  local folder=$1 cluster=$2 own=$1/$2
  [[ ! -s $own/cert-chain.pem ]] || return 0
  mkdir -p "$own"
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -sha256 -subj "/O=Tandem/CN=Tandem $cluster" \
    -keyout "$own/ca-key.pem" -out "$own/request.pem" 2>/dev/null
  openssl x509 -req -in "$own/request.pem" -CA "$folder/root-cert.pem" -CAkey "$folder/root-key.pem" -CAcreateserial -sha256 -days "$INTERMEDIATE_DAYS" \
    -extfile <(printf 'basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,digitalSignature,keyCertSign,cRLSign\nsubjectAltName=DNS:istiod.istio-system.svc\n') \
    -out "$own/ca-cert.pem" 2>/dev/null
  cp "$folder/root-cert.pem" "$own/root-cert.pem"
  # Without the root: agents append it to what istiod issues, and Java takes no chain that has a certificate twice.
  cp "$own/ca-cert.pem" "$own/cert-chain.pem.tmp"
  mv "$own/cert-chain.pem.tmp" "$own/cert-chain.pem"
}

main() {
  local folder=$TANDEM_STATE/ca cluster
  umask 077
  mkdir -p "$folder"
  root "$folder"
  for cluster in $(primary_names); do intermediate "$folder" "$cluster"; done
}

main "$@"
