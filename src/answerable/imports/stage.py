"""Between reading and writing: the records of an export on disk, to be looked up by ticket, whatever their order was.

An SQLite file of our own, thrown away afterwards: a hundred thousand tickets take some hundred megabytes there, and
none of our memory.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from answerable.imports.records import Entry, Organisation, Person, Ticket, entry_of, plain

SCHEMA = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -32000; PRAGMA temp_store = FILE;
CREATE TABLE organisations (key TEXT PRIMARY KEY, data TEXT) WITHOUT ROWID;
CREATE TABLE people (key TEXT PRIMARY KEY, is_agent INTEGER, data TEXT) WITHOUT ROWID;
CREATE TABLE tickets (key TEXT PRIMARY KEY, at REAL, changed REAL, status TEXT, priority TEXT, grp TEXT, data TEXT);
CREATE TABLE entries (ticket TEXT, key TEXT, at REAL, number INTEGER, data TEXT, PRIMARY KEY (ticket, key));
CREATE TABLE blobs (key TEXT, number INTEGER, content BLOB, PRIMARY KEY (key, number));
CREATE TABLE loose (kind TEXT, key TEXT, data TEXT, PRIMARY KEY (kind, key)) WITHOUT ROWID;
"""
MOST_REMARKS = 20_000
"""Listed one by one; the others are counted."""


@dataclass
class Remarks:
    """What was wrong, while reading or writing. `counts` are of all, by reason."""

    listed: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, about: str, reason: str, **words: Any) -> None:
        self.counts[reason] += 1
        if len(self.listed) < MOST_REMARKS:
            self.listed.append((about[:200], reason, words))


