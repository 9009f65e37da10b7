from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('chat', '0015_search_pairs'),
    ]

    operations = [
        migrations.AddField(
            model_name='generation',
            name='merged_from',
            field=models.JSONField(db_default=models.Value([], models.JSONField()), default=list, help_text="Of an answer made out of others: each one's message (null in a copy) and model, by name."),
        ),
    ]
