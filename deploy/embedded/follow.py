"""Reading all log files at once, each line headed by its process."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

from rich.console import Console
from rich.text import Text

_COLOURS = cycle(["cyan", "green", "yellow", "magenta", "blue", "bright_red", "bright_cyan", "bright_green", "white"])
_PAUSE = 0.3


class LogFile:
    """One log file, read on from where the last reading ended."""

    def __init__(self, path: Path, last_lines: int) -> None:
        self.path = path
        self.colour = next(_COLOURS)
        lines = path.read_bytes().splitlines(keepends=True)
        self._position = sum(len(line) for line in lines[: max(0, len(lines) - last_lines)])

    def new_lines(self) -> Iterator[str]:
        """The whole lines written since the last call. A file that was cut is read from its start."""
        if self.path.stat().st_size < self._position:
            self._position = 0
        with self.path.open("rb") as file:
            file.seek(self._position)
            content = file.read()
        whole = content[: content.rfind(b"\n") + 1]
        self._position += len(whole)
        yield from whole.decode(errors="replace").splitlines()


def show(folder: Path, names: tuple[str, ...], *, last_lines: int, follow: bool) -> None:
    """Print the last lines of the logs in a folder (all, or the named ones), then go on as they grow."""
    console, files = Console(highlight=False, soft_wrap=True), {}
    while True:
        for path in sorted(folder.glob("*.log")):
            if path not in files and (not names or path.stem in names):
                files[path] = LogFile(path, last_lines)
        width = max((len(path.stem) for path in files), default=0)
        for path, file in files.items():
            for line in file.new_lines():
                console.print(Text.assemble((f"{path.stem:<{width}} │ ", file.colour), line))
        if not follow:
            return
        time.sleep(_PAUSE)
