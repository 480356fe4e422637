"""Ratings on scales that are not 1 to 5, or in other marks: put on it where they say the same, else left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from answerable.measure.reading import read
from tests.measure.reading.test_tables_of_text import reading, rows


def rated(*ratings: str) -> str:
    """Tickets with these ratings."""
    lines = (f"{number},2026-03-02 09:00,{rating}" for number, rating in enumerate(ratings, 1))
    return "Ticket ID,Created at,Rating\n" + "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("ratings", "scores", "said"),
    [
        (("5", "0", "4", "0", "1"), [5, 4, 1], "0 is taken for not rated"),
        (("1", "0", "1"), [5, 1, 5], "a word or a face"),
        (("100%", "0%"), [5, 1], "a word or a face"),
        (("80%", "100 %", "20%"), [4, 5, 1], "percentages are put on 1 to 5"),
        (("0", "25", "75", "100"), [1, 2, 4, 5], "percentages are put on 1 to 5"),
        (("10", "7", "3"), [], "ratings up to 10 are not on the scale"),
        (("62%", "91%"), [], "ratings up to 91 are not on the scale"),
        (("★★★★★", "★★", "★★★☆☆"), [5, 2, 3], None),
        (("4/5", "5 of 5", "1"), [4, 5, 1], None),
        (("5 stars", "1 star"), [5, 1], None),
        (("😀", "😐", "☹️"), [5, 3, 1], "a word or a face"),
        (("😀", "🙂", "😐", "🙁", "😡"), [5, 4, 3, 2, 1], None),
        (("5.0", "2", "3"), [5, 2, 3], None),
    ],
)
def test_what_a_rating_is_from_1_to_5(
    tmp_path: Path, ratings: tuple[str, ...], scores: list[int], said: str | None
) -> None:
    with reading(tmp_path, rated(*ratings)) as found:
        assert (rows(found, "ratings", "score") if scores else []) == [(score,) for score in scores]
        assert found.bad_count == 0
        told = [*found.files[0].doubts[1:], *found.files[0].mapping.proxies]
        assert [said in each for each in told if said] == ([True] if said else [])
        found.write_map(tmp_path / "map.toml")
        with read([tmp_path / "tickets.csv"], tmp_path / "map.toml") as again:
            assert again.arrow("conversations").equals(found.arrow("conversations"))
            assert again.counts == found.counts


def test_a_few_mistakes_make_no_other_scale(tmp_path: Path) -> None:
    """They are counted as errors of their rows, where all is that cannot be true."""
    with reading(tmp_path, rated(*"54354", "9", *"5432154321")) as found:
        assert [score for (score,) in rows(found, "ratings", "score")] == [5, 4, 3, 5, 4, 9, *(5, 4, 3, 2, 1) * 2]
        assert not any("scale" in doubt for doubt in found.files[0].doubts)
