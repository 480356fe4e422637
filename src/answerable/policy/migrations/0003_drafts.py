import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Coalesce


def unchanged_since_written(apps, schema_editor):
    """By one statement: a row changed a second time has its keys looked at when the transaction ends, and until then
    PostgreSQL makes no index on its table."""
    version = apps.get_model("policy", "Version")
    version.objects.update(changed_at=Coalesce("retired_at", "in_force_at", "created_at"))


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("policy", "0002_comments"),
    ]

    operations = [
        migrations.AlterField(
            model_name="version",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "Draft"),
                    ("pilot", "In pilot"),
                    ("in_force", "In force"),
                    ("retired", "Retired"),
                    ("discarded", "Discarded"),
                ],
                default="draft",
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="version",
            name="based_on",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="successors",
                to="policy.version",
            ),
        ),
        migrations.AddField(
            model_name="version", name="revision", field=models.PositiveIntegerField(default=1)
        ),
        migrations.AddField(
            model_name="version",
            name="changed_at",
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        migrations.CreateModel(
            name="Revision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("document", models.TextField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="revisions", to="policy.version"
                    ),
                ),
            ],
            options={"ordering": ["-number"]},
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.UniqueConstraint(fields=("version", "number"), name="a_revision_once_a_version"),
        ),
        migrations.RunPython(unchanged_since_written, migrations.RunPython.noop),
    ]
