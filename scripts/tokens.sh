#!/usr/bin/env bash
# Makes the key that signs callers' tokens (ES256), once, with its public half as a JSON Web Key Set. Both stay in the state
# folder (mode 0700) and go with make down; what knows the private key can call as anybody.
# usage: scripts/tokens.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

# coordinate KEY_FILE FIRST: the 32 bytes from there of the key's point, which is the end of its DER form (RFC 5480).
coordinate() { openssl pkey -in "$1" -pubout -outform DER | tail -c 64 | tail -c "+$2" | head -c 32 | base64url; }

main() {
  local folder=$TANDEM_STATE/secrets/tokens making x y kid
  [[ ! -s $folder/jwks.json ]] || return 0
  umask 077
  mkdir -p "${folder%/*}"
  rm -rf "$folder"
  making=$(mktemp -d "$folder.XXXXXX")
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$making/key.pem" 2>/dev/null
  x=$(coordinate "$making/key.pem" 1)
  y=$(coordinate "$making/key.pem" 33)
  # The key's own thumbprint (RFC 7638): another key never has the same name.
  kid=$(printf '{"crv":"P-256","kty":"EC","x":"%s","y":"%s"}' "$x" "$y" | openssl dgst -sha256 -binary | base64url)
  printf '%s' "$kid" >"$making/kid"
  jq -n --arg kid "$kid" --arg x "$x" --arg y "$y" \
    '{keys: [{kty: "EC", crv: "P-256", use: "sig", alg: "ES256", kid: $kid, x: $x, y: $y}]}' >"$making/jwks.json"
  mv -T "$making" "$folder"
}

main "$@"
