"""Receipt codes, idempotency keys and the digests that stand for them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from hypothesis import given
from hypothesis import strategies as st

from services.intake.idempotency import claim
from services.intake.receipts.code import draw, finding, locked, proving, receipt, unlocked
from services.intake.receipts.proof import Proofs, hashed
from services.intake.seal import Seal, read_seal

SEAL = Seal(b"a secret that only tests use, 32+ long")
CODES = st.integers(0, 10**16 - 1).map(lambda number: "-".join(re.findall("....", f"{number:016d}")))
AT = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
OTHER = Seal(b"another secret that only tests use, yes")


def test_a_code_is_16_digits_in_groups_of_four_and_no_two_are_alike() -> None:
    codes = {draw() for _ in range(2_000)}
    assert len(codes) == 2_000
    assert all(re.fullmatch(r"[0-9]{4}(-[0-9]{4}){3}", code) for code in codes)
    assert {code[place] for code in codes for place in (0, 18)} == set("0123456789")


@given(CODES)
def test_a_code_is_known_however_it_is_written(code: str) -> None:
    plain = code.replace("-", "")
    arabic = "".join("٠١٢٣٤٥٦٧٨٩"[int(one)] for one in plain)
    for typed in (plain, code.replace("-", " "), f" {code}.", arabic):
        assert (finding(SEAL, typed), proving(SEAL, typed)) == (finding(SEAL, code), proving(SEAL, code))


@given(CODES, st.integers(0, 15), st.integers(1, 9))
def test_one_wrong_digit_finds_another_or_proves_nothing(code: str, place: int, by: int) -> None:
    digits = list(code.replace("-", ""))
    digits[place] = str((int(digits[place]) + by) % 10)
    wrong = "".join(digits)
    assert (finding(SEAL, wrong) != finding(SEAL, code)) is (place < 8)
    assert (proving(SEAL, wrong) != proving(SEAL, code)) is (place >= 8)


@given(CODES)
def test_what_is_kept_of_a_code_needs_the_secret_and_does_not_hold_it(code: str) -> None:
    kept, other = receipt(SEAL, code, AT), receipt(OTHER, code, AT)
    assert kept.keys() == {"find", "waits", "since"}
    assert kept["find"] != other["find"]
    assert kept["waits"] != other["waits"]
    assert not any(part.encode() in bytes(kept[name]) for name in ("find", "waits") for part in (code, code.replace("-", "")))


@given(CODES)
def test_a_code_is_given_again_for_the_same_idempotency_key_alone(code: str) -> None:
    first, other = (claim(SEAL, key * 16, b"body") for key in "ab")
    assert first
    assert other
    stored = locked(code, first.lock)
    assert code.encode() not in stored
    assert unlocked(stored, first.lock) == code
    with pytest.raises(InvalidTag):
        unlocked(stored, other.lock)


def test_a_slow_hash_says_what_it_was_made_with_and_is_salted() -> None:
    one, two = hashed(b"message"), hashed(b"message")
    assert one.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert one != two


async def test_whatever_is_asked_costs_one_hash_and_only_the_right_code_is_proven(monkeypatch: pytest.MonkeyPatch) -> None:
    proofs, spent = Proofs(), list[str]()
    verify = Argon2id.verify_phc_encoded

    def counting(message: bytes, proof: str) -> None:
        spent.append(proof)
        verify(message, proof)

    monkeypatch.setattr(Argon2id, "verify_phc_encoded", counting)
    right, wrong = (proving(SEAL, code) for code in ("1234-5678-9012-3456", "1234-5678-9012-3457"))
    hashed_already, not_yet = {"proof": hashed(right)}, {"waits": right}
    for kept, holds in ((hashed_already, True), (not_yet, True), (None, False), ({}, False)):
        assert await proofs.holds(right, kept) is holds
        assert await proofs.holds(wrong, kept) is False
    assert len(spent) == 8


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
