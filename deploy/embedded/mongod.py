"""One mongod as a replica set of one member, on loopback."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from deploy.embedded.child import Child
from deploy.embedded.ports import HOST, free_port
from deploy.embedded.waiting import wait_until

REPLICA_SET = "rs0"
_NOT_YET_INITIALIZED = 94


class Database:
    """A mongod in a folder of its own. Start it from the main thread (see Child).

    `port`: 0 chooses a free one, kept over restarts. `cache_gb`: the most its storage engine may cache.
    """

    def __init__(self, folder: Path, binary: Path, *, port: int = 0, cache_gb: float = 0.5, log: Path | None = None) -> None:
        self.folder = folder.absolute()
        self.port = port or free_port()
        options = {
            "--dbpath": str(self.folder / "data"),
            "--bind_ip": HOST,
            "--port": str(self.port),
            "--replSet": REPLICA_SET,
            "--oplogSize": "512",
            "--wiredTigerCacheSizeGB": str(cache_gb),
            "--setParameter": "diagnosticDataCollectionEnabled=false",
        }
        command = [str(binary), "--quiet", "--nounixsocket", *(part for option in options.items() for part in option)]
        self.child = Child("mongod", command, log or self.folder / "mongod.log")

    @property
    def address(self) -> str:
        """Where clients connect, as host:port."""
        return f"{HOST}:{self.port}"

    @property
    def url(self) -> str:
        """The connection string."""
        return f"mongodb://{self.address}/?replicaSet={REPLICA_SET}"

    @property
    def pid(self) -> int | None:
        """The process id; None before the first start."""
        return self.child.pid

    def spawn(self) -> None:
        """Start without waiting."""
        (self.folder / "data").mkdir(parents=True, exist_ok=True)
        self.child.start()

    def wait_ready(self, timeout: float = 60.0) -> None:
        """Return when the member takes writes; raises Refusal with the end of its log otherwise."""
        wait_until(self.answers, self.child, timeout)

    def start(self) -> Database:
        """Start, and return when the member takes writes."""
        self.spawn()
        self.wait_ready()
        return self

    def answers(self) -> bool:
        """Whether the member takes writes now. Makes it a replica set of one where it is not yet."""
        client: MongoClient[dict[str, Any]] = MongoClient(HOST, self.port, directConnection=True, serverSelectionTimeoutMS=500)
        with client:
            try:
                _ensure_member(client, self.address)
                return bool(client.admin.command("hello")["isWritablePrimary"])
            except PyMongoError:
                return False

    def stop(self) -> None:
        """End mongod in order."""
        self.child.stop()

    def kill9(self) -> None:
        """End mongod as a crash would."""
        self.child.kill9()

    def restart(self) -> None:
        """Start again on the same port and data (after stop or kill9; stops first where it still runs)."""
        self.stop()
        self.start()

    def __enter__(self) -> Database:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


def _ensure_member(client: MongoClient[dict[str, Any]], address: str) -> None:
    """Initialise the replica set, or move its one member to `address` where the port has changed since."""
    try:
        config = client.admin.command("replSetGetConfig")["config"]
    except OperationFailure as failure:
        if failure.code != _NOT_YET_INITIALIZED:
            raise
        member = {"_id": 0, "host": address}
        client.admin.command("replSetInitiate", {"_id": REPLICA_SET, "members": [member]})
        return
    if config["members"][0]["host"] != address:
        config["members"][0]["host"] = address
        config["version"] += 1
        client.admin.command("replSetReconfig", config, force=True)
