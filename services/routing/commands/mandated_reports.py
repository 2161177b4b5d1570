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
    met, begun = _moved(turn, report)
    told = clocks.all_told(begun)
    data = ReportRecordedData(agency=agency, report=kind, called_by=report.called_by, made_at=report.made_at, clocks=told)
    turn.tell(ReportRecorded, data)
    part = turn.assignments.get(agency)
    if part and after(part.status, Step.report):
        turn.move(agency, Step.report)
        _tell_progress(turn, agency, _PROGRESS[kind])
    clocks.tell_met(turn, met)
    return None


def _tell_progress(turn: Turn, agency: str, progress: Progress) -> None:
    word = clocks.by_word(turn, agency)
    role, told = turn.assignments[agency].role, clocks.all_told(word.begun)
    turn.tell(AssignmentProgressed, ProgressedData(agency=agency, role=role, progress=progress, clocks=told))
    clocks.tell_met(turn, word.met)


def _moved(turn: Turn, report: Report) -> clocks.Moved:
    """The written report is owed from when the oral one was made, not from when that was recorded."""
    if report.kind is MandatedReport.written:
        return clocks.Moved(clocks.take_off(turn, ClockKind.dcf_written_report), ())
    met = clocks.take_off(turn, ClockKind.dcf_oral_report)
    if not met:
        return clocks.NOTHING_MOVED
    written = clocks.start(turn, ClockKind.dcf_written_report)
    turn.clocks[-1] = written._replace(due=written.due - (turn.at - report.made_at))
    return clocks.Moved(met, turn.clocks[-1:])
