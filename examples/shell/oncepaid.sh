#!/bin/sh
# Oncepaid from a shell, with curl. Written from {basePath}/openapi.json alone.
#
#   export ONCEPAID_URL=http://127.0.0.1:4000/api/oncepaid ONCEPAID_API_KEY=…
#   oncepaid.sh sell <cart> <user> <product>     {"url":"…","orderId":"…"}
#   oncepaid.sh order <order>
#   oncepaid.sh access <user>
#   oncepaid.sh refund <order> <key> [<amount>]  the same key again gives back once
#   oncepaid.sh endpoint <url>                   {"endpoint":{…},"secret":"whsec_…"}: the secret is shown this once
#
# Prints what is answered. Ends with 0 when it is done; with 22 when it was refused, which the answer then says.
set -eu

# --retry: what is 408, 429 or 5xx is sent again, after Retry-After. A cart or a key keeps that from doing anything twice.
# The key goes to curl by its standard input: arguments can be read by everybody on a machine.
ask() {
  method=$1 path=$2 tries=$3
  shift 3
  printf 'header = "authorization: Bearer %s"\n' "$ONCEPAID_API_KEY" |
    curl --config - --silent --show-error --fail-with-body --max-time 30 --retry "$tries" \
      --request "$method" --header 'content-type: application/json' "$@" "$ONCEPAID_URL$path"
  echo
}

# What stands in these has to be plain: JSON and paths are written here without escaping.
plain() {
  for word; do
    case $word in
      '' | *[!A-Za-z0-9._~:/@-]*) echo "\"$word\" has characters that this script doesn't take." >&2 && exit 2 ;;
    esac
  done
}

command=${1:?"sell, order, access, refund or endpoint"}
shift
plain "$@"
case $command in
  sell) ask POST /checkout 3 --data "{\"cartId\":\"$1\",\"userId\":\"$2\",\"productKey\":\"$3\"}" ;;
  order) ask GET "/orders/$1" 3 ;;
  access) ask GET "/entitlements?userId=$1" 3 ;;
  refund) ask POST "/orders/$1/refund" 3 --header "idempotency-key: $2" --data "{${3:+\"amount\":$3}}" ;;
  endpoint) ask POST /webhook-endpoints 0 --data "{\"url\":\"$1\"}" ;;
  *) echo "There is no command $command." >&2 && exit 2 ;;
esac
