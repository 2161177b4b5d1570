#!/usr/bin/env bash
# Makes the secrets that docker-compose.yml mounts, in deploy/secrets/ (or the folder named by SECRETS_DIR).
# What is there already is kept. To change one: delete its file, run this, then `docker compose up -d --force-recreate`.
#
# The folder is closed to everyone but you. The files in it can be read by all: compose mounts a file secret with the
# rights that it has here, and the services run under a user id that exists only in their containers.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${SECRETS_DIR:-deploy/secrets}
mkdir -p "$folder"
chmod 0700 "$folder"

random() { head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n'; }

# keep NAME VALUE: writes it whole or not at all, where it is not there yet.
keep() {
  if [ -e "$folder/$1" ]; then
    echo "kept  $folder/$1"
  else
    printf '%s\n' "$2" >"$folder/$1.new"
    chmod 0644 "$folder/$1.new"
    mv "$folder/$1.new" "$folder/$1"
    echo "made  $folder/$1"
  fi
}

keep mongo_keyfile "$(random)"
keep mongo_root_password "$(random)"
for service in intake routing notifications reporting; do
  keep "${service}_mongo_url" "mongodb://$service:$(random)@mongo:27017/?replicaSet=rs0&authSource=$service"
done
keep receipt_secret "$(random)"
# Your mail server's password is not ours to make up: write it into this file, where there is one.
keep smtp_password ""
