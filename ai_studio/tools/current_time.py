"""What time it is: models do not know, and instructions only say the date."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.utils import timezone

from ai_studio.llm import Tool
from ai_studio.tools.base import BuiltinTool, ToolContext, ToolFailed

ZONE = "time_zone"


async def run(_context: ToolContext, arguments: Mapping[str, Any]) -> dict[str, str]:
    """The moment in the wanted time zone, the installation's own where none is named."""
    name = arguments.get(ZONE) or timezone.get_default_timezone_name()
    # Looked up among the known names first: a name is a path for `ZoneInfo`.
    if name not in available_timezones():
        raise ToolFailed(
            f"{str(name)[:100]!r} is no time zone of the IANA database. Its names are such as Europe/Lisbon."
        )
    now = timezone.now().astimezone(ZoneInfo(name))
    return {"time": now.isoformat(timespec="seconds"), "weekday": f"{now:%A}", ZONE: name}


CURRENT_TIME = BuiltinTool(
    title="Current time",
    summary="Tells date, time and weekday in any time zone.",
    declared=Tool(
        "current_time",
        "Tells the date, the time and the weekday at this moment. Use it whenever an answer depends on what time it is.",
        {
            "type": "object",
            "properties": {
                ZONE: {
                    "type": "string",
                    "description": "A name of the IANA time zone database, such as Europe/Lisbon.",
                }
            },
        },
    ),
    run=run,
)
