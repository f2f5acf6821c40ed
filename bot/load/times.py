"""From days and clocks, as written, to moments in the event's own zone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from bot.load.door import Door
from bot.load.values import WEEKDAYS
from bot.source import Value


@dataclass(frozen=True, slots=True)
class Calendar:
    """The event's zone and days: none if it gives none, `None` if a mistake hides them."""

    zone: ZoneInfo
    days: tuple[date, ...] | None

    @property
    def only_day(self) -> date | None:
        """The day that needs not be said, if there is just one."""
        return self.days[0] if self.days is not None and len(self.days) == 1 else None


def moment(door: Door, day: date, clock: time, zone: ZoneInfo, at: Value) -> datetime | None:
    """The moment when clocks in that zone show that time; a mistake if they skip it.

    Of the two moments that a clock turned back shows, it is the first.
    """
    found = datetime.combine(day, clock, tzinfo=zone)
    if found.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != found.replace(tzinfo=None):
        what = f"{show(clock)} on {day} does not exist in {zone.key}, where clocks go forward then"
        door.refuse(at, what, "a time before or after the change")
        return None
    return found


def check_weekday(door: Door, day: date, weekday: str, at: Value) -> None:
    """Refuse a weekday that is not that of its date: one of the two is mistyped."""
    actual = WEEKDAYS[day.weekday()]
    if weekday and weekday != actual:
        door.refuse(at, f"{day} is a {actual}, not a {weekday}", "a weekday that fits its date")


def check_day(door: Door, day: date, days: Collection[date] | None, at: Value) -> None:
    """Refuse a day that is not among those given; if none are, any day will do."""
    if days and day not in days:
        those = ", ".join(map(str, sorted(days)))
        door.refuse(at, f"{day} is not a day of the event", f"one of {those}")


def show(clock: time | datetime) -> str:
    """A time of day as one writes it into a file."""
    return f"{clock.hour}:{clock.minute:02d}"
