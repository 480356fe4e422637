"""Merged without loss, and back."""

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from answerable.customers.actions import contact_for_address
from answerable.customers.actions.contacts import add_address, change_contact
from answerable.customers.actions.merging import merge, plan_merge, undo_merge
from answerable.customers.models import Address, Contact, Merge
from answerable.desk.actions.conversations import open_conversation
from answerable.desk.actions.customers import follow_merge, unfollow_merge
from answerable.desk.actions.messages import receive
from answerable.desk.find import find
from answerable.desk.models import Conversation, Message
from answerable.events.dispatch import dispatch
from answerable.events.models import Event
from answerable.people.errors import Refused
from tests.cast import Cast

FIELDS = ("name", "organisation_id", "segment_id", "language", "region", "notes", "merged_into_id")


def state() -> dict[object, object]:
    """Everything that could be lost."""
    return {
        "contacts": {row.pk: [getattr(row, name) for name in FIELDS] for row in Contact.objects.all()},
        "addresses": dict(Address.objects.values_list("value", "contact_id")),
        "conversations": dict(Conversation.objects.values_list("pk", "contact_id")),
        "messages": dict(Message.objects.values_list("pk", "contact_id")),
    }


def react() -> None:
    while dispatch() == 0.0:
        pass


def talk(cast: Cast, contact: Contact, subject: str) -> Conversation:
    conversation = open_conversation(inbox=cast.support_inbox, contact=contact, subject=subject, by=None)
    receive(conversation, contact=contact, text=subject)
    return conversation


def test_everything_of_the_one_becomes_the_others(cast: Cast) -> None:
    old = talk(cast, cast.dace, "Old matter")
    dace_too = contact_for_address("dace@home.example")
    change_contact(dace_too, by=cast.bob, notes="Prefers evenings.", segment=cast.gold)
    conversation = talk(cast, dace_too, "New matter")
    before = state()
    row = merge(cast.dace, absorb=dace_too, by=cast.bob)
    react()
    cast.dace.refresh_from_db()
    assert [str(address) for address in cast.dace.addresses.all()] == ["dace@customer.example", "dace@home.example"]
    assert (cast.dace.name, cast.dace.notes, cast.dace.segment) == ("Dace Ozola", "Prefers evenings.", cast.gold)
    assert contact_for_address("DACE@home.example") == cast.dace
    conversation.refresh_from_db()
    assert conversation.contact == cast.dace
    assert not Message.objects.filter(contact=dace_too).exists()
    told = Event.objects.get(verb="conversation.contact_changed")
    assert (told.root, told.team_id, told.actor) == (f"conversation-{conversation.pk}", cast.support.pk, cast.bob)
    undo_merge(row, by=cast.bob)
    react()
    assert state() == before
    old.refresh_from_db()
    assert old.contact == cast.dace


def test_the_reactions_may_run_again_and_late(cast: Cast) -> None:
    other = contact_for_address("dace@home.example")
    conversation = talk(cast, other, "Matter")
    row = merge(cast.dace, absorb=other, by=cast.bob)
    merged = Event.objects.get(verb="contact.merged")
    follow_merge(merged)
    follow_merge(merged)
    assert Event.objects.filter(verb="conversation.contact_changed").count() == 1
    undo_merge(row, by=cast.bob)
    unmerged = Event.objects.get(verb="contact.unmerged")
    unfollow_merge(unmerged)
    unfollow_merge(unmerged)
    follow_merge(merged)  # owed from before, and late: the merge is undone
    conversation.refresh_from_db()
    assert conversation.contact == other
    assert Event.objects.filter(verb="conversation.contact_changed").count() == 2


def test_a_merged_conversation_is_found_by_the_kept_name(cast: Cast) -> None:
    conversation = talk(cast, contact_for_address("dace@home.example"), "Matter")
    merge(cast.dace, absorb=conversation.contact, by=cast.bob)
    react()
    assert conversation.pk in find("Ozola", teams=sorted(cast.bob.team_ids))


def test_what_was_changed_since_stays(cast: Cast) -> None:
    other = contact_for_address("dace@home.example")
    change_contact(other, by=cast.bob, segment=cast.gold, notes="One.")
    row = merge(cast.dace, absorb=other, by=cast.bob)
    cast.dace.refresh_from_db()
    change_contact(cast.dace, by=cast.bob, segment=None, notes="One. Two.")
    undo_merge(row, by=cast.bob)
    cast.dace.refresh_from_db()
    assert (cast.dace.segment, cast.dace.notes) == (None, " Two.")


def test_what_makes_no_sense_is_refused(cast: Cast) -> None:
    third = contact_for_address("third@home.example")
    with pytest.raises(Refused, match="one and the same"):
        plan_merge(cast.dace, cast.dace)
    row = merge(cast.dace, absorb=third, by=cast.bob)
    with pytest.raises(Refused, match="merged into somebody already"):
        merge(cast.nino, absorb=third, by=cast.bob)
    with pytest.raises(Refused, match="was merged into"):
        add_address(third, kind="email", value="more@home.example", by=cast.bob)
    merge(cast.nino, absorb=cast.dace, by=cast.bob)
    with pytest.raises(Refused, match="Undo that first"):
        undo_merge(row, by=cast.bob)
    with pytest.raises(PermissionDenied):
        merge(cast.nino, absorb=cast.dace, by=cast.quinn)


words = st.text("abcž აქ\n", max_size=6)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    people=st.lists(
        st.fixed_dictionaries(
            {"name": words, "language": st.sampled_from(["", "lv", "ka"]), "region": words, "notes": words}
        ),
        min_size=3,
        max_size=5,
    ),
    steps=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.booleans()), max_size=8),
)
def test_no_order_of_merges_and_undoings_loses_anything(cast: Cast, people, steps) -> None:  # type: ignore[no-untyped-def]
    """Each address, conversation and message has exactly one contact, who is not merged into another, throughout;
    when all is undone, everything is as it was."""
    Address.objects.all().delete()
    contacts = []
    for number, fields in enumerate(people):
        contact = contact_for_address(f"{number}@customer.example")
        Contact.objects.filter(pk=contact.pk).update(**fields)
        talk(cast, contact, f"Matter {number}")
        contacts.append(contact)
    before = state()
    done: list[Merge] = []
    for kept, absorbed, is_undone in steps:
        try:
            if is_undone and done:
                undo_merge(done.pop(), by=cast.bob)
            else:
                pair = (contacts[kept % len(contacts)], contacts[absorbed % len(contacts)])
                for one in pair:
                    one.refresh_from_db()
                done.append(merge(pair[0], absorb=pair[1], by=cast.bob))
        except Refused:
            continue
        react()
        now = state()
        for kind in ("addresses", "conversations", "messages"):
            assert now[kind].keys() == before[kind].keys()  # type: ignore[attr-defined]
            assert all(now["contacts"][pk][-1] is None for pk in now[kind].values())  # type: ignore[index, attr-defined]
        kept_words = " ".join(str(fields) for fields in now["contacts"].values())  # type: ignore[attr-defined]
        assert all(repr(fields["notes"])[1:-1] in kept_words for fields in people)
    for row in reversed(done):
        undo_merge(row, by=cast.bob)
        react()
    assert state() == before
