"""What the commands that check a chain print: each fault, how many entries there are, and the newest one to be noted."""

from collections.abc import AsyncIterator

from shared.chain import Chain, D, Digest, Entry
from shared.command_line import console


async def check(entries: AsyncIterator[Entry[D]], digest: Digest, head: str | None = None) -> int:
    """The exit status. `head`: NUMBER:DIGEST as it was printed earlier; ValueError where it is not of that form."""
    chain = Chain[D](digest, _noted(head))
    async for entry in entries:
        for fault in chain.take(entry):
            console.print(f"{fault.number}: {fault.what}", highlight=False)
    for fault in chain.end():
        console.print(f"{fault.number}: {fault.what}", highlight=False)
    console.print(f"{chain.number} entries, {'not whole' if chain.broken else 'whole'}", highlight=False)
    if chain.number:
        console.print(f"{chain.number}:{chain.before.hex()}", highlight=False, soft_wrap=True)
    return 1 if chain.broken else 0


def _noted(head: str | None) -> tuple[int, bytes] | None:
    if head is None:
        return None
    number, _, digest = head.partition(":")
    return int(number), bytes.fromhex(digest)
