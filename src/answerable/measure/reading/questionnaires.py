"""Which questionnaire a survey's headers belong to: its items, the halves of pairs, the dimensions, the weights."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import replace

from answerable.measure.reading.answer_words import LIKERT, LIKERT_7, NOT_APPLICABLE, rating_words
from answerable.measure.reading.mapping import INSTRUMENTS, FileMap, Item, Source
from answerable.measure.reading.matching import is_number, match_columns, words
from answerable.measure.reading.part import Part
from answerable.measure.words import Said, gettext_noop

DIMENSIONS = ("tangibles", "reliability", "responsiveness", "assurance", "empathy")
ITEMS_EACH = (4, 5, 4, 4, 5)
"""Parasuraman, Zeithaml, Berry 1988: 22 items in this order."""
EXPECTED, PERCEIVED, WEIGHT, SCORE = "expectation", "perception", "weight", "score"
_HALVES = {
    "e": EXPECTED, "exp": EXPECTED, "expectation": EXPECTED, "expectations": EXPECTED, "expected": EXPECTED,
    "p": PERCEIVED, "perc": PERCEIVED, "perception": PERCEIVED, "perceptions": PERCEIVED, "perceived": PERCEIVED,
}  # fmt: skip
_HALF = re.compile(r"^(e|p)(\d{1,2})$")
_BEHIND = re.compile(r"^([a-z]{0,5}\d{1,2})[ _.-]?(e|p)$")
"""T1E, RL5P: the half behind the item."""
_SHORT = (
    {"t", "ta", "tan", "tang"}, {"r", "rl", "re", "rel", "reli"}, {"rs", "rn", "res", "rsp", "resp"},
    {"a", "as", "ass", "asr", "assu"}, {"e", "em", "emp", "empa"},
)  # fmt: skip
"""What the dimensions are called before the numbers of items, where all five are."""
_STEMS = {"tangib": 0, "reliab": 1, "responsiv": 2, "assur": 3, "empath": 4}
_WEIGHT = re.compile(r"^(?:weight|weights|importance|points|w) (.+)$|^(.+) (?:weight|importance|points)$|^w(\d)$")
_RECOMMEND = (
    r"\bnps\b|net promoter|likel(y|ihood).*recommend|would you recommend|recommend us|ieteikt|რეკომენდ|ურჩევ|გვირჩევ|"
    r"ұсын|рекоменд|посовет|empfehl|recommand|recomend|poleci"
)
_EASY = (
    r"\bces\b|\beffort\b|made it easy|how easy|easy to (get|resolve|handle|use)|cik viegli|რამდენად (ადვილ|მარტივ)|"
    r"қаншалықты оңай|насколько легко"
)
_SATISFIED = (
    r"\bcsat\b|satisfaction|satisfied|(would|do) you rate (our|the|your)|"
    r"apmierin|კმაყოფილ|қанағаттан|удовлетвор|довольны|zufrieden|"
    r"satisfait|satisfech"
)
_OF_STAFF = r"\be ?nps\b|place to work|as an employer|recommend working"
_SIGNS = (
    ("engagement", _OF_STAFF),
    ("nps", _RECOMMEND),
    ("ces", _EASY),
    ("csat", _SATISFIED),
    ("engagement", r"\bengagement\b|\buwes\b|\benps\b|\bpulse\b|place to work"),
)
_NAMES = (
    ("servqual", r"servqual"), ("engagement", r"engagement|pulse|uwes|employee|staff survey"),
    ("nps", r"\bnps\b|promoter"), ("ces", r"\bces\b|effort"), ("csat", r"\bcsat\b|satisfaction"),
)  # fmt: skip
_ITEM = re.compile(r"^(?:(?:q|item|question|uwes|engagement|s) ?\d{1,3}[a-z]?)\b")
_ANSWER = re.compile(r"-?\d{1,2}([.,]0+)?(\D|$)|[^\W\d_]\D*\d{1,2}$")
"""A number that stands alone, or before or behind what it means: “10 - Extremely likely”."""
_MEAN = re.compile(r"-?\d{1,2}[.,]\d*[1-9]\d*|.*%")
"""A mean or a share, as tables of months have them."""
_OF_WORK = re.compile(r"\b(job|work\w*|environment|employee|relationship|manager) satisfaction\b")
"""What satisfies those who work, and says nothing of customers."""
_TO_TEN = re.compile(r"\d|10")
_SCORE = ("score", "rating", "answer", "nps score", "nps rating", "response")
_GROUPS = {"promoter", "passive", "detractor", "promoters", "passives", "detractors", "nps"}
SCORED = ("nps", "ces", "csat")
_SAID = {*LIKERT, *LIKERT_7, *NOT_APPLICABLE}
FIVE = 5
"""Where the scales of satisfaction and engagement end."""
_OFF_SCALE = gettext_noop("{column}: answers up to {most} are not on the scale from 1 to 5 and are left out")
SENTENCE = 4
"""A header of so many words is a question, in a survey of engagement: “I learn something at work”."""
_NOT_ITEM = re.compile(r"\b(id|date|time|at|comment|remark|reason|email|name|number|phone|age)\b")


def propose_survey(part: Part) -> FileMap | None:
    """The mapping of a survey, wide or long; None where it is none."""
    found = match_columns(part, "survey")
    if "item" in found and "value" in found and (proposed := _long(part, found)) is not None:
        return proposed
    items, instrument = _items(part)
    if not items and (score := _recommending(part)) is not None:
        items, instrument = {score: Item(score)}, "nps"
    if not items:
        return None
    kept = ("respondent", "at", "team", "channel", "segment", "region", "language")
    said = {column for column in part.columns if _tells_groups(part.values(column))}
    columns = {
        key: Source(column)
        for key, column in found.items()
        if key in kept and column not in items and column not in said
    }
    proposed = FileMap(part.name, "survey", columns, items=items, instrument=instrument)
    if instrument == "csat" and len(items) == 1:
        return _rating(proposed, part)
    return anonymous(proposed)


def _tells_groups(values: Sequence[str]) -> bool:
    """Whether a column says of each score that it is a promoter's or a detractor's, and is no group of customers."""
    return bool(values) and {value.lower() for value in values} <= _GROUPS


def anonymous(mapping: FileMap) -> FileMap:
    """A survey of engagement without what could tell who answered: it is never read."""
    if mapping.kind != "survey" or mapping.instrument != "engagement":
        return mapping
    return replace(mapping, columns={key: value for key, value in mapping.columns.items() if key != "respondent"})


def _rating(proposed: FileMap, part: Part) -> FileMap:
    """One question of satisfaction: ratings of conversations, where the file says of which."""
    found = match_columns(part, "conversations")
    score = next(iter(proposed.items))
    said, proxies = rating_words(part.values(score))
    columns = {"score": Source(score, words=said)}
    columns |= {"rated_at": proposed.columns["at"]} if "at" in proposed.columns else {}
    columns |= {"conversation_id": proposed.columns["respondent"]} if "respondent" in proposed.columns else {}
    for key in ("conversation_id", "agent", "team", "channel", "segment", "region", "language"):
        if key in found and found[key] not in proposed.items:
            columns[key] = Source(found[key])
    return FileMap(part.name, "ratings", columns, instrument="csat", proxies=proxies)


def _long(part: Part, found: Mapping[str, str]) -> FileMap | None:
    """A row per answer. The instrument is a column, or told by the items, or by the file's name; else it is none."""
    instrument = None
    if "instrument" not in found:
        items = part.values(found["item"])
        said = [each.part for item in items if (each := parse(item)) is not None]
        halves = {*said, *map(half, part.values(found["part"]) if "part" in found else ())}
        instrument = "servqual" if {EXPECTED, PERCEIVED} <= halves else _told(part, items)
    columns = {key: Source(column) for key, column in found.items()}
    if instrument is None and "instrument" not in found:
        return None
    return anonymous(FileMap(part.name, "survey", columns, instrument=instrument))


