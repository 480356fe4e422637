"""Which conversations began in another system, under whose hours there is no business time of ours."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('desk', '0023_bulk_changes_taken_back'),
    ]

    operations = [
        migrations.AddField(
            model_name='conversation',
            name='imported_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
