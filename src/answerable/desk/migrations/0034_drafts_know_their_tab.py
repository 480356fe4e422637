"""Two tabs of one draft do not write over each other."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("desk", "0033_whose_words")]

    operations = [
        migrations.AddField(
            "draft", "tab", models.CharField(blank=True, db_default="", default="", max_length=36)
        )
    ]
