"""One mongod as a replica set of one member, on loopback."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from deploy.embedded.child import Child
from deploy.embedded.ports import HOST, free_port
from deploy.embedded.server import Server

REPLICA_SET = "rs0"
_NOT_YET_INITIALIZED = 94


class Database(Server):
    """A mongod in a folder of its own.

    `port`: 0 chooses a free one. `cache_gb`: the most its storage engine may cache.
    """

    kind = "mongod"

    def __init__(self, folder: Path, binary: Path, *, port: int = 0, cache_gb: float = 0.5, log: Path | None = None) -> None:
        self.folder = folder.absolute()
        port = port or free_port()
        options = {
            "--dbpath": str(self.folder / "data"),
            "--bind_ip": HOST,
            "--port": str(port),
            "--replSet": REPLICA_SET,
            "--oplogSize": "512",
            "--wiredTigerCacheSizeGB": str(cache_gb),
            "--setParameter": "diagnosticDataCollectionEnabled=false",
        }
        command = [str(binary), "--quiet", "--nounixsocket", *(part for option in options.items() for part in option)]
        super().__init__(Child("mongod", command, log or self.folder / "mongod.log"), port)

    @property
    def url(self) -> str:
        """The connection string."""
        return f"mongodb://{self.address}/?replicaSet={REPLICA_SET}"

    def spawn(self) -> None:
        """Start without waiting."""
        (self.folder / "data").mkdir(parents=True, exist_ok=True)
        super().spawn()

    def answers(self) -> bool:
        """Whether the member takes writes. Makes it a replica set of one where it is not yet."""
        return answers(self.port)


def answers(port: int) -> bool:
    """Whether the mongod on a loopback port takes writes now; initialises its replica set the first time."""
    client: MongoClient[dict[str, Any]] = MongoClient(HOST, port, directConnection=True, serverSelectionTimeoutMS=500)
    with client:
        try:
            _ensure_member(client, f"{HOST}:{port}")
            return bool(client.admin.command("hello")["isWritablePrimary"])
        except PyMongoError:
            return False


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
