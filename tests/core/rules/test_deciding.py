"""Order, "stop here", and loops that end."""

from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.core.criteria import All, Check, Fact, Not, Some, holds
from answerable.core.rules.deciding import CUT, MOST_DEEP, Cause, Decision, Rule, Verdict, decide, looked_at

colours = st.sampled_from(["red", "green", "blue"])
conditions = st.recursive(
    st.builds(lambda value: Check("colour", "in", (value,)), colours),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda parts: All(tuple(parts)))
        | st.lists(inner, max_size=3).map(lambda parts: Some(tuple(parts)))
        | inner.map(Not)
    ),
    max_leaves=5,
)
rules = st.lists(
    st.builds(
        Rule,
        key=st.integers(1, 9),
        conditions=conditions,
        stops=st.booleans(),
        inboxes=st.frozensets(st.integers(1, 2), max_size=2),
    ),
    max_size=6,
    unique_by=lambda rule: rule.key,
)


@settings(max_examples=60)
@given(written=rules, colour=colours, depth=st.integers(0, MOST_DEEP + 1), fired=st.frozensets(st.integers(1, 9)))
def test_each_rule_has_one_verdict_in_its_turn(
    written: list[Rule], colour: str, depth: int, fired: frozenset[int]
) -> None:
    facts: Mapping[str, Fact] = {"colour": [colour]}
    decisions = list(decide(written, inbox=1, facts=lambda: facts, cause=Cause(depth, fired)))
    assert [decision.rule for decision in decisions] == written
    stopped = False
    for decision in decisions:
        rule, verdict = decision.rule, decision.verdict
        if rule.inboxes and 1 not in rule.inboxes:
            assert verdict is Verdict.ELSEWHERE
        elif stopped:
            assert verdict is Verdict.STOPPED
        else:
            assert (verdict is Verdict.NOT_MET) == (not holds(rule.conditions, facts))
            assert (verdict is Verdict.FIRES) <= (rule.key not in fired and depth < MOST_DEEP)
            stopped = stopped or (verdict is Verdict.FIRES and rule.stops)


@settings(max_examples=40)
@given(written=rules, start=colours, paints=st.dictionaries(st.integers(1, 9), colours))
def test_every_chain_of_effects_ends(written: list[Rule], start: str, paints: dict[int, str]) -> None:
    """Whatever rules paint, one beginning makes each fire once at most, and it is known where they were cut."""
    wall, fired, waiting, cut = [start], set[int](), [0], list[Decision]()
    steps = 0
    while waiting:
        depth = waiting.pop(0)
        for decision in decide(written, inbox=1, facts=lambda: {"colour": wall[-1:]}, cause=Cause(depth, fired)):
            steps += 1
            if decision.verdict is Verdict.FIRES:
                assert decision.rule.key not in fired
                fired.add(decision.rule.key)
                wall.append(paints.get(decision.rule.key, wall[-1]))
                waiting.append(depth + 1)
            elif decision.verdict in CUT:
                cut.append(decision)
    assert len(fired) <= len(written)
    assert steps <= len(written) * (len(written) + 1)
    assert all(decision.rule.key in fired or decision.verdict is Verdict.TOO_DEEP for decision in cut)


def test_a_rule_sees_what_the_one_before_it_did() -> None:
    wall = ["red"]
    first = Rule(1, Check("colour", "in", ("red",)))
    second = Rule(2, Check("colour", "in", ("green",)))
    verdicts = []
    for decision in decide([first, second], inbox=1, facts=lambda: {"colour": wall[-1:]}, cause=Cause()):
        verdicts.append(decision.verdict)
        if decision.rule is first:
            wall.append("green")
    assert verdicts == [Verdict.FIRES, Verdict.FIRES]
    [decision] = decide([first], inbox=1, facts=lambda: {"colour": ["blue"]}, cause=Cause())
    saw = {"field": "colour", "operator": "in", "values": ["red"], "saw": ["blue"], "ok": False, "depth": 0}
    assert decision.seen == (saw,)


def test_what_groups_came_to_is_seen() -> None:
    """A check that does not hold is why a group of which none may hold does."""
    red, blue, green = (Check("colour", "in", (name,)) for name in ("red", "blue", "green"))
    tree = All((blue, Not(Some((red, All((blue, green)))))))
    lines = looked_at(tree, {"colour": ["blue"]})
    assert [(each["depth"], each.get("joins") or each["values"][0], each["ok"]) for each in lines] == [
        (0, "blue", True),
        (0, "none", True),
        (1, "red", False),
        (1, "all", False),
        (2, "blue", True),
        (2, "green", False),
    ]
    assert [each.get("joins") for each in looked_at(Not(red), {})] == ["none", None]
