"""`python -m services.notifications webhook …`: look at agencies' addresses, and check one before it is used."""

import asyncio
import json
import sys
from typing import Annotated
from uuid import uuid4

from cyclopts import App, Parameter

from services.notifications.channels.endpoint_store import EndpointStore
from services.notifications.channels.webhook import Caller
from services.notifications.command_line.directory import the_rules
from services.notifications.directory.webhooks import Webhooks
from services.notifications.notices.attempt import Undelivered
from services.notifications.settings import NotificationsSettings
from shared import mongo
from shared.clock import now
from shared.command_line import console

app = App(name="webhook", help="Look at the addresses of webhooks.yaml, and check one.")
Name = Annotated[str, Parameter(help="the name of an address in webhooks.yaml")]


@app.command(name="list")
def list_() -> None:
    """List the addresses and whether each is switched on.

    Example: python -m services.notifications webhook list
    """
    asyncio.run(_list(the_rules().directory.webhooks, NotificationsSettings()))


@app.command
def check(name: Name) -> None:
    """Post a signed `endpoint.validated` to an address. With a yes it is switched on; exit status 1 without.

    Example: python -m services.notifications webhook check dcf-records
    """
    webhooks = the_rules().directory.webhooks
    if name not in webhooks.by_id:
        sys.exit(f"notifications: {name} is not in webhooks.yaml; there are: {', '.join(webhooks.by_id) or 'none'}")
    sys.exit(asyncio.run(_check(name, webhooks, NotificationsSettings())))


def _store(settings: NotificationsSettings) -> EndpointStore:
    client = mongo.connect(settings.mongo.connection_string())
    return EndpointStore(mongo.database(client, settings.mongo.database or "notifications"), now)


async def _list(webhooks: Webhooks, settings: NotificationsSettings) -> None:
    store = _store(settings)
    for endpoint in webhooks.endpoints:
        state = "off: it answered that it is gone; check it" if await store.is_off(endpoint.id) else "on"
        console.print(f"{endpoint.id} ({endpoint.agency}): {state}", markup=False, highlight=False)


async def _check(name: str, webhooks: Webhooks, settings: NotificationsSettings) -> int:
    body = json.dumps({"type": "endpoint.validated", "timestamp": now().isoformat(), "data": {"endpoint": name}})
    caller = Caller(settings.webhook, webhooks)
    try:
        status = await caller.call(name, uuid4(), now(), body)
    except (Undelivered, ValueError, OSError) as error:
        console.print(f"{name}: no answer ({error})", markup=False)
        return 1
    finally:
        await caller.close()
    if not 200 <= status < 300:
        console.print(f"{name}: it answered {status}; wanted is 200 to 299")
        return 1
    await _store(settings).switch_on(name)
    console.print(f"{name}: fine, and switched on")
    return 0
