"""Rules, through HTTP: written, tried, switched on, put in order, and asked why."""

import re
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from answerable.core.rules.step import Do, Step
from answerable.desk.actions.conversations import set_priority, set_status
from answerable.desk.actions.rules import write_rule
from answerable.desk.models import DryRun, Firing, Rule
from answerable.desk.rules.starters import STARTERS
from answerable.desk.rules.trying import run
from tests.cast import Cast
from tests.desk.rules.test_firing import rule, work
from tests.desk.views.stage import asked

FORM = {
    "name": "Loud",
    "on": "event",
    "events": ["priority"],
    "c-mode": "all",
    "c-parts": "2",
    "c-0-field": "priority",
    "c-0-operator": "in",
    "c-0-kind": "choice",
    "c-0-value": ["urgent", "high"],
    "c-1-mode": "none",
    "c-1-parts": "1",
    "c-1-0-field": "tag",
    "c-1-0-operator": "in",
    "c-1-0-value": "quiet, Calm",
    "steps-rows": "1",
    "steps-0-do": "add_tags",
    "steps-0-tags": "loud",
}


def nested(*modes: str) -> dict[str, str]:
    """Groups of these modes, each the only part of the one before, and in the last a condition."""
    fields, at = {"c-0-field": ""}, "c"
    for mode in modes:
        fields |= {f"{at}-mode": mode, f"{at}-parts": "1"}
        at += "-0"
    return fields | {f"{at}-field": "tag", f"{at}-operator": "in", f"{at}-kind": "", f"{at}-value": "innermost"}


@pytest.fixture
def ada(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.ada)
    return client


def test_a_rule_is_written_tried_switched_on_and_asked_why(cast: Cast, ada: Client) -> None:
    conversation = asked(cast, "Where is it?", "I wait")
    set_priority(conversation, to=4, by=cast.bob)
    set_priority(conversation, to=3, by=cast.bob)
    tried = ada.post("/settings/rules/dry-runs/", FORM, headers={"HX-Request": "true"}).content.decode()
    assert "It would have fired 2 times," in tried
    assert "in 1 conversation." in tried
    assert f"/conversations/{conversation.pk}/" in tried
    conversation.refresh_from_db()
    assert (conversation.tags, Rule.objects.count(), Firing.objects.count()) == ([], 0, 0)
    assert ada.post("/settings/rules/new/", FORM | {"then": "on"}).status_code == 302
    row = Rule.objects.get()
    assert row.enabled_at is not None
    assert row.conditions == {
        "all": [
            {"field": "priority", "in": ["urgent", "high"]},
            {"not": {"any": [{"field": "tag", "in": ["quiet", "Calm"]}]}},
        ]
    }
    set_priority(conversation, to=4, by=cast.bob)
    work()
    bob = Client()
    bob.force_login(cast.bob)
    why = bob.get(f"/conversations/{conversation.pk}/rules/").content.decode()
    for words in (
        "Loud",
        "The priority changes",
        "Priority is one of: Urgent, High",
        "it was: Urgent",
        "Add tags: loud",
    ):
        assert words in why
    assert [int(depth) for depth in re.findall(r'data-depth="(\d)"', why)] == [0, 0, 1]
    assert why.index("None of these holds") < why.index("Tags has one of: quiet, Calm")
    assert "The rule “Loud” added the tag loud" in bob.get(f"/conversations/{conversation.pk}/").content.decode()
    log = ada.get(f"/settings/rules/{row.pk}/log/").content.decode()
    assert "Version 1: Ada" in log
    assert "Applied 1 time in 30 days" in ada.get("/settings/rules/").content.decode()
    ada.post(f"/settings/rules/{row.pk}/state/", {"to": "0"})
    assert Rule.objects.get().enabled_at is None


