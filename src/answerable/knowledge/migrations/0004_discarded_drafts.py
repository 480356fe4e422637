"""What was discarded can be had back."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0003_drafts")]

    operations = [migrations.AddField("draft", "discarded_at", models.DateTimeField(blank=True, null=True))]
