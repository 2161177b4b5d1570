"""`make proxy-test`: the form behind a real nginx with deploy/proxy/nginx.conf. What visitors send is found in no file of it.

NGINX_PROGRAM: its path, where it is not on PATH.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen

import httpx

from deploy.embedded import Database, mongod_binary
from deploy.embedded.ports import free_port
from deploy.embedded.settings import from_environment
from tests.browser.served import served
from tests.unit.intake.pages.walk import heading, hidden, to_the_end
from tests.waiting import eventually

CONFIG = Path("deploy/proxy/nginx.conf")
FROM = "127.0.0.77"
"""The visitor's address."""
FOLDERS = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]


@contextmanager
def nginx(folder: Path, config: str, port: int, upstream: str) -> Iterator[None]:
    """Runs until the block ends. Everything that it can write is below `folder`."""
    program = (
        os.environ.get("NGINX_PROGRAM") or shutil.which("nginx") or sys.exit("Install nginx, or set NGINX_PROGRAM to its path.")
    )
    (folder / "nginx.conf").write_text(config)
    (folder / "listen.conf").write_text(f"listen 127.0.0.1:{port};")
    (folder / "upstream.conf").write_text(f"server {upstream};")
    places = "".join(f"{name}_temp_path {folder}/{name};" for name in FOLDERS)
    own = f"daemon off; pid {folder}/pid; user {os.environ.get('USER', 'root')};"
    (folder / "nginx.conf").write_text(config.replace("http {", f"http {{ {places}", 1))
    process = Popen([program, "-p", str(folder), "-c", "nginx.conf", "-e", str(folder / "start.log"), "-g", own])
    try:
        yield
    finally:
        process.send_signal(signal.SIGQUIT)
        process.wait(10)


async def visit(port: int, canary: str) -> None:
    """Everything a visitor may send: a whole form, more words, a file, wrong addresses, what is refused."""
    headers = {"User-Agent": canary, "Referer": f"http://{canary}.example/", "Cookie": canary}
    transport = httpx.AsyncHTTPTransport(local_address=FROM)
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{port}", headers=headers, transport=transport, timeout=60
    ) as client:

        async def up() -> bool:
            try:
                return (await client.get("/en/")).is_success
            except httpx.TransportError:
                return False

        await eventually(up, within=60)
        page = await to_the_end(client, "short", happening=f"{canary} " * 150, place=canary)
        sent = await client.post("/en/send", data={"state": hidden(page, "state")})
        assert heading(sent.text) == "We have it. Thank you."
        code = sent.text.split('<p class="big">')[1].split("<")[0]
        note = hidden((await client.post("/en/back", data={"code": code})).text, "note")
        page = (await client.post("/en/back/file", data={"note": note, "do": "file"})).text
        fields = {"note": note, "letter": hidden(page, "letter")}
        files = {"file": (f"{canary}.txt", f"{canary} ".encode() * 50_000)}
        added = await client.post("/en/back/file/send", data=fields, files=files)
        assert heading(added.text) == "We have it. Thank you."
        assert (await client.get(f"/{canary}?name={canary}")).status_code == 404
        assert (await client.get(f"/en/{canary}")).status_code == 404
        for hidden_path in ("/api/v1/referrals", "/metrics", "/health/live", "/openapi.json"):
            assert (await client.get(hidden_path)).status_code == 404
        assert (await client.post("/en/tell", content=canary.encode() * 50_000)).status_code == 413


def found(folder: Path, *words: str) -> list[str]:
    """Files that hold one of the words."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return [str(path.relative_to(folder)) for path in files if any(word.encode() in path.read_bytes() for word in words)]


async def tried(scratch: Path, name: str, config: str, upstream: str) -> list[str]:
    """Which files of the proxy hold something of a visitor."""
    folder, canary, port = scratch / name, f"canary{secrets.token_hex(6)}", free_port()
    folder.mkdir()
    with nginx(folder, config, port, upstream):
        await visit(port, canary)
        held = found(folder, canary, FROM)
    return held


async def behind(config: str, scratch: Path, database: str) -> None:
    """Tries the file as it is, and once with logs, which have to be found: else the search finds nothing at all."""
    logging = config.replace("access_log off;", "access_log access.log;")
    async with served(database, scratch) as form:
        upstream = form.address.removeprefix("http://").replace("localhost", "127.0.0.1")
        assert await tried(scratch, "logging", logging, upstream) == ["access.log"], "the search finds what is there"
        assert await tried(scratch, "as-it-is", config, upstream) == []


def main() -> None:
    """A database, the form and the proxy, until all was tried."""
    with tempfile.TemporaryDirectory() as temporary:
        scratch = Path(temporary)
        scratch.chmod(0o755)
        (scratch / "mongod").mkdir()
        with Database(scratch / "mongod", mongod_binary(from_environment(os.environ).cache), cache_gb=0.25) as database:
            asyncio.run(behind(CONFIG.read_text(), scratch, database.url))
    sys.stdout.write("nginx kept nothing of a visitor: no address, no agent, no referrer, nothing typed\n")


if __name__ == "__main__":
    main()
