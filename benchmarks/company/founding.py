"""The company that is measured: eight teams with an inbox each, twenty agents, their contacts."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import time
from pathlib import Path

from numpy.random import default_rng

from benchmarks.company.copying import Tables
from benchmarks.company.vocabulary import LANGUAGES, vocabulary

PASSWORD = "a long enough passphrase"
TEAMS = ("Care", "Claims", "Billing", "Sales", "Returns", "Business", "Field", "Night")
AGENTS = 20
HEADS = 8
"""The last agents, who lead the whole company and see every conversation; the others are in one team each."""
CONTACTS = 30_000
LANGUAGE_SHARES = (0.35, 0.25, 0.2, 0.1, 0.1)


@dataclass(frozen=True)
class Company:
    """Keys of what was founded, as the generator and the load clients need them."""

    teams: list[int]
    inboxes: list[int]
    addresses: list[str]
    agents: list[int]
    emails: list[str]
    files: list[int]
    version: int
    contacts: int

    @property
    def heads(self) -> list[str]:
        """Sign-in addresses of those who see everything."""
        return self.emails[-HEADS:]

    def save(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self)))

    @classmethod
    def load(cls, path: Path) -> Company:
        return cls(**json.loads(path.read_text()))


def found(conversations: int, seed: int) -> Company:
    """Set the company up through the product's own actions, but for the staff, whose passwords are hashed once."""
    from django.contrib.auth.hashers import make_password

    from answerable.desk.actions.inboxes import add_inbox
    from answerable.desk.models import File
    from answerable.people.actions.teams import add_team
    from answerable.people.models import Membership, Role, Team, User
    from answerable.policy.running import in_force_id
    from answerable.site.welcome.setup import WEEKDAYS, Answers, MailIn, set_up

    founding = set_up(
        Answers(
            company="Bench",
            country="LV",
            time_zone="Europe/Riga",
            days=WEEKDAYS[:5],
            opens=time(9),
            closes=time(18),
            name="Ada",
            email="ada@bench.example",
            password=PASSWORD,
            language="en",
            address="support@bench.example",
            mail_in=MailIn.LISTENER,
        )
    )
    by, everyone = founding.administrator, Team.objects.get(parent=None)
    teams = [add_team(name=name, parent=everyone, by=by) for name in TEAMS]
    inboxes = [add_inbox(name=t.name, address=f"{t.key}@bench.example", team=t, by=by) for t in teams]
    password = make_password(PASSWORD)
    agents = [
        User(email=f"agent{number}@bench.example", name=f"Agent {number}", password=password)
        for number in range(AGENTS)
    ]
    User.objects.bulk_create(agents)
    for number, agent in enumerate(agents):
        is_head = number >= AGENTS - HEADS
        Membership.objects.create(
            user=agent,
            team=everyone if is_head else teams[number % len(teams)],
            role=Role.LEAD if is_head else Role.AGENT,
        )
    rng = default_rng([seed, 1])
    files = File.objects.keep_all([rng.bytes(20_000) for _ in range(50)])
    version = in_force_id()
    assert version is not None
    return Company(
        teams=[team.pk for team in teams],
        inboxes=[inbox.pk for inbox in inboxes],
        addresses=[inbox.address for inbox in inboxes],
        agents=[agent.pk for agent in agents],
        emails=[agent.email for agent in agents],
        files=[file.pk for file in files],
        version=version,
        contacts=max(20, min(CONTACTS, conversations // 3)),
    )


@dataclass(frozen=True)
class Contacts:
    """By number, from 1: each one's language, name and address, and what search keeps of the latter two."""

    languages: list[int]
    names: list[str]
    addresses: list[str]
    stored: list[str]


def write_contacts(conninfo: str, company: Company, seed: int) -> Contacts:
    """Contacts with a name in their language and one address."""
    from answerable.core.words import lexemes
    from answerable.customers.models import Address, Contact

    rng = default_rng([seed, 2])
    count = company.contacts
    languages = rng.choice(len(LANGUAGES), count, p=LANGUAGE_SHARES).tolist()
    names = [_name(rng.integers(50, 5000, 2).tolist(), LANGUAGES[language]) for language in languages]
    addresses = [f"c{number}@customers.example" for number in range(1, count + 1)]
    numbers = [str(number) for number in range(1, count + 1)]
    shown = [LANGUAGES[language] if LANGUAGES[language] != "ru" else "" for language in languages]
    with Tables(conninfo, {Contact: ("id",), Address: ("id",)}) as tables:
        tables.write(Contact, id=numbers, name=names, language=shown)
        tables.write(Address, id=numbers, contact_id=numbers, value=addresses)
    stored = [" ".join(lexemes(f"{name}\n{address}")) for name, address in zip(names, addresses, strict=True)]
    return Contacts(languages, names, addresses, stored)


def _name(ranks: list[int], language: str) -> str:
    return " ".join(vocabulary(language).words[rank].capitalize() for rank in ranks)
