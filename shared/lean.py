"""What a serving process leaves out: libraries that others load wherever they are installed, and that no service uses.

A library that is None in `sys.modules` is, for every import after that, as if it were not installed: so says the Python
Language Reference under "The module cache". All who ask for these can do without. MB: what a process holds less, measured.
"""

import sys

CONSOLE = ("rich", "pygments", "greenlet")
"""For people at a terminal; a service writes JSON lines (`observability.py`).

rich, 4 to 5 MB: structlog's `dev` and `tracebacks` load it, and it attr. structlog then prints exceptions plainly in its
console format, which only lines before `configure_logging` have.
pygments, 0.4 to 2 MB: rich, and httpx for its own command line, which then says that it is not installed.
greenlet, 0.2 to 2 MB: structlog's `threadlocal`, which we use as little as greenlets. Installed for tests of pages alone.
"""

ENCRYPTION = ("pymongocrypt",)
"""2.5 to 4 MB with cffi and pycparser: pymongo loads it for encryption in the client, which `mongo.encrypting` uses.

Only intake's vault does. In any other serving process that would be refused with a ConfigurationError.
"""


def leave_out(*libraries: str) -> None:
    """Keeps libraries from being loaded in this process from now on. One that is loaded already stays."""
    for library in libraries:
        sys.modules.setdefault(library, None)  # type: ignore[arg-type]  # as documented, though not typed
