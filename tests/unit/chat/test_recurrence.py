from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.recurrence import Recurrence

NINE = time(9)
LISBON, NEW_YORK = "Europe/Lisbon", "America/New_York"


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def following(recurrence: Recurrence, moment: datetime, count: int) -> list[str]:
    """In the clock of its zone."""
    found = []
    for _ in range(count):
        coming = recurrence.next_after(moment)
        assert coming is not None
        found.append(coming.astimezone(ZoneInfo(recurrence.zone)).strftime("%a %d %b %H:%M"))
        moment = coming
    return found


def test_on_days_of_the_week():
    recurrence = Recurrence(NINE, LISBON, weekdays=frozenset({1, 5}))
    assert following(recurrence, utc("2026-11-28T12:00"), 3) == [
        "Mon 30 Nov 09:00",
        "Fri 04 Dec 09:00",
        "Mon 07 Dec 09:00",
    ]


def test_later_on_the_same_day_and_not_at_the_very_moment():
    recurrence = Recurrence(NINE, "UTC", weekdays=frozenset(range(1, 8)))
    assert recurrence.next_after(utc("2026-11-28T08:59")) == utc("2026-11-28T09:00")
    assert recurrence.next_after(utc("2026-11-28T09:00")) == utc("2026-11-29T09:00")


def test_the_day_is_that_of_its_zone():
    recurrence = Recurrence(NINE, "Pacific/Auckland", weekdays=frozenset({7}))
    assert recurrence.next_after(utc("2026-11-28T12:00")) == utc("2026-11-28T20:00")  # Sunday there


def test_on_a_day_of_the_month_or_its_last():
    recurrence = Recurrence(NINE, "UTC", month_day=31)
    assert following(recurrence, utc("2027-01-31T10:00"), 3) == [
        "Sun 28 Feb 09:00",
        "Wed 31 Mar 09:00",
        "Fri 30 Apr 09:00",
    ]


def test_once():
    recurrence = Recurrence(NINE, LISBON, day=date(2026, 12, 24))
    assert recurrence.next_after(utc("2026-11-28T12:00")) == utc("2026-12-24T09:00")
    assert recurrence.next_after(utc("2026-12-24T09:00")) is None


@pytest.mark.parametrize(
    ("day", "at", "comes"),
    [
        ("2027-03-14", time(2, 30), "2027-03-14T07:30"),  # there is no half past two: it is half past three
        ("2027-11-07", time(1, 30), "2027-11-07T05:30"),  # there are two of them: the first
    ],
)
def test_where_the_clock_is_changed(day, at, comes):
    assert Recurrence(at, NEW_YORK, day=date.fromisoformat(day)).next_after(utc("2026-11-28T12:00")) == utc(comes)


@given(
    moment=st.integers(1_577_836_800, 2_208_988_800).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    at=st.times(),
    zone=st.sampled_from([LISBON, NEW_YORK, "UTC", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns"]),
    when=st.one_of(
        st.builds(lambda days: {"weekdays": days}, st.frozensets(st.integers(1, 7), min_size=1)),
        st.builds(lambda day: {"month_day": day}, st.integers(1, 31)),
    ),
)
def test_it_always_comes_again_later_and_on_a_day_that_was_meant(moment, at, zone, when):
    recurrence = Recurrence(at, zone, **when)
    coming = recurrence.next_after(moment)
    assert coming is not None
    assert timedelta() < coming - moment < timedelta(days=63)
    local = coming.astimezone(ZoneInfo(zone))
    if "weekdays" in when:
        assert local.isoweekday() in when["weekdays"]
        assert coming - moment <= timedelta(days=8)
    else:
        assert local.day == when["month_day"] or (local + timedelta(days=1)).month != local.month
