#!/usr/bin/env bash
# A worker in a dozen lines: invoices under 5000 are paid, the others need a manager.
# Usage: worker.sh QUEUE    (`wharf` is taken from $WHARF, else from the path)
set -euo pipefail

wharf=${WHARF:-wharf}
queue=${1:?name the queue: worker.sh QUEUE}

while item=$("$wharf" item claim "$queue" --output jsonl) && [ -n "$item" ]; do
  field() { printf '%s' "$item" | sed -n "s/.*\"$1\":\"\{0,1\}\([^\",}]*\).*/\1/p"; }
  amount=$(field Amount)
  if [ "${amount%.*}" -lt 5000 ]; then
    status=processed result='The invoice has been processed'
  else
    status=business-exception result='The amount needs a manager'
  fi
  "$wharf" item settle "$(field id)" --token "$(field token)" \
    --status "$status" --result "$result" --quiet
done
