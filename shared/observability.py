"""Logs that cannot tell on anyone: JSON lines with closed keys, and errors without their messages."""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog

_ALLOWED = frozenset(
    [
        "event",
        "level",
        "timestamp",
        "service",
        "instance",
        "correlation_id",
        "referral_id",
        "event_id",
        "reader",
        "outbox",
        "loop",
        "reason",
        "error",
        "where",
        "records",
        "topic",
        "partition",
        "offset",
        "lag",
        "seconds",
        "why",
        "waiting_for",
        "address",
        "port",
        "component",
        "status",
        "count",
        "agency",
        "clock",
        "attempt",
        "channel",
        "role",
        "topics",
        "path",
        "method",
        "status_code",
        "dry_run",
        "version",
        "file",
        "line",
        "documents",
        "mails",
        "rate",
    ]
)
"""What a log line may say. Anything else is withheld: a careless `log.info(x=details)` then leaks nothing."""


def _withhold(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: value if key in _ALLOWED else "[withheld]" for key, value in event.items()}


def _name_the_error(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replaces an exception by its class and the places it passed: its message may quote what a person typed."""
    error = event.pop("exc_info", None)
    if isinstance(error, BaseException):
        frames = traceback.extract_tb(error.__traceback__)[-6:]
        event["error"] = type(error).__name__
        event["where"] = [f"{frame.filename.rsplit('/', 3)[-1]}:{frame.lineno} {frame.name}" for frame in frames]
    return event


def configure_logging(service: str, instance: str, level: str) -> None:
    """One JSON object a line on standard output, the standard library's loggers included (by name and level only)."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _name_the_error,
            _withhold,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(service=service, instance=instance)
    logging.root.handlers = [_ToStructlog()]
    logging.root.setLevel(logging.WARNING)


class _ToStructlog(logging.Handler):
    """Libraries' log records, without their text: aiokafka and others quote arguments in it."""

    def emit(self, record: logging.LogRecord) -> None:
        log = structlog.get_logger(record.name)
        error = record.exc_info[1] if record.exc_info else None
        log.warning("library_log", component=record.name, where=f"{record.filename}:{record.lineno}", exc_info=error)
