"""Whose words lists show of a conversation: before this, an answer of ours stood there as the customer's."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Of those that are looked at every day; of closed ones nobody asks who spoke last before opening them.
KNOWN = """
UPDATE desk_conversation AS conversation SET preview_by_id = (
    SELECT message.user_id FROM desk_message AS message
    LEFT JOIN desk_delivery AS delivery ON delivery.message_id = message.id
    WHERE message.conversation_id = conversation.id AND message.kind <> 'note'
    AND NOT (message.kind = 'outbound' AND message.automatic) AND delivery.state IS DISTINCT FROM 'undone'
    ORDER BY message.id DESC LIMIT 1
) WHERE status NOT IN ('closed', 'merged') AND unanswered_since IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0032_fewer_indexes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            "conversation",
            "preview_by",
            models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunSQL(KNOWN, migrations.RunSQL.noop),
    ]
