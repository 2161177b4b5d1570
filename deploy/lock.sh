#!/usr/bin/env bash
# Pins every dependency anew, with hashes: run after a change to requirements/*.in or to Kafka's version in jars.py.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=${LOCAL_DIR:-.local}/venv/bin
for name in bootstrap services dev; do
  "$bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
    "requirements/$name.in" -o "requirements/$name.txt"
done
"$bin/python" -m deploy.embedded lock
