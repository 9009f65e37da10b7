"""What every process does beside its requests, from its start on."""

from __future__ import annotations

from chat.generation.registry import registry
from chat.services.purging import purge
from chat.services.scheduled import keep_schedules


def keep_house() -> None:
    """From now on this process ends the generations of processes that are gone, removes what is over, and runs scheduled prompts.

    In the running event loop. Calling it again changes nothing.
    """
    registry().watch_for_silence()
    registry().care("purge", purge())
    registry().care("schedules", keep_schedules())