def test_the_tree_is_changed_without_scripts(cast: Cast, ada: Client) -> None:
    page = ada.post("/settings/rules/new/", FORM | {"turn": "check:c-1"}).content.decode()
    assert 'name="c-1-1-field"' in page
    assert 'value="quiet, Calm"' in page  # what was typed stays
    page = ada.post("/settings/rules/new/", FORM | {"turn": "group:c"}).content.decode()
    assert 'name="c-2-mode"' in page
    page = ada.post("/settings/rules/new/", FORM | {"turn": "up:c-1"}).content.decode()
    assert 'name="c-0-mode"' in page
    page = ada.post("/settings/rules/new/", FORM | {"turn": "remove:c-1"}).content.decode()
    assert 'name="c-1' not in page
    assert Rule.objects.count() == 0


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"events": []}, "This field is required."),
        ({"c-0-value": []}, "Say with what it is compared."),
        ({"c-0-operator": "at_least"}, "Choose how it is compared."),
        ({"c-0-field": "field:99"}, "What it asks about is gone."),
        ({"steps-0-do": ""}, "a rule without steps does nothing"),
        ({"steps-0-tags": ""}, "This field is required."),
        ({"on": "schedule", "at": "25:00"}, "Enter a valid time."),
        ({"c-parts": "1000"}, "too many conditions"),
        ({"c-parts": "many"}, "too many conditions"),
        ({"c-mode": "xor"}, "xor is not one of the available choices"),
        ({"c-mode": ""}, "is not one of the available choices"),
        ({"c-parts": "1", "c-0-mode": "xor", "c-0-parts": "1"}, "xor is not one of the available choices"),
        ({"c-parts": "200"} | dict.fromkeys([f"c-{n}-field" for n in range(200)], "tag"), "too many conditions"),
    ],
)
def test_what_is_wrong_stands_beside_it(cast: Cast, ada: Client, wrong: dict[str, Any], words: str) -> None:
    refused = ada.post("/settings/rules/new/", FORM | wrong)
    assert refused.status_code == 422
    assert words in refused.content.decode()
    assert 'value="Loud"' in refused.content.decode()


@pytest.mark.parametrize("modes", [["any"] * 8, ["none"] * 4, ["all", "none", "any", "none", "any", "all"]])
def test_groups_are_kept_down_to_the_deepest(cast: Cast, ada: Client, modes: list[str]) -> None:
    assert ada.post("/settings/rules/new/", FORM | nested(*modes)).status_code == 302
    assert "innermost" in str(Rule.objects.get().conditions)
    assert 'value="innermost"' in ada.get(f"/settings/rules/{Rule.objects.get().pk}/").content.decode()


@pytest.mark.parametrize("modes", [["any"] * 9, ["any"] * 12, ["none"] * 5, ["any"] * 7 + ["none"]])
def test_groups_nested_too_deep_are_refused_and_not_cut_off(cast: Cast, ada: Client, modes: list[str]) -> None:
    for _time in range(2):  # what comes back is refused when it is sent again
        refused = ada.post("/settings/rules/new/", FORM | nested(*modes))
        page = refused.content.decode()
        assert refused.status_code == 422
        assert "Conditions may be nested 8 levels deep" in page
        assert 'value="Loud"' in page
        shown = re.findall(r'name="c(?:-0)*-mode".*?value="(\w+)" selected', page)
        assert shown == modes[:9]
        modes = shown
    tried = ada.post("/settings/rules/dry-runs/", FORM | nested(*modes), headers={"HX-Request": "true"})
    assert "It would have fired" not in tried.content.decode()
    assert Rule.objects.count() == 0


@pytest.mark.parametrize("mode", ["all", "any", "none"])
def test_without_a_condition_it_fires_each_time(cast: Cast, ada: Client, mode: str) -> None:
    """As the page says, however they would be joined; conditions left empty are none."""
    bare = FORM | {"c-mode": mode, "c-parts": "1", "c-0-field": "", "then": "on"}
    assert ada.post("/settings/rules/new/", bare).status_code == 302
    conversation = asked(cast, "Where is it?", "I wait")
    set_priority(conversation, to=4, by=cast.bob)
    work()
    conversation.refresh_from_db()
    assert conversation.tags == ["loud"]


def test_what_stands_after_the_hundredth_is_taken_out(cast: Cast, ada: Client) -> None:
    many = FORM | {"c-parts": "101"} | {f"c-{n}-field": "subject" for n in range(101)}
    page = ada.post("/settings/rules/new/", many | {"turn": "remove:c-100"}).content.decode()
    assert 'name="c-parts" value="100"' in page


def test_the_list_says_what_each_rule_asks(cast: Cast, ada: Client) -> None:
    ada.post("/settings/rules/new/", FORM)
    page = " ".join(ada.get("/settings/rules/").content.decode().split())
    assert '<li data-depth="0">Priority is one of: Urgent, High</li>' in page
    assert '<li data-depth="0">None of these holds</li><li data-depth="1">– Tags has one of: quiet, Calm</li>' in page


