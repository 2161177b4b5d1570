#!/bin/bash
# Kafka with the settings beside this file and the secrets it is given. The data folder is formatted once.
set -euo pipefail
settings=/tmp/server.properties
bin=/opt/kafka/bin
module=org.apache.kafka.common.security
password=$(cat /run/secrets/bus_broker)

# Nothing but the data folder and /tmp, which is memory, can be written.
export LOG_DIR=/tmp/logs EXTRA_ARGS="-name kafkaServer"
export KAFKA_LOG4J_OPTS=-Dlog4j2.configurationFile=/etc/referral-bus/log4j2.yaml

umask 077
cat /etc/referral-bus/server.properties - >"$settings" <<END

advertised.listeners=INSIDE://kafka:9092,OUTSIDE://$BUS_ADVERTISED
listener.name.inside.scram-sha-512.sasl.jaas.config=$module.scram.ScramLoginModule required username="broker" password="$password";
listener.name.controller.plain.sasl.jaas.config=$module.plain.PlainLoginModule required username="broker" password="$password" user_broker="$password";
END

if [ ! -f /var/lib/kafka/data/meta.properties ]; then
  "$bin/kafka-storage.sh" format --standalone -t "$("$bin/kafka-storage.sh" random-uuid)" -c "$settings" \
    --add-scram "SCRAM-SHA-512=[name=broker,password=$password,iterations=4096]" \
    --add-scram "SCRAM-SHA-512=[name=admin,password=$(cat /run/secrets/bus_admin),iterations=4096]"
fi
exec "$bin/kafka-server-start.sh" "$settings"
