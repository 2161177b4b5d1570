#!/usr/bin/env bash
# Gives the running broker of docker-compose.yml a new certificate. Agencies' systems stay connected and need to change nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
deploy/secrets.sh renew-certificate | grep keystore
docker compose run --rm bus reload-certificate