def _items(part: Part) -> tuple[dict[str, Item], str | None]:
    """The questions of a wide survey by column, and whose they are."""
    if pairs := servqual_items(part.columns):
        return pairs, "servqual"
    numeric = [column for column in part.columns if _answers(part.values(column))]
    told = {column: _told(part, [column], by_name=False) for column in numeric}
    questions = [column for column in numeric if told[column] or _ITEM.match(words(column))]
    questions = [column for column in questions if not _NOT_ITEM.search(words(column))]
    if len(questions) > 1:  # one alone says of itself that its scale is another
        questions = [column for column in questions if told[column] != "csat" or _highest(part.values(column)) <= FIVE]
    named = next((instrument for instrument, pattern in _NAMES if re.search(pattern, words(part.name))), None)
    if not questions and not (named == "engagement" and len(numeric) > 1):
        return {}, None
    found = {told[column] for column in questions} - {None}
    named = named if named not in SCORED or found <= {named} else None
    instrument = named or (next(iter(found)) if len(found) == 1 else None)
    if instrument is None:
        return {column: Item(f"{told[column]}: {column}") for column in questions if told[column]}, None
    if instrument == "engagement":
        questions = [column for column in numeric if column in questions or _is_sentence(column)]
        questions = [column for column in questions if not _is_yes_or_no(part.values(column))]
        highest = {column: _highest(part.values(column)) for column in questions}
        named_so = {c: c if "enps" in c.lower() else f"eNPS: {c}" for c in questions if re.search(_OF_STAFF, words(c))}
        recommending = {c: Item(item) for c, item in named_so.items() if highest[c] > FIVE}
        return {
            c: recommending.get(c, Item(c)) for c in questions if highest[c] <= FIVE or c in recommending
        }, instrument
    return {column: Item(column) for column in questions}, instrument


