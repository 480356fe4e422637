"""A mapping for a file nobody has seen before: by the words of its headers, and by what its values look like."""

from __future__ import annotations

import re
from collections.abc import Mapping

from answerable.measure.reading.answer_words import rating_words
from answerable.measure.reading.hours import QUEUED
from answerable.measure.reading.mapping import DURATIONS, NEEDED, FileMap, Source
from answerable.measure.reading.matching import ENOUGH, NUMBERS, is_date, matched, share, words
from answerable.measure.reading.numerals import CLOCK, written_as_clock
from answerable.measure.reading.part import Part
from answerable.measure.reading.threads import linked
from answerable.measure.words import gettext_noop

GUESSED = ("events", "activity", "survey", "conversations")
"""The kinds that headers can tell, in the order in which a tie is decided."""
_UNIT_WORDS = (
    ("milliseconds", r"\b(ms|msecs?|millis\w*)\b"),
    ("minutes", r"\b(min|mins|minutes?|minuten|minut[iouy]s?|minuta|минут\w*|мин|minūtes)\b"),
    ("hours", r"\b(h|hr|hrs|hours?|std|stunden|heures|horas|ore|godz\w*|сағат\w*|час\w*|stundas)\b"),
    ("days", r"\b(d|days?|tagen?|jours|días|дн\w*|dienas)\b"),
    ("seconds", r"\b(secs?|seconds?|sekunden|secondes|segundos|сек\w*|sekundes)\b|\bs$"),
)
_OPENERS = {
    **dict.fromkeys(("agent", "admin", "teammate", "operator", "staff", "user agent", "outbound", "outgoing", "out",
                     "true", "yes"),
                    "agent"),
    **dict.fromkeys(("bot", "system", "automation", "automated", "campaign"), "system"), "*": "customer",
}  # fmt: skip
"""Who opened a conversation, as exports call them."""
_TOLD = {"status", "score", "agent", "team", "channel", "opened_by", "priority"}
"""What lists of conversations tell of them, and lists of people or groups do not."""
_STARS = re.compile(r"(rated )?[1-5]([.,]0+)?( ?(stars?|★)| ?(/|of|out of) ?5( ?stars?)?)?", re.IGNORECASE)
_KNOWN = re.compile(r"\b(created|registered|joined|signed up|added|updated|seen)\b")
_EACH = ("price", "unit price", "price each", "item price", "preis", "einzelpreis", "prix", "precio", "цена", "cena")
_MANY = ("quantity", "qty", "units", "menge", "anzahl", "quantité", "cantidad", "количество", "skaits")
"""What one piece costs, and how many there were."""
_INBOUND = ("inbound", "is inbound", "incoming", "is incoming")
_CAME_IN = {**dict.fromkeys(("true", "yes", "1", "t", "y"), "inbound"), "*": "outbound"}
"""What a column says of messages that tells of each only whether it came in."""
_ANSWERED = ("speed of answer", "time to answer")
WORKED = {"first_responded_at", "solved_at", "status", "last_seen_at", *DURATIONS}
"""What only a list of conversations has."""
_ANY_DATE = ("date", "time", "timestamp", "datums", "дата", "submitted at", "received at")
"""Headers of dates that need not be when a conversation began."""


def propose(part: Part) -> FileMap | None:
    """The likeliest mapping of a part; None where nothing fits. Every column it names has its reason."""
    if _is_of_changes(part):
        return None
    found = {kind: matched(part, kind) for kind in GUESSED}
    if (put_together := _of_answers(found["events"], part)) is not None:
        return put_together
    whole = {kind: match for kind, match in found.items() if all(key in match for key in NEEDED[kind])}
    if "conversations" in whole and _is_of_people(whole["conversations"], part):
        del whole["conversations"]
    if "activity" in whole and _is_of_customers(whole["activity"], part):
        del whole["activity"]
    if not whole:
        return _rated(part) or _headless(part)
    kind = max(whole, key=lambda each: (_score(each, whole[each]), -GUESSED.index(each)))
    if kind == "conversations" and "activity" in whole and _is_of_purchases(whole["activity"], whole[kind]):
        kind = "activity"
    if kind == "conversations" and "events" in whole and _is_of_messages(whole[kind], part):
        kind = "events"
    if kind == "activity" and not {"amount", "order"} & set(whole[kind]) and (rated := _rated(part)) is not None:
        return rated
    match = whole[kind]
    if kind == "conversations" and _only_rated(match, part) and (rated := _rated(part)) is not None:
        return rated
    columns = {key: _source(key, column, part) for key, (column, _, _) in match.items()}
    reasons = {key: reason for key, (_, _, reason) in match.items()}
    return FileMap(part.name, kind, columns, reasons=reasons, proxies=(*_queue(match), *_faces(match, part)))


def _queue(match: Mapping[str, tuple[str, float, str]]) -> tuple[str, ...]:
    """The proxy that the speed of an answer on the telephone is."""
    column = match["first_response_seconds"][0] if "first_response_seconds" in match else ""
    return (QUEUED,) if words(column).startswith(_ANSWERED) else ()


def _of_answers(match: Mapping[str, tuple[str, float, str]], part: Part) -> FileMap | None:
    """A list of messages that name the one that each answers, and no conversation."""
    link = linked(part) if {"activity", "at"} <= set(match) else None
    if link is None or match.get("conversation_id", link)[0] != link[0]:
        return None
    columns = {key: _source(key, column, part) for key, (column, _, _) in match.items()}
    columns["conversation_id"] = Source(link[0], answers=link[1])
    reasons = {key: reason for key, (_, _, reason) in match.items()}
    return FileMap(part.name, "events", columns, reasons=reasons)


