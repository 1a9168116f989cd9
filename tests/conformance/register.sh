#!/usr/bin/env bash
# Builds the functions that conformance cases call, registers them through the Lambda API, and writes the mapping that a
# runner takes: {"id_function": "arn:…", …}.
#
#     tests/conformance/register.sh http://127.0.0.1:8085 functions.json
#
# Needs python3, the aws CLI in the path, or AWS set to it, and credentials in the environment.
set -euo pipefail
endpoint=${1:?usage: register.sh ENDPOINT OUT.json}
out=${2:?usage: register.sh ENDPOINT OUT.json}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
aws=${AWS:-aws}
export AWS_DEFAULT_REGION=${AWS_DEFAULT_REGION:-us-east-1}

# name crate timeout
functions='id_function conformance-id 3
echo_function conformance-echo 3
return_bytes_str conformance-return-bytes 3
large_output_string conformance-large-output 3
raise_exception conformance-raise-exception 3
raise_custom_exception conformance-raise-custom 3
wait_60_seconds conformance-wait 90'

packages=()
while read -r _ crate _; do packages+=(-p "$crate"); done <<<"$functions"
target=${CARGO_TARGET_DIR:-$root/target}
(cd "$root" && cargo build --profile guest --target wasm32-wasip2 "${packages[@]}")

zips=$(mktemp -d)
trap 'rm -rf "$zips"' EXIT
entries=()
while read -r name crate timeout; do
    wasm=$target/wasm32-wasip2/guest/${crate//-/_}.wasm
    # The aws CLI takes nothing but a zip.
    python3 -m zipfile -c "$zips/$crate.zip" "$wasm"
    "$aws" --endpoint-url "$endpoint" lambda delete-function --function-name "$name" >/dev/null 2>&1 || true
    arn=$("$aws" --endpoint-url "$endpoint" lambda create-function --function-name "$name" \
        --runtime provided.al2023 --handler bootstrap --role arn:aws:iam::123456789012:role/functions \
        --timeout "$timeout" --zip-file "fileb://$zips/$crate.zip" --query FunctionArn --output text)
    entries+=("\"$name\": \"$arn\"")
done <<<"$functions"
(
    IFS=,
    printf '{%s}\n' "${entries[*]}"
) >"$out"
echo "${#entries[@]} functions are registered; $out names them"
