"""The report by hand: what the page, the JSON and the lists say of seven customers."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from answerable.core.estimates import wilson
from answerable.desk.actions.spam import mark_spam
from answerable.desk.models import Conversation
from answerable.policy.actions import load_version
from tests.cast import Cast
from tests.desk.test_clocks import POLICY
from tests.insight.story import sign_in

pytestmark = pytest.mark.django_db(transaction=True)


def document(client: Client, query: str = "period=30") -> dict[str, Any]:
    response = client.get(f"/report.json?{query}")
    assert response.status_code == 200, response.content
    plain: dict[str, Any] = response.json()
    return plain


def total(plain: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = plain["indicators"][name]["total"]
    return found


def test_the_figures_are_those_worked_out_by_hand(desk: Cast) -> None:
    plain = document(sign_in(desk.alice))
    first = total(plain, "first_response")
    assert first["estimate"]["value"] == 40 * 60  # Kaplan-Meier; see docs/measures/first-response.md
    assert first["beside"]["naive_p50"]["value"] == 25 * 60
    assert first["counts"] == {"ended": 4, "waiting": 3, "settled": 0}
    assert plain["other_clock"]["first_response"]["estimate"]["value"] == 40 * 60
    solution = total(plain, "resolution")
    assert (solution["counts"], solution["estimate"]["value"]) == ({"ended": 4, "waiting": 3}, 80 * 3600)
    kept = total(plain, "first_response_compliance")
    assert kept["counts"] == {"met": 4, "missed": 3, "not_due": 0}
    assert (kept["estimate"]["low"], kept["estimate"]["high"]) == pytest.approx(wilson(4, 7))
    assert total(plain, "resolution_compliance")["counts"] == {"met": 3, "missed": 4, "not_due": 0}
    csat = total(plain, "csat")
    assert (csat["estimate"]["value"], csat["estimate"]["n"]) == (pytest.approx(2 / 3), 3)
    assert csat["estimate"]["coverage"] == pytest.approx(3 / 4)
    assert csat["beside"]["mean"]["value"] == pytest.approx(11 / 3)
    assert plain["population"]["counted"] == 7
    assert plain["errors"] == []


def test_the_objective_of_the_policy_is_the_target(desk: Cast) -> None:
    plain = document(sign_in(desk.alice))
    assert plain["indicators"]["first_response_compliance"]["target"] == 0.95
    assert plain["indicators"]["first_response_compliance"]["against_target"] == "missed"
    assert plain["indicators"]["first_response"]["target"] is None


def test_a_new_version_of_the_policy_alters_no_figure(desk: Cast) -> None:
    """Sharper limits in shorter hours; three of the seven still wait under what was promised them."""
    client = sign_in(desk.alice)
    before = document(client)["indicators"]
    office = '[hours.office]\ntime_zone = "Europe/Riga"\nmonday = ["09:00-10:00"]\n\n[[objective]]'
    changed = POLICY.replace("[[objective]]", office, 1).replace('"always"', '"office"').replace("3 days", "1 hour")
    load_version(changed.replace('"4 hours"', '"5 minutes"').replace('"95 %"', '"50 %"'), by=desk.ada)
    after = document(client)["indicators"]
    assert {name: figures(each) for name, each in after.items()} == {
        name: figures(each) for name, each in before.items()
    }
    assert after["first_response_compliance"]["target"] == 0.5, "what is aimed at now is another matter"


def figures(indicator: dict[str, Any]) -> list[Any]:
    """What is reported, for all and for each group."""
    groups = [group for by in indicator["groups"].values() for group in by]
    return [
        (each["estimate"], each.get("counts")) for each in (indicator["total"], *(group["figure"] for group in groups))
    ]


def test_charlie_sees_none_of_supports(desk: Cast) -> None:
    client = sign_in(desk.charlie)
    plain = document(client)
    assert plain["population"]["conversations"] == 1
    assert total(plain, "first_response")["estimate"]["value"] == 300 * 60
    assert total(plain, "csat")["estimate"]["n"] == 0
    listed = client.get("/report/conversations/?period=30&kpi=first_response").content.decode()
    assert len(re.findall(r'href="/conversations/\d+/"', listed)) == 1
    for path in ("/report/figures/", "/report.json", "/report/charts/", "/report/conversations/"):
        response = client.get(f"{path}?team={desk.support.pk}&kpi=first_response")
        assert response.status_code == 422
        assert "Support" not in response.content.decode()


def test_nobody_else_sees_anything(desk: Cast) -> None:
    for path in ("/report/", "/report/figures/", "/report/charts/", "/report.json", "/report/conversations/"):
        assert Client().get(path).status_code == 302


def test_a_team_counts_with_those_below_it(desk: Cast) -> None:
    client = sign_in(desk.ada)
    assert document(client)["population"]["counted"] == 8
    assert document(client, f"team={desk.everyone.pk}")["population"]["counted"] == 8
    assert document(client, f"team={desk.support.pk}")["population"]["counted"] == 7
    assert document(client, f"team={desk.latvia.pk}")["population"]["counted"] == 0


def test_what_went_to_another_team_is_counted_but_not_shown(desk: Cast) -> None:
    """A rating belongs to the team that served; the conversation is Sales' now."""
    from answerable.desk.models import Conversation

    Conversation.objects.filter(invitation__rating__score=5).update(team=desk.sales)
    client = sign_in(desk.alice)
    assert total(document(client), "csat")["estimate"]["n"] == 3
    listed = client.get("/report/conversations/?period=30&kpi=csat&outcome=satisfied").content.decode()
    assert len(re.findall(r'href="/conversations/\d+/"', listed)) == 1
    assert "1 more conversation on this page is with another team now." in listed


def test_an_empty_desk_says_what_the_page_is_for(staged: Cast) -> None:
    page = sign_in(staged.alice).get("/report/").content.decode()
    assert "Nothing to report yet" in page
    assert "hx-get" not in page.partition("<main")[2].partition("</main>")[0]


def test_a_period_without_anything_has_no_values(desk: Cast) -> None:
    page = sign_in(desk.alice).get("/report/figures/?period=last-month&channel=email").content.decode()
    assert "0 conversations" in page or "conversation" in page


def test_spam_counts_nowhere(desk: Cast) -> None:
    rated = Conversation.objects.get(invitation__rating__score=5)
    waiting = Conversation.objects.filter(team=desk.support, first_answered_at=None).first()
    assert waiting is not None
    for spam in (rated, waiting):
        mark_spam(spam, by=desk.alice)
    plain = document(sign_in(desk.alice))
    assert total(plain, "first_response")["counts"] == {"ended": 3, "waiting": 2, "settled": 0}
    assert total(plain, "csat")["estimate"]["n"] == 2
    assert total(plain, "first_response_compliance")["counts"] == {"met": 3, "missed": 2, "not_due": 0}
    assert (plain["population"]["counted"], plain["population"]["spam"]) == (5, 2)
