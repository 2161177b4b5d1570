"""The broker and the database that all integration tests share."""

import uuid

from confluent_kafka.admin import AdminClient
from motor.motor_asyncio import AsyncIOMotorClient

from deploy.embedded import Access
from shared.bus.cluster import client_configuration


def test_the_broker_answers_and_creates_no_topic_by_itself(kafka: Access) -> None:
    admin = AdminClient(client_configuration(kafka.settings()))
    unknown = f"test.{uuid.uuid4()}"
    admin.list_topics(unknown, timeout=10)
    assert unknown not in {name for name in admin.list_topics(timeout=10).topics}


async def test_the_database_takes_journaled_majority_writes(mongo_url: str) -> None:
    client: AsyncIOMotorClient[dict[str, object]] = AsyncIOMotorClient(mongo_url, w="majority", journal=True)
    name = f"test_{uuid.uuid4().hex}"
    try:
        await client[name].rows.insert_one({"_id": 1})
        assert await client[name].rows.count_documents({}) == 1
    finally:
        await client.drop_database(name)
        client.close()
