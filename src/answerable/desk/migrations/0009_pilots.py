import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0008_queues_know_the_team"),
        ("policy", "0006_pilots"),
    ]

    operations = [
        migrations.AddField(
            model_name="conversation",
            name="pilot_arm",
            field=models.CharField(
                blank=True,
                choices=[("pilot", "Pilot"), ("control", "Control")],
                db_default="",
                default="",
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="conversation",
            name="pilot_customer",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="conversations",
                to="policy.pilotcustomer",
            ),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                condition=models.Q(("pilot_customer__isnull", False)),
                fields=["pilot_customer"],
                name="conversation_piloted",
            ),
        ),
    ]
