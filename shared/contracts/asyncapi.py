"""The AsyncAPI 3 document of a service, or of an agency's own system: what it sends and receives, where, in what shape.

Built from the table in `channels` without starting anything. Payload schemas are inlined, so that one file says it all.
"""

import json
from collections.abc import Iterable
from functools import cache
from typing import Any

from shared.contracts.channels import AGENCY, CHANNELS, Channel, Kind, type_of
from shared.contracts.examples import example
from shared.contracts.schema import wire_schema
from shared.delivery.errors import Reason
from shared.events.codec import encode
from shared.events.envelope import CONTENT_TYPE
from shared.topics import all_topics, dead_topic

Document = dict[str, Any]
_PURPOSE = {
    "intake": "The door: takes referrals over HTTP and tells in coded facts that one came in, grew or was taken back.",
    "routing": "Offers each referral to the right agencies, takes their answers, and tells everything that happens to it.",
    "notifications": "Alerts the staff of an agency about what routing decided.",
    "reporting": "Folds all events into outcome figures. Sends nothing but dead letters.",
    AGENCY: "What an agency's own system reads and writes. Put your agency's id in place of `{agency}`.",
}
_NOTE = (
    "Every message is a CloudEvent 1.0 in structured JSON mode; the Kafka key is the referral's id, which is also the subject. "
    "Delivery is at least once: count an event by its `id` once. Fields you do not know are to be ignored, and terms you do "
    "not know to be read as `unrecognized`: both may be added without a new version."
)
_CONTACT = {"name": "Regionalized Human Trafficking Recovery Taskforce", "email": "DCJ.RHTRTaskforce@ct.gov"}
_KEY = {"type": "string", "format": "uuid", "description": "The referral's id."}
_BINDING = "0.5.0"
_TOPICS = {topic.name: topic for topic in all_topics([f"{{{AGENCY}}}"])}


def document(party: str) -> Document:
    """The document of a service, or of AGENCY. Another name has no channels."""
    sent = [channel for channel in CHANNELS if channel.writer == party]
    read = [channel for channel in CHANNELS if channel.groups_of(party)]
    kinds = {type_of(kind): kind for channel in (*sent, *read) for kind in channel.kinds}
    dead = dict(_dead_letters(read, party)) if party != AGENCY else {}
    return {
        "asyncapi": "3.0.0",
        "info": _info(party),
        "defaultContentType": CONTENT_TYPE,
        "servers": _SERVERS,
        "channels": {c.name: _channel(c) for c in (*sent, *read)} | {name: _dead_channel(*of) for name, of in dead.items()},
        "operations": dict(_operations(sent, read, dead, party)),
        "components": {
            "securitySchemes": {"scram": _SCRAM},
            "messages": {name: _message(kind) for name, kind in kinds.items()} | ({"deadLetter": _DEAD} if dead else {}),
            "schemas": {name: _inlined(kind) for name, kind in kinds.items()},
        },
    }


@cache
def document_text(party: str) -> str:
    """The document as it is checked in and served."""
    return json.dumps(document(party), indent=1, ensure_ascii=False) + "\n"


def _info(party: str) -> Document:
    return {
        "title": "Referral bus: an agency's system" if party == AGENCY else f"Referral bus: {party}",
        "version": "1.0.0",
        "description": f"{_PURPOSE.get(party, '')} {_NOTE}".strip(),
        "contact": _CONTACT,
        "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
    }


def _channel(channel: Channel) -> Document:
    return _topic(channel.address, channel.purpose, map(type_of, channel.kinds))


def _dead_letters(read: Iterable[Channel], party: str) -> Iterable[tuple[str, tuple[Channel, str]]]:
    """Where each group puts what it cannot apply, by name: of the first group the channel's, of another with its own in it."""
    for channel in read:
        for place, group in enumerate(channel.groups_of(party)):
            yield f"{channel.name}{_own_part(group) if place else ''}Dead", (channel, group)


def _own_part(group: str) -> str:
    """`notifications-audit` is `Audit`."""
    return group.partition("-")[2].title()


def _dead_channel(channel: Channel, group: str) -> Document:
    purpose = f"What {group} could not apply from {channel.address}, for operators."
    return _topic(dead_topic(channel.address, group), purpose, ["deadLetter"])


