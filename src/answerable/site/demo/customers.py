"""Who writes to the demo company."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from answerable.customers.models import Address, Contact
from answerable.site.demo.company import Founded
from answerable.site.demo.texts import texts

SHARES = {"en": 0.34, "lv": 0.30, "ka": 0.18, "kk": 0.18}
REGIONS = {"en": ("GB", "GB", "IE"), "lv": ("LV",), "ka": ("GE",), "kk": ("KZ",)}
DOMAINS = ("post.example", "inbox.example", "mail.example")
IN_THE_CLUB = 0.15
OF_AN_ORGANISATION = 0.08

# Georgian by the national system of 2002, Kazakh by sound: only for the local part of addresses.
LATIN = str.maketrans(
    {
        **dict(zip("აბგდევზთიკლმნოპრსტუფქყჯჰ", "abgdevztiklmnoprstupkqjh", strict=True)),
        "ჟ": "zh",
        "ღ": "gh",
        "შ": "sh",
        "ჩ": "ch",
        "ც": "ts",
        "ძ": "dz",
        "წ": "ts",
        "ჭ": "ch",
        "ხ": "kh",
        **dict(zip("аәбвгғдеёзийкқлмнңоөпрстуұүфһыіэ", "aabvggdeeziikqlmnnooprstuuufhyie", strict=True)),
        "ж": "zh",
        "х": "kh",
        "ц": "ts",
        "ч": "ch",
        "ш": "sh",
        "щ": "sh",
        "ъ": "",
        "ь": "",
        "ю": "yu",
        "я": "ya",
    }
)


@dataclass(frozen=True)
class Customer:
    """A contact, the address they write from, and how often they do compared with others."""

    contact: Contact
    address: str
    weight: float


def make_customers(company: Founded, *, number: int, at: datetime, random: Random) -> dict[str, Sequence[Customer]]:
    """About `number` of them, by language."""
    contacts: list[Contact] = []
    addresses: list[Address] = []
    taken: set[str] = set()
    for language, share in SHARES.items():
        for _ in range(max(3, round(number * share))):
            contact = _contact(company, language, at, random)
            organisation = contact.organisation
            domain = organisation.domains[0] if organisation else random.choice(DOMAINS)
            contacts.append(contact)
            addresses.append(Address(contact=contact, value=_free(contact.name, domain, taken), created_at=at))
    Contact.objects.bulk_create(contacts)
    Address.objects.bulk_create(addresses)
    known = [
        Customer(contact, address.value, random.paretovariate(1.6))
        for contact, address in zip(contacts, addresses, strict=True)
    ]
    return {language: [each for each in known if each.contact.language == language] for language in SHARES}


def _contact(company: Founded, language: str, at: datetime, random: Random) -> Contact:
    names = texts(language).names
    woman = random.random() < 0.55
    first = random.choice(names.women if woman else names.men)
    surname = random.choice(names.women_surnames if woman else names.men_surnames)
    organisation = None
    if random.random() < OF_AN_ORGANISATION:
        organisation = random.choice([each for each, spoken in company.organisations if spoken == language])
    member = organisation is None and random.random() < IN_THE_CLUB
    return Contact(
        name=f"{first} {surname}",
        organisation=organisation,
        segment=company.segments["club"] if member else None,
        language=language,
        region=random.choice(REGIONS[language]),
        created_at=at,
    )


def _free(name: str, domain: str, taken: set[str]) -> str:
    stem = ".".join(latin(part) for part in name.split())
    address, number = f"{stem}@{domain}", 1
    while address in taken:
        number += 1
        address = f"{stem}{number}@{domain}"
    taken.add(address)
    return address


def latin(word: str) -> str:
    """A word in the letters a to z."""
    plain = unicodedata.normalize("NFKD", word.lower().translate(LATIN))
    return "".join(letter for letter in plain if letter.isascii() and letter.isalpha())
