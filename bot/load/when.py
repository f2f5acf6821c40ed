"""When and where something on the program takes place."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import ClassVar, NamedTuple
from zoneinfo import ZoneInfo

from bot.event import Occurrence
from bot.load.door import Door, Shape
from bot.load.ids import Ids
from bot.load.times import Calendar, check_day, moment, show
from bot.load.values import Clock, Date, Pointers, Records
from bot.source import Mapping, Value


class TimedShape(Shape):
    """What has one time and place, or several, or none that is known."""

    day: Date | None = None
    start: Clock | None = None
    end: Clock | None = None
    end_day: Date | None = None
    rooms: Pointers = ()
    times: Records = ()


class SlotShape(Shape):
    """One of several times."""

    called: ClassVar = "an entry of times"

    start: Clock
    day: Date | None = None
    end: Clock | None = None
    end_day: Date | None = None
    rooms: Pointers = ()


class Placed(NamedTuple):
    """An occurrence, and where in the files a clash of it is reported."""

    occurrence: Occurrence
    at: Value


@dataclass(frozen=True, slots=True)
class Planner:
    """Makes occurrences of what the files say about sessions, or about the talks of one.

    `usual` is the day that is meant if none is given. If there is no usual day, `why` says so in
    the words of a mistake; it is empty if that is itself due to another mistake.
    """

    door: Door
    ids: Ids
    zone: ZoneInfo
    days: Collection[date] | None
    usual: date | None
    why: str

    def plan(self, node: Mapping, shape: TimedShape) -> tuple[Placed, ...]:
        """All occurrences in the order given; none if no start is given."""
        slots: Iterable[tuple[Mapping, TimedShape | SlotShape]] = ((node, shape),)
        if shape.times:
            self._refuse_beside(node, "times", "times to hold all of it")
            slots = self.door.admitted(node, "times", SlotShape)
        elif shape.start is None:
            self._refuse_beside(node, "no start", "a start, or none of it until that is known")
            return ()
        return tuple(self._slots(slots))

    def _refuse_beside(self, node: Mapping, neighbour: str, expected: str) -> None:
        for key in ("day", "start", "end", "end_day", "rooms"):
            if node.get(key, "") not in ("", []):
                self.door.refuse(node.key(key), f"{key} beside {neighbour}", expected)

    def _slots(self, slots: Iterable[tuple[Mapping, TimedShape | SlotShape]]) -> Iterator[Placed]:
        for node, shape in slots:
            rooms = self.ids.refer_all("room", shape.rooms)
            day = self._day(node, shape.day)
            if day is None or shape.start is None:
                continue
            start = moment(self.door, day, shape.start, self.zone, node["start"])
            end = self._end(node, shape.end, shape.end_day or day, start)
            if start is not None:
                yield Placed(Occurrence(start, end, rooms), node["start"])

    def _day(self, node: Mapping, given: date | None) -> date | None:
        if given is not None:
            check_day(self.door, given, self.days, node["day"])
        elif self.usual is None and self.why:
            self.door.refuse(node["start"], "a start without a day", self.why)
        return given or self.usual

    def _end(
        self, node: Mapping, clock: time | None, day: date, start: datetime | None
    ) -> datetime | None:
        end_day = node.get("end_day")
        if clock is None:
            if end_day:
                self.door.refuse(end_day, "end_day without an end", "an end such as 0:30")
            return None
        end = moment(self.door, day, clock, self.zone, node["end"])
        if start is None or end is None or end > start:
            return end
        what = f"it starts at {show(start)} and ends at {show(end)}"
        expected = "an end after the start"
        if end_day:
            what += f" on {day}, its end_day"
        else:
            expected += f", or end_day: {day + timedelta(days=1)} if it ends after midnight"
        self.door.refuse(end_day or node["end"], what, expected)
        return None


def for_sessions(door: Door, ids: Ids, calendar: Calendar) -> Planner:
    """The planner of the sessions."""
    why = ""
    if calendar.days is not None:
        why = f"a day, for event.yaml lists {'several' if calendar.days else 'none'}"
    return Planner(door, ids, calendar.zone, calendar.days, calendar.only_day, why)


def for_talks(sessions: Planner, shape: TimedShape | None, placed: tuple[Placed, ...]) -> Planner:
    """The planner of the talks in a session, which take the session's day if they name none."""
    if not placed:
        unknown = shape is None or shape.start is not None or shape.times
        return replace(sessions, why="" if unknown else sessions.why)
    starts = {each.occurrence.start.date() for each in placed}
    ends = {each.occurrence.end.date() for each in placed if each.occurrence.end}
    return replace(
        sessions,
        days=sessions.days and {*sessions.days, *starts, *ends},
        usual=min(starts) if len(starts) == 1 else None,
        why="a day, for its session is on several",
    )
