"""The articles that fit a question best, out of those that are published.

A question as people type it holds more words than its answer, so that none is demanded: each word that an article
holds counts, the rarer the more, and in its title three times. What shares with the question no word of its title and
not even two of its text is no answer. docs/howto/knowledge.md has an example, docs/search.md says what words are.
"""

from dataclasses import dataclass

from answerable.core.words import separately
from answerable.events.prepared import ask

LONGEST = 400
"""Characters of a question that count, from its end: people ask what they ask last."""
TITLED = 2
"""How much more often a word counts in a title, where it counts as one of the text, too."""
MANY = 500
"""A word that more translations hold tells little, and reading them all would take long: it counts in titles only."""
CLOSE = 0.4
"""The share of the best that is worth the time of who did not ask for it."""
EXCERPT = 220

FITTING = f"""
WITH asked AS (
    SELECT number, word::tsquery AS word FROM unnest(%s::text[]) WITH ORDINALITY AS given (word, number)
), readable AS NOT MATERIALIZED (
    SELECT translation.id, translation.article_id, version.vector, version.titled
    FROM knowledge_version AS version
    JOIN knowledge_translation AS translation ON translation.published_id = version.id
    JOIN knowledge_article AS article ON article.id = translation.article_id
    WHERE article.published_at IS NOT NULL AND article.withdrawn_at IS NULL AND (article.audience = 'customers' OR %s)
), held AS (
    SELECT asked.number, one.id, one.article_id, count(*) OVER (PARTITION BY asked.number) AS often
    FROM asked CROSS JOIN LATERAL (
        SELECT id, article_id FROM readable WHERE readable.vector @@ asked.word LIMIT {MANY} + 1
    ) AS one
), met AS (
    SELECT number, id, article_id, FALSE AS titled FROM held WHERE often <= {MANY}
    UNION ALL
    SELECT asked.number, one.id, one.article_id, TRUE
    FROM asked CROSS JOIN LATERAL (
        SELECT id, article_id FROM readable WHERE readable.titled @@ asked.word LIMIT {MANY}
    ) AS one
), weighed AS (
    SELECT number, 1 / (1 + ln(count(DISTINCT article_id))) AS weight FROM held GROUP BY number
), scored AS (
    SELECT met.id, met.article_id, sum(weight * CASE WHEN titled THEN {TITLED} ELSE 1 END) AS score
    FROM met JOIN weighed USING (number)
    GROUP BY met.id, met.article_id
    HAVING bool_or(titled) OR count(*) >= least(2, (SELECT count(*) FROM asked))
), best AS (
    SELECT DISTINCT ON (article_id) id, article_id, score FROM scored ORDER BY article_id, score DESC, id
), enough AS (
    SELECT max(score) * %s AS score FROM best
)
SELECT best.article_id, shown.language, version.title, left(version.text, %s::int), shown.for_customers
FROM best
CROSS JOIN LATERAL (
    SELECT translation.language, translation.published_id, article.audience = 'customers' AS for_customers
    FROM knowledge_translation AS translation JOIN knowledge_article AS article ON article.id = translation.article_id
    WHERE translation.article_id = best.article_id AND translation.published_id IS NOT NULL
    ORDER BY translation.language = %s DESC, translation.id = best.id DESC, translation.id LIMIT 1
) AS shown
JOIN knowledge_version AS version ON version.id = shown.published_id
JOIN enough ON best.score >= enough.score
ORDER BY best.score DESC, best.article_id LIMIT %s
"""  # noqa: S608 (numbers of ours)


@dataclass(frozen=True)
class Found:
    """An article that fits, in the reader's language where there is one, else in that which fitted."""

    article: int
    language: str
    title: str
    excerpt: str
    is_for_customers: bool


def fitting(
    text: str,
    *,
    language: str,
    for_staff: bool = False,
    typing: bool = False,
    share: float = 0.0,
    limit: int = 3,
    excerpt: int = EXCERPT,
) -> list[Found]:
    """The best first; for customers, unless `for_staff`. One query, and none for a text without words.

    With `typing` the last word may be unfinished. What fits less well than a `share` of the best is left out.
    `excerpt` is how many characters of its text are read.
    """
    words = separately(text[-LONGEST:], typing=typing)
    if not words:
        return []
    return [Found(*row) for row in ask(FITTING, [words, for_staff, share, excerpt, language, limit])]
