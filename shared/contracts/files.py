"""The files that are checked in: what they should hold, what they hold, and what is wrong."""

import json
from pathlib import Path

from shared.contracts.asyncapi import document_text
from shared.contracts.channels import AGENCY, KINDS, SERVICES, Kind, channels_of, type_of, writer_of
from shared.contracts.compatibility import incompatibilities
from shared.contracts.examples import example
from shared.contracts.schema import Schema, wire_schema
from shared.events.codec import encode

SCHEMAS = Path("docs/contracts/schemas")
EXAMPLES = Path("docs/contracts/examples")
ASYNCAPI = Path("docs/asyncapi")
INDEX = Path("docs/contracts/README.md")
GOLDEN = Path("tests/golden")


def expected() -> dict[Path, str]:
    """Every derived file by its path, as today's code has it."""
    files = {SCHEMAS / f"{name}.json": _json(wire_schema(kind)) for name, kind in KINDS.items()}
    files |= {EXAMPLES / f"{name}.json": _json(json.loads(encode(example(kind)))) for name, kind in KINDS.items()}
    files |= {ASYNCAPI / f"{party}.json": document_text(party) for party in (*SERVICES, AGENCY)}
    return files | {INDEX: index()}


def broken(root: Path, kinds: dict[str, Kind] = KINDS) -> list[str]:
    """What of today's code breaks the schemas checked in under `root`."""
    found: list[str] = []
    for file in sorted((root / SCHEMAS).glob("*.json")):
        if file.stem not in kinds:
            found.append(f"{file.stem}: removed, but records of it may still be read")
            continue
        old: Schema = json.loads(file.read_text())
        found += [f"{file.stem}: {what}" for what in incompatibilities(old, wire_schema(kinds[file.stem]))]
    return found


def outdated(root: Path) -> list[Path]:
    """The derived files under `root` that are missing, differ or are left over."""
    files = expected()
    differ = [path for path, text in files.items() if not (root / path).exists() or (root / path).read_text() != text]
    there = [file.relative_to(root) for folder in (SCHEMAS, EXAMPLES, ASYNCAPI) for file in (root / folder).glob("*")]
    return sorted(differ + [path for path in there if path not in files])


def write(root: Path) -> list[Path]:
    """Brings the files under `root` up to date, and keeps today's bytes of every event whose schema changed. What it wrote."""
    stale = outdated(root)
    texts = expected()
    changed = [path.stem for path in stale if path.parent == SCHEMAS and path.stem in KINDS]
    golden = [kept for name in changed for kept in _keep_bytes(root, name)]
    for path in stale:
        if path in texts:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(texts[path])
        else:
            (root / path).unlink()
    return stale + golden


def _keep_bytes(root: Path, name: str) -> list[Path]:
    """Today's bytes as a new golden file, unless they are kept already. One that is there is never touched."""
    folder = root / GOLDEN / name
    folder.mkdir(parents=True, exist_ok=True)
    kept, today = sorted(folder.glob("*.json")), encode(example(KINDS[name]))
    if today in [file.read_bytes() for file in kept]:
        return []
    path = GOLDEN / name / f"{len(kept) + 1}.json"
    (root / path).write_bytes(today)
    return [path]


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def index() -> str:
    """The index page: every event with its topics, its writer and its meaning."""
    rows = "\n".join(_row(kind) for kind in sorted(KINDS.values(), key=lambda kind: (writer_of(kind), type_of(kind))))
    return f"""<!-- Written by `python -m shared.contracts write`. What the columns mean: ../events.md -->
# Events

How events are built, ordered, read and changed: [events](../events.md). What each service and an agency's own system
sends and receives: [AsyncAPI documents](../asyncapi/).

| event | topic | writer | meaning | example |
|---|---|---|---|---|
{rows}
"""


def _row(kind: Kind) -> str:
    name = type_of(kind)
    topics = ", ".join(f"`{channel.address}`" for channel in channels_of(kind))
    meaning = " ".join((kind.__doc__ or "").split())
    return f"| [`{name}`](schemas/{name}.json) | {topics} | {writer_of(kind)} | {meaning} | [example](examples/{name}.json) |"
