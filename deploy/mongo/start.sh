#!/bin/bash
# mongod with a key file: it refuses one that others may read, so it gets a copy of its own.
set -euo pipefail
install -m 0400 /run/secrets/mongo_keyfile /tmp/keyfile
exec mongod --dbpath /data/db --bind_ip_all --replSet rs0 --keyFile /tmp/keyfile "$@"
