"""`python -m services.reporting.exports.typeset STAMP LAYOUT`: data as JSON comes in, a PDF/UA-1 document goes out.

A process of its own, as typst keeps 100 MB once it has made a document. Fonts are those that it brings, so that the same data
is the same bytes.
"""

import sys
from datetime import datetime
from pathlib import Path

import typst


def typeset(data: str, stamp: datetime, layout: Path) -> bytes:
    """The document; `stamp` is when it says that it was made, to the second."""
    made: bytes = typst.compile(
        layout,
        root=layout.parent,
        sys_inputs={"data": data},
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards=["ua-1"],
        timestamp=stamp.replace(microsecond=0),
    )
    return made


if __name__ == "__main__":
    sys.stdout.buffer.write(typeset(sys.stdin.read(), datetime.fromisoformat(sys.argv[1]), Path(sys.argv[2])))
