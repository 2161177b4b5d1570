"""Style, script and pictures: read once, served from memory under an address that changes with what they hold."""

import gzip
import hashlib
import mimetypes
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router

KIT = Path(__file__).parent / "static"
FOR_A_YEAR = "public, max-age=31536000, immutable"


class Static:
    """The kit's files and those in `folders`, a later folder's winning. Files name each other without a folder."""

    def __init__(self, *folders: Path) -> None:
        files = [file for folder in (KIT, *folders) for file in sorted(folder.iterdir()) if file.suffix]
        self._files = {file.name: file.read_bytes() for file in files}
        self._small = {name: gzip.compress(content, 9, mtime=0) for name, content in self._files.items()}
        together = hashlib.sha256(b"".join(name.encode() + content for name, content in sorted(self._files.items())))
        self.digest = together.hexdigest()[:12]

    def path(self, name: str) -> str:
        """The address of a file. KeyError where there is none."""
        self._files[name]
        return f"/static/{self.digest}/{name}"

    @property
    def app(self) -> Router:
        """What serves them, to be mounted at /static."""
        return Router([Route("/{digest}/{name}", self._serve)])

    async def _serve(self, request: Request) -> Response:
        """The file, kept for a year where the address holds our digest; a page of an older release gets it unkept."""
        name = request.path_params["name"]
        if name not in self._files:
            raise HTTPException(404)
        ours = request.path_params["digest"] == self.digest
        headers = {"Cache-Control": FOR_A_YEAR if ours else "no-store", "Vary": "Accept-Encoding"}
        media_type = mimetypes.guess_type(name)[0]
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Response(self._small[name], headers=headers | {"Content-Encoding": "gzip"}, media_type=media_type)
        return Response(self._files[name], headers=headers, media_type=media_type)
