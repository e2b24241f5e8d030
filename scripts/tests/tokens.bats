#!/usr/bin/env bats
# scripts/tokens.sh: the key that signs callers' tokens and the key set by which services verify them.

load helper

setup() {
  own_world
  FOLDER=$TANDEM_STATE/secrets/tokens
}

# numbers NAME: a member of the key set's only key, in hexadecimal.
numbers() { python3 -c 'import base64, sys; print(base64.urlsafe_b64decode(sys.argv[1] + "=").hex())' "$(jq -r ".keys[0].$1" "$FOLDER/jwks.json")"; }

@test "one key, its public half in the key set under its thumbprint, and nobody else may read it" {
  run "$SCRIPTS/tokens.sh"
  succeeds_with
  [[ $(ls "$FOLDER") == $'jwks.json\nkey.pem\nkid' ]]
  [[ $(stat -c %a "$FOLDER" "$FOLDER/key.pem") == $'700\n600' ]]
  [[ $(jq -r '.keys[] | "\(.kty) \(.crv) \(.use) \(.alg) \(.kid)"' "$FOLDER/jwks.json") == "EC P-256 sig ES256 $(<"$FOLDER/kid")" ]]
  local point
  point=$(openssl pkey -in "$FOLDER/key.pem" -noout -text | sed -n '/^pub:/,/^ASN1/p' | tr -cd '0-9a-f:\n' | grep '^[0-9a-f:]*$' | tr -d ':\n')
  [[ $point == *"04$(numbers x)$(numbers y)"* ]]
  ! grep -q '"d"' "$FOLDER/jwks.json"
}

@test "a second run keeps the key; what was left half-made is made anew" {
  "$SCRIPTS/tokens.sh"
  local before
  before=$(cat "$FOLDER"/*)
  "$SCRIPTS/tokens.sh"
  [[ $(cat "$FOLDER"/*) == "$before" ]]
  rm "$FOLDER/jwks.json"
  "$SCRIPTS/tokens.sh"
  [[ $(cat "$FOLDER/kid") != "${before##*$'\n'}" && $(jq -r '.keys[0].kid' "$FOLDER/jwks.json") == "$(<"$FOLDER/kid")" ]]
  [[ $(ls "$TANDEM_STATE/secrets") == tokens ]]
}

@test "signatures by the key are verified by the key set's numbers" {
  "$SCRIPTS/tokens.sh"
  printf 'input' >"$BATS_TEST_TMPDIR/input"
  openssl dgst -sha256 -sign "$FOLDER/key.pem" -out "$BATS_TEST_TMPDIR/signature" "$BATS_TEST_TMPDIR/input"
  printf '3059301306072a8648ce3d020106082a8648ce3d03010703420004%s%s' "$(numbers x)" "$(numbers y)" | python3 -c 'import sys; sys.stdout.buffer.write(bytes.fromhex(sys.stdin.read()))' \
    | openssl pkey -pubin -inform DER -out "$BATS_TEST_TMPDIR/public.pem"
  openssl dgst -sha256 -verify "$BATS_TEST_TMPDIR/public.pem" -signature "$BATS_TEST_TMPDIR/signature" "$BATS_TEST_TMPDIR/input"
}