def _topic(address: str, purpose: str, messages: Iterable[str]) -> Document:
    topic = _TOPICS[address]
    kept = {"cleanup.policy": ["delete"], "retention.ms": topic.retention_ms}
    described: Document = {
        "address": address,
        "title": address,
        "description": purpose,
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
        "bindings": {"kafka": {"partitions": topic.partitions, "topicConfiguration": kept, "bindingVersion": _BINDING}},
    }
    if "{agency}" in address:
        about = "The agency's id, as in config/agencies.yaml."
        described["parameters"] = {"agency": {"description": about, "examples": ["hartford-pd"]}}
    return described


def _operations(
    sent: Iterable[Channel], read: Iterable[Channel], dead: Iterable[str], party: str
) -> Iterable[tuple[str, Document]]:
    for channel in sent:
        yield f"send.{channel.name}", _operation("send", channel.name, map(type_of, channel.kinds))
    for channel in read:
        operation = _operation("receive", channel.name, map(type_of, channel.kinds))
        for place, group in enumerate(channel.groups_of(party)):
            named = {"type": "string", "pattern": "^{agency}\\."} if group == AGENCY else {"type": "string", "const": group}
            name = f"receive.{channel.name}{_own_part(group) if place else ''}"
            yield name, operation | {"bindings": {"kafka": {"groupId": named, "bindingVersion": _BINDING}}}
    for name in dead:
        yield f"send.{name}", _operation("send", name, ["deadLetter"])


def _operation(action: str, channel: str, messages: Iterable[str]) -> Document:
    references = [{"$ref": f"#/channels/{channel}/messages/{name}"} for name in messages]
    return {"action": action, "channel": {"$ref": f"#/channels/{channel}"}, "messages": references}


def _message(kind: Kind) -> Document:
    name = type_of(kind)
    return {
        "name": name,
        "title": kind.__name__,
        "summary": kind.__doc__,
        "contentType": CONTENT_TYPE,
        "headers": {"type": "object", "properties": {"content-type": {"const": CONTENT_TYPE}}},
        "correlationId": {"location": "$message.payload#/correlationid"},
        "payload": {"$ref": f"#/components/schemas/{name}"},
        "bindings": {"kafka": {"key": _KEY, "bindingVersion": _BINDING}},
        "examples": [{"name": "madeUp", "payload": json.loads(encode(example(kind)))}],
    }


def _inlined(kind: Kind) -> Document:
    """The event's schema with its definitions beside it, addressed from the root of this document."""
    schema = {key: value for key, value in wire_schema(kind).items() if key != "$schema"}
    schema["definitions"] = schema.pop("$defs", {})
    here = f"#/components/schemas/{type_of(kind)}/definitions/"
    return dict(json.loads(json.dumps(schema).replace("#/$defs/", here)))


_SCRAM = {
    "type": "scramSha512",
    "description": "One principal for each service and each agency; an agency can use its own inbox and outbox alone.",
}
_HOST = {"default": "127.0.0.1:19092", "description": "host:port of a broker (KAFKA_BOOTSTRAP_SERVERS)."}
_SERVERS = {
    "closed": {
        "host": "{broker}",
        "protocol": "kafka-secure",
        "description": "TLS, with a name and a password.",
        "variables": {"broker": _HOST},
        "security": [{"$ref": "#/components/securitySchemes/scram"}],
    },
    "loopback": {
        "host": "{broker}",
        "protocol": "kafka",
        "description": "One machine for development: plain, and bound to loopback.",
        "variables": {"broker": _HOST},
    },
}
_TEXT = {"type": "string"}
_DEAD = {
    "name": "deadLetter",
    "title": "Dead letter",
    "summary": "The original bytes and key, with where they came from and why they are here.",
    "contentType": "application/octet-stream",
    "headers": {
        "type": "object",
        "required": ["reason", "topic", "partition", "offset"],
        "properties": {
            "reason": {"type": "string", "enum": [reason.value for reason in Reason]},
            "topic": _TEXT,
            "partition": _TEXT,
            "offset": _TEXT,
        },
    },
}
