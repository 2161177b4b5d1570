"""Kafka, MongoDB, mail and the four services on one machine, with nothing installed but Python and make."""

from deploy.embedded.access import Access
from deploy.embedded.binary import mongod_binary
from deploy.embedded.issuer import Issuer
from deploy.embedded.jars import class_path
from deploy.embedded.kafka import Broker
from deploy.embedded.mail import MailSink
from deploy.embedded.mongod import Database
from deploy.embedded.service import Service, Surroundings

__all__ = ["Access", "Broker", "Database", "Issuer", "MailSink", "Service", "Surroundings", "class_path", "mongod_binary"]
