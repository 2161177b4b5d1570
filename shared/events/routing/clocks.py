"""Clocks of a referral: begun, met, missed; and the reports that some of them wait for."""

from typing import Literal

from shared.events.envelope import Event, Moment
from shared.events.facts import AgencyId, Frozen
from shared.vocabulary import CalledBy, ClockKind, MandatedReport


class ClockData(Frozen):
    """One clock of the referral; `agency` where it belongs to an assignment."""

    clock: ClockKind
    agency: AgencyId | None = None
    due: Moment


Clocks = tuple[ClockData, ...]
"""Clocks that begin with an event, or are due sooner from it on. An agency's own stand in events about that agency alone."""


class ReportRecordedData(Frozen):
    """A mandated report was made outside this bus, by whom and when. Its reference stays with the referral."""

    agency: AgencyId
    report: MandatedReport
    called_by: CalledBy
    made_at: Moment
    clocks: Clocks = ()


class ReportRecorded(Event):
    """A mandated report to DCF was made and recorded."""

    type: Literal["org.rhtrt.report.recorded.v1"] = "org.rhtrt.report.recorded.v1"
    data: ReportRecordedData


class ClockStarted(Event):
    """A clock runs that began with no other event."""

    type: Literal["org.rhtrt.clock.started.v1"] = "org.rhtrt.clock.started.v1"
    data: ClockData


class ClockMet(Event):
    """What the clock waits for happened in time or, after a miss, at last."""

    type: Literal["org.rhtrt.clock.met.v1"] = "org.rhtrt.clock.met.v1"
    data: ClockData


class ClockMissed(Event):
    """The clock ran out."""

    type: Literal["org.rhtrt.clock.missed.v1"] = "org.rhtrt.clock.missed.v1"
    data: ClockData
