from django.db import migrations, models


class Migration(migrations.Migration):
    """Who writes at this moment. What came is told by its own name, never by that of what brought it: a homeserver that
    was restored from a backup gives those names again."""

    dependencies = [
        ("instant", "0002_templates"),
    ]

    operations = [
        migrations.AddField(model_name="chat", name="typing_at", field=models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            model_name="chat", name="typing_account", field=models.CharField(blank=True, default="", max_length=320),
            preserve_default=False,
        ),
        migrations.RemoveField(model_name="gateway", name="last_batch"),
    ]
