"""Rules. The database itself owes each event to those that look at such events, whoever writes it."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


OWE = """
CREATE FUNCTION owe_rules() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO desk_duerule (event)
    SELECT happened.id FROM happened
    WHERE EXISTS (SELECT FROM desk_rule WHERE enabled_at IS NOT NULL AND happened.verb = ANY (verbs))
    ORDER BY happened.id;
    RETURN NULL;
END $$;
CREATE TRIGGER owe_rules AFTER INSERT ON events_event REFERENCING NEW TABLE AS happened
    FOR EACH STATEMENT EXECUTE FUNCTION owe_rules();
"""
FORGIVE = "DROP TRIGGER owe_rules ON events_event; DROP FUNCTION owe_rules();"


class Migration(migrations.Migration):

    dependencies = [
        ("events", "0003_transactions"),
        ('desk', '0020_told_waits'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DueRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event', models.BigIntegerField(unique=True)),
            ],
        ),
        migrations.CreateModel(
            name='Rule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100)),
                ('place', models.PositiveIntegerField()),
                ('trigger', models.JSONField(default=dict)),
                ('conditions', models.JSONField(default=dict)),
                ('steps', models.JSONField(default=list)),
                ('stops', models.BooleanField(default=False)),
                ('inboxes', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, default=list, size=None)),
                ('verbs', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), blank=True, default=list, size=None)),
                ('number', models.PositiveIntegerField(default=1)),
                ('enabled_at', models.DateTimeField(blank=True, null=True)),
                ('watched_until', models.DateTimeField(blank=True, null=True)),
                ('broken_at', models.DateTimeField(blank=True, null=True)),
                ('broken_why', models.TextField(blank=True)),
                ('retired_at', models.DateTimeField(blank=True, null=True)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['place', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Firing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField()),
                ('verdict', models.CharField(choices=[('fires', 'Applied'), ('again', 'Cut: it had been applied for the same cause'), ('too_deep', 'Cut: rules set off one another too often')], default='fires', max_length=10)),
                ('event', models.BigIntegerField(blank=True, null=True)),
                ('cause', models.CharField(max_length=100)),
                ('depth', models.PositiveSmallIntegerField(default=0)),
                ('seen', models.JSONField(default=list)),
                ('outcomes', models.JSONField(default=list)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('conversation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='firings', to='desk.conversation')),
                ('rule', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='firings', to='desk.rule')),
            ],
        ),
        migrations.CreateModel(
            name='DryRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content', models.JSONField()),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('state', models.CharField(choices=[('running', 'Running'), ('done', 'Done'), ('failed', 'Failed')], default='running', max_length=10)),
                ('progress', models.PositiveSmallIntegerField(default=0)),
                ('result', models.JSONField(default=dict)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('rule', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='dry_runs', to='desk.rule')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='RuleVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('content', models.JSONField()),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('rule', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='desk.rule')),
            ],
            options={
                'ordering': [models.OrderBy(models.F('number'), descending=True)],
            },
        ),
        migrations.AddIndex(
            model_name='rule',
            index=models.Index(condition=models.Q(('enabled_at__isnull', False)), fields=['place', 'id'], name='rule_enabled'),
        ),
        migrations.AddConstraint(
            model_name='rule',
            constraint=models.CheckConstraint(condition=models.Q(('enabled_at', None), models.Q(('broken_at', None), ('retired_at', None)), _connector='OR'), name='a_broken_rule_is_switched_off'),
        ),
        migrations.AddIndex(
            model_name='firing',
            index=models.Index(fields=['conversation', '-id'], name='firing_conversation'),
        ),
        migrations.AddIndex(
            model_name='firing',
            index=models.Index(fields=['rule', '-at'], name='firing_rule'),
        ),
        migrations.AddConstraint(
            model_name='firing',
            constraint=models.UniqueConstraint(condition=models.Q(('verdict', 'fires')), fields=('conversation', 'rule', 'cause'), name='a_rule_once_a_cause'),
        ),
        migrations.AddConstraint(
            model_name='firing',
            constraint=models.UniqueConstraint(condition=models.Q(('event__isnull', False)), fields=('rule', 'event'), name='a_rule_once_an_event'),
        ),
        migrations.AddConstraint(
            model_name='ruleversion',
            constraint=models.UniqueConstraint(fields=('rule', 'number'), name='a_version_of_a_rule_once'),
        ),
        migrations.RunSQL(OWE, FORGIVE),
    ]
