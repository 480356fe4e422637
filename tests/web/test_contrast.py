"""WCAG 2.2: the contrast of every pair of colours that meet, computed from the tokens, in both modes."""

import re
from pathlib import Path

import pytest

import answerable.web

TOKENS = (Path(answerable.web.__file__).parent / "static" / "web" / "tokens.css").read_text()
PAIR = re.compile(r"--([a-z0-9-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")
COLOURS = {name: {"light": light, "dark": dark} for name, light, dark in PAIR.findall(TOKENS)}

GROUNDS = ("canvas", "surface", "raised", "sunken", "hover", "selected", "note-soft")
TONES = ("info", "good", "warn", "bad", "note")
WORDS = [(word, ground) for word in ("text", "muted") for ground in GROUNDS]
WORDS += [("accent", ground) for ground in ("canvas", "surface", "raised", "sunken", "hover", "selected")]
WORDS += [("accent-strong", ground) for ground in ("canvas", "surface", "raised", "hover")]
WORDS += [(tone, f"{tone}-soft") for tone in TONES] + [("text", f"{tone}-soft") for tone in TONES]
WORDS += [(tone, ground) for tone in TONES for ground in ("surface", "canvas", "raised")]
WORDS += [("on-accent", "accent"), ("on-accent", "accent-strong"), ("on-bad", "bad"), ("bad", "hover")]
EDGES = [(edge, ground) for edge in ("edge", "focus") for ground in ("canvas", "surface", "raised", "sunken")]
EDGES += [(f"series-{number}", "surface") for number in range(1, 6)]


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb (WCAG 2.2, definition of relative luminance)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio (WCAG 2.2), 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_formula_gives_the_standards_own_values() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_words_reach_aa(mode: str) -> None:
    """Success criterion 1.4.3: 4.5 to 1."""
    ratios = {(a, b): contrast(COLOURS[a][mode], COLOURS[b][mode]) for a, b in WORDS}
    assert {pair: round(ratio, 2) for pair, ratio in ratios.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_edges_focus_and_series_reach_aa(mode: str) -> None:
    """Success criteria 1.4.11 and 2.4.13: 3 to 1."""
    ratios = {(a, b): contrast(COLOURS[a][mode], COLOURS[b][mode]) for a, b in EDGES}
    assert {pair: round(ratio, 2) for pair, ratio in ratios.items() if ratio < 3} == {}


def test_no_stylesheet_but_the_tokens_and_the_mail_names_a_colour() -> None:
    """So that both modes stay whole: a colour has one home."""
    folder = Path(answerable.web.__file__).parent / "static" / "web"
    for name in ("base.css", "components.css", "layouts.css"):
        screen = (folder / name).read_text().split("@media print")[0]
        screen = screen.replace("background: #fff; color-scheme: light;", "")  # a mail's white paper
        assert re.findall(r"#[0-9a-f]{3,8}\b", screen) == []
