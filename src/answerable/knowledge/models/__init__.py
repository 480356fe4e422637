from answerable.knowledge.models.article import Article, ArticleQuerySet, Audience, State
from answerable.knowledge.models.draft import Draft, DraftQuerySet
from answerable.knowledge.models.judgement import Judgement
from answerable.knowledge.models.section import Section
from answerable.knowledge.models.translation import Translation, Version

__all__ = [
    "Article",
    "ArticleQuerySet",
    "Audience",
    "Draft",
    "DraftQuerySet",
    "Judgement",
    "Section",
    "State",
    "Translation",
    "Version",
]
