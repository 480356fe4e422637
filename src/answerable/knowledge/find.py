"""The articles that fit a question best, out of those that are published.

A question as people type it holds more words than its answer, so that none is demanded: each word that an article
holds counts, the rarer the more, and in its title three times. What shares with the question no word of its title and
not even two of its text is no answer. docs/search.md says what words are.
"""

from dataclasses import dataclass

from answerable.core.words import separately
from answerable.events.prepared import ask

LONGEST = 400
"""Characters of a question that count, from its end: people ask what they ask last."""
TITLED = 3
CLOSE = 0.4
"""The share of the best that is worth the time of who did not ask for it."""
EXCERPT = 220

FITTING = """
WITH asked AS (
    SELECT number, word::tsquery AS word FROM unnest(%s::text[]) WITH ORDINALITY AS given (word, number)
), met AS (
    SELECT asked.number, translation.id, translation.article_id, version.titled @@ asked.word AS titled
    FROM asked
    JOIN knowledge_version AS version ON version.vector @@ asked.word
    JOIN knowledge_translation AS translation ON translation.published_id = version.id
    JOIN knowledge_article AS article ON article.id = translation.article_id
    WHERE article.published_at IS NOT NULL AND article.withdrawn_at IS NULL AND (article.audience = 'customers' OR %s)
), weighed AS (
    SELECT number, 1 / (1 + ln(count(DISTINCT article_id))) AS weight FROM met GROUP BY number
), scored AS (
    SELECT met.id, met.article_id, sum(weight * CASE WHEN titled THEN %s ELSE 1 END) AS score
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
"""


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
    return [Found(*row) for row in ask(FITTING, [words, for_staff, TITLED, share, excerpt, language, limit])]
