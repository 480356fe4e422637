"""Which desk answers what: by language, by matter, by customer."""

from collections.abc import Mapping
from random import Random

from answerable.core.calendar import Calendar
from answerable.desk.models import Inbox
from answerable.people.models import Role
from answerable.site.demo.company import INBOXES, STAFF, ZONES, Founded
from answerable.site.demo.customers import Customer
from answerable.site.demo.scripts import Desk

BY_LANGUAGE = {"en": "hello", "lv": "palidziba", "ka": "dakhmareba", "kk": "komek"}
TOPICS = {
    "late_parcel": 0.24,
    "refund": 0.14,
    "subscription": 0.13,
    "wrong_book": 0.14,
    "invoice": 0.09,
    "address": 0.10,
    "password": 0.09,
    "praise": 0.07,
}
MORE_LATE_PARCELS = 4.0
"""Times as many while the couriers are on strike."""


class Desks:
    """The desks of the company, by their inbox's key; `parcels` has none and is handed things over."""

    def __init__(self, company: Founded, hours: Mapping[str, Calendar]) -> None:
        self.desks = {key: _desk(company, team, company.inboxes[key], hours) for key, team in INBOX_TEAMS.items()}
        self.parcels = _desk(company, "parcels", None, hours)

    def chosen(self, customer: Customer, topic: str, random: Random) -> Desk:
        contact = customer.contact
        if contact.organisation and contact.language == "en" and random.random() < 0.7:
            return self.desks["libraries"]
        if topic == "subscription" and contact.language in ("en", "lv") and random.random() < 0.6:
            return self.desks["club"]
        return self.desks[BY_LANGUAGE[contact.language]]

    def handed_to(self, desk: Desk, topic: str, random: Random) -> Desk | None:
        """Parcels are found by those who know the couriers."""
        matters = topic in ("late_parcel", "wrong_book") and desk.team.key in ("english-desk", "latvian-desk")
        return self.parcels if matters and random.random() < 0.35 else None


INBOX_TEAMS = {key: team for _name, key, team, _language, _region in INBOXES}


def topic_of(*, in_surge: bool, random: Random) -> str:
    weights = TOPICS | ({"late_parcel": TOPICS["late_parcel"] * MORE_LATE_PARCELS} if in_surge else {})
    return random.choices(list(weights), list(weights.values()))[0]


def _desk(company: Founded, team: str, inbox: Inbox | None, hours: Mapping[str, Calendar]) -> Desk:
    people = [person for person in STAFF if person.team == team and person.role in (Role.AGENT, Role.LEAD)]
    return Desk(
        team=company.teams[team],
        inbox=inbox,
        agents=[(company.staff[person.email], person) for person in people],
        hours=hours[ZONES[people[0].language]],
    )
