"""`python -m services.reporting`: what an operator needs besides the service itself, which `serve.py` runs."""

from services.reporting.app import from_environment
from services.reporting.command_line.extracts import app as extracts
from services.reporting.command_line.rebuild import rebuild
from services.reporting.command_line.report import report
from services.reporting.measures.dictionary import measures_table
from shared.command_line import command_line, console

app = command_line("reporting", "Folds events into outcome figures that can be rebuilt from the topics.", from_environment)
app.command(extracts)
app.command("services.reporting.command_line.freeze:freeze")  # by its name, so that no other command loads the solver
app.command(rebuild)
app.command(report)


@app.command
def measures() -> None:
    """Print every measure's definition as a Markdown table: the one in docs/reporting.md."""
    console.print(measures_table(), markup=False, highlight=False, soft_wrap=True)


if __name__ == "__main__":
    app()
