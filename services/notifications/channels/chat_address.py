"""What the address of a chat room may be: one of the services that we know, over TLS, with nothing that turns it elsewhere.

Addresses are written as Apprise has them (`ntfys://ntfy.example/topic`), or as Slack, Teams and Google Chat show them.
"""

from importlib import import_module
from typing import Any

SERVICES = {
    "ntfys": ("ntfy", "NotifyNtfy"),
    "slack": ("slack", "NotifySlack"),
    "workflows": ("workflows", "NotifyWorkflows"),
    "gchat": ("google_chat", "NotifyGoogleChat"),
    "mmosts": ("mattermost", "NotifyMattermost"),
    "rockets": ("rocketchat", "NotifyRocketChat"),
    "zulip": ("zulip", "NotifyZulip"),
    "pover": ("pushover", "NotifyPushover"),
}
"""By scheme: module and class of Apprise. It knows 140 more, among them some that write files or start programs."""
_SHOWN_AS_HTTPS = ("slack", "workflows", "gchat")
_OPTIONS = frozenset(
    ["api-version", "auth", "key", "mode", "pa", "priority", "route", "routeid", "sig", "sp", "sv", "token", "ver"]
)
"""What may stand behind the `?`. Others would read a file of ours as a template, follow redirects, or trust any certificate."""


def plugin_of(address: str) -> Any:
    """Apprise's notifier for an address. ValueError, without the address, where it is none of ours."""
    scheme, _, rest = address.partition("://")
    kinds = [scheme] if scheme in SERVICES else _SHOWN_AS_HTTPS if scheme == "https" else ()
    for kind in kinds:
        notifier = _notifier(kind)
        parsed = notifier.parse_native_url(address) if scheme == "https" else notifier.parse_url(address)
        if parsed and rest:
            return _made(notifier, parsed)
    raise ValueError(f"this is no address of a chat service that is known here: {', '.join(SERVICES)}")


def _notifier(kind: str) -> Any:
    module, name = SERVICES[kind]
    return getattr(import_module(f"apprise.plugins.{module}"), name)


def _made(notifier: Any, parsed: dict[str, Any]) -> Any:
    if others := sorted(set(parsed.get("qsd", ())) - _OPTIONS):
        raise ValueError(f"an address may not have options besides {', '.join(sorted(_OPTIONS))}; take out {len(others)}")
    assets = import_module("apprise.asset")
    parsed["asset"] = assets.AppriseAsset(
        storage_mode="memory", secure_logging=True, allow_templates=False, http_redirects=False
    )
    try:
        return notifier(**parsed)
    except (TypeError, ValueError):
        raise ValueError("this address has not all the parts that its service needs") from None
