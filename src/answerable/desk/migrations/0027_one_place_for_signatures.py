"""What people wrote below their answers in their profiles stands with the signatures from now on."""

from django.db import migrations

# Those who have written one there since keep it. The language is the person's own, which is asked for last.
MOVE = """
INSERT INTO desk_signature (user_id, texts)
SELECT id, jsonb_build_object(COALESCE(NULLIF(language, ''), 'en'), btrim(signature)) FROM people_user
WHERE btrim(signature) <> '' AND NOT EXISTS (SELECT FROM desk_signature WHERE user_id = people_user.id)
"""


class Migration(migrations.Migration):
    dependencies = [("desk", "0026_solved_lately"), ("people", "0010_attendance")]

    operations = [migrations.RunSQL(MOVE, migrations.RunSQL.noop)]
