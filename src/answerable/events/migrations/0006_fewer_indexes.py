"""No event is looked for by who did it, and what is owed of one by the longer index."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

INDEXES = (
    ("events_event_actor_id_bf73d752", "events_event", "actor_id"),
    ("events_pendingreaction_event_id_372e5300", "events_pendingreaction", "event_id"),
)


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0005_told_after"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # Django's own way would check each row's key anew.
        migrations.SeparateDatabaseAndState(
            [
                migrations.RunSQL(f"DROP INDEX {name}", f"CREATE INDEX {name} ON {table} ({column})")
                for name, table, column in INDEXES
            ],
            [
                migrations.AlterField(
                    "event",
                    "actor",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AlterField(
                    "pendingreaction",
                    "event",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pending_reactions",
                        to="events.event",
                    ),
                ),
            ],
        ),
    ]
