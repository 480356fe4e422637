"""Conversations of three messages each, with all the product would have written beside them.

Two years of them in the order they began. One in twenty-five is not solved, most of those among the newest. Lengths
of texts and waits are log-normal; the words are Zipf's (see vocabulary.py). Instants end at the hour of loading, and
no promise falls due within eight hours of it, so that nothing happens by itself while something else is measured.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.random import Generator, default_rng

from benchmarks.company.copying import Tables, instants, maybe
from benchmarks.company.founding import Company, Contacts
from benchmarks.company.vocabulary import LANGUAGES, vocabulary

CHUNK = 20_000
DAYS = 730
PLANTED = {"third": 3, "tenth": 10, "hundredth": 100}
"""A word that every n-th conversation holds; `rarest` stands in twenty of all."""
RAREST = 20
FOUR_HOURS, THREE_DAYS = 14_400, 97_200  # the targets of the default policy, in business seconds
LONG = 3_000_000
"""Business seconds promised by the clocks that run: computed anew, as a reply does, they do not turn out late."""
MEDIAN_WORDS, SPREAD = 36, 0.8
NEW, OPEN, PENDING, ON_HOLD, SOLVED, CLOSED = range(6)
STATUSES = np.array(["new", "open", "pending", "on_hold", "solved", "closed"])


def planted(number: int, conversations: int) -> list[str]:
    """The words that are in a conversation so that searches for them have a known answer."""
    words = [word for word, every in PLANTED.items() if number % every == 0]
    return [*words, "rarest"] if number % max(1, conversations // RAREST) == 0 else words


@dataclass
class Chunk:
    """Some conversations in a row, from number `first` (1 is the oldest); arrays hold one value a conversation."""

    company: Company
    contacts: Contacts
    first: int
    count: int
    conversations: int
    seed: int
    now: int
    texts: list[list[str]] = field(default_factory=lambda: [[], [], []])
    subjects: list[str] = field(default_factory=list)
    vectors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        rng = self.rng = default_rng([self.seed, 3, self.first])
        n = self.count
        self.number = np.arange(self.first, self.first + n)
        age = 1 - self.number / self.conversations
        self.is_open = rng.random(n) < 0.6 * np.exp(-age / 0.05) + 0.01
        unsolved = rng.choice(4, n, p=[0.2, 0.45, 0.25, 0.1])
        self.status = np.where(self.is_open, unsolved, np.where(age < 0.02, SOLVED, CLOSED))
        self.team = rng.integers(0, len(self.company.teams), n)
        self.agent = rng.integers(0, len(self.company.agents), n)
        self.contact = (rng.random(n) ** 2 * self.company.contacts).astype(np.int64) + 1
        self._when(rng, age)
        self._write_texts(rng)

    def _when(self, rng: Generator, age: np.ndarray) -> None:
        n, latest = self.count, self.now - 600
        self.started = (latest - age * DAYS * 86_400).astype(np.int64)
        self.second = np.minimum(self.started + rng.lognormal(8.6, 1.3, n).astype(np.int64) + 1, latest + 120)
        self.third = np.minimum(self.second + rng.lognormal(9.6, 1.2, n).astype(np.int64) + 1, latest + 240)
        self.solved = np.minimum(self.third + 600, latest + 360)
        self.due = self.now + 8 * 3600 + (rng.random(n) * 72 * 3600).astype(np.int64)
        self.is_late = self.is_open & (rng.random(n) < 0.15)
        self.due = np.where(self.is_late, self.started + 3600, self.due)

    def _write_texts(self, rng: Generator) -> None:
        lengths = np.clip(rng.lognormal(np.log(MEDIAN_WORDS), SPREAD, (self.count, 3)), 3, 3000).astype(np.int64)
        for row, number, contact in zip(lengths.tolist(), self.number.tolist(), self.contact.tolist(), strict=True):
            words = vocabulary(LANGUAGES[self.contacts.languages[contact - 1]])
            marks = planted(number, self.conversations)
            used: set[int] = set()
            for place, length in enumerate(row):
                ranks = words.draw(rng, length)
                used.update(ranks)
                said = [words.words[rank] for rank in ranks]
                begins = " ".join([*marks, *said[:40]]) if place == 0 else " ".join(said[:40])
                self.texts[place].append(f"{begins}\\n\\n{' '.join(said[40:])}" if length > 40 else begins)
            ranks = words.draw(rng, 4)
            used.update(ranks)
            self.subjects.append(" ".join(words.words[rank] for rank in ranks).capitalize())
            found_by = [words.stored[rank] for rank in used]
            self.vectors.append(" ".join([*found_by, *marks, self.contacts.stored[contact - 1]]))

    @cached_property
    def id(self) -> list[str]:
        return _texts(self.number)

    @cached_property
    def is_answered(self) -> np.ndarray:
        return self.status != NEW

    @cached_property
    def is_unanswered(self) -> np.ndarray:
        return (self.status == NEW) | (self.status == OPEN)

    @cached_property
    def team_id(self) -> list[str]:
        return [str(self.company.teams[team]) for team in self.team.tolist()]

    @cached_property
    def user_id(self) -> list[str]:
        return [str(self.company.agents[agent]) for agent in self.agent.tolist()]

    @cached_property
    def last_is_inbound(self) -> np.ndarray:
        return self.is_unanswered | ((self.status >= SOLVED) & (self.number % 2 == 0))


def write(chunk: Chunk, tables: Tables) -> None:
    """All rows of the chunk."""
    for part in (_conversations, _messages, _events, _clocks, _ratings):
        part(chunk, tables)


def _conversations(chunk: Chunk, tables: Tables) -> None:
    from answerable.desk.models import Conversation, Search

    solved = ~chunk.is_open
    languages = [chunk.contacts.languages[contact - 1] for contact in chunk.contact.tolist()]
    snoozed = chunk.is_open & (chunk.rng.random(chunk.count) < 0.05)
    is_due = chunk.is_unanswered
    tables.write(
        Conversation,
        id=chunk.id,
        inbox_id=[str(chunk.company.inboxes[team]) for team in chunk.team.tolist()],
        channel="email",
        team_id=chunk.team_id,
        assignee_id=maybe(chunk.is_answered, chunk.user_id),
        contact_id=_texts(chunk.contact),
        subject=chunk.subjects,
        status=STATUSES[chunk.status].tolist(),
        priority=_texts(chunk.rng.choice([1, 2, 3, 4], chunk.count, p=[0.1, 0.7, 0.15, 0.05])),
        language=[LANGUAGES[language] if LANGUAGES[language] != "ru" else "" for language in languages],
        created_at=instants(chunk.started),
        last_message_at=instants(chunk.third),
        preview=[text.partition("\\n")[0][:200] for text in chunk.texts[2]],
        message_count="3",
        asked_at=instants(np.where(chunk.last_is_inbound, chunk.third, chunk.started)),
        unanswered_since=maybe(chunk.is_unanswered, instants(np.where(chunk.is_answered, chunk.third, chunk.started))),
        due_at=maybe(is_due, instants(chunk.due)),
        snoozed_until=maybe(snoozed, instants(chunk.now + 30 * 86_400 + chunk.number)),
        solved_at=maybe(solved, instants(chunk.solved)),
        closed_at=maybe(chunk.status == CLOSED, instants(chunk.solved + 5 * 86_400)),
        first_answered_at=maybe(chunk.is_answered, instants(chunk.second)),
        first_answer_seconds=maybe(chunk.is_answered, _texts(_business(chunk.second - chunk.started))),
        solution_seconds=maybe(solved, _texts(_business(chunk.solved - chunk.started))),
    )
    tables.write(Search, conversation_id=chunk.id, vector=chunk.vectors)


def message_id(number: np.ndarray, place: int) -> np.ndarray:
    """The key of a conversation's first (0), second or third message."""
    return number * 3 - 2 + place


