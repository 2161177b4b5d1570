"""What can be set about the stack, and what is refused."""

from pathlib import Path

import pytest

from deploy.embedded.ports import FREE_RANGE
from deploy.embedded.refusal import Refusal
from deploy.embedded.settings import DEFAULT_PORTS, from_environment

FIRST_OUTGOING_PORT = 32_768  # of Linux; other systems begin later


def test_without_settings_every_port_has_its_fixed_number() -> None:
    assert from_environment({}).ports == DEFAULT_PORTS


def test_fixed_ports_are_apart_from_free_ones_and_from_outgoing_connections() -> None:
    for port in DEFAULT_PORTS.values():
        assert port not in FREE_RANGE
        assert port < FIRST_OUTGOING_PORT


def test_free_ports_are_chosen_for_all_but_those_that_are_named() -> None:
    ports = from_environment({"PORTS": "free", "KAFKA_PORT": "4000"}).ports
    assert ports == {**dict.fromkeys(DEFAULT_PORTS, 0), "KAFKA_PORT": 4000}


def test_an_empty_setting_counts_as_not_set() -> None:
    assert from_environment({"KAFKA_PORT": "", "LOCAL_DIR": "", "PORTS": ""}) == from_environment({})


@pytest.mark.parametrize("text", ["x", "-1", "70000", "1.5", "²"])
def test_a_port_that_is_no_port_is_refused_by_its_name(text: str) -> None:
    with pytest.raises(Refusal, match=r"INTAKE_PORT must be a number from 0 to 65535"):
        from_environment({"INTAKE_PORT": text})


def test_one_port_for_two_is_refused_with_both_names() -> None:
    with pytest.raises(Refusal, match="KAFKA_PORT, MONGO_PORT"):
        from_environment({"KAFKA_PORT": "4000", "MONGO_PORT": "4000"})


def test_an_unknown_way_to_choose_ports_is_refused() -> None:
    with pytest.raises(Refusal, match="PORTS must be fixed or free"):
        from_environment({"PORTS": "any"})


def test_everything_lies_under_the_local_folder_unless_the_cache_is_set(tmp_path: Path) -> None:
    settings = from_environment({"LOCAL_DIR": str(tmp_path)})
    assert {settings.cache.parent, settings.logs.parent, settings.run.parent} == {tmp_path}
    assert from_environment({"LOCAL_DIR": str(tmp_path), "CACHE_DIR": "/elsewhere"}).cache == Path("/elsewhere")
