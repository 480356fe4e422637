"""Who works at the demo company, where, and what it promises."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import resources

from answerable.core.calendar import Calendar
from answerable.core.policy import compile_policy, default_policy
from answerable.customers.models import Organisation, Segment
from answerable.desk.actions.inboxes import add_inbox
from answerable.desk.actions.signatures import write_signature
from answerable.desk.models import Inbox
from answerable.measure.public_holidays import holidays_of
from answerable.people.actions.company import set_up_company
from answerable.people.actions.memberships import grant, withdraw
from answerable.people.actions.teams import add_team
from answerable.people.models import Company, FormerMembership, Membership, Role, Team, User
from answerable.policy.actions import load_version
from answerable.policy.models import Version
from answerable.site.demo.abilities import note_abilities
from answerable.site.demo.macros import add_macros
from answerable.site.demo.texts import texts

NAME = "Ambermoon Books"
DOMAIN = "ambermoon.example"
ADMINISTRATOR = f"ada@{DOMAIN}"
ZONES = {"en": "Europe/Riga", "lv": "Europe/Riga", "ka": "Asia/Tbilisi", "kk": "Asia/Almaty"}
OFFICES = {"Europe/Riga": "riga", "Asia/Tbilisi": "tbilisi", "Asia/Almaty": "almaty"}


@dataclass(frozen=True)
class Person:
    """A member of staff. `signs` is their name as customers read it; `pace` multiplies their answering time."""

    name: str
    email: str
    role: Role
    team: str
    language: str
    signs: str = ""
    pace: float = 1.0

    @property
    def address(self) -> str:
        return f"{self.email}@{DOMAIN}"


# name, the team above
TEAMS = (
    ("Support", "everyone"),
    ("English desk", "support"),
    ("Latvian desk", "support"),
    ("Georgian desk", "support"),
    ("Kazakh desk", "support"),
    ("Parcels", "support"),
    ("Book club", "support"),
    ("Sales", "everyone"),
    ("Libraries", "sales"),
)
STAFF = (
    Person("Ada Lindqvist", "ada", Role.ADMINISTRATOR, "everyone", "en"),
    Person("Marta Kalniņa", "marta", Role.LEAD, "support", "lv"),
    Person("Laura Grīnberga", "laura", Role.ANALYST, "support", "lv"),
    Person("Tom Whitfield", "tom", Role.AGENT, "english-desk", "en", pace=1.5),
    Person("Priya Nair", "priya", Role.AGENT, "english-desk", "en", pace=0.8),
    Person("Ilze Ozoliņa", "ilze", Role.AGENT, "latvian-desk", "lv", pace=0.8),
    Person("Jānis Bērziņš", "janis", Role.AGENT, "latvian-desk", "lv", pace=1.1),
    Person("Nino Kapanadze", "nino", Role.LEAD, "georgian-desk", "ka", signs="ნინო კაპანაძე", pace=0.9),
    Person("Giorgi Lomidze", "giorgi", Role.AGENT, "georgian-desk", "ka", signs="გიორგი ლომიძე"),
    Person("Aigerim Sarsenova", "aigerim", Role.LEAD, "kazakh-desk", "kk", signs="Айгерім Сәрсенова", pace=0.9),
    Person("Daniyar Akhmetov", "daniyar", Role.AGENT, "kazakh-desk", "kk", signs="Данияр Ахметов", pace=1.2),
    Person("Edgars Liepa", "edgars", Role.AGENT, "parcels", "lv"),
    Person("Elīna Vītola", "elina", Role.AGENT, "book-club", "lv", pace=0.9),
    Person("Sofia Marin", "sofia", Role.LEAD, "sales", "en"),
    Person("Oskar Bauer", "oskar", Role.AGENT, "libraries", "en", pace=1.3),
)
# name, address, team, language, region
INBOXES = (
    ("Hello", "hello", "english-desk", "en", ""),
    ("Palīdzība", "palidziba", "latvian-desk", "lv", "LV"),
    ("დახმარება", "dakhmareba", "georgian-desk", "ka", "GE"),
    ("Көмек", "komek", "kazakh-desk", "kk", "KZ"),
    ("Book club", "club", "book-club", "", ""),
    ("Libraries and schools", "libraries", "libraries", "en", ""),
)
SEGMENTS = (("Book club", "club"), ("Libraries and schools", "library"))
# name, domain, language
ORGANISATIONS = (
    ("Northgate Library", "northgate-library.example", "en"),
    ("Millbrook School", "millbrook-school.example", "en"),
    ("Fairhaven College", "fairhaven-college.example", "en"),
    ("Daugavmalas bibliotēka", "daugavmala.example", "lv"),
    ("Bērzu pamatskola", "berzu-skola.example", "lv"),
    ("Kalnu vidusskola", "kalnu-vidusskola.example", "lv"),
    ("ვაშლიჯვრის ბიბლიოთეკა", "vashlijvari.example", "ka"),
    ("მთაწმინდის სკოლა", "mtatsminda-school.example", "ka"),
    ("Алмалы кітапханасы", "almaly-kitap.example", "kk"),
    ("Дала мектебі", "dala-mektep.example", "kk"),
)


@dataclass(frozen=True)
class Founded:
    """The company as it stands on the first day. `versions` are (since, version), the oldest first."""

    administrator: User
    teams: dict[str, Team]
    staff: dict[str, User]  # by the first part of their address
    inboxes: dict[str, Inbox]
    segments: dict[str, Segment]
    organisations: Sequence[tuple[Organisation, str]]
    versions: Sequence[tuple[datetime, Version]]


def found(*, at: datetime, changed_at: datetime, password_hash: str) -> Founded:
    """Set the company up by the ordinary actions, as if it had been at `at`; at `changed_at` the policy changes."""
    ada = STAFF[0]
    founding = set_up_company(
        name=NAME,
        country="LV",
        time_zone="Europe/Riga",
        language="en",
        person=ada.name,
        email=ada.address,
        password=secrets.token_urlsafe(),
    )
    teams = _teams(founding.everyone, founding.support)
    staff = _people(teams, password_hash)
    by = staff[ada.email]
    inboxes = {
        key: add_inbox(name=name, address=f"{key}@{DOMAIN}", team=teams[team], language=language, region=region, by=by)
        for name, key, team, language, region in INBOXES
    }
    segments = {key: Segment.objects.create(name=name, key=key) for name, key in SEGMENTS}
    organisations = [
        (
            Organisation.objects.create(name=name, domains=[domain], segment=segments["library"], created_at=at),
            language,
        )
        for name, domain, language in ORGANISATIONS
    ]
    add_macros(teams)
    first = load_version(
        default_policy(title=f"How {NAME.split()[0]} answers"), by=by, reason="The first policy of the company.", at=at
    )
    _backdate(at)
    note_abilities(staff, teams, {key: name for name, key in SEGMENTS}, at=at, changed_at=changed_at)
    second = load_version(
        _policy(),
        by=by,
        reason="Each desk promises in its own office hours, and members of the book club wait half as long.",
        at=changed_at,
    )
    return Founded(by, teams, staff, inboxes, segments, organisations, [(at, first), (changed_at, second)])


def office_hours() -> dict[str, Calendar]:
    """When each office works, by time zone."""
    hours = compile_policy(_policy(), holidays=holidays_of).hours
    return {zone: hours[office] for zone, office in OFFICES.items()}


def person_of(user: User) -> Person:
    return next(person for person in STAFF if person.address == user.email)


def _teams(everyone: Team, support: Team) -> dict[str, Team]:
    teams = {"everyone": everyone, "support": support}
    for name, above in TEAMS[1:]:
        team = add_team(name=name, parent=teams[above], by=_administrator())
        teams[team.key] = team
    return teams


def _people(teams: dict[str, Team], password_hash: str) -> dict[str, User]:
    by = _administrator()
    for person in STAFF[1:]:
        user = User.objects.create(
            email=person.address,
            name=person.name,
            language=person.language,
            time_zone=ZONES[person.language],
        )
        signed = texts(person.language).signatures[0].format(agent=person.signs or person.name)
        write_signature(user, texts={person.language: signed}, by=user)
        grant(to=user, team=teams[person.team], role=person.role, by=by)
    withdraw(Membership.objects.get(user=by, role=Role.LEAD), by=by)  # who founds a company leads; here others do
    User.objects.update(password=password_hash)
    found = User.objects.in_bulk([person.address for person in STAFF], field_name="email")
    return {person.email: found[person.address] for person in STAFF}


def _administrator() -> User:
    """Afresh: what somebody may do is remembered on the instance."""
    return User.objects.get_by_natural_key(ADMINISTRATOR)


def _policy() -> str:
    return resources.files("answerable.site.demo").joinpath("policy.toml").read_text(encoding="utf-8")


def _backdate(at: datetime) -> None:
    """The rows stand as of the first day. Their events are append-only and keep the truth: set up just now."""
    Company.objects.update(created_at=at)
    User.objects.update(created_at=at)
    Membership.objects.update(since=at)
    FormerMembership.objects.update(since=at, until=at)
    Team.objects.update(since=at)
