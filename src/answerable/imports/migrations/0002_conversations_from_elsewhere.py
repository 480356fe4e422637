"""Of conversations from elsewhere: how far they came, and, of those that are here already, that they did.

What the desk counted as business time of theirs began in another system's hours, and is no figure of ours.
"""

import django.contrib.postgres.fields
from django.db import migrations, models


MARK = """
UPDATE desk_conversation AS conversation
SET imported_at = event.at, first_answer_seconds = NULL, solution_seconds = NULL
FROM imports_origin AS origin JOIN events_event AS event
    ON event.root = 'conversation-' || origin.target AND event.verb = 'conversation.imported'
WHERE origin.kind = 'conversation' AND origin.target = conversation.id
"""


class Migration(migrations.Migration):

    dependencies = [
        ("desk", "0024_conversations_from_elsewhere"),
        ('imports', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='origin',
            name='changed_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='origin',
            name='parts',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=100), blank=True, null=True, size=None),
        ),
        migrations.RunSQL(MARK, migrations.RunSQL.noop),
    ]
