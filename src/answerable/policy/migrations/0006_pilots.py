import django.core.validators
import django.db.models.constraints
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0003_languages_by_their_own_names"),
        ("policy", "0005_training_and_reviews"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Pilot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("preparing", "Being prepared"),
                            ("running", "Running"),
                            ("promoted", "Promoted"),
                            ("rolled_back", "Rolled back"),
                            ("cancelled", "Given up before it began"),
                        ],
                        default="preparing",
                        max_length=20,
                    ),
                ),
                ("reason", models.TextField()),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("share", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("by_segment", models.BooleanField(default=False)),
                ("seed", models.CharField(max_length=64)),
                (
                    "measure",
                    models.CharField(
                        choices=[
                            ("first_response", "First responses within the standard"),
                            ("resolution", "Resolutions within the standard"),
                            ("csat", "Customer satisfaction (CSAT)"),
                        ],
                        default="first_response",
                        max_length=20,
                    ),
                ),
                (
                    "smallest",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(50),
                        ]
                    ),
                ),
                ("planned_end_on", models.DateField()),
                ("begun_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("words", models.TextField(blank=True)),
                ("verdict", models.JSONField(blank=True, null=True)),
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
                    "control",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="policy.version",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="pilots", to="policy.version"
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="PilotCustomer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("invited_at", models.DateTimeField(blank=True, null=True)),
                ("declined_at", models.DateTimeField(blank=True, null=True)),
                ("agreed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "how",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("link", "By the link in a mail"),
                            ("mail", "Wrote so"),
                            ("phone", "By telephone"),
                            ("conversation", "Said so in a conversation"),
                            ("contract", "In a contract"),
                        ],
                        max_length=20,
                    ),
                ),
                ("words", models.TextField(blank=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("stratum", models.CharField(blank=True, max_length=60)),
                ("place", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "arm",
                    models.CharField(blank=True, choices=[("pilot", "Pilot"), ("control", "Control")], max_length=20),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="pilots", to="customers.contact"
                    ),
                ),
                (
                    "noted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "pilot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="customers", to="policy.pilot"
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="PilotStaff",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                    "pilot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="staff", to="policy.pilot"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["user__name", "id"],
            },
        ),
        migrations.AddConstraint(
            model_name="pilot",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "running")), fields=("state",), name="one_pilot_runs"
            ),
        ),
        migrations.AddConstraint(
            model_name="pilot",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "preparing")), fields=("state",), name="one_pilot_is_prepared"
            ),
        ),
        migrations.AddConstraint(
            model_name="pilotcustomer",
            constraint=models.UniqueConstraint(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                fields=("pilot", "contact"),
                name="a_customer_once_a_pilot",
            ),
        ),
        migrations.AddConstraint(
            model_name="pilotcustomer",
            constraint=models.UniqueConstraint(fields=("pilot", "stratum", "place"), name="a_lot_is_drawn_once"),
        ),
        migrations.AddConstraint(
            model_name="pilotcustomer",
            constraint=models.CheckConstraint(
                condition=models.Q(("arm", ""), ("agreed_at__isnull", False), _connector="OR"),
                name="no_arm_without_consent",
            ),
        ),
        migrations.AddConstraint(
            model_name="pilotcustomer",
            constraint=models.CheckConstraint(
                condition=models.Q(("agreed_at", None), models.Q(("how", ""), _negated=True), _connector="OR"),
                name="consent_says_how",
            ),
        ),
        migrations.AddConstraint(
            model_name="pilotcustomer",
            constraint=models.CheckConstraint(
                condition=models.Q(("withdrawn_at", None), ("agreed_at__isnull", False), _connector="OR"),
                name="only_who_agreed_withdraws",
            ),
        ),
        migrations.AddConstraint(
            model_name="pilotstaff",
            constraint=models.UniqueConstraint(fields=("pilot", "user"), name="a_person_once_a_pilot"),
        ),
    ]
