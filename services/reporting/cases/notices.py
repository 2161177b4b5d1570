"""Notices of a case: which arrived, and which did not. Pure."""

from typing import Any

from services.reporting.cases.part import Part
from shared.events import notification


def delivered(part: Part, event: notification.NotificationDelivered) -> Part:
    """One notice that arrived, and after how long."""
    return {**part, event.data.notice.hex: {**_notice(event.data), "after_ms": event.data.after_ms}}


def failed(part: Part, event: notification.NotificationFailed) -> Part:
    """One notice that did not arrive, and why."""
    return {**part, event.data.notice.hex: {**_notice(event.data), "reason": event.data.reason.value}}


def _notice(data: notification.DeliveredData | notification.FailedData) -> dict[str, Any]:
    return {"channel": data.channel.value, "urgency": data.urgency.value, "attempts": data.attempts}
