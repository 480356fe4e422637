"""Conditions as a tree: what is read is written as it was, and holds as logic says."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.core.criteria import All, Check, Node, Not, Some, Unreadable, checks, holds, read, written

texts = st.sampled_from(["", "open", "New", "ქართული"])
leaves = st.one_of(
    st.builds(Check, st.just("status"), st.sampled_from(["in", "not_in"]), st.lists(texts, max_size=3).map(tuple)),
    st.builds(
        lambda operator, hours: Check("hours", operator, (str(hours),)),
        st.sampled_from(["at_least", "at_most"]),
        st.integers(-3, 3),
    ),
)
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda parts: All(tuple(parts))),
        st.lists(inner, max_size=3).map(lambda parts: Some(tuple(parts))),
        inner.map(Not),
    ),
    max_leaves=8,
)
known = st.fixed_dictionaries(
    {}, optional={"status": st.lists(texts.filter(bool), max_size=2), "hours": st.none() | st.integers(-3, 3)}
)


@settings(max_examples=60)
@given(tree=trees, facts=known)
def test_a_tree_comes_back_and_says_the_same(tree: Node, facts: dict[str, Any]) -> None:
    again = read(written(tree))
    assert again == tree
    assert holds(again, facts) == holds(tree, facts) != holds(Not(tree), facts)
    assert holds(All((tree, Not(tree))), facts) is False
    assert holds(Some((tree, Not(tree))), facts) is True


@pytest.mark.parametrize(
    ("fact", "operator", "values", "fits"),
    [
        (["open"], "in", ("OPEN", "new"), True),
        (["open"], "not_in", ("open",), False),
        ([], "in", ("",), True),  # the empty text stands for nothing known
        (["a", "b"], "in", ("b",), True),
        (["a"], "in", (), False),
        (Decimal("4"), "at_least", ("4",), True),
        (None, "at_most", ("4",), False),  # what is not known is neither
        (["Where is my REFUND?"], "contains", ("refund", "money"), True),
        (["Where is it?"], "contains_not", ("refund",), True),
        ([], "contains", ("",), False),
        (["3.5"], "at_most", ("4",), True),  # a field of the company's own is text
    ],
)
def test_what_fits(fact: Any, operator: str, values: tuple[str, ...], fits: bool) -> None:
    assert Check("x", operator, values).holds(fact) is fits


@pytest.mark.parametrize(
    "kept",
    [
        None,
        [],
        {"field": "status"},
        {"field": "status", "in": "open"},
        {"field": "status", "in": [1]},
        {"field": "status", "in": [], "not_in": []},
        {"field": "planet", "in": []},
        {"field": "hours", "at_least": "many"},
        {"field": "hours", "at_least": "NaN"},
        {"all": {}},
        {"all": [], "any": []},
        {"all": [{"not": 1}]},
        {"all": [{"field": "status", "in": []}] * 101},
    ],
)
def test_what_is_no_tree_is_refused(kept: object) -> None:
    with pytest.raises(Unreadable):
        read(kept, lambda name: name in ("status", "hours"))


def test_a_tree_has_a_bottom() -> None:
    deep: dict[str, Any] = {"all": []}
    for _ in range(9):
        deep = {"not": deep}
    with pytest.raises(Unreadable, match="deeper"):
        read(deep)
    assert [check.field for check in checks(All((Not(Check("a", "in", ())), Some((Check("b", "in", ()),)))))] == [
        "a",
        "b",
    ]
