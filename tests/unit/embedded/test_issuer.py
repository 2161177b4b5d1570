"""The development issuer: its tokens get in where its key is trusted, and it runs nowhere but here."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.embedded import Issuer
from deploy.embedded.development_tokens import DevelopmentKey
from deploy.embedded.refusal import Refusal
from shared.identity import identity_of
from shared.principal import Role
from shared.settings import IdentitySettings


async def test_a_service_that_trusts_it_takes_its_tokens(tmp_path: Path) -> None:
    issuer = Issuer(tmp_path / "key", tmp_path / "log")
    with_its_key = issuer.environment()
    try:
        issuer.start()
        settings = IdentitySettings(issuer=with_its_key["OIDC_ISSUER"], jwks_url=with_its_key["OIDC_JWKS_URL"])
        identity = identity_of(settings)
        assert identity is not None
        who = await identity.principal(issuer.token(Role.supervisor, "hartford-pd"))
    finally:
        issuer.stop()
    assert who.roles == {Role.supervisor}
    assert who.agency == "hartford-pd"


def test_started_by_anybody_else_it_refuses(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "deploy.embedded.jwks", "1", str(tmp_path / "key")]
    for claimed in ({}, {"EMBEDDED_STACK_PARENT": "1"}):
        ended = subprocess.run(command, check=False, env=os.environ | claimed, capture_output=True, text=True, timeout=30)
        assert ended.returncode == 2
        assert "runs nowhere else" in ended.stderr
    assert not (tmp_path / "key").exists()


def test_its_key_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    first = DevelopmentKey(tmp_path / "secrets" / "issuer").public()
    assert stat.S_IMODE((tmp_path / "secrets" / "issuer").stat().st_mode) == 0o600
    assert DevelopmentKey(tmp_path / "secrets" / "issuer").public() == first
    assert "d" not in first["keys"][0], "the private part stays here"


def test_an_agencys_people_need_an_agency(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="--agency"):
        DevelopmentKey(tmp_path / "key").token("http://127.0.0.1:1", Role.staff)
