"""The details taken apart into fields, and the file with the master keys."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.embedded.service import ensure_keyring
from services.intake.details import Details, ReporterDetails, Suspect, Victim
from services.intake.vault.keyring import read_keyring
from services.intake.vault.leaves import FIELDS, grown, leaves

NAMES = st.sampled_from("abc")
VALUES = st.text(max_size=3) | st.lists(st.text(max_size=3), max_size=2)
TREES = st.recursive(VALUES, lambda inner: st.dictionaries(NAMES, inner, min_size=1, max_size=3), max_leaves=8)
KEY = "A" * 128


@given(st.dictionaries(NAMES, TREES, max_size=3))
def test_what_was_taken_apart_can_be_put_together_again(details: dict[str, Any]) -> None:
    assert grown(leaves(details)) == details


def test_every_field_of_the_details_has_a_name() -> None:
    told = Details(
        narrative="x", place="x", safe_contact="x", victim=Victim(names=("x",), birth_date=date(2012, 2, 29)),
        reporter=ReporterDetails(name="x"), suspect=Suspect(names=("x",)),
    )  # fmt: skip
    assert set(leaves(told.model_dump())) == set(FIELDS)
    assert len(FIELDS) == 16


def written(folder: Path, text: str) -> Path:
    file = folder / "keyring"
    file.write_text(text)
    return file


def test_a_new_keyring_can_be_used(tmp_path: Path) -> None:
    keyring = read_keyring(ensure_keyring(tmp_path / "keyring"))
    assert keyring.current in keyring.providers
    assert keyring.master_key is None
    assert keyring.providers["local:first"]["key"] not in repr(keyring)


def test_a_key_service_is_told_which_of_its_keys_to_use(tmp_path: Path) -> None:
    text = """{current: 'aws:2027', providers: {'aws:2027': {accessKeyId: a, secretAccessKey: b}},
               master_keys: {'aws:2027': {region: us-east-1, key: arn}}}"""
    assert read_keyring(written(tmp_path, text)).master_key == {"region": "us-east-1", "key": "arn"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "not YAML"),
        ("{providers: {}}", "Field required"),
        ("{current: 'local:b', providers: {'local:a': {key: KEY}}}", "current has to be"),
        ("{current: 'local:a', providers: {'local:a': {key: SECRET}}}", "96 random bytes"),
        ("{current: 'local', providers: {'local': {key: KEY}}}", "name a provider"),
        ("{current: 'kmip:a', providers: {'kmip:a': {endpoint: SECRET}}}", "name a provider"),
        ("{current: 'aws:a', providers: {'aws:a': {secretAccessKey: SECRET}}}", "master_keys has to say"),
    ],
)
def test_a_keyring_that_cannot_be_used_is_refused_without_a_word_of_what_is_in_it(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told) as refused:
        read_keyring(written(tmp_path, text.replace("KEY", KEY)))
    assert "SECRET" not in str(refused.value)
    assert KEY not in str(refused.value)