def _messages(chunk: Chunk, tables: Tables) -> None:
    from answerable.desk.models import Attachment, Delivery, Message

    second = np.where(chunk.status == NEW, "note", "outbound")
    third = np.where(chunk.last_is_inbound, "inbound", "outbound")
    kinds = (np.full(chunk.count, "inbound"), second, third)
    contact = _texts(chunk.contact)
    for place, (kind, at) in enumerate(zip(kinds, (chunk.started, chunk.second, chunk.third), strict=True)):
        ids, texts, inbound = _texts(message_id(chunk.number, place)), chunk.texts[place], kind == "inbound"
        marked = inbound & (chunk.number % 3 == place)
        html = [f"<p>{text}</p>" if held else "" for held, text in zip(marked.tolist(), texts, strict=True)]
        tables.write(
            Message,
            id=ids,
            conversation_id=chunk.id,
            kind=kind.tolist(),
            contact_id=maybe(inbound, contact),
            user_id=maybe(~inbound, chunk.user_id),
            text=texts,
            html=html,
            external_id=[f"{key}@customers.example" if held else "" for held, key in zip(inbound, ids, strict=True)],
            sent_at=instants(at),
            created_at=instants(at),
        )
        sent = np.flatnonzero(kind == "outbound").tolist()
        tables.write(
            Delivery,
            id=[ids[each] for each in sent],
            message_id=[ids[each] for each in sent],
            channel="email",
            recipients=[f"{{c{contact[each]}@customers.example}}" for each in sent],
            state="sent",
            due_at=(moments := instants(at[sent])),
            sent_at=moments,
            created_at=moments,
        )
    holding = np.flatnonzero(chunk.number % 10 == 0)
    keys = _texts(chunk.number[holding])
    tables.write(
        Attachment,
        id=keys,
        message_id=_texts(message_id(chunk.number[holding], 0)),
        file_id=[str(chunk.company.files[number % len(chunk.company.files)]) for number in holding.tolist()],
        name="invoice.pdf",
        content_type="application/pdf",
        size="20000",
    )


