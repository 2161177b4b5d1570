"""How the stack is: what the state file says, checked against the processes themselves."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.table import Table

from deploy.embedded import issuer, kafka, mail, mongod, service
from deploy.embedded.certificates import days_left
from deploy.embedded.state import FAILED, READY, ProcessState, StateFolder, born

NOT_RUNNING = "not running"
ALL_READY, NOT_ALL_READY, NOTHING_RUNS = 0, 1, 3  # exit statuses of `status`; 3 as service managers have it
WARN_DAYS = 30
_STYLES = {"ready": "green", "done": "dim", "down": "red"}


@dataclass(frozen=True)
class Status:
    """`phase`: not running, starting, ready (every process is), degraded, stopping. `processes`: with their health."""

    phase: str
    reason: str
    supervisor: int | None
    processes: list[dict[str, Any]]

    @property
    def exit_status(self) -> int:
        """0: all ready; 1: not all; 3: nothing runs."""
        return {READY: ALL_READY, NOT_RUNNING: NOTHING_RUNS}.get(self.phase, NOT_ALL_READY)

    def as_json(self) -> dict[str, Any]:
        """For scripts: `addresses` by name, and `processes` with pid, address, health, restarts and log."""
        addresses = {each["name"]: each["url"] for each in self.processes if each["url"]}
        return {
            "phase": self.phase,
            "reason": self.reason,
            "supervisor": self.supervisor,
            "addresses": addresses,
            "processes": self.processes,
        }


def look(folder: StateFolder) -> Status:
    """Look at the stack now; takes about a second where something does not answer."""
    supervisor, state = folder.supervisor(), folder.read()
    if supervisor is None:
        failed = state is not None and state.phase == FAILED
        return Status(NOT_RUNNING, state.reason if state and failed else "", None, [])
    if state is None:
        return Status("starting", "", supervisor, [])
    with ThreadPoolExecutor() as pool:
        processes = list(pool.map(_Checks(folder.folder.parent / "secrets").inspected, state.processes))
    healthy = all(each["health"] in ("ready", "done") for each in processes)
    phase = "degraded" if state.phase == READY and not healthy else state.phase
    return Status(phase, state.reason, supervisor, processes)


def table(status: Status) -> Table:
    """For people."""
    view = Table("process", "pid", "address", "health", "restarts", "note", box=None, pad_edge=False, header_style="bold")
    for each in status.processes:
        style = _STYLES.get(each["health"], "yellow")
        health = f"[{style}]{each['health']}[/]"
        view.add_row(each["name"], str(each["pid"] or "-"), each["url"] or "-", health, str(each["restarts"]), each["said"])
    return view


@dataclass(frozen=True)
class _Checks:
    """`secrets`: what the stack wrote its passwords to, beside its state folder."""

    secrets: Path

    def inspected(self, process: ProcessState) -> dict[str, Any]:
        health, said = self._health(process)
        return {
            "name": process.name,
            "pid": process.pid if health != "done" else None,
            "address": process.address,
            "url": process.url,
            "health": health,
            "said": said,
            "restarts": process.restarts,
            "ready_after_seconds": process.ready_after,
            "log": process.log,
        }

    def _health(self, process: ProcessState) -> tuple[str, str]:
        """ready, not ready, done (it had one thing to do) or down; and what it says about that."""
        if process.kind == "once" and process.ready_after is not None:
            return "done", ""
        if process.pid is None or born(process.pid) != process.born:
            return "down", "" if process.last_exit is None else f"ended with status {process.last_exit}"
        ready, said = self._by_kind()[process.kind](int(process.address.rpartition(":")[2] or 0))
        return ("ready", self._note(process)) if ready else ("not ready", said)

    def _note(self, process: ProcessState) -> str:
        """What somebody should see to although all is well."""
        if process.kind != "kafka" or (left := days_left(self.secrets)) > WARN_DAYS:
            return ""
        return f"its certificate ends in {max(0, left):.0f} days: rotate-certificate"

    def _by_kind(self) -> dict[str, Callable[[int], tuple[bool, str]]]:
        return {
            "kafka": lambda port: (kafka.answers(port, self.secrets), "does not answer"),
            "mongod": lambda port: (mongod.answers(port), "takes no writes"),
            "smtp": lambda port: (mail.answers(port), "does not answer"),
            "issuer": lambda port: (issuer.publishes(port), "publishes no key"),
            "http": service.readiness,
            "once": lambda _: (False, "not done yet"),
        }
