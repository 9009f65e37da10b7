from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('chat', '0017_schedules'),
    ]

    operations = [
        # With defaults of the database: while a deployment rolls, nodes that do not know these columns begin answers too.
        migrations.AddField(
            model_name='generation',
            name='guidance',
            field=models.TextField(blank=True, db_default='', default='', help_text='What was wanted of this answer, where it was asked for again: in the words of its reader.'),
        ),
        migrations.AddField(
            model_name='generation',
            name='guided_from',
            field=models.CharField(blank=True, db_default='', default='', help_text='The message of the answer that the guidance is about; empty in a copy.', max_length=64),
        ),
    ]
