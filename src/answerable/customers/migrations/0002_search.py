from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models
from django.db.models.functions import Upper


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial")]
    operations = [
        TrigramExtension(),
        migrations.AddIndex(
            "address", models.Index(fields=["value"], name="address_prefix", opclasses=["varchar_pattern_ops"])
        ),
        migrations.AddIndex("contact", GinIndex(OpClass(Upper("name"), "gin_trgm_ops"), name="contact_name_words")),
        migrations.AddIndex("organisation", GinIndex(fields=["domains"], name="organisation_domains")),
    ]
