"""Facts made by seed, as the Parquet files that `Facts.from_parquet` reads: python -m benchmarks.parquet 1000000 DIR

A conversation's numbers are hashes of its own: files of any size are made by DuckDB in little memory. 180 days,
eight teams, log-normal waits, 3 % never answered; each conversation is something its customer did, most were asked
for a score, a tenth answered NPS, one in two hundred SERVQUAL in full, and two hundred of the staff a survey a month.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import duckdb

from answerable.measure.tables import TABLES
from benchmarks.measure import AS_OF, DAYS, START, TEAMS

NAMES = ("conversations", "ratings", "answers", "activity")
TYPES = {"flag": "BOOLEAN", "amount": "DOUBLE", "word": "VARCHAR", "text": "VARCHAR"}
STAFF, QUESTIONS = 200, 12


def write(n: int, directory: Path) -> dict[str, Path]:
    """The files of `n` conversations, the same for the same `n`."""
    directory.mkdir(parents=True, exist_ok=True)
    paths = {name: directory / f"{name}.parquet" for name in NAMES}
    with duckdb.connect(config={"memory_limit": "2GB", "threads": 2}) as con:
        con.execute(_conversations(n))
        for name, path in paths.items():
            sql = SELECTS[name].format(customers=max(n // 6, 1))
            made = {row[0] for row in con.execute(f"DESCRIBE {sql}").fetchall()}
            columns = [
                f'"{each.name}"' if each.name in made else f'NULL::{TYPES.get(each.kind, "BIGINT")} AS "{each.name}"'
                for each in TABLES[name]
            ]
            con.execute(
                f"COPY (SELECT {', '.join(columns)} FROM ({sql})) TO '{path}' (FORMAT parquet, COMPRESSION zstd)"
            )
    return paths


def _chance(salt: int) -> str:
    """A number from 0 to 1 of each conversation."""
    return f"((hash(i * 16 + {salt}) >> 11)::DOUBLE / 9007199254740992)"


def _normal(salt: int) -> str:
    """A number of the normal distribution (Box and Muller 1958)."""
    return f"sqrt(-2 * ln({_chance(salt)} + 1e-12)) * cos(2 * pi() * {_chance(salt + 1)})"


def _conversations(n: int) -> str:
    return f"""
CREATE VIEW base AS SELECT *, {TEAMS}[team_id] AS team,
    CASE WHEN fate > 0.03 AND started_at + wait <= {AS_OF} THEN started_at + wait END AS first_responded_at,
    CASE WHEN fate > 0.03 AND started_at + wait + work <= {AS_OF} THEN started_at + wait + work END AS solved_at
FROM (SELECT i, {START} + i * {DAYS * 86_400} // {n} AS started_at, 1 + (hash(i * 16 + 1) % 8)::BIGINT AS team_id,
    greatest(1, exp(8.6 + 1.3 * {_normal(2)}))::BIGINT AS wait,
    greatest(1, exp(10.5 + 1.2 * {_normal(4)}))::BIGINT AS work,
    {_chance(6)} AS fate, {_chance(7)} AS origin, {_chance(8)} AS asked, {_chance(9)} AS mood
    FROM range({n}) made(i))"""


SELECTS = {
    "conversations": f"""SELECT i AS conversation_id, started_at, team_id, team, first_responded_at, solved_at,
    CASE WHEN origin < 0.05 THEN 'agent' ELSE 'customer' END AS opened_by, origin > 0.99 AS spam,
    ((coalesce(first_responded_at, {AS_OF}) - started_at) * 0.4)::BIGINT AS first_response_business_seconds,
    ((coalesce(solved_at, {AS_OF}) - started_at) * 0.4)::BIGINT AS resolution_business_seconds,
    (asked < 0.08)::BIGINT AS reopened_count FROM base""",
    "ratings": """SELECT i AS conversation_id, solved_at AS invited_at, team_id, team,
    CASE WHEN asked < 0.35 THEN solved_at + 3600 END AS rated_at,
    CASE WHEN asked < 0.35 THEN 1 + (mood > 0.05)::BIGINT + (mood > 0.1)::BIGINT + (mood > 0.2)::BIGINT
        + (mood > 0.5)::BIGINT END AS score FROM base WHERE solved_at IS NOT NULL""",
    "answers": f"""SELECT 'nps' AS instrument, i AS respondent, first_responded_at AS "at", 'nps' AS item,
    'score' AS part, NULL AS dimension, floor(11 * sqrt(mood)) AS value, team_id, team
    FROM base WHERE i % 10 = 0 AND first_responded_at IS NOT NULL
UNION ALL SELECT 'servqual', i, first_responded_at, 'q' || question, half, CASE WHEN question <= 4 THEN 'tangibles'
    WHEN question <= 9 THEN 'reliability' WHEN question <= 13 THEN 'responsiveness' WHEN question <= 17 THEN 'assurance'
    ELSE 'empathy' END, 1 + (hash(i * 64 + question * 2 + (half = 'perception')::INT) % 7)::DOUBLE, team_id, team
    FROM base, range(1, 23) asked_of(question), (VALUES ('expectation'), ('perception')) halves(half)
    WHERE i % 200 = 0 AND first_responded_at IS NOT NULL
UNION ALL SELECT 'engagement', month * 1000 + person, epoch(make_date(2026, month::INT, 1)::TIMESTAMP)::BIGINT,
    'e' || question, 'score', NULL, 1 + (hash((month * 1000 + person) * 16 + question) % 5)::DOUBLE, 1 + person % 8,
    {TEAMS}[1 + person % 8]
    FROM range(1, 7) months(month), range(1, {STAFF + 1}) staff(person),
        range(1, {QUESTIONS + 1}) questions(question)""",
    "activity": """SELECT (hash(i * 16 + 12) % {customers})::BIGINT AS customer, started_at // 86400 AS day,
    30.0::DOUBLE AS amount FROM base""",
}


def main() -> None:
    """Write them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("conversations", type=int)
    parser.add_argument("directory", type=Path)
    options = parser.parse_args()
    for path in write(options.conversations, options.directory).values():
        print(f"{path}  {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
