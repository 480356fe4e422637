"""When somebody typed an answer last, rather than whether they do: a page that crashes never says that it stopped.
And an index on who waits for an answer, for the live board."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("desk", "0012_routing")]
    operations = [
        migrations.RemoveField("presence", "typing"),
        migrations.AddField("presence", "typed_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddIndex(
            "conversation",
            models.Index(
                models.F("team"),
                models.F("unanswered_since"),
                name="conversation_waiting",
                include=("channel", "assignee"),
                condition=models.Q(
                    snoozed_until=None,
                    status__in=("new", "open", "pending", "on_hold"),
                    unanswered_since__isnull=False,
                ),
            ),
        ),
    ]
