#!/usr/bin/env bash
# Runs docker-compose.yml for real, with secrets, volumes and ports of its own, checks it, and removes all of it again.
# Needs Docker with Compose 2.24.4 or later, and Python 3.11. Several runs can go on at once.
# Settings: PYTHON, and COMPOSE_TEST_MAIL=mailpit|sink (default: mailpit where its image can be had).
set -euo pipefail
cd "$(dirname "$0")/.."

refuse() {
  printf '%s\n' "$@" >&2
  exit 2
}

python=${PYTHON:-python3}
command -v docker >/dev/null || refuse "This test needs Docker: no \`docker\` was found. Nothing was tested."
docker compose version >/dev/null 2>&1 || refuse "This test needs Docker Compose 2 (\`docker compose\`). Nothing was tested."
docker info >/dev/null 2>&1 || refuse "Docker does not answer: is it running, and may you use it? Nothing was tested."
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || refuse "This test needs Python 3.11 or later (setting PYTHON)."

work=$(mktemp -d)
export COMPOSE_PROJECT_NAME=referral-bus-test-$$ COMPOSE_PROFILES=demo SECRETS_DIR=$work/secrets
export COMPOSE_FILE=docker-compose.yml MAIL_ENV=deploy/mailpit.env
# Port 0: Docker chooses a free one.
# But the bus's: the broker has to be told beforehand where agencies reach it.
bus=127.0.0.1:$("$python" -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])')
export PUBLISH_BUS=$bus BUS_ADVERTISED=$bus
export PUBLISH_INTAKE=127.0.0.1:0 PUBLISH_REPORTING=127.0.0.1:0 PUBLISH_PROMETHEUS=127.0.0.1:0 PUBLISH_MAILPIT=127.0.0.1:0

remove() {
  echo "Removing the containers, volumes and images of $COMPOSE_PROJECT_NAME"
  docker compose down --volumes --rmi local --remove-orphans --timeout 10 >"$work/down.log" 2>&1 || cat "$work/down.log"
  rm -rf "$work"
}
trap remove EXIT
trap 'exit 130' INT TERM

image=$(docker compose config --images | grep '^axllent/mailpit:')
mail=${COMPOSE_TEST_MAIL:-}
if [ -z "$mail" ]; then
  mail=sink
  if docker image inspect "$image" >/dev/null 2>&1 || docker pull --quiet "$image" >/dev/null 2>&1; then mail=mailpit; fi
fi
if [ "$mail" = sink ]; then
  echo "NOTE: $image cannot be had here. A mail server of our own (deploy/compose_test/mail_sink) stands in its place:"
  echo "      the mails are real, mailpit itself is not tested."
  export COMPOSE_FILE=docker-compose.yml:deploy/compose_test/mail_sink.yml
fi

echo "The alert rules and their tests"
deploy/promtool.sh >"$work/promtool.log" 2>&1 || { cat "$work/promtool.log"; exit 1; }
deploy/secrets.sh >/dev/null
"$python" -m deploy.compose_test "$mail"
