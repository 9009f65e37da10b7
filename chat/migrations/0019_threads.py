import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('chat', '0018_guidance'),
    ]

    operations = [
        migrations.AddField(
            model_name='session',
            name='forked_from',
            field=models.ForeignKey(blank=True, db_index=False, help_text='Of a thread: the message of another session that it departs from.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='threads', to='chat.message'),
        ),
        migrations.AddIndex(
            model_name='session',
            index=models.Index(condition=models.Q(('forked_from__isnull', False)), fields=['forked_from'], name='threads_of_messages'),
        ),
    ]
