"""`python -m services.intake keys`: which master keys are in use, and changing them while everything runs."""

from cyclopts import App
from rich.progress import Progress

from services.intake.workbench import Workbench, work
from shared.command_line import console

app = App(name="keys", help="The master keys that wrap the referrals' own keys.")


@app.command
def status() -> None:
    """Say how many referrals' keys each master key wraps, and which one wraps new ones.

    Example: python -m services.intake keys status
    """
    work(_status)


@app.command
def rewrap() -> None:
    """Wrap every referral's key by the current master key. Takes no referral out of use, and can be interrupted and run again.

    Run it when all instances have the new keyring; afterwards the old master key can be taken out of it and destroyed.

    Example: python -m services.intake keys rewrap
    """
    work(_rewrap)


async def _status(bench: Workbench) -> int:
    current = bench.keyring.current
    wrapped = {current: 0} | await bench.vault.wrapped_by()
    for name, keys in sorted(wrapped.items()):
        console.print(f"{name}: {keys} keys{' (current)' if name == current else ''}", highlight=False)
    return 0


async def _rewrap(bench: Workbench) -> int:
    current, vault = bench.keyring.current, bench.vault
    total = sum(keys for name, keys in (await vault.wrapped_by()).items() if name != current)
    done = 0
    with Progress(console=console) as progress:
        task = progress.add_task(f"wrapping by {current}", total=total)
        async for keys in vault.rewrap():
            done += keys
            progress.update(task, completed=done)
    console.print(f"{done} keys are now wrapped by {current}", highlight=False)
    return 0