def _events(chunk: Chunk, tables: Tables) -> None:
    from answerable.events.models import Event

    roots = [f"conversation-{number}" for number in chunk.id]
    second = np.where(chunk.status == NEW, "note.added", "message.sent").tolist()
    third = np.where(chunk.last_is_inbound, "message.received", "message.sent").tolist()
    told = (
        (0, ["message.received"] * chunk.count, chunk.started, np.zeros(chunk.count, bool)),
        (1, second, chunk.second, np.ones(chunk.count, bool)),
        (2, third, chunk.third, ~chunk.last_is_inbound),
    )
    tables.write(
        Event,
        verb="conversation.opened",
        subject=roots,
        root=roots,
        team_id=chunk.team_id,
        at=instants(chunk.started),
        particulars='{"channel": "email", "follows": null}',
    )
    for place, verbs, at, by_staff in told:
        tables.write(
            Event,
            verb=verbs,
            subject=[f"message-{key}" for key in message_id(chunk.number, place).tolist()],
            root=roots,
            actor_id=maybe(by_staff, chunk.user_id),
            team_id=chunk.team_id,
            at=instants(at),
            particulars='{"automatic": false}',
        )
    solved = np.flatnonzero(~chunk.is_open).tolist()
    tables.write(
        Event,
        verb="conversation.solved",
        subject=[roots[each] for each in solved],
        root=[roots[each] for each in solved],
        actor_id=[chunk.user_id[each] for each in solved],
        team_id=[chunk.team_id[each] for each in solved],
        at=instants(chunk.solved[solved]),
        particulars='{"before": "open", "to": "solved"}',
    )


def _clocks(chunk: Chunk, tables: Tables) -> None:
    paused = (chunk.status == PENDING) | (chunk.status == ON_HOLD)
    everyone = np.ones(chunk.count, bool)
    never = np.zeros(chunk.count, bool)
    answer = _business(chunk.second - chunk.started)
    solution = _business(chunk.solved - chunk.started)
    unanswered = chunk.status == NEW
    _clock(chunk, tables, "first_response", everyone, unanswered, never, chunk.started, chunk.second, answer)
    _clock(chunk, tables, "resolution", everyone, chunk.is_open, paused, chunk.started, chunk.solved, solution)
    opened = chunk.status == OPEN
    _clock(chunk, tables, "next_response", opened, opened, never, chunk.third, chunk.third, answer)


