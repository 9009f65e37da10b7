"""When something that recurs comes next, by the clock on somebody's wall. Pure."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONGEST_DAYS = 62
"""From one day of a month to the same of the next but one: no longer than that until it comes again."""


@dataclass(frozen=True, slots=True)
class Recurrence:
    """At `at` in `zone` (a name of the IANA): on each of `weekdays` (ISO: 1 is Monday), on `month_day` of each month, or once,
    on `day`. Exactly one of the three is given.

    A month that is too short has it on its last day. Where the clock is put forward over `at`, it comes that much later; where
    it is put back, at the first of the two.
    """

    at: time
    zone: str
    weekdays: frozenset[int] = frozenset()
    month_day: int | None = None
    day: date | None = None

    def next_after(self, moment: datetime) -> datetime | None:
        """In UTC, and later than `moment`. None: not again."""
        zone = ZoneInfo(self.zone)
        for day in self._days_from(moment.astimezone(zone).date()):
            instant = datetime.combine(day, self.at, zone).astimezone(UTC)
            if instant > moment:
                return instant
        return None

    def _days_from(self, first: date) -> Iterable[date]:
        if self.day is not None:
            return [self.day]
        return filter(self._comes_on, (first + timedelta(days=number) for number in range(LONGEST_DAYS + 1)))

    def _comes_on(self, day: date) -> bool:
        if self.month_day is None:
            return day.isoweekday() in self.weekdays
        return day.day == min(self.month_day, calendar.monthrange(day.year, day.month)[1])
