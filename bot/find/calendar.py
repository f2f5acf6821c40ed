"""What day and time words mean at a moment, and which rows lie where in time."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot.event import Committee, Event, Occurrence, Person, Role, Session, Status, Talk
from bot.find.register import Register, Row
from bot.query import Clock, InPart, OnDay


_SMALL_HOURS = 5
"""A time of day before this hour belongs to the evening before."""


_PARTS = {"morning": (0, 12), "afternoon": (12, 18), "evening": (17, 30)}
"""The hours of a part of a day: from, to."""


class Calendar:
    """An event's days and times, seen at a moment."""

    def __init__(self, event: Event, register: Register, now: datetime) -> None:
        """`now` is aware and looked at in the event's zone."""
        self.event = event
        self.register = register
        self.now = now.astimezone(event.zone)
        self.view: frozenset[Occurrence] = frozenset()

    def occurrences(self, row: Row) -> tuple[Occurrence, ...]:
        """When and where a row happens; a talk without times has those of its session."""
        match row:
            case Session():
                return self._in_view(row.occurrences)
            case Talk():
                return self._in_view(self.register.times(row))
            case Person():
                found: list[Occurrence] = []
                for appearance, record in self.event.appearances.get(row.id, ()):
                    if not isinstance(record, Committee) and appearance.role != Role.CHAIR:
                        found += self.occurrences(record)
                if not found:
                    for _, record in self.event.appearances.get(row.id, ()):
                        if not isinstance(record, Committee):
                            found += self.occurrences(record)
                return tuple(dict.fromkeys(found))
            case _:
                return ()

    def _in_view(self, all_: tuple[Occurrence, ...]) -> tuple[Occurrence, ...]:
        """Of several occurrences those that are spoken of, if any of them is."""
        if len(all_) < 2 or not self.view:
            return all_
        return tuple(o for o in all_ if o in self.view) or all_

    def live(self, row: Row) -> bool:
        """Whether a row takes place at all."""
        if isinstance(row, (Session, Talk)) and row.status == Status.CANCELLED:
            return False
        if isinstance(row, Talk):
            return self.event.session_by_id[row.session].status != Status.CANCELLED
        return True

    def days(self) -> tuple[date, ...]:
        """The days of the program."""
        stated = tuple(d.date for d in self.event.days)
        return stated or tuple(sorted({o.start.date() for o, _ in self.event.timetable}))

    def day(self, f: OnDay) -> date | None:
        """The date that a day filter means."""
        today, days = self.now.date(), self.days()
        match f.form:
            case "offset":
                return today + timedelta(days=f.value)
            case "weekday":
                later = [d for d in days if d.weekday() == f.value and d >= today]
                any_ = [d for d in days if d.weekday() == f.value]
                ahead = today + timedelta(days=(f.value - today.weekday()) % 7)
                return (later or any_ or [ahead])[0]
            case "nth":
                inside = -len(days) <= f.value - (f.value > 0) < len(days)
                return days[f.value - (f.value > 0)] if days and inside else None
            case _:
                return self._dated(f)

    def _dated(self, f: OnDay) -> date | None:
        """A day, perhaps of a month and a year, else those that fit the event best."""
        day, month = f.value, f.month
        known = [*self.days()]
        if self.event.call:
            known += [m.date for s in self.event.call.milestones for m in s.history]
        for d in known:
            if d.day == day and month in (0, d.month) and f.year in (0, d.year):
                return d
        year = f.year or (known[0].year if known else self.now.year)
        try:
            return date(year, month or self.now.month, day)
        except ValueError:
            return None

    def reference_day(self) -> date:
        """The day that a bare time of day is on: today if it is one of the event's, else the next."""
        days, today = self.days(), self._program_day()
        if today in days or not days:
            return today
        return next((d for d in days if d > today), days[-1])

    def _program_day(self) -> date:
        """Today; in the small hours while something runs, the day that it began on."""
        for o, _ in self.event.timetable:
            if o.covers(self.now):
                return o.start.date()
        return self.now.date()

    def at(self, clock: Clock, day: date | None = None) -> datetime:
        """A time of day as an instant; without am/pm, the one inside the program."""
        day = day or self.reference_day()
        if clock.hour < _SMALL_HOURS and clock.sure:
            day += timedelta(days=1)
        first = datetime(
            day.year, day.month, day.day, clock.hour, clock.minute, tzinfo=self.now.tzinfo
        )
        if clock.sure or clock.hour >= 12:
            return first
        second = first + timedelta(hours=12)
        spans = [o for o, _ in self.event.timetable if o.start.date() == day]
        if not spans:
            return first
        begin = min(o.start for o in spans)
        stop = max(o.end or o.start for o in spans)
        return second if not begin <= first <= stop and begin <= second <= stop else first

    def lies(self, row: Row, *, past: bool) -> bool:
        """Whether a row is over, or still ahead."""
        if past:
            return any(o.over(self.now) for o in self.occurrences(row))
        return any(o.start > self.now for o in self.occurrences(row))

    def lies_in(self, o: Occurrence, f: OnDay | InPart) -> bool:
        """Whether an occurrence begins on a day, or in a part of any day."""
        if isinstance(f, OnDay):
            return o.start.date() == self.day(f)
        begin, stop = _PARTS[f.part]
        return begin <= o.start.hour + o.start.minute / 60 < stop

    def in_part(self, rows: list[Row], part: str, day: date | None = None) -> list[Row]:
        """The rows in a part of a day: of the reference day if none is given."""
        begin, stop = _PARTS[part]
        several = len(self.days()) > 1
        day_given = day or (self.reference_day() if several else None)
        found = []
        for r in rows:
            for o in self.occurrences(r):
                hour = o.start.hour + o.start.minute / 60
                if begin <= hour < stop and (day_given is None or o.start.date() == day_given):
                    found.append(r)
                    break
        if not found and day is None and several and day_given != self._program_day():
            return [
                r for r in rows for o in self.occurrences(r)[:1] if begin <= o.start.hour < stop
            ]
        return found

    def running(self, rows: list[Row], moment: datetime) -> list[Row]:
        """The rows that are on at a moment."""
        return [
            r for r in rows if self.live(r) and any(o.covers(moment) for o in self.occurrences(r))
        ]
