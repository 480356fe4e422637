"""New words may wait in a longer list: the worker empties it within a second, so that nobody who writes has to."""

import django.contrib.postgres.indexes
from django.db import migrations

NAME = "search_vector"
SET = "ALTER INDEX search_vector SET (gin_pending_list_limit = {})"


class Migration(migrations.Migration):
    dependencies = [("desk", "0030_asked_at")]

    operations = [
        # Django's own way would build the index anew: minutes, at a million conversations.
        migrations.SeparateDatabaseAndState(
            [migrations.RunSQL(SET.format(4096), SET.format(1024))],
            [
                migrations.RemoveIndex("search", NAME),
                migrations.AddIndex(
                    "search",
                    django.contrib.postgres.indexes.GinIndex(fields=["vector"], gin_pending_list_limit=4096, name=NAME),
                ),
            ],
        ),
    ]
