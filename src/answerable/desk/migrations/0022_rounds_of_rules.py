"""A rule that waits for a time knows how far it has come where there is more than it takes up at once."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("desk", "0021_rules")]

    operations = [
        migrations.AddField("rule", "watching_until", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("rule", "reached", models.BigIntegerField(db_default=0, default=0)),
    ]