def _recommending(part: Part) -> str | None:
    """The column of scores from 0 to 10 of a tool for NPS, which names no question; None where there is none."""
    for column in part.columns:
        values = part.values(column) if words(column) in _SCORE else []
        if values and all(map(_TO_TEN.fullmatch, values)) and any(int(value) > 5 for value in values):
            said = {value.lower() for each in part.columns if each != column for value in part.values(each)[:200]}
            if "0" in values or said & _GROUPS or _told(part, [part.name]) == "nps":
                return column
    return None


def _told(part: Part, texts: Sequence[str], by_name: bool = True) -> str | None:
    """The instrument that texts speak of, or the file's name does."""
    for instrument, pattern in _SIGNS:
        told = [text for text in map(words, texts) if re.search(pattern, text)]
        if told and not (instrument == "csat" and all(map(_OF_WORK.search, told))):
            return instrument
    if by_name:
        return next((instrument for instrument, pattern in _NAMES if re.search(pattern, words(part.name))), None)
    return None


def _answers(values: Sequence[str]) -> bool:
    """Whether values look like answers: small numbers, or words of agreement."""
    right = sum(value.lower() in _SAID or bool(_ANSWER.match(value)) for value in values)
    if 2 * sum(bool(_MEAN.fullmatch(value)) for value in values) > len(values):
        return False
    return bool(values) and right > 0.8 * len(values) and not all(is_number(v) and len(v) > 4 for v in values)


def _is_yes_or_no(values: Sequence[str]) -> bool:
    """Whether answers are 0 and 1, which is no scale."""
    return _highest(values) <= 1 and any(re.fullmatch(r"0([.,]0+)?", value) for value in values)


def _is_sentence(header: str) -> bool:
    """Whether a header is a question, and no name that a program gave (YearsSinceLastPromotion)."""
    return len(re.findall(r"[^\W_]+", header)) >= SENTENCE


def _highest(values: Sequence[str]) -> int:
    """The highest of answers in numbers; 0 where they are words."""
    return max((int(match[0]) for value in values if (match := re.match(r"\d+", value))), default=0)


