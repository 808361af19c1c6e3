#!/bin/sh
# Receives one outbound webhook as a CGI program (RFC 3875), as fcgiwrap behind nginx or Apache runs it: the body on its standard
# input, the headers in HTTP_WEBHOOK_…. Verifies it with openssl, keeps it once in ONCEPAID_TOLD, and answers.
#
#   ONCEPAID_WEBHOOK_SECRET=whsec_…  ONCEPAID_TOLD=/var/lib/shop/told
set -eu
umask 077

answer() {
  printf 'Status: %s\r\n\r\n' "$1"
  exit 0
}

# The raw bytes: what a variable has gone through has lost its last newlines.
body=$(mktemp "$ONCEPAID_TOLD/.coming-XXXXXXXX")
trap 'rm -f "$body"' EXIT
head -c "${CONTENT_LENGTH:-0}" >"$body"

id=${HTTP_WEBHOOK_ID:-}
signed_at=${HTTP_WEBHOOK_TIMESTAMP:-}
case $id in '' | *[!A-Za-z0-9_-]*) answer '400 Bad Request' ;; esac
case $signed_at in '' | *[!0-9]* | ???????????*) answer '400 Bad Request' ;; esac
age=$(($(date +%s) - signed_at))
[ "$age" -le 300 ] && [ "$age" -ge -300 ] || answer '400 Bad Request'

# While openssl runs, its arguments show the key to whoever has an account on this machine: on a shared one receive in Python.
key=$(printf %s "${ONCEPAID_WEBHOOK_SECRET#whsec_}" | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \n')
expected="v1,$({ printf '%s.%s.' "$id" "$signed_at" && cat "$body"; } |
  openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | openssl base64 -A)"
verified=
for given in ${HTTP_WEBHOOK_SIGNATURE:-}; do
  if [ "$given" = "$expected" ]; then verified=yes; fi
done
[ "$verified" ] || answer '400 Bad Request'

# Its name is its id: a repetition writes the same file again.
mv "$body" "$ONCEPAID_TOLD/$id"
trap - EXIT
answer '204 No Content'
