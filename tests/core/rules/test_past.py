"""The past, told backwards, is the past as it went."""

from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.core.criteria import Fact
from answerable.core.rules.past import Changed, applied, stands

words = st.sampled_from(["low", "normal", "urgent"])
tags = st.sampled_from(["a", "b", "c"])


@settings(max_examples=60)
@given(first=words, tagged=st.sets(tags), turns=st.lists(st.tuples(words, st.sets(tags)), max_size=6))
def test_states_told_backwards_are_those_gone_through(
    first: str, tagged: set[str], turns: list[tuple[str, set[str]]]
) -> None:
    state: dict[str, Fact] = {"priority": [first], "tag": sorted(tagged), "subject": ["Hello"]}
    gone_through, changes = [state], []
    for priority, wanted in turns:
        had = set(map(str, state["tag"]))  # type: ignore[arg-type]
        change = Changed(
            {"priority": (state["priority"], [priority])}, added=sorted(wanted - had), removed=sorted(had - wanted)
        )
        state = applied(state, change)
        changes.append(change)
        gone_through.append(state)
    told = stands(state, changes)
    assert [(each["priority"], set(each["tag"]), each["subject"]) for each in told] == [  # type: ignore[arg-type]
        (each["priority"], set(each["tag"]), each["subject"])  # type: ignore[arg-type]
        for each in gone_through
    ]
