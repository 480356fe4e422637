"""Organisations."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from answerable.api.etags import check_match
from answerable.api.operations import Answer, Call, Listed, operation
from answerable.api.outputs.organisations import ORGANISATION, organisation, rows
from answerable.api.paging import PAGING, page
from answerable.api.resources.contacts import segment_of
from answerable.api.schema import Schema, given, listed, maybe, text
from answerable.customers.actions.organisations import add_organisation, change_organisation, remove_organisation
from answerable.customers.forms.organisations import OrganisationForm
from answerable.customers.models import Organisation
from answerable.people.errors import Refused
from answerable.people.models import User

FACTS: Mapping[str, Schema] = {
    "name": text("Its name.", "Harbour Books", longest=200, shortest=1),
    "domains": listed(
        "Whoever writes from them belongs to it.", text("A domain.", "harbour.example", longest=253), most=100
    ),
    "segment": maybe(text("Key of its segment.", "gold", longest=60)),
    "notes": text("What colleagues should know.", "Invoices go to the head office.", longest=20_000),
}
NEW = given("A new organisation.", ["name"], **FACTS)
CHANGE = given("What is to be otherwise.", **FACTS)
NEW["examples"] = [{"name": "Harbour Books", "domains": ["harbour.example"]}]
CHANGE["examples"] = [{"segment": "gold"}]


def visible_to(user: User) -> "QuerySet[Organisation]":
    """Organisations belong to the company: each member of staff with a team sees them."""
    return rows() if user.team_ids else rows().none()


@operation(
    "GET",
    "/organisations",
    "List organisations",
    tag="Organisations",
    scope="organisations:read",
    answers=Listed(ORGANISATION),
    query=PAGING,
    about="The newest first.",
)
def list_organisations(call: Call) -> Answer:
    return page(call, visible_to(call.by), organisation)


@operation(
    "POST",
    "/organisations",
    "Add an organisation",
    tag="Organisations",
    scope="organisations:write",
    answers=ORGANISATION,
    status=201,
    body=NEW,
    about="Contacts of its domains who have no organisation yet belong to it from now on. For leads and "
    "administrators.",
)
def create_organisation(call: Call) -> Answer:
    made = add_organisation(by=call.by, **_facts(call.body, call.body["name"]))
    return Answer(organisation(rows().get(pk=made.pk)), status=201, location=f"/organisations/{made.pk}")


@operation(
    "GET",
    "/organisations/{id}",
    "Read an organisation",
    tag="Organisations",
    scope="organisations:read",
    answers=ORGANISATION,
)
def read_organisation(call: Call) -> Answer:
    return Answer(organisation(call.one(visible_to(call.by))))


@operation(
    "PATCH",
    "/organisations/{id}",
    "Change an organisation",
    tag="Organisations",
    scope="organisations:write",
    answers=ORGANISATION,
    body=CHANGE,
    about="Send `If-Match` with the `ETag` you have read, and nobody's change is lost. For leads and administrators.",
)
def update_organisation(call: Call) -> Answer:
    found = call.one(visible_to(call.by).select_for_update(of=("self",)))
    check_match(call, lambda: organisation(found))
    change_organisation(found, by=call.by, **_facts(call.body, found.name))
    return Answer(organisation(rows().get(pk=found.pk)))


@operation(
    "DELETE",
    "/organisations/{id}",
    "Remove an organisation",
    tag="Organisations",
    scope="organisations:write",
    answers=None,
    status=204,
    about="Its contacts stay, and belong to none. For leads and administrators.",
)
def delete_organisation(call: Call) -> Answer:
    found = call.one(visible_to(call.by).select_for_update(of=("self",)))
    check_match(call, lambda: organisation(found))
    remove_organisation(found, by=call.by)
    return Answer(None, status=204)


def _facts(given_facts: Mapping[str, Any], name: str) -> dict[str, Any]:
    """As the page's own form reads them, which knows what a domain is. Raises Refused."""
    typed = {"name": name, "domains": "\n".join(given_facts.get("domains", ())), "notes": given_facts.get("notes", "")}
    form = OrganisationForm(typed)
    if not form.is_valid():
        place, errors = next(iter(form.errors.items()))
        raise Refused(str(errors[0]), field=place)
    found = {key: form.cleaned_data[key] for key in ("name", "domains", "notes") if key in given_facts}
    if "segment" in given_facts:
        found["segment"] = segment_of(given_facts["segment"])
    return found
