"""Queues of what was solved lately are counted by an index, however much has been solved before."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("desk", "0025_copies")]

    operations = [
        migrations.AddIndex(
            "conversation",
            models.Index(
                "team", "solved_at", name="conversation_solved_at", condition=models.Q(solved_at__isnull=False)
            ),
        ),
    ]
