"""The kit for agencies' engineers does what its pages say, in three languages and from an empty folder."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from confluent_kafka import ConsumerGroupTopicPartitions, TopicPartition
from confluent_kafka.admin import AdminClient

from deploy.embedded.downloads import exclusive
from deploy.embedded.jars import LOCK
from shared import mongo
from shared.bus.cluster import client_configuration
from shared.topics import SANDBOX, inbox
from tests.chaos.observation import every_record
from tests.conftest import CACHE
from tests.e2e.languages import EXAMPLES, LANGUAGES
from tests.system import System
from tests.waiting import eventually

ROOT = Path(__file__).parents[2]
PAGE = EXAMPLES.parent / "first-event.md"


def packages() -> dict[str, str]:
    """Lets pip find the client in the folder of downloads, so that the network is needed the first time alone."""
    folder = CACHE / "wheels"
    with exclusive(folder):
        if not list(folder.glob("confluent_kafka-*.whl")):
            locked = (ROOT / "requirements" / "services.txt").read_text()
            [pinned] = re.findall(r"^confluent-kafka==.*\n(?: .*\n)+", locked, re.MULTILINE)
            (folder / "pinned.txt").write_text(pinned)
            wanted = ["--no-deps", "--require-hashes", "-r", str(folder / "pinned.txt"), "-d", str(folder)]
            subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", *wanted], check=True)
    return {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(folder)}


def environment(system: System, **more: str) -> dict[str, str]:
    """What an agency's engineer is given."""
    access = system.broker.access
    given = {"BUS_SERVERS": access.outside, "BUS_CA_FILE": str(access.secrets / "ca.pem")}
    return {**os.environ, "AGENCY": SANDBOX, **given, "BUS_PASSWORD_FILE": str(access.passwords.path(SANDBOX)), **more}


async def part(system: System, subject: UUID) -> tuple[str, int]:
    """The status of the sandbox's part in a referral, and how many events had their effect on it."""
    client = mongo.connect(system.database.url)
    try:
        document: Any = await mongo.database(client, "routing")["sandbox"].find_one({"_id": subject})
    finally:
        client.close()
    [assignment] = document["assignments"]
    return assignment["status"], len(assignment.get("heard", ()))


def made(subject: UUID) -> float:
    """When a synthetic referral was made, by its id: seconds since 1970."""
    return (subject.int & 0xFFFF_FFFF_FFFF) / 1000


def committed(system: System, group: str) -> int:
    """Where a group goes on reading the sandbox's inbox."""
    admin = AdminClient(client_configuration(system.broker.access.settings()))
    asked = ConsumerGroupTopicPartitions(group, [TopicPartition(inbox(SANDBOX), 0)])
    [partition] = admin.list_consumer_group_offsets([asked])[group].result().topic_partitions
    return int(partition.offset)


@contextmanager
def running(command: list[str], environment: dict[str, str], said: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A consumer until SIGTERM. What it says goes into a file."""
    with said.open("w") as output, subprocess.Popen(command, env=environment, stdout=output, stderr=output) as consumer:
        try:
            yield consumer
        finally:
            consumer.terminate()
            consumer.wait(20)


def members(system: System, group: str) -> int:
    """How many consumers are in a group."""
    admin = AdminClient(client_configuration(system.broker.access.settings()))
    return len(admin.describe_consumer_groups([group])[group].result().members)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_consumer_reads_its_inbox_and_accepts_with_effect_and_leaves_its_group_when_it_ends(
    system: System, tmp_path: Path, language: str
) -> None:
    command = await asyncio.to_thread(LANGUAGES[language], CACHE, tmp_path)
    said, group, started = tmp_path / "said", f"{SANDBOX}.{language}", time.time()
    with running(command, environment(system, GROUP=group), said) as consumer:

        async def took_effect() -> bool:
            assert consumer.poll() is None, said.read_text()
            accepted = [UUID(subject) for subject in re.findall(r"^accepted (\S+)$", said.read_text(), re.MULTILINE)]
            fresh = [subject for subject in accepted if made(subject) > started]  # no other consumer can have accepted them
            # On a slow machine an offer may have expired before it was accepted: any of them will do.
            return any([await part(system, subject) == ("accepted", 1) for subject in fresh])

        await eventually(took_effect, within=120, every=0.2)
        assert members(system, group) == 1
    assert members(system, group) == 0
    assert re.search(r"^offered 00000000-0000-8000-8000-\S+ (critical|high|routine) answer by \S+Z$", said.read_text(), re.M)


def test_the_dependencies_of_the_consumer_in_java_are_those_it_is_tested_with() -> None:
    locked = {(one["artifactId"], one["version"]) for one in tomllib.loads(LOCK.read_text())["dependencies"]}
    wanted = re.findall(r"<artifactId>(.+)</artifactId>\s*<version>(.+\..+)</version>", (EXAMPLES / "java/pom.xml").read_text())
    assert len(wanted) == 3
    assert set(wanted) <= locked


def test_the_first_event_is_reached_from_an_empty_folder_by_the_pages_words_alone(system: System, tmp_path: Path) -> None:
    started = time.time()
    blocks = re.findall(r"^```sh\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"  # python3 is the one that runs this
    given = environment(system, KIT=str(PAGE.parent), PATH=path, **packages())
    command = ["bash", "-eu", "-c", "".join(blocks)]
    done = subprocess.run(command, cwd=tmp_path, env=given, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    progressed, refused = re.findall(r"^sent (\S+)$", done.stdout, re.MULTILINE)
    assert re.search(rf"^rejected {refused} not_allowed_now$", done.stdout, re.MULTILINE)
    said = (tmp_path / "events.txt").read_text()
    assert progressed not in said, "it had its effect"
    offered = [made(UUID(id_)) for id_ in re.findall(r"^offered (\S+)", said, re.MULTILINE)]
    assert min(offered) > started, "nothing of what came before"
    now, beginning, since = re.findall(
        r"^sandbox.records goes on at offset (\d+); kept are 0 to \d+$", done.stdout, re.MULTILINE
    )
    assert (int(now) > 0, beginning, since) == (True, "0", "0")


async def test_a_group_goes_on_at_the_offset_or_at_the_first_event_from_the_time_it_was_set_to(system: System) -> None:
    events = [record for record in await every_record(system.broker.access) if record.topic == inbox(SANDBOX)]
    third = datetime.fromtimestamp(events[2].timestamp / 1000, UTC).isoformat()
    first_then = next(record.offset for record in events if record.timestamp >= events[2].timestamp)
    given = environment(system, GROUP=f"{SANDBOX}.replay")
    for where, offset in (("1", 1), (third, first_then), ("999999", None)):
        command = [sys.executable, str(EXAMPLES / "python" / "replay.py"), where]
        done = await asyncio.to_thread(subprocess.run, command, env=given, capture_output=True, text=True, check=True)
        [at, newest] = re.findall(r"goes on at offset (\d+); kept are 0 to (\d+)$", done.stdout.strip())[0]
        assert int(at) == (int(newest) + 1 if offset is None else offset)
        assert await asyncio.to_thread(committed, system, f"{SANDBOX}.replay") == int(at)
