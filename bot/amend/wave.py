"""How a delay runs on through a day: what follows moves until a gap or a break takes it up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bot.event import Event, Occurrence, Session, SessionKind, Status


BREAKS = frozenset({SessionKind.BREAK, SessionKind.MEAL})
"""What gives up some of its time to what ran late before it."""


@dataclass(frozen=True, slots=True)
class Moved:
    """An occurrence of a session, given by its place among them, and what becomes of it."""

    session: Session
    at: int
    new: Occurrence

    @property
    def old(self) -> Occurrence:
        """The occurrence as it was."""
        return self.session.occurrences[self.at]


@dataclass(frozen=True, slots=True)
class Wave:
    """What a delay moves, in order; the breaks that it leaves short, and those too short for it."""

    moved: tuple[Moved, ...]
    short: tuple[str, ...] = ()
    swallowed: tuple[str, ...] = ()


def later(moment: datetime, by: timedelta) -> datetime:
    """So much later by the clock of the universe, in the same zone."""
    return (moment.astimezone(UTC) + by).astimezone(moment.tzinfo)


def shifted(o: Occurrence, by: timedelta) -> Occurrence:
    """The whole occurrence so much later."""
    return replace(o, start=later(o.start, by), end=None if o.end is None else later(o.end, by))


def wave(event: Event, session: Session, at: int, by: timedelta, now: datetime) -> Wave:
    """What moves if one occurrence of a session runs late by a positive time.

    What has begun keeps its start and ends later. What follows in one of the same rooms moves by
    as much as it must; if nothing runs beside the session, whatever follows does. A break keeps
    its end and begins later, if that leaves anything of it.
    """
    first = session.occurrences[at]
    begun = first.start <= now
    new = replace(first, end=None if first.end is None else later(first.end, by))
    if not begun:
        new = shifted(first, by)
    moved = [Moved(session, at, new)]
    short: list[str] = []
    swallowed: list[str] = []
    for follower, place in _followers(event, session, first):
        o = follower.occurrences[place]
        busy_until = _waited_for(moved, follower, o)
        if busy_until is None or o.start >= busy_until:
            continue
        push = busy_until.astimezone(UTC) - o.start.astimezone(UTC)
        if follower.kind in BREAKS and o.end is not None and busy_until < o.end:
            moved.append(Moved(follower, place, replace(o, start=busy_until)))
            was = follower.trace.was[0] if follower.trace else o
            if was.length is not None and (o.end - busy_until) * 2 < was.length:
                short.append(follower.id)
            continue
        if follower.kind in BREAKS:
            swallowed.append(follower.id)
        moved.append(Moved(follower, place, shifted(o, push)))
    return Wave(tuple(moved), tuple(short), tuple(swallowed))


def _waited_for(moved: list[Moved], follower: Session, o: Occurrence) -> datetime | None:
    """When all that an occurrence waits for is over: what was in its rooms, or before a break.

    In a room of its own a session waits for the first of the wave only, and a break doesn't wait
    for what ran beside it.
    """
    ends = []
    for m in moved:
        shared = set(m.old.rooms) & set(o.rooms) or not o.rooms
        waits = shared or follower.kind in BREAKS or m.session.kind in BREAKS or m is moved[0]
        if waits and m.old.end is not None and m.old.end <= o.start and m.new.end is not None:
            ends.append(m.new.end)
    return max(ends, default=None)


def _followers(event: Event, session: Session, first: Occurrence) -> Iterator[tuple[Session, int]]:
    """What comes behind an occurrence on its day and waits for it, in order."""
    if first.end is None:
        return
    others = [(o, s) for o, s in event.timetable if s.status != Status.CANCELLED]
    alone = not any(_beside(o, first) for o, s in others if s.id != session.id)
    for o, other in event.timetable:
        later_today = o.start.date() == first.start.date() and o.start >= first.end
        takes_part = other.id != session.id and other.status != Status.CANCELLED
        waits = alone or other.kind in BREAKS or bool(set(o.rooms) & set(first.rooms))
        if later_today and takes_part and waits:
            yield other, other.occurrences.index(o)


def _beside(o: Occurrence, first: Occurrence) -> bool:
    """Whether two occurrences overlap."""
    return (
        first.end is not None
        and o.end is not None
        and (o.start < first.end and first.start < o.end)
    )
