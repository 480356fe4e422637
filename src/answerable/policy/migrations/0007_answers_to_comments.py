from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("policy", "0006_pilots")]

    operations = [
        migrations.AddField(model_name="comment", name="mailed_at", field=models.DateTimeField(blank=True, null=True))
    ]