class Stage:
    """The records, by kind."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.executescript(SCHEMA)
        self._db.execute("BEGIN")
        self._number = 0
        self.remarks = Remarks()

    def close(self) -> None:
        self._db.close()

    def organisation(self, record: Organisation) -> None:
        self._db.execute("REPLACE INTO organisations VALUES (?, ?)", (record.key, _json(record)))

    def person(self, record: Person) -> None:
        """One known already is completed: exports have people in pieces."""
        known = self._db.execute("SELECT data FROM people WHERE key = ?", (record.key,)).fetchone()
        data = plain(record)
        if known:
            data = {**json.loads(known[0]), **data}
            data["is_agent"] = bool(json.loads(known[0]).get("is_agent")) or record.is_agent
        row = (record.key, int(data.get("is_agent", False)), json.dumps(data, ensure_ascii=False))
        self._db.execute("REPLACE INTO people VALUES (?, ?, ?)", row)

    def ticket(self, record: Ticket) -> None:
        """Of one that comes several times the newest state is kept."""
        row = (record.key, record.created_at, record.updated_at or 0.0, record.status, record.priority, record.group)
        self._db.execute(
            "INSERT INTO tickets VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET at = excluded.at, "
            "changed = excluded.changed, status = excluded.status, priority = excluded.priority, grp = excluded.grp, "
            "data = excluded.data WHERE excluded.changed >= tickets.changed",
            (*row, _json(record)),
        )

    def entry(self, record: Entry) -> None:
        self._number += 1
        row = (record.ticket, record.key, record.at or 0.0, self._number, _json(record))
        self._db.execute("INSERT OR IGNORE INTO entries VALUES (?, ?, ?, ?, ?)", row)

    def blob(self, key: str, content: bytes, number: int = 0) -> None:
        """Bytes of a file, or those of its piece of this number."""
        self._db.execute("REPLACE INTO blobs VALUES (?, ?, ?)", (key, number, content))

    def bytes_of(self, key: str) -> bytes | None:
        """All pieces together; None where there are none."""
        rows = self._db.execute("SELECT content FROM blobs WHERE key = ? ORDER BY number", (key,)).fetchall()
        return b"".join(bytes(content) for (content,) in rows) if rows else None

    def keep(self, kind: str, key: str, data: object) -> None:
        """Something that is put together with others once all is read."""
        self._db.execute("REPLACE INTO loose VALUES (?, ?, ?)", (kind, key, json.dumps(data, ensure_ascii=False)))

    def kept(self, kind: str, key: str) -> Any:
        """What was kept under a name; None where nothing was."""
        row = self._db.execute("SELECT data FROM loose WHERE kind = ? AND key = ?", (kind, key)).fetchone()
        return None if row is None else json.loads(row[0])

    def all_kept(self, kind: str) -> Iterator[tuple[str, Any]]:
        for key, data in self._db.execute("SELECT key, data FROM loose WHERE kind = ? ORDER BY key", (kind,)):
            yield key, json.loads(data)

    def count(self, table: str) -> int:
        """Rows of organisations, people, tickets or entries."""
        return int(self._db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 - our own names

    def values(self, column: str) -> dict[str, int]:
        """Which statuses, priorities or groups (`grp`) tickets have, and how many."""
        rows = self._db.execute(
            f"SELECT {column}, count(*) FROM tickets GROUP BY 1 ORDER BY 2 DESC LIMIT 500"  # noqa: S608 - our own names
        )
        return {str(value): int(count) for value, count in rows}

    def all_organisations(self, size: int) -> Iterator[list[Organisation]]:
        for rows in self._portions("SELECT key, data FROM organisations WHERE key > ? ORDER BY key LIMIT ?", size):
            yield [Organisation(**json.loads(data)) for _key, data in rows]

    def all_people(self, size: int) -> Iterator[list[Person]]:
        for rows in self._portions("SELECT key, data FROM people WHERE key > ? ORDER BY key LIMIT ?", size):
            yield [Person(**json.loads(data)) for _key, data in rows]

    def all_tickets(self, size: int) -> Iterator[list[tuple[Ticket, list[Entry]]]]:
        """With what was written in them, oldest first."""
        self._db.execute("CREATE INDEX IF NOT EXISTS tickets_at ON tickets (coalesce(at, -1e17), key)")
        place: tuple[float, str] = (-1e18, "")  # those without a time come first
        while rows := self._db.execute(
            "SELECT at, key, data FROM tickets WHERE (coalesce(at, -1e17), key) > (?, ?) "
            "ORDER BY coalesce(at, -1e17), key LIMIT ?",
            (*place, size),
        ).fetchall():
            place = (-1e17 if rows[-1][0] is None else rows[-1][0], rows[-1][1])
            yield [(Ticket(**json.loads(data)), self._entries(key)) for _at, key, data in rows]

    def rename_tickets(self, kind: str) -> None:
        """What was written in tickets that are kept here under another key, by what was kept as `kind`."""
        self._db.execute(
            "UPDATE OR IGNORE entries SET ticket = named.name, data = json_set(data, '$.ticket', named.name) "
            "FROM (SELECT key, json_extract(data, '$') AS name FROM loose WHERE kind = ?) AS named "
            "WHERE entries.ticket = named.key AND named.name <> named.key",
            (kind,),
        )

    def orphans(self) -> Iterator[str]:
        """Tickets that something was written in and that are not here."""
        rows = self._db.execute("SELECT DISTINCT ticket FROM entries WHERE ticket NOT IN (SELECT key FROM tickets)")
        yield from (str(key) for (key,) in rows)

    def person_of(self, key: str) -> Person | None:
        row = self._db.execute("SELECT data FROM people WHERE key = ?", (key,)).fetchone()
        return Person(**json.loads(row[0])) if row else None

    def agents(self) -> Iterator[Person]:
        for (data,) in self._db.execute("SELECT data FROM people WHERE is_agent ORDER BY key"):
            yield Person(**json.loads(data))

    def _entries(self, ticket: str) -> list[Entry]:
        rows = self._db.execute("SELECT data FROM entries WHERE ticket = ? ORDER BY at, number", (ticket,))
        return [entry_of(json.loads(data)) for (data,) in rows]

    def _portions(self, query: str, size: int) -> Iterator[list[tuple[str, str]]]:
        place = ""
        while rows := self._db.execute(query, (place, size)).fetchall():
            place = rows[-1][0]
            yield rows


@contextmanager
def staging(folder: Path) -> Iterator[Stage]:
    """One in a folder, closed afterwards."""
    stage = Stage(folder / "stage.sqlite")
    try:
        yield stage
    finally:
        stage.close()


def _json(record: Organisation | Person | Entry | Ticket) -> str:
    return json.dumps(plain(record), ensure_ascii=False)
