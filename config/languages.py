"""Which languages the pages come in."""

from __future__ import annotations

from pathlib import Path

from django.conf.locale import LANG_INFO


def of(folder: Path) -> list[tuple[str, str]]:
    """Codes with the names that the languages give themselves: English, and one for each catalogue, `pt_BR` for `pt-br`."""
    codes = sorted(path.name.lower().replace("_", "-") for path in folder.iterdir() if path.is_dir())
    return [("en", "English"), *((code, str(LANG_INFO.get(code, {}).get("name_local", code))) for code in codes)]
