"""A canned response becomes a macro: a text, steps, or both."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("desk", "0013_presences")]
    operations = [
        migrations.RenameModel("CannedResponse", "Macro"),
        migrations.AlterField(
            "macro",
            "team",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="macros",
                to="people.team",
            ),
        ),
        migrations.AlterField("macro", "text", models.TextField(blank=True)),
        migrations.AddField(
            "macro",
            "into",
            models.CharField(
                choices=[("outbound", "The reply"), ("note", "An internal note")],
                db_default="outbound",
                default="outbound",
                max_length=20,
            ),
        ),
        migrations.AddField("macro", "steps", models.JSONField(blank=True, db_default=[], default=list)),
        migrations.AddField("macro", "revision", models.PositiveIntegerField(db_default=1, default=1)),
    ]
