"""Every metric of the bus itself, as `python -m shared.bus.watch` sees it from outside."""

from prometheus_client import Gauge

# When each certificate ends: of the listener that agencies connect to (renew it in time), and of the authority that signs it
# (agencies need the next one's file long before). Seconds since 1970.
CERTIFICATE_EXPIRES = Gauge("bus_certificate_expiry_timestamp_seconds", "When the certificate ends", ["certificate"])
# 0: clients that trust the authority turn away: it has expired, is another authority's, or lacks the name they connect to.
CERTIFICATE_ACCEPTED = Gauge("bus_certificate_accepted", "1 while an agency's client accepts the listener's certificate")
# Stands still while the listener does not answer. Seconds since 1970.
LAST_HANDSHAKE = Gauge("bus_last_handshake_timestamp_seconds", "When the listener outside last answered with TLS")