def doubts(mapping: FileMap, part: Part) -> list[str]:
    """What to say of the questions of a wide survey that are on a scale which is not measured."""
    found: list[str] = []
    for column in part.columns if mapping.items else ():
        values = part.values(column)
        asked = _told(part, [column], by_name=False) == "csat" or (
            mapping.instrument == "engagement" and _is_sentence(column)
        )
        if asked and column not in mapping.items and _answers(values) and _highest(values) > FIVE:
            found.append(Said(_OFF_SCALE, column=column, most=_highest(values)))
    return found


def servqual_items(columns: Sequence[str]) -> dict[str, Item]:
    """Pairs of expectation and perception among columns, and the weights beside; nothing without a pair."""
    parsed = {column: read for column in columns if (read := parse(column)) is not None}
    halves = {part: {each.item for each in parsed.values() if each.part == part} for part in (EXPECTED, PERCEIVED)}
    pairs = halves[EXPECTED] & halves[PERCEIVED]
    if not pairs or (len(pairs) < 3 and all(len(item) < 3 for item in pairs)):
        return {}
    ordered = list(dict.fromkeys(each.item for each in parsed.values() if each.item in pairs))
    told = _dimensions(ordered)
    weights = {column: each for column, each in parsed.items() if each.part == WEIGHT}
    inside = {column: each for column, each in parsed.items() if each.part != WEIGHT and each.item in pairs}
    return {column: replace(each, dimension=told.get(each.item)) for column, each in inside.items()} | weights


def parse(text: str) -> Item | None:
    """What a header or the name of an item says: which half of which pair, or the weight of a dimension."""
    header = words(re.sub(r"(?<=[A-Za-z])(?=\d)", "_", text)) if not _HALF.match(text.lower()) else text.lower()
    if (match := _HALF.match(header)) is not None:
        return Item(match[2], _HALVES[match[1]])
    if (match := _BEHIND.match(text.lower())) is not None:
        return Item(match[1], _HALVES[match[2]])
    if (match := _WEIGHT.match(words(text))) is not None:
        place = dimension(match[1] or match[2] or "")
        place = DIMENSIONS[int(match[3]) - 1] if match[3] and 1 <= int(match[3]) <= 5 else place
        return Item(place, WEIGHT, place) if place else None
    parts = header.split()
    if len(parts) > 1:
        for inside, rest in ((parts[0], parts[1:]), (parts[-1], parts[:-1])):
            if inside in _HALVES:
                return Item(" ".join(rest), _HALVES[inside])
    return None


def half(text: str) -> str | None:
    """Expectation or perception, by a word for it."""
    return _HALVES.get(words(text))


def dimension(text: str) -> str | None:
    """The dimension that a text names."""
    return next((DIMENSIONS[place] for stem, place in _STEMS.items() if stem in words(text)), None)


def _dimensions(items: Sequence[str]) -> dict[str, str]:
    """The dimension of each item: as named, or in short, else by number where there are the 22 of 1988."""
    named = {item: found for item in items if (found := dimension(item)) is not None} or _shortened(items)
    numbers = {item: int(match[1]) for item in items if (match := re.search(r"(\d+)$", item)) is not None}
    if named or sorted(numbers.values()) != list(range(1, 23)):
        return named
    ends = [sum(ITEMS_EACH[: place + 1]) for place in range(5)]
    return {item: DIMENSIONS[bisect_left(ends, number)] for item, number in numbers.items()}


def _shortened(items: Sequence[str]) -> dict[str, str]:
    """The dimension of each item by a few letters before its number; nothing unless all five are told."""
    letters = {item: match[1] for item in items if (match := re.fullmatch(r"([a-z]{1,4}) ?\d{1,2}", item)) is not None}
    told = {item: place for item, said in letters.items() for place, short in enumerate(_SHORT) if said in short}
    if len(told) < len(items) or set(told.values()) != set(range(5)):
        return {}
    return {item: DIMENSIONS[place] for item, place in told.items()}


def known(instrument: str) -> str | None:
    """One of our instruments, by what a file calls it."""
    text = words(instrument)
    return text if text in INSTRUMENTS else next((name for name, sign in _NAMES if re.search(sign, text)), None)
