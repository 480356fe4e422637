"""Words for search in English, Latvian, Georgian, Kazakh and Russian, without a dictionary.

``lexemes(text)`` is what to store, ``query(text)`` what to ask; docs/search.md has the rules and the measured recall.
"""

from answerable.core.words.terms import lexemes, query, separately

__all__ = ["lexemes", "query", "separately"]
