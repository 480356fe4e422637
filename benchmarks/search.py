"""How long a search takes at a million conversations, by rare and by common words.

    PYTHONPATH=src:. python -m benchmarks.search [CONVERSATIONS]

Builds the product's own search tables (three messages each, words by Zipf's law) in a PostgreSQL of its own and runs
the product's own SQL, beside the inverted index alone. Needs 5 GB of disk and ten minutes for a million.
"""

import statistics
import sys
import time

import psycopg

from answerable.core.words import query
from answerable.desk import find
from benchmarks.scratch import scratch_postgres

TABLES = """
CREATE TABLE desk_conversation (id bigint PRIMARY KEY, team_id bigint NOT NULL, last_message_at timestamptz NOT NULL);
CREATE TABLE desk_search (conversation_id bigint NOT NULL, vector tsvector NOT NULL) WITH (toast_tuple_target = 128);
ALTER TABLE desk_search ALTER COLUMN vector SET STORAGE EXTERNAL, ALTER COLUMN vector SET STATISTICS 500;
"""
# Opened evenly over three years, active for up to a month; eight teams, and a ninth that has a fiftieth of the work.
CONVERSATIONS = """
INSERT INTO desk_conversation
SELECT i, CASE WHEN random() < 0.02 THEN 9 ELSE 1 + floor(random() * 8) END,
       timestamptz '2023-01-01' + i * (interval '1096 days' / %(n)s) + random() ^ 3 * interval '30 days'
FROM generate_series(1::bigint, %(n)s) AS i
"""
# 240 words drawn from 60,000 by Zipf's law, and words whose share of all conversations is known.
WORDS = """
INSERT INTO desk_search
SELECT i, array_to_tsvector(
    ARRAY(SELECT 'word' || floor(exp(random() * 11))::int FROM generate_series(1, 240) WHERE i > 0)
    || ARRAY['everyone', 'c' || i * 7919 %% 30000 || '@example.com']
    || CASE WHEN i %% 3 = 0 THEN ARRAY['third'] ELSE '{}' END
    || CASE WHEN i %% 10 = 7 THEN ARRAY['tenth'] ELSE '{}' END
    || CASE WHEN i %% 33 = 7 THEN ARRAY['thirtieth'] ELSE '{}' END
    || CASE WHEN i %% 100 = 7 THEN ARRAY['hundredth'] ELSE '{}' END
    || CASE WHEN i %% 50000 = 7 THEN ARRAY['rarest'] ELSE '{}' END
    || CASE WHEN i %% 2 = 0 AND i < %(n)s * 0.4 THEN ARRAY['oldnews'] ELSE '{}' END)
FROM generate_series(1::bigint, %(n)s) AS i
"""
INDEXES = """
ALTER TABLE desk_search ADD PRIMARY KEY (conversation_id);
CREATE INDEX search_vector ON desk_search USING gin (vector) WITH (gin_pending_list_limit = 1024);
CREATE INDEX conversation_team_newest ON desk_conversation (team_id, last_message_at DESC, id DESC);
"""
ASKED = {
    "20 in all": ("rarest", False),
    "an address": ("c77@example.com", False),
    "1 %": ("hundredth", False),
    "3 %": ("thirtieth", False),
    "10 %": ("tenth", False),
    "a third": ("third", False),
    "all": ("everyone", False),
    "a third, while typing": ("thir", True),
    "a third and 20": ("third rarest", False),
    "20 %, all long ago": ("oldnews", False),
    "none": ("nosuchword", False),
}
VISIBLE = {"all teams": list(range(1, 10)), "a small team": [9]}


def build(connection: psycopg.Connection, conversations: int) -> None:
    """Fill the tables, then index and analyse them."""
    connection.execute("SELECT setseed(0.5)")
    for sql in (TABLES, CONVERSATIONS, WORDS, INDEXES):
        began = time.perf_counter()
        connection.execute(sql.replace("%(n)s", str(conversations)).replace("%%", "%"))
        print(f"{sql.split(None, 3)[:3]} {time.perf_counter() - began:.1f} s", file=sys.stderr)
    connection.execute("VACUUM ANALYZE")


def search(connection: psycopg.Connection, typed: str, teams: list[int], typing: bool) -> tuple[str, list[int]]:
    """As answerable.desk.find.find does, telling which way it went."""
    asked: dict[str, object] = {"query": query(typed, typing=typing)}

    def ids(way: str, **numbers: int) -> list[int]:
        kept = find.statement(way, tuple(teams), limit=50, **numbers)
        return [row[0] for row in connection.execute(kept.sql.encode(), kept.values(asked), prepare=True).fetchall()]

    way, found = "glance", ids(find.THROUGH_NEWEST, window=find.GLANCE)
    if find.PROMISING <= len(found) < 50:
        way, found = "walk", ids(find.THROUGH_NEWEST, window=find.WALK)
    if 0 < len(found) < 50:
        way, found = "among", ids(find.AMONG_NEWEST, most=find.MOST, further=find.FURTHER)
    return (way, found) if len(found) == 50 else ("index", ids(find.THROUGH_INDEX))


def through_index(connection: psycopg.Connection, typed: str, teams: list[int], typing: bool) -> list[int]:
    """The plain way: everything the inverted index names, sorted. Also the truth to compare with."""
    kept = find.statement(find.THROUGH_INDEX, tuple(teams), limit=50)
    cursor = psycopg.ClientCursor(connection).execute(kept.sql, kept.values({"query": query(typed, typing=typing)}))
    return [row[0] for row in cursor.fetchall()]


def main(conversations: int) -> None:
    with scratch_postgres() as address, psycopg.connect(address, autocommit=True) as connection:
        build(connection, conversations)
        print(f"{conversations:,} conversations\n")
        print(
            "| word | seen by | way | p50, ms | slowest of 15, ms | inverted index alone, ms |\n"
            "|---|---|---|---|---|---|"
        )
        for seen_by, teams in VISIBLE.items():
            for name, (typed, typing) in ASKED.items():
                began = time.perf_counter()
                truth = through_index(connection, typed, teams, typing)
                plain = (time.perf_counter() - began) * 1000
                times = []
                for _ in range(15):
                    began = time.perf_counter()
                    way, found = search(connection, typed, teams, typing)
                    times.append((time.perf_counter() - began) * 1000)
                    if found != truth:
                        raise SystemExit(f"{name}, {seen_by}: a wrong page by {way}")
                print(
                    f"| {name} | {seen_by} | {way} | {statistics.median(times):.1f} | {max(times):.0f} | {plain:.0f} |"
                )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
