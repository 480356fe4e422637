"""What can be done to articles."""

from answerable.knowledge.actions.articles import place_article, publish, withdraw
from answerable.knowledge.actions.judgements import judge
from answerable.knowledge.actions.sections import raise_section, retire_section, write_section
from answerable.knowledge.actions.writing import Stale, begin_article, take_back, write

__all__ = [
    "Stale",
    "begin_article",
    "judge",
    "place_article",
    "publish",
    "raise_section",
    "retire_section",
    "take_back",
    "withdraw",
    "write",
    "write_section",
]