def test_who_was_slower_is_told_and_loses_nothing(cast: Cast, ada: Client) -> None:
    row = rule(cast, "Loud", ["priority"], Step(Do.RAISE_PRIORITY))
    assert ada.post(f"/settings/rules/{row.pk}/", FORM | {"number": "1"}).status_code == 302
    late = ada.post(f"/settings/rules/{row.pk}/", FORM | {"number": "1", "name": "Mine"})
    assert late.status_code == 409
    assert "Ada has changed it since you opened it." in late.content.decode()
    assert 'value="Mine"' in late.content.decode()


def test_order_by_buttons_and_by_dragging(cast: Cast, ada: Client) -> None:
    first, second = (rule(cast, name, ["priority"], Step(Do.RAISE_PRIORITY)) for name in ("First", "Second"))
    ada.post("/settings/rules/places/", {"rule": second.pk, "way": "up"})
    assert list(Rule.objects.current()) == [second, first]
    ada.post("/settings/rules/places/", {"order": [first.pk, second.pk]})
    assert list(Rule.objects.current()) == [first, second]
    ada.post(f"/settings/rules/{first.pk}/retirement/")
    assert list(Rule.objects.current()) == [second]


def test_the_page_lists_them_in_their_order(cast: Cast, ada: Client) -> None:
    """However many there are: they are counted in groups, which come in any order by themselves."""
    rows = [rule(cast, f"Rule {number}", ["priority"], Step(Do.RAISE_PRIORITY)) for number in range(12)]
    order = [row.pk for row in rows[::2] + rows[1::2]]
    ada.post("/settings/rules/places/", {"order": order})
    page = ada.get("/settings/rules/").content.decode()
    assert [int(number) for number in re.findall(r'data-item="(\d+)"', page)] == order


def test_only_administrators_see_rules(cast: Cast) -> None:
    conversation = asked(cast, "Where is it?", "I wait")
    row = rule(cast, "Loud", ["priority"], Step(Do.RAISE_PRIORITY))
    for person in (cast.alice, cast.bob, cast.charlie):
        client = Client()
        client.force_login(person)
        for address in ("", "new/", f"{row.pk}/", f"{row.pk}/log/"):
            assert client.get(f"/settings/rules/{address}").status_code == 403
        for address in ("places/", "dry-runs/", f"{row.pk}/state/", f"{row.pk}/retirement/"):
            assert client.post(f"/settings/rules/{address}", FORM).status_code == 403
    assert client.get(f"/conversations/{conversation.pk}/rules/").status_code == 404


def test_each_one_to_begin_with_is_a_whole_form(cast: Cast, ada: Client) -> None:
    for key, starter in STARTERS.items():
        assert str(starter.name) in ada.get(f"/settings/rules/new/?starter={key}").content.decode()
        write_rule(content=starter.content, by=cast.ada)
    assert Rule.objects.filter(enabled_at=None).count() == len(STARTERS)


def test_a_long_dry_run_goes_on_in_the_worker(cast: Cast, ada: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("answerable.desk.rules.dry_run.AT_ONCE", 1)
    for number in range(3):
        set_priority(asked(cast, f"Question {number}", "I wait"), to=4, by=cast.bob)
    with monkeypatch.context() as patched:
        patched.setattr("answerable.desk.rules.trying.AT_FIRST", 0)
        page = ada.post("/settings/rules/dry-runs/", FORM, headers={"HX-Request": "true"}).content.decode()
    assert "<progress" in page
    row = DryRun.objects.get()
    run(row.pk)
    done = ada.get(f"/settings/rules/dry-runs/{row.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert "It would have fired 3 times," in done
    other = Client()
    other.force_login(cast.alice)
    assert other.get(f"/settings/rules/dry-runs/{row.pk}/").status_code == 403


def test_the_list_costs_the_same_however_many(
    cast: Cast, ada: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(3):
        rule(cast, f"Rule {number}", ["priority"], Step(Do.MOVE, "sales"))
    ada.get("/settings/rules/")
    with django_assert_num_queries(5):  # session, user, attendance, rules, teams
        ada.get("/settings/rules/")


def test_a_dry_run_is_of_what_stood_then(cast: Cast, ada: Client) -> None:
    """Solved later, tagged later: the rule is asked of what was before."""
    conversation = asked(cast, "Where is it?", "I wait")
    set_priority(conversation, to=4, by=cast.bob)
    set_status(conversation, to="solved", by=cast.bob)
    still_new = {"c-1-mode": "", "c-1-field": "status", "c-1-operator": "in", "c-1-kind": "choice", "c-1-value": "new"}
    tried = ada.post("/settings/rules/dry-runs/", FORM | still_new, headers={"HX-Request": "true"}).content.decode()
    assert "It would have fired 1 time," in tried
