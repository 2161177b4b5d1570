"""Recording the reports to DCF that state law asks for. The bus makes neither: people call and write, and say so here. Pure."""

from datetime import timedelta

from services.routing.commands import forms as c
from services.routing.commands.refusal import Refusal
from services.routing.life import clocks
from services.routing.life.assignments import Step, after
from services.routing.life.referral import Report
from services.routing.life.turn import Turn
from shared.events.routing import AssignmentProgressed, ProgressedData, ReportRecorded, ReportRecordedData
from shared.vocabulary import ClockKind, MandatedReport, Progress

_CLOCKS_DIFFER = timedelta(minutes=2)
_PROGRESS = {
    MandatedReport.oral: Progress.oral_report_made,
    MandatedReport.written: Progress.written_report_filed,
}


def record(turn: Turn, agency: str, command: c.RecordOralReport | c.RecordWrittenReport) -> Refusal | None:
    """Keeps who called, when and the reference, and meets the clock. Also for a referral that has ended: it stays owed."""
    if command.made_at > turn.at + _CLOCKS_DIFFER:
        return Refusal.not_yet
    kind = MandatedReport.oral if isinstance(command, c.RecordOralReport) else MandatedReport.written
    made_at = command.made_at.replace(microsecond=command.made_at.microsecond // 1000 * 1000)  # as MongoDB keeps it
    report = Report(kind, agency, command.called_by, made_at, command.reference)
    turn.change(reports=(*turn.referral.reports, report))
    data = ReportRecordedData(agency=agency, report=kind, called_by=report.called_by, made_at=report.made_at)
    turn.tell(ReportRecorded, data)
    part = turn.assignments.get(agency)
    if part and after(part.status, Step.report):
        turn.move(agency, Step.report)
        turn.tell(AssignmentProgressed, ProgressedData(agency=agency, role=part.role, progress=_PROGRESS[kind]))
        clocks.meet_by_word(turn, agency)
    _meet(turn, report)
    return None


def _meet(turn: Turn, report: Report) -> None:
    """The written report is owed from when the oral one was made, not from when that was recorded."""
    if report.kind is MandatedReport.written:
        clocks.meet(turn, ClockKind.dcf_written_report)
    elif turn.running(ClockKind.dcf_oral_report):
        clocks.meet(turn, ClockKind.dcf_oral_report)
        written = clocks.start(turn, ClockKind.dcf_written_report)
        turn.clocks[-1] = written._replace(due=written.due - (turn.at - report.made_at))
        clocks.announce(turn, turn.clocks[-1])
