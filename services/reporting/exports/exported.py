"""A report or a release as a file: the answer to an address that ends in csv, xlsx, pdf, json or svg."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fastapi import Response

from services.reporting.exports.formats import FORMATS
from services.reporting.reports.cut import Cut
from shared.problems import Problem, ProblemKind


async def exported(content: Mapping[str, Any], cut: Cut, ending: str, stamp: datetime, name: str) -> Response:
    """What was chosen of the content; `stamp` is the time that it is of. Problem where the file ends otherwise."""
    if ending not in FORMATS:
        raise Problem(ProblemKind.not_found, f"Files end in one of {', '.join(FORMATS)}.")
    made = await asyncio.to_thread(FORMATS[ending].make, cut.of(content), stamp)
    headers = {"Content-Disposition": f'inline; filename="{name}.{ending}"'}
    return Response(made, media_type=FORMATS[ending].media_type, headers=headers)
