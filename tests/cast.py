"""The named cast. Alice owns, Bob shares, Charlie must be refused everywhere.

    everyone (the company)
    ├── support    Alice leads, Bob is an agent, Quinn the QA analyst     inbox support@example.com
    │   └── latvia                                                        inbox latvia@example.com
    └── sales      Charlie is an agent                                    inbox sales@example.com

Ada administers the whole company. Dace (dace@customer.example, Latvian) is a customer; Nino (Georgian) another.
"""

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from answerable.customers.models import Address, Contact, Organisation, Segment
from answerable.desk.models import Inbox
from answerable.people.models import Company, Membership, Role, Team, User

PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Cast:
    company: Company
    everyone: Team
    support: Team
    latvia: Team
    sales: Team
    ada: User
    alice: User
    bob: User
    charlie: User
    quinn: User
    support_inbox: Inbox
    latvia_inbox: Inbox
    sales_inbox: Inbox
    gold: Segment
    harbour: Organisation
    dace: Contact
    nino: Contact


def team(key: str, parent: Team | None) -> Team:
    path = f"{parent.path if parent else '/'}{key}/"
    return Team.objects.create(name=key.capitalize(), key=key, parent=parent, path=path)


def member(name: str, role: Role, place: Team) -> User:
    [user] = users(name)
    Membership.objects.create(user=user, team=place, role=role)
    return user


def users(*names: str) -> list[User]:
    """People with one password, in one statement: most tests begin with them."""
    password = make_password(PASSWORD)
    found = [User(email=f"{name.lower()}@example.com", name=name, password=password) for name in names]
    return User.objects.bulk_create(found)


def contact(name: str, email: str, **more: object) -> Contact:
    person = Contact.objects.create(name=name, **more)
    Address.objects.create(contact=person, value=email)
    return person


def play() -> Cast:
    """Everybody on stage."""
    everyone = team("everyone", None)
    support = team("support", everyone)
    latvia = team("latvia", support)
    sales = team("sales", everyone)
    gold = Segment.objects.create(name="Gold", key="gold")
    harbour = Organisation.objects.create(name="Harbour Books", domains=["harbour.example"], segment=gold)
    ada, alice, bob, charlie, quinn = users("Ada", "Alice", "Bob", "Charlie", "Quinn")
    roles = [
        (ada, Role.ADMINISTRATOR, everyone),
        (alice, Role.LEAD, support),
        (bob, Role.AGENT, support),
        (charlie, Role.AGENT, sales),
        (quinn, Role.ANALYST, support),
    ]
    Membership.objects.bulk_create(Membership(user=user, role=role, team=place) for user, role, place in roles)
    support_inbox, latvia_inbox, sales_inbox = Inbox.objects.bulk_create(
        [
            Inbox(name="Support", address="support@example.com", team=support),
            Inbox(name="Latvia", address="latvia@example.com", team=latvia, language="lv"),
            Inbox(name="Sales", address="sales@example.com", team=sales),
        ]
    )
    return Cast(
        company=Company.objects.create(name="Example Ltd", country="LV", time_zone="Europe/Riga"),
        everyone=everyone,
        support=support,
        latvia=latvia,
        sales=sales,
        ada=ada,
        alice=alice,
        bob=bob,
        charlie=charlie,
        quinn=quinn,
        support_inbox=support_inbox,
        latvia_inbox=latvia_inbox,
        sales_inbox=sales_inbox,
        gold=gold,
        harbour=harbour,
        dace=contact("Dace Ozola", "dace@customer.example", language="lv", region="LV"),
        nino=contact("Nino Beridze", "nino@harbour.example", language="ka", region="GE", organisation=harbour),
    )
