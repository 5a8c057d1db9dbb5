#!/bin/sh
# Keeps an env file like the configuration below a prefix, and runs a command at each change:
#   ./reload.sh http://127.0.0.1:7070 app/ settings.env systemctl reload my-service
set -eu
url=$1 prefix=$2 file=$3
shift 3

revision=0
while true; do
  # The state, and of which revision it is.
  if headers=$(curl -fsS -D - -o "$file.new" "$url/v1/config?prefix=$prefix&as=env"); then
    revision=$(printf '%s' "$headers" | tr -d '\r' | sed -n 's/^[Pp]arley-[Rr]evision: //p')
    if ! cmp -s "$file.new" "$file"; then
      mv "$file.new" "$file"
      "$@"
    fi
    # Answers at the next change after that revision, or empty after 30 s.
    curl -fsS -o /dev/null -H 'Accept: application/json' \
      "$url/v1/config-watch?prefix=$prefix&from=$((revision + 1))&wait=30s" || sleep 1
  else
    sleep 1
  fi
done
