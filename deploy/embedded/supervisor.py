"""Keeps the stack running: starts it stage by stage, starts again what ends, stops it in reverse order."""

from __future__ import annotations

import logging
import signal
import threading
import time

from deploy.embedded.logfile import trim
from deploy.embedded.refusal import Refusal, is_disk_full
from deploy.embedded.restarts import Restarts
from deploy.embedded.server import Server
from deploy.embedded.state import FAILED, READY, STOPPING, ProcessState, StackState, StateFolder, born
from deploy.embedded.waiting import tail

log = logging.getLogger("supervisor")
TICK = 0.1
START_TIMEOUT = 120.0
# A process that ends this often before it was ever ready will not come up by trying on.
STARTS_BEFORE_READY = 3
TRIM_EVERY = 5.0


class Supervisor:
    """Runs the stages until it is told to stop, and says in the state folder how they are."""

    def __init__(self, stages: list[list[Server]], folder: StateFolder, supervisor_pid: int) -> None:
        self._stages = stages
        self._folder = folder
        self._stop = threading.Event()
        self._state = StackState(supervisor_pid)
        self._lives: dict[str, Restarts] = {}
        self._ended: dict[str, float] = {}
        self._began = time.monotonic()
        self._next_trim = 0.0

    def run(self) -> None:
        """Start everything, tend it until SIGTERM, stop everything. Raises Refusal where it does not come up."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stop.set())
        self._state.processes = [_described(server) for stage in self._stages for server in stage]
        try:
            for stage in self._stages:
                self._bring_up(stage)
            self._say(READY if not self._stop.is_set() else STOPPING)
            while not self._stop.wait(TICK):
                self._tend()
        except Exception as error:
            self._say(FAILED, str(error))
            raise
        finally:
            self._bring_down()

    def _bring_up(self, stage: list[Server]) -> None:
        if self._stop.is_set():
            return
        for server in stage:
            self._start(server)
        waiting, deadline = list(stage), time.monotonic() + START_TIMEOUT
        while waiting and not self._stop.wait(TICK):
            waiting = [server for server in waiting if not self._is_ready(server)]
            if waiting and time.monotonic() > deadline:
                raise Refusal(f"{waiting[0].name} was not ready after {START_TIMEOUT:.0f} s.\n{tail(waiting[0].child.log)}")
            self._tend()

    def _is_ready(self, server: Server) -> bool:
        if not server.answers():
            return False
        state = self._process(server)
        state.ready_after = round(time.monotonic() - self._began, 1)
        log.info("%s is ready after %.1f s %s", server.name, state.ready_after, server.url)
        self._say()
        return True

    def _start(self, server: Server) -> None:
        server.spawn()
        state = self._process(server)
        state.pid, state.born = server.pid, born(server.pid)
        self._lives.setdefault(server.name, Restarts(started=time.monotonic()))
        self._say()

    def _tend(self) -> None:
        for stage in self._stages:
            for server in stage:
                if server.name in self._lives and not server.child.running and not _done(server):
                    self._revive(server)
        if time.monotonic() > self._next_trim:
            self._next_trim = time.monotonic() + TRIM_EVERY
            for state in self._state.processes:
                trim(state.log)

    def _revive(self, server: Server) -> None:
        now, life, state = time.monotonic(), self._lives[server.name], self._process(server)
        if server.name not in self._ended:
            self._ended[server.name] = now
            state.last_exit, state.pid = server.child.exit_status, None
            log.warning("%s ended (status %s); again in %.1f s", server.name, state.last_exit, life.delay(now))
            if state.ready_after is None and life.count + 1 >= STARTS_BEFORE_READY:
                raise Refusal(f"{server.name} ends each time it is started.\n{tail(server.child.log)}")
            self._say(reason=f"{server.name} ended (status {state.last_exit}) and is started again")
        if now - self._ended[server.name] >= life.delay(self._ended[server.name]):
            self._lives[server.name] = life.again(self._ended.pop(server.name), now)
            state.restarts = self._lives[server.name].count
            self._start(server)

    def _bring_down(self) -> None:
        if self._state.phase != FAILED:
            self._say(STOPPING)
        for stage in reversed(self._stages):
            for server in stage:
                server.child.terminate()
            for server in stage:
                server.stop()
                log.info("%s stopped (status %s)", server.name, server.child.exit_status)

    def _process(self, server: Server) -> ProcessState:
        return next(state for state in self._state.processes if state.name == server.name)

    def _say(self, phase: str | None = None, reason: str = "") -> None:
        self._state.phase, self._state.reason = phase or self._state.phase, reason
        try:
            self._folder.write(self._state)
        except OSError as error:
            # The stack goes on without its state file: a full disk is no reason to stop taking referrals.
            log.error("could not write the state file%s: %s", " (the disk is full)" * is_disk_full(error), error)


def _done(server: Server) -> bool:
    return server.kind == "once" and server.child.exit_status == 0


def _described(server: Server) -> ProcessState:
    return ProcessState(server.name, server.kind, server.address, server.url, str(server.child.log))
