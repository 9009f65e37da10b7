"""The database itself refuses to change or remove what is in the security log.

A later migration that alters the table makes SQLite build it anew, without its triggers: end such a one with
`migrations.RunPython(install, remove)` of this file. A test notices when they are missing.
"""

from __future__ import annotations

from django.db import migrations

TABLE = "ai_studio_securityevent"
WORDS = "the security log is append-only"

INSTALL = {
    "sqlite": [
        f"CREATE TRIGGER {TABLE}_no_{verb.lower()} BEFORE {verb} ON {TABLE} BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
        for verb in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        f"CREATE FUNCTION {TABLE}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'restrict_violation'; END $$",
        f"CREATE TRIGGER {TABLE}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {TABLE} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {TABLE}_refuse()",
    ],
}
REMOVE = {
    "sqlite": [f"DROP TRIGGER {TABLE}_no_{verb}" for verb in ("update", "delete")],
    "postgresql": [f"DROP TRIGGER {TABLE}_append_only ON {TABLE}", f"DROP FUNCTION {TABLE}_refuse()"],
}


def install(_apps, schema_editor):
    for statement in INSTALL[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def remove(_apps, schema_editor):
    for statement in REMOVE[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("ai_studio", "0002_security_log")]
    operations = [migrations.RunPython(install, remove)]
