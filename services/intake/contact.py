"""Whom to call, from config/contact.yaml, and the sentences that say so."""

from pathlib import Path

import yaml

from shared.events.facts import Facts, Frozen


class Hotline(Frozen):
    """A line that answers at any hour. `text`: the number for text messages, where it has one."""

    name: str
    phone: str
    text: str | None = None


class Contact(Frozen):
    """The taskforce's own phone and e-mail, the emergency number, the hotlines, and where one lands who leaves in haste."""

    phone: str
    email: str
    emergency: str
    hotlines: tuple[Hotline, ...] = ()
    leave_to: str = "https://www.weather.gov/"

    @property
    def instead(self) -> str:
        """What to do where we cannot take a referral."""
        return f"Call the taskforce at {self.phone}. If anyone is in danger now, call {self.emergency}."

    def members(self) -> dict[str, dict[str, str]]:
        """The same for programs: members of a problem."""
        return {"call": {"taskforce": self.phone, "danger": self.emergency}}


def load_contact(config_dir: Path) -> Contact:
    """Reads and checks contact.yaml. ValueError says what is wrong in it."""
    return Contact.model_validate(yaml.safe_load((config_dir / "contact.yaml").read_text()))


def next_steps(facts: Facts, contact: Contact) -> list[str]:
    """What the referrer should know after sending, the most pressing first."""
    danger = f"You told us of immediate danger: call {contact.emergency} now if you have not done so."
    steps = [
        "Write the receipt code down and keep it where only you can see it. It cannot be sent to you again.",
        "The agencies that can help are told at once; the coordinator makes sure that someone answers.",
        f"For questions call {contact.phone} or write to {contact.email}. If anyone is in danger, call {contact.emergency}.",
    ]
    return [danger, *steps] if facts.immediate_danger else steps
