"""What every program of the stack can do: start, answer, stop, be killed, start again."""

from __future__ import annotations

import socket
from abc import ABC, abstractmethod
from typing import ClassVar, Self

from deploy.embedded.child import Child
from deploy.embedded.ports import HOST
from deploy.embedded.waiting import wait_until


class Server(ABC):
    """A program that listens on one loopback port. `port` stays the same over restarts."""

    kind: ClassVar[str]

    def __init__(self, child: Child, port: int) -> None:
        self.child = child
        self.port = port

    @property
    def name(self) -> str:
        """What the stack calls it."""
        return self.child.name

    @property
    def address(self) -> str:
        """Where clients connect, as host:port."""
        return f"{HOST}:{self.port}"

    @property
    def url(self) -> str:
        """The address as a client library wants it."""
        return self.address

    @property
    def pid(self) -> int | None:
        """The process id; None before the first start."""
        return self.child.pid

    @abstractmethod
    def answers(self) -> bool:
        """Whether it does its work now. Takes a second or so at most."""

    def spawn(self) -> None:
        """Start without waiting."""
        self.child.start()

    def wait_ready(self, timeout: float = 60.0) -> None:
        """Return when it answers; raises Refusal with the end of its log after `timeout` seconds."""
        wait_until(self.answers, self.child, timeout)

    def start(self) -> Self:
        """Start, and return when it answers."""
        self.spawn()
        self.wait_ready()
        return self

    def stop(self) -> None:
        """End it in order; does nothing where it has ended."""
        self.child.stop()

    def kill9(self) -> None:
        """End it as a crash would."""
        self.child.kill9()

    def restart(self) -> None:
        """Start again on the same port and data; stops it first where it still runs."""
        self.stop()
        self.start()

    def __enter__(self) -> Self:
        try:
            return self.start()
        except BaseException:
            self.stop()
            raise

    def __exit__(self, *_: object) -> None:
        self.stop()


def listens(port: int) -> bool:
    """Whether something accepts connections on a loopback port."""
    try:
        with socket.create_connection((HOST, port), timeout=0.5):
            return True
    except OSError:
        return False
