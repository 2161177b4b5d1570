#!/usr/bin/env bash
# Makes the secrets that docker-compose.yml mounts, in deploy/secrets/ (or the folder named by SECRETS_DIR).
# What is there already is kept. To change one: delete its file, run this, then `docker compose up -d --force-recreate`.
#
# Among them the bus's passwords, in bus/ (one file a service and agency, named after it), its certificate authority, and the
# broker's certificate. BUS_HOST: the name or address under which agencies reach the broker, besides localhost and 127.0.0.1.
# And three empty folders for what only you can know: secrets of agencies' webhooks (webhooks/), addresses of chat rooms (chats/)
# and of calendars (calendars/); docs/deploying.md says what goes there.
# `deploy/secrets.sh renew-certificate` makes a new certificate for the same names; deploy/rotate-certificate.sh puts it in use too.
#
# The folder is closed to everyone but you. The files in it can be read by all: compose mounts a file secret with the
# rights that it has here, and the services run under a user id that exists only in their containers.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${SECRETS_DIR:-deploy/secrets}
command -v openssl >/dev/null || { echo "openssl is needed to make certificates (apt-get install openssl)." >&2; exit 2; }
task=${1:-make}
mkdir -p "$folder"/{bus,broker,webhooks,chats,calendars}
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

# make_certificates: the authority (10 years; its key leaves this folder nowhere) and the broker's certificate (397 days).
# Agencies trust the authority: they need to change nothing when the broker's is renewed.
make_certificates() {
  local ca=$folder/bus_ca.pem key=$folder/bus_ca.key keystore=$folder/broker/keystore.pem work
  work=$(mktemp -d "$folder/new.XXXXXX")
  if [ ! -e "$ca" ]; then
    (umask 077 && openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$work/ca.key")
    openssl req -x509 -new -key "$work/ca.key" -sha256 -days 3650 -subj "/CN=referral-bus authority" \
      -addext basicConstraints=critical,CA:TRUE,pathlen:0 -addext keyUsage=critical,keyCertSign,cRLSign -out "$work/ca.pem"
    chmod 0644 "$work/ca.pem"
    mv "$work/ca.key" "$key" && mv "$work/ca.pem" "$ca"
    echo "made  $ca"
  fi
  if [ ! -e "$keystore" ] || [ "$task" = renew-certificate ]; then
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -keyout "$work/key" -subj "/CN=referral-bus broker" -out "$work/csr" 2>/dev/null
    printf '%s\n' "subjectAltName=$(names "$keystore")" extendedKeyUsage=serverAuth basicConstraints=critical,CA:FALSE authorityKeyIdentifier=keyid >"$work/ext"
    openssl x509 -req -in "$work/csr" -CA "$ca" -CAkey "$key" -CAserial "$work/srl" -CAcreateserial -sha256 -days 397 -extfile "$work/ext" -out "$work/pem" 2>/dev/null
    cat "$work/key" "$work/pem" "$ca" >"$work/keystore"
    chmod 0644 "$work/keystore"
    mv "$work/keystore" "$keystore"
    echo "made  $keystore"
  fi
  rm -rf "$work"
}

# names KEYSTORE: all that the certificate there names, as a broker that runs takes none that lacks one of them; and BUS_HOST.
names() {
  local known=DNS:kafka,DNS:localhost,IP:127.0.0.1 host=${BUS_HOST:-localhost}
  if [ -e "$1" ]; then known=$(openssl x509 -in "$1" -noout -ext subjectAltName | sed -n '2{s/IP Address:/IP:/g;s/ //g;p}'); fi
  case $host in *[!0-9.]*) host=DNS:$host ;; *) host=IP:$host ;; esac
  case ,$known, in *,"$host",*) echo "$known" ;; *) echo "$known,$host" ;; esac
}

agencies() { sed -nE 's/^ *- id: *([a-z0-9-]+) *$/\1/p' config/agencies.yaml; }

for user in admin broker intake routing notifications reporting $(agencies); do
  keep "bus/$user" "$(random)"
done
# Shut by the folder above on this host, open to the one container that each is mounted in.
chmod 0755 "$folder"/{bus,broker,webhooks,chats,calendars}
make_certificates
keep mongo_keyfile "$(random)"
keep mongo_root_password "$(random)"
for service in intake routing notifications reporting; do
  keep "${service}_mongo_url" "mongodb://$service:$(random)@mongo:27017/?replicaSet=rs0&authSource=$service"
done
keep receipt_secret "$(random)"
# The vault's master key. Keep a copy of this file where no backup of the database lies: without it no detail can be read.
keep vault_keyring "{current: 'local:first', providers: {'local:first': {key: $(openssl rand -base64 96 | tr -d '\n')}}}"
keep acknowledge_key "$(random)"
# Pseudonyms in partners' extracts, and the digests of who took which: with another secret no earlier record is found again.
keep extract_secret "$(random)"
# Your mail server's password is not ours to make up: write it into this file, where there is one.
keep smtp_password ""
