"""Documents changed part by part: nothing else changes, and comments stay."""

import tomllib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from answerable.core.policy import default_policy
from answerable.core.policy.touched import Part
from answerable.policy.editing.manuscript import Manuscript, Unreadable

DEFAULT = default_policy()
WORDS = st.text(max_size=20).filter(lambda text: "\x00" not in text)
SETTINGS = st.dictionaries(
    st.sampled_from(["within", "hours", "objective", "promise", "when", "pauses", "steps", "key two", "escalation"]),
    st.one_of(
        st.none(),
        WORDS,
        st.lists(WORDS, max_size=3),
        st.dictionaries(st.sampled_from(["en", "lv", "ka"]), WORDS, min_size=1, max_size=3),
        st.lists(st.fixed_dictionaries({"at": WORDS, "do": WORDS}), max_size=3),
    ),
    max_size=5,
)
INLINE = 'standard = [{ key = "a", within = "1 hour" }, { key = "b" }]\nhours = { office = { monday = [] } }\n'
DOTTED = '[[standard]]\nkey = "a"\npromise.en = "x"\n[standard.when]\nchannel = ["email"]\n[[escalation]]\nkey = "z"\n'


def changed(values: dict[str, object], settings: dict[str, object]) -> dict[str, object]:
    result = {key: value for key, value in values.items() if settings.get(key, value) is not None}
    return result | {key: value for key, value in settings.items() if value is not None}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from([DEFAULT, INLINE, DOTTED, ""]), SETTINGS)
def test_what_is_written_is_what_is_read(document: str, new: dict[str, object]) -> None:
    manuscript = Manuscript(document)
    before = manuscript.elements(Part.STANDARD)
    handle = before[0].handle if before else "new"
    element = manuscript.write_element(Part.STANDARD, handle, new)
    expected = changed(dict(before[0].values) if before else {"key": "new"}, new)
    assert element.values == expected
    read = tomllib.loads(manuscript.text)
    untouched = tomllib.loads(document)
    assert read["standard"][1:] == untouched.get("standard", [])[1:]
    assert {key: value for key, value in read.items() if key != "standard"} == {
        key: value for key, value in untouched.items() if key != "standard"
    }


def test_comments_and_order_stay() -> None:
    manuscript = Manuscript(DEFAULT)
    manuscript.write_element(Part.STANDARD, "first-response", {"within": "2 working hours"})
    assert manuscript.text == DEFAULT.replace('within = "4 working hours"', 'within = "2 working hours"', 1)
    manuscript.write({"title": "Ours"})
    manuscript.write_element(Part.HOURS, "night", {"time_zone": "UTC", "monday": ["00:00-06:00"]})
    for line in (line for line in DEFAULT.splitlines() if line.startswith("#")):
        assert line in manuscript.text


def test_elements_come_go_and_move() -> None:
    manuscript = Manuscript(DEFAULT)
    keys = [each.key for each in manuscript.elements(Part.STANDARD)]
    first = manuscript.element(Part.STANDARD, keys[0])
    assert first is not None
    manuscript.move(first, -1)
    manuscript.move(first, 1)
    assert [each.key for each in manuscript.elements(Part.STANDARD)] == [keys[1], keys[0], *keys[2:]]
    for each in keys:
        element = manuscript.element(Part.STANDARD, each)
        assert element is not None
        manuscript.remove(element)
    assert "standard" not in manuscript.values
    office = manuscript.element(Part.HOURS, "office")
    assert office is not None
    manuscript.remove(office)
    assert manuscript.elements(Part.HOURS) == []


def test_what_has_no_name_is_reached_by_its_number() -> None:
    manuscript = Manuscript('[[standard]]\nkey = "a"\n[[standard]]\nkey = "a"\n[[standard]]\nkey = 3\n')
    assert [each.handle for each in manuscript.elements(Part.STANDARD)] == ["a", "@2", "@3"]
    assert manuscript.write_element(Part.STANDARD, "@2", {"key": "b"}).key == "b"
    with pytest.raises(Unreadable):
        Manuscript("title = [")
