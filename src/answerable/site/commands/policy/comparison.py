"""A rehearsal's comparison as a person reads it in a terminal, and as a machine does."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from answerable.core.rehearsal import Change, moment
from answerable.core.rehearsal.words import difference_words
from answerable.web.words import begun

if TYPE_CHECKING:
    from rich.console import Console

    from answerable.core.policy import Policy
    from answerable.core.rehearsal import Comparison, Differing, Escalations, Example, Kept, Line
    from answerable.measure.words import Said

SHOWN_PEOPLE, SHOWN_DIFFERENCES, SHOWN_EXAMPLES = 12, 8, 3
CLOCKS = {"first_response": "All first answers", "next_response": "All further answers", "resolution": "All solutions"}
NONE = "–"


@dataclass(frozen=True)
class Names:
    """What is compared, by name."""

    now: Policy
    draft: Policy
    named: str

    def promise(self, key: str) -> str:
        """A standard's sentence, the draft's where both have one."""
        policy = self.draft if key in self.draft.standards else self.now
        return policy.standards[key].promise_in("en")


def as_json(found: Comparison, names: Names, notes: tuple[Said, ...]) -> str:
    """Everything, under stable keys."""
    named = {"now_title": names.now.title, "draft_title": names.draft.title}
    told = {**named, **found.as_dict(), "notes": [str(note) for note in notes]}
    return json.dumps(told, ensure_ascii=False, indent=2)


def save(out: Path, found: Comparison, names: Names, notes: tuple[Said, ...]) -> None:
    """As JSON, or as a table of every figure; whole or not at all."""
    from answerable.measure.document.keeping import keep

    text = as_json(found, names, notes) if out.suffix.lower() == ".json" else _as_csv(found)
    keep(out, text.encode())


def _as_csv(found: Comparison) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["what", "key", "figure", "now", "draft"])
    for line in (*found.standards, *found.clocks, found.total):
        what = "standard" if line.key else "clock" if line.kind else "total"
        for figure in ("clocks", "due", "met", "breached", "cancelled"):
            sides = (NONE if kept is None else getattr(kept, figure) for kept in (line.now, line.draft))
            writer.writerow([what, line.key or line.kind or "", figure, *sides])
        for figure in ("value", "low", "high"):
            sides = ("" if kept is None else getattr(kept.estimate, figure) for kept in (line.now, line.draft))
            writer.writerow([what, line.key or line.kind or "", f"compliance {figure}", *sides])
    for do, count in found.now.steps.items():
        writer.writerow(["steps", do, "fired", count, found.draft.steps[do]])
    for name, figures in _people(found).items():
        for figure, now, draft in zip(("times", "at night", "nights"), *figures, strict=True):
            writer.writerow(["told", name, figure, now, draft])
    return text.getvalue()


def show(found: Comparison, names: Names, notes: tuple[Said, ...]) -> None:
    """On the terminal."""
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=True)
    zone = ZoneInfo(found.time_zone)
    console.print(f"“{names.draft.title}” rehearsed beside {names.named}", markup=False, style="bold")
    console.print(
        f"{_many(found.conversations, 'conversation')} begun within {_many(found.days, 'day')} from {found.first_day}; "
        f"what had not ended by {_said(found.as_of, zone)} counts as far as it had come. Times are of "
        f"{found.time_zone}.\n",
        markup=False,
    )
    _show_promises(console, found, names)
    _show_escalations(console, found)
    _show_differences(console, found, names, zone)
    if notes:
        console.print("What to know before believing it", style="bold")
        for note in dict.fromkeys(notes):
            console.print(f"  - {begun(note)}", markup=False)


def _show_promises(console: Console, found: Comparison, names: Names) -> None:
    idle = []
    for line in found.standards:
        if not any(kept and (kept.clocks or kept.cancelled) for kept in (line.now, line.draft)):
            idle.append(names.promise(line.key))
            continue
        limits = [_limit(policy, line.key) for policy in (names.now, names.draft)]
        _show_line(console, names.promise(line.key), line, limits)
    for line in found.clocks if len(found.clocks) > 1 else ():
        _show_line(console, CLOCKS[str(line.kind)], line, ["", ""])
    _show_line(console, "All promises", found.total, ["", ""])
    for promise in idle:
        console.print(f"No conversation was promised this: “{promise}”", markup=False, style="dim")
    console.print()


def _limit(policy: Policy, key: str) -> str:
    standard = policy.standards.get(key)
    return str(standard.within) if standard else "not promised"


def _show_line(console: Console, sentence: str, line: Line, limits: list[str]) -> None:
    """A sentence, and a row for each policy under it."""
    console.print(sentence, markup=False, style="bold")
    width = max(map(len, limits))
    for name, kept, limit in (("now", line.now, limits[0]), ("draft", line.draft, limits[1])):
        row = f"    {name:<6} {limit:<{width}}  {_compliance(kept):<25}  {_missed(kept)}".rstrip()
        console.print(row, markup=False)
    if (change := line.change) is not None and change.value:
        low, high = (100 * end for end in (change.low or 0.0, change.high or 0.0))
        points = f"{100 * change.value:+.1f} points ({low:+.1f} to {high:+.1f})"
        console.print(f"    change {points} among what both promise", markup=False)


def _compliance(kept: Kept | None) -> str:
    if kept is None or kept.estimate.value is None:
        return NONE
    estimate = kept.estimate
    return f"{100 * kept.estimate.value:.1f} % kept ({100 * (estimate.low or 0):.1f}–{100 * (estimate.high or 0):.1f})"


def _missed(kept: Kept | None) -> str:
    if kept is None:
        return ""
    nowhere = f", {kept.cancelled:,} solved without an answer" if kept.cancelled else ""
    return f"{kept.breached:,} of {kept.due:,} missed{nowhere}"


def _show_escalations(console: Console, found: Comparison) -> None:
    from rich.table import Table

    if not found.now.total and not found.draft.total:
        console.print("No escalation would have fired under either.\n")
        return
    table = Table(box=None, pad_edge=False, show_edge=False, padding=(0, 2, 0, 0))
    table.add_column("Escalations", min_width=28)
    for head in ("now", "draft"):
        table.add_column(head, justify="right", no_wrap=True)
    table.add_row("steps in all", f"{found.now.total:,}", f"{found.draft.total:,}")
    table.add_row("steps a day", *(f"{side.total / found.days:,.1f}" for side in (found.now, found.draft)))
    table.add_row("most on one day", *(f"{max(side.by_day, default=0):,}" for side in (found.now, found.draft)))
    people = _people(found)
    for name, (now, draft) in list(people.items())[:SHOWN_PEOPLE]:
        table.add_row(f"told: {name}", *(_told(each, found.days) for each in (now, draft)))
    console.print(table, soft_wrap=False)
    if len(people) > SHOWN_PEOPLE:
        console.print(f"… and {len(people) - SHOWN_PEOPLE} people more; --json names all.")
    if any(nights for sides in people.values() for _, _, nights in sides):
        console.print("Nights are those in which somebody is told between 22:00 and 07:00 of their time zone.")
    console.print()


def _people(found: Comparison) -> dict[str, tuple[tuple[int, int, int], tuple[int, int, int]]]:
    """Times, times at night and nights of each person, now and under the draft; the most told first."""

    def by_name(side: Escalations) -> dict[str, tuple[int, int, int]]:
        return {told.person.name: (told.times, told.at_night, told.nights) for told in side.people}

    now, draft = by_name(found.now), by_name(found.draft)
    nothing = (0, 0, 0)
    both = {name: (now.get(name, nothing), draft.get(name, nothing)) for name in {**draft, **now}}
    return dict(sorted(both.items(), key=lambda each: -max(each[1][0][0], each[1][1][0])))


def _told(figures: tuple[int, int, int], days: int) -> str:
    times, _at_night, nights = figures
    woken = f", {_many(nights, 'night')}" if nights else ""
    return f"{times / days:,.1f} a day{woken}" if times else NONE


def _show_differences(console: Console, found: Comparison, names: Names, zone: ZoneInfo) -> None:
    console.print("What differs most", style="bold")
    if not found.differences:
        console.print("  Nothing: every conversation would have fared the same.\n")
        return
    for difference in _chief(found):
        promise = names.promise(difference.key) if difference.key else ""
        said = difference_words(difference.change, difference.count, f"{difference.count:,}", promise)
        console.print(f"  {said}", markup=False)
        for example in difference.examples[:: max(1, len(difference.examples) // SHOWN_EXAMPLES)][:SHOWN_EXAMPLES]:
            console.print(f"      {_example(example, zone)}", markup=False, style="dim")
    console.print()


def _chief(found: Comparison) -> Iterator[Differing]:
    """The largest of what happened to promises, then what happened to people."""
    of_people = (Change.MORE_TOLD, Change.LESS_TOLD, Change.WOKEN, Change.LEFT_ASLEEP)
    promises = [each for each in found.differences if each.change not in of_people]
    yield from promises[:SHOWN_DIFFERENCES]
    yield from (each for each in found.differences if each.change in of_people)


def _example(example: Example, zone: ZoneInfo) -> str:
    said = f"{example.conversation}: began {_said(example.started_at, zone)}"
    if example.kind is None:
        return said
    ended = "solved" if example.kind == "resolution" else "answered"
    said += f", {ended} {_said(example.stopped_at, zone)}" if example.stopped_at else f", not {ended}"
    due = [(name, at) for name, at in (("now", example.due_now), ("draft", example.due_draft)) if at is not None]
    return said + "".join(f", due {_said(at, zone)} ({name})" for name, at in due)


def _said(at: int, zone: ZoneInfo) -> str:
    return f"{moment(at).astimezone(zone):%Y-%m-%d %H:%M}"


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
