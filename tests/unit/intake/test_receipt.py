"""Receipt codes, idempotency keys and the digests that stand for them."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.idempotency import claim
from services.intake.receipt import is_well_formed, receipt_code, receipt_lookup
from services.intake.seal import Seal, read_seal

SEAL = Seal(b"a secret that only tests use, 32+ long")
OTHER = Seal(b"another secret that only tests use, yes")


@given(st.uuids())
def test_a_code_is_16_digits_in_groups_of_four_and_the_same_every_time(referral: UUID) -> None:
    code = receipt_code(SEAL, referral)
    groups = code.split("-")
    assert [len(group) for group in groups] == [4, 4, 4, 4]
    assert "".join(groups).isdecimal()
    assert code == receipt_code(SEAL, referral)
    assert is_well_formed(code)


@given(st.uuids(), st.integers(0, 15), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(referral: UUID, place: int, by: int) -> None:
    digits = list(receipt_code(SEAL, referral).replace("-", ""))
    digits[place] = str((int(digits[place]) + by) % 10)
    assert not is_well_formed("".join(digits))


@given(st.uuids(), st.uuids())
def test_codes_of_two_referrals_differ_and_need_the_secret(one: UUID, other: UUID) -> None:
    assert (receipt_code(SEAL, one) == receipt_code(SEAL, other)) == (one == other)
    assert receipt_code(SEAL, one) != receipt_code(OTHER, one)


@given(st.uuids())
def test_a_code_is_found_however_it_is_written_and_its_digest_does_not_hold_it(referral: UUID) -> None:
    code = receipt_code(SEAL, referral)
    lookup = receipt_lookup(SEAL, code)
    assert lookup == receipt_lookup(SEAL, code.replace("-", " ")) == receipt_lookup(SEAL, code.replace("-", ""))
    assert lookup != receipt_lookup(OTHER, code)
    assert code.replace("-", "").encode() not in lookup


@given(st.binary(max_size=64), st.binary(max_size=64))
def test_only_the_same_body_is_a_repeat(first: bytes, second: bytes) -> None:
    one, two = claim(SEAL, "k" * 16, first), claim(SEAL, "k" * 16, second)
    assert one is not None
    assert two is not None
    assert one.key == two.key
    assert two.is_repeat_of(one.body) == (first == second)


def test_digests_of_one_message_differ_by_purpose_and_secret() -> None:
    digests = {seal.digest(purpose, b"same") for seal in (SEAL, OTHER) for purpose in ("one", "two")}
    assert len(digests) == 4


def test_without_a_key_nothing_is_remembered() -> None:
    assert claim(SEAL, None, b"body") is None


def test_a_short_secret_is_refused_in_words_that_do_not_hold_it(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("  tooshort\n")
    with pytest.raises(ValueError, match="RECEIPT_SECRET_FILE") as refused:
        read_seal(file)
    assert "tooshort" not in str(refused.value)
