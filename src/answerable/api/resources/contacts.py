"""Contacts and their addresses."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from answerable.api.etags import check_match
from answerable.api.operations import Answer, Call, Listed, operation
from answerable.api.outputs.contacts import ADDRESS, CONTACT, KINDS, address, contact, rows
from answerable.api.paging import PAGING, page
from answerable.api.schema import Schema, choice, given, maybe, number, text
from answerable.customers.actions.contacts import add_address, add_contact, change_contact, remove_address
from answerable.customers.models import Address, Contact, Organisation, Segment
from answerable.people.errors import Refused

FACTS: Mapping[str, Schema] = {
    "name": text("Their name.", "Dace Ozola", longest=200),
    "organisation": maybe(number("The organisation they belong to.", 4)),
    "segment": maybe(text("Key of a segment of their own.", "gold", longest=60)),
    "language": choice("Empty where it is not known.", ["", *(code for code, _name in settings.LANGUAGES)], "lv"),
    "region": text("As the policy names it.", "LV", longest=60),
    "notes": text("What colleagues should know.", "Prefers to be called in the morning.", longest=20_000),
}
WAY: Mapping[str, Schema] = {
    "kind": choice("What it is.", KINDS),
    "value": text("The address, or the telephone number.", "dace@customer.example", longest=320, shortest=1),
}
FILTERS = {
    "q": text("Whose name holds this, or one of whose addresses begins with it.", "dace", longest=200),
    "address": text("Who has exactly this address, however it is capitalised.", "dace@customer.example", longest=320),
    "organisation": number("Who belongs to this organisation.", 4),
}
NEW = given(
    "Somebody new, with the e-mail address they are known by.",
    ["address"],
    address=text("Their e-mail address.", "dace@customer.example", longest=320, shortest=1),
    **FACTS,
)
CHANGE = given("What is to be otherwise.", **FACTS)
NEW["examples"] = [{"address": "dace@customer.example", "name": "Dace Ozola", "language": "lv"}]
CHANGE["examples"] = [{"segment": "gold", "notes": "Prefers to be called in the morning."}]


@operation(
    "GET",
    "/contacts",
    "List contacts",
    tag="Contacts",
    scope="contacts:read",
    answers=Listed(CONTACT),
    query=FILTERS | PAGING,
    about="The newest first, without those who were found to be somebody else.",
)
def list_contacts(call: Call) -> Answer:
    found = rows().visible_to(call.by).current()
    if "organisation" in call.query:
        found = found.filter(organisation=call.query["organisation"])
    if "address" in call.query:
        found = found.filter(addresses__value=call.query["address"].strip().lower())
    if text := call.query.get("q", "").strip():
        found = found.search(text)
    return page(call, found.distinct() if "address" in call.query else found, contact)


@operation(
    "POST",
    "/contacts",
    "Add a contact",
    tag="Contacts",
    scope="contacts:write",
    answers=CONTACT,
    status=201,
    body=NEW,
)
def create_contact(call: Call) -> Answer:
    facts = _facts(call.body)
    made = add_contact(address=facts.pop("address"), by=call.by, **facts)
    return Answer(contact(rows().get(pk=made.pk)), status=201, location=f"/contacts/{made.pk}")


@operation("GET", "/contacts/{id}", "Read a contact", tag="Contacts", scope="contacts:read", answers=CONTACT)
def read_contact(call: Call) -> Answer:
    return Answer(contact(call.one(rows().visible_to(call.by))))


@operation(
    "PATCH",
    "/contacts/{id}",
    "Change a contact",
    tag="Contacts",
    scope="contacts:write",
    answers=CONTACT,
    body=CHANGE,
    about="Send `If-Match` with the `ETag` you have read, and nobody's change is lost.",
)
def update_contact(call: Call) -> Answer:
    found = call.one(Contact.objects.visible_to(call.by).select_for_update(no_key=True))
    check_match(call, lambda: contact(rows().get(pk=found.pk)))
    change_contact(found, by=call.by, **_facts(call.body))
    return Answer(contact(rows().get(pk=found.pk)))


@operation(
    "POST",
    "/contacts/{id}/addresses",
    "Add an address",
    tag="Contacts",
    scope="contacts:write",
    answers=ADDRESS,
    status=201,
    body=given("Another way to reach them.", list(WAY), **WAY),
    about="What is somebody else's already is refused: those two may be one person.",
)
def create_address(call: Call) -> Answer:
    found = call.one(Contact.objects.visible_to(call.by))
    return Answer(address(add_address(found, by=call.by, **call.body)), status=201)


@operation(
    "DELETE",
    "/contacts/{id}/addresses/{address}",
    "Take an address away",
    tag="Contacts",
    scope="contacts:write",
    answers=None,
    status=204,
)
def delete_address(call: Call) -> Answer:
    found = call.one(Contact.objects.visible_to(call.by))
    remove_address(call.one(Address.objects.filter(contact=found), call.numbers["address"]), by=call.by)
    return Answer(None, status=204)


def _facts(given_facts: Mapping[str, Any]) -> dict[str, Any]:
    """With the rows that numbers and keys name."""
    found = dict(given_facts)
    if (pk := found.get("organisation")) is not None:
        found["organisation"] = Organisation.objects.filter(pk=pk).first()
        if found["organisation"] is None:
            raise Refused(_("There is no such organisation."), field="organisation")
    if "segment" in found:
        found["segment"] = segment_of(found["segment"])
    return found


def segment_of(key: str | None) -> Segment | None:
    """The segment of a key. Raises Refused."""
    if key is None:
        return None
    found = Segment.objects.filter(key=key).first()
    if found is None:
        raise Refused(_("There is no such segment."), field="segment")
    return found
