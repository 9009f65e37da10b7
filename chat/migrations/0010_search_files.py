from __future__ import annotations

from django.db import migrations

from chat.search import schema


def renew(apps, schema_editor):
    schema.renew(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("chat", "0009_summaries")]

    operations = [migrations.RunPython(renew, migrations.RunPython.noop)]
