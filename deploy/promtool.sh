#!/usr/bin/env bash
# Checks Prometheus' configuration and rules, and runs the rules' tests: with the promtool on PATH, else with the one in
# the image that docker-compose.yml names.
set -euo pipefail
cd "$(dirname "$0")/prometheus"

if command -v promtool >/dev/null; then
  run() { promtool "$@"; }
elif docker info >/dev/null 2>&1; then
  image=$(sed -n 's/^ *image: \(prom\/prometheus:.*\)/\1/p' ../../docker-compose.yml)
  run() { docker run --rm --network none --read-only --tmpfs /tmp --volume "$PWD:/rules:ro" --workdir /rules --entrypoint promtool "$image" "$@"; }
else
  echo "promtool is needed, and neither it nor Docker was found. Debian, Ubuntu: apt-get install prometheus." >&2
  exit 2
fi
run check config prometheus.yml
run test rules tests/*.yml