def _clock(
    chunk: Chunk,
    tables: Tables,
    kind: str,
    has: np.ndarray,
    is_going: np.ndarray,
    is_paused: np.ndarray,
    start: np.ndarray,
    stop: np.ndarray,
    elapsed: np.ndarray,
) -> None:
    """The clocks of one kind, with the escalations that those still running will come to."""
    from answerable.desk.models import Clock, Escalation

    place = ("first_response", "resolution", "next_response").index(kind)
    target = (FOUR_HOURS, THREE_DAYS, 2 * FOUR_HOURS)[place]
    keys = chunk.number * 3 - 2 + place
    late = np.where(is_going, chunk.is_late & ~is_paused, elapsed > target)
    state = np.where(is_paused, "paused", np.where(late, "breached", np.where(is_going, "running", "met")))
    due = np.where(is_going, chunk.due, start + target * 2)
    rows = np.flatnonzero(has)
    tables.write(
        Clock,
        id=_texts(keys[rows]),
        conversation_id=_texts(chunk.number[rows]),
        kind=kind,
        state=state[rows].tolist(),
        version_id=str(chunk.company.version),
        standard=kind.replace("_", "-"),
        target_seconds=_texts(np.where(is_going & ~late, LONG, target)[rows]),
        facts='{"channel": "email", "priority": "normal"}',
        team_id=_of(chunk.team_id, rows),
        agent_id=maybe(~is_going[rows], _of(chunk.user_id, rows)),
        started_at=instants(start[rows]),
        due_at=maybe(~is_paused[rows], instants(due[rows])),
        breached_at=maybe(late[rows], instants(due[rows])),
        stopped_at=maybe(~is_going[rows], instants(stop[rows])),
        elapsed_seconds=maybe(~is_going[rows], _texts(elapsed[rows])),
        pauses=[
            f'[["{moment}+00:00", null]]' if held else "[]"
            for held, moment in zip(is_paused[rows].tolist(), instants(chunk.third[rows]), strict=True)
        ],
    )
    running = np.flatnonzero(has & (state == "running"))
    for step, (share, before) in enumerate((("0.8", 3600), ("1", 0), ("1", 0)), start=1):
        tables.write(
            Escalation,
            id=_texts(keys[running] * 4 + step),
            clock_id=_texts(keys[running]),
            step=str(step),
            share=share,
            fires_at=instants(due[running] - before),
        )


def _ratings(chunk: Chunk, tables: Tables) -> None:
    from answerable.feedback.models import Invitation, Rating

    asked = np.flatnonzero(~chunk.is_open & (chunk.rng.random(chunk.count) < 0.5))
    rated = asked[chunk.rng.random(len(asked)) < 0.35]
    tables.write(
        Invitation,
        id=_of(chunk.id, asked),
        conversation_id=_of(chunk.id, asked),
        contact_id=_texts(chunk.contact[asked]),
        agent_id=_of(chunk.user_id, asked),
        team_id=_of(chunk.team_id, asked),
        channel="email",
        language="en",
        asked_at=instants(chunk.solved[asked]),
    )
    tables.write(
        Rating,
        id=_of(chunk.id, rated),
        invitation_id=_of(chunk.id, rated),
        score=_texts(chunk.rng.choice([1, 2, 3, 4, 5], len(rated), p=[0.05, 0.05, 0.1, 0.3, 0.5])),
        rated_at=instants(chunk.solved[rated] + 3600),
    )


def chunks(company: Company, contacts: Contacts, conversations: int, seed: int) -> Iterator[Chunk]:
    """All conversations, oldest first."""
    now = int(time.time()) // 3600 * 3600
    for first in range(1, conversations + 1, CHUNK):
        count = min(CHUNK, conversations + 1 - first)
        yield Chunk(company, contacts, first, count, conversations, seed, now)


def _business(seconds: np.ndarray) -> np.ndarray:
    """Nine hours of a working day count."""
    return (seconds * 0.27).astype(np.int64)


def _texts(numbers: np.ndarray) -> list[str]:
    return list(map(str, numbers.tolist()))


def _of(texts: list[str], rows: np.ndarray) -> list[str]:
    return [texts[row] for row in rows.tolist()]
