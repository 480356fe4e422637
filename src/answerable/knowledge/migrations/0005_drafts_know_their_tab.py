"""Two tabs of one draft do not write over each other."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0004_discarded_drafts")]

    operations = [
        migrations.AddField(
            "draft", "tab", models.CharField(blank=True, db_default="", default="", max_length=36)
        )
    ]
