"""Loopback ports: free ones, and who holds one that is taken."""

from __future__ import annotations

import random
import socket
from collections.abc import Callable, Mapping

import psutil

from deploy.embedded.refusal import Refusal

HOST = "127.0.0.1"
# Below the range that systems use for outgoing connections: a client that keeps dialling a stopped
# broker's port there could otherwise be given that very port, and keep the broker from coming back.
FREE_RANGE = range(20_000, 29_000)


def is_free(port: int) -> bool:
    """Whether a server could listen on this port of the loopback address now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """A port nobody listens on at the moment."""
    for port in random.SystemRandom().sample(FREE_RANGE, 500):
        if is_free(port):
            return port
    raise Refusal(f"No free port found between {FREE_RANGE.start} and {FREE_RANGE.stop}.")


def choose(wanted: Mapping[str, int], remembered: Mapping[str, int]) -> dict[str, int]:
    """A port for each name: the wanted one; for 0 the remembered one while it is free, else any free one.

    Raises Refusal where a wanted port is taken: which, by whom, and the setting that changes it.
    """
    if taken := {name: port for name, port in wanted.items() if port and not is_free(port)}:
        raise Refusal(taken_message(taken, holder))
    chosen = {name: port for name, port in wanted.items() if port}
    for name in (name for name, port in wanted.items() if not port):
        known = remembered.get(name, 0)
        chosen[name] = known if known and known not in chosen.values() and is_free(known) else free_port()
    return {name: chosen[name] for name in wanted}


def taken_message(taken: Mapping[str, int], holder_of: Callable[[int], str | None]) -> str:
    """Words for ports (setting's name to number) that other programs hold."""
    lines = [f"Port {port} is taken by {holder_of(port) or 'another program'}." for port in taken.values()]
    example = " ".join(f"{name}={port + 1000 if port < 60_000 else 0}" for name, port in taken.items())
    return "\n".join(
        [
            *lines,
            f"Stop that program, or set {', '.join(taken)}: for example `{example} make up`,",
            "or let the stack choose free ports: `PORTS=free make up`.",
        ]
    )


def holder(port: int) -> str | None:
    """The program that listens on a port, as `name (process 123)`; None where the system does not tell."""
    try:
        connections = psutil.net_connections("inet")
    except (psutil.Error, OSError):
        return None
    for connection in connections:
        listening = connection.status == psutil.CONN_LISTEN and connection.laddr
        if listening and listening.port == port and connection.pid:
            return _describe(connection.pid)
    return None


def _describe(pid: int) -> str:
    try:
        return f"{psutil.Process(pid).name()} (process {pid})"
    except psutil.Error:
        return f"process {pid}"
