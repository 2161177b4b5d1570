#!/bin/bash
# Kafka with the settings beside this file. The data folder is formatted once.
set -euo pipefail
settings=/etc/referral-bus/server.properties
bin=/opt/kafka/bin

# Nothing but the data folder and /tmp can be written.
export LOG_DIR=/tmp/logs EXTRA_ARGS="-name kafkaServer"
export KAFKA_LOG4J_OPTS=-Dlog4j2.configurationFile=/etc/referral-bus/log4j2.yaml

if [ ! -f /var/lib/kafka/data/meta.properties ]; then
  "$bin/kafka-storage.sh" format --standalone -t "$("$bin/kafka-storage.sh" random-uuid)" -c "$settings"
fi
exec "$bin/kafka-server-start.sh" "$settings"
