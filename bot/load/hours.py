"""Hours that are seldom meant: a start in the small hours of a day that begins in the morning."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from bot.event import Session
from bot.load.door import Door
from bot.load.times import show
from bot.load.when import Placed


_SMALL = range(1, 6)  # those that a clock of twelve hours shows in the afternoon, too
_EARLIEST = 8


def check_hours(door: Door, sessions: Iterable[tuple[Session, tuple[Placed, ...]]]) -> None:
    """Warn of sessions before six on days whose program starts at eight or later otherwise."""
    days: dict[date, list[tuple[Session, Placed]]] = {}
    for session, placed in sessions:
        for each in placed:
            days.setdefault(each.occurrence.start.date(), []).append((session, each))
    for booked in days.values():
        _check_day(door, booked)


def _check_day(door: Door, booked: list[tuple[Session, Placed]]) -> None:
    starts = [placed.occurrence.start for _, placed in booked]
    first = min((start for start in starts if start.hour >= _SMALL.stop), default=None)
    if first is None or first.hour < _EARLIEST:
        return
    for session, (occurrence, at) in booked:
        start = occurrence.start
        if start.hour in _SMALL:
            what = (
                f'session "{session.id}" starts at {show(start)} in the night, and the program of'
                f" {start.date()} at {show(first)}"
            )
            afternoon = f"{start.hour + 12}:{start.minute:02d}"
            door.warn(at, what, f"{afternoon} if it is in the afternoon")
