"""Nothing runs with more rights than it needs: asked of Docker and, for our services, of the running process too."""

from __future__ import annotations

from typing import Any

from deploy.compose_test.compose import SERVICES, Failed, containers, inside, service_of


def check() -> int:
    """Checks every container; how many they were. Failed names the first that may do too much."""
    found = containers()
    for container in found:
        _check_settings(container)
        if service_of(container) in SERVICES:
            _check_process(container)
    return len(found)


def _check_settings(container: dict[str, Any]) -> None:
    host, config = container["HostConfig"], container["Config"]
    wrong = {
        "runs as root": config["User"].partition(":")[0] in ("", "0", "root"),
        "can write its root file system": not host["ReadonlyRootfs"],
        "keeps capabilities": host["CapDrop"] != ["ALL"] or bool(host["CapAdd"]),
        "can gain privileges": "no-new-privileges:true" not in host["SecurityOpt"],
        "has no init process": not host["Init"],
        "has no memory limit": not host["Memory"],
        "has no limit of processes": not host["PidsLimit"],
        "publishes a port beyond this host": any(
            binding["HostIp"] != "127.0.0.1" for bindings in host["PortBindings"].values() for binding in bindings or ()
        ),
    }
    if found := [what for what, is_so in wrong.items() if is_so]:
        raise Failed(f"{service_of(container)}: {', '.join(found)}", service_of(container))


def _check_process(container: dict[str, Any]) -> None:
    status = dict(line.split(":\t", 1) for line in inside(container, "cat", "/proc/1/status").splitlines() if ":\t" in line)
    writes = inside(container, "sh", "-c", "touch /app/x /x 2>/dev/null && echo yes || echo no").strip()
    seen = {"user": status["Uid"].split()[0], "capabilities": status["CapEff"].strip("0 "), "writes": writes}
    if seen != {"user": "10001", "capabilities": "", "writes": "no"} or status["NoNewPrivs"] != "1":
        raise Failed(f"{service_of(container)}: its first process has more rights than it should: {seen}")
