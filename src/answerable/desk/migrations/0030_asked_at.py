"""When the customer wrote last stands with the conversation: queues and rules that ask for it look at nothing else."""

from django.db import migrations, models

FILL = """
UPDATE desk_conversation SET asked_at = asked.last
FROM (
    SELECT conversation_id, max(created_at) AS last FROM desk_message
    WHERE kind = 'inbound' AND NOT automatic GROUP BY conversation_id
) AS asked
WHERE desk_conversation.id = asked.conversation_id
"""


class Migration(migrations.Migration):
    dependencies = [("desk", "0029_messages_stand_in_one_index")]

    operations = [
        migrations.AddField("conversation", "asked_at", models.DateTimeField(blank=True, null=True)),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
