"""agencies.yaml as every service reads it: each mistake with its line and what to write instead."""

from __future__ import annotations

from pathlib import Path
from shutil import copy

import pytest

from shared.agencies import load_agencies
from shared.config_file import ConfigError


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("kind: coordinator", "kind: boss", "kind: choose one of: police"),
        ("kind: coordinator", "kinds: coordinator", "this name is not known here; did you mean kind?"),
        ("agencies:", "agencies: [", "this is not YAML"),
    ],
)
def test_a_mistake_is_told_with_the_file_its_line_and_what_to_write(
    tmp_path: Path, before: str, after: str, words: str
) -> None:
    file = Path(copy("config/agencies.yaml", tmp_path))
    text = file.read_text()
    assert before in text
    file.write_text(text.replace(before, after, 1))
    with pytest.raises(ConfigError) as error:
        load_agencies(tmp_path)
    assert words in str(error.value)
    assert f"{file}: line " in str(error.value)
