"""What a serving process leaves out: libraries that others load wherever they are installed, and that no service uses.

A library that is None in `sys.modules` is, for every import after that, as if it were not installed: so says the Python
Language Reference under "The module cache". All who ask for these can do without. MB: what a process holds less then
(docs/adr/0081).
"""

import sys

CONSOLE = ("rich", "pygments", "greenlet")
"""For people at a terminal; a service writes JSON lines (`observability.py`).

rich, 3.4 to 4.6 MB with attr, which it loads: for structlog's `dev` and `tracebacks`. Without it structlog prints exceptions
plainly in its console format, which only lines before `configure_logging` have.
pygments, 0.4 to 1.5 MB: for rich, and for httpx's own command, which then says that it is not installed.
greenlet, 0.2 to 1.2 MB: for structlog's `threadlocal`, where there are greenlets. Installed for the tests of pages alone.
"""

ENCRYPTION = ("pymongocrypt",)
"""2.3 MB with cffi and pycparser: pymongo loads it for encryption in the client, which `mongo.encrypting` is.

Only intake's vault uses that. In another serving process it is refused with a ConfigurationError.
"""


def leave_out(*libraries: str) -> None:
    """Keeps libraries from being loaded in this process from now on. One that is loaded already stays."""
    for library in libraries:
        sys.modules.setdefault(library, None)  # type: ignore[arg-type]  # as documented, though not typed
