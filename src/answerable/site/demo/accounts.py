"""The accounts of the demo company: one password for all, made anew each time, so that nobody else knows it."""

import secrets
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from answerable.people.models import Membership
from answerable.site.demo.company import STAFF

LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"  # none that is mistaken for another


@dataclass(frozen=True)
class Account:
    name: str
    address: str
    role: str
    team: str


def new_password() -> tuple[str, str]:
    """The password, to be shown once, and its hash. 60 bits."""
    password = "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))
    return password, make_password(password)


def accounts() -> list[Account]:
    """Who can sign in, the administrator first."""
    held = {
        membership.user.email: membership
        for membership in Membership.objects.select_related("user", "team")
        .filter(user__email__in=[person.address for person in STAFF])
        .order_by("id")
    }
    found = [held[person.address] for person in STAFF if person.address in held]
    return [Account(each.user.name, each.user.email, str(each.get_role_display()), each.team.name) for each in found]
