"""Loopback ports: a free one, and who holds one that is taken."""

from __future__ import annotations

import random
import socket

import psutil

HOST = "127.0.0.1"
# Below the range that systems use for outgoing connections: a client that keeps dialling a stopped
# broker's port there could otherwise be given that very port, and keep the broker from coming back.
FREE_RANGE = range(20_000, 32_000)


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
    for port in random.SystemRandom().sample(FREE_RANGE, 200):
        if is_free(port):
            return port
    raise OSError("no free loopback port found")


def holder(port: int) -> str | None:
    """The program that listens on a port, as `name (process 123)`; None where the system does not tell."""
    try:
        connections = psutil.net_connections("inet")
    except (psutil.Error, OSError):
        return None
    for connection in connections:
        if connection.status == psutil.CONN_LISTEN and connection.laddr.port == port and connection.pid:
            return _describe(connection.pid)
    return None


def _describe(pid: int) -> str:
    try:
        return f"{psutil.Process(pid).name()} (process {pid})"
    except psutil.Error:
        return f"process {pid}"
