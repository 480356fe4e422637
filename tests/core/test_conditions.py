"""Conditions on conversations."""

from __future__ import annotations

import pytest

from answerable.core.conditions import Conditions, Facts

GOLD_MAIL = Conditions(channel=("email",), segment=("gold", "Silver"))


@pytest.mark.parametrize(
    ("facts", "failing"),
    [
        (Facts(channel="email", segment="gold"), None),
        (Facts(channel="Email", segment="SILVER", region="LV"), None),
        (Facts(channel="chat", segment="gold"), "channel"),
        (Facts(channel="email", segment="bronze"), "segment"),
        (Facts(channel="email"), "segment"),
        (Facts(), "channel"),
    ],
)
def test_every_named_field_must_accept(facts: Facts, failing: str | None) -> None:
    assert GOLD_MAIL.failing(facts) == failing
    assert GOLD_MAIL.match(facts) is (failing is None)


def test_no_conditions_accept_anything() -> None:
    assert Conditions().match(Facts())
    assert (Conditions().specificity, GOLD_MAIL.specificity) == (0, 2)
    assert GOLD_MAIL.items() == (("channel", ("email",)), ("segment", ("gold", "Silver")))


def test_the_same_conditions_in_another_order() -> None:
    assert GOLD_MAIL.same_as(Conditions(channel=("EMAIL",), segment=("silver", "gold", "gold")))
    assert not GOLD_MAIL.same_as(Conditions(channel=("email",)))
