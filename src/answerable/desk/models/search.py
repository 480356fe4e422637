from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from answerable.desk.models.conversation import Conversation


class Search(models.Model):
    """What a conversation can be found by: the words of its subject, its contact and all its messages.

    A table of its own, without the team and the time, so that what changes often does not touch the big index, and
    so that who may see a conversation is asked of the conversation alone. The rows are small because the vectors are
    stored beside them (see the migration): the index answers, the rows only carry the numbers. docs/search.md measures.
    """

    conversation = models.OneToOneField(Conversation, models.CASCADE, primary_key=True, related_name="search_words")
    vector = SearchVectorField()

    class Meta:
        indexes = [GinIndex(fields=["vector"], name="search_vector", gin_pending_list_limit=4096)]

    def __str__(self) -> str:
        return f"words of {self.conversation_id}"
