"""What a change asked of many conversations did to each, so that it can be taken back as if it had not been."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("desk", "0022_rounds_of_rules")]

    operations = [
        migrations.AddField("batchitem", "change", models.JSONField(blank=True, db_default={}, default=dict)),
    ]
