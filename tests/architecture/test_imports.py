"""The import contracts of pyproject.toml are kept, and they notice when one is not."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import CODE, ROOT

LINT = Path(sys.executable).parent / "lint-imports"


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([LINT, "--no-cache"], cwd=folder, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the code, in which a test may break a rule."""
    folder = tmp_path_factory.mktemp("tree")
    shutil.copy(ROOT / "pyproject.toml", folder)
    for package in (*CODE, "deploy"):
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def test_every_import_contract_is_kept() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout


def test_every_kind_of_forbidden_import_is_noticed(copied: Path) -> None:
    wrong = {
        "services/intake/broken_apart.py": "import services.routing.broken_rules",
        "services/routing/broken_rules.py": "",
        "services/routing/rules/broken_decision.py": "import shared.mongo",
        "services/routing/life/broken_upwards.py": "import services.routing.desk.view",
        "services/notifications/notices/broken_upwards.py": "import services.notifications.sending.pipeline",
        "services/reporting/measures/broken_upwards.py": "import services.reporting.exports.words",
        "services/reporting/broken_store.py": "import motor.motor_asyncio",
        "services/reporting/broken_tests.py": "import shared.testing.builders",
        "shared/broken_upwards.py": "import services.intake",
        "shared/delivery/broken_domain.py": "import shared.events.facts",
    }
    for file, line in wrong.items():
        (copied / file).write_text(line + "\n")
    said = lint(copied).stdout
    assert [line.split(" BROKEN")[0] for line in said.splitlines() if " BROKEN" in line] == [
        "Services do not import one another",
        "What is shared knows no service, and neither knows how it is deployed",
        "Motor is imported in shared/mongo.py alone",
        "Routing imports one way: from the desk down to the rules",
        "Notifications import one way: from answers down to the directory",
        "Reporting imports one way: from the pages down to the case",
        "What decides imports no client library, not even through others",
        "The delivery core knows nothing of referrals",
        "What is for tests stays out of the services",
    ]


def test_no_module_is_named_after_nothing() -> None:
    nothing = {"utils", "util", "helpers", "helper", "manager", "managers", "common", "misc"}
    files = [file.relative_to(ROOT) for folder in (*CODE, "deploy", "tests") for file in (ROOT / folder).rglob("*.py")]
    names = {part for file in files for part in file.with_suffix("").parts}
    assert "service" in names
    assert not names & nothing