def _is_of_changes(part: Part) -> bool:
    """Whether it is a history of fields, a row for each change of any, whose cases begin in another file."""
    return {"old value", "new value"} <= set(map(words, part.columns))


def _is_of_people(match: Mapping[str, tuple[str, float, str]], part: Part) -> bool:
    """Whether what looks like conversations is a list of users or groups: numbers, names, dates and no more."""
    named = {"name", "email"} & set(map(words, part.columns)) and words(match["conversation_id"][0]) in NUMBERS
    return bool(named) and not (_TOLD | (WORKED - {"last_seen_at"})) & set(match)


def _is_of_customers(match: Mapping[str, tuple[str, float, str]], part: Part) -> bool:
    """Whether what looks like purchases is a list of customers: each once, with the day they came to be known."""
    customers = part.values(match["customer"][0])
    known = bool(_KNOWN.search(words(match["date"][0])))
    return known and "amount" not in match and len(set(customers)) == len(customers)


def _is_of_messages(match: Mapping[str, tuple[str, float, str]], part: Part) -> bool:
    """Whether what looks like conversations has a row per message: many of each, with numbers of their own, or with
    nothing of how they ended."""
    numbers = part.values(match["conversation_id"][0])
    told = not WORKED & set(match) or "message id" in map(words, part.columns)
    return told and len(set(numbers)) < ENOUGH * len(numbers)


def _is_of_purchases(bought: Mapping[str, object], match: Mapping[str, object]) -> bool:
    """Whether what looks like conversations has customers and amounts, and nobody who worked on it."""
    return "amount" in bought and not ({"agent", "team", "score", *WORKED} - {"status"}) & set(match)


def _only_rated(match: Mapping[str, tuple[str, float, str]], part: Part) -> bool:
    """Whether what looks like conversations tells of ratings alone: on some date, or with numbers of their own."""
    if "score" not in match or (WORKED - {"last_seen_at"}) & set(match):
        return False
    numbered = "id" in map(words, part.columns) and words(match["conversation_id"][0]) != "id"
    return numbered or ("last_seen_at" not in match and words(match["started_at"][0]) in _ANY_DATE)


def _rated(part: Part) -> FileMap | None:
    """A row per rating of 1 to 5, with the conversation or the date."""
    match = matched(part, "ratings")
    values = part.values(match["score"][0]) if "score" in match else []
    if not values or not {"conversation_id", "rated_at"} & set(match):
        return None
    if not rating_words(values)[0] and share(values, lambda value: bool(_STARS.fullmatch(value))) < ENOUGH:
        return None
    columns = {key: _source(key, column, part) for key, (column, _, _) in match.items()}
    reasons = {key: reason for key, (_, _, reason) in match.items()}
    return FileMap(part.name, "ratings", columns, reasons=reasons, proxies=_faces(match, part))


def _faces(match: Mapping[str, tuple[str, float, str]], part: Part) -> tuple[str, ...]:
    """The proxy that ratings in words are."""
    return rating_words(part.values(match["score"][0]))[1] if "score" in match else ()


def _score(kind: str, match: Mapping[str, tuple[str, float, str]]) -> float:
    """How well a kind's needed columns match; what only some conversations have counts a little."""
    needed = sum(match[key][1] for key in NEEDED[kind]) / len(NEEDED[kind])
    common = (*NEEDED[kind], "status") if kind == "activity" else NEEDED[kind]
    others = sum(score for key, (_, score, _) in match.items() if key not in common)
    return needed + 0.15 * others


def _source(key: str, column: str, part: Part) -> Source:
    """A column, with its unit where it is a duration."""
    if key == "opened_by":
        return Source(column, words=_OPENERS)
    if key == "activity" and words(column) in _INBOUND:
        return Source(column, words=_CAME_IN)
    if key == "score":
        return Source(column, words=rating_words(part.values(column))[0])
    if key == "amount" and words(column) in _EACH:
        return Source(column, times=next((each for each in part.columns if words(each) in _MANY), None))
    if key not in DURATIONS:
        return Source(column)
    if written_as_clock(part.values(column)):
        return Source(column, unit=CLOCK)
    header = words(column)
    named = header.replace("business hours", "")
    unit = next((unit for unit, pattern in _UNIT_WORDS if re.search(pattern, named)), None)
    return Source(column, unit=unit)


def _headless(part: Part) -> FileMap | None:
    """A file without header words: customer, date and amount by their values, if that is what it has."""
    if part.traits.get("header") != "none":
        return None
    compact = [c for c in part.columns if share(part.values(c), lambda v: bool(re.fullmatch(r"(19|20)\d{6}", v))) == 1]
    dated = compact or [c for c in part.columns if share(part.values(c), is_date) > ENOUGH]
    decimal = [
        c for c in part.columns if share(part.values(c), lambda v: bool(re.fullmatch(r"-?\d+[.,]\d+", v))) > ENOUGH
    ]
    if not dated or dated[0] == part.columns[0]:
        return None
    columns = {"customer": Source(part.columns[0]), "date": Source(dated[0])}
    columns |= {"amount": Source(decimal[-1])} if decimal else {}
    reasons = dict.fromkeys(columns, gettext_noop("there is no header; its values look like it"))
    return FileMap(part.name, "activity", columns, reasons=reasons)
