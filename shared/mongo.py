"""The one place that knows the MongoDB driver.

Motor is the driver asked for. It is at the end of its life, and PyMongo's own async client has the same calls: swapping it
means changing this module and nothing else.
"""

from collections.abc import Mapping
from typing import Any

from bson import encode
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorCollection, AsyncIOMotorDatabase
from pymongo.encryption import ClientEncryption
from pymongo.errors import (
    AutoReconnect,
    ConnectionFailure,
    ExecutionTimeout,
    NetworkTimeout,
    NotPrimaryError,
    WriteConcernError,
    WTimeoutError,
)
from pymongo.write_concern import WriteConcern

Client = AsyncIOMotorClient[dict[str, Any]]
Database = AsyncIOMotorDatabase[dict[str, Any]]
Collection = AsyncIOMotorCollection[dict[str, Any]]
Encryption = ClientEncryption[dict[str, Any]]

Encoded = RawBSONDocument
"""A document in the bytes that the database keeps."""

_OPTIONS: CodecOptions[dict[str, Any]] = CodecOptions(tz_aware=True, uuid_representation=4)

UNAVAILABLE = (
    AutoReconnect,
    ConnectionFailure,
    ExecutionTimeout,
    NetworkTimeout,
    NotPrimaryError,
    WriteConcernError,
    WTimeoutError,
)
"""Errors that say "the database is away" or "unknown": the work must be repeatable and is repeated."""

DURABLE = WriteConcern(w="majority", j=True, wtimeout=10_000)
"""A write under this concern has been journaled by a majority when it returns."""


def connect(url: str, *, timeout_ms: int = 3000) -> Client:
    """A client that gives up on an absent database after `timeout_ms`. Nothing is connected yet."""
    return AsyncIOMotorClient(
        url,
        serverSelectionTimeoutMS=timeout_ms,
        connectTimeoutMS=timeout_ms,
        socketTimeoutMS=20_000,
        retryWrites=True,
        tz_aware=True,
        uuidRepresentation="standard",
    )


def database(client: Client, name: str) -> Database:
    """The named database, every write journaled by a majority, every date aware of its zone."""
    return client.get_database(name, codec_options=_OPTIONS, write_concern=DURABLE)


def encrypting(
    client: Client,
    keys: str,
    providers: Mapping[str, Mapping[str, Any]],
    tls: Mapping[str, Mapping[str, Any]],
    remember_ms: int,
) -> Encryption:
    """Explicit encryption of single fields. `providers` wrap the data keys in the collection `keys` (DATABASE.COLLECTION).

    `tls`: options for those that are reached over a network. A key that was used is remembered for `remember_ms`. The calls
    block: they are for threads.
    """
    return ClientEncryption(providers, keys, client.delegate, _OPTIONS, tls, key_expiration_ms=remember_ms)


def elements(fields: Mapping[str, Any]) -> bytes:
    """The fields as they stand in a document's bytes, between its length and its end."""
    return encode(fields, codec_options=_OPTIONS)[4:-1]


def joined(*parts: bytes) -> Encoded:
    """The document of all these elements, in this order."""
    size = 5 + sum(map(len, parts))
    return Encoded(b"".join((size.to_bytes(4, "little"), *parts, b"\0")))
