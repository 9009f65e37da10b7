from __future__ import annotations

from django.db import migrations

from ai_studio.library import schema


def renew(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":  # nothing has changed in SQLite's
        schema.drop(schema_editor.connection)
        schema.create(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("ai_studio", "0017_thinking_efforts")]

    operations = [migrations.RunPython(renew, migrations.RunPython.noop)]
