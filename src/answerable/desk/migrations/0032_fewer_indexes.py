"""Longer indexes begin with the same column, and nothing is looked for by who opened it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

INDEXES = (
    ("desk_clock_conversation_id_9a80cd16", "desk_clock", "conversation_id"),
    ("desk_escalation_clock_id_9435cd35", "desk_escalation", "clock_id"),
    ("desk_conversation_opened_by_id_6e63ed6f", "desk_conversation", "opened_by_id"),
)


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0031_words_are_filed"),
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
                    "clock",
                    "conversation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clocks",
                        to="desk.conversation",
                    ),
                ),
                migrations.AlterField(
                    "escalation",
                    "clock",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="escalations",
                        to="desk.clock",
                    ),
                ),
                migrations.AlterField(
                    "conversation",
                    "opened_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
    ]
